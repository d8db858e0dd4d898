"""Pairs of sides, one for each kind of change: the reviewed templates of prod, and what somebody makes of them."""

import copy
import dataclasses
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from operations.pipeline_diff.read import Side
from operations.pipeline_diff.read.files import side_of_definition, side_of_templates
from stacks.training.definition_body import join_lines
from tests import golden_files

Template = dict[str, Any]
Change = Callable[["Written"], None]

STORAGE, PIPELINE = "emp-bonus-prod-storage", "emp-bonus-prod-pipeline"
SCRIPTS = {
    "DataQualityCode": "data_quality",
    "PreprocessCode": "preprocess",
    "SplitCode": "split",
    "EvaluateCode": "evaluate",
}


@dataclasses.dataclass
class Written:
    """What a side is made of, to be changed."""

    definition: Template
    values: Template
    storage: Template
    pipeline: Template
    files: dict[str, dict[str, str]]
    """Object key -> member -> text."""

    def step(self, name: str) -> Template:
        """Return the step called EmpBonus*name*, wherever it is."""
        return next(each for each in _steps(self.definition["Steps"]) if each["Name"] == f"EmpBonus{name}")

    def parameter(self, name: str) -> Template:
        found: Template = next(each for each in self.definition["Parameters"] if each["Name"] == name)
        return found

    def resource(self, logical_id: str) -> Template:
        """Return the resource whose logical id begins so."""
        both = {**self.storage["Resources"], **self.pipeline["Resources"]}
        return next(each for name, each in both.items() if re.fullmatch(logical_id + "[0-9A-F]{8}", name))

    def rewrite(self, code: str, change: Callable[[dict[str, str]], object]) -> None:
        """Put another archive in the place of *code*."""
        name = f"${{{code}}}"
        members = dict(self.files[self.values[name]])
        change(members)
        self.values[name] = f"{int(self.values[name][:64], 16) + 0xC0DE:064x}.zip"
        self.files[self.values[name]] = members


def _steps(steps: list[Template]) -> list[Template]:
    nested = [
        inner for each in steps for branch in ("IfSteps", "ElseSteps") for inner in each["Arguments"].get(branch, ())
    ]
    return [*steps, *(_steps(nested) if nested else ())]


def written() -> Written:
    """Return prod as it was reviewed, with made-up archives."""
    numbers = count(1)
    text = re.sub("<asset>", lambda _: f"{next(numbers):064x}", golden_files.read("prod/pipeline.template.json"))
    pipeline = json.loads(text)
    body = _pipeline(pipeline)["PipelineDefinition"]
    values = body["PipelineDefinitionBody"]["Fn::Join"][2]
    files = {
        values[f"${{{code}}}"]: {
            "__main__.py": f"from processing.jobs.{job} import main\n",
            f"processing/jobs/{job}.py": "rows = 1\n",
        }
        for code, job in SCRIPTS.items()
    }
    return Written(
        json.loads(golden_files.read("prod/definition.json")),
        values,
        json.loads(golden_files.read("prod/storage.template.json")),
        pipeline,
        files,
    )


def _pipeline(template: Template) -> Template:
    found: Template = next(
        each["Properties"] for each in template["Resources"].values() if each["Type"] == "AWS::SageMaker::Pipeline"
    )
    return found


def side(name: str, content: Written, folder: Path) -> Side:
    """Return the side that *content* makes; its archives are written below *folder*."""
    pipeline = copy.deepcopy(content.pipeline)
    body = join_lines(json.dumps(content.definition, indent=2), content.values)
    _pipeline(pipeline)["PipelineDefinition"] = {"PipelineDefinitionBody": body}
    templates = {STORAGE: content.storage, PIPELINE: pipeline}
    archives = {key: _write(folder / name / key, members) for key, members in content.files.items()}
    return dataclasses.replace(side_of_templates(name, templates, whole=True), archives=archives)


def _write(path: Path, members: Mapping[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


def pairs(folder: Path) -> dict[str, tuple[Side, Side]]:
    """Return each pair, a base and a head, by its name; archives are written below *folder*."""
    before = written()
    base = side("base", before, folder / "base")
    found = {}
    for name, changes in CHANGES.items():
        after = copy.deepcopy(before)
        for change in changes:
            change(after)
        found[name] = (base, side("head", after, folder / name))
    other = copy.deepcopy(before.definition)
    (limit,) = (each for each in other["Parameters"] if each["Name"] == "MinimumR2")
    limit["DefaultValue"] = 0.7
    found["definition_alone"] = (side_of_definition("base", before.definition), side_of_definition("head", other))
    found["definition_with_stacks"] = (side_of_definition("definition.json", other), base)
    return found


def looser_limit(it: Written) -> None:
    it.parameter("MinimumR2")["DefaultValue"] = 0.3


def stricter_limit(it: Written) -> None:
    it.parameter("MaximumRmse")["DefaultValue"] = 2000.0


def hyperparameter(it: Written) -> None:
    it.step("Training")["Arguments"]["HyperParameters"]["learning_rate"] = "0.1"


def features(it: Written) -> None:
    it.step("PreProcessing")["Arguments"]["AppSpecification"]["ContainerArguments"] += ["--without", "age", "profile"]


def instance_type(it: Written) -> None:
    it.parameter("TrainingInstanceType")["DefaultValue"] = "ml.m5.4xlarge"


def unpriced_instance_type(it: Written) -> None:
    it.step("Evaluation")["Arguments"]["ProcessingResources"]["ClusterConfig"]["InstanceType"] = "ml.p5.48xlarge"


def instance_count(it: Written) -> None:
    it.parameter("ProcessingInstanceCount")["DefaultValue"] = 3


def larger_volume(it: Written) -> None:
    it.step("DataSplit")["Arguments"]["ProcessingResources"]["ClusterConfig"]["VolumeSizeInGB"] = 100


def image(it: Written) -> None:
    specification = it.step("PreProcessing")["Arguments"]["AppSpecification"]
    specification["ImageUri"] = specification["ImageUri"].replace("1.9-0", "1.10-0")


def parameter_added(it: Written) -> None:
    it.definition["Parameters"].append({"Name": "Owner", "Type": "String"})


def parameter_removed(it: Written) -> None:
    it.definition["Parameters"].remove(it.parameter("MinimumImprovement"))


def parameter_without_default(it: Written) -> None:
    del it.parameter("InputData")["DefaultValue"]


def automatic_approval(it: Written) -> None:
    it.parameter("ModelApprovalStatus").update(
        DefaultValue="Approved", EnumValues=["Approved", "PendingManualApproval"]
    )


def step_added(it: Written) -> None:
    step = copy.deepcopy(it.step("DataSplit"))
    step["Name"] = "EmpBonusBalance"
    step["Arguments"]["AppSpecification"]["ContainerArguments"] = ["--balance", "department"]
    step["Arguments"]["ProcessingInputs"] = step["Arguments"]["ProcessingInputs"][:1]
    step["Arguments"]["ProcessingOutputConfig"]["Outputs"] = []
    step["DependsOn"] = ["EmpBonusDataSplit"]
    it.definition["Steps"].append(step)


def step_removed(it: Written) -> None:
    it.definition["Steps"].remove(it.step("DataQuality"))
    del it.step("PreProcessing")["DependsOn"]


def step_renamed(it: Written) -> None:
    it.definition = json.loads(json.dumps(it.definition).replace("EmpBonusDataSplit", "EmpBonusDivide"))


def edge_removed(it: Written) -> None:
    del it.step("PreProcessing")["DependsOn"]


def edge_added(it: Written) -> None:
    it.step("Training")["DependsOn"] = ["EmpBonusDataQuality", "EmpBonusDataSplit"]


def cache_shortened(it: Written) -> None:
    it.step("PreProcessing")["CacheConfig"]["ExpireAfter"] = "P7D"


def cache_off(it: Written) -> None:
    it.step("Training")["CacheConfig"]["Enabled"] = False


def fewer_retries(it: Written) -> None:
    it.step("Training")["RetryPolicies"][0]["MaxAttempts"] = 1


def network_access(it: Written) -> None:
    it.step("Training")["Arguments"]["EnableNetworkIsolation"] = False


def environment(it: Written) -> None:
    it.step("Evaluation")["Arguments"]["Environment"] = {"TZ": "Europe/Dublin"}


def gate_condition(it: Written) -> None:
    it.step("QualityGate")["Arguments"]["Conditions"].pop()


def definition_metadata(it: Written) -> None:
    it.definition["Metadata"] = {"team": "rewards"}


def script(it: Written) -> None:
    it.rewrite("SplitCode", lambda members: members.update({"processing/jobs/split.py": "rows = 2\n"}))


def shared_module(it: Written) -> None:
    for code in SCRIPTS:
        it.rewrite(code, lambda members: members.update({"processing/records/columns.py": "COLUMNS = ()\n"}))


def function_code(it: Written) -> None:
    it.resource("FindChampion")["Properties"]["Code"]["S3Key"] = f"{0xF00D:064x}.zip"


def repacked(it: Written) -> None:
    it.rewrite("SplitCode", dict.copy)


def schedule(it: Written) -> None:
    it.resource("ScheduledStart")["Properties"]["ScheduleExpression"] = "cron(0 4 * * ? *)"


def schedule_off(it: Written) -> None:
    it.resource("ScheduledStart")["Properties"]["State"] = "DISABLED"


def new_data_start_on(it: Written) -> None:
    it.resource("NewDataStart")["Properties"]["State"] = "ENABLED"


def role_may_delete(it: Written) -> None:
    statement = it.resource("JobRole")["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    statement["Action"] = [*actions, "s3:DeleteObject"]


def denial_removed(it: Written) -> None:
    it.resource("DataBucketPolicy")["Properties"]["PolicyDocument"]["Statement"].pop(0)


def anybody_may_publish(it: Written) -> None:
    for statement in it.resource("OperationsNotificationsTopicPolicy")["Properties"]["PolicyDocument"]["Statement"]:
        statement["Principal"] = "*"


def statements_reordered(it: Written) -> None:
    for policy in it.resource("JobRole")["Properties"]["Policies"]:
        policy["PolicyDocument"]["Statement"].reverse()


def statement_split(it: Written) -> None:
    """Write a statement for each action of one."""
    document = it.resource("Approvers")["Properties"]["PolicyDocument"]
    first = document["Statement"].pop(0)
    document["Statement"] += [{**first, "Action": action} for action in first["Action"]]


def bucket_unprotected(it: Written) -> None:
    del it.storage["Resources"]["AccessLogs247031D9"]["DeletionPolicy"]
    del it.storage["Resources"]["AccessLogs247031D9"]["UpdateReplacePolicy"]


def group_forgotten(it: Written) -> None:
    del it.storage["Resources"]["ModelRegistryB238A970"]


def group_replaced(it: Written) -> None:
    it.resource("ModelRegistry")["Properties"]["ModelPackageGroupDescription"] = "Models"


def queue_destroyed(it: Written) -> None:
    for name in [name for name in it.pipeline["Resources"] if re.fullmatch("FailedStarts(Policy)?[0-9A-F]{8}", name)]:
        del it.pipeline["Resources"][name]


def alarm_threshold(it: Written) -> None:
    it.resource("OperationsAlarmsFailedStarts")["Properties"]["Threshold"] = 5


def output_added(it: Written) -> None:
    it.pipeline["Outputs"]["Owner"] = {"Value": "rewards"}


def huge_template(it: Written) -> None:
    it.step("Evaluation")["Arguments"]["Environment"] = {"NOTES": "x" * 960_000}


def keys_reordered(it: Written) -> None:
    it.definition = json.loads(json.dumps(it.definition, sort_keys=True))
    it.pipeline["Resources"] = dict(reversed(it.pipeline["Resources"].items()))


def lists_reordered(it: Written) -> None:
    it.definition["Parameters"].reverse()
    for step in it.definition["Steps"]:
        for name in ("ProcessingInputs", "Tags", "InputDataConfig"):
            step["Arguments"].get(name, []).reverse()
    it.parameter("ProcessingInstanceType")["EnumValues"].reverse()


UNCHANGED: dict[str, tuple[Change, ...]] = {
    "no_change": (),
    "keys_reordered": (keys_reordered,),
    "lists_reordered": (lists_reordered,),
    "archive_repacked": (repacked,),
    "statements_reordered": (statements_reordered,),
}
"""What means nothing."""

CHANGES: dict[str, tuple[Change, ...]] = {
    **UNCHANGED,
    "looser_limit": (looser_limit,),
    "stricter_limit": (stricter_limit,),
    "hyperparameter": (hyperparameter,),
    "features": (features,),
    "instance_type": (instance_type,),
    "unpriced_instance_type": (unpriced_instance_type,),
    "instance_count": (instance_count,),
    "larger_volume": (larger_volume,),
    "image": (image,),
    "parameter_added": (parameter_added,),
    "parameter_removed": (parameter_removed,),
    "parameter_without_default": (parameter_without_default,),
    "automatic_approval": (automatic_approval,),
    "step_added": (step_added,),
    "step_removed": (step_removed,),
    "step_renamed": (step_renamed,),
    "edge_removed": (edge_removed,),
    "edge_added": (edge_added,),
    "cache_shortened": (cache_shortened,),
    "cache_off": (cache_off,),
    "fewer_retries": (fewer_retries,),
    "network_access": (network_access,),
    "environment": (environment,),
    "gate_condition": (gate_condition,),
    "definition_metadata": (definition_metadata,),
    "script": (script,),
    "shared_module": (shared_module,),
    "function_code": (function_code,),
    "schedule": (schedule,),
    "schedule_off": (schedule_off,),
    "new_data_start_on": (new_data_start_on,),
    "role_may_delete": (role_may_delete,),
    "denial_removed": (denial_removed,),
    "anybody_may_publish": (anybody_may_publish,),
    "statement_split": (statement_split,),
    "bucket_unprotected": (bucket_unprotected,),
    "group_forgotten": (group_forgotten,),
    "group_replaced": (group_replaced,),
    "queue_destroyed": (queue_destroyed,),
    "alarm_threshold": (alarm_threshold,),
    "output_added": (output_added,),
    "huge_template": (huge_template,),
    "learning_rate_and_instance_and_script": (hyperparameter, instance_type, script),
    "everything_at_once": (looser_limit, step_added, image, schedule, role_may_delete, group_replaced, shared_module),
}
