"""The stand-in honours the container's contract: files in, log lines and a readable model out, or output/failure."""

import gzip
import io
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from local_runner.algorithms.linear_learner.__main__ import main
from local_runner.algorithms.linear_learner.channels import read_channel
from local_runner.algorithms.linear_learner.job_log import METRIC_DEFINITIONS
from local_runner.steps.training import final_metrics, pack
from tests.local_runner.algorithms.mxnet_reader import read_model

HYPERPARAMETERS = {"predictor_type": "regressor", "num_models": "1", "mini_batch_size": "16", "epochs": "3"}


def rows(count: int, seed: int) -> str:
    generator = np.random.default_rng(seed)
    features = generator.normal(10, 3, (count, 2))
    labels = features @ [2.0, -1.0] + 7
    return "".join(f"{label},{a},{b}\n" for label, (a, b) in zip(labels, features, strict=True))


class Container:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.channels = {"train": rows(200, 1), "validation": rows(50, 2), "test": rows(30, 3)}
        self.hyperparameters: Mapping[str, str] = HYPERPARAMETERS
        self.content_type = "text/csv"
        self.hosts = ["algo-1"]

    def run(self) -> int:
        self._write()
        return main([str(self.root)])

    def run_as_a_process(self) -> str:
        """Run it as the runner does; return what it logs."""
        self._write()
        command = [sys.executable, "-m", "local_runner.algorithms.linear_learner", str(self.root)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _write(self) -> None:
        config = self.root / "input/config"
        config.mkdir(parents=True)
        (config / "hyperparameters.json").write_text(json.dumps(self.hyperparameters))
        (config / "resourceconfig.json").write_text(json.dumps({"current_host": "algo-1", "hosts": self.hosts}))
        channels = {name: {"ContentType": self.content_type, "TrainingInputMode": "File"} for name in self.channels}
        (config / "inputdataconfig.json").write_text(json.dumps(channels))
        for name, text in self.channels.items():
            folder = self.root / "input/data" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "part-1.csv").write_text(text)
        (self.root / "model").mkdir()

    @property
    def failure(self) -> str:
        return (self.root / "output/failure").read_text()


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return Container(tmp_path / "ml")


def test_model_can_be_read_by_a_reader_of_the_managed_artefact(container: Container, tmp_path: Path) -> None:
    assert container.run() == 0
    pack(container.root / "model", tmp_path / "model.tar.gz")
    model = read_model(tmp_path / "model.tar.gz")
    assert model.weights.shape == (2, 1)
    assert model.bias.shape == (1, 1)
    assert model.additional["predictor_type"] == "regressor"
    assert model.additional["loss_type"] == "squared_loss"
    operations = [node["op"] for node in model.symbol["nodes"] if node["op"] != "null"]
    assert operations == ["dot", "broadcast_add", "LinearRegressionOutput"]


def test_saved_model_makes_the_errors_that_the_log_reports(container: Container, tmp_path: Path) -> None:
    log = container.run_as_a_process()
    pack(container.root / "model", tmp_path / "model.tar.gz")
    model = read_model(tmp_path / "model.tar.gz")
    test = np.loadtxt(container.root / "input/data/test/part-1.csv", delimiter=",").astype(np.float32)
    residuals = model.predict(test[:, 1:]) - test[:, 0]
    (mse,) = re.findall(METRIC_DEFINITIONS["test:mse"], log)
    (absolute,) = re.findall(METRIC_DEFINITIONS["test:absolute_loss"], log)
    assert float(mse) == pytest.approx(np.mean(residuals**2), rel=1e-9)
    assert float(absolute) == pytest.approx(np.mean(np.abs(residuals)), rel=1e-9)


def test_log_has_the_lines_of_the_managed_algorithm(container: Container) -> None:
    log = container.run_as_a_process()
    stamp = r"\[\d\d/\d\d/\d{4} \d\d:\d\d:\d\d INFO \d+\] "
    for expected in (
        r"#quality_metric: host=algo-1, epoch=0, train mse_objective <loss>=\S+",
        r"#quality_metric: host=algo-1, epoch=2, validation mse_objective <loss>=\S+",
        r"#early_stopping_criteria_metric: host=algo-1, epoch=0, criteria=mse_objective, value=\S+",
        r"Epoch 0: Loss improved. Updating best model",
        r"#progress_metric: host=algo-1, completed 33 % of epochs",
        r"#progress_metric: host=algo-1, completed 100 % of epochs",
        r"#throughput_metric: host=algo-1, train throughput=\S+ records/second",
        r"#validation_score \(algo-1\) : \('mse', \S+\)",
        r"#quality_metric: host=algo-1, validation absolute_loss <loss>=\S+",
        r'Best model found for hyperparameters: \{"optimizer": "adam",.*\}',
        r"Test data is provided.",
        r"#test_score \(algo-1\) : \('mse_objective', \S+\)",
    ):
        assert re.search(f"^{stamp}{expected}$", log, re.MULTILINE), expected
    metrics = [json.loads(line) for line in re.findall(r"^#metrics (.*)$", log, re.MULTILINE)]
    assert metrics[0]["Dimensions"]["Algorithm"] == "Linear Learner"
    assert "train_mse_objective" in metrics[0]["Metrics"]


def test_service_reads_every_regressor_metric_of_a_job_with_three_channels(container: Container) -> None:
    metrics = final_metrics(container.run_as_a_process(), METRIC_DEFINITIONS, datetime.now(UTC))
    found = {metric["MetricName"]: metric["Value"] for metric in metrics}
    final_on_train = {"train:mse", "train:absolute_loss", "train:objective_loss:final"}
    assert set(found) == set(METRIC_DEFINITIONS) - final_on_train
    assert found["train:progress"] == 100
    assert found["validation:objective_loss:final"] == found["validation:mse"]


def test_losses_that_are_no_numbers_are_no_metrics() -> None:
    lines = [
        f"#quality_metric: host=algo-1, epoch={epoch}, train mse_objective <loss>={loss}\n"
        for epoch, loss in enumerate(("2.5", "inf", "nan"))
    ]
    (metric,) = final_metrics("".join(lines), METRIC_DEFINITIONS, datetime.now(UTC))
    assert (metric["MetricName"], metric["Value"]) == ("train:objective_loss", 2.5)


def test_without_a_validation_channel_the_scores_are_those_of_the_training_rows(container: Container) -> None:
    del container.channels["validation"], container.channels["test"]
    log = container.run_as_a_process()
    assert re.findall(METRIC_DEFINITIONS["train:mse"], log)
    assert not re.findall(METRIC_DEFINITIONS["validation:mse"], log)
    assert "Test data is not provided." in log


def test_same_job_gives_the_same_bytes(tmp_path: Path) -> None:
    archives = []
    for name in ("one", "other"):
        container = Container(tmp_path / name)
        container.run()
        pack(container.root / "model", tmp_path / f"{name}.tar.gz")
        archives.append((tmp_path / f"{name}.tar.gz").read_bytes())
    assert archives[0] == archives[1]


def test_several_files_of_a_channel_are_read_as_one(container: Container, tmp_path: Path) -> None:
    whole = Container(tmp_path / "whole")
    whole.run()
    lines = container.channels["train"].splitlines(keepends=True)
    container.channels["train"] = "".join(lines[:120])
    folder = container.root / "input/data/train"
    folder.mkdir(parents=True)
    (folder / "part-2.csv").write_text("".join(lines[120:]))
    assert container.run() == 0
    assert (container.root / "model/model_algo-1").read_bytes() == (whole.root / "model/model_algo-1").read_bytes()


def test_channel_of_many_pieces_is_read_as_numpy_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "input/data/train"
    folder.mkdir(parents=True)
    text = "".join(rows(20_000, seed) for seed in (1, 2))
    (folder / "part-1.csv").write_text(text)
    with gzip.open(folder / "part-2.csv.gz", "wt") as file:
        file.write(rows(100, 3))
    expected = np.loadtxt(io.StringIO(text + rows(100, 3)), delimiter=",").astype(np.float32)
    data = read_channel(tmp_path, "train")
    assert np.array_equal(data.labels, expected[:, 0])
    assert np.array_equal(data.features, expected[:, 1:])


def test_files_of_a_channel_with_different_columns_are_refused(container: Container) -> None:
    folder = container.root / "input/data/train"
    folder.mkdir(parents=True)
    (folder / "part-2.csv").write_text("1,2\n")
    assert container.run() == 1
    assert container.failure == "Customer Error: files of channel train have 2 to 3 columns: write them alike\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hyperparameters": HYPERPARAMETERS | {"epoch": "3"}}, "hyperparameter epoch is unknown to the regressor"),
        (
            {"hyperparameters": HYPERPARAMETERS | {"wd": "-1"}},
            "hyperparameter wd is '-1': set auto or a number",
        ),
        (
            {"hyperparameters": HYPERPARAMETERS | {"feature_dim": "3"}},
            "hyperparameter feature_dim is 3: the data has",
        ),
        (
            {"hyperparameters": HYPERPARAMETERS | {"mini_batch_size": "201"}},
            "mini_batch_size 201 is larger than the",
        ),
        (
            {"hyperparameters": HYPERPARAMETERS | {"optimizer": "sgd", "learning_rate": "1000"}},
            "training diverges with optimizer sgd, learning_rate 1000 and wd 0.0001: set a smaller learning_rate",
        ),
        (
            {"hyperparameters": HYPERPARAMETERS | {"optimizer": "sgd", "learning_rate": "1e38"}},
            "training diverges with optimizer sgd, learning_rate 1e+38 and wd 0.0001: set a smaller learning_rate",
        ),
        ({"content_type": "csv"}, "channel train has content type csv: set text/csv"),
        ({"hosts": ["algo-1", "algo-2"]}, "the job has 2 hosts, and 1 are here: start it for all"),
        ({"channels": {"validation": "1,2\n"}}, "channel train is missing: add it"),
        (
            {"channels": {"train": rows(99, 1), "dev": "1,2\n"}},
            "channel dev is unknown: use train, validation",
        ),
        ({"channels": {"train": ""}}, "channel train is empty: give it at least one row"),
        ({"channels": {"train": "bonus,age\n1,2\n"}}, "column 1 of channel train is not numeric: leave out the header"),
        ({"channels": {"train": "1,2\n3,\n"}}, "column 2 of channel train has a missing value: fill it"),
        ({"channels": {"train": "1,2\n3,inf\n"}}, "column 2 of channel train has a value that no 32-bit float holds"),
        ({"channels": {"train": "1,2\n-4e38,2\n"}}, "column 1 of channel train has a value that no 32-bit float holds"),
        ({"channels": {"train": "1\n2\n"}}, "channel train has 1 column: put the label first, then the features"),
        (
            {"channels": {"train": "1,2\n77,88,99\n"}},
            "channel train is no CSV whose rows have one number of columns: w",
        ),
        ({"channels": {"train": "1,2\n3,x77\n"}}, "column 2 of channel train is not numeric: leave out the header and"),
        ({"channels": {"train": "1,2\n", "test": "1,2,3\n"}}, "channels have different numbers of features"),
    ],
)
def test_refusal_is_written_to_output_failure(container: Container, change: Mapping[str, object], message: str) -> None:
    for name, value in change.items():
        setattr(container, name, value)
    assert container.run() == 1
    assert container.failure.startswith(f"Customer Error: {message}")
    assert container.failure.count("\n") == 1
    assert "77" not in container.failure, "a value of the data"
    assert not list((container.root / "model").iterdir())
