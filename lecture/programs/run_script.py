"""The script with which a page shows the runs of an example step by step: of the example, and of its wrong programs.

    timelines({"runs": [{"name": "03_echo", "files": {"server.py": 0}, "programs": […], …}, …],
               "kinds": ["line", …], "texts": ["…", …]});

A page from disk may run what lies beside it and may not fetch it, so it is a script that calls a function. Its runs
share their programs' texts, which `files` names by their places, and the rows of their steps (packed_steps.py): a wrong
program does for the most part what the right one does. So where four rows or more have stood before, in this run or in
another, [-n, back] stands instead: the n rows that begin so many rows back. site/src/stepper/unpack.ts undoes this.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.programs.packed_steps import Packer
from lecture.programs.packed_words import told_things
from reactor.trace.abridging import without_ends

if TYPE_CHECKING:
    from reactor.trace import Timeline

_LEAST_COPIED = 4  # rows; shorter copies take no fewer bytes once all is compressed


def run_script(runs: Iterable[tuple[str, Timeline, Mapping[str, Path]]]) -> bytes:
    """The script for these runs; b"" when there is none.

    runs: the name of each, its timeline, and the files that it found, of which readers see the programs.
    """
    shared, kinds, texts = _Rows(), dict[str, int](), dict[str, int]()
    written = []
    for name, timeline, files in runs:
        if not timeline.steps:
            continue
        short = without_ends(timeline)
        sources = {file: path.read_text("utf-8-sig") for file, path in files.items() if file.endswith(".py")}
        parts = {
            "name": _in_script(name),
            "files": _in_script({file: texts.setdefault(text, len(texts)) for file, text in sources.items()}),
            "programs": _in_script(short.programs),
            "things": _in_script(told_things(short)),
            "left_out": _in_script(short.left_out),
            "steps": f"[{','.join(shared.added(list(map(_in_script, Packer(kinds).rows(short)))))}]",
        }
        written.append("{" + ",".join(f'"{key}":{value}' for key, value in parts.items()) + "}")
    if not written:
        return b""
    tables = f'"kinds":{_in_script(list(kinds))},"texts":{_in_script(list(texts))}'
    return (f'timelines({{{tables},"runs":[\n' + ",\n".join(written) + "\n]});\n").encode("utf-8", "replace")


def _in_script(value: object) -> str:
    """A value as JSON that no HTML around it takes for its own, since an exported lecture has it inside."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/").replace("<!--", "<\\!--")


class _Rows:
    """The rows of all runs in a script, so that those which come again need not be written again."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self._places: dict[tuple[str, ...], int] = {}  # where the rows last stood with which a copy may begin

    def added(self, rows: Sequence[str]) -> Iterator[str]:
        """What is written for these rows, in their order."""
        place = len(self._rows)
        self._rows.extend(rows)
        while place < len(self._rows):
            source = self._places.get(self._begin(place))
            count = 1 if source is None else self._alike(source, place)
            yield self._rows[place] if source is None else f"[{-count},{place - source}]"
            for passed in range(place, place + count):
                self._places[self._begin(passed)] = passed
            place += count

    def _begin(self, place: int) -> tuple[str, ...]:
        """The rows with which a copy would begin; at the end of a run there are too few for one."""
        begin = tuple(self._rows[place : place + _LEAST_COPIED])
        return begin if len(begin) == _LEAST_COPIED else (str(place),)

    def _alike(self, one: int, other: int) -> int:
        """How many rows from the one place on are the same as those from the other place on."""
        count = 0
        while other + count < len(self._rows) and self._rows[one + count] == self._rows[other + count]:
            count += 1
        return count
