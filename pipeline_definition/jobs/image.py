"""URIs of the images that AWS publishes."""

from sagemaker.core import image_uris

from pipeline_definition.build import Build


def image(framework: str, build: Build, *, version: str | None = None, digest: str | None) -> str:
    """Return the URI of an image in the stage's region, by its tag or, where one is given, by its *digest*."""
    uri: str = image_uris.retrieve(framework, build.stage.region, version=version)
    return f"{uri.rpartition(':')[0]}@{digest}" if digest else uri
