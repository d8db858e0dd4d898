"""`python -IS watch.py OUT CORES COMMAND ...` runs a command on so many cores, and writes what all its processes took.

A small process of its own, for Linux counts the peak memory of whoever starts a process as that process's; and one that
takes in what loses its parent, as Spark's Python processes do, or nobody would know what they took.
"""

import ctypes
import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_SET_CHILD_SUBREAPER = 36
"""Source: linux/prctl.h."""


def wait() -> Iterator[resource.struct_rusage]:
    """Yield what each process that this one waits for took, with what it waited for itself."""
    while True:
        try:
            yield os.wait4(-1, 0)[2]
        except ChildProcessError:  # no process is left
            return


def main(argv: Sequence[str]) -> int:
    """Run the command; return 1 where it fails."""
    out, cores, *command = argv
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    started = time.perf_counter()
    _, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
    wall_s = time.perf_counter() - started
    usages = [usage, *wait()]
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # bytes there, kilobytes here
    found = {
        "wall_s": wall_s,
        "cpu_s": sum(each.ru_utime + each.ru_stime for each in usages),
        "peak_mb": max(each.ru_maxrss for each in usages) / unit,
    }
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    return os.waitstatus_to_exitcode(status) and 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
