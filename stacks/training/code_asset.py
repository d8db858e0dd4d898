"""A file that the CDK uploads under a name that is its content's hash."""

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from pipeline_definition.jobs.spark_jobs import runs_on_spark
from pipeline_definition.placeholders import CODE, SPARK_LIBRARIES, name_of
from settings import Stage
from stacks.training.code_archive import ROOT, step_archive
from stacks.training.spark_libraries import fetch_wheel


class CodeAsset(Construct):
    """An archive of its own for each step: a change in another leaves it, and the step's cache, as it was."""

    def __init__(self, scope: Construct, id_: str, *, file_name: str, content: bytes) -> None:
        super().__init__(scope, id_)
        with as_file(file_name, content) as path:
            self.asset = s3_assets.Asset(self, "Resource", path=path)


def add_code(scope: Construct, jobs: Collection[str], stage: Stage) -> dict[str, str]:
    """Add the archive of each of *jobs*, modules of `processing.jobs`; return the object keys by placeholder."""
    contract = ROOT / stage.data_contract
    on_spark = [job for job in jobs if runs_on_spark(stage, job)]
    files = {CODE[job]: (f"{job}.zip", step_archive(job, contract, on_spark=job in on_spark)) for job in jobs}
    if on_spark:
        # Under this name it is an archive like the others, which the role may read.
        files[SPARK_LIBRARIES] = ("libraries.zip", fetch_wheel().read_bytes())
    return {
        token: CodeAsset(scope, name_of(token), file_name=name, content=content).asset.s3_object_key
        for token, (name, content) in files.items()
    }


@contextmanager
def as_file(name: str, content: bytes) -> Iterator[str]:
    """Give the path of a file of this content, for as long as the CDK takes to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield str(path)
