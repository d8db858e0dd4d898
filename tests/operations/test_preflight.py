"""Each thing that would go wrong is one line with its remedy; so is what may not be asked, which stops nothing else."""

import dataclasses
import json
import re
from typing import Any

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError

from operations.preflight.bootstrap import OWN_KEY, REQUIRED_VERSION
from operations.preflight.checks import READING, SENDING, examine
from operations.preflight.findings import Finding, Verdict
from settings import STAGES, Autoscaling, Deployment, Monitoring, Operations, Schedule, Stage, Tuning, find_stage
from tests import golden_files
from tests.operations.command_line import run
from tests.operations.fake_account import (
    ACCOUNT,
    BUCKET,
    DEPLOYMENT_TOPIC,
    MONITORING_TOPIC,
    SCORING_TOPIC,
    FakeAccount,
    Refusal,
    bootstrapped,
    deployed,
    describe_stacks,
    encrypted,
    list_quotas,
    paged,
    rules,
    subscribed,
)

DEV = find_stage("dev")
NOTIFYING = dataclasses.replace(DEV, operations=Operations(notified=("ann@example.com", "bob@example.com")))
SCHEDULED = dataclasses.replace(
    DEV, schedule=Schedule(expression="cron(0 4 ? * MON *)", period_hours=168, enabled=True)
)
SEARCHING = dataclasses.replace(DEV, training=dataclasses.replace(DEV.training, tuning=Tuning()))
ON_SPARK = dataclasses.replace(DEV, processing=dataclasses.replace(DEV.processing, engine="spark"))
DEPLOYING = dataclasses.replace(DEV, deployment=Deployment())
WATCHED = dataclasses.replace(DEV, monitoring=Monitoring())
PROCESSING, TRAINING = (f"ml.m5.xlarge for {use} job usage" for use in ("processing", "training"))
INCREASE = "aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code L-ml.m5."
ADOPT = "adopt what was kept: docs/runbooks/re-adopt-what-was-kept.md"
GROUP = {
    "ModelPackageGroupName": DEV.model_package_group_name,
    "ModelPackageGroupArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package-group/empbonuspackagegroup-dev",
    "CreationTime": 0,
    "CreatedBy": {},
    "ModelPackageGroupStatus": "Completed",
}
FOREIGN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/theirs"
DENIED = Refusal(
    "AccessDeniedException", "User: ann is not authorized to perform: x:y on resource: arn:aws:x because no"
)


def find(account: FakeAccount, check: str, stage: Stage = DEV) -> list[Finding]:
    """Return what one check finds."""
    return examine(stage, account.connect, {**READING, **SENDING})[check]


def lines(text: str) -> list[list[str]]:
    """Return check, verdict and words of each line of the table."""
    return [re.split(r" {2,}", line, maxsplit=2) for line in text.splitlines()]


def test_account_in_which_all_is_well_needs_no_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("preflight", "--stage", "dev", connect=deployed().connect) == 0
    found = lines(capsys.readouterr().out)
    assert [line[0] for line in found] == [
        *("account", "services", "bootstrap", *["quotas"] * 2, "names", "data"),
        *(*["subscribers"] * 2, *["rules"] * 2),  # of the pipeline that trains, and of the one that scores
    ]
    assert {line[1] for line in found} == {"ok"}
    assert not [line for line in found if "->" in line[2]]


def test_account_that_is_ready_for_a_first_deployment_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("preflight", "--stage", "dev", connect=bootstrapped().connect) == 0
    assert [line[0] for line in lines(capsys.readouterr().out) if line[1] == "later"] == [
        *("data", *["subscribers"] * 2, *["rules"] * 2)
    ]


@pytest.mark.parametrize(
    ("check", "answers", "told"),
    [
        (
            "bootstrap",
            {"GetParameter": Refusal("ParameterNotFound")},
            "the CDK bootstrap of eu-west-1 is missing: no /cdk-bootstrap/hnb659fds/version"
            " -> make bootstrap STAGE=dev",
        ),
        (
            "bootstrap",
            {"GetParameter": {"Parameter": {"Value": "5"}}},
            "the CDK bootstrap of eu-west-1 is version 5, older than 6 -> make bootstrap STAGE=dev",
        ),
        (
            "quotas",
            {"ListServiceQuotas": list_quotas({PROCESSING: 0, TRAINING: 1})},
            f"quota {PROCESSING!r} is 0, and 1 needed -> {INCREASE} --desired-value 1 --region eu-west-1",
        ),
        (
            "quotas",
            {"ListServiceQuotas": list_quotas({PROCESSING: 0, TRAINING: 1, PROCESSING.replace("xlarge", "large"): 1})},
            f"quota {PROCESSING!r} is 0, and 1 needed -> {INCREASE} --desired-value 1 --region eu-west-1,"
            " or start with ProcessingInstanceType=ml.m5.large",
        ),
        (
            "quotas",
            {"ListServiceQuotas": list_quotas({PROCESSING: 1})},
            f"there is no quota {TRAINING!r}: eu-west-1 does not offer the type for it"
            " -> choose another type in settings/stages.py",
        ),
        (
            "names",
            {"DescribeStacks": describe_stacks("UPDATE_ROLLBACK_FAILED")},
            "stack emp-bonus-dev-storage is UPDATE_ROLLBACK_FAILED -> docs/runbooks/update-rollback-failed.md",
        ),
        (
            "names",
            {"DescribeStacks": describe_stacks("ROLLBACK_COMPLETE")},
            "stack emp-bonus-dev-storage is ROLLBACK_COMPLETE -> docs/runbooks/roll-back-the-stack.md",
        ),
        (
            "names",
            {"DescribeStacks": describe_stacks("UPDATE_IN_PROGRESS")},
            "stack emp-bonus-dev-pipeline is UPDATE_IN_PROGRESS -> wait until it is done",
        ),
        (
            "names",
            {"DescribeModelPackageGroup": GROUP},
            f"model package group {DEV.model_package_group_name} was kept: its name is taken, so a deployment fails"
            f" -> {ADOPT}",
        ),
        (
            "names",
            {"GetResources": {"ResourceTagMappingList": [{"ResourceARN": f"arn:aws:s3:::{BUCKET}"}]}},
            f"bucket {BUCKET} was kept: a deployment would make another beside it -> {ADOPT}",
        ),
        (
            "names",
            {"DescribePipeline": {}},
            f"pipeline {DEV.pipeline_name} is there and no stack's: its name is taken, so a deployment fails"
            f" -> aws sagemaker delete-pipeline --region eu-west-1 --pipeline-name {DEV.pipeline_name}",
        ),
        (
            "names",
            {"DescribePipeline": {}},
            f"pipeline {DEV.scoring_pipeline_name} is there and no stack's: its name is taken, so a deployment fails"
            f" -> aws sagemaker delete-pipeline --region eu-west-1 --pipeline-name {DEV.scoring_pipeline_name}",
        ),
        (
            "services",
            {"ListFunctions": Refusal("SubscriptionRequiredException", "The key needs a subscription")},
            "the account has no access to a service (ListFunctions: The key needs a subscription)"
            " -> upgrade the plan, or finish the account's activation, in the Billing console",
        ),
        (
            "services",
            {"ListTopics": Refusal("InvalidAction", "SNS is not available in this region")},
            "ListTopics: SNS is not available in this region -> choose another region in settings/stages.py",
        ),
    ],
)
def test_obstacles_to_a_first_deployment_or_run_are_one_line_each(
    check: str, answers: dict[str, Any], told: str
) -> None:
    account = bootstrapped()
    account.answers |= answers
    assert told in [str(each) for each in find(account, check) if each.verdict is Verdict.FAILS]


@pytest.mark.parametrize(
    ("check", "answers", "told"),
    [
        (
            "data",
            {"ListObjectsV2": {"Contents": [{"Key": "raw/", "Size": 0}, {"Key": "raw/notes.txt", "Size": 9}]}},
            f"no .csv or .csv.gz file is below s3://{BUCKET}/raw/: a run on it fails"
            f" -> aws s3 cp FILE.csv s3://{BUCKET}/raw/",
        ),
        (
            "subscribers",
            {"ListSubscriptionsByTopic": subscribed("bob@example.com", arn="PendingConfirmation")},
            "bob@example.com has not confirmed its subscription: nothing is sent to it -> follow the link in the mail",
        ),
        (
            "subscribers",
            {"ListSubscriptionsByTopic": subscribed("bob@example.com", arn="Deleted")},
            "nobody is subscribed: no one hears of a failed execution -> aws sns subscribe --region eu-west-1",
        ),
        (
            "rules",
            {"DescribeRule": rules(OperationsNotificationsFault="DISABLED")},
            "rule emp-bonus-dev-pipeline-OperationsNotificationsFault is off, and settings/stages.py wants it on"
            " -> aws events enable-rule --region eu-west-1 --name emp-bonus-dev-pipeline-OperationsNotificationsFault",
        ),
        (
            "rules",
            {"DescribeRule": rules(NewRecordsStart="ENABLED")},
            "rule emp-bonus-dev-scoring-NewRecordsStart is on, and settings/stages.py wants it off"
            " -> aws events disable-rule --region eu-west-1 --name emp-bonus-dev-scoring-NewRecordsStart",
        ),
        (
            "rules",
            {"DescribeRule": rules(NewDataStart="ENABLED")},
            "rule emp-bonus-dev-pipeline-NewDataStart is on, and settings/stages.py wants it off"
            " -> aws events disable-rule --region eu-west-1 --name emp-bonus-dev-pipeline-NewDataStart",
        ),
    ],
)
def test_obstacles_to_a_run_or_its_messages_are_the_one_line_of_their_check_and_stack(
    check: str, answers: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    account = deployed()
    account.answers |= answers
    assert run("preflight", "--stage", "dev", connect=account.connect) == 1
    failed = [line for line in lines(capsys.readouterr().out) if line[1] != "ok"]
    assert len(failed) == (2 if check == "subscribers" else 1)
    for line in failed:
        assert line[:2] == [check, "fails"]
        assert line[2].startswith(told)


def test_address_of_the_settings_that_is_not_subscribed_is_named() -> None:
    missing, subscribed_, of_scoring, _ = find(deployed(), "subscribers", NOTIFYING)
    assert (of_scoring.what, SCORING_TOPIC in of_scoring.remedy) == (missing.what, True)
    assert missing.what == "bob@example.com of settings/stages.py is not subscribed: nothing is sent to it"
    assert missing.remedy.endswith("--protocol email --notification-endpoint bob@example.com")
    assert subscribed_.verdict is Verdict.OK


def test_schedule_that_settings_want_on_has_to_be_on() -> None:
    off, _ = find(deployed(), "rules", SCHEDULED)
    assert off.what == "rule emp-bonus-dev-pipeline-ScheduledStart is off, and settings/stages.py wants it on"


def test_required_bootstrap_is_what_the_templates_ask_for() -> None:
    template = json.loads(golden_files.read("dev/pipeline.template.json"))
    (assertion,) = template["Rules"]["CheckBootstrapVersion"]["Assertions"]
    refused = assertion["Assert"]["Fn::Not"][0]["Fn::Contains"][0]
    assert [int(each) for each in refused] == list(range(1, REQUIRED_VERSION))


@pytest.mark.parametrize(
    ("manager", "own", "verdict"),
    [
        ("AWS", Refusal("NotFoundException"), Verdict.OK),
        ("CUSTOMER", {"KeyMetadata": {"KeyId": "theirs", "Arn": FOREIGN}}, Verdict.OK),
        ("CUSTOMER", Refusal("NotFoundException"), Verdict.CANNOT_ASK),
    ],
    ids=["AWS's", "the bootstrap's own", "foreign"],
)
def test_foreign_key_of_the_bootstrap_is_asked_about(manager: str, own: Any, verdict: Verdict) -> None:
    account = deployed()
    key = {"KeyMetadata": {"KeyId": "theirs", "Arn": FOREIGN, "KeyManager": manager}}
    account.answers |= {
        "GetBucketEncryption": encrypted("theirs"),
        "DescribeKey": lambda request: own if request["KeyId"] == OWN_KEY else key,
    }
    (found,) = find(account, "bootstrap")
    assert found.verdict is verdict
    assert (FOREIGN in found.what) == (verdict is Verdict.CANNOT_ASK)


def test_instance_type_that_is_too_small_for_spark_is_not_proposed_to_a_stage_on_it() -> None:
    small = PROCESSING.replace("m5.xlarge", "t3.medium")
    for stage, proposed in ((DEV, True), (ON_SPARK, False)):
        account = deployed()
        account.answers["ListServiceQuotas"] = list_quotas({PROCESSING: 0, TRAINING: 1, small: 1})
        remedy = find(account, "quotas", stage)[0].remedy
        assert ("ml.t3.medium" in remedy) == proposed


def test_quotas_are_looked_for_on_all_pages() -> None:
    account = deployed()
    account.answers["ListServiceQuotas"] = paged([list_quotas({PROCESSING: 1}), list_quotas({TRAINING: 1})])
    assert [each.verdict for each in find(account, "quotas")] == [Verdict.OK] * 2


def test_default_counts_only_where_no_quota_was_applied() -> None:
    account = deployed()
    account.answers["ListServiceQuotas"] = list_quotas({PROCESSING: 0})
    account.answers["ListAWSDefaultServiceQuotas"] = list_quotas({PROCESSING: 9, TRAINING: 9})
    assert [each.verdict for each in find(account, "quotas")] == [Verdict.FAILS, Verdict.OK]


def test_type_that_has_quota_by_default_only_is_named_as_a_way_out() -> None:
    account = deployed()
    account.answers["ListServiceQuotas"] = list_quotas({PROCESSING: 0, TRAINING: 1})
    account.answers["ListAWSDefaultServiceQuotas"] = list_quotas({PROCESSING.replace("m5.xlarge", "t3.large"): 4})
    processing, _ = find(account, "quotas")
    assert processing.remedy.endswith(", or start with ProcessingInstanceType=ml.t3.large")


@pytest.mark.parametrize(
    "status", ["UPDATE_ROLLBACK_FAILED", "UPDATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "DELETE_FAILED"]
)
def test_stack_that_cannot_be_updated_is_all_that_is_said_of_what_is_its_own(status: str) -> None:
    account = deployed()
    account.answers["DescribeStacks"] = describe_stacks(status)
    found = find(account, "names")
    assert [each.what for each in found] == [
        f"stack emp-bonus-dev-{stack} is {status}" for stack in ("storage", "pipeline", "scoring")
    ]


def test_stack_that_was_imported_is_to_be_deployed_first() -> None:
    account = deployed()
    imported = describe_stacks("IMPORT_COMPLETE")
    del imported["Stacks"][0]["Outputs"]  # the CDK's import gives none
    account.answers["DescribeStacks"] = imported
    for check in ("data", "subscribers", "rules"):
        assert {each.verdict for each in find(account, check)} == {Verdict.LATER}


def test_resources_deleted_by_hand_fail_without_a_retry() -> None:
    account = deployed()
    account.answers["GetBucketEncryption"] = Refusal("NoSuchBucket")
    account.answers["DescribeRule"] = Refusal("ResourceNotFoundException")
    for check in ("bootstrap", "rules"):
        (found,) = find(account, check)
        assert found.verdict is Verdict.FAILS
        assert "deleted by hand" in found.remedy


def test_stack_that_is_just_updated_still_has_data_subscribers_and_rules() -> None:
    account = deployed()
    account.answers["DescribeStacks"] = describe_stacks("UPDATE_IN_PROGRESS")
    for check in ("data", "subscribers", "rules"):
        assert {each.verdict for each in find(account, check)} == {Verdict.OK}


def test_search_needs_as_many_instances_as_it_has_parallel_jobs() -> None:
    account = deployed()
    account.answers["ListServiceQuotas"] = list_quotas({PROCESSING: 4, TRAINING: 3})
    _, training = find(account, "quotas", SEARCHING)
    assert training.what == f"quota {TRAINING!r} is 3, and 4 needed"
    assert "--desired-value 4 " in training.remedy
    on_two_each = dataclasses.replace(SEARCHING, training=dataclasses.replace(SEARCHING.training, instance_count=2))
    _, training = find(account, "quotas", on_two_each)
    assert training.what == f"quota {TRAINING!r} is 3, and 8 needed"


def test_endpoint_needs_twice_its_most_instances_while_it_is_updated() -> None:
    endpoint = "ml.m5.large for endpoint usage"
    account = deployed()
    account.answers["ListServiceQuotas"] = list_quotas({PROCESSING: 4, TRAINING: 4, endpoint: 4})
    for deployment, needed in ((Deployment(), 4), (Deployment(autoscaling=Autoscaling(maximum_count=3)), 6)):
        *_, found = find(account, "quotas", dataclasses.replace(DEV, deployment=deployment))
        assert found.what == f"quota {endpoint!r} is 4, and {needed} needed"
        assert (found.verdict is Verdict.OK) == (needed == 4)


@pytest.mark.parametrize("rule", ["Decided", "Hourly", "ToldFailures"])
def test_rule_that_wakes_or_tells_of_the_deployment_has_to_be_on(rule: str) -> None:
    account = deployed()
    account.answers["DescribeRule"] = rules(**{rule: "DISABLED"})
    *well, off = find(account, "rules", DEPLOYING)
    assert {each.verdict for each in well} == {Verdict.OK}
    assert off.what == f"rule emp-bonus-dev-deployment-{rule} is off, and settings/stages.py wants it on"
    assert off.remedy == f"aws events enable-rule --region eu-west-1 --name emp-bonus-dev-deployment-{rule}"


def test_address_that_has_not_confirmed_for_the_deployment_stack_hears_of_no_failed_deployment() -> None:
    account, waits = deployed(), subscribed("bob@example.com", arn="PendingConfirmation")
    account.answers["ListSubscriptionsByTopic"] = lambda request: (
        waits if request["TopicArn"] == DEPLOYMENT_TOPIC else subscribed("ann@example.com")
    )
    *well, pending = find(account, "subscribers", DEPLOYING)
    assert {each.verdict for each in well} == {Verdict.OK}
    assert pending.what == "bob@example.com has not confirmed its subscription: nothing is sent to it"
    assert DEPLOYMENT_TOPIC in pending.remedy


def test_broken_or_missing_deployment_stack_is_told_where_the_stage_asks_for_one() -> None:
    account = deployed()
    account.answers["DescribeStacks"] = lambda request: describe_stacks(
        "UPDATE_ROLLBACK_FAILED" if request["StackName"] == DEV.deployment_stack else "CREATE_COMPLETE"
    )
    (broken,) = find(account, "names", DEPLOYING)
    assert broken.what == "stack emp-bonus-dev-deployment is UPDATE_ROLLBACK_FAILED"
    *_, last = find(bootstrapped(), "subscribers", DEPLOYING)
    assert (last.verdict, last.what) == (Verdict.LATER, "stack emp-bonus-dev-deployment is not deployed")


def test_schedule_of_the_monitoring_is_on_where_the_settings_say_so() -> None:
    daily = dataclasses.replace(Monitoring().schedule, enabled=True)
    account = deployed()
    assert {each.verdict for each in find(account, "rules", WATCHED)} == {Verdict.OK}
    *_, off = find(account, "rules", dataclasses.replace(DEV, monitoring=Monitoring(schedule=daily)))
    assert off.what == "rule emp-bonus-dev-monitoring-MonitoringStart is off, and settings/stages.py wants it on"


def test_stack_and_pipeline_of_the_monitoring_are_looked_at_in_a_watched_stage_only() -> None:
    account = bootstrapped()
    account.answers["DescribePipeline"] = {}
    stray = f"pipeline {DEV.monitoring_pipeline_name} is there and no stack's: its name is taken, so a deployment fails"
    told_of = [any(each.what == stray for each in find(account, "names", stage)) for stage in (DEV, WATCHED)]
    assert told_of == [False, True]
    *_, told = find(deployed(), "subscribers", WATCHED)
    assert told.what == f"1 subscribed to {MONITORING_TOPIC}"


def test_right_that_is_missing_is_one_line_and_the_other_checks_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    account = deployed()
    account.answers["ListServiceQuotas"] = DENIED
    assert run("preflight", "--stage", "dev", connect=account.connect) == 2
    (asked,) = (line for line in lines(capsys.readouterr().out) if line[1] != "ok")
    assert asked[:2] == ["quotas", "cannot ask"]
    assert asked[2].startswith("needs servicequotas:ListServiceQuotas on arn:aws:x ->")


def test_service_that_the_account_lacks_stops_no_question_to_another() -> None:
    account = deployed()
    account.answers["ListFunctions"] = Refusal("OptInRequired", "You are not subscribed to this service")
    lacking, answering = find(account, "services")
    assert lacking.verdict is Verdict.FAILS
    assert str(answering) == "sqs, sns, events, cloudwatch, logs, kms answer in eu-west-1"


def test_fault_outweighs_what_cannot_be_asked() -> None:
    account = deployed()
    account.answers |= {"ListServiceQuotas": DENIED, "ListObjectsV2": {}}
    assert run("preflight", "--stage", "dev", connect=account.connect) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Refusal("ExpiredTokenException"), "the credentials have expired -> log in again"),
        (Refusal("ThrottlingException", "Rate\nexceeded"), "GetParameter answered ThrottlingException: Rate exceeded"),
        (
            exceptions.ReadTimeoutError(endpoint_url="https://x"),
            'Read timeout on endpoint URL: "https://x" -> check the',
        ),
    ],
)
def test_answer_that_says_nothing_is_one_line(answer: Any, told: str) -> None:
    account = deployed()
    account.answers["GetParameter"] = answer
    (found,) = find(account, "bootstrap")
    assert found.verdict is Verdict.CANNOT_ASK
    assert str(found).startswith(told)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (exceptions.NoCredentialsError(), "Unable to locate credentials -> log in, or set AWS_PROFILE"),
        (exceptions.ProfileNotFound(profile="x"), "The config profile (x) could not be found -> log in"),
        (exceptions.UnauthorizedSSOTokenError(), "The SSO session associated with this profile has expired"),
        (Refusal("ExpiredToken"), "the credentials have expired -> log in again"),
        (
            Refusal("InvalidClientTokenId"),
            "the credentials are not accepted (InvalidClientTokenId) -> check AWS_PROFILE",
        ),
        (
            exceptions.ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "AssumeRole"),
            "needs AssumeRole -> make preflight ARGS=",
        ),
        (
            exceptions.EndpointConnectionError(endpoint_url="https://x"),
            'Could not connect to the endpoint URL: "https://x" -> check the network, the proxy and AWS_ENDPOINT_URL',
        ),
        (ValueError("Invalid endpoint: x"), "Invalid endpoint: x -> check AWS_ENDPOINT_URL"),
        (ResponseParserError("Unable to parse response\n<html>"), "Unable to parse response -> check AWS_ENDPOINT_URL"),
    ],
)
def test_without_an_answer_to_the_first_question_nothing_else_is_asked(
    answer: Any, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    account = FakeAccount({"GetCallerIdentity": answer})
    assert run("preflight", "--stage", "dev", connect=account.connect) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"refused: {told}".replace(" -> ", ": "))
    assert len(err.splitlines()) == 1


def test_region_that_is_not_enabled_is_distinguished_from_bad_credentials(
    capsys: pytest.CaptureFixture[str],
) -> None:
    identity = {"Account": ACCOUNT, "Arn": "arn:aws:iam::111122223333:user/ann"}
    account = FakeAccount(
        {
            "GetCallerIdentity": lambda request: (
                identity if request["Region"] == "us-east-1" else Refusal("InvalidClientTokenId")
            )
        }
    )
    assert run("preflight", "--stage", "dev", connect=account.connect) == 1
    ((_, verdict, words),) = lines(capsys.readouterr().out)
    assert verdict == "fails"
    assert words.startswith("region eu-west-1 refuses credentials that us-east-1 accepts")
    assert "-> aws account enable-region --region-name eu-west-1" in words


@pytest.mark.parametrize("region", ["eu-west-9", "moon"])
def test_region_without_the_services_is_refused_before_a_request(region: str) -> None:
    account = FakeAccount({})
    (found,) = find(account, "account", dataclasses.replace(DEV, region=region))
    assert found.what.startswith(f"region {region} has no ")
    assert "sagemaker" in found.what
    assert account.called == {}


def test_unknown_stage_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("preflight", "--stage", "test", connect=deployed().connect) == 2
    assert capsys.readouterr().err == f"refused: stage 'test' does not exist: choose {' or '.join(STAGES)}\n"
