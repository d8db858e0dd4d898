"""An assembly comes back as it was, without what lay beside it."""

import json
from pathlib import Path

from synthesis.assembly import is_without_finding, pack, unpack

FINDING = {"ruleName": "AwsSolutions-S1"}


def write_assembly(folder: Path, *findings: dict[str, str]) -> None:
    documents = {
        "manifest.json": {"artifacts": {"a": {"file": "a.assets.json"}, "Tree": {"properties": {"file": "tree.json"}}}},
        "a.assets.json": {
            "files": {
                "1": {"source": {"path": "a.template.json"}},
                "2": {"source": {"path": "asset.2.zip"}},
                "3": {"source": {"path": "asset.3"}},
            }
        },
        "a.template.json": {"Description": "/etc/passwd, b.template.json, .."},
        "b.template.json": {"of": "another stage"},
        "tree.json": {"paths": [".", "..", ""]},
        "validation-report.json": {"pluginReports": [{"violations": []}, {"violations": findings}]},
    }
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document))
    (folder / "asset.2.zip").write_bytes(b"archive")
    (folder / "asset.3/of").mkdir(parents=True, exist_ok=True)
    (folder / "asset.3/of/function.py").write_text("# of an asset that is a folder")
    (folder / "cdk.out").write_text('{"version":"55.0.0"}')


def test_assembly_comes_back_without_files_that_it_does_not_name(tmp_path: Path) -> None:
    write_assembly(tmp_path)
    unpack(pack(tmp_path), tmp_path / "back")
    files = [path for path in (tmp_path / "back").rglob("*") if path.is_file()]
    back = {path.relative_to(tmp_path / "back").as_posix(): path.read_bytes() for path in files}
    assert back == {name: (tmp_path / name).read_bytes() for name in back}
    assert sorted(back) == [
        *(
            "a.assets.json",
            "a.template.json",
            "asset.2.zip",
            "asset.3/of/function.py",
            "cdk.out",
            "manifest.json",
            "tree.json",
        ),
        "validation-report.json",
    ]


def test_assembly_with_a_finding_and_one_that_nobody_validated_are_told_from_one_without(tmp_path: Path) -> None:
    write_assembly(tmp_path)
    assert is_without_finding(tmp_path)
    write_assembly(tmp_path, FINDING)
    assert not is_without_finding(tmp_path)
    (tmp_path / "validation-report.json").unlink()
    assert not is_without_finding(tmp_path)
