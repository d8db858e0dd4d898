"""Teardown asks, refuses prod and what is still deployed, and deletes in the order that the services demand.

The answers are botocore's own Stubber's: each request and answer is checked against the service's model.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from operations.aws import Aws
from settings import find_stage
from tests.aws_services import session
from tests.operations import command_line

STAGE = find_stage("dev")
GROUP = STAGE.model_package_group_name
GROUP_ARN = f"arn:aws:sagemaker:eu-west-1:111122223333:model-package-group/{GROUP}"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
SERVICES = ("application-autoscaling", "cloudformation", "s3", "sagemaker", "resourcegroupstaggingapi", "kms")
PACKAGE = f"arn:aws:sagemaker:eu-west-1:111122223333:model-package/{GROUP.lower()}/1"


CONFIGURATION = "emp-bonus-dev-v1-0a1b2c3d"


def listed(kind: str, name: str) -> dict[str, Any]:
    """Return what a list says of something of this *kind*."""
    arn = f"arn:aws:sagemaker:eu-west-1:111122223333:{kind.lower()}/{name}"
    status = {"EndpointStatus": "InService", "LastModifiedTime": 0} if kind == "Endpoint" else {}
    return {f"{kind}Name": name, f"{kind}Arn": arn, "CreationTime": 0, **status}


class Account:
    """An account whose services answer what they are told to, in that order."""

    def __init__(self) -> None:
        self.clients: dict[str, Any] = {name: session().client(name) for name in SERVICES}
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}
        self.asked: list[str] = []
        self.has_endpoint = False

    def connect(self, region: str) -> Aws:
        assert region == "eu-west-1"
        return Aws(self.clients.__getitem__)

    def ask(self, question: str) -> str:
        self.asked.append(question)
        return "dev"

    def has_no_stacks(self) -> None:
        for _ in range(5):
            self.stubs["cloudformation"].add_client_error("describe_stacks", "ValidationError", "does not exist")

    def has_bucket(self, *names: str) -> None:
        self._has_tagged("s3", *(f"arn:aws:s3:::{name}" for name in names))

    def has_key(self, *states: str) -> None:
        self._has_tagged("kms:key", *([KEY] * len(states)))
        for state in states:
            self.stubs["kms"].add_response(
                "describe_key", {"KeyMetadata": {"KeyId": "0", "KeyState": state}}, {"KeyId": KEY}
            )

    def _has_tagged(self, kind: str, *arns: str) -> None:
        tags = [{"Key": "project", "Values": ["emp-bonus"]}, {"Key": "stage", "Values": ["dev"]}]
        self.stubs["resourcegroupstaggingapi"].add_response(
            "get_resources",
            {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": []} for arn in arns]},
            {"TagFilters": tags, "ResourceTypeFilters": [kind]},
        )

    def has_group(self) -> None:
        stub = self.stubs["sagemaker"]
        stub.add_response(
            "describe_model_package_group",
            {
                "ModelPackageGroupName": GROUP,
                "ModelPackageGroupArn": GROUP_ARN,
                "CreationTime": 0,
                "CreatedBy": {},
                "ModelPackageGroupStatus": "Completed",
            },
            {"ModelPackageGroupName": GROUP},
        )
        summary = {"ModelPackageArn": PACKAGE, "CreationTime": 0, "ModelPackageStatus": "Completed"}
        stub.add_response(
            "list_model_packages", {"ModelPackageSummaryList": [summary]}, {"ModelPackageGroupName": GROUP}
        )
        self._serves()

    def has_no_group(self) -> None:
        self.stubs["sagemaker"].add_client_error(
            "describe_model_package_group", "ValidationException", f"ModelPackageGroup {GROUP} does not exist."
        )
        self._serves()

    def _serves(self) -> None:
        """Tell of the endpoint, if there is one, with its parts, and of those of other stages and people."""
        stub, part = self.stubs["sagemaker"], {"NameContains": "emp-bonus-dev"}
        names = ["emp-bonus-dev"] if self.has_endpoint else []
        stub.add_response("list_endpoints", {"Endpoints": [listed("Endpoint", each) for each in names]}, part)
        parts = [CONFIGURATION] * self.has_endpoint + ["emp-bonus-dev-v1", "my-emp-bonus-dev-v1-0a1b2c3d"]
        found = [listed("EndpointConfig", each) for each in parts]
        stub.add_response("list_endpoint_configs", {"EndpointConfigs": found}, part)
        stub.add_response("list_models", {"Models": [listed("Model", each) for each in parts]}, part)


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account()
    for stub in account.stubs.values():
        stub.activate()
    yield account
    for stub in account.stubs.values():
        stub.assert_no_pending_responses()


def teardown(account: Account, ask: Callable[[str], str] | None = None, stage: str = "dev") -> int:
    return command_line.run("teardown", "--stage", stage, connect=account.connect, ask=ask or account.ask)


def expect_deletion(account: Account) -> None:
    s3, sagemaker = account.stubs["s3"], account.stubs["sagemaker"]
    versions = {
        "Versions": [{"Key": "raw/a.csv", "VersionId": "1"}, {"Key": "raw/a.csv", "VersionId": "2"}],
        "DeleteMarkers": [{"Key": "raw/b.csv", "VersionId": "3"}],
    }
    s3.add_response("list_object_versions", versions, {"Bucket": "data"})
    deleted = [{"Key": "raw/a.csv", "VersionId": "1"}, {"Key": "raw/a.csv", "VersionId": "2"}]
    deleted.append({"Key": "raw/b.csv", "VersionId": "3"})
    s3.add_response("delete_objects", {}, {"Bucket": "data", "Delete": {"Quiet": True, "Objects": deleted}})
    s3.add_response("delete_bucket", {}, {"Bucket": "data"})
    sagemaker.add_response("delete_model_package", {}, {"ModelPackageName": PACKAGE})
    sagemaker.add_response("delete_model_package_group", {}, {"ModelPackageGroupName": GROUP})
    account.stubs["kms"].add_response("schedule_key_deletion", {}, {"KeyId": KEY, "PendingWindowInDays": 7})


def test_kept_resources_are_deleted_after_the_name_is_typed(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.has_no_stacks()
    account.has_bucket("data")
    account.has_group()
    account.has_key("Enabled")
    expect_deletion(account)
    assert teardown(account) == 0
    out = capsys.readouterr().err
    assert "bucket data with every version of every object" in out
    assert f"model package group {GROUP} with 1 versions" in out
    assert f"key {KEY}, 7 days from now" in out
    assert account.asked == ["Type dev to go on: "]


def test_endpoint_with_its_parts_is_deleted_first_and_those_of_others_stay(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.has_no_stacks()
    account.has_endpoint = True
    account.has_no_group()
    account.has_bucket()
    account.has_key()
    resource = "endpoint/emp-bonus-dev/variant/AllTraffic"
    dimension = {"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    target = {
        **dimension,
        "ResourceId": resource,
        "MinCapacity": 1,
        "MaxCapacity": 2,
        "RoleARN": "r",
        "CreationTime": 0,
    }
    scaling, sagemaker = account.stubs["application-autoscaling"], account.stubs["sagemaker"]
    asked = {"ServiceNamespace": "sagemaker", "ResourceIds": [resource]}
    scaling.add_response("describe_scalable_targets", {"ScalableTargets": [target]}, asked)
    scaling.add_response("deregister_scalable_target", {}, {**dimension, "ResourceId": resource})
    sagemaker.add_response("delete_endpoint", {}, {"EndpointName": "emp-bonus-dev"})
    sagemaker.add_response("list_endpoints", {"Endpoints": []})
    sagemaker.add_response("delete_endpoint_config", {}, {"EndpointConfigName": CONFIGURATION})
    sagemaker.add_response("delete_model", {}, {"ModelName": CONFIGURATION})
    assert teardown(account) == 0
    out = capsys.readouterr().err
    assert f"  endpoint emp-bonus-dev\n  endpoint configuration {CONFIGURATION}\n  model {CONFIGURATION}\n" in out


def test_any_other_answer_deletes_nothing(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.has_no_stacks()
    account.has_bucket("data")
    account.has_group()
    account.has_key("Enabled")
    assert teardown(account, lambda _: "yes") == 1
    assert "nothing was deleted" in capsys.readouterr().err


def test_stage_without_remains_is_reported_without_a_question(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.has_no_stacks()
    account.has_bucket()
    account.has_no_group()
    account.has_key("PendingDeletion")
    assert teardown(account) == 0
    assert capsys.readouterr().out == "nothing is left of stage dev\n"
    assert account.asked == []


def test_prod_is_refused_before_anything_is_asked_of_aws(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert teardown(account, stage="prod") == 2
    assert capsys.readouterr().err == (
        "refused: stage prod may not be torn down: delete its data by hand if you must\n"
    )


@pytest.mark.parametrize(("missing", "name"), [(1, "emp-bonus-dev-monitoring"), (2, "emp-bonus-dev-scoring")])
def test_stage_that_is_still_deployed_is_refused(
    account: Account, missing: int, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(missing):
        account.stubs["cloudformation"].add_client_error("describe_stacks", "ValidationError", "does not exist")
    stack = {"StackName": name, "CreationTime": 0, "StackStatus": "CREATE_COMPLETE"}
    account.stubs["cloudformation"].add_response("describe_stacks", {"Stacks": [stack]})
    assert teardown(account) == 2
    assert f"stack {name} still exists: run make destroy STAGE=dev first" in capsys.readouterr().err


def test_object_that_cannot_be_deleted_stops_the_teardown(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.has_no_stacks()
    account.has_bucket("data")
    account.has_no_group()
    account.has_key()
    account.stubs["s3"].add_response("list_object_versions", {"Versions": [{"Key": "a", "VersionId": "1"}]})
    error = {"Key": "a", "Code": "AccessDenied", "Message": "Access Denied"}
    account.stubs["s3"].add_response("delete_objects", {"Errors": [error]})
    assert teardown(account) == 1
    assert "stopped: data/a stays (Access Denied): see to it and repeat" in capsys.readouterr().err


def test_bucket_that_filled_again_meanwhile_stops_the_teardown(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.has_no_stacks()
    account.has_bucket("logs")
    account.has_no_group()
    account.has_key()
    account.stubs["s3"].add_response("list_object_versions", {})
    account.stubs["s3"].add_client_error("delete_bucket", "BucketNotEmpty", "not empty")
    assert teardown(account) == 1
    assert "stopped: bucket logs was written to meanwhile: repeat in an hour" in capsys.readouterr().err
