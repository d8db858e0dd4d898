"""A data contract is checked before it is deployed, by the code of the jobs."""

from pathlib import Path

import pytest

from settings import STAGES, SettingsError
from stacks.training.data_contract import check_data_contract

CONTRACT = "processing/contract/data_contract.toml"
TEXT = Path(CONTRACT).read_text(encoding="utf-8")


@pytest.mark.parametrize("stage", STAGES)
def test_data_contract_of_every_stage_is_one(stage: str) -> None:
    check_data_contract(STAGES[stage].data_contract)


def test_byte_order_mark_of_a_data_contract_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "hr.contract.toml"
    file.write_text(TEXT, encoding="utf-8-sig")
    check_data_contract(str(file))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "{} cannot be read: No such file or directory: name a data contract"),
        (b"\xff", "{} is not UTF-8 text at byte 0: save it as UTF-8"),
        (b"employee_id,age\n", "{} is not TOML: Expected '=' after a key in a key/value pair (at line 1, column 12)"),
        (b"", "{}: the top of the file lacks"),
        (TEXT.replace("minimum = 15", "minimum = 150").encode(), "{}: columns.age.maximum is 100: write more than"),
    ],
    ids=["missing", "encoding", "no TOML", "empty", "mistake"],
)
def test_data_contract_with_a_mistake_is_refused_in_one_line(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "hr.contract.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as refusal:
        check_data_contract(str(file))
    assert str(refusal.value).startswith(f"data_contract: {message.format(file)}")
    assert "\n" not in str(refusal.value)
