"""From what a grader has told line by line to the verdict, also when the program took the grader with it.

A program that is graded may hang, or end the process, at any moment; what was found until then counts. The lines are
those that grading_process.py describes, wherever the grader runs: in a process, or in a page.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from lecture.exercises.grading import RUNS, Failure, Verdict

SECONDS = 5.0  # of the processor's time, so that a busy machine fails nobody
NOTHING_TRIED = Failure(RUNS, "plain", "as it comes", RUNS, "", (), None, None, 0)
_LAST_LINES = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')

Answer = list[dict[str, Any]]


def lacking(problem: str) -> Verdict:
    """The verdict on a program that can't even be tried."""
    return Verdict((replace(NOTHING_TRIED, what=problem),), 1)


def verdict_of(answer: Answer, file: str, seconds: float, wall_seconds: float) -> Verdict:
    """What was found; and if the grader came to no end, that it didn't, in the try that it was at.

    file: the program's name. seconds, wall_seconds: that it had.
    """
    failures = [_failure(one["failure"]) for one in answer if "failure" in one]
    for one in answer:
        if "tried" in one:
            return Verdict(tuple(failures), one["tried"])
    tries = [_failure(one["tries"]) for one in answer if "tries" in one]
    at = tries[-1] if tries else NOTHING_TRIED
    failures.append(replace(at, what=_why_it_ended(answer[-1], file, seconds, wall_seconds)))
    return Verdict(tuple(failures), max(1, len(tries)))


def _why_it_ended(ending: dict[str, Any], file: str, seconds: float, wall_seconds: float) -> str:
    lines = [match["line"] for match in _LAST_LINES.finditer(ending["said"]) if Path(match["file"]).name == file]
    where = f" in {file}:{lines[0]}" if lines else ""
    if ending["late"]:
        return f"it never comes to an end: after {wall_seconds:g} seconds it still waits"
    if "Timeout" in ending["said"] or ending["ended"] < 0:
        return f"it never comes to an end: after {seconds:g} seconds it was still busy{where}"
    last = ending["said"].strip().splitlines()[-1:] or [f"exit {ending['ended']}"]
    return f"it ended the grader{where}: {last[0]}"


def _failure(found: dict[str, Any]) -> Failure:
    return Failure(**{**found, "sent": tuple(found["sent"])})
