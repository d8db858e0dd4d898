"""Finds runs of lines in CSV files whose last column is in order, and copies them: nothing else of a line is parsed.

But for the header, these files hold numbers alone, so that each line end and each comma is one. Where there is text in
quotation marks, lines are counted from the end of the file.
"""

import mmap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from processing.job import open_whole

BLOCK_BYTES = 4 << 20
SLICE_BYTES = 64 << 20
"""Whose lines are counted at a time."""

_LF, _COMMA, _QUOTE = b'\n,"'

Positions = npt.NDArray[np.int64]


class Run(NamedTuple):
    """Whole lines of a file."""

    path: Path
    start: int
    stop: int


def find_rows(path: Path) -> Run:
    """Return all lines of *path* but the first."""
    with path.open("rb") as file:
        return Run(path, len(file.readline()), path.stat().st_size)


def cut_at_key(run: Run, key: int) -> tuple[Run, Run]:
    """Return the lines of *run* whose last column is less than *key*, and the others."""
    path, low, high = run
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        while low < high:
            middle = text.find(b"\n", (low + high) // 2, high) + 1
            start = middle if low < middle < high else low
            end = text.find(b"\n", start)
            if int(text[text.rfind(b",", start, end) + 1 : end]) < key:
                low = end + 1
            else:
                high = start
    return Run(path, run.start, low), Run(path, low, run.stop)


def slice_lines(run: Run) -> Iterator[Run]:
    """Yield the lines of *run* in runs of about one size."""
    start = run.start
    with run.path.open("rb") as file:
        while start < run.stop:
            file.seek(min(start + SLICE_BYTES, run.stop) - 1)
            file.readline()
            yield Run(run.path, start, file.tell())
            start = file.tell()


def count_lines(run: Run) -> int:
    """Return how many lines *run* has."""
    return sum(int(np.count_nonzero(np.frombuffer(block, np.uint8) == _LF)) for block in _read(run))


def cut_evenly(runs: Sequence[Run], counts: Sequence[int], files: int) -> list[list[Run]]:
    """Return the lines of *runs*, each of which has so many, for so many *files* of one size to one line, in order."""
    total, above = sum(counts), 0
    parts: list[list[Run]] = [[]]
    bounds = [number * total // files for number in range(1, files)]
    for run, count in zip(runs, counts, strict=True):
        rest = run
        for bound in (bound for bound in bounds if above <= bound < above + count):
            start = _find_line(run, bound - above)
            parts[-1].append(Run(run.path, rest.start, start))
            parts.append([])
            rest = Run(run.path, start, run.stop)
        parts[-1].append(rest)
        above += count
    return parts


def _find_line(run: Run, number: int) -> int:
    """Return where the line with this number begins, counted from 0."""
    start = run.start
    for block in _read(run):
        ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LF)
        if number <= len(ends):
            return start + (int(ends[number - 1]) + 1 if number else 0)
        start, number = start + len(block), number - len(ends)
    return run.stop


def find_last_rows(path: Path, rows: int) -> Run:
    """Return the last *rows* of a file with a header; text in quotation marks may have line ends."""
    stop = size = path.stat().st_size
    ends_before, is_quoted = rows + 1, False
    with path.open("rb") as file:
        while stop:
            start = max(stop - BLOCK_BYTES, 0)
            file.seek(start)
            text = np.frombuffer(file.read(stop - start), np.uint8)
            quoted = np.logical_xor.accumulate(text[::-1] == _QUOTE)[::-1] ^ is_quoted
            ends = np.flatnonzero((text == _LF) & ~quoted)
            if ends_before <= len(ends):
                return Run(path, start + int(ends[-ends_before]) + 1, size)
            ends_before, is_quoted, stop = ends_before - len(ends), bool(quoted[0]), start
    return Run(path, 0, size)


def copy(runs: Sequence[Run], target: Path) -> None:
    """Write the lines of *runs* to *target*."""
    with open_whole(target) as file:
        file.writelines(block for run in runs for block in _read(run))


def copy_without_last_column(runs: Sequence[Run], target: Path) -> int:
    """Write the lines of *runs* to *target*, but for their last column; return how many there are."""
    lines = 0
    with open_whole(target) as file:
        for block in (block for run in runs for block in _read(run)):
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LF)
            file.write(_leave_out(block, _find_last_commas(block, ends), ends))
            lines += len(ends)
    return lines


def _find_last_commas(block: bytes, ends: Positions) -> Positions:
    """Return where the last column of each line begins; as it is in order, it is no shorter in the lines below."""
    first = int(ends[0]) - block.rindex(b",", 0, int(ends[0]))
    if first == len(block) - 1 - block.rindex(b","):
        return ends - first
    commas = np.flatnonzero(np.frombuffer(block, np.uint8) == _COMMA)
    return commas.reshape(len(ends), -1)[:, -1]


def _leave_out(block: bytes, starts: Positions, stops: Positions) -> memoryview:
    """Return *block* without what is between *starts* and *stops*."""
    bounds = np.zeros(2 * len(starts) + 2, np.int32)
    bounds[1:-1:2], bounds[2::2], bounds[-1] = starts, stops, len(block)
    pieces = pa.BinaryArray.from_buffers(
        pa.binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(block)]
    )
    kept = pieces.take(pa.array(np.arange(0, len(pieces), 2)))
    content = memoryview(kept.buffers()[2])
    return content[: len(block) - int((stops - starts).sum())]


def _read(run: Run) -> Iterator[bytes]:
    """Yield the lines of *run* in blocks."""
    with run.path.open("rb") as file:
        position = file.seek(run.start)
        while position < run.stop:
            block = file.read(min(BLOCK_BYTES, run.stop - position))
            if position + len(block) < run.stop:
                block += file.readline()
            position += len(block)
            yield block
