"""The model as challenger: beside the champion, or beside the baseline where there is none."""

from dataclasses import dataclass

from artefacts.documents import estimate_at, number_at, text_at, value_at
from execution_report.arns import package_title
from execution_report.charts.bars import bar
from execution_report.charts.svg import Svg
from execution_report.sources import Document
from execution_report.wording import alike, between, counted, number, share, signed


@dataclass(frozen=True)
class Contender:
    """One of the two models that are compared."""

    role: str
    name: str
    rmse: str
    bar: Svg


@dataclass(frozen=True)
class Contest:
    """The model as the challenger of another."""

    improvement: str
    """By which share of the other's RMSE the model's is smaller."""
    sentence: str
    contenders: list[Contender]


def contest(document: Document) -> Contest:
    """Return how the model does against the champion, or against the baseline where there is none."""
    present = value_at(document, "champion", "present") is True
    name = text_at(document, "champion", "name")
    rival = "champion" if present else "baseline"
    improvement = number_at(document, "champion", "improvement", "value")
    sentences = [
        "" if present else _without_champion(name),
        _improvement(improvement, rival),
        _common_rows(document) if present else "",
        _worsening(document) if present else "",
    ]
    return Contest(
        share(improvement),
        " ".join(filter(None, sentences)),
        _contenders(document, package_title(name) if present else "predicts the mean for everyone"),
    )


def _without_champion(name: str) -> str:
    if name in ("", "none"):
        return "There is no champion yet, so the model is compared with the baseline."
    return (
        f"The champion, {package_title(name)}, cannot predict these rows, so the model is compared with the baseline."
    )


def _improvement(value: float | None, rival: str) -> str:
    if value is None:
        return ""
    if value == 0:
        return f"The model's RMSE is that of the {rival}."
    return f"The model's RMSE is {share(abs(value))} {'smaller' if value > 0 else 'larger'} than the {rival}'s."


def _common_rows(document: Document) -> str:
    rows, excluded = (number_at(document, "champion", name) for name in ("rows", "excluded_rows"))
    others = f"; the champion was trained on the other {number(excluded)}" if excluded else ""
    return f"Compared on {counted(rows, 'test row')} that {'is' if rows == 1 else 'are'} new to both{others}."


def _worsening(document: Document) -> str:
    """Return what has become of the champion since it was registered; empty where that is not known."""
    value, low, high = estimate_at(document, "champion", "worsening")
    if value is None or not any((value, low, high)):
        return ""
    judged = "a" if value_at(document, "champion", "worsening", "significant") == 1 else "no"
    write, side = alike([value, low, high]), "above" if value >= 0 else "below"
    return (
        f"On rows that are new to it, the champion's RMSE is {write(abs(value))} {side} what it was at its registration"
        f" (interval {between(low, high, lambda each: signed(each, write))}): {judged} significant worsening."
    )


def _contenders(document: Document, name: str) -> list[Contender]:
    """Return both models, each beside the larger of the two errors."""
    theirs, ours = (number_at(document, "champion", field, "value") for field in ("rmse", "challenger_rmse"))
    if theirs is None or ours is None:
        return []
    rival = "Champion" if value_at(document, "champion", "present") is True else "Baseline"
    highest = max(theirs, ours) or 1.0
    return [_contender(rival, name, theirs, highest), _contender("Challenger", "this model", ours, highest)]


def _contender(role: str, name: str, rmse: float, highest: float) -> Contender:
    return Contender(role, name, number(rmse), bar(rmse / highest, f"RMSE {number(rmse)}"))
