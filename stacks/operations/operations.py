"""What people need to operate the pipeline: notifications, alarms, a dashboard."""

from collections.abc import Mapping

from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from settings import Stage
from stacks.operations.alarms import Alarms
from stacks.operations.dashboard import Dashboard
from stacks.operations.notifications import Notifications, list_training_notifications


class Operations(Construct):
    """Notifications, alarms and a dashboard of one pipeline."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        pipeline_arn: str,
        rules: Mapping[str, events.CfnRule],
        failed_starts: sqs.IQueue,
        key: kms.IKey,
    ) -> None:
        """Take *rules*, by name, that start the pipeline, and the queue of those starts that failed."""
        super().__init__(scope, id_)
        notifications = Notifications(
            self,
            "Notifications",
            stage=stage,
            display_name=f"Employee bonus pipeline ({stage.name})",
            told=list_training_notifications(pipeline_arn),
            key=key,
        )
        self.topic = notifications.topic
        # A lost notification is reported by an alarm, which reaches the topic by another way.
        watched = {**rules, **notifications.rules}
        Alarms(self, "Alarms", stage=stage, rules=watched, failed_starts=failed_starts, topic=self.topic)
        Dashboard(self, "Dashboard", stage=stage, rules=watched, failed_starts=failed_starts)
