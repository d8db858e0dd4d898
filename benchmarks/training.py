"""`python -m benchmarks.training` times the stand-in of Linear Learner against scikit-learn's SGDRegressor.

Both make as many passes over the same made-up rows, in turn in one process on one core. Ours scales them itself and
tries each epoch's weights on validation rows; SGDRegressor gets scaled rows, and shuffles them.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LinearRegression, SGDRegressor
from sklearn.metrics import r2_score
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from benchmarks.results import format_range, save
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.regressor import Data, LinearRegressor
from local_runner.containers.images import STAND_IN_ENVIRONMENT
from settings import LINEAR_LEARNER

BATCHES = (1_000, 32)
REFERENCE = "SGDRegressor"
HELD_OUT_ROWS = 100_000


@dataclass(frozen=True)
class Timing:
    """What one fit took."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True)
class Sample:
    """Rows to learn from, to choose an epoch on, and to judge a model by."""

    train: Data
    validation: Data
    test: Data


def make_sample(rows: int, features: int) -> Sample:
    """Return rows of a noisy linear function of features whose scales differ by orders of magnitude."""
    generator = np.random.default_rng(0)
    weights, scales = generator.normal(size=features), 10 ** generator.uniform(-2, 3, features)

    def draw(count: int) -> Data:
        drawn = np.empty((count, features + 1), np.float32)
        standard = generator.standard_normal((count, features), np.float32)
        drawn[:, :-1] = (standard + 2) * scales
        drawn[:, -1] = 1_000 * (standard @ weights + generator.normal(size=count)) + 5_000
        return Data(drawn)

    return Sample(draw(rows), draw(HELD_OUT_ROWS), draw(HELD_OUT_ROWS))


def time_fit(fit: Callable[[], object]) -> Timing:
    """Run *fit* once."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    fit()
    return Timing(time.perf_counter() - wall_s, time.process_time() - cpu_s)


def fit_ours(sample: Sample, batch: int, epochs: int) -> tuple[Timing, float]:
    """Return what training took, and the R2 on the test rows."""
    options = {**LINEAR_LEARNER, "mini_batch_size": str(batch), "epochs": str(epochs)}
    model = LinearRegressor(Hyperparameters.from_strings(options), random_state=0)
    train = sample.train.copy()  # it is scaled where it is
    timing = time_fit(lambda: model.fit(train, sample.validation))
    return timing, r2_score(sample.test.labels, model.predict(sample.test.features))


def fit_reference(features: npt.NDArray[np.float32], labels: npt.NDArray[np.float32], epochs: int) -> Timing:
    """Return what SGDRegressor takes for as many epochs."""
    model = SGDRegressor(max_iter=epochs, tol=None, shuffle=True, random_state=0)
    return time_fit(lambda: model.fit(features, labels))


def find_best_r2(sample: Sample) -> float:
    """Return the R2 of least squares on the test rows."""
    model = LinearRegression()
    model.fit(sample.train.features.astype(np.float64), sample.train.labels.astype(np.float64))
    return float(r2_score(sample.test.labels, model.predict(sample.test.features.astype(np.float64))))


def measure(sample: Sample, epochs: int, runs: int) -> tuple[dict[str, list[Timing]], list[list[float]]]:
    """Fit each in turn, *runs* times; return what it took, and the R2 of ours for each size of mini-batch."""
    scaled = StandardScaler().fit_transform(sample.train.features)
    labels = StandardScaler().fit_transform(sample.train.labels.reshape(-1, 1)).ravel()
    timings: dict[str, list[Timing]] = {name: [] for name in (REFERENCE, *map(str, BATCHES))}
    r2 = []
    for number in range(runs):
        timings[REFERENCE].append(fit_reference(scaled, labels, epochs))
        fitted = {str(batch): fit_ours(sample, batch, epochs) for batch in BATCHES}
        for name, (timing, _) in fitted.items():
            timings[name].append(timing)
        r2.append([found for _, found in fitted.values()])
        print(f"run {number + 1} of {runs} done", flush=True)
    return timings, r2


def find_ratios(ours: Sequence[Timing], reference: Sequence[Timing]) -> list[float]:
    """Return how many times as long ours took, run by run."""
    return [one.wall_s / other.wall_s for one, other in zip(ours, reference, strict=True)]


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--features", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    print(f"making {options.rows:,} rows of {options.features} features ...", flush=True)
    sample = make_sample(options.rows, options.features)
    with threadpool_limits(int(STAND_IN_ENVIRONMENT["OPENBLAS_NUM_THREADS"])):
        timings, r2 = measure(sample, options.epochs, options.runs)
    best = find_best_r2(sample)
    losses = [best - min(found) for found in r2]
    ratios = {str(batch): find_ratios(timings[str(batch)], timings[REFERENCE]) for batch in BATCHES}
    print(f"\n{'':24}{'wall s':>24}{'CPU s':>24}{f'times {REFERENCE}':>24}")
    for name, each in timings.items():
        took = (format_range((getattr(one, field) for one in each), 2) for field in ("wall_s", "cpu_s"))
        cells = [*took, format_range(ratios[name], 2) if name in ratios else ""]
        print(f"{f'ours, batch {name}' if name in ratios else name:24}{''.join(f'{cell:>24}' for cell in cells)}")
    print(f"\nR2 of least squares {best:.5f}; ours is at most {max(losses):.5f} below")
    runs = {name: [asdict(one) for one in each] for name, each in timings.items()}
    save("training", {**vars(options), "ratios": ratios, "r2_losses": losses, "runs": runs})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
