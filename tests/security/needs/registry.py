"""What the model registry is to IAM."""

from collections.abc import Iterator

from tests.security.deployment import Application

SOME_VERSION = "7"


def group_arns(application: Application, group: str) -> Iterator[str]:
    """Yield the ARN of *group* in both spellings: SageMaker writes names in lower case in some ARNs."""
    for name in dict.fromkeys((group, group.lower())):
        yield application.deployment.account.arn("sagemaker", f"model-package-group/{name}")


def package_arns(application: Application, group: str) -> Iterator[str]:
    """Yield the ARN of a version of *group* in both spellings."""
    for name in dict.fromkeys((group, group.lower())):
        yield application.deployment.account.arn("sagemaker", f"model-package/{name}/{SOME_VERSION}")


def group_and_package_arns(application: Application, group: str) -> Iterator[str]:
    """Yield all of these: public data sets disagree on which of them IAM looks at when a version is made or listed."""
    yield from group_arns(application, group)
    yield from package_arns(application, group)
