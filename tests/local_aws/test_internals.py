import pytest

from local_aws import internals


def test_installed_ministack_has_every_name_that_we_depend_on() -> None:
    assert internals.missing() == []


def test_missing_internals_of_ministack_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(internals, "NAMES", {"ministack.app": ("main", "_gone"), "ministack.gone": ("x",)})
    assert internals.missing() == ["ministack.app._gone", "ministack.gone"]
