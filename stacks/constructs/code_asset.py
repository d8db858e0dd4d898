"""The code of one processing step, uploaded by the CDK under a name that is its content's hash."""

import tempfile
from pathlib import Path

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from stacks.code_archive import archive


class StepCode(Construct):
    """An archive of what one step imports: a change in another step leaves it, and the step's cache, as it was."""

    def __init__(self, scope: Construct, id_: str, *, module: str) -> None:
        super().__init__(scope, id_)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{module}.zip"
            path.write_bytes(archive(module))
            self.asset = s3_assets.Asset(self, "Resource", path=str(path))
