"""Several hosts that train one model.

How the managed algorithm combines them is not documented, but that it is a "distributed implementation of stochastic
gradient descent" ("How linear learner works"). Our guess: in each step every host computes the gradient of its own next
mini-batch, and one update is made from all of them.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.regressor import Data


def combine(shards: Sequence[Data], hyperparameters: Hyperparameters) -> tuple[Data, Hyperparameters]:
    """Return the rows and the hyperparameters with which one host makes the updates that hosts with *shards* make.

    Its mini-batches have one of each host in them. An epoch ends where a host has no full mini-batch left. Raises
    `CustomerError` when a host has none at all.
    """
    if len(shards) == 1:
        return shards[0], hyperparameters
    if len({shard.rows.shape[1] for shard in shards}) > 1:
        raise CustomerError("files of channel train have different numbers of columns: write them alike")
    size = hyperparameters.mini_batch_size
    shortest = min(len(shard.labels) for shard in shards)
    steps = shortest // size
    if not steps:
        raise CustomerError(
            f"mini_batch_size {size} is larger than the {shortest} rows of a host's share of the train channel: set a"
            " smaller one, or give more rows or fewer hosts"
        )
    batches = [shard.rows[: steps * size].reshape(steps, size, -1) for shard in shards]
    rows = np.concatenate(batches, axis=1).reshape(steps * size * len(shards), -1)
    return Data(rows), dataclasses.replace(hyperparameters, mini_batch_size=size * len(shards))
