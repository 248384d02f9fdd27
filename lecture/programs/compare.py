"""Does what the programs printed fit what the session says? And if not, what should the session say?

Both questions have one answer here: `rewrite` writes the session anew from a run, keeping every line (with its
elisions) that still fits. A session holds when nothing in it would change; the diff of a failure and the new text of
`lecture update` are the same text, so they cannot disagree.

Elisions match as the `*` of a file name pattern does, with the same greedy rule for pieces of a line and for lines
of an output: the first piece at the start, the last at the end, those between as early as they are found. That needs
no going back, where regular expressions with several `.*` take forever on an output that almost fits: each character,
and each line, is compared with one place of one piece at a time.

What a failed session should say is only worked out as far as a reader can use it: see MOST_CELLS and MOST_DIFF_LINES.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from lecture.programs.session import Command, SessionFile, escape, literal, pieces, status_line

ELISION = "[..]"
MOST_CELLS = 1_000_000  # of the table in `merge`; it takes about a second
MOST_DIFF_LINES = 400  # some screens of a terminal

_Piece = TypeVar("_Piece", str, Sequence[str])  # of a line, of all lines


@dataclass(frozen=True)
class Result:
    """What a command really did: all it printed, and its status (128 + n when signal n ended it), or STILL_WAITING."""

    output: str
    status: int


@dataclass(frozen=True)
class Outcome:
    """What a whole session did.

    results: one for each command.
    modules: the library files that its programs imported.
    own: the files of the example that ran or were imported, as paths within its folder.
    changed: the files of the example that the programs changed or removed, likewise.
    """

    results: tuple[Result, ...]
    modules: tuple[Path, ...]
    own: tuple[str, ...]
    changed: tuple[str, ...] = ()


def output_lines(output: str) -> list[str]:
    """The lines of an output, without what doesn't count: blanks at line ends, blank lines at the end."""
    lines = [line.rstrip() for line in output.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def line_fits(pattern: str, line: str) -> bool:
    """Whether a line is what the pattern says; `[..]` in it stands for any text, `\\[..]` for itself."""
    if ELISION not in pattern:
        return pattern == line
    parts = pieces(pattern)
    return _pieces_fit(parts, len(line), line.startswith, line.find) if len(parts) > 1 else parts[0] == line


def lines_fit(patterns: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether all lines are what the patterns say; a `[..]` of its own stands for any number of lines."""
    blocks: list[list[str]] = [[]]
    for pattern in patterns:
        if pattern.strip() == ELISION:
            blocks.append([])
        else:
            blocks[-1].append(pattern)

    def at(piece: Sequence[str], start: int) -> bool:
        return all(line_fits(pattern, lines[start + n]) for n, pattern in enumerate(piece))

    def find(piece: Sequence[str], start: int, end: int) -> int:
        return next((place for place in range(start, end - len(piece) + 1) if at(piece, place)), -1)

    if len(blocks) == 1:
        return len(patterns) == len(lines) and at(blocks[0], 0)
    return _pieces_fit(blocks, len(lines), at, find)


def is_shown(text: str, lines: Sequence[str]) -> bool:
    """Whether the lines of `text` stand in lines that follow each other; a part of a line is enough.

    `[..]` in it stands for what may differ.
    """
    patterns = [f"{ELISION}{pattern}{ELISION}" for pattern in output_lines(text)]
    places = range(len(lines) - len(patterns) + 1)
    return any(all(map(line_fits, patterns, lines[place:])) for place in places)


def _pieces_fit(
    pieces: Sequence[_Piece], length: int, at: Callable[[_Piece, int], bool], find: Callable[[_Piece, int, int], int]
) -> bool:
    """Whether the pieces, two or more, stand in this order in something of that length, without overlap.

    at: whether a piece stands at a place. find: the first place between two at which a piece stands wholly, or -1.
    """
    first, *between, last = pieces
    place, end = len(first), length - len(last)
    if place > end or not at(first, 0) or not at(last, end):
        return False
    for piece in between:
        found = find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def command_fits(command: Command, result: Result) -> bool:
    """Whether a command printed what its session says, and ended with that status."""
    return command.status == result.status and lines_fit(command.expected, output_lines(result.output))


def rewrite(session: SessionFile, results: Sequence[Result]) -> str:
    """The text of the session as it should be after this run; comments and elisions that still fit are kept."""
    lines = list(session.preamble)
    for command, result in zip(session.commands, results, strict=True):
        actual = output_lines(result.output)
        kept = command.expected if lines_fit(command.expected, actual) else merge(command.expected, actual)
        lines.append(f"$ {command.text}")
        lines.extend(escape(line) for line in kept)
        lines.extend(status_line(result.status))
        lines.extend([""] * command.blank_after)
    return "\n".join(lines) + "\n"


def merge(patterns: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The lines, with each pattern that fits its line in place of it: as many of them as possible, in order.

    The classical table of the longest common subsequence, with prices: best is a line that fits its pattern, then a
    new line in place of one that is gone (so that the author sees it), then a line that disappears into a `[..]`.
    Where the table would be too large, the lines alone.
    """
    rows, columns = len(patterns), len(lines)
    if rows * columns > MOST_CELLS:
        return [literal(line) for line in lines]
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    choice = [["insert"] * (columns + 1) for _ in range(rows + 1)]
    weight = 3 * (rows + columns + 1)
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            options = [(best[i][j + 1], "insert")] if j < columns else []
            if i < rows:
                options.append((best[i + 1][j], "drop"))
                block = patterns[i].strip() == ELISION
                if block:
                    options.append((best[i + 1][j] + 1, "close"))
                if j < columns and block:
                    options.append((best[i][j + 1] + 1, "swallow"))
                elif j < columns:
                    fits = line_fits(patterns[i], lines[j])
                    options.append((best[i + 1][j + 1] + (weight if fits else 2), "keep" if fits else "replace"))
            best[i][j], choice[i][j] = max(options, key=lambda option: option[0], default=(0, "end"))
    return _walk(patterns, lines, choice)


def _walk(patterns: Sequence[str], lines: Sequence[str], choice: list[list[str]]) -> list[str]:
    merged: list[str] = []
    i = j = 0
    while choice[i][j] != "end":
        step = choice[i][j]
        if step in ("insert", "replace"):
            merged.append(literal(lines[j]))
        elif step in ("keep", "close"):
            merged.append(patterns[i])
        i += step in ("keep", "drop", "close", "replace")
        j += step in ("keep", "insert", "swallow", "replace")
    return merged


def first_difference(session: SessionFile, results: Sequence[Result]) -> int:
    """The line of session.txt, counted from 1, where the run first says something else."""
    for command, result in zip(session.commands, results, strict=True):
        if command_fits(command, result):
            continue
        actual = output_lines(result.output)
        merged = actual if lines_fit(command.expected, actual) else merge(command.expected, actual)
        same = 0
        while same < min(len(merged), len(command.expected)) and merged[same] == command.expected[same]:
            same += 1
        if lines_fit(command.expected, actual):
            same = len(command.expected)
        return min(command.line + 1 + same, command.line + len(command.expected) + bool(command.status))
    raise ValueError("nothing differs")


def session_diff(session: SessionFile, results: Sequence[Result], old: str) -> str:
    """A unified diff from the text of the session to what it would have to be; at most MOST_DIFF_LINES of it."""
    from difflib import unified_diff  # only a session that failed needs it

    name = session.example if session.example.endswith(session.path.name) else f"{session.example}/{session.path.name}"
    new = rewrite(session, results).split("\n")[:-1]
    diff = unified_diff(
        [line.rstrip() for line in old.removesuffix("\n").split("\n")],
        new,
        name,
        f"{name} (what the programs did)",
        lineterm="",
    )
    shown = list(islice(diff, MOST_DIFF_LINES))
    more = sum(1 for _ in diff)
    return "\n".join([*shown, f"… and {more:,} lines more"] if more else shown)
