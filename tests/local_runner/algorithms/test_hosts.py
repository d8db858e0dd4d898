"""Hosts make the updates of one host whose mini-batches are theirs together."""

import dataclasses
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.__main__ import main
from local_runner.algorithms.linear_learner.hosts import combine
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.regressor import Data

BATCHES_OF_2 = Hyperparameters(mini_batch_size=2)


def shard(*labels: float) -> Data:
    return Data(np.array([[-label, label] for label in labels], np.float32))


def test_each_step_takes_the_next_mini_batch_of_every_host() -> None:
    rows, hyperparameters = combine([shard(1, 2, 3, 4), shard(10, 20, 30, 40)], BATCHES_OF_2)
    assert rows.labels.tolist() == [1, 2, 10, 20, 3, 4, 30, 40]
    assert rows.features.ravel().tolist() == (-rows.labels).tolist()
    assert hyperparameters == dataclasses.replace(BATCHES_OF_2, mini_batch_size=4)


def test_epoch_ends_where_a_host_has_no_full_mini_batch_left() -> None:
    rows, _ = combine([shard(1, 2, 3), shard(10, 20, 30, 40), shard(100, 200)], BATCHES_OF_2)
    assert rows.labels.tolist() == [1, 2, 10, 20, 100, 200]


def test_one_host_keeps_rows_and_hyperparameters() -> None:
    alone = shard(1, 2, 3)
    assert combine([alone], BATCHES_OF_2) == (alone, BATCHES_OF_2)


def test_share_without_a_full_mini_batch_is_refused() -> None:
    with pytest.raises(CustomerError, match="mini_batch_size 2 is larger than the 1 rows of a host's share"):
        combine([shard(1, 2, 3), shard(4)], BATCHES_OF_2)


def test_shares_with_different_columns_are_refused() -> None:
    with pytest.raises(CustomerError, match="files of channel train have different numbers of columns"):
        combine([shard(1, 2), Data(np.ones((2, 3), np.float32))], BATCHES_OF_2)


def write_host(root: Path, lines: Sequence[str], *, mini_batch_size: int, hosts: Sequence[str]) -> None:
    """Write what the service puts into the container of one of *hosts*, whose share of the rows are *lines*."""
    config = {
        "hyperparameters": {"predictor_type": "regressor", "num_models": "1", "mini_batch_size": str(mini_batch_size)},
        "resourceconfig": {"hosts": hosts},
        "inputdataconfig": {"train": {"ContentType": "text/csv"}},
    }
    files = {f"config/{name}.json": json.dumps(document) for name, document in config.items()}
    for name, text in (files | {"data/train/part.csv": "".join(lines)}).items():
        (root / "input" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "input" / name).write_text(text)


def test_container_of_two_hosts_writes_the_model_of_one_with_their_rows_in_turn(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lines = [f"{3 * x - y},{x},{y}\n" for x, y in np.random.default_rng(0).normal(size=(64, 2)).tolist()]
    in_turn = [lines[start + half + row] for start in range(0, 32, 4) for half in (0, 32) for row in range(4)]
    write_host(tmp_path / "alone", in_turn, mini_batch_size=8, hosts=["algo-1"])
    write_host(tmp_path / "first", lines[:32], mini_batch_size=4, hosts=["algo-1", "algo-2"])
    write_host(tmp_path / "second", lines[32:], mini_batch_size=4, hosts=["algo-1", "algo-2"])
    assert main([str(tmp_path / "alone")]) == 0
    assert main([str(tmp_path / "first"), str(tmp_path / "second")]) == 0
    alone, together = ((tmp_path / host / "model/model_algo-1").read_bytes() for host in ("alone", "first"))
    assert alone == together
    assert "2 hosts: each update is made from a mini-batch of each, which is our guess" in caplog.text
