"""A run that lacks one right fails at the step that needs it, and says which right it is."""

from dataclasses import dataclass

import pytest

from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import start
from tests.end_to_end.local_aws.least_privilege.application import named
from tests.end_to_end.local_aws.least_privilege.whole_run import WholeRun
from tests.end_to_end.local_aws.least_privilege.withdrawn_rights import withdrawn
from tests.security.deployed_stage import DeployedStage

STEPS = [
    *("EmpBonusFindChampion", "EmpBonusDataQuality", "EmpBonusPreProcessing", "EmpBonusDataSplit"),
    *("EmpBonusTraining", "EmpBonusEvaluation", "EmpBonusQualityGate", "EmpBonusRegisterModel"),
]


@dataclass(frozen=True)
class Missing:
    """A right that a role lacks, and the step where that shows."""

    role: str
    action: str
    step: str
    below: str = ""
    """End of the resources that the right is missing on, if not on all."""
    new_data: bool = False
    """Whether the steps run; else all jobs come from the cache."""
    told: str = ""
    """What the step's reason has instead of the right."""
    registered: int = 0
    """Versions that are there nevertheless."""

    def __str__(self) -> str:
        return f"{self.role} {self.action} {self.below}".strip()


REGISTRATION = "EmpBonusRegisterModel"
PIPELINE, JOB, FUNCTION = "PipelineRole/Resource", "JobRole/Resource", "FindChampion/Role"
MISSING = [
    Missing(PIPELINE, "lambda:InvokeFunction", "EmpBonusFindChampion"),
    Missing(FUNCTION, "sagemaker:ListModelPackages", "EmpBonusFindChampion"),
    Missing(PIPELINE, "iam:PassRole", "EmpBonusDataQuality", new_data=True),
    Missing(PIPELINE, "sagemaker:AddTags", "EmpBonusDataQuality", below="/emp-bonus-dev-*", new_data=True),
    Missing(JOB, "s3:PutObject", "EmpBonusDataQuality", below="/models/*", new_data=True),
    Missing(JOB, "s3:PutObject", "EmpBonusPreProcessing", below="/executions/*", new_data=True),
    Missing(PIPELINE, "sagemaker:CreateTrainingJob", "EmpBonusTraining", new_data=True),
    Missing(PIPELINE, "s3:GetObject", "EmpBonusQualityGate", below="/evaluation.json"),
    Missing(PIPELINE, "sagemaker:CreateModelPackageGroup", REGISTRATION),
    Missing(PIPELINE, "sagemaker:AddTags", REGISTRATION, below=":model-package-group/EmpBonusPackageGroup-dev"),
    Missing(PIPELINE, "sagemaker:CreateModelPackage", REGISTRATION),
    Missing(PIPELINE, "sagemaker:AddTags", REGISTRATION, below=":model-package/EmpBonusPackageGroup-dev/*"),
    Missing(PIPELINE, "s3:GetObject", REGISTRATION, below="/model.tar.gz", told="Access denied for bucket: "),
    # It is asked for once the version is made.
    Missing(PIPELINE, "sagemaker:DescribeModelPackage", REGISTRATION, registered=1),
]


@pytest.mark.parametrize("missing", MISSING, ids=str)
def test_run_fails_at_the_step_that_needs_the_missing_right(
    deployed: LocalAws, application: DeployedStage, run: WholeRun, missing: Missing
) -> None:
    registered = versions(deployed)
    version = {"DataVersion": str(missing).replace("*", "")} if missing.new_data else {}
    with withdrawn(deployed, named(application, f"{missing.role}/Resource").arn, missing.action, below=missing.below):
        execution = start(deployed, **{**run.trained.parameters(), **version})
        assert execution.wait() == "Failed"
    assert execution.failures().keys() == {missing.step}
    told = missing.told or f"is not authorized to perform: {missing.action} "
    assert told in execution.failures()[missing.step]
    reached = STEPS[: STEPS.index(missing.step) + 1]
    assert execution.steps().keys() == set(reached)
    assert versions(deployed) == registered + missing.registered


def versions(aws: LocalAws) -> int:
    """Return how many models are registered."""
    group = aws.stage.model_package_group_name
    listed = aws.client("sagemaker").list_model_packages(ModelPackageGroupName=group, MaxResults=100)
    return len(listed["ModelPackageSummaryList"])
