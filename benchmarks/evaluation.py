"""`python -m benchmarks.evaluation` times the evaluation of a model beside a champion, on as many rows as asked.

The test rows are all that preprocessing keeps of the made-up employees, and so are the training rows. The champion has
another split seed, so that the split key of every row has to be computed anew: the most that an evaluation can be asked
to do.
"""

import argparse
import json
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from benchmarks.jobs import run_job
from benchmarks.measurement import Measurement, print_medians, save_measurements
from data.mock_data import main as write_mock_data
from local_runner.algorithms.linear_learner.artefact import write_model
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from processing.serving_files import ARCHIVE

FOLDERS = [
    *("model", "feature-model", "test", "readable-test", "train"),
    *("champion-model", "champion-feature-model", "champion-evaluation", "evaluation", "serving"),
]
LIMIT = ["--limit", "MinimumR2", "regression_metrics.r2.value", "at_least", "number", "0"]
REGRESSOR = {"predictor_type": "regressor", "num_models": "1"}


def prepare(folder: Path, rows: int) -> float:
    """Write the inputs of the evaluation of *rows* employees; return the mean squared error to report."""
    write_mock_data(["--rows", str(rows), "--out", str(folder / "raw" / "employees.csv")])
    options = ["--split-seed", "emp-bonus", "--maximum-rejected-share", "0.05", "--minimum-training-rows", "32"]
    run_job("preprocess", folder, ["raw", "cleaned", "transformed", "feature-model", "rejected"], options)
    (folder / "cleaned").rename(folder / "readable-test")
    (folder / "test").mkdir()
    moments = write_channel(folder / "transformed" / "transformed_data.csv", folder / "test" / "test.csv")
    shutil.copytree(folder / "test", folder / "train")
    mse = write_artefact(folder / "model", moments)
    shutil.copytree(folder / "model", folder / "champion-model")
    write_champion(folder / "feature-model", folder / "champion-feature-model")
    return mse


def write_channel(transformed: Path, channel: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Write *channel*, and return the mean products of label, features and 1: all that a linear fit needs.

    In a stream: the peak memory of this process would show in that of the processes it measures.
    """
    keys = pacsv.ConvertOptions(column_types={"split_key": pa.uint64()})  # the smallest come first
    reader = pacsv.open_csv(transformed, convert_options=keys)
    schema = reader.schema.remove(reader.schema.get_field_index("split_key"))
    products, rows = np.zeros((len(schema) + 1, len(schema) + 1)), 0
    with pacsv.CSVWriter(channel, schema, write_options=pacsv.WriteOptions(include_header=False)) as writer:
        for batch in reader:
            numbers = batch.select(schema.names)
            writer.write_batch(numbers)
            columns = np.column_stack([*(column.to_numpy() for column in numbers.columns), np.ones(batch.num_rows)])
            products += columns.T @ columns
            rows += batch.num_rows
    return products / rows


def write_artefact(folder: Path, moments: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    """Fit a model to *moments*, write its artefact and return its mean squared error."""
    weights = np.linalg.lstsq(moments[1:, 1:], moments[1:, 0])[0].astype(np.float32)
    write_model(folder, weights[:-1], weights[-1], Hyperparameters.from_strings(REGRESSOR))
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        archive.add(folder / "model_algo-1", "model_algo-1")
    difference = np.append(1, -weights.astype(np.float64))
    return float(difference @ moments @ difference)


def write_champion(feature_model: Path, champion: Path) -> None:
    """Write a feature model like *feature_model*, learnt from other data that was split with another seed."""
    document = json.loads((feature_model / "feature_model.json").read_text(encoding="utf-8"))
    document |= {"split_seed": "another", "age_median": document["age_median"] + 2, "reference_date": "2024-06-30"}
    champion.mkdir()
    (champion / "feature_model.json").write_text(json.dumps(document), encoding="utf-8")


def make_artefact(folder: Path, rows: int = 20_000) -> Path:
    """Return a folder with the unpacked serving artefact of a model of *rows* employees, that of a job in *folder*."""
    run(folder, prepare(folder, rows))
    with tarfile.open(folder / "serving" / ARCHIVE) as archive:
        archive.extractall(folder / "artefact", filter="data")
    return folder / "artefact"


def run(folder: Path, mse: float) -> Measurement:
    """Evaluate once."""
    return run_job("evaluate", folder, FOLDERS, ["--champion", "another", *LIMIT, "--reported-test-mse", str(mse)])


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        print(f"preparing {options.rows:,} employees ...", flush=True)
        mse = prepare(Path(scratch), options.rows)
        measured = [run(Path(scratch), mse) for _ in range(options.runs)]
        report = json.loads((Path(scratch) / "evaluation" / "evaluation.json").read_text(encoding="utf-8"))
    print_medians({"evaluate": measured})
    save_measurements("evaluation", {"evaluate": measured}, rows=report["rows"])
    compared = report["champion"]
    print(f"\n{report['rows']:,} test rows, {compared['rows']:,} of them compared with the champion; r2", end=" ")
    print(f"{report['regression_metrics']['r2']['value']:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
