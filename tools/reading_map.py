"""The reading map, docs/READING.md: which files make which evening, and how many lines they have.

    python tools/reading_map.py            prints the lines of each evening, as the files are now
    python tools/reading_map.py --write    puts the counts into the tables

There is no other list; tests/style/test_reading_map.py reads it by this tool.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "reactor"
MAP = ROOT / "docs" / "READING.md"

_ROW = re.compile(
    r"^\| \[(?P<file>[^\]]+)\]\(\.\./reactor/(?P=file)\) \| (?P<lines>[\d,]+) \| (?P<question>.+) \|$", re.M
)
_TOTAL = re.compile(r"^Together: ([\d,]+) lines\.$", re.M)
_EVENING = re.compile(r"^(?=## Evening \d)", re.M)


def evenings(text: str) -> list[dict[str, int]]:
    """For each evening, in order: its files, by their paths in the package, and their line counts as in the map."""
    return [{row["file"]: number(row["lines"]) for row in _ROW.finditer(part)} for part in _EVENING.split(text)[1:]]


def totals(text: str) -> list[int]:
    """The evenings' totals as in the map."""
    return [number(found) for found in _TOTAL.findall(text)]


def number(text: str) -> int:
    """A count as the map writes it, with commas."""
    return int(text.replace(",", ""))


def lines_of(file: str) -> int:
    """How many lines a file of the package has."""
    return len((PACKAGE / file).read_text(encoding="utf-8").splitlines())


def counted(text: str, count: Callable[[str], int] = lines_of) -> str:
    """The map with the right counts."""
    parts = _EVENING.split(text)
    return parts[0] + "".join(_counted_evening(part, count) for part in parts[1:])


def _counted_evening(part: str, count: Callable[[str], int]) -> str:
    lines = {row["file"]: count(row["file"]) for row in _ROW.finditer(part)}
    part = _ROW.sub(lambda row: row[0].replace(f"| {row['lines']} |", f"| {lines[row['file']]:,} |", 1), part)
    return _TOTAL.sub(f"Together: {sum(lines.values()):,} lines.", part)


def main() -> None:
    """Count, and print or write."""
    text = counted(MAP.read_text(encoding="utf-8"))
    if "--write" in sys.argv[1:]:
        MAP.write_text(text, encoding="utf-8")
    for evening, files in enumerate(evenings(text), 1):
        print(f"evening {evening}: {sum(files.values()):,} lines in {len(files)} files")


if __name__ == "__main__":
    main()
