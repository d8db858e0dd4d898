"""URIs of the images that AWS publishes."""

from sagemaker.core import image_uris

from pipeline_definition.build import Build
from settings import SettingsError, Stage


class ImageError(SettingsError):
    """An image that AWS does not publish in the stage's region."""


def image(framework: str, build: Build, *, version: str | None = None, digest: str | None) -> str:
    """Return the URI of an image in the stage's region, by its tag or, where one is given, by its *digest*."""
    uri = _retrieve(framework, build.stage, version=version)
    return f"{uri.rpartition(':')[0]}@{digest}" if digest else uri


def _retrieve(framework: str, stage: Stage, *, version: str | None) -> str:
    try:
        uri: str = image_uris.retrieve(framework, stage.region, version=version, **_FURTHER.get(framework, {}))
    except ValueError as error:
        wrong_region = str(error).startswith("Unsupported region")
        found = f"region is {stage.region!r}" if wrong_region else f"processing.image_version is {version!r}"
        likely = "'eu-west-1'" if wrong_region else "'1.9-0'"
        raise ImageError(
            f"{found}, for which the SDK knows no image of {framework}: choose another, such as {likely}"
        ) from error
    return uri


def in_region(uri: str, stage: Stage) -> str:
    """Return the image *uri*, of whichever region, as AWS publishes it in that of *stage*: from another account."""
    registry, _, image_name = uri.partition("/")
    repository = image_name.partition(":")[0].partition("@")[0]
    if f".{stage.region}." in registry:
        return uri
    if repository not in _FRAMEWORKS:
        raise ImageError(f"image {uri} is none of AWS's that the pipeline takes: make it known in the stage's region")
    known = _retrieve(_FRAMEWORKS[repository], stage, version=stage.processing.image_version)
    return f"{known.partition('/')[0]}/{image_name}"


SPARK_VERSION = "3.5"
"""With the Python of the scikit-learn image; docs/decisions/0039."""

_FURTHER = {"spark": {"py_version": "py312", "container_version": "v1.3", "instance_type": "ml.m5.xlarge"}}
"""What the SDK asks for beside a version; the image is the same for all types of instances without a GPU."""

_FRAMEWORKS = {"linear-learner": "linear-learner", "sagemaker-scikit-learn": "sklearn"}
"""Repository -> what the SDK calls it."""
