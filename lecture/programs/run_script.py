"""The script with which a page shows the runs of an example step by step: of the example, and of its wrong programs.

    timeline("03_echo", {"programs": […], …}, {"server.py": "…"});
    timeline("03_echo/wrong/one_chunk", …);

A page from disk may run what lies beside it and may not fetch it, so it is a script that calls a function. Steps are
packed: each is a list of its fields in the order of FIELDS, without the empty ones at its end. A field that says
nothing is 0; so are a time and a program that are those of the step before. Steps that it refers to are so many steps
back. site/src/stepper/unpack.ts undoes this.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reactor.trace.abridging import without_ends

if TYPE_CHECKING:
    from reactor.trace import Timeline

FIELDS = ("kind", "time", "program", "in", "because", "thing", "at", "text", "data", "size", "set")
_NETWORK = 1  # in place of a program; programs are counted from 2


def run_script(runs: Iterable[tuple[str, Timeline, Mapping[str, Path]]]) -> bytes:
    """The script for these runs; b"" when there is none.

    runs: the name of each, its timeline, and the files that it found, of which readers see the programs.
    """
    return "".join(_call(*run) for run in runs if run[1].steps).encode("utf-8", "replace")


def _call(name: str, timeline: Timeline, files: Mapping[str, Path]) -> str:
    sources = {file: path.read_text("utf-8-sig") for file, path in files.items() if file.endswith(".py")}
    return f"timeline({','.join(map(_in_script, (name, packed(without_ends(timeline)), sources)))});\n"


def _in_script(value: object) -> str:
    """A value as JSON that no HTML around it takes for its own, since an exported lecture has it inside."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/").replace("<!--", "<\\!--")


def packed(timeline: Timeline) -> dict[str, Any]:
    """The timeline as the page's script has it."""
    kinds: dict[str, int] = {}
    rows: list[list[Any]] = []
    time, program = 0.0, 0
    for number, step in enumerate(timeline.steps):
        now, who = step["time"], step.get("program", _NETWORK - 2) + 2
        is_whole = step.get("size") == len(step.get("data", ()))
        row = [
            kinds.setdefault(step["kind"], len(kinds)),
            now if now != time else 0,
            who if who != program else 0,
            number - step["in"] if "in" in step else 0,
            number - step["because"][-1] if "because" in step else 0,
            *(step.get(name, 0) for name in ("thing", "at", "text", "data")),
            0 if is_whole else step.get("size", 0),
            step.get("set", 0),
        ]
        time, program = now, who
        while row[-1] == 0 and isinstance(row[-1], int):
            row.pop()
        rows.append(row or [0])
    head = {"programs": timeline.programs, "things": timeline.things, "kinds": list(kinds)}
    return head | {"steps": rows, "left_out": timeline.left_out}
