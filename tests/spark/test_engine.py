"""A Spark cluster and the processes of one machine make the same of the same data, to the byte, and say the same."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

pytest.importorskip("pyspark", reason="make test-spark has it")

from pyspark import SparkConf, SparkContext

from processing.engines import pool
from processing.engines.engine import Engine, Rows, Start
from processing.engines.spark import SparkEngine
from processing.features import key_ranges
from processing.job import ContractViolationError, JobError
from processing.jobs import data_quality, preprocess, split
from processing.records import parts
from tests.spark.inputs import INPUTS, write

pytestmark = [
    # Spark leaves its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SMALL_BYTES = 60_000
"""Of a part and of a range, so that small inputs have several."""


@pytest.fixture(scope="module")
def context() -> Iterator[SparkContext]:
    properties = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "localhost",
    }
    with SparkContext("local[2]", conf=SparkConf().setAll(properties.items())) as found:
        found.setLogLevel("ERROR")
        yield found


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", SMALL_BYTES)
    monkeypatch.setattr(key_ranges, "RANGE_BYTES", SMALL_BYTES)


def start_on(context: SparkContext) -> Start:
    """Return what starts an engine on *context*, which goes on when the job has ended."""
    return lambda _config, _scratch: contextlib.nullcontext(SparkEngine(context))


# What a job would have an engine do: functions of a module, which other processes import.


def refuse_odd(number: int) -> int:
    if number % 2:
        raise ContractViolationError(f"{number} is odd")
    return 10 * number


def spread_numbers(refused: int, first: int) -> Rows[str]:
    for number in range(first, first + 4):
        if number == refused:
            raise JobError(f"{number} is refused")
        yield number % 3, pa.RecordBatch.from_pydict({"number": [number]})
    return f"from {first}"


def list_numbers(number: int, batches: list[pa.RecordBatch]) -> tuple[int, list[int]]:
    return number, sorted(value for batch in batches for value in batch["number"].to_pylist())


def double_numbers(number: int, batches: list[pa.RecordBatch]) -> tuple[pa.RecordBatch, int]:
    _, numbers = list_numbers(number, batches)
    return pa.RecordBatch.from_pydict({"number": pa.array([2 * each for each in numbers], pa.int64())}), len(numbers)


@pytest.fixture
def engine(context: SparkContext) -> Engine:
    return SparkEngine(context)


def test_results_come_in_the_order_of_items(engine: Engine) -> None:
    assert engine.map(refuse_odd, [4, 0, 2]) == [40, 0, 20]
    assert engine.map(refuse_odd, []) == []


def test_first_refusal_in_the_order_of_items_is_raised_as_it_was(engine: Engine) -> None:
    with pytest.raises(ContractViolationError, match=r"^5 is odd$"):
        engine.map(refuse_odd, [2, 5, 3])
    with pytest.raises(JobError, match=r"^9 is refused$"):
        engine.spread(partial(spread_numbers, 9), [0, 4, 8], 4)


def test_rows_are_read_by_range_as_often_as_asked_and_ranges_without_rows_are_empty(engine: Engine) -> None:
    results, ranges = engine.spread(partial(spread_numbers, -1), [0, 4], 4)
    assert results == ["from 0", "from 4"]
    assert ranges.map(list_numbers) == [(0, [0, 3, 6]), (1, [1, 4, 7]), (2, [2, 5]), (3, [])]
    assert ranges.map(list_numbers, only=[1, 3]) == [(1, [1, 4, 7]), (3, [])]


def test_rows_that_are_rewritten_are_in_the_place_of_those_before(engine: Engine) -> None:
    _, ranges = engine.spread(partial(spread_numbers, -1), [0, 4], 4)
    counts, doubled = ranges.rewrite(double_numbers)
    assert counts == [3, 3, 2, 0]
    assert doubled.map(list_numbers, only=[0, 2, 3]) == [(0, [0, 6, 12]), (2, [4, 10]), (3, [])]


@dataclass(frozen=True)
class Outcome:
    """What the three jobs came to on one engine."""

    exit_codes: list[int]
    message: str
    outputs: Mapping[str, bytes]
    """Name -> the content of its files in order, headers but the first left out."""


OUTPUTS = {
    "data_quality": ["data-quality"],
    "preprocess": ["cleaned", "transformed", "feature-model", "rejected"],
    "split": ["train", "validation", "test", "readable-test"],
}
WITH_HEADER = ("cleaned", "transformed", "readable-test")


def run(raw: Path, root: Path, start: Start) -> Outcome:
    """Run the jobs one after the other, until one fails."""
    root.mkdir()
    (root / "baseline").mkdir()
    config = root / "resourceconfig.json"
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    limits = ["--split-seed", "seed", "--maximum-rejected-share", "0.05", "--minimum-training-rows", "9"]
    limits += ["--without", "age"]
    read = ["cleaned", "transformed", "feature-model"]
    jobs: list[tuple[Callable[..., int], list[str], list[str]]] = [
        (data_quality.main, ["baseline", *OUTPUTS["data_quality"]], ["--raw", str(raw)]),
        (preprocess.main, OUTPUTS["preprocess"], ["--raw", str(raw), *limits]),
        (split.main, [*read, *OUTPUTS["split"]], ["--train-files", "2"]),
    ]
    codes: list[int] = []
    for main, folders, options in jobs:
        words = [word for name in folders for word in (f"--{name}", str(root / name))]
        places = ["--resource-config", str(config), "--message", str(root / "message")]
        codes.append(main([*words, *options, *places], {"DATA_VERSION": "v"}, start))
        if codes[-1] not in (0, ContractViolationError.exit_code):
            break
    message = root / "message"
    return Outcome(codes, message.read_text() if message.is_file() else "", dict(read_outputs(root)))


def read_outputs(root: Path) -> Iterator[tuple[str, bytes]]:
    for name in (each for names in OUTPUTS.values() for each in names):
        contents = [path.read_bytes() for path in sorted((root / name).glob("*")) if path.is_file()]
        heads = [content.index(b"\n") + 1 if name in WITH_HEADER else 0 for content in contents]
        yield (
            name,
            b"".join(
                each[head if index else 0 :] for index, (each, head) in enumerate(zip(contents, heads, strict=True))
            ),
        )


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("name", INPUTS)
def test_both_engines_write_the_same_bytes_and_say_the_same(tmp_path: Path, context: SparkContext, name: str) -> None:
    raw = write(name, tmp_path / "raw")
    expected = run(raw, tmp_path / "pool", pool.start)
    found = run(raw, tmp_path / "spark", start_on(context))
    assert (found.exit_codes, found.message) == (expected.exit_codes, expected.message)
    for output, content in expected.outputs.items():
        assert found.outputs[output] == content, output


@pytest.mark.usefixtures("small_parts")
def test_inputs_are_cut_and_their_rows_are_written_by_several_tasks(tmp_path: Path, context: SparkContext) -> None:
    run(write("all faults", tmp_path / "raw"), tmp_path / "spark", start_on(context))
    assert len(list((tmp_path / "spark/transformed").iterdir())) >= 4
