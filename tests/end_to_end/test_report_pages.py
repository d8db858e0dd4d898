"""Reports in a browser: they fit a screen and a telephone, and ask for nothing."""

from pathlib import Path

import pytest

from execution_report.page import render
from execution_report.sources import Facts
from tests.end_to_end.browser import Browser
from tests.execution_report.examples import PASSED, SCORED, card, data_quality, evaluation, facts_of, scoring
from tests.execution_report.windows import DRIFTED, HELD, first_window, monitoring, scored_files

LONG = "a_column_with_a_name_" * 12


def with_long_names() -> Facts:
    document = monitoring("severe", "person")
    document["columns"] = {LONG: document["columns"]["age"], f"x{LONG}": document["columns"]["department"]}
    document["history"][0]["figures"] = {f"{LONG}.maximum_mean_shift": 0.3}
    document["records"]["unreadable"] = {LONG: 3}
    document["moved"][0]["text"] = LONG
    return facts_of(DRIFTED, monitoring=document | {"message": LONG})


PAGES = {
    "model": facts_of(PASSED, data_quality(), evaluation(), card=card()),
    "traffic": facts_of(DRIFTED, monitoring=monitoring("severe", "person")),
    "first window": facts_of(HELD, monitoring=first_window()),
    "scored files": facts_of(SCORED, scoring=scoring(), monitoring=scored_files()),
    "long names": with_long_names(),
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("facts", PAGES.values(), ids=PAGES)
def test_page_fits_its_width_and_loads_nothing(facts: Facts, chromium: Browser, tmp_path: Path, width: int) -> None:
    page = tmp_path / "report.html"
    page.write_text(render(facts), encoding="utf-8")
    chromium.resize(width, 900)
    chromium.open(page.as_uri())
    assert chromium.evaluate("document.documentElement.scrollWidth") <= width
    assert chromium.evaluate("[...document.querySelectorAll('main svg')].every(each => each.clientWidth > 50)")
    assert chromium.parameters("Log.entryAdded") == []
    asked = {each["request"]["url"] for each in chromium.parameters("Network.requestWillBeSent")}
    assert asked == {page.as_uri()}
