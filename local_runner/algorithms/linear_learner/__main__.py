"""The container: `python -m local_runner.algorithms.linear_learner ROOT...` trains on what lies below ROOT (`/opt/ml`).

One process stands for all hosts of a job: the first ROOT is the first host's, which writes log and model; of the others
only their shares of the train channel are read.
"""

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from local_runner.algorithms.linear_learner import CustomerError, job_log
from local_runner.algorithms.linear_learner.artefact import write_model
from local_runner.algorithms.linear_learner.channels import read_channel, read_channels
from local_runner.algorithms.linear_learner.hosts import combine
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.losses import OBJECTIVE_NAMES
from local_runner.algorithms.linear_learner.regressor import Data, LinearRegressor, mean_loss

SEED = 0
"""The managed algorithm is not seeded; the stand-in gives the same model for the same data."""

REPORTED = ("learning_rate", "wd", "l1", "lr_scheduler_step", "lr_scheduler_factor", "lr_scheduler_minimum_lr")


def train(root: Path, *others: Path) -> None:
    """Train on the channels below *root*, and those of the *others*; write the model, raise what is refused."""
    config = root / "input/config"
    hyperparameters = Hyperparameters.from_strings(json.loads((config / "hyperparameters.json").read_text("utf-8")))
    hosts = json.loads((config / "resourceconfig.json").read_text("utf-8"))["hosts"]
    if len(hosts) != 1 + len(others):
        raise CustomerError(f"the job has {len(hosts)} hosts, and {1 + len(others)} are here: start it for all")
    channels = read_channels(root)
    shards = [channels.pop("train"), *(read_channel(other, "train") for other in others)]
    features = shards[0].features.shape[1]
    if hyperparameters.feature_dim not in (0, features):
        raise CustomerError(f"hyperparameter feature_dim is {hyperparameters.feature_dim}: the data has {features}")
    rows, combined = combine(shards, hyperparameters)
    if others:
        job_log.log.info("%s hosts: each update is made from a mini-batch of each, which is our guess", len(shards))
    del shards  # now there is no second copy of them

    chosen_on, chosen_by = "validation", channels.get("validation")
    if chosen_by is None:
        chosen_on, chosen_by = "train", rows.copy()
    epochs = job_log.EpochLog(
        objective=OBJECTIVE_NAMES[hyperparameters.loss],
        epochs=hyperparameters.epochs,
        rows=len(rows.labels),
        has_validation="validation" in channels,
    )
    model = LinearRegressor(combined, random_state=SEED)
    model.fit(rows, channels.get("validation"), epochs.write)
    # Everything reported from here on is of the weights that are saved.
    coef, intercept = model.coef_.astype(np.float32), np.float32(model.intercept_)

    job_log.write_scores(chosen_on, _scores(chosen_by, coef, intercept, hyperparameters))
    reported = {"optimizer": hyperparameters.optimizer} | {
        name: value for name, value in dataclasses.asdict(hyperparameters).items() if name in REPORTED
    }
    job_log.log.info("Best model found for hyperparameters: %s", json.dumps(reported))
    write_model(root / "model", coef, intercept, hyperparameters)
    job_log.log.info("Test data is %sprovided.", "" if "test" in channels else "not ")
    if "test" in channels:
        job_log.write_scores("test", _scores(channels["test"], coef, intercept, hyperparameters))


def _scores(
    data: Data, coef: npt.NDArray[np.float32], intercept: np.float32, hyperparameters: Hyperparameters
) -> dict[str, float]:
    losses = {
        OBJECTIVE_NAMES[hyperparameters.loss]: hyperparameters.loss,
        "mse": "squared_loss",
        "absolute_loss": "absolute_loss",
    }
    return {
        name: mean_loss(
            data, coef.astype(np.float64), float(intercept), dataclasses.replace(hyperparameters, loss=loss)
        )
        for name, loss in losses.items()
    }


def main(argv: Sequence[str]) -> int:
    """Run the container below the folders of the command line; a refusal goes to output/failure of the first."""
    root, *others = map(Path, argv)
    job_log.start()
    try:
        train(root, *others)
    except CustomerError as error:
        job_log.log.error("Customer Error: %s", error)
        failure = root / "output/failure"
        failure.parent.mkdir(parents=True, exist_ok=True)
        failure.write_text(f"Customer Error: {error}\n", encoding="utf-8")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
