"""The topic that people subscribe to."""

from collections.abc import Iterable

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.iam import alarm_arns


class NotificationTopic(Construct):
    """An encrypted topic that alarms of its stack may publish to, over TLS only."""

    def __init__(
        self, scope: Construct, id_: str, *, display_name: str, notified: Iterable[str], key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "Resource", display_name=display_name, master_key=key, enforce_ssl=True)
        self.topic.add_to_resource_policy(_alarms_publish(Stack.of(self), self.topic.topic_arn))
        for address in notified:
            self.topic.add_subscription(subscriptions.EmailSubscription(address))


def _alarms_publish(stack: Stack, topic_arn: str) -> iam.PolicyStatement:
    alarms = alarm_arns(stack, stack.stack_name)
    return iam.PolicyStatement(
        sid="Alarms",
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        actions=["sns:Publish"],
        resources=[topic_arn],
        conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": alarms}},
    )
