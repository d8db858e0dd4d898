"""Service Quotas, which MiniStack lacks: SageMaker's, as in a new account. No job here is held to them.

The codes are listed in gruntwork-io/terraform-aws-utilities, modules/request-quota-increase/variables.tf; what a new
account has was seen in one (settings/options.py, NEW_ACCOUNT_INSTANCE_TYPES). An increase is granted at once, which
AWS takes hours or days for.
"""

from collections.abc import Callable, Mapping
from typing import Any

import ministack.app
from ministack.core import iam_actions, router
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.service import Answer, respond

NAMES: Mapping[str, str] = {
    "L-0CE343FE": "ml.t3.medium for processing job usage",
    "L-C076FA77": "ml.t3.large for processing job usage",
    "L-DABA7ED5": "ml.t3.xlarge for processing job usage",
    "L-8541302D": "ml.m5.large for processing job usage",
    "L-0307F515": "ml.m5.xlarge for processing job usage",
    "L-1D84B9D2": "ml.m5.2xlarge for processing job usage",
    "L-379E85A3": "ml.m5.4xlarge for processing job usage",
    "L-486519E6": "ml.c5.xlarge for processing job usage",
    "L-C1EBA9C5": "ml.c5.2xlarge for processing job usage",
    "L-EFB2F063": "ml.c5.4xlarge for processing job usage",
    "L-611FA074": "ml.m5.large for training job usage",
    "L-CCE2AFA6": "ml.m5.xlarge for training job usage",
    "L-AD0A282D": "ml.m5.2xlarge for training job usage",
    "L-AFB011B4": "ml.m5.4xlarge for training job usage",
    "L-E2BB44FE": "ml.c5.xlarge for training job usage",
    "L-49679826": "ml.c5.2xlarge for training job usage",
    "L-E7898792": "ml.c5.4xlarge for training job usage",
    "L-29C181D7": "ml.t2.medium for endpoint usage",
    "L-614B09FD": "ml.m5.large for endpoint usage",
    "L-2F737F8D": "ml.m5.xlarge for endpoint usage",
    "L-C1E62DF0": "ml.m6g.large for endpoint usage",
    "L-2D2AAC6C": "ml.m6g.xlarge for endpoint usage",
    "L-4D27DFDD": "ml.c5.large for endpoint usage",
    "L-E9EE5599": "ml.c5.xlarge for endpoint usage",
}
DEFAULTS = {
    "L-0CE343FE": 4.0,
    "L-C076FA77": 4.0,
    "L-DABA7ED5": 2.0,
    "L-29C181D7": 2.0,
    "L-C1E62DF0": 2.0,
    "L-2D2AAC6C": 1.0,
}
"""All others are 0."""

Record = dict[str, Any]
raised: Any = AccountRegionScopedDict()
"""Values that were asked for, by code."""


def list_quotas(_: Record) -> Record:
    """Return all in one page, which could hold a hundred."""
    return {"Quotas": [_quota(code) for code in NAMES]}


def list_defaults(_: Record) -> Record:
    """Return what nobody asked to be raised."""
    return {"Quotas": [_quota(code) | {"Value": DEFAULTS.get(code, 0.0)} for code in NAMES]}


def get_quota(request: Record) -> Record:
    """Return one."""
    return {"Quota": _quota(request["QuotaCode"])}


def request_increase(request: Record) -> Record:
    """Grant what is asked for."""
    quota, wanted = _quota(request["QuotaCode"]), float(request["DesiredValue"])
    if wanted <= quota["Value"]:
        raise ApiError(
            "IllegalArgumentException", f"{quota['QuotaName']} is {quota['Value']:g}: ask for more than that"
        )
    raised[quota["QuotaCode"]] = wanted
    named = {key: quota[key] for key in ("ServiceCode", "QuotaCode", "QuotaName", "QuotaArn")}
    return {"RequestedQuota": {**named, "DesiredValue": wanted, "Status": "APPROVED"}}


OPERATIONS: Mapping[str, Callable[[Record], Record]] = {
    "ListServiceQuotas": list_quotas,
    "ListAWSDefaultServiceQuotas": list_defaults,
    "GetServiceQuota": get_quota,
    "RequestServiceQuotaIncrease": request_increase,
}


def call(operation: str, request: Record) -> Record:
    """Return the answer to *request*, or raise the `ApiError` that the service would answer with."""
    if operation not in OPERATIONS or request["ServiceCode"] != "sagemaker":
        raise ApiError("NoSuchResourceException", f"{operation} of {request.get('ServiceCode')} is not emulated")
    return OPERATIONS[operation](request)


async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Answer:  # noqa: ARG001  MiniStack's interface
    """Answer one request."""
    return respond(call, headers, body)


def install() -> None:
    """Add the service."""
    ministack.app.SERVICE_HANDLERS["servicequotas"] = handle
    router.SERVICE_PATTERNS["servicequotas"] = {"target_prefixes": ["ServiceQuotasV20190624."]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["servicequotas"] = "servicequotas"


def _quota(code: str) -> Record:
    if code not in NAMES:
        raise ApiError("NoSuchResourceException", f"quota {code} is not emulated: use one of {', '.join(NAMES)}")
    return {
        "ServiceCode": "sagemaker",
        "QuotaCode": code,
        "QuotaName": NAMES[code],
        "QuotaArn": f"arn:aws:servicequotas:{get_region()}:{get_account_id()}:sagemaker/{code}",
        "Value": raised.get(code, DEFAULTS.get(code, 0.0)),
    }
