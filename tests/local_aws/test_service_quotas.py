from typing import Any

import pytest

from local_aws.sagemaker.errors import ApiError
from local_aws.service_quotas import call, raised

PROCESSING = "L-0307F515"


@pytest.fixture(autouse=True)
def _new_account() -> None:
    raised.clear()


def ask(operation: str, **request: Any) -> dict[str, Any]:
    return call(operation, {"ServiceCode": "sagemaker", **request})


def quotas() -> dict[str, float]:
    return {each["QuotaName"]: each["Value"] for each in ask("ListServiceQuotas")["Quotas"]}


def test_new_account_may_run_processing_jobs_on_burstable_types_only_and_endpoints_on_three() -> None:
    assert {name for name, value in quotas().items() if value} == {
        *(f"ml.t3.{size} for processing job usage" for size in ("medium", "large", "xlarge")),
        *(f"ml.{type_} for endpoint usage" for type_ in ("t2.medium", "m6g.large", "m6g.xlarge")),
    }


def test_increase_is_granted_at_once() -> None:
    requested = ask("RequestServiceQuotaIncrease", QuotaCode=PROCESSING, DesiredValue=2)["RequestedQuota"]
    assert (requested["QuotaName"], requested["Status"]) == ("ml.m5.xlarge for processing job usage", "APPROVED")
    assert quotas()["ml.m5.xlarge for processing job usage"] == 2
    assert ask("GetServiceQuota", QuotaCode=PROCESSING)["Quota"]["Value"] == 2
    assert quotas()["ml.m5.xlarge for training job usage"] == 0
    defaults = {each["QuotaCode"]: each["Value"] for each in ask("ListAWSDefaultServiceQuotas")["Quotas"]}
    assert defaults[PROCESSING] == 0


@pytest.mark.parametrize(
    ("operation", "request_", "told"),
    [
        ("RequestServiceQuotaIncrease", {"QuotaCode": "L-0CE343FE", "DesiredValue": 4}, "is 4: ask for more than that"),
        ("GetServiceQuota", {"QuotaCode": "L-0"}, "quota L-0 is not emulated"),
        ("ListServices", {}, "ListServices of sagemaker is not emulated"),
        ("ListServiceQuotas", {"ServiceCode": "lambda"}, "ListServiceQuotas of lambda is not emulated"),
    ],
)
def test_quota_requests_that_cannot_be_granted_are_refused(operation: str, request_: dict[str, Any], told: str) -> None:
    with pytest.raises(ApiError, match=told):
        ask(operation, **request_)
