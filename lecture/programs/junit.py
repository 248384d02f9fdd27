"""A report in the XML that CI servers read: a test case for every session, and one for every other problem.

There is no standard; this is what Jenkins, GitLab and GitHub's readers agree on (testsuites / testsuite / testcase with
`classname`, `name`, `time`, `file`, and `failure` with a message and a text).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lecture.errors import LectureError
from lecture.programs.cache import write_atomically
from lecture.programs.checks import Check

# XML 1.0, 2.2: Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]
_NO_CHAR = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_report(file: Path, checks: Iterable[Check], errors: Iterable[LectureError]) -> None:
    """Write the report.

    checks: of the sessions.
    errors: everything that is wrong; those of sessions are reported with their session only.
    Raises LectureError when the file can't be written.
    """
    checks = list(checks)
    of_sessions = {id(check.error) for check in checks if check.error}
    others = [error for error in errors if id(error) not in of_sessions]
    cases = [_case("session", check.example, str(check.path), check.seconds, check.error) for check in checks]
    for number, error in enumerate(others, 1):
        name = error.slide or f"problem {number}"
        cases.append(_case("deck", name, str(error.where.file) if error.where else "", 0.0, error))
    failures = len(of_sessions) + len(others)
    seconds = sum(check.seconds for check in checks)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" time="{seconds:.3f}"'
    body = "".join(cases)
    suite = f'<testsuite name="lecture" {counts}>\n{body}</testsuite>\n'
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites {counts}>\n{suite}</testsuites>\n'
    try:
        write_atomically(file, text.encode())
    except OSError as error:
        raise LectureError(f"cannot write the report to {file}: {error.strerror}") from error


def _case(kind: str, name: str, file: str, seconds: float, error: LectureError | None) -> str:
    attributes = {"classname": f"lecture.{kind}", "name": name, "file": file, "time": f"{seconds:.3f}"}
    start = " ".join(f"{key}={_quoted(value)}" for key, value in attributes.items())
    if error is None:
        return f"<testcase {start}/>\n"
    failure = f"<failure message={_quoted(error.message)}>{escape(xml_text(str(error)))}</failure>"
    return f"<testcase {start}>{failure}</testcase>\n"


def _quoted(value: str) -> str:
    return quoteattr(xml_text(value))


def xml_text(value: str) -> str:
    """Text that XML can hold; what it can't is written as Python would."""
    return _NO_CHAR.sub(lambda match: ascii(match[0])[1:-1], value)
