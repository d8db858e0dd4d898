"""The predictions of the test rows in pictures, and in the words that belong beside them."""

from collections.abc import Sequence
from statistics import median

from execution_report.charts.histogram import Bins, histogram
from execution_report.charts.scatter import scatter
from execution_report.charts.svg import Svg
from execution_report.sources import Prediction
from execution_report.wording import counted, number, share, signed

AXIS = "residual: actual minus predicted bonus"


def scatter_caption(predictions: Sequence[Prediction], rows: float | None) -> str:
    """Say what the scatter shows of *rows* test rows; *predictions* are not empty."""
    shown = counted(len(predictions), "test row")
    of_all = f" out of {number(rows)}" if rows is not None and rows > len(predictions) else ""
    too_high = sum(each.residual < 0 for each in predictions) / len(predictions)
    middle = median(abs(each.residual) for each in predictions)
    return (
        f"A dot for each of {shown}{of_all}; on the line, a prediction is exact."
        f" Half of the predictions are off by at most {number(round(middle))}, and {share(too_high)} are too high."
    )


def draw_scatter(predictions: Sequence[Prediction], caption: str) -> Svg:
    """Draw predicted against actual bonuses."""
    ranges = [
        f"{name} bonuses from {number(min(values))} to {number(max(values))}"
        for name, values in zip(("Actual", "predicted"), zip(*predictions, strict=True), strict=True)
    ]
    return scatter(predictions, "Predicted against actual bonus", f"{caption} {' and '.join(ranges)}.")


def histogram_caption(predictions: Sequence[Prediction]) -> str:
    """Say what the histogram of residuals shows; *predictions* are not empty."""
    residuals = [each.residual for each in predictions]
    return (
        f"Residuals of {counted(len(residuals), 'test row')}, from {signed(min(residuals))} to"
        f" {signed(max(residuals))}. Right of the line at zero, the bonus was predicted too low."
    )


def draw_histogram(predictions: Sequence[Prediction], caption: str) -> Svg:
    """Draw how large the residuals are, and on which side of zero."""
    return histogram(Bins.of([each.residual for each in predictions]), AXIS, "Residuals of the predictions", caption)
