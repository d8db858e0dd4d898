"""A file that the CDK uploads under a name that is its content's hash."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from pipeline_definition.placeholders import CODE, name_of
from settings import Stage
from stacks.training.code_archive import ROOT, step_archive


class CodeAsset(Construct):
    """An archive of its own for each step: a change in another leaves it, and the step's cache, as it was."""

    def __init__(self, scope: Construct, id_: str, *, file_name: str, content: bytes) -> None:
        super().__init__(scope, id_)
        with as_file(file_name, content) as path:
            self.asset = s3_assets.Asset(self, "Resource", path=path)


def add_code(scope: Construct, jobs: Iterable[str], stage: Stage) -> dict[str, str]:
    """Add the archive of each of *jobs*, modules of `processing.jobs`; return the object keys by placeholder."""
    contract = ROOT / stage.data_contract
    assets = {
        CODE[job]: CodeAsset(
            scope, name_of(CODE[job]), file_name=f"{job}.zip", content=step_archive(job, contract)
        ).asset
        for job in jobs
    }
    return {token: asset.s3_object_key for token, asset in assets.items()}


@contextmanager
def as_file(name: str, content: bytes) -> Iterator[str]:
    """Give the path of a file of this content, for as long as the CDK takes to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield str(path)
