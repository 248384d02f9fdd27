"""The import contract in pyproject.toml: what import-linter itself can't see to."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
FLOORS = next(contract["layers"] for contract in CONTRACTS if contract.get("containers") == ["reactor"])
SPEAKERS = next(contract for contract in CONTRACTS if contract.get("forbidden_modules") == ["reactor.core"])


def rooms(floor):
    """The names on a floor; without their brackets, which say that a room may be missing yet."""
    return [name.strip("() ") for name in floor.split("|")]


def test_rooms_on_one_floor_are_independent():
    assert not [floor for floor in FLOORS if ":" in floor]


def test_every_family_protocol_and_application_that_is_there_may_not_import_the_engine():
    """A forbidden contract has no brackets for rooms that come later: they must be added when they come."""
    first, last = FLOORS.index("sim") + 1, FLOORS.index("cred | vfs")
    above = {name for floor in FLOORS[first : last + 1] for name in rooms(floor)} - {"testing"}
    built = {name for name in above if any((ROOT / "reactor").glob(f"{name}.py")) or (ROOT / "reactor" / name).is_dir()}
    assert SPEAKERS["source_modules"] == sorted(f"reactor.{name}" for name in built)
