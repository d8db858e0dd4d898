"""Texts have the same hash where they are the same, in any script and of any length, and no other's."""

import random

import numpy as np
import pyarrow as pa

from processing.records.text_hash import hash_texts

LETTERS = ["E", "0", "1", "é", "员", "😀", "\0", " "]


def test_as_many_hashes_are_different_as_texts() -> None:
    chance = random.Random(1)
    texts = ["".join(chance.choices(LETTERS, k=chance.choice([*range(12), 63, 64, 256]))) for _ in range(20_000)]
    texts += [text + "\0" * number for text in texts[:50] for number in range(1, 9)]
    hashes = hash_texts(pa.array(texts, pa.string()))
    assert len(np.unique(hashes)) == len(set(texts)) > 10_000
    assert len({*zip(texts, hashes.tolist(), strict=True)}) == len(set(texts))


def test_hash_does_not_depend_on_what_stands_beside() -> None:
    texts = pa.array(["E0000001", "x", "", "E0000002", "员工-7", "E0000001"])
    hashes = hash_texts(texts)
    assert hashes[0] == hashes[5]
    for index in range(len(texts)):
        assert hash_texts(texts.slice(index, 1)).tolist() == [hashes[index]]
    assert hash_texts(texts.slice(0, 0)).tolist() == []


def test_hashes_of_serial_numbers_are_spread_evenly() -> None:
    hashes = hash_texts(pa.array([f"E{number:07d}" for number in range(64_000)]))
    for shift in (0, 29, 58):
        counts = np.bincount((hashes >> np.uint64(shift)).astype(np.int64) & 63, minlength=64)
        assert counts.min() > 800
        assert counts.max() < 1_200
