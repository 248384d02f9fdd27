"""docs/differences-from-twisted.md: what the tests promise that Twisted does not, in tables, from the tests themselves.

    python tools/differences.py            prints the tables
    python tools/differences.py --write    puts them into the page
    python tools/differences.py --check    fails when the page has others

A test that carries `own_promise(why)` itself is a row: its name says what happens here, the reason what happens in
Twisted. (A module that carries it is about what Twisted does not have at all.) The words above the tables are written
by hand.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "differences-from-twisted.md"
ROOMS = {  # the first that fits a file's place below tests/
    "core/guests": "Loops of others",
    "core/pollers": "Pollers",
    "core/transports/test_tls": "TLS",
    "core/transports/test_process": "Child processes",
    "core/transports": "Transports",
    "core": "The loop",
    "behaviour": "All transports",
    "defer": "Deferreds",
    "application": "Applications",
    "endpoints": "Endpoints",
    "log": "The log",
    "protocol/": "Protocols and factories",
    "protocols": "Protocols: lines, policies, proxies",
    "ssl": "Certificates and options of TLS",
    "task": "Tasks",
    "testing": "Doubles for tests",
    "names": "Names",
    "conch": "Telnet and terminals",
    "web": "The web",
    "": "Other modules",
}

_TABLES = re.compile(r"(?<=<!-- tables -->\n).*(?=<!-- end of tables -->)", re.S)


class _Collecting:
    """A plugin of pytest that notes the promises of what is collected. reasons: by room, file and name of the test."""

    def __init__(self) -> None:
        self.reasons: dict[str, dict[str, dict[str, str]]] = {room: {} for room in ROOMS.values()}

    def pytest_collection_finish(self, session: Any) -> None:
        for item in session.items:
            marks = [mark for mark in item.own_markers if mark.name == "own_promise"]
            if marks:
                file = item.path.relative_to(TESTS).as_posix()
                room = next(name for start, name in ROOMS.items() if file.startswith(start))
                self.reasons[room].setdefault(file, {})[item.function.__name__] = marks[0].args[0]


def tables() -> str:
    """The tables as they should be. Raises SystemExit, with what pytest said, if it can't tell."""
    collecting, said = _Collecting(), io.StringIO()
    with contextlib.redirect_stdout(said):
        options = ["--collect-only", "-q", "-p", "no:cacheprovider", str(TESTS)]
        status = pytest.main(options, plugins=[collecting])
    if status != pytest.ExitCode.OK:
        raise SystemExit(said.getvalue())
    parts = []
    for room, files in collecting.reasons.items():
        parts += [f"\n### {room}\n"] * bool(files)
        parts += [_table(file, tests) for file, tests in sorted(files.items())]
    return "".join(parts)


def _table(file: str, reasons: dict[str, str]) -> str:
    rows = [
        f"| {_sentence(name.removeprefix('test_').replace('_', ' '))} | {_sentence(why)} |\n"
        for name, why in reasons.items()
    ]
    return f"\n| `tests/{file}` | in Twisted |\n|---|---|\n" + "".join(rows)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:].replace("|", "\\|")


def main() -> None:
    """Print, write or check."""
    found = tables()
    page = PAGE.read_text(encoding="utf-8")
    whole = _TABLES.sub(lambda _: found + "\n", page)
    if "--write" in sys.argv:
        PAGE.write_text(whole, encoding="utf-8")
    elif "--check" in sys.argv:
        if whole != page:
            raise SystemExit(f"{PAGE.relative_to(ROOT)} is not what the tests say: python tools/differences.py --write")
    else:
        print(found)


if __name__ == "__main__":
    main()
