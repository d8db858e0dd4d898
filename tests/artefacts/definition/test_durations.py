"""ISO 8601 durations are read as the step cache counts them."""

from datetime import timedelta

import pytest

from artefacts.definition.durations import read_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P30D", timedelta(days=30)),
        ("p30d", timedelta(days=30)),
        ("P1Y2M", timedelta(days=425)),
        ("P2W", timedelta(days=14)),
        ("PT1H30M5S", timedelta(hours=1, minutes=30, seconds=5)),
        ("P1DT12H", timedelta(days=1, hours=12)),
    ],
)
def test_duration_has_its_length(text: str, length: timedelta) -> None:
    assert read_duration(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "30d", "P30", "P1DT", "P1H", "-P1D", "P1.5D"])
def test_malformed_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 duration: write one, such as P30D"):
        read_duration(text)
