"""Statuses are the service's own words."""

import pytest
from botocore.model import StringShape

from local_runner.record.status import Status
from tests.aws_services import service_model


@pytest.mark.parametrize(("shape", "others"), [("PipelineExecutionStatus", set()), ("StepStatus", {"Starting"})])
def test_statuses_of_executions_and_steps_are_those_of_the_service(shape: str, others: set[str]) -> None:
    found = service_model("sagemaker").shape_for(shape)
    assert isinstance(found, StringShape)
    assert set(Status) == set(found.enum) - others, "no step waits for a machine here"
