"""What is read from the folder of a local execution, and what is refused."""

import json
from pathlib import Path

import pytest

from artefacts.execution import Execution, Step
from execution_report import ReportError, describe_rejected_rows, write_report
from execution_report.sources import Prediction, gather, read_folder
from tests.execution_report.examples import (
    CONTRACT_FAILED,
    PASSED,
    Folder,
    broken_data_quality,
    data_quality,
    defined_card,
    evaluation,
    execution,
    rejections,
    step,
)


def test_report_lies_beside_the_execution(tmp_path: Path) -> None:
    folder = Folder(tmp_path, PASSED).data_quality(data_quality()).evaluation(evaluation(), [(1.0, 2.0)]).write()
    path = write_report(folder)
    assert path == folder / "report.html"
    assert "version 3 of empbonuspackagegroup-dev" in path.read_text(encoding="utf-8")
    assert sorted(each.name for each in folder.iterdir()) == ["execution.json", "report.html"]


def test_report_is_written_again_over_the_one_before(tmp_path: Path) -> None:
    folder = Folder(tmp_path, PASSED).write()
    (folder / "report.html").write_text("old")
    assert "old" not in write_report(folder).read_text(encoding="utf-8").split()


def test_all_documents_are_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path, PASSED).data_quality(data_quality()).evaluation(evaluation(), [(1.5, 2.0)]).write()
    facts = read_folder(folder)
    assert facts.execution.status == "Succeeded"
    assert facts.data_quality == data_quality()
    assert facts.evaluation == evaluation()
    assert facts.predictions == (Prediction(1.5, 2.0),)
    assert facts.unreadable == {}


def test_rejections_are_read_with_where_the_list_of_them_is(tmp_path: Path) -> None:
    (tmp_path / "rejected").mkdir()
    (tmp_path / "rejected" / "rejections.json").write_text(json.dumps(rejections()))
    prepared = step("PreProcessing", "Processing", 1, 2, Outputs={"rejected": str(tmp_path / "rejected")})
    folder = Folder(tmp_path, execution("Succeeded", [prepared])).write()
    facts = read_folder(folder)
    assert facts.rejections == rejections()
    assert facts.rejected_rows == str(tmp_path / "rejected" / "rejected.csv")
    assert describe_rejected_rows(folder).startswith("14 of 1,997 rows: bonus: missing (9), ")
    aws = gather(Execution(steps=[Step(outputs={"rejected": "s3://b/r/"})]), lambda *_: b"{}")
    assert aws.rejected_rows == "s3://b/r/rejected.csv"


def test_step_that_failed_may_have_written_its_file(tmp_path: Path) -> None:
    facts = read_folder(Folder(tmp_path, CONTRACT_FAILED).data_quality(broken_data_quality()).write())
    assert facts.data_quality == broken_data_quality()
    assert facts.evaluation is None
    assert facts.predictions is None


def test_outputs_that_have_been_deleted_are_absent(tmp_path: Path) -> None:
    folder = Folder(tmp_path, PASSED).data_quality(data_quality())
    (folder.outputs / "data-quality" / "data_quality.json").unlink()
    assert read_folder(folder.write()).data_quality is None


def test_file_that_may_not_be_read_is_reported() -> None:
    def read(_place: str, _file: str) -> bytes:
        raise PermissionError("permission denied")

    steps = [Step(outputs={"data-quality": "folder"})]
    assert gather(Execution(steps=steps), read).unreadable == {"data_quality.json": "permission denied"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"rows": ', "Expecting value"),
        ("[]", "not a JSON object"),
        ("\udcff", "codec can't decode byte"),
    ],
)
def test_broken_document_is_reported_and_does_not_stop_the_report(tmp_path: Path, text: str, reason: str) -> None:
    folder = Folder(tmp_path, PASSED).evaluation({}, [(1.0, 2.0)])
    (folder.outputs / "evaluation" / "evaluation.json").write_bytes(text.encode(errors="surrogateescape"))
    facts = read_folder(folder.write())
    assert facts.evaluation is None
    assert reason in facts.unreadable["evaluation.json"]
    assert facts.predictions


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("real,predicted\n1,2\n", "no columns actual and predicted"),
        ("", "no columns actual and predicted"),
        ("actual,predicted\n1,2\n3,secret\n", "line 3 does not hold two numbers"),
        ("actual,predicted\n1\n", "line 2 does not hold two numbers"),
        ("actual,predicted\n1,inf\n", "line 2 does not hold two numbers"),
    ],
)
def test_broken_predictions_are_reported_without_their_values(tmp_path: Path, text: str, reason: str) -> None:
    folder = Folder(tmp_path, PASSED).evaluation({}, [])
    (folder.outputs / "evaluation" / "predictions.csv").write_text(text)
    facts = read_folder(folder.write())
    assert facts.predictions is None
    assert facts.unreadable == {"predictions.csv": reason}


def card_folder(root: Path) -> Folder:
    parts = {"evaluation_details": '[{"name": "Quality"}]', "training_details": "{}"}
    folder = Folder(root, PASSED).evaluation(evaluation(), [(1.0, 2.0)])
    (folder.outputs / "evaluation" / "model_card.json").write_text(json.dumps(parts))
    return folder


def test_card_is_that_of_the_definition_with_what_evaluation_found(tmp_path: Path) -> None:
    folder = card_folder(tmp_path)
    (folder.path / "definition.json").write_text(json.dumps(defined_card()))
    assert read_folder(folder.write()).card == {
        "intended_uses": {"purpose_of_model": "Predicts a bonus."},
        "evaluation_details": [{"name": "Quality"}],
    }


def test_card_without_a_definition_is_what_evaluation_found(tmp_path: Path) -> None:
    found = read_folder(card_folder(tmp_path).write()).card
    assert found == {"evaluation_details": [{"name": "Quality"}], "training_details": {}}


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ("{", "Expecting property name"),
        ('{"Steps": [3]}', "the execution's definition is damaged"),
        ("{}", ""),
        (json.dumps(defined_card()).replace('"}"', '"]"'), "Expecting"),
    ],
)
def test_card_of_a_damaged_definition_does_not_stop_the_report(tmp_path: Path, definition: str, reason: str) -> None:
    folder = card_folder(tmp_path)
    (folder.path / "definition.json").write_text(definition)
    facts = read_folder(folder.write())
    assert facts.evaluation == evaluation()
    assert reason in facts.unreadable.get("model_card.json", "")


def test_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"holds no execution\.json: run the pipeline first, or give"):
        write_report(tmp_path)


def test_broken_execution_is_refused(tmp_path: Path) -> None:
    (tmp_path / "execution.json").write_text("{")
    with pytest.raises(ReportError, match=r"execution\.json cannot be read \(Expecting .*\): run the pipeline again"):
        write_report(tmp_path)


def test_halves_of_characters_do_not_stop_the_report(tmp_path: Path) -> None:
    folder = Folder(tmp_path, {**PASSED, "PipelineArn": "a/\ud800"}).write()
    assert "<h1>?</h1>" in write_report(folder).read_text(encoding="utf-8")
