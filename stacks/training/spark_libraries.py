"""The libraries that jobs in the Spark image take along: pyarrow, which the image lacks, as its maker published it."""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from settings import SettingsError
from stacks.training.code_archive import ROOT

VERSION = "25.0.0"
"""That of the scikit-learn image, so that both write the same text for a number."""
WHEEL = f"pyarrow-{VERSION}-cp312-cp312-manylinux_2_28_x86_64.whl"
SHA256 = "5d1dbf24e151042f2fa3c129563f65d66674128868496fb008c4272b16bdf778"  # pragma: allowlist secret  no secret
FOLDER = ROOT / ".local/wheels"

_FOR_THE_IMAGE = ("--python-version", "3.12", "--platform", "manylinux_2_28_x86_64", "--only-binary=:all:")


class MissingLibraryError(SettingsError):
    """A wheel that is not here, and cannot be fetched."""


def fetch_wheel(folder: Path = FOLDER) -> Path:
    """Return the wheel in *folder*, fetched once from the package registry, whose pip is asked for nothing else."""
    path = folder / WHEEL
    if not _is_whole(path):
        _download(folder)
    if not _is_whole(path):
        raise MissingLibraryError(
            f"processing.engine is 'spark', and {path} cannot be fetched with the right hash: let pip reach a package"
            " registry (HTTPS_PROXY, PIP_INDEX_URL), put the file there, or set engine='local'"
        )
    return path


def _is_whole(path: Path) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == SHA256


def _download(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        pinned = Path(temporary) / "requirements.txt"
        pinned.write_text(f"pyarrow=={VERSION} --hash=sha256:{SHA256}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--require-hashes", "--requirement", str(pinned), "--dest", str(folder), *_FOR_THE_IMAGE]
        subprocess.run(command, capture_output=True, check=False)


if __name__ == "__main__":
    try:
        fetch_wheel()
    except MissingLibraryError as refusal:
        sys.exit(str(refusal))
