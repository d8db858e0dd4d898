"""A model is trained and approved, another one is compared with it and rejected, and people are told."""

import json
from dataclasses import dataclass
from typing import Any

from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import Execution, start, upload
from tests.end_to_end.local_aws.least_privilege.decisions import Record, recorded
from tests.end_to_end.local_aws.least_privilege.holder import Holder
from tests.security.needs.steps import members

SAMPLE = ROOT / "data" / "mock_data.csv"


@dataclass(frozen=True)
class WholeRun:
    """What happened, and what IAM decided meanwhile."""

    trained: Execution
    """Ran every job, and registered the first model."""
    rejected: Execution
    """Compared the second model with the first."""
    record: Record


def run(aws: LocalAws, approver: Holder) -> WholeRun:
    """Let it happen, and leave no champion behind."""
    with recorded(aws) as record:
        data = upload(aws, SAMPLE, "least-privilege")
        trained = start(aws, InputData=data, DataVersion="least privilege")
        assert trained.wait() == "Succeeded", trained.failures()
        _judge(approver, trained, "Approved")
        try:
            rejected = start(aws, InputData=data, DataVersion="least privilege", MinimumR2="1")
            assert rejected.wait() == "Failed"
            assert rejected.failures().keys() == {"EmpBonusRejected"}, rejected.failures()
        finally:
            _judge(approver, trained, "Rejected")
        record.wait_for("sns:Publish")
    return WholeRun(trained, rejected, record)


def _judge(approver: Holder, execution: Execution, status: str) -> None:
    """Look for the version that *execution* registered and at its figures, and decide."""
    sagemaker = approver.client("sagemaker")
    listed = sagemaker.list_model_packages(ModelPackageGroupName=execution.aws.stage.model_package_group_name)
    (package,) = (
        each["ModelPackageArn"]
        for each in listed["ModelPackageSummaryList"]
        if each["ModelPackageArn"] == execution.registered()
    )
    described: dict[str, Any] = sagemaker.describe_model_package(ModelPackageName=package)
    for uri in members(described["ModelMetrics"], "S3Uri"):
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        assert json.loads(approver.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus=status)
