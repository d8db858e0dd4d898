"""Preflight tells on the stand-in what is wrong, and what it advises helps."""

import contextlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from botocore import xform_name

from local_aws.clients import Credentials
from local_aws.demo.inbox import subscribe
from operations.aws import Aws
from operations.preflight.rights import build_policy
from settings import find_stage
from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws, running
from tests.end_to_end.local_aws.executions import data_bucket
from tests.end_to_end.local_aws.inventory import inventory
from tests.end_to_end.local_aws.messages import deployed_one
from tests.operations import command_line
from tests.test_documents import operation

DEV = find_stage("dev")


class Line(NamedTuple):
    """A line of the table."""

    check: str
    verdict: str
    what: str
    remedy: str = ""


def preflight(aws: LocalAws, *options: str, credentials: Credentials | None = None) -> tuple[int, list[Line]]:
    """Return the exit code and the table."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = command_line.run(
            "preflight", *options, connect=lambda _: Aws(lambda service: aws.client(service, credentials))
        )
    return code, parse(out.getvalue())


def parse(table: str) -> list[Line]:
    """Return the lines of a table."""
    rows = [re.split(r" {2,}", line, maxsplit=2) for line in table.splitlines()]
    return [Line(check, verdict, *told.split(" -> ")) for check, verdict, told in rows]


def wrong(table: list[Line]) -> list[Line]:
    """Return the lines that say that something fails, or cannot be asked."""
    return [line for line in table if line.verdict not in {"ok", "later"}]


def follow(remedy: str, aws: LocalAws) -> None:
    """Run a command of the AWS CLI, which is not installed here."""
    _, service, name, *words = remedy.split()
    options = dict(zip(words[::2], words[1::2], strict=True))
    del options["--region"]
    shape = operation(service, name).input_shape
    assert shape is not None
    members = {f"--{xform_name(member, '-')}": (member, shape.members[member].type_name) for member in shape.members}
    numbers = {"double": float, "integer": int}
    request = {members[key][0]: numbers.get(members[key][1], str)(value) for key, value in options.items()}
    getattr(aws.client(service), name.replace("-", "_"))(**request)


@pytest.fixture(scope="module")
def new_account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """An account in which nobody has done anything."""
    with running(tmp_path_factory.mktemp("new"), DEV) as aws:
        yield aws


@pytest.fixture
def kept(new_account: LocalAws) -> Iterator[LocalAws]:
    """The package group outlived its stack."""
    sagemaker, name = new_account.client("sagemaker"), DEV.model_package_group_name
    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    yield new_account
    sagemaker.delete_model_package_group(ModelPackageGroupName=name)


@pytest.fixture(scope="module")
def topic(deployed: LocalAws) -> str:
    return deployed_one(deployed, "AWS::SNS::Topic")


@pytest.fixture(scope="module")
def well(deployed: LocalAws, topic: str) -> Iterator[LocalAws]:
    """Dev is deployed, has data, and somebody who is told; quotas were asked for as preflight says."""
    for line in preflight(deployed)[1]:
        if line.check == "quotas" and line.verdict == "fails":
            follow(line.remedy.partition(", or ")[0], deployed)
    bucket, s3 = data_bucket(deployed), deployed.client("s3")
    version = s3.put_object(Bucket=bucket, Key="raw/preflight.csv", Body=b"employee_id\n")["VersionId"]
    queue = subscribe(deployed.client, topic)
    yield deployed
    for each in deployed.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
        deployed.client("sns").unsubscribe(SubscriptionArn=each["SubscriptionArn"])
    deployed.client("sqs").delete_queue(QueueUrl=queue)
    s3.delete_object(Bucket=bucket, Key="raw/preflight.csv", VersionId=version)


@pytest.fixture
def without_data(well: LocalAws) -> Iterator[LocalAws]:
    """Everything below raw/ was deleted, as one deletes where there are versions."""
    bucket, s3 = data_bucket(well), well.client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix="raw/")["Contents"]]
    markers = [(key, s3.delete_object(Bucket=bucket, Key=key)["VersionId"]) for key in keys]
    yield well
    for key, marker in markers:
        s3.delete_object(Bucket=bucket, Key=key, VersionId=marker)


@pytest.fixture
def unconfirmed(well: LocalAws, topic: str) -> Iterator[LocalAws]:
    """An address is subscribed whose owner has not confirmed."""
    sns = well.client("sns")
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ann@example.com")["SubscriptionArn"]
    yield well
    sns.unsubscribe(SubscriptionArn=arn)


def policy(taken_away: str = "") -> str:
    """Return the policy that preflight prints; MiniStack names the default bus in a rule's ARN, which AWS does not."""
    document = json.dumps(build_policy(DEV, send_test=True)).replace(":rule/", ":rule/default/")
    return document.replace(f'"{taken_away}"', '"s3:ListBucket"') if taken_away else document


@pytest.fixture
def user(well: LocalAws) -> Iterator[tuple[LocalAws, Credentials]]:
    """Somebody who may do what the policy says that preflight prints, and nothing else."""
    iam = well.client("iam")
    iam.create_user(UserName="checker")
    iam.put_user_policy(UserName="checker", PolicyName="Preflight", PolicyDocument=policy())
    key = iam.create_access_key(UserName="checker")["AccessKey"]
    yield well, Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    iam.delete_access_key(UserName="checker", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="checker", PolicyName="Preflight")
    iam.delete_user(UserName="checker")


def test_new_account_lacks_the_bootstrap_and_both_quotas(new_account: LocalAws) -> None:
    code, table = preflight(new_account)
    assert code == 1
    bootstrap, processing, training = wrong(table)
    assert bootstrap[:3] == (
        *("bootstrap", "fails"),
        "the CDK bootstrap of eu-west-1 is missing: no /cdk-bootstrap/hnb659fds/version",
    )
    assert bootstrap.remedy == "make bootstrap STAGE=dev"
    assert processing[:3] == ("quotas", "fails", "quota 'ml.m5.xlarge for processing job usage' is 0, and 1 needed")
    assert "--quota-code L-0307F515 --desired-value 1" in processing.remedy
    assert training[:3] == ("quotas", "fails", "quota 'ml.m5.xlarge for training job usage' is 0, and 1 needed")
    assert "--quota-code L-CCE2AFA6 --desired-value 1" in training.remedy


def test_group_that_was_kept_has_to_be_adopted(kept: LocalAws) -> None:
    code, table = preflight(kept)
    assert code == 1
    (line,) = (line for line in wrong(table) if line.check == "names")
    assert (
        line.what == "model package group EmpBonusPackageGroup-dev was kept: its name is taken, so a deployment fails"
    )
    assert line.remedy == "adopt what was kept: docs/runbooks/re-adopt-what-was-kept.md"


def test_deployed_stage_with_quotas_data_and_subscriber_is_well(well: LocalAws) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "operations", "preflight"],
        cwd=ROOT,
        env=well.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    of_scoring = [line for line in parse(run.stdout) if DEV.scoring_stack in line.what]  # which is not on this server
    assert {line.verdict for line in of_scoring} == {"later"}
    assert {line.verdict for line in parse(run.stdout) if line not in of_scoring} == {"ok"}


def test_missing_data_is_reported(without_data: LocalAws) -> None:
    code, table = preflight(without_data)
    assert code == 1
    (line,) = wrong(table)
    prefix = f"s3://{data_bucket(without_data)}/raw/"
    assert line == (
        *("data", "fails", f"no .csv or .csv.gz file is below {prefix}: a run on it fails"),
        f"aws s3 cp FILE.csv {prefix}",
    )


def test_unconfirmed_address_is_reported(unconfirmed: LocalAws) -> None:
    code, table = preflight(unconfirmed)
    assert code == 1
    (line,) = wrong(table)
    assert line.check == "subscribers"
    assert line.what == "ann@example.com has not confirmed its subscription: nothing is sent to it"


def test_disabled_rule_is_reported_and_the_remedy_enables_it(well: LocalAws) -> None:
    (rule,) = (each["Name"] for each in well.client("events").list_rules()["Rules"] if "Fault" in each["Name"])
    well.client("events").disable_rule(Name=rule)
    code, table = preflight(well)
    assert code == 1
    (line,) = wrong(table)
    assert line[:3] == ("rules", "fails", f"rule {rule} is off, and settings/stages.py wants it on")
    follow(line.remedy, well)
    assert preflight(well)[0] == 0


def test_test_message_comes_through_and_nothing_is_left_of_its_queue(well: LocalAws, topic: str) -> None:
    before = inventory(well), well.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    code, table = preflight(well, "--send-test")
    assert wrong(table) == []
    assert code == 0
    assert re.fullmatch(r"message [0-9a-f-]+ came through topic and key; .* is not shown", table[-1].what)
    assert before == (inventory(well), well.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"])


def test_printed_policy_suffices_and_a_right_that_is_taken_away_is_named(
    user: tuple[LocalAws, Credentials],
) -> None:
    aws, credentials = user
    code, table = preflight(aws, "--send-test", credentials=credentials)
    assert wrong(table) == []
    assert code == 0
    less = policy(taken_away="servicequotas:ListServiceQuotas")
    aws.client("iam").put_user_policy(UserName="checker", PolicyName="Preflight", PolicyDocument=less)
    code, table = preflight(aws, credentials=credentials)
    assert code == 2
    assert [line[:3] for line in wrong(table)] == [("quotas", "cannot ask", "needs servicequotas:ListServiceQuotas")]
