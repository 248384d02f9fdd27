"""A wrong program as a text cell of a notebook: folded, as it is nothing to start from, and marked as wrong.

It is the record of what the build ran, and not to be run here: what a student changes into it, in the cells above, does
the same. Lines that are different are in the form that every reader of notebooks colours, that of a diff.
"""

from __future__ import annotations

import html

from lecture.elements.wrong import Wrong
from lecture.outputs.notebooks.prose import fenced, plain
from lecture.outputs.notebooks.workspace import expected_transcript
from lecture.programs import Examples
from lecture.programs.session import read_session
from lecture.programs.wrong import Difference

_SIGNS = {"same": " ", "new": "+", "gone": "-"}


def wrong(element: Wrong, examples: Examples) -> str:
    """The cell. Raises LectureError when there is no such wrong program."""
    program = examples.wrong(element.example, element.name)
    shown = [f"`{program.session}/{one.file}`:\n\n{fenced(_lines(one), 'diff')}" for one in program.differences]
    shown += [f"`{file}`:\n\n{fenced(examples.excerpt(file).text, 'python')}" for file in program.scene]
    shown.append(_session(program.session, examples))
    if program.right:
        shown.append(f"The right program, in the same scene:\n\n{_session(program.right, examples)}")
    opening = f"<details>\n<summary>{html.escape(f'Wrong: {program.title}')}</summary>"
    return "\n\n".join([opening, plain(program.sentence), *shown, "</details>"])


def _session(name: str, examples: Examples) -> str:
    return fenced("\n".join(expected_transcript(read_session(examples.session_path(name)))), "console")


def _lines(difference: Difference) -> str:
    return "\n".join(f"{_SIGNS[line.kind]} {line.text}".rstrip() for line in difference.lines)
