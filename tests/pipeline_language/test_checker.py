"""The checker passes what is deployed and names every single defect: its place, what was found, and the remedy."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from pipeline_definition.placeholders import EXAMPLES, bind
from pipeline_language.checker import DefinitionError, check_definition
from settings import STAGES

Definition = dict[str, Any]
NAME = "emp-bonus-training-pipeline"


@pytest.fixture(scope="session")
def sound(definitions: dict[str, str]) -> Definition:
    document: Definition = json.loads(bind(definitions["dev"], EXAMPLES))
    return document


def steps(definition: Definition) -> dict[str, Any]:
    return {step["Name"]: step for step in definition["Steps"]}


def arguments(definition: Definition, step: str) -> Any:
    return steps(definition)[f"EmpBonus{step}"]["Arguments"]


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_deployed_has_no_problem(definitions: dict[str, str], stage: str) -> None:
    check_definition(bind(definitions[stage], EXAMPLES), pipeline_name=STAGES[stage].pipeline_name)


def unknown_member(d: Definition) -> None:
    arguments(d, "Training")["EnableNetworkIsolaton"] = True


def missing_member(d: Definition) -> None:
    del arguments(d, "Training")["OutputDataConfig"]


def unknown_instance_type(d: Definition) -> None:
    d["Parameters"][4]["DefaultValue"] = "ml.m5.huge"


def wrong_type_of_literal(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["VolumeSizeInGB"] = "30"


def number_as_hyperparameter(d: Definition) -> None:
    arguments(d, "Training")["HyperParameters"]["epochs"] = 10


def text_parameter_for_a_number(d: Definition) -> None:
    cluster = arguments(d, "PreProcessing")["ProcessingResources"]["ClusterConfig"]
    cluster["InstanceCount"] = {"Get": "Parameters.ProcessingInstanceType"}


def join_for_a_number(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["VolumeSizeInGB"] = {"Std:Join": {"On": "", "Values": ["3", "0"]}}


def malformed_role(d: Definition) -> None:
    arguments(d, "Training")["RoleArn"] = "JobRole"


def runtime_above_the_limit(d: Definition) -> None:
    arguments(d, "DataSplit")["StoppingCondition"]["MaxRuntimeInSeconds"] = 10_000_000


def metadata_with_a_comma(d: Definition) -> None:
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["ModelType"] = "bonus, linear"


def metadata_too_long(d: Definition) -> None:
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["ModelType"] = "x" * 257


def group_name_too_long(d: Definition) -> None:
    arguments(d, "RegisterModel")["ModelPackageGroupName"] = "x" * 200


def unknown_approval_status(d: Definition) -> None:
    d["Parameters"][5]["EnumValues"].append("Maybe")


def too_many_arguments(d: Definition) -> None:
    arguments(d, "DataSplit")["AppSpecification"]["ContainerArguments"] = ["x"] * 101


def structure_for_a_list(d: Definition) -> None:
    arguments(d, "DataSplit")["ProcessingInputs"] = {}


def dangling_step(d: Definition) -> None:
    d["Steps"] = [step for step in d["Steps"] if step["Name"] != "EmpBonusDataSplit"]


def dangling_property(d: Definition) -> None:
    container = arguments(d, "RegisterModel")["InferenceSpecification"]["Containers"][0]
    container["ModelDataUrl"] = {"Get": "Steps.EmpBonusTraining.ModelArtifact.S3ModelArtifacts"}


def dangling_output(d: Definition) -> None:
    source = arguments(d, "Training")["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    source["S3Uri"]["Get"] = source["S3Uri"]["Get"].replace("'train'", "'trian'")


def malformed_reference(d: Definition) -> None:
    arguments(d, "Training")["RoleArn"] = {"Get": "Steps"}


def undeclared_parameter(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["InstanceType"] = {"Get": "Parameters.InstanceType"}


def unused_parameter(d: Definition) -> None:
    d["Parameters"].append({"Name": "Owner", "Type": "String", "DefaultValue": "me"})


def unknown_property_file(d: Definition) -> None:
    get = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.EmpBonusDataSplit.PropertyFiles.Sizes"}, "Path": "a"}}
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["Size"] = get


def output_without_execution(d: Definition) -> None:
    output = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]
    output["S3Uri"] = "s3://emp-bonus-example-data/train"


def model_without_execution(d: Definition) -> None:
    arguments(d, "Training")["OutputDataConfig"]["S3OutputPath"] = "s3://emp-bonus-example-data/models"


def output_that_another_begins_with(d: Definition) -> None:
    outputs = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"]
    outputs[3]["S3Output"]["S3Uri"]["Std:Join"]["Values"][-1] = "test-rows"


def execution_in_the_cache_key(d: Definition) -> None:
    arguments(d, "PreProcessing")["Environment"]["RUN"] = {"Get": "Execution.PipelineExecutionId"}


def execution_deep_in_the_cache_key(d: Definition) -> None:
    arguments(d, "Training")["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = {
        "Std:Join": {"On": "/", "Values": ["s3://b", {"Get": "Execution.PipelineExecutionId"}]}
    }


def data_without_a_version(d: Definition) -> None:
    del arguments(d, "PreProcessing")["Environment"]
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["DataVersion"] = {"Get": "Parameters.DataVersion"}


def malformed_duration(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["CacheConfig"]["ExpireAfter"] = "30d"


def cached_registration(d: Definition) -> None:
    steps(d)["EmpBonusRegisterModel"]["CacheConfig"] = {"Enabled": True, "ExpireAfter": "P30D"}


def gate(*steps: Any, **condition: Any) -> Definition:
    """Return a condition step that runs *steps* when it is met."""
    written = {"Type": "Equals", "LeftValue": {"Get": "Execution.PipelineName"}, "RightValue": "x"} | condition
    return {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {"Conditions": [written], "IfSteps": list(steps), "ElseSteps": []},
    }


def dependency_on_a_condition(d: Definition) -> None:
    d["Steps"].append(gate())
    steps(d)["EmpBonusRegisterModel"]["DependsOn"] = ["Gate"]


def dependency_on_nothing(d: Definition) -> None:
    steps(d)["EmpBonusRegisterModel"]["DependsOn"] = ["EmpBonusEvaluation"]


def circle(d: Definition) -> None:
    steps(d)["EmpBonusPreProcessing"]["DependsOn"] = ["EmpBonusTraining"]


def reference_into_a_branch(d: Definition) -> None:
    training = next(step for step in d["Steps"] if step["Name"] == "EmpBonusTraining")
    d["Steps"].remove(training)
    d["Steps"].append(gate(training))


def repeated_name(d: Definition) -> None:
    d["Steps"].append(copy.deepcopy(d["Steps"][0]))


def malformed_name(d: Definition) -> None:
    d["Steps"].append({"Name": "Not a name", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}})


def name_too_long(d: Definition) -> None:
    d["Steps"].append({"Name": "N" * 65, "Type": "Fail", "Arguments": {"ErrorMessage": "no"}})


def unknown_type(d: Definition) -> None:
    d["Steps"].append({"Name": "Notify", "Type": "EMRServerless", "Arguments": {}})


def retry_of_a_job_error_by_a_registration(d: Definition) -> None:
    steps(d)["EmpBonusRegisterModel"]["RetryPolicies"][0]["ExceptionType"] = ["SageMaker.CAPACITY_ERROR"]


def unknown_retry_error(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicies"][0]["ExceptionType"] = ["Step.THROTLING"]


def retry_of_a_fail_step(d: Definition) -> None:
    policy = {"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 2}
    d["Steps"].append({"Name": "No", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}, "RetryPolicies": [policy]})


def retry_without_end(d: Definition) -> None:
    del steps(d)["EmpBonusTraining"]["RetryPolicies"][0]["MaxAttempts"]


def too_many_retries(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicies"][0]["MaxAttempts"] = 21


def error_retried_twice(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicies"][1]["ExceptionType"].append("Step.THROTTLING")


def job_without_a_maximum_runtime(d: Definition) -> None:
    del arguments(d, "DataSplit")["StoppingCondition"]


def job_name_too_long(d: Definition) -> None:
    arguments(d, "Training")["TrainingJobName"] = "n" * 40


def parameter_of_unknown_type(d: Definition) -> None:
    d["Parameters"][0]["Type"] = "Uri"


def default_of_another_type(d: Definition) -> None:
    d["Parameters"][2]["DefaultValue"] = "1"


def default_that_is_not_allowed(d: Definition) -> None:
    d["Parameters"][5]["DefaultValue"] = "approved"


def another_version(d: Definition) -> None:
    d["Version"] = "2021-01-01"


def unknown_member_of_a_step(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["RetryPolicy"] = []


def step_without_arguments(d: Definition) -> None:
    del steps(d)["EmpBonusTraining"]["Arguments"]


def text_for_a_list(d: Definition) -> None:
    steps(d)["EmpBonusTraining"]["DependsOn"] = "EmpBonusDataSplit"


def condition_as_the_sdk_calls_its_class(d: Definition) -> None:
    d["Steps"].append(gate(Type="ConditionEquals"))


def condition_without_a_right_value(d: Definition) -> None:
    condition = gate()
    del condition["Arguments"]["Conditions"][0]["RightValue"]
    d["Steps"].append(condition)


def join_without_a_list(d: Definition) -> None:
    arguments(d, "Training")["OutputDataConfig"]["S3OutputPath"] = {"Std:Join": {"On": "/", "Values": "s3://b"}}


def join_of_a_structure(d: Definition) -> None:
    values = ["s3://b", {"Get": "Steps.EmpBonusDataSplit.ProcessingOutputConfig"}]
    arguments(d, "Training")["OutputDataConfig"]["S3OutputPath"] = {"Std:Join": {"On": "/", "Values": values}}


def property_file_by_its_name(d: Definition) -> None:
    get = {"Std:JsonGet": {"Step": "EmpBonusDataSplit", "PropertyFile": "Sizes", "Path": "a"}}
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["Size"] = get


def property_file_without_json_get(d: Definition) -> None:
    get = {"Get": "Steps.EmpBonusDataSplit.PropertyFiles.Sizes"}
    arguments(d, "RegisterModel")["CustomerMetadataProperties"]["Size"] = get


def property_file_of_no_output(d: Definition) -> None:
    file = {"PropertyFileName": "Sizes", "OutputName": "sizes", "FilePath": "sizes.json"}
    steps(d)["EmpBonusDataSplit"]["PropertyFiles"] = [file]


def property_file_declared_twice(d: Definition) -> None:
    file = {"PropertyFileName": "Sizes", "OutputName": "train", "FilePath": "sizes.json"}
    steps(d)["EmpBonusDataSplit"]["PropertyFiles"] = [file, file]


def output_that_is_not_in_s3(d: Definition) -> None:
    uri = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
    uri["Std:Join"]["Values"][0] = "emp-bonus-example-data"


def reference_to_a_step_that_makes_nothing(d: Definition) -> None:
    d["Steps"].append({"Name": "No", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}})
    arguments(d, "Training")["RoleArn"] = {"Get": "Steps.No.RoleArn"}


def registration_without_a_group(d: Definition) -> None:
    del arguments(d, "RegisterModel")["ModelPackageGroupName"]


def fixed_data_without_a_version(d: Definition) -> None:
    source = arguments(d, "Training")["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    source["S3Uri"] = "s3://somewhere/train/"


def input_declared_twice(d: Definition) -> None:
    arguments(d, "DataSplit")["ProcessingInputs"][1]["InputName"] = "cleaned"


def folder_in_another(d: Definition) -> None:
    outputs = arguments(d, "DataSplit")["ProcessingOutputConfig"]["Outputs"]
    outputs[1]["S3Output"]["LocalPath"] = f"{outputs[0]['S3Output']['LocalPath']}/validation"


def repeated_parameter(d: Definition) -> None:
    d["Parameters"].append(d["Parameters"][0])


def unbound_placeholder(d: Definition) -> None:
    arguments(d, "Training")["RoleArn"] = "arn:aws:iam::111122223333:role/${JobRole}"


@pytest.mark.parametrize(
    ("spoil", "place", "text"),
    [
        (
            unknown_member,
            "EmpBonusTraining.Arguments.EnableNetworkIsolaton",
            "is not a member of CreateTrainingJobRequest: remove or rename it",
        ),
        (missing_member, "EmpBonusTraining.Arguments", "OutputDataConfig is missing"),
        (
            unknown_instance_type,
            "EmpBonusTraining.Arguments.ResourceConfig.InstanceType",
            "'ml.m5.huge' is not a TrainingInstanceType",
        ),
        (
            wrong_type_of_literal,
            "EmpBonusTraining.Arguments.ResourceConfig.VolumeSizeInGB",
            "'30' is not of type integer",
        ),
        (number_as_hyperparameter, "EmpBonusTraining.Arguments.HyperParameters.epochs", "10 is not of type string"),
        (
            text_parameter_for_a_number,
            "EmpBonusPreProcessing.Arguments.ProcessingResources.ClusterConfig.InstanceCount",
            "found a String, ProcessingInstanceCount is of type integer: refer to one that is",
        ),
        (join_for_a_number, "EmpBonusTraining.Arguments.ResourceConfig.VolumeSizeInGB", "found a String"),
        (malformed_role, "EmpBonusTraining.Arguments.RoleArn", "'JobRole' is less than 20 characters"),
        (
            runtime_above_the_limit,
            "EmpBonusDataSplit.Arguments.StoppingCondition.MaxRuntimeInSeconds",
            "0000000 is more",
        ),
        (
            metadata_with_a_comma,
            "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.ModelType",
            "'bonus, linear' is not a CustomerMetadataValue",
        ),
        (metadata_too_long, "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.ModelType", "more than 256"),
        (group_name_too_long, "EmpBonusRegisterModel.Arguments.ModelPackageGroupName", "is more than 170 characters"),
        (
            unknown_approval_status,
            "EmpBonusRegisterModel.Arguments.ModelApprovalStatus",
            "'Maybe' is not a ModelApprovalStatus",
        ),
        (
            too_many_arguments,
            "EmpBonusDataSplit.Arguments.AppSpecification.ContainerArguments",
            "101 items: give 1 to 100, as ContainerArguments takes them",
        ),
        (structure_for_a_list, "EmpBonusDataSplit.Arguments.ProcessingInputs", "{} is not a list"),
        (
            dangling_step,
            "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri",
            "step EmpBonusDataSplit does not exist: name one of EmpBonusPreProcessing, EmpBonusTraining",
        ),
        (
            dangling_property,
            "EmpBonusRegisterModel.Arguments.InferenceSpecification.Containers[0].ModelDataUrl",
            "Steps.EmpBonusTraining.ModelArtifact.S3ModelArtifacts is not a property of a Training step",
        ),
        (
            dangling_output,
            "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri",
            "Steps.EmpBonusDataSplit.ProcessingOutputConfig.Outputs.trian.S3Output.S3Uri is not a property",
        ),
        (malformed_reference, "EmpBonusTraining.Arguments.RoleArn", "'Steps' is no reference"),
        (
            undeclared_parameter,
            "EmpBonusTraining.Arguments.ResourceConfig.InstanceType",
            "parameter InstanceType is not declared: add it to Parameters",
        ),
        (unused_parameter, "Parameters.Owner", "no step uses it: use it, or remove it"),
        (
            unknown_property_file,
            "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.Size.Std:JsonGet.PropertyFile",
            "Steps.EmpBonusDataSplit.PropertyFiles.Sizes is not a property file of the step: declare it there",
        ),
        (
            output_without_execution,
            "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri",
            "no execution id in the path: join Execution.PipelineExecutionId into it",
        ),
        (
            model_without_execution,
            "EmpBonusTraining.Arguments.OutputDataConfig.S3OutputPath",
            "no execution id in the path: join Execution.PipelineExecutionId into it",
        ),
        (
            output_that_another_begins_with,
            "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[2].S3Output.S3Uri",
            "reading this S3 prefix also reads EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[3]",
        ),
        (
            execution_in_the_cache_key,
            "EmpBonusPreProcessing.Arguments.Environment.RUN",
            "Execution.PipelineExecutionId is in the cache key, so it can never hit: move it to an output path",
        ),
        (
            execution_deep_in_the_cache_key,
            "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri.Std:Join.Values[1]",
            "Execution.PipelineExecutionId is in the cache key",
        ),
        (
            data_without_a_version,
            "EmpBonusPreProcessing.Arguments.ProcessingInputs[0].S3Input.S3Uri",
            "the data there can change and the cache would not notice: put a parameter called ...Version into",
        ),
        (malformed_duration, "EmpBonusTraining.CacheConfig.ExpireAfter", "'30d' is not an ISO 8601 duration"),
        (cached_registration, "EmpBonusRegisterModel.CacheConfig", "a RegisterModel step is never cached"),
        (dependency_on_a_condition, "EmpBonusRegisterModel.DependsOn", "Gate is a Condition: put the step into one"),
        (dependency_on_nothing, "EmpBonusRegisterModel.DependsOn", "step EmpBonusEvaluation does not exist"),
        (circle, "EmpBonus", "wait for each other: take one reference out"),
        (
            reference_into_a_branch,
            "EmpBonusRegisterModel.Arguments.InferenceSpecification.Containers[0].ModelDataUrl",
            "step EmpBonusTraining runs only in Gate.IfSteps: refer to it from there",
        ),
        (repeated_name, "EmpBonusPreProcessing", "2 steps have this name"),
        (malformed_name, "Not a name", "'Not a name' is not a StepName"),
        (name_too_long, "N" * 65, "is more than 64 characters"),
        (unknown_type, "Notify", "type EMRServerless cannot be checked: use Processing, Training, RegisterModel"),
        (
            retry_of_a_job_error_by_a_registration,
            "EmpBonusRegisterModel.RetryPolicies[0]",
            "SageMaker.CAPACITY_ERROR is not retried by a RegisterModel step: use Step.SERVICE_FAULT, Step.THROTTLING",
        ),
        (unknown_retry_error, "EmpBonusTraining.RetryPolicies[0]", "Step.THROTLING is not retried by a Training step"),
        (retry_of_a_fail_step, "No.RetryPolicies[0]", "is not retried by a Fail step: use no retry policy"),
        (
            retry_without_end,
            "EmpBonusTraining.RetryPolicies[0]",
            "no limit, or two: give either MaxAttempts or ExpireAfterMin",
        ),
        (
            too_many_retries,
            "EmpBonusTraining.RetryPolicies[0].MaxAttempts",
            "21 is greater than the maximum of 20: give less",
        ),
        (error_retried_twice, "EmpBonusTraining.RetryPolicies", "Step.THROTTLING appears in 2 policies: keep one"),
        (
            job_without_a_maximum_runtime,
            "EmpBonusDataSplit.Arguments.StoppingCondition",
            "no MaxRuntimeInSeconds: set one",
        ),
        (job_name_too_long, "EmpBonusTraining.Arguments.TrainingJobName", "leaves no room for the 24 characters"),
        (parameter_of_unknown_type, "Parameters.InputData", "type Uri: choose String, Integer, Float, Boolean"),
        (
            default_of_another_type,
            "Parameters.ProcessingInstanceCount",
            "'1' is not of type Integer: write one that is",
        ),
        (default_that_is_not_allowed, "Parameters.ModelApprovalStatus", "the default 'approved' is not in EnumValues"),
        (another_version, "Definition.Version", "'2020-12-01' was expected: write it"),
        (unknown_member_of_a_step, "EmpBonusTraining", "('RetryPolicy' was unexpected): remove or rename it"),
        (step_without_arguments, "EmpBonusTraining", "'Arguments' is a required property: add it"),
        (
            text_for_a_list,
            "EmpBonusTraining.DependsOn",
            "'EmpBonusDataSplit' is not of type 'array': write one that is",
        ),
        (
            condition_as_the_sdk_calls_its_class,
            "Gate.Arguments.Conditions[0]",
            "write a condition, with Type, LeftValue and RightValue",
        ),
        (
            condition_without_a_right_value,
            "Gate.Arguments.Conditions[0]",
            "write a condition, with Type, LeftValue and RightValue",
        ),
        (
            join_without_a_list,
            "EmpBonusTraining.Arguments.OutputDataConfig.S3OutputPath",
            'Std:Join is not well formed: write {"Std:Join": {"On": TEXT, "Values": LIST}}',
        ),
        (
            join_of_a_structure,
            "EmpBonusTraining.Arguments.OutputDataConfig.S3OutputPath.Std:Join.Values[1]",
            "not a text or a number: join one that is",
        ),
        (
            property_file_by_its_name,
            "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.Size",
            "Std:JsonGet is not well formed",
        ),
        (
            property_file_without_json_get,
            "EmpBonusRegisterModel.Arguments.CustomerMetadataProperties.Size",
            "only a property file is read with Std:JsonGet, and with nothing else: write it so",
        ),
        (property_file_of_no_output, "EmpBonusDataSplit.PropertyFiles[0]", "sizes is not an output of the step"),
        (property_file_declared_twice, "EmpBonusDataSplit.PropertyFiles[1]", "Sizes appears twice"),
        (
            output_that_is_not_in_s3,
            "EmpBonusDataSplit.Arguments.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri",
            "'emp-bonus-example-data/' does not begin an S3 URI: begin with s3://",
        ),
        (
            reference_to_a_step_that_makes_nothing,
            "EmpBonusTraining.Arguments.RoleArn",
            "a Fail step makes nothing; refer to a step that does",
        ),
        (registration_without_a_group, "EmpBonusRegisterModel.Arguments", "ModelPackageGroupName is missing"),
        (
            fixed_data_without_a_version,
            "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri",
            "the data there can change and the cache would not notice",
        ),
        (input_declared_twice, "EmpBonusDataSplit.Arguments", "InputName cleaned appears 2 times: give each its own"),
        (folder_in_another, "EmpBonusDataSplit.Arguments", "give each a folder beside the others"),
        (repeated_parameter, "Parameters.InputData", "2 parameters have this name: keep one"),
        (unbound_placeholder, "Definition", "${JobRole} is not bound: give it a value"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_single_defect_is_named(
    sound: Definition, spoil: Callable[[Definition], None], place: str, text: str
) -> None:
    spoilt = copy.deepcopy(sound)
    spoil(spoilt)
    with pytest.raises(DefinitionError) as error:
        check_definition(json.dumps(spoilt), pipeline_name=NAME)
    found = [line.partition(": ") for line in str(error.value).splitlines()]
    assert any(at.startswith(place) and text in what for at, _, what in found), str(error.value)


@pytest.mark.parametrize("name", ["bad_name!", "-bonus", "b" * 257, ""])
def test_a_pipeline_name_that_the_service_refuses_is_refused(sound: Definition, name: str) -> None:
    with pytest.raises(DefinitionError, match=r"^PipelineName: "):
        check_definition(json.dumps(sound), pipeline_name=name)


def test_a_definition_too_long_for_the_service_is_refused(sound: Definition) -> None:
    with pytest.raises(DefinitionError, match="characters: write at most 1048576"):
        check_definition(json.dumps(sound) + " " * 1_048_576, pipeline_name=NAME)


def test_all_problems_are_named_at_once(sound: Definition) -> None:
    spoilt = copy.deepcopy(sound)
    for spoil in (unused_parameter, malformed_duration, output_without_execution):
        spoil(spoilt)
    with pytest.raises(DefinitionError) as error:
        check_definition(json.dumps(spoilt), pipeline_name=NAME)
    assert len(str(error.value).splitlines()) == 3
