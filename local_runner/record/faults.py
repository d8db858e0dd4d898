"""What is said of a fault of this program, as opposed to one of the pipeline, its data or the machine."""

import traceback
from pathlib import Path

LOG = "fault.log"


def record_fault(fault: BaseException, folder: Path) -> str:
    """Write the traceback of *fault* into *folder*, and return a FailureReason that says where it is.

    The reason has the type of *fault* only: its text may hold data of persons.
    """
    log = folder / LOG
    try:
        folder.mkdir(exist_ok=True)
        log.write_text("".join(traceback.format_exception(fault)), encoding="utf-8", errors="backslashreplace")
        where = f"see {log}"
    except OSError as error:
        where = f"its traceback cannot be written ({error.strerror})"
    return f"InternalServerError: a fault of the local runner, not of the pipeline: {type(fault).__name__}: {where}"
