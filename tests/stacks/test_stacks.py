"""What the stacks deploy: data that survives, a pipeline that can be replaced, rules that start it."""

import dataclasses
import json
import re
from typing import Any

import pytest

from pipeline_definition import build_definition
from pipeline_definition.placeholders import variables
from settings import STAGES, Network, NewDataStart, Retention, Schedule, Security, Tuning, find_stage
from stacks.shared.data_bucket import RetentionError
from stacks.training.definition_body import join_lines
from stacks.training.training_pipeline import BindingError
from tests.conftest import Golden
from tests.golden_files import Reviewed
from tests.stacks import definition_body
from tests.stacks.event_bridge import matches
from tests.stacks.synthesis import Synthesis, changed, synthesize

Stages = dict[str, Synthesis]

BOTH = pytest.mark.parametrize("stage", STAGES)


def all_statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every statement of a role's policies."""
    policies = role["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


@BOTH
@pytest.mark.parametrize("kind", ["AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SageMaker::ModelPackageGroup"])
def test_data_and_models_survive_stack_deletion_but_not_a_failed_creation(
    stages: Stages, stage: str, kind: str
) -> None:
    for resource in stages[stage].resources(kind).values():
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def data_bucket(synthesis: Synthesis) -> dict[str, Any]:
    path = next(path for path in synthesis.resources("AWS::S3::Bucket") if "/DataBucket/" in path)
    properties: dict[str, Any] = synthesis.resources("AWS::S3::Bucket")[path]["Properties"]
    return properties


@BOTH
def test_every_bucket_is_private_encrypted_and_versioned(stages: Stages, stage: str) -> None:
    for bucket in stages[stage].resources("AWS::S3::Bucket").values():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert "BucketName" not in properties, "a name of ours would block the next deployment"


@BOTH
def test_data_is_encrypted_with_our_key_which_is_rotated(stages: Stages, stage: str) -> None:
    (rule,) = data_bucket(stages[stage])["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert rule["BucketKeyEnabled"] is True
    assert stages[stage].one("AWS::KMS::Key")["Properties"]["EnableKeyRotation"] is True
    for kind, member in (("AWS::SQS::Queue", "KmsMasterKeyId"), ("AWS::Logs::LogGroup", "KmsKeyId")):
        for resource in stages[stage].resources(kind).values():
            assert resource["Properties"][member], kind


@BOTH
def test_who_reads_and_writes_the_data_is_logged_in_another_bucket(stages: Stages, stage: str) -> None:
    logging = data_bucket(stages[stage])["LoggingConfiguration"]
    assert logging["DestinationBucketName"]["Ref"].startswith("AccessLogs")


@BOTH
def test_every_bucket_refuses_plain_and_old_connections(stages: Stages, stage: str) -> None:
    policies = stages[stage].resources("AWS::S3::BucketPolicy").values()
    assert len(policies) == len(stages[stage].resources("AWS::S3::Bucket"))
    for policy in policies:
        statements = policy["Properties"]["PolicyDocument"]["Statement"]
        conditions = [each["Condition"] for each in statements if each["Effect"] == "Deny"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
        assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


@BOTH
def test_models_are_approved_by_people_with_a_policy_of_their_own_and_by_no_role(stages: Stages, stage: str) -> None:
    policy = stages[stage].one("AWS::IAM::ManagedPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert "sagemaker:UpdateModelPackage" in policy[0]["Action"]
    roles = json.dumps(stages[stage].resources("AWS::IAM::Role"))
    assert "UpdateModelPackage" not in roles


def test_in_prod_a_model_can_only_be_registered_for_approval(stages: Stages) -> None:
    role = stages["prod"].resources("AWS::IAM::Role")["emp-bonus-prod-pipeline/PipelineRole/Resource/Resource"]
    (creating,) = (each for each in all_statements(role) if each["Action"] == "sagemaker:CreateModelPackage")
    assert creating["Condition"] == {"StringEquals": {"sagemaker:ModelApprovalStatus": ["PendingManualApproval"]}}


def test_a_permissions_boundary_bounds_every_role() -> None:
    arn = "arn:aws:iam::aws:policy/PowerUserAccess"
    bounded = changed("dev", security=Security(permissions_boundary_arn=arn))
    for path, role in synthesize(bounded, build_definition(bounded)).resources("AWS::IAM::Role").items():
        assert role["Properties"]["PermissionsBoundary"] == arn, path


def test_in_a_vpc_jobs_may_have_network_interfaces_and_a_way_to_s3() -> None:
    network = Network(
        vpc_id="vpc-0123456789abcdef0",
        subnet_ids=("subnet-0123456789abcdef0",),
        security_group_ids=("sg-0123456789abcdef0",),
        route_table_ids=("rtb-0123456789abcdef0",),
    )
    stage = changed("dev", security=Security(network=network))
    found = synthesize(stage, build_definition(stage))
    endpoint = found.one("AWS::EC2::VPCEndpoint")["Properties"]
    assert endpoint["ServiceName"] == "com.amazonaws.eu-west-1.s3"
    assert endpoint["RouteTableIds"] == ["rtb-0123456789abcdef0"]
    role = found.resources("AWS::IAM::Role")["emp-bonus-dev-pipeline/JobRole/Resource/Resource"]
    assert "ec2:CreateNetworkInterface" in json.dumps(all_statements(role))
    assert "ec2:" not in json.dumps(
        found.resources("AWS::IAM::Role")["emp-bonus-dev-pipeline/PipelineRole/Resource/Resource"]
    )


@BOTH
def test_models_never_expire_and_intermediates_outlive_the_step_cache(stages: Stages, stage: str) -> None:
    rules = data_bucket(stages[stage])["LifecycleConfiguration"]["Rules"]
    expiring = {rule.get("Prefix"): rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert list(expiring) == ["executions/"]
    assert expiring["executions/"] > find_stage(stage).retention.step_cache_days


def test_intermediates_that_expire_before_the_cache_are_refused(definitions: dict[str, str]) -> None:
    stage = changed("dev", retention=Retention(step_cache_days=30, intermediates_days=36))
    with pytest.raises(
        RetentionError,
        match="intermediates_days 36: a cached step could point at deleted files; keep them at least 37 days",
    ):
        synthesize(stage, definitions["dev"])


def test_prod_is_protected_from_deletion_and_dev_is_not(stages: Stages) -> None:
    for name, expected in (("prod", True), ("dev", False)):
        stack = stages[name].manifest["artifacts"][f"emp-bonus-{name}-storage"]
        assert stack["properties"]["terminationProtection"] is expected


@BOTH
def test_the_bucket_sends_no_events_unless_asked(stages: Stages, stage: str) -> None:
    assert "NotificationConfiguration" not in data_bucket(stages[stage])


def test_new_data_starts_the_pipeline_when_asked_without_another_resource(definitions: dict[str, str]) -> None:
    asked = synthesize(changed("dev", new_data_start=NewDataStart(enabled=True)), definitions["dev"])
    bucket = data_bucket(asked)
    assert bucket["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    rule = asked.resources("AWS::Events::Rule")["emp-bonus-dev-pipeline/NewDataStart/Resource"]["Properties"]
    assert rule["State"] == "ENABLED"
    plain = synthesize("dev", definitions["dev"])
    for part in ("storage", "pipeline"):
        assert getattr(asked, part)["Resources"].keys() == getattr(plain, part)["Resources"].keys()


@BOTH
def test_the_schedule_starts_the_pipeline_with_the_time_as_data_version(stages: Stages, stage: str) -> None:
    rules = stages[stage].resources("AWS::Events::Rule")
    rule = rules[f"emp-bonus-{stage}-pipeline/ScheduledStart/Resource"]["Properties"]
    schedule = find_stage(stage).schedule
    assert rule["ScheduleExpression"] == schedule.expression
    assert rule["State"] == ("ENABLED" if schedule.enabled else "DISABLED")
    (target,) = rule["Targets"]
    assert target["SageMakerPipelineParameters"] == {
        "PipelineParameterList": [{"Name": "DataVersion", "Value": "$.time"}]
    }
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3_600, "MaximumRetryAttempts": 3}
    assert target["DeadLetterConfig"]


@pytest.mark.parametrize(
    ("key", "starts"),
    [
        ("raw/employees.csv", True),
        ("raw/2026/11/employees.csv.gz", True),
        ("raw/EMPLOYEES.CSV", True),
        ("raw/EMPLOYEES.CSV.gz", True),
        ("raw/", False),
        ("raw/employees.csv.tmp", False),
        ("raw/employees.xlsx", False),
        ("raw/readme.txt", False),
        ("executions/1/cleaned_data.csv", False),
        ("old/raw/employees.csv", False),
    ],
)
def test_new_data_is_a_csv_file_below_raw(stages: Stages, key: str, starts: bool) -> None:
    rules = stages["dev"].resources("AWS::Events::Rule")
    pattern = rules["emp-bonus-dev-pipeline/NewDataStart/Resource"]["Properties"]["EventPattern"]
    event = {"source": "aws.s3", "detail-type": "Object Created", "detail": {"object": {"key": key}}}
    of_any_bucket = {"object": pattern["detail"]["object"]}
    assert matches({**pattern, "detail": of_any_bucket}, event) is starts


@BOTH
def test_new_objects_below_raw_would_start_the_pipeline_with_their_version(stages: Stages, stage: str) -> None:
    rules = stages[stage].resources("AWS::Events::Rule")
    rule = rules[f"emp-bonus-{stage}-pipeline/NewDataStart/Resource"]["Properties"]
    assert rule["State"] == "DISABLED"
    assert rule["EventPattern"]["source"] == ["aws.s3"]
    assert rule["EventPattern"]["detail-type"] == ["Object Created"]
    (target,) = rule["Targets"]
    (parameter,) = target["SageMakerPipelineParameters"]["PipelineParameterList"]
    assert parameter == {"Name": "DataVersion", "Value": "$.detail.object.version-id"}


@BOTH
def test_each_rule_has_its_own_role_that_may_only_start_this_pipeline(stages: Stages, stage: str) -> None:
    roles = stages[stage].resources("AWS::IAM::Role")
    for rule in ("ScheduledStart", "NewDataStart"):
        role = roles[f"emp-bonus-{stage}-pipeline/{rule}/Role/Resource"]["Properties"]
        (policy,) = role["Policies"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Action"] == "sagemaker:StartPipelineExecution"
        assert ":pipeline/" in json.dumps(statement["Resource"])
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "events.amazonaws.com"}
        assert set(trust["Condition"]) == {"StringEquals", "ArnEquals"}


@BOTH
def test_the_dead_letter_queue_takes_messages_of_the_two_rules_only(stages: Stages, stage: str) -> None:
    statements = stages[stage].one("AWS::SQS::QueuePolicy")["Properties"]["PolicyDocument"]["Statement"]
    allowed = [each for each in statements if each["Effect"] == "Allow"]
    assert {each["Principal"]["Service"] for each in allowed} == {"events.amazonaws.com"}
    sources = [each["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::GetAtt"][0] for each in allowed]
    rules = [
        name
        for name, each in stages[stage].pipeline["Resources"].items()
        if each["Type"] == "AWS::Events::Rule" and "DeadLetterConfig" in each["Properties"]["Targets"][0]
    ]
    assert len(rules) == 2
    assert sorted(sources) == sorted(rules)


@BOTH
def test_definition_is_in_the_template_line_by_line(stages: Stages, stage: str, definitions: dict[str, str]) -> None:
    properties = stages[stage].one("AWS::SageMaker::Pipeline")["Properties"]
    body = properties["PipelineDefinition"]["PipelineDefinitionBody"]
    definition, values = definition_body.read(body)
    assert definition == definitions[stage]
    assert values.keys() == variables(definition)
    assert body == join_lines(definition, values)


def test_a_placeholder_without_a_value_and_a_value_without_a_placeholder_are_refused(
    definitions: dict[str, str],
) -> None:
    with pytest.raises(BindingError, match=r"\$\{Extra\} has no value: bind it"):
        synthesize("dev", definitions["dev"].replace("${DataBucket}/raw/", "${Extra}/raw/"))
    with pytest.raises(BindingError, match=r"\$\{SplitCode\} is not in the definition: use it"):
        synthesize("dev", definitions["dev"].replace("${SplitCode}", "split.zip"))


@pytest.mark.parametrize("place", ["/raw/", "regressor"])
def test_literal_dollar_brace_is_refused_beside_a_placeholder_and_on_a_line_of_its_own(
    definitions: dict[str, str], place: str
) -> None:
    # CloudFormation would make ${Literal} of it beside a placeholder, and leave it as it is elsewhere.
    with pytest.raises(BindingError, match=r"\$\{!Literal\} has no value"):
        synthesize("dev", definitions["dev"].replace(place, f"{place}${{!Literal}}", 1))


@BOTH
def test_the_champion_finder_may_only_look_at_its_own_group(stages: Stages, stage: str) -> None:
    path = f"emp-bonus-{stage}-pipeline/FindChampion/Role/Resource"
    role = stages[stage].resources("AWS::IAM::Role")[path]
    registry, logs = all_statements(role)
    assert registry["Action"] == ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"]
    group = find_stage(stage).model_package_group_name
    assert all(group.lower() in json.dumps(resource).lower() for resource in registry["Resource"])
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert "ManagedPolicyArns" not in role["Properties"]


@BOTH
def test_jobs_may_read_the_file_that_stands_for_no_champion_and_no_other_json(stages: Stages, stage: str) -> None:
    role = stages[stage].resources("AWS::IAM::Role")[f"emp-bonus-{stage}-pipeline/JobRole/Resource/Resource"]
    (reading,) = (each for each in all_statements(role) if each["Action"] == "s3:GetObject")
    assert len(re.findall(r"/[0-9a-f]{64}\.json", json.dumps(reading["Resource"]))) == 1


def test_only_a_stage_that_searches_may_run_tuning_jobs() -> None:
    stage = find_stage("dev")
    searching = changed("dev", training=dataclasses.replace(stage.training, tuning=Tuning()))
    for settings, kind, other in ((stage, "TrainingJob", "Tuning"), (searching, "HyperParameterTuningJob", "Training")):
        found = synthesize(settings, build_definition(settings))
        role = found.resources("AWS::IAM::Role")["emp-bonus-dev-pipeline/PipelineRole/Resource/Resource"]
        actions = json.dumps([each["Action"] for each in all_statements(role)])
        assert f"sagemaker:Create{kind}" in actions
        assert f"sagemaker:Create{other}Job" not in actions


@BOTH
def test_the_pipeline_may_run_only_its_own_jobs_as_the_job_role(stages: Stages, stage: str) -> None:
    role = stages[stage].resources("AWS::IAM::Role")[f"emp-bonus-{stage}-pipeline/PipelineRole/Resource/Resource"]
    statements = {json.dumps(each["Action"]): each for each in all_statements(role)}
    (passing,) = (each for action, each in statements.items() if "PassRole" in action)
    job_role = stages[stage].logical_id(f"emp-bonus-{stage}-pipeline/JobRole/Resource/Resource")
    assert passing["Resource"] == {"Fn::GetAtt": [job_role, "Arn"]}
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    prefix = find_stage(stage).job_prefix
    for action, statement in statements.items():
        if "JobRole" not in action and "Job" in action:
            assert re.search(rf":(processing|training)-job/{prefix}-\*", json.dumps(statement["Resource"]))


@BOTH
def test_no_role_has_a_wildcard_action_or_an_unscoped_resource(stages: Stages, stage: str) -> None:
    # These have no resource that they could be limited to.
    unscoped = {"ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"}
    for path, role in stages[stage].resources("AWS::IAM::Role").items():
        for statement in all_statements(role):
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not any("*" in action for action in actions), path
            assert statement["Resource"] != "*" or set(actions) <= unscoped, path


@BOTH
def test_every_role_is_assumed_for_this_account_only(stages: Stages, stage: str) -> None:
    for path, role in stages[stage].resources("AWS::IAM::Role").items():
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, path


@BOTH
def test_jobs_may_pull_exactly_the_images_of_the_definition(
    stages: Stages, stage: str, definitions: dict[str, str]
) -> None:
    role = stages[stage].resources("AWS::IAM::Role")[f"emp-bonus-{stage}-pipeline/JobRole/Resource/Resource"]
    (pull,) = (each for each in all_statements(role) if "ecr:BatchGetImage" in each["Action"])
    images = re.findall(r'"(\d+)\.dkr\.ecr\.([^.]+)\.amazonaws\.com/([^:"]+)', definitions[stage])
    expected = sorted({f"arn:aws:ecr:{region}:{account}:repository/{name}" for account, region, name in images})
    assert sorted(pull["Resource"]) == expected
    assert len(expected) == 2


@BOTH
def test_what_others_need_to_know_is_an_output(stages: Stages, stage: str) -> None:
    assert {"DataBucketName", "ModelPackageGroupArn"} <= set(stages[stage].storage["Outputs"])
    assert {"PipelineName", "PipelineArn"} <= set(stages[stage].pipeline["Outputs"])


def test_the_schedule_is_a_setting(definitions: dict[str, str]) -> None:
    schedule = Schedule(expression="rate(1 day)", period_hours=24, enabled=True)
    found = synthesize(changed("dev", schedule=schedule), definitions["dev"])
    rule = found.resources("AWS::Events::Rule")["emp-bonus-dev-pipeline/ScheduledStart/Resource"]["Properties"]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 day)", "ENABLED")


@BOTH
@pytest.mark.parametrize("part", ["storage", "pipeline"])
def test_the_template_is_the_reviewed_one(stages: Stages, golden: Golden, stage: str, part: str) -> None:
    golden.check(reviewed(stages, stage, part))


def reviewed(stages: Stages, stage: str, part: str) -> Reviewed:
    """Return a template without what a golden file leaves out, on the base of prod's."""
    template: dict[str, Any] = json.loads(json.dumps(getattr(stages[stage], part)))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::SageMaker::Pipeline":
            definition = resource["Properties"]["PipelineDefinition"]
            definition["PipelineDefinitionBody"] = definition_body.fold(definition["PipelineDefinitionBody"])
    text = json.dumps(template, indent=2) + "\n"
    text = re.sub(r"\b[0-9a-f]{64}\b", "<asset>", text)
    base = reviewed(stages, "prod", part) if stage != "prod" else None
    return Reviewed(f"{stage}/{part}.template.json", text, base)
