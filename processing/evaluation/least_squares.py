"""Least squares on rows that come in batches: from their means and centred products, in one pass and flat memory."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

LABEL_INDEX = 0
"""The label's position among the columns."""

_CONSTANT = 1e-9
"""A column that deviates by less, as a share of its mean, is constant but for rounding."""
_DEPENDENT = 1e-10
"""What is smaller in the correlations, as a share of their largest singular value, is 0 but for rounding: dummy columns
of one category add up to 1, so each of them follows from the others."""


class Moments:
    """Means and centred products of columns, the label first.

    Each batch is centred before it is added (Chan, Golub and LeVeque, "Algorithms for Computing the Sample Variance",
    1983): in sums of raw products, salaries would leave no digits for years.
    """

    def __init__(self, columns: int) -> None:
        self.rows = 0
        self.means = np.zeros(columns)
        self.products = np.zeros((columns, columns))

    def add(self, columns: Sequence[Numbers]) -> None:
        """Add a batch of rows, given as columns."""
        batch = np.column_stack(columns)
        means = batch.mean(axis=0)
        batch -= means
        rows, shift = self.rows + len(batch), means - self.means
        self.products += batch.T @ batch + np.outer(shift, shift) * (self.rows * len(batch) / rows)
        self.means += shift * (len(batch) / rows)
        self.rows = rows


def held_out_r2(training: Moments, test: Moments, chosen: Collection[int]) -> float:
    """Return the r2 on the *test* rows of a fit to the *training* rows that has the *chosen* columns alone.

    Where all labels of the test rows are equal, it is 1 for perfect predictions and 0 for others, as in scikit-learn.
    """
    residual = np.zeros(len(training.means))
    residual[LABEL_INDEX] = 1
    residual[list(chosen)] = -_fit(training, list(chosen))
    bias = residual @ (test.means - training.means)
    unexplained = float(residual @ test.products @ residual + test.rows * bias**2)
    total = float(test.products[LABEL_INDEX, LABEL_INDEX])
    return 1 - unexplained / total if total else float(unexplained == 0)


def _fit(moments: Moments, chosen: list[int]) -> Numbers:
    """Return the weights of the *chosen* columns; of those that fit equally well, the smallest once all are scaled."""
    squares = moments.products[chosen, chosen]
    constant = squares <= moments.rows * (_CONSTANT * moments.means[chosen]) ** 2
    scale = np.where(constant, np.inf, np.sqrt(squares))
    correlations = moments.products[np.ix_(chosen, chosen)] / np.outer(scale, scale)
    weights: Numbers = np.linalg.lstsq(correlations, moments.products[chosen, LABEL_INDEX] / scale, rcond=_DEPENDENT)[0]
    return weights / scale
