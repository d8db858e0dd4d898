"""URIs of the images that AWS publishes."""

from sagemaker.core import image_uris

from pipeline_definition.build import Build
from settings import SettingsError


class ImageError(SettingsError):
    """An image that AWS does not publish in the stage's region."""


def image(framework: str, build: Build, *, version: str | None = None, digest: str | None) -> str:
    """Return the URI of an image in the stage's region, by its tag or, where one is given, by its *digest*."""
    region = build.stage.region
    try:
        uri: str = image_uris.retrieve(framework, region, version=version)
    except ValueError as error:
        wrong_region = str(error).startswith("Unsupported region")
        found = f"region is {region!r}" if wrong_region else f"processing.image_version is {version!r}"
        likely = "'eu-west-1'" if wrong_region else "'1.9-0'"
        raise ImageError(
            f"{found}, for which the SDK knows no image of {framework}: choose another, such as {likely}"
        ) from error
    return f"{uri.rpartition(':')[0]}@{digest}" if digest else uri
