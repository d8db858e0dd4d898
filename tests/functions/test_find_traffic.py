"""The job that judges a window is given what there is of its traffic, and files that say so where there is nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest

from functions.find_traffic import WindowError, find_hours, find_traffic, handler

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOTHING = "s3://code/nothing.json"
CAPTURED = "s3://data/capture/emp-bonus-dev/AllTraffic/"
CHAMPION = "models/7/data-quality/data_quality.json"
EVENT = {
    "Traffic": CAPTURED,
    "WindowEnd": "2026-11-27T18:00:00Z",
    "WindowHours": "6",
    "Raw": "s3://data/raw/",
    "History": "s3://data/monitoring/",
    "ChampionDataQuality": f"s3://data/{CHAMPION}",
    "Nothing": NOTHING,
}
HOUR = "capture/emp-bonus-dev/AllTraffic/2026/11/27/13/00-1.jsonl"


@dataclass
class Bucket:
    """The bucket `data`, with the times at which its objects were written; two objects a page at most."""

    objects: Mapping[str, str]
    asked: list[tuple[str, int]] = field(default_factory=list)

    def get_paginator(self, operation: str) -> "Bucket":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str, PaginationConfig: Mapping[str, int]) -> Iterator[dict[str, Any]]:  # noqa: N803  boto3's names
        assert Bucket == "data", "no other bucket may be looked at"
        keys = [key for key in sorted(self.objects) if key.startswith(Prefix)]
        size = min(PaginationConfig["PageSize"], 2)
        for start in range(0, max(len(keys), 1), size):
            self.asked.append((Prefix, PaginationConfig["PageSize"]))
            page = keys[start : start + size]
            yield (
                {"Contents": [{"Key": key, "LastModified": time_of(self.objects[key])} for key in page]} if page else {}
            )


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ask(*keys: str, bucket: Bucket | None = None, **changes: str) -> dict[str, str]:
    found = bucket or Bucket(dict.fromkeys(keys, "2026-11-01T00:00:00"))
    return find_traffic(cast("S3Client", found), {**EVENT, **changes})


@pytest.mark.parametrize(
    ("end", "hours", "folder"),
    [
        ("2026-11-27T18:00:00Z", 6, "2026/11/27/"),
        ("2026-11-27T18:00:00Z", 1, "2026/11/27/17/"),
        ("2026-11-27T18:00:01Z", 1, "2026/11/27/"),
        ("2026-11-27T00:00:00Z", 24, "2026/11/26/"),
        ("2026-11-27T06:00:00Z", 24, "2026/11/"),
        ("2026-12-01T06:00:00Z", 24, "2026/"),
        ("2027-01-01T06:00:00Z", 24, ""),
        ("2026-11-27T01:00:00+02:00", 1, "2026/11/26/22/"),
    ],
)
def test_folder_of_a_window_is_what_its_hours_in_utc_have_in_common(end: str, hours: int, folder: str) -> None:
    assert find_hours(end, hours) == folder


@pytest.mark.parametrize("end", ["$.time", "2026-11-27T18:00:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00"])
def test_window_end_that_is_no_time_in_a_zone_is_refused(end: str) -> None:
    with pytest.raises(WindowError) as refusal:
        ask(WindowEnd=end)
    assert str(refusal.value) == f"WindowEnd is {end!r}: give a time with its zone, such as 2026-11-27T06:00:00Z"


def test_window_with_captured_answers_is_narrowed_to_their_folder() -> None:
    assert ask(HOUR)["Traffic"] == f"{CAPTURED}2026/11/27/"


def test_window_without_answers_leads_to_the_file_that_says_so() -> None:
    assert ask()["Traffic"] == NOTHING
    assert ask(HOUR.replace("/27/", "/26/"))["Traffic"] == NOTHING, "those of another day are another window's"


def test_traffic_that_is_not_laid_out_by_hours_is_read_whole() -> None:
    assert ask("capture/emp-bonus-dev/AllTraffic/mine/file.jsonl")["Traffic"] == CAPTURED


def test_folder_that_the_console_made_is_no_object() -> None:
    assert ask("capture/emp-bonus-dev/AllTraffic/", "raw/", "monitoring/") == {
        **dict.fromkeys(("Traffic", "History", "Labels"), NOTHING),
        "NewestRaw": "none",
        "ChampionData": "none",
    }


def test_labels_and_earlier_windows_are_read_where_there_are_any() -> None:
    found = ask("raw/a.csv", "monitoring/x/monitoring.json")
    assert (found["Labels"], found["History"]) == ("s3://data/raw/", "s3://data/monitoring/")


def test_newest_of_all_raw_files_is_found_and_compared_with_the_champions_data() -> None:
    times = {"raw/a.csv": "2026-11-03", "raw/b/c.csv": "2026-11-05T01:02:03", "raw/d.csv": "2026-11-04"}
    found = ask(bucket=Bucket({**times, CHAMPION: "2026-11-02T04:00:00"}))
    assert found["NewestRaw"] == "2026-11-05T01:02:03+00:00"
    assert found["ChampionData"] == "2026-11-02T04:00:00+00:00"


def test_bucket_of_the_code_is_not_asked_without_a_champion() -> None:
    assert ask("raw/a.csv", ChampionDataQuality=NOTHING)["ChampionData"] == "none"


def test_one_object_answers_whether_there_is_any() -> None:
    bucket = Bucket(dict.fromkeys((HOUR, *(f"monitoring/{number}" for number in range(9))), "2026-11-01"))
    ask(bucket=bucket)
    assert [size for prefix, size in bucket.asked if prefix == "monitoring/"] == [1]


def test_step_is_answered_by_the_service_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def client(service: str, **_: object) -> Bucket:
        made.append(service)
        return Bucket({HOUR: "2026-11-01"})

    monkeypatch.setattr(boto3, "client", client)
    assert handler(EVENT, None)["Traffic"] == f"{CAPTURED}2026/11/27/"
    assert made == ["s3"]
