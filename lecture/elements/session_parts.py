"""A session that is too long for the room it has: shown in parts, one after the other, as a terminal scrolls."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lecture.elements.listings import Session

if TYPE_CHECKING:
    from lecture.programs import Entry, Transcript


class SessionPart(Session):
    """Some commands of a session, or some lines of what one printed; a part may begin in the middle of an output.

    An entry whose command is "" goes on with the output of the command before it.
    """

    def __init__(self, session: Session, transcript: Transcript) -> None:
        super().__init__(session.example, session.steps)
        self.where = session.where
        self._transcript = transcript

    def transcript(self) -> Transcript:
        """The part of the transcript that this shows."""
        return self._transcript


def in_parts(session: Session, rows: int, columns: int) -> list[Session]:
    """The session, or parts of it that need no more than so many rows each, at so many columns.

    A part begins with a command where that is possible. Raises LectureError when the session doesn't hold.
    """
    whole = session.transcript()
    if sum(_rows(entry, columns) for entry in whole.entries) <= rows:
        return [session]
    parts: list[list[Entry]] = [[]]
    left = rows
    for entry in (piece for known in whole.entries for piece in _pieces(known, rows, columns)):
        needed = _rows(entry, columns)
        if needed > left:
            parts.append([])
            left = rows
        parts[-1].append(entry)
        left -= needed
    shown = [replace(whole, entries=tuple(entries), not_on_twisted="") for entries in parts if entries]
    shown[-1] = replace(shown[-1], not_on_twisted=whole.not_on_twisted)
    return [SessionPart(session, part) for part in shown]


def _pieces(entry: Entry, rows: int, columns: int) -> Iterator[Entry]:
    """The entry, cut between lines of its output where it needs more rows than there are."""
    lines: list[str] = []
    command = entry.command
    for line in entry.output.splitlines(keepends=True):
        if lines and _rows(replace(entry, command=command, output="".join([*lines, line])), columns) > rows:
            yield replace(entry, command=command, output="".join(lines), status=0)
            command, lines = "", []
        lines.append(line)
    yield replace(entry, command=command, output="".join(lines))


def _rows(entry: Entry, columns: int) -> int:
    lines = [f"$ {entry.command}"] if entry.command else []
    lines += entry.output.rstrip("\n").split("\n") if entry.output or entry.still_waits else []
    return sum(max(1, math.ceil(len(line.expandtabs(4)) / columns)) for line in lines)
