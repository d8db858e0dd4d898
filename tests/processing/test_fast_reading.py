"""What is read a column at a time is what one would read value by value, whatever stands beside it."""

import math
import random
import re

import pyarrow as pa

from processing.records.columns import Column, Kind, Rule
from processing.records.validation import check

NUMBER = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
NUMBERS = ["7", "-0", "12.50", ".5", "5.", "-.5", "007", "9" * 400, "-" + "9" * 400, "3." + "1" * 60, "1e5", "1E-400"]
NO_NUMBERS = ["1e999", "+1", "-", ".", "-.", "--1", "1-2", "1.2.3", "1e", "0x1f", "1_0", "1,5", "nan", "-inf", "1\0"]
NO_NUMBERS += ["\0", "1 2", "1\u00a02", "٣", "½", "- 1"]


def read_number(text: str) -> float | None:
    number = float(text) if NUMBER.fullmatch(text) else math.inf
    return number if math.isfinite(number) else None


def test_numbers_are_read_among_others_as_alone() -> None:
    chance = random.Random(1)
    column, rule = Column("salary", Kind.NUMBER), Rule(fault="no number")
    for _ in range(1_000):
        drawn = ["".join(chance.choices("0123456789.-", k=chance.randint(0, 4))) for _ in range(chance.randint(0, 3))]
        listed = chance.choices(NUMBERS + NO_NUMBERS * chance.randint(0, 1), k=3)
        texts = [f"{each}{chance.choice(['', ' ', chr(0xA0)])}" for each in drawn + listed]
        read = check(column, pa.array(texts, pa.string()), rule)
        assert read.values.to_pylist() == [read_number(text.strip()) for text in texts], texts
        assert read.missing.tolist() == [not text.strip() for text in texts]
