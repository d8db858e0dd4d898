"""What must never be lost: data, models, and the key that opens them."""

from aws_cdk import CfnOutput, Environment
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from settings import Stage
from stacks.shared.access_logs import AccessLogs
from stacks.shared.approvers import Approvers
from stacks.shared.data_bucket import DataBucket
from stacks.shared.encryption_key import EncryptionKey
from stacks.shared.model_registry import ModelRegistry
from stacks.stage_stack import StageStack


class StorageStack(StageStack):
    """Stateful; what it holds stays when it is deleted."""

    def __init__(self, scope: Construct, *, stage: Stage, env: Environment) -> None:
        super().__init__(
            scope,
            stage.storage_stack,
            stage=stage,
            description="Data and models of the employee bonus pipeline",
            env=env,
        )
        self.key: kms.IKey = EncryptionKey(
            self,
            "Key",
            description=f"Encrypts data and models of the employee bonus pipeline ({stage.name})",
            users=[*stage.pipelines, *([stage.deployment_stack] if stage.deployment else [])],
            log_groups=[
                *(f"{name}-*" for name in stage.pipelines),
                *([stage.endpoint_log_group] if stage.deployment else []),
            ],
        ).key
        self.data_bucket: s3.IBucket = DataBucket(
            self,
            "DataBucket",
            retention=stage.retention,
            key=self.key,
            access_logs=AccessLogs(self, "AccessLogs", days=stage.retention.access_logs_days).bucket,
            sends_events=stage.new_data_start.enabled
            or (stage.scoring is not None and stage.scoring.new_data_start.enabled),
        ).bucket
        registry = ModelRegistry(self, "ModelRegistry", name=stage.model_package_group_name)
        approvers = Approvers(
            self,
            "Approvers",
            model_package_group=stage.model_package_group_name,
            data_bucket=self.data_bucket,
            key_arn=self.key.key_arn,
        )
        CfnOutput(self, "DataBucketName", value=self.data_bucket.bucket_name)
        CfnOutput(self, "ModelPackageGroupArn", value=registry.group.ref)
        CfnOutput(self, "ApproversPolicyArn", value=approvers.policy.managed_policy_arn)
