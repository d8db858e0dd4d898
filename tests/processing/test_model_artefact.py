"""The artefact: what Linear Learner writes is read, from memory; whatever else is there is refused in one line."""

import gzip
import io
import json
import random
import re
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from local_runner.algorithms.linear_learner.artefact import write_model
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from processing.job import JobError
from processing.linear_learner.model_artefact import LinearModel, read_model
from tests.processing import artefacts
from tests.processing.artefacts import array, members, model_file, packed, parameters, tar, write_artefact

WEIGHTS, BIAS = [0.25, -1.5, 3e4], 7.5
FOREIGN = "give the artefact of a Linear Learner job; where it is one, its form has changed"


def read(folder: Path, archive: bytes) -> LinearModel:
    path = folder / "model" / "model.tar.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(archive)
    return read_model(path, features=len(WEIGHTS))


def wrapped(content: bytes) -> bytes:
    """Pack the content of `model_algo-1` as the training job does."""
    return gzip.compress(tar([("model_algo-1", content)]))


def with_member(name: str, content: bytes) -> bytes:
    return wrapped(packed(members(WEIGHTS, BIAS) | {name: content}))


def with_parameters(content: bytes) -> bytes:
    return with_member("mx-mod-0000.params", content)


def with_arrays(**changed: Any) -> bytes:
    arrays = {"arg:fc0_weight": np.array([WEIGHTS], "<f4").T, "arg:fc0_bias": np.array([[BIAS]], "<f4")}
    return with_parameters(parameters(arrays | {f"arg:fc0_{name}": values for name, values in changed.items()}))


def test_weights_and_bias_are_read_as_they_were_written(tmp_path: Path) -> None:
    model = read_model(write_artefact(tmp_path, WEIGHTS, BIAS), features=3)
    assert model.weights.tolist() == WEIGHTS
    assert model.bias == BIAS


def test_what_the_local_training_job_writes_is_read(tmp_path: Path) -> None:
    weights = np.random.default_rng(1).normal(0, 1e3, 23).astype(np.float32)
    regressor = Hyperparameters.from_strings({"predictor_type": "regressor", "num_models": "1"})
    write_model(tmp_path, weights, np.float32(BIAS), regressor)
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "model_algo-1", "./model_algo-1")
    model = read_model(tmp_path / "model.tar.gz", features=23)
    assert model.weights.tolist() == weights.tolist()
    assert model.bias == BIAS


def test_compressed_member_is_read_as_well(tmp_path: Path) -> None:
    model = read(tmp_path, wrapped(packed(members(WEIGHTS, BIAS), zipfile.ZIP_DEFLATED)))
    assert model.weights.tolist() == WEIGHTS


def test_predictions_are_weighted_sums_whatever_the_batches() -> None:
    features = np.random.default_rng(2).normal(0, 1e4, (1_000, 30))
    model = LinearModel(np.random.default_rng(3).normal(0, 10, 30), BIAS)
    whole = model.predict(features.T)
    np.testing.assert_allclose(whole, features @ model.weights + BIAS, rtol=1e-9)
    assert np.concatenate([model.predict(features[:7].T), model.predict(features[7:].T)]).tolist() == whole.tolist()


def test_nothing_is_extracted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read(tmp_path, wrapped(model_file(WEIGHTS, BIAS)))
    assert [path.name for path in tmp_path.rglob("*")] == ["model", "model.tar.gz"]


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", f"no tar archive inside; {FOREIGN}"),
    "no gzip file": (b"no gzip", "damaged, no whole gzip file; copy it again or train the model again"),
    "no tar archive": (gzip.compress(b"x" * 2_000), f"no tar archive inside; {FOREIGN}"),
    "another member": (
        gzip.compress(tar([("xgboost-model", b"")])),
        f"member model_algo-1 is there 0 times, not once; {FOREIGN}",
    ),
    "the member twice": (
        gzip.compress(tar([("model_algo-1", model_file(WEIGHTS, BIAS))] * 2)),
        f"member model_algo-1 is there 2 times, not once; {FOREIGN}",
    ),
    "a link": (
        gzip.compress(tar([("model_algo-1", b"")], type=tarfile.SYMTYPE, linkname="/etc/passwd")),
        f"member model_algo-1 is no file; {FOREIGN}",
    ),
    "no ZIP file": (wrapped(b"PK" + b"x" * 100), f"member model_algo-1 is no whole ZIP file; {FOREIGN}"),
    "no parameters": (
        wrapped(packed({"additional-params.json": b"{}"})),
        f"member mx-mod-0000.params is there 0 times, not once; {FOREIGN}",
    ),
    "no description": (
        wrapped(packed({"mx-mod-0000.params": b""})),
        f"member additional-params.json is there 0 times, not once; {FOREIGN}",
    ),
    "a description that is no JSON": (
        with_member("additional-params.json", b"{"),
        f"member additional-params.json names no predictor_type; {FOREIGN}",
    ),
    "a description that is a list": (
        with_member("additional-params.json", b"[1]"),
        f"member additional-params.json names no predictor_type; {FOREIGN}",
    ),
    "a classifier": (
        with_member("additional-params.json", json.dumps({"predictor_type": "binary_classifier"}).encode()),
        "predictor_type is 'binary_classifier'; train with predictor_type regressor",
    ),
    "another compression": (
        wrapped(packed(members(WEIGHTS, BIAS), zipfile.ZIP_BZIP2)),
        f"member mx-mod-0000.params is packed in a way that is not read here; {FOREIGN}",
    ),
    "empty parameters": (with_parameters(b""), f"its parameters end 24 bytes too early; {FOREIGN}"),
    "another list magic": (
        with_parameters(parameters({}, magic=0x113)),
        f"its parameters begin with 0x113, not 0x112; {FOREIGN}",
    ),
    "no array": (with_parameters(parameters({})), f"its parameters are {{}}; {FOREIGN}"),
    "another array": (
        with_arrays(scale=np.ones((1, 1), "<f4")),
        f"its parameters are {{'arg:fc0_weight': (3, 1), 'arg:fc0_bias': (1, 1), 'arg:fc0_scale': (1, 1)}}; {FOREIGN}",
    ),
    "weights in a row": (
        with_arrays(weight=np.ones((1, 3), "<f4")),
        f"its parameters are {{'arg:fc0_weight': (1, 3), 'arg:fc0_bias': (1, 1)}}; {FOREIGN}",
    ),
    "weights of many models": (
        with_arrays(weight=np.ones((3, 2), "<f4"), bias=np.ones((1, 2), "<f4")),
        f"its parameters are {{'arg:fc0_weight': (3, 2), 'arg:fc0_bias': (1, 2)}}; {FOREIGN}",
    ),
    "too many weights": (
        with_arrays(weight=np.ones((4, 1), "<f4")),
        "4 weights for 3 features; take model and feature model of one execution",
    ),
    "too few weights": (
        with_arrays(weight=np.ones((2, 1), "<f4")),
        "2 weights for 3 features; take model and feature model of one execution",
    ),
    "a weight that is no number": (
        with_arrays(weight=np.array([[1], [np.nan], [1]], "<f4")),
        "a weight is not a finite number; train again with a lower learning rate",
    ),
    "an infinite bias": (
        with_arrays(bias=np.array([[np.inf]], "<f4")),
        "a weight is not a finite number; train again with a lower learning rate",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_regressor_of_ours_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    archive, message = REFUSED[case]
    with pytest.raises(JobError) as error:
        read(tmp_path, archive)
    assert str(error.value) == f"model/model.tar.gz: {message}"


def test_missing_artefact_is_named(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"^model/model.tar.gz: missing; give the artefact of the training job$"):
        read_model(tmp_path / "model" / "model.tar.gz", features=3)


WHOLE = struct.pack("<QQQ", 0x112, 0, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (struct.pack("<QQQ", 0x112, 0, 2**63), "its parameters end 12 bytes too early"),
        (WHOLE + array(np.ones((2, 1), "<f4"), magic=0xF993FAC8), "an array that begins with 0xf993fac8, 0, 2"),
        (WHOLE + array(np.ones((2, 1), "<f4"), storage=1), "an array that begins with 0xf993fac9, 1, 2"),
        (WHOLE + array(np.ones((2, 1), "<f8"), kind=1), "an array of type 1 and shape (2, 1)"),
        (WHOLE + array(np.ones((2, 1), "<f4"), shape=(2**40, 2**40)), "bytes too early"),
        (WHOLE + array(np.ones((2, 1), "<f4"), shape=(-2, -1)), "an array of type 0 and shape (-2, -1)"),
        (WHOLE + array(np.ones((2, 1), "<f4"), shape=(0, 1)), "an array of type 0 and shape (0, 1)"),
        (WHOLE + struct.pack("<IiI", 0xF993FAC9, 0, 2**32 - 1), "an array that begins with 0xf993fac9, 0, 4294967295"),
        (WHOLE + array(np.ones((2, 1), "<f4")) + struct.pack("<Q", 2), "its parameters are 1 arrays with 2 names"),
        (WHOLE + array(np.ones((2, 1), "<f4")) + struct.pack("<QQ", 1, 2**63), "bytes too early"),
        (parameters({"x": np.ones((2, 1), "<f4")}) + b"more", "do not end with one name for each array"),
        (parameters({"x": np.ones((2, 1), "<f4")})[:-1], "its parameters end 1 bytes too early"),
    ],
)
def test_parameters_with_absurd_counts_or_another_form_are_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(JobError, match=re.escape(message)):
        read(tmp_path, with_parameters(content))


@pytest.mark.parametrize("name", ["../model_algo-1", "/model_algo-1", "a/../../b", "..\\b", "C:\\b", "\\b"])
def test_member_that_leads_out_of_its_folder_is_refused_by_name(tmp_path: Path, name: str) -> None:
    whole = model_file(WEIGHTS, BIAS)
    inside = packed(members(WEIGHTS, BIAS) | {name: b"x"})
    for archive in (gzip.compress(tar([("model_algo-1", whole), (name, b"x")])), wrapped(inside)):
        with pytest.raises(JobError) as error:
            read(tmp_path, archive)
        assert str(error.value) == f"model/model.tar.gz: member {name!r} leads out of its folder; {FOREIGN}"


def test_archive_that_breaks_off_anywhere_is_refused(tmp_path: Path) -> None:
    archive = wrapped(model_file(WEIGHTS, BIAS))
    for length in range(1, len(archive)):
        with pytest.raises(JobError, match=r"^model/model.tar.gz: damaged, no whole gzip file; copy it again"):
            read(tmp_path, archive[:length])


@pytest.mark.slow
@pytest.mark.parametrize("inside", ["model_algo-1", "mx-mod-0000.params", "additional-params.json"])
def test_member_that_breaks_off_anywhere_is_refused(tmp_path: Path, inside: str) -> None:
    content = model_file(WEIGHTS, BIAS) if inside == "model_algo-1" else members(WEIGHTS, BIAS)[inside]
    for length in range(len(content)):
        cut = content[:length]
        with pytest.raises(JobError, match=r"^model/model.tar.gz: "):
            read(tmp_path, wrapped(cut) if inside == "model_algo-1" else with_member(inside, cut))


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["gzip", "tar", "zip", "parameters"])
def test_damage_anywhere_gives_one_line_or_a_whole_model(tmp_path: Path, layer: str) -> None:
    chance = random.Random(layer)
    whole = {
        "gzip": wrapped(model_file(WEIGHTS, BIAS)),
        "tar": tar([("model_algo-1", model_file(WEIGHTS, BIAS))]),
        "zip": model_file(WEIGHTS, BIAS),
        "parameters": members(WEIGHTS, BIAS)["mx-mod-0000.params"],
    }[layer]
    packers: dict[str, Callable[[bytes], bytes]]
    packers = {"gzip": bytes, "tar": gzip.compress, "zip": wrapped, "parameters": with_parameters}
    for _ in range(1_000):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 8])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert re.fullmatch(r"whole|model/model\.tar\.gz: .{10,400}", outcome(tmp_path, packers[layer](bytes(damaged))))


def outcome(folder: Path, archive: bytes) -> str:
    try:
        model = read(folder, archive)
    except JobError as error:
        return str(error)
    return "whole" if model.weights.shape == (3,) and np.isfinite([*model.weights, model.bias]).all() else "broken"


def unpacks_to_more_than_it_claims() -> bytes:
    zeros = bytes(64 << 20)
    content = bytearray(packed({"additional-params.json": b"", "mx-mod-0000.params": zeros}, zipfile.ZIP_DEFLATED))
    # The size of the last member, in its own header and in the directory.
    for place in (content.rindex(b"PK\x03\x04") + 22, content.rindex(b"PK\x01\x02") + 24):
        assert content[place : place + 4] == struct.pack("<I", len(zeros))
        content[place : place + 4] = struct.pack("<I", 1_000)
    return wrapped(bytes(content))


@pytest.mark.parametrize(
    ("archive", "message"),
    [
        (gzip.compress(bytes(64 << 20)), "unpacks to more than 16 MB"),
        (with_parameters(bytes(15 << 20)), "its parameters begin with 0x0"),
        (unpacks_to_more_than_it_claims(), "member model_algo-1 is no whole ZIP file"),
    ],
)
def test_archive_that_unpacks_to_a_lot_is_refused_within_little_memory(
    tmp_path: Path, archive: bytes, message: str
) -> None:
    tracemalloc.start()
    with pytest.raises(JobError, match=message):
        read(tmp_path, archive)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6


def negative_size() -> bytes:
    header = bytearray(tar([("a", b"")])[:512])
    header[124:136] = b"\xff" * 10 + struct.pack(">h", -1_024)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return gzip.compress(bytes(header) * 4)


def test_member_of_a_negative_size_does_not_send_the_reader_round_in_circles(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"a member claims -1024 of 2048 bytes"):
        read(tmp_path, negative_size())


def test_headers_that_announce_headers_without_end_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    header = tarfile.TarInfo("x")
    header.type = tarfile.XHDTYPE
    out.write(header.tobuf() * 5_000)
    with pytest.raises(JobError, match=r"^model/model.tar.gz: no tar archive inside"):
        read(tmp_path, gzip.compress(out.getvalue()))


def test_writer_of_these_tests_writes_what_the_local_training_job_writes(tmp_path: Path) -> None:
    regressor = Hyperparameters.from_strings({"predictor_type": "regressor", "num_models": "1"})
    write_model(tmp_path, np.array(WEIGHTS, np.float32), np.float32(BIAS), regressor)
    with zipfile.ZipFile(tmp_path / "model_algo-1") as archive:
        assert archive.read("mx-mod-0000.params") == artefacts.members(WEIGHTS, BIAS)["mx-mod-0000.params"]
