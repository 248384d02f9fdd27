"""Which tests to try on a mutant: those that ran its line, as a watched run (watching.py) wrote it down."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import coverage

_BUDGET_S = 15.0  # of tests for one mutant, as long as they took when they were watched
# Programs that tests start run these, and nothing watches those programs: any test of the room may notice.
_IN_CHILDREN = "reactor/application/runner/"
_BUDGET_OF_CHILDREN_S = 40.0
_BUDGET_OF_SURVIVORS_S = 60.0
_LINES_BACK = 15  # a statement begins so many lines before its end, at most


class Map:
    """What such a run wrote into `folder`. root: of the tree in which it ran."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._root = root
        self._data = coverage.CoverageData(str(folder / "lines"))
        self._data.read()
        self.durations: dict[str, float] = json.loads((folder / "tests.json").read_text(encoding="utf-8"))

    def tests_of(self, path: str, line: int, tried: Collection[str] = ()) -> list[str]:
        """The tests that may notice a change of this line: those that run it, those of its room first, then the quick.

        Not all, if they take too long. For a line that runs when the file is imported, those that run any line of the
        file; for a file that no test runs, those of its room. tried: these noticed nothing; then more of the rest, and
        of the room's, whose programs may run the line where nobody watches.
        """
        room, left = path.split("/")[1], _BUDGET_OF_SURVIVORS_S if tried else _BUDGET_S
        watched = self._tests_of_line(path, line)
        tests = watched or self._tests_of_room(path)
        if path.startswith(_IN_CHILDREN):
            left = max(left, _BUDGET_OF_CHILDREN_S)
        if tried or path.startswith(_IN_CHILDREN):
            tests = tests | self._tests_of_room(path)
        chosen = []
        for _, _, duration, test in sorted(
            (test not in watched, not test.startswith(f"tests/{room}"), self.durations[test], test)
            for test in tests.difference(tried)
        ):
            left -= duration
            if left > 0 or not chosen:
                chosen.append(test)
        return chosen

    def _tests_of_line(self, path: str, line: int) -> set[str]:
        lines = self._data.contexts_by_lineno(str(self._root / path))
        number = next((number for number in range(line, max(line - _LINES_BACK, 0), -1) if number in lines), 0)
        tests = set(lines.get(number, ())) & self.durations.keys()
        if not tests and "" in lines.get(number, [""]):
            tests = {test for tests in lines.values() for test in tests} & self.durations.keys()
        return tests

    def _tests_of_room(self, path: str) -> set[str]:
        room = path.replace("reactor", "tests", 1)
        while "/" in room:
            room = room.rpartition("/")[0]
            if tests := {test for test in self.durations if test.startswith(f"{room}/")}:
                return tests
        return set()
