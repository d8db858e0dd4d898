"""All pipelines of a stage are read, and a stage that has none is refused."""

from pathlib import Path

import pytest

from artefacts.assembly import AssemblyError, load
from tests.artefacts.assembly.written_assembly import write_assembly


def test_every_pipeline_of_a_stage_is_read_with_its_own_definition(tmp_path: Path) -> None:
    found = load(write_assembly(tmp_path, ["train", "score"], groups=["Bonus"]), "dev")
    assert {name: each.definition["Metadata"]["Of"] for name, each in found.items()} == {
        "train": "train",
        "score": "score",
    }
    assert {each.arn for each in found.values()} == {
        f"arn:aws:sagemaker:eu-west-1:111122223333:pipeline/{name}" for name in ("train", "score")
    }
    assert all(each.package_groups == {"Bonus"} for each in found.values()), "they share a registry"


def test_stage_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match=r"stage dev of .* has no pipeline: add one"):
        load(write_assembly(tmp_path, []), "dev")


def test_stage_that_is_not_in_the_assembly_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match=r"stage dev is not in .*, which has prod: run make synth STAGE=dev"):
        load(write_assembly(tmp_path, ["train"], stage="prod"), "dev")


def test_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match="is no cloud assembly: run make synth STAGE=dev"):
        load(tmp_path, "dev")
