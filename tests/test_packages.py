"""A new package cannot be left out of the layers, nor of the types."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")}
FREE = {"benchmarks", "tests"}
"""These may import anything, and nothing imports them."""


def test_every_package_has_its_layer() -> None:
    (contract,) = (
        each for each in TOOLS["importlinter"]["contracts"] if each["type"] == "layers" and "containers" not in each
    )
    layered = [name for layer in contract["layers"] for name in layer.split(" | ")]
    assert sorted(layered) == sorted(PACKAGES - FREE)
    assert sorted(TOOLS["importlinter"]["root_packages"]) == sorted(PACKAGES - FREE)


def test_types_of_every_package_are_checked() -> None:
    assert set(TOOLS["mypy"]["files"]) >= PACKAGES
