"""A request gets one answer: bonuses and faults of records side by side, or one line that says why there is none."""

import gzip
import json

import pytest

from processing.records.request_body import MAXIMUM_BYTES, MAXIMUM_RECORDS
from tests.inference.caller import RECORD, Caller, Environ

HEADER = "employee_id,age,salary,department,hire_date,profile"
LINE = 'E1,41,68060.5,Sales,2020-02-29,"{""address"": ""1 Oak Lane, Cork""}"'
GOOD = json.dumps(RECORD)

CSV: Environ = {"CONTENT_TYPE": "text/csv"}
LINES: Environ = {"CONTENT_TYPE": "application/jsonlines"}
NO_LENGTH: Environ = {"CONTENT_LENGTH": None, "wsgi.input_terminated": "yes"}


def of_type(content_type: str) -> Environ:
    return {"CONTENT_TYPE": content_type}


def length(value: str | None) -> Environ:
    return {"CONTENT_LENGTH": value}


def record(**changes: object) -> str:
    return json.dumps(RECORD | changes)


BAD: dict[str, tuple[int, str, bytes | str, Environ]] = {
    "no body": (400, "the request has no record: send at least one", "", {}),
    "white space": (400, "the request has no record: send at least one", " \n", {}),
    "no JSON": (400, "the body is not JSON from line 1, column 1 on", "age=41", {}),
    "cut off": (400, "the body is not JSON from line 1", GOOD[:-1], {}),
    "two documents": (400, "the body is not JSON from line 1", GOOD * 2, {}),
    "no record": (400, "the request has no record: send at least one", "[]", {}),
    "a number": (400, "record 0 is a number: send an object with employee_id, age", "41", {}),
    "null": (400, "record 0 is null: send an object", "null", {}),
    "a text": (400, "record 0 is text: send an object", '"41"', {}),
    "a list in the list": (400, "record 1 is a list: send an object", f"[{GOOD}, []]", {}),
    "nested lists": (400, "the body is nested too deeply", "[" * 100_000, {}),
    "nested objects": (400, "the body is nested too deeply", '{"profile":' * 100_000, {}),
    "NaN": (400, "NaN is not JSON: send null for what is missing", '{"age": NaN}', {}),
    "infinity": (400, "-Infinity is not JSON", '{"age": -Infinity}', {}),
    "number of 5,000 digits": (400, "the body has a number of thousands of digits", f'{{"age": {"9" * 5000}}}', {}),
    "half of a surrogate pair": (400, "record 1: department has half", f'[{GOOD}, {{"department": "\\ud800"}}]', {}),
    "the same in an id": (400, "record 0: employee_id has half of a surrogate pair", '{"employee_id": "\\udfff"}', {}),
    "unknown field": (400, "record 0 has a field 'salery': send no other than", record(salery=1), {}),
    "label": (400, "record 0 has a field 'bonus'", record(bonus=1), {}),
    "unknown field of the second": (400, "record 1 has a field 'x'", f"[{GOOD}, {record(x='1')}]", {}),
    "unknown field that is no text": (400, "record 0 has a field '\\ud800'", '{"\\ud800": 1}', {}),
    "list for a number": (400, "record 0: age is a list: send text, a number or null", record(age=[41]), {}),
    "boolean for a number": (400, "record 0: salary is true or false", record(salary=True), {}),
    "object for a text": (400, "record 0: department is an object", record(department={"a": 1}), {}),
    "list for an object": (
        400,
        "record 0: profile is a list: send an object, or",
        record(profile=[]),
        {},
    ),
    "bytes that are no UTF-8": (400, "byte 9 is not UTF-8: encode the body as UTF-8", b'{"age": "\xff"}', {}),
    "UTF-16": (400, "byte 0 is not UTF-8", GOOD.encode("utf-16"), {}),
    "other charset": (
        415,
        "charset 'latin-1': send UTF-8",
        GOOD,
        {"CONTENT_TYPE": "application/json; charset=Latin-1"},
    ),
    "other content type": (
        415,
        "content type 'application/xml': send",
        GOOD,
        {"CONTENT_TYPE": "application/xml"},
    ),
    "form": (415, "content type 'multipart/form-data'", GOOD, of_type("multipart/form-data; boundary=x")),
    "gzip": (415, "the body is gzip: send it uncompressed", gzip.compress(GOOD.encode()), {}),
    "broken gzip": (415, "the body is gzip: send it uncompressed", gzip.compress(GOOD.encode())[:20], {}),
    "content encoding": (
        415,
        "content encoding 'gzip': send",
        GOOD,
        {"HTTP_CONTENT_ENCODING": "gzip"},
    ),
    "too large": (413, "the body is over 6,291,456 bytes", b" " * 7_000_000, {}),
    "said to be too large": (413, "the body is over 6,291,456 bytes", GOOD, length("9" * 400)),
    "larger than it can say": (
        413,
        "the body is over",
        b" " * 7_000_000,
        NO_LENGTH,
    ),
    "too many records": (
        413,
        f"the request has {MAXIMUM_RECORDS + 1:,} records",
        f"[{'{},' * MAXIMUM_RECORDS}{{}}]",
        {},
    ),
    "no length": (411, "no Content-Length: send one", GOOD, length(None)),
    "length that is no number": (400, "Content-Length is not a number", GOOD, length("\u0663")),
    "body that was broken off": (
        400,
        f"{len(GOOD)} of 1,000 bytes came: send the whole body",
        GOOD,
        {"CONTENT_LENGTH": "1000"},
    ),
    "other answer wanted": (
        406,
        "accept 'image/png': ask for application/json",
        GOOD,
        {"HTTP_ACCEPT": "image/png"},
    ),
    "GET": (405, "method 'GET': use POST", "", {"REQUEST_METHOD": "GET"}),
    "other path": (404, "no such path: send to /ping or /invocations", GOOD, {"PATH_INFO": "/admin"}),
    "JSON Lines, one broken": (400, "record 1 is not JSON", f"{GOOD}\n{{", LINES),
    "JSON Lines, two on one": (
        400,
        "record 0 is not JSON",
        f"{GOOD},{GOOD}",
        LINES,
    ),
    "JSON Lines, empty": (400, "the request has no record", "\n\n", LINES),
    "CSV, empty": (400, "the request has no record", "", CSV),
    "CSV, header alone": (400, "the request has no record", HEADER, CSV),
    "CSV, no header": (
        400,
        "the first line has no column age, salary",
        f"{LINE}\n{LINE}",
        CSV,
    ),
    "CSV, semicolons": (
        400,
        "the first line has no column age",
        HEADER.replace(",", ";") + "\nE1;41",
        CSV,
    ),
    "CSV, column twice": (
        400,
        "the first line has age twice: keep one",
        f"{HEADER},age\n{LINE},41",
        CSV,
    ),
    "CSV, open quotation mark": (
        400,
        "the body is not CSV: unexpected end of data",
        f'{HEADER}\n"E1',
        CSV,
    ),
    "CSV, one line without header": (400, "the first line has no column age", LINE, CSV),
    "answer over the limit": (
        413,
        "the answer has over 6,291,456 bytes",
        (f"{HEADER}\n" + f"{'é' * 250}{LINE}\n" * 8_000).encode(),
        CSV,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_request_that_is_wrong_as_a_whole_is_refused_in_one_line_and_the_next_is_answered(
    caller: Caller, name: str
) -> None:
    status, reason, body, environ = BAD[name]
    answer = caller.send(body, environ=environ)
    assert answer.status == status
    assert set(answer.document) == {"error"}
    assert answer.document["error"].startswith(reason)
    assert "\n" not in answer.document["error"]
    assert "prediction" in caller.predict(RECORD)[0]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"salary": 6_806_050}, "salary", "not a number from 1,000 to 500,000"),
        ({"salary": 1e308}, "salary", "not a number from 1,000 to 500,000"),
        ({"salary": 10**4000}, "salary", "not a number from 1,000 to 500,000"),
        ({"salary": "€ 68,060"}, "salary", None),
        ({"age": -41}, "age", "not a number from 15 to 100"),
        ({"age": "forty"}, "age", "not a number from 15 to 100"),
        ({"hire_date": None}, "hire_date", "missing"),
        ({"hire_date": "29.02.2020"}, "hire_date", None),
        ({"hire_date": "2021-02-29"}, "hire_date", "not a date from 1950-01-01 to 2030-12-31"),
        ({"hire_date": 43890}, "hire_date", None),
        ({"department": "x" * 257}, "department", "longer than 256 characters"),
        ({"employee_id": "x" * 257}, "employee_id", "longer than 256 characters"),
        ({"profile": "1 Oak Lane"}, "profile", None),
        ({"profile": {"address": 1}}, "profile", "an address that is no text"),
        ({"profile": '{"address": ' + "[" * 5_000}, "profile", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_fault_of_one_record_stands_beside_the_predictions_of_the_others(
    caller: Caller, changes: dict[str, object], field: str, reason: str | None
) -> None:
    before, bad, after = caller.predict(RECORD, RECORD | changes, RECORD | {"employee_id": "E3"})
    assert bad["error"]["field"] == field
    assert reason is None or bad["error"]["reason"] == reason
    assert "prediction" not in bad
    assert before["prediction"] == after["prediction"]
    assert (before["employee_id"], after["employee_id"]) == ("E1", "E3")


def test_number_that_no_double_holds_is_a_fault_of_its_record(caller: Caller) -> None:
    (bad,) = caller.send(GOOD.replace("68060.5", "1e999")).predictions
    assert bad == {"employee_id": "E1", "error": {"field": "salary", "reason": "infinity"}}


def test_record_of_csv_with_too_few_fields_stands_beside_the_others(caller: Caller) -> None:
    good, short, last = caller.send(f"{HEADER}\n{LINE}\n\nE2,41\n{LINE}\n", "text/csv").predictions
    assert good == last == caller.predict(RECORD)[0]
    assert short == {"error": {"field": "", "reason": "2 columns instead of 6"}}


def test_long_profile_of_csv_is_judged_as_that_of_json(caller: Caller) -> None:
    profile = {"notes": "x" * 200_000}
    line = LINE.replace("Cork", "Cork" + "x" * 200_000)
    assert caller.send(f"{HEADER}\n{line}", "text/csv").predictions[0]["error"]["field"] == "profile"
    line = LINE.partition('"')[0] + '"' + json.dumps(profile).replace('"', '""') + '"'
    assert caller.send(f"{HEADER}\n{line}", "text/csv").predictions == caller.predict(RECORD | {"profile": profile})


@pytest.mark.parametrize("query", ["contributions=TRUE", "contributions=true&contributions=true"])
def test_contributions_are_asked_for_in_any_case(caller: Caller, query: str) -> None:
    assert "contributions" in caller.send(GOOD, query=query).predictions[0]


@pytest.mark.parametrize("encoding", ["", "Identity"])
def test_body_as_it_is_may_be_called_so(caller: Caller, encoding: str) -> None:
    assert caller.send(GOOD, environ={"HTTP_CONTENT_ENCODING": encoding}).predictions == caller.predict(RECORD)


def test_head_has_no_body_whatever_the_status(caller: Caller) -> None:
    answer = caller.send(b"", method="HEAD")
    assert (answer.status, answer.body) == (405, b"")


def test_nobody_has_to_say_whose_record_it_is(caller: Caller) -> None:
    (named,) = caller.predict(RECORD)
    (unnamed,) = caller.predict({name: value for name, value in RECORD.items() if name != "employee_id"})
    assert unnamed == {"prediction": named["prediction"]}
    columns, values = HEADER.partition(",")[2], LINE.partition(",")[2]
    assert caller.send(f"{columns}\n{values}", "text/csv").predictions == [unnamed]


def test_answer_names_the_version_of_the_model(caller: Caller) -> None:
    assert caller.send(GOOD).document["model_version"] == "7"


def test_answer_as_json_lines_says_of_each_record_what_the_other_does(caller: Caller) -> None:
    body = json.dumps([RECORD, RECORD | {"age": -1}])
    answer = caller.send(
        body, environ={"HTTP_ACCEPT": "text/html;q=0.9, application/jsonlines"}, query="contributions=true"
    )
    assert answer.content_type == "application/jsonlines"
    document = caller.send(body, query="contributions=true").document
    common = {name: document[name] for name in ("model_version", "baseline")}
    assert [json.loads(line) for line in answer.body.splitlines()] == [
        common | each for each in document["predictions"]
    ]


def test_body_of_a_server_that_marks_its_end_needs_no_length(caller: Caller) -> None:
    answer = caller.send(GOOD, environ=NO_LENGTH)
    assert answer.predictions == caller.predict(RECORD)


def test_largest_body_is_answered(caller: Caller) -> None:
    assert caller.send(GOOD.ljust(MAXIMUM_BYTES)).predictions == caller.predict(RECORD)


def test_byte_order_mark_is_passed_over(caller: Caller) -> None:
    assert caller.send(b"\xef\xbb\xbf" + GOOD.encode()).predictions == caller.predict(RECORD)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_ping_says_that_the_model_is_loaded(caller: Caller, method: str) -> None:
    answer = caller.send(b"", path="/ping", method=method, environ={"CONTENT_LENGTH": None})
    assert (answer.status, answer.body) == (200, b"")
