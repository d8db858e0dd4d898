from botocore.model import StringShape

from artefacts.execution import Status
from tests.aws_services import service_model


def test_statuses_are_those_of_the_service_and_that_of_events() -> None:
    shapes = [service_model("sagemaker").shape_for(name) for name in ("PipelineExecutionStatus", "StepStatus")]
    known = {value for shape in shapes if isinstance(shape, StringShape) for value in shape.enum}
    assert set(Status) - {Status.COMPLETED_WITH_FAILURES} == known
