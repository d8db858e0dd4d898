"""What must never be lost: the data bucket and the model registry."""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from settings import Stage
from stacks.constructs.data_bucket import DataBucket
from stacks.constructs.model_registry import ModelRegistry


class StorageStack(Stack):
    """Stateful; both resources stay when it is deleted."""

    def __init__(self, scope: Construct, *, stage: Stage, env: Environment) -> None:
        super().__init__(
            scope,
            stage.storage_stack,
            env=env,
            description=f"Data and models of the employee bonus pipeline ({stage.name})",
            tags=stage.tags,
            # In prod the console and the CLI refuse to delete it.
            termination_protection=not stage.may_be_torn_down,
        )
        storage = DataBucket(self, "DataBucket", retention=stage.retention, sends_events=stage.new_data_start.enabled)
        registry = ModelRegistry(self, "ModelRegistry", name=stage.model_package_group_name)
        self.data_bucket: s3.IBucket = storage.bucket
        CfnOutput(self, "DataBucketName", value=self.data_bucket.bucket_name)
        CfnOutput(self, "ModelPackageGroupArn", value=registry.group.ref)
