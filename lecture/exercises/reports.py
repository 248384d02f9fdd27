"""The results of a class for other programs: JSON, CSV for a spreadsheet, JUnit's XML for a CI server."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as xml

from lecture.errors import LectureError
from lecture.exercises.classes import ERROR, FAILED, MISSING, Result
from lecture.exercises.schedules import Dice
from lecture.programs.cache import write_atomically
from lecture.programs.junit import xml_text

COLUMNS = ("student", "exercise", "outcome", "worlds", "failed", "rule", "check", "schedule", "seed", "what")
_MORE = ("expected", "came", "belief", "error")


def as_json(results: Sequence[Result], dice: Dice) -> str:
    """All that is known, and the hidden seeds: with these, the same comes out again."""
    found = {"first_seed": dice.first, "seeds": dice.count, "results": [asdict(one) for one in results]}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def as_csv(results: Sequence[Result]) -> str:
    """A line for each result."""
    out = io.StringIO()
    table = csv.DictWriter(out, [*COLUMNS, *_MORE], extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for one in results:
        row = {**(asdict(one.failure) if one.failure else {}), **asdict(one)}
        table.writerow({key: _harmless(value) for key, value in row.items()})
    return out.getvalue()


def _harmless(value: object) -> object:
    """A spreadsheet takes a cell that begins so for a formula, and a program that is graded may print one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def as_junit(results: Sequence[Result]) -> str:
    """A suite for each student, a case for each exercise."""
    root = xml.Element("testsuites", _counts(results))
    for student, group in groupby(results, lambda one: one.student):
        suite = list(group)
        parent = xml.SubElement(root, "testsuite", {"name": xml_text(student), **_counts(suite)})
        for one in suite:
            _case(xml.SubElement(parent, "testcase", {"classname": xml_text(student), "name": one.exercise}), one)
    xml.indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + xml.tostring(root, encoding="unicode") + "\n"


def _case(case: xml.Element, one: Result) -> None:
    if one.outcome == MISSING:
        xml.SubElement(case, "skipped", {"message": "not handed in"})
    elif one.outcome == ERROR:
        xml.SubElement(case, "error", {"message": xml_text(str(one.error))})
    elif one.failure is not None:
        failure = one.failure
        said = xml.SubElement(case, "failure", {"message": xml_text(f"{failure.rule}: {failure.what}")})
        lines = (f"{failure.check}, {failure.said}", f"expected {failure.expected}", f"came {failure.came}", one.belief)
        said.text = xml_text("\n".join(line for line in lines if line))


def _counts(results: Sequence[Result]) -> dict[str, str]:
    counted = {"tests": None, "failures": FAILED, "errors": ERROR, "skipped": MISSING}
    return {key: str(sum(kind in (None, one.outcome) for one in results)) for key, kind in counted.items()}


def write(path: Path, report: str) -> None:
    """Write a report. Raises LectureError when that isn't possible."""
    try:
        write_atomically(path, report.encode())
    except OSError as problem:
        raise LectureError(f"cannot write the report to {path}: {problem.strerror}") from problem
