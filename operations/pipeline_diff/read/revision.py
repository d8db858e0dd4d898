"""Synthesizes a git revision with the tools of this checkout, in a work tree of its own; each tree once."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from operations.pipeline_diff.read.errors import UnreadableSideError

KEPT = Path(".local/assemblies")
"""Assemblies by stage and tree: what was synthesized from the same files is the same."""


@dataclass(frozen=True)
class Checkout:
    """The checkout whose CDK and Python synthesize."""

    root: Path
    environment: Mapping[str, str]

    def synthesize_revision(self, revision: str, stage: str) -> Path:
        """Return the assembly of *stage* at *revision*; raise `UnreadableSideError` where there is none."""
        tree = self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}")
        if tree is None:
            raise UnreadableSideError(
                f"{revision} is no git revision, file or folder here: fetch it, or give what git rev-parse knows"
            )
        kept = self.root / KEPT / f"{stage}-{tree}"
        if not kept.is_dir():
            with self._work_tree(revision) as source:
                self._keep(source, stage, kept, revision)
        return kept

    def synthesize_working_tree(self, stage: str) -> Path:
        """Return the assembly of *stage* as the files are now."""
        out = self.root / KEPT / f"{stage}-working-tree"
        shutil.rmtree(out, ignore_errors=True)
        self._keep(self.root, stage, out, "the working tree")
        return out

    @contextmanager
    def _work_tree(self, revision: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "source"
            if self._git("worktree", "add", "--quiet", "--detach", str(source), revision) is None:
                raise UnreadableSideError(f"{revision} cannot be checked out beside this: run git worktree prune")
            (source / ".venv").symlink_to(self.root / ".venv")  # cdk.json names the Python in it
            try:
                yield source
            finally:
                self._git("worktree", "remove", "--force", str(source))

    def _keep(self, source: Path, stage: str, kept: Path, revision: str) -> None:
        """Synthesize beside, then rename: what is there is whole, whoever else synthesizes the same."""
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            out = Path(folder) / "cdk.out"
            run = subprocess.run(
                [
                    *(self.root / "node_modules/.bin/cdk", "--context", f"stage={stage}", "--output", out),
                    *("synth", "--quiet", "--no-notices"),
                ],
                cwd=source,
                env=self._tools,
                capture_output=True,
                text=True,
                check=False,
            )
            if run.returncode:
                raise UnreadableSideError(f"{revision} cannot be synthesized for stage {stage}: {_last_line(run)}")
            if not kept.exists():
                out.rename(kept)

    @property
    def _tools(self) -> dict[str, str]:
        """The environment with this checkout's Python and node, and without an account.

        The same files give the same templates, whoever is signed in, and the CLI asks nobody who that is.
        """
        path = f"{self.root / '.venv/bin'}{os.pathsep}{self.environment.get('PATH', '')}"
        left_out = ("AWS_", "CDK_", "PYTHON")
        kept = {name: value for name, value in self.environment.items() if not name.startswith(left_out)}
        no_account = {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return {**kept, **no_account, "PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "true"}

    def _git(self, *arguments: str) -> str | None:
        """Return what git says, or None where it fails."""
        command = ["git", *arguments]
        run = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        return run.stdout.strip() if run.returncode == 0 else None


def _last_line(run: subprocess.CompletedProcess[str]) -> str:
    """Return the last line of an error that is not the CLI's own farewell."""
    lines = [line.strip() for line in (run.stderr + run.stdout).splitlines() if line.strip()]
    said = [line for line in lines if "Subprocess exited" not in line and not line.startswith("NOTICES")]
    return (said or lines or ["it said nothing"])[-1]
