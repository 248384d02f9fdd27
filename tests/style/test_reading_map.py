"""docs/READING.md keeps its word: its files are there, with that many lines, and the first evening is short."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FIRST_EVENING = 3000  # lines; a page is read in a minute or two, and an evening has three hours
COUNT_ANEW = "run python tools/reading_map.py --write"


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("reading_map", ROOT / "tools" / "reading_map.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


reading_map = _tool()
TEXT = reading_map.MAP.read_text(encoding="utf-8")
EVENINGS = reading_map.evenings(TEXT)
FILES = [file for evening in EVENINGS for file in evening]


def test_there_are_three_evenings() -> None:
    assert len(EVENINGS) == 3 and all(EVENINGS)
    assert TEXT.count("\n| [") == len(FILES), "a row of a table isn't | [file](../reactor/file) | lines | question |"


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_the_map_is_there(file: str) -> None:
    assert (reading_map.PACKAGE / file).is_file(), f"{file} was moved or removed: change docs/READING.md, too"


def test_no_file_stands_twice() -> None:
    assert sorted(FILES) == sorted(set(FILES))


def test_every_file_of_the_core_has_its_evening() -> None:
    paths = [path for room in ("core", "protocol") for path in (reading_map.PACKAGE / room).rglob("*.py")]
    with_code = [path for path in paths if "from __future__" in path.read_text(encoding="utf-8")]
    core = {path.relative_to(reading_map.PACKAGE).as_posix() for path in with_code}
    assert core - set(FILES) == set(), "new files: say in docs/READING.md which question they answer"


def test_the_counts_are_right() -> None:
    assert reading_map.counted(TEXT) == TEXT, COUNT_ANEW


def test_the_first_evening_is_short_enough() -> None:
    lines = sum(map(reading_map.lines_of, EVENINGS[0]))
    assert lines <= FIRST_EVENING, f"{lines} lines in the first evening: which second idea moved in?"


def test_a_wrong_count_is_put_right() -> None:
    wrong = (
        "## Evening 1: x\n\n| [a.py](../reactor/a.py) | 7 | Why 7 | or 8? |\n\nTogether: 9 lines.\n"
        "## Evening 2: y\n\n| [b.py](../reactor/b.py) | 1,234 | Why? |\n\nTogether: 1,234 lines.\n"
    )
    right = reading_map.counted(wrong, {"a.py": 1500, "b.py": 3}.__getitem__)
    assert reading_map.evenings(right) == [{"a.py": 1500}, {"b.py": 3}]
    assert reading_map.totals(right) == [1500, 3]
    assert "| 1,500 | Why 7 | or 8? |" in right
