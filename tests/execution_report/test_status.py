from botocore.model import StringShape

from execution_report.status import Status
from tests.aws_services import service_model


def test_statuses_with_a_meaning_are_those_of_the_services_ends() -> None:
    shapes = [service_model("sagemaker").shape_for(name) for name in ("PipelineExecutionStatus", "StepStatus")]
    known = {value for shape in shapes if isinstance(shape, StringShape) for value in shape.enum}
    assert set(Status) - {Status.COMPLETED_WITH_FAILURES} == known - {"Starting", "Executing"}
