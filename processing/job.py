"""What a processing job owes its container: whole files, which instance it is, and one clear line when it fails."""

import argparse
import contextlib
import dataclasses
import errno
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

log = logging.getLogger(__name__)


class JobError(Exception):
    """The job cannot go on. The text is for whoever started it: what was found, then the remedy; never a data value."""

    exit_code: ClassVar[int] = 1


class ContractViolationError(JobError):
    """The data violates its contract, which is no fault of the job: people are told of it in other words."""

    exit_code: ClassVar[int] = 3
    """`stacks/operations/event_patterns.py` knows it. Python itself exits with 1 and 2, and 120 or more."""


@dataclass(frozen=True)
class Instance:
    """One of the instances that share a job."""

    index: int
    """From 0."""
    count: int

    @property
    def leads(self) -> bool:
        """Whether this instance does what is done once."""
        return self.index == 0


def add_arguments(parser: argparse.ArgumentParser, options: type) -> None:
    """Give *parser* an argument for each field of the dataclass *options*, required where it has no default."""
    for field in dataclasses.fields(options):
        required = field.default is dataclasses.MISSING
        name, default = f"--{field.name.replace('_', '-')}", None if required else field.default
        parser.add_argument(name, type=field.type, required=required, default=default)


def read_instance(resource_config: Path) -> Instance:
    """Read which instance this is from the file that SageMaker writes for each host of a job.

    Source: "How Amazon SageMaker Processing configures your processing container", resourceconfig.json.
    """
    config = json.loads(resource_config.read_text(encoding="utf-8"))
    hosts = sorted(config["hosts"], key=lambda host: int(host.rpartition("-")[2]))
    return Instance(index=hosts.index(config["current_host"]), count=len(hosts))


@contextlib.contextmanager
def open_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open *path* to be written, in a folder that is made; it gets its name once it is whole, and else is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)  # outputs are uploaded with all that lies beside them


def run(work: Callable[[], None], *, message: Path) -> int:
    """Run *work* and return the exit code; a `JobError` is logged and written to *message* for DescribeProcessingJob.

    SageMaker shows the first 1 KB of that file as the job's ExitMessage ("Save and access metadata information").
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        _refuse_full_disk(work)
    except JobError as error:
        log.error("%s", error)  # noqa: TRY400  the line is the message; a traceback would bury it
        message.parent.mkdir(parents=True, exist_ok=True)
        message.write_text(str(error), encoding="utf-8")  # no line end: the service goes on in the same line
        return error.exit_code
    return 0


def _refuse_full_disk(work: Callable[[], None]) -> None:
    try:
        work()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise JobError("the job's volume is full: set a larger volume_size_gb in the stage's settings") from error
