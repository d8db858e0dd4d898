"""The Lambda function that publishes how well champion and challenger predict newly labelled rows."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from settings import Stage
from stacks.training.pipeline_function import PipelineFunction


class QualityPublisher(PipelineFunction):
    """May log, and nothing else: CloudWatch makes metrics of its log."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(
            scope,
            id_,
            module="publish_quality",
            description="Publishes the errors of champion and challenger as metrics",
            role_description="Publishes the errors of employee bonus models",
            rights={},
            stage=stage,
            key=key,
        )
