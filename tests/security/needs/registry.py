"""Which ARNs of the model registry IAM looks at."""

from collections.abc import Iterator

from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.sources import Source

SOME_VERSION = "7"


def group_arns(application: DeployedStage, group: str) -> Iterator[str]:
    """Yield the ARN of *group* in both spellings: SageMaker writes names in lower case in some ARNs."""
    for name in dict.fromkeys((group, group.lower())):
        yield application.deployment.account.arn("sagemaker", f"model-package-group/{name}")


def package_arns(application: DeployedStage, group: str) -> Iterator[str]:
    """Yield the ARN of a version of *group* in both spellings."""
    for name in dict.fromkeys((group, group.lower())):
        yield application.deployment.account.arn("sagemaker", f"model-package/{name}/{SOME_VERSION}")


def group_and_package_arns(application: DeployedStage, group: str) -> Iterator[str]:
    """Yield all of these."""
    yield from group_arns(application, group)
    yield from package_arns(application, group)


def source_of(arn: str, group: str, on_package: Source, on_group: Source) -> Source:
    """Return the source of a need on *arn*; that it is spelled otherwise than *group* was created is always a guess."""
    if group not in arn:
        return sources.SPELLING
    return on_group if ":model-package-group/" in arn else on_package
