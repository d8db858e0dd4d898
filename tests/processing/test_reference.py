"""The streaming jobs give what the plain pandas way gives, on data with everything that is wrong in real exports."""

import random
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from data.mock_data import COLUMNS, employees
from processing.records.profiles import DEEP, FEW, address_lengths
from tests.processing import plain_pandas
from tests.processing.jobs import SEED, Jobs, column


@pytest.mark.parametrize(("seed", "without"), [(1, ()), (2, ("age", "profile"))])
def test_preprocessing_and_split_equal_the_plain_pandas_way(
    tmp_path: Path, seed: int, without: tuple[str, ...]
) -> None:
    jobs = Jobs(tmp_path, without=without)
    rows = list(employees(5_000, seed=seed))
    for place in range(0, len(rows), 500):  # departments of one row each: most train, some do not
        rows[place][column("department")] = f"Branch {place}"
    for row in [each for each in rows[50:70] if len(each) == len(COLUMNS)]:  # once more, at another age and nowhere
        rows.append(list(row))
        rows[-1][column("age")], rows[-1][column("department")] = "33", ""
    path = jobs.write(rows)
    assert jobs.preprocess() == 0
    assert jobs.split() == 0
    plain_pandas.run(path, tmp_path / "plain", SEED, without)
    for folder, name, header in (
        ("cleaned", "cleaned_data", 0),
        ("transformed", "transformed_data", 0),
        ("train", "train", None),
        ("validation", "validation", None),
        ("test", "test", None),
        ("readable-test", "readable_test", 0),
    ):
        ours = pd.read_csv(tmp_path / folder / f"{name}.csv", header=header)
        plain = pd.read_csv(tmp_path / "plain" / f"{name}.csv", header=header)
        pd.testing.assert_frame_equal(ours, plain, check_dtype=False, check_exact=True)


PROFILES = [
    '{"address":"a","address":"bb"}',
    '{"address":"x","z":1,"z":2}',
    "null",
    "[]",
    "5",
    '"s"',
    '{"address":null}',
    '{"address":true}',
    '{"address":{"a":1}}',
    '{"address":"x"}}{"p":{"address":"y"}',
    '{"address":"x"},"q":{"address":"zz"}',
    '{"address":"\\ud83d\\ude00"}',
    '{"address":"\\ud83d"}',
    '{"a":1,}',
    "{'a':1}",
    '{"address":"a\tb"}',
    '{"address":"x"} // c}',
    '{"a":01}',
    '{"a":.5}',
    '{"address":"2020-01-01"}',
    '{"address":"x"',
    '{"a":' * 2_000 + "1" + "}" * 2_000,
    '{"a":' * 99 + "1" + "}" * 99,
    '{"a":' + "[" * 2_000 + "]" * 2_000 + "}",
    '{"a":' + "9" * 5_000 + "}",
]


@pytest.mark.parametrize("profile", PROFILES)
def test_profile_means_the_same_alone_and_among_others(profile: str) -> None:
    good, fours = ['{"address": "four"}'] * FEW, [4] * FEW
    (alone,) = address_lengths(pa.array([profile])).to_pylist()
    assert address_lengths(pa.array([*good, profile, *good])).to_pylist() == [*fours, alone, *fours]
    assert address_lengths(pa.array([*good, profile, '{"broken": }'])).to_pylist() == [*fours, alone, None]


def _draw_profile(chance: random.Random) -> str:
    """Return a profile, or what some system might take for one."""
    depth = chance.choice([0, 0, 1, DEEP - 2, DEEP - 1, DEEP])
    deep = chance.choice(['{"a":', "["]) * depth + "1"
    deep += "".join({"{": "}", "[": "]"}[each] for each in reversed(deep) if each in "{[")
    texts = [
        "Oak Lane 1",
        "Łódź",
        "😀",
        "\\u00e9",
        "\\ud83d\\ude00",
        '\\"',
        "\\\\",
        "a{b[c",
        "",
        "\t",
        "x" * 1_001,
        "}{",
    ]
    values = ["null", "true", "1e5", "9" * 5_000, "-0", "01", deep, *(f'"{text}"' for text in texts)]
    keys = ["address", "address", "phone", "Address", "addr\\u0065ss", "home_address", "", "é"]
    pairs = (f'"{chance.choice(keys)}"{chance.choice([":", ": ", " :"])}{chance.choice(values)}' for _ in range(3))
    text = "{" + chance.choice([",", ", "]).join([*pairs][: chance.randint(0, 3)]) + "}"
    return chance.choice(
        [text] * 12 + ["", "[]", "null", "5", f"[{text}]", text[:-1], text[1:], f"{text} ", f"{text}x"]
    )


def test_profiles_mean_the_same_each_alone_and_all_at_once() -> None:
    chance = random.Random(13)
    drawn = [_draw_profile(chance) for _ in range(2_000)]
    usable = [each for each in drawn if address_lengths(pa.array([each])).null_count == 0]
    for _ in range(40):  # one that is malformed has all others read one by one
        profiles = pa.array([*chance.choices(usable, k=30), *chance.choices(drawn, k=chance.randint(0, 2))])
        alone = [address_lengths(profiles.slice(index, 1)).to_pylist()[0] for index in range(len(profiles))]
        assert address_lengths(profiles).to_pylist() == alone


@pytest.mark.parametrize(
    ("profile", "length"), [(PROFILES[0], 2), (PROFILES[2], 0), (PROFILES[11], 1), (PROFILES[13], None)]
)
def test_length_of_an_address(profile: str, length: int | None) -> None:
    assert address_lengths(pa.array([profile])).to_pylist() == [length]
