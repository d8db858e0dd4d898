"""People are told of each end that is not a good one, once, and in words that say what it is."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline_definition.names import DATA_QUALITY_STEP, REJECTION_STEP
from processing.contract.rules import Violation, summarize
from processing.job import ContractViolationError, run
from processing.jobs.data_quality import check_version
from settings import Operations, find_stage
from tests.stacks.event_bridge import UnknownOperatorError, matches, render
from tests.stacks.operated import PIPELINE, ROOT, Template, operated, resources, sample
from tests.stacks.synthesis import changed

# What AWS said of a quota of 0 (cfalguiere/salvia, a pipeline in eu-west-1), with our type.
QUOTA = (
    "ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: The account-level service limit"
    " 'ml.m5.xlarge for processing job usage' is 0 Instances, with current utilization of 0 Instances and a request"
    " delta of 1 Instances. Please contact AWS support to request an increase for this limit."
)

REASONS = {
    "quota": QUOTA,
    "capacity": "CapacityError: Unable to provision requested ML compute capacity.",
    "container": 'AlgorithmError: ["salary" is not a column], exit code: 1',
    "killed": "AlgorithmError: , exit code: 137",
    "another code": "AlgorithmError: , exit code: 13",
    "refusal": "AlgorithmError: data contract violated: age: 3 of 9 values missing, exit code: 3",
    "refusal without words": "AlgorithmError: , exit code: 3",
    "refusal with words of the pipeline": "AlgorithmError: , exit code: 3\nRetry not appropriate on execution of step",
    "refusal with another code": "AlgorithmError: data contract violated: 12 rows, fewer than 100, exit code: 255",
    "bare refusal": "data contract violated: 12 rows, fewer than 100",
    "rejection": "model not registered: r2 0.4117 is less than MinimumR2 0.5000",
    "empty": "",
    "none": None,
}


@pytest.fixture(scope="module")
def template() -> Template:
    return operated(find_stage("prod"))


def told_of(template: Template, event: dict[str, Any]) -> list[str]:
    """Return which rules match *event*."""
    rules = resources(template, "AWS::Events::Rule")
    return [path.rpartition("/")[2] for path, rule in rules.items() if matches(rule["EventPattern"], event)]


def message(template: Template, rule: str, event: dict[str, Any]) -> list[str]:
    """Return the lines of what *rule* sends of *event*, without their quotes."""
    (target,) = resources(template, "AWS::Events::Rule")[f"Notifications/{rule}"]["Targets"]
    lines = render(target["InputTransformer"], event).splitlines()
    assert all(line[0] == line[-1] == '"' for line in lines), "EventBridge takes text in quotes only"
    return [line[1:-1] for line in lines]


def steps_of(part: Any) -> Iterator[dict[str, Any]]:
    """Return the steps of a definition, those inside conditions too."""
    for step in part:
        yield step
        for branch in ("IfSteps", "ElseSteps"):
            yield from steps_of(step.get("Arguments", {}).get(branch, []))


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_each_failed_step_is_notified_exactly_once(
    template: Template, definitions: dict[str, str], reason: str | None
) -> None:
    names = {step["Name"] for text in definitions.values() for step in steps_of(json.loads(text)["Steps"])}
    for name in (*names, "EmpBonusRejected2", "EmpBonusData", "another"):
        assert len(told_of(template, sample("failed_step", stepName=name, failureReason=reason))) == 1, name


@pytest.mark.parametrize(
    ("step", "reason", "rule"),
    [
        ("EmpBonusRejected", "rejection", "RejectedModel"),
        ("EmpBonusRejected", "none", "RejectedModel"),
        ("EmpBonusDataQuality", "refusal", "RefusedData"),
        ("EmpBonusDataQuality", "bare refusal", "RefusedData"),
        ("EmpBonusDataQuality", "refusal without words", "RefusedData"),
        ("EmpBonusDataQuality", "refusal with words of the pipeline", "RefusedData"),
        ("EmpBonusDataQuality", "refusal with another code", "RefusedData"),
        ("EmpBonusDataQuality", "killed", "Fault"),
        ("EmpBonusDataQuality", "another code", "Fault"),
        ("EmpBonusDataQuality", "quota", "Fault"),
        ("EmpBonusDataQuality", "capacity", "Fault"),
        ("EmpBonusDataQuality", "container", "Fault"),
        ("EmpBonusDataQuality", "empty", "Fault"),
        ("EmpBonusDataQuality", "none", "Fault"),
        ("EmpBonusPreProcessing", "refusal", "Fault"),
        ("EmpBonusEvaluation", "rejection", "Fault"),
        ("EmpBonusTuning", "capacity", "Fault"),
    ],
)
def test_rejected_model_and_refused_data_are_notified_apart_from_a_fault(
    template: Template, step: str, reason: str, rule: str
) -> None:
    assert told_of(template, sample("failed_step", stepName=step, failureReason=REASONS[reason])) == [rule]


def violate_the_contract() -> None:
    violation = Violation(rule="minimum_rows", column=None, count=1, limit=2, found=1, text="1 row, fewer than 2")
    raise ContractViolationError(summarize([violation]))


@pytest.mark.parametrize(
    ("fail", "rule"), [(violate_the_contract, "RefusedData"), (partial(check_version, "$.time"), "Fault")]
)
def test_failed_data_quality_job_is_recognized_by_its_exit_code_and_by_its_words(
    template: Template, tmp_path: Path, fail: Callable[[], None], rule: str
) -> None:
    code = run(fail, message=tmp_path / "message")
    words = (tmp_path / "message").read_text(encoding="utf-8")
    for reason in (f"AlgorithmError: {words}, exit code: {code}", f"AlgorithmError: , exit code: {code}", words):
        event = sample("failed_step", stepName=DATA_QUALITY_STEP, failureReason=reason)
        assert told_of(template, event) == [rule]
        assert message(template, rule, event)[2] == f"Reason: {reason}", "a line end would break the message in two"


@pytest.mark.parametrize("status", ["Stopped", "CompletedWithFailures"])
def test_execution_that_ends_without_a_failed_step_is_notified(template: Template, status: str) -> None:
    assert told_of(template, sample("stopped_execution", currentPipelineExecutionStatus=status)) == ["Unfinished"]


@pytest.mark.parametrize(
    "event",
    [
        *(sample("failed_step", currentStepStatus=each) for each in ("Starting", "Executing", "Succeeded", "Stopped")),
        *(
            sample("stopped_execution", currentPipelineExecutionStatus=each)
            for each in ("Executing", "Stopping", "Succeeded", "Failed")
        ),
        *(sample(name, pipelineArn=f"{PIPELINE}-dev") for name in ("failed_step", "stopped_execution")),
        *(sample(name, pipelineArn=None) for name in ("failed_step", "stopped_execution")),
        *({**sample(name), "source": "custom.sagemaker"} for name in ("failed_step", "stopped_execution")),
        {**sample("failed_step"), "detail-type": "SageMaker Training Job State Change"},
        {**sample("stopped_execution"), "detail-type": sample("failed_step")["detail-type"]},
        {**sample("failed_step"), "detail-type": sample("stopped_execution")["detail-type"]},
    ],
)
def test_other_events_are_not_notified(template: Template, event: dict[str, Any]) -> None:
    assert told_of(template, event) == []


def test_every_rule_is_about_this_pipeline_only(template: Template) -> None:
    for rule in resources(template, "AWS::Events::Rule").values():
        assert rule["EventPattern"]["source"] == ["aws.sagemaker"]
        assert rule["EventPattern"]["detail"]["pipelineArn"] == [PIPELINE]


@pytest.mark.parametrize(("name", "kind"), [(REJECTION_STEP, "Fail"), (DATA_QUALITY_STEP, "Processing")])
def test_steps_that_rules_name_are_steps_of_the_pipeline(definitions: dict[str, str], name: str, kind: str) -> None:
    for text in definitions.values():
        assert {step["Name"]: step["Type"] for step in steps_of(json.loads(text)["Steps"])}[name] == kind


@pytest.mark.parametrize(
    ("rule", "step", "first", "runbook"),
    [
        ("Fault", "EmpBonusTraining", "[prod] FAULT: ", "failed-execution.md"),
        ("RejectedModel", "EmpBonusRejected", "[prod] MODEL REJECTED ", "rejected-model.md"),
        ("RefusedData", "EmpBonusDataQuality", "[prod] DATA REFUSED ", "refused-data.md"),
    ],
)
def test_message_says_first_what_it_is_then_where_why_and_what_to_do(
    template: Template, rule: str, step: str, first: str, runbook: str
) -> None:
    reason = 'AlgorithmError: [a "reason" with \\ and all], exit code: 1'
    lines = message(template, rule, sample("failed_step", stepName=step, failureReason=reason))
    execution = f"{PIPELINE}/execution/p4jn9xou8a8s"
    assert lines[0].startswith(first)
    assert lines[1:] == [
        f"Step: {step}",
        f"Reason: {reason}",
        f"What to do: docs/runbooks/{runbook}",
        f"Execution: {execution}",
        f"Steps: aws sagemaker list-pipeline-execution-steps --region eu-west-1 --pipeline-execution-arn {execution}",
        f"Report: make report EXECUTION={execution}",
    ]


def test_quota_that_is_too_small_is_named_and_the_runbook_asks_for_more(template: Template) -> None:
    event = sample("failed_step", stepName="EmpBonusDataQuality", failureReason=QUOTA)
    _, _, reason, what_to_do, *_ = message(template, "Fault", event)
    quota = "ml.m5.xlarge for processing job usage"
    assert f"'{quota}' is 0 Instances" in reason
    runbook = Path(ROOT, what_to_do.removeprefix("What to do: ")).read_text(encoding="utf-8")
    assert f"QuotaName=='{quota}'" in runbook
    assert "request-service-quota-increase" in runbook


def test_message_of_an_unfinished_execution_gives_its_status(template: Template) -> None:
    lines = message(template, "Unfinished", sample("stopped_execution"))
    assert lines[0].startswith("[prod] UNFINISHED: ")
    assert lines[1] == "Status: Stopped"


def test_message_names_its_stage() -> None:
    template = operated(find_stage("dev"))
    assert message(template, "Fault", sample("failed_step"))[0].startswith("[dev] ")
    assert resources(template, "AWS::SNS::Topic")["Notifications/Topic/Resource/Resource"]["DisplayName"].endswith(
        "(dev)"
    )


def test_every_variable_has_a_path_and_every_path_a_variable(template: Template) -> None:
    for rule in resources(template, "AWS::Events::Rule").values():
        (target,) = rule["Targets"]
        transformer = target["InputTransformer"]
        assert all(f"<{name}>" in transformer["InputTemplate"] for name in transformer["InputPathsMap"])
        assert transformer["InputTemplate"].isascii()


def test_addresses_are_subscribed_and_there_is_none_to_begin_with(template: Template) -> None:
    assert resources(template, "AWS::SNS::Subscription") == {}
    stage = changed("prod", operations=Operations(notified=("a@example.com", "b@example.com")))
    subscriptions = resources(operated(stage), "AWS::SNS::Subscription").values()
    assert [(each["Protocol"], each["Endpoint"]) for each in subscriptions] == [
        ("email", "a@example.com"),
        ("email", "b@example.com"),
    ]


def test_topic_is_encrypted_with_the_key_it_was_given(template: Template) -> None:
    (topic,) = resources(template, "AWS::SNS::Topic").values()
    (key,) = (id_ for id_, each in template["Resources"].items() if each["Type"] == "AWS::KMS::Key")
    assert topic["KmsMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    assert "TopicName" not in topic, "a fixed name would block the next deployment"


def test_only_alarms_of_this_account_and_these_rules_may_publish_and_nobody_without_tls(template: Template) -> None:
    (policy,) = resources(template, "AWS::SNS::TopicPolicy").values()
    refused, alarms, rules = policy["PolicyDocument"]["Statement"]
    assert (refused["Effect"], refused["Principal"], refused["Condition"]) == (
        "Deny",
        "*",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert (alarms["Effect"], alarms["Principal"]) == ("Allow", {"Service": "cloudwatch.amazonaws.com"})
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert ":alarm:emp-bonus-prod-pipeline-*" in json.dumps(alarms["Condition"]["ArnLike"])
    assert (rules["Effect"], rules["Principal"]) == ("Allow", {"Service": "events.amazonaws.com"})
    named = {each["Fn::GetAtt"][0] for each in rules["Condition"]["ArnEqualsIfExists"]["aws:SourceArn"]}
    assert named == {name for name, each in template["Resources"].items() if "InputTransformer" in json.dumps(each)}
    assert alarms["Action"] == rules["Action"] == "sns:Publish"


def test_rules_publish_by_the_topics_policy_and_not_as_a_role(template: Template) -> None:
    assert resources(template, "AWS::IAM::Role") == {}
    for rule in resources(template, "AWS::Events::Rule").values():
        (target,) = rule["Targets"]
        assert "RoleArn" not in target


def test_every_runbook_that_a_message_names_is_there(template: Template) -> None:
    for rule in resources(template, "AWS::Events::Rule").values():
        (target,) = rule["Targets"]
        (line,) = (line for line in target["InputTransformer"]["InputTemplate"].splitlines() if "What to do" in line)
        assert Path(ROOT, line.strip('"').removeprefix("What to do: ")).is_file(), line


@pytest.mark.parametrize(
    "pattern",
    [
        {"detail": {"stepName": [{"prefix": "Emp"}]}},
        {"detail": {"stepName": [{"exists": True}]}},
        {"detail": {"stepName": [{"anything-but": "Emp"}]}},
        {"detail": {"stepName": [{"wildcard": "*", "prefix": "E"}]}},
        {"detail": {"metadata": ["x"]}},
        {"source": "aws.sagemaker"},
    ],
)
def test_matcher_of_these_tests_guesses_nothing(pattern: dict[str, Any]) -> None:
    with pytest.raises(UnknownOperatorError):
        matches(pattern, sample("failed_step"))
