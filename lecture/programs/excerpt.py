"""An excerpt: a piece of a program, found by its name, so that it stays right when the program grows.

There are three ways to name a piece: nothing (the whole file), the name of a definition as Python
would write it (`Echo`, `Echo.dataReceived`, `main`), or a region between two comments on lines of their own:

    # [accept]
    connection, address = listener.accept()
    # [/accept]

A definition is shown with its decorators and the comments directly above it. Regions may lie inside each other, but
not across each other's ends. The comments that mark regions are never part of an excerpt. A name that could mean two
pieces is an error rather than a guess.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lecture.errors import LectureError, Where

LANGUAGES = {
    ".py": "python", ".md": "markdown", ".txt": "text", ".sh": "bash", ".toml": "toml", ".json": "json",
    ".html": "html", ".xhtml": "html", ".css": "css", ".js": "javascript", ".ts": "typescript", ".c": "c",
    ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip

_MARKER = re.compile(r"\s*(?:#|//) \[(/?)([A-Za-z][\w-]*)\]\s*")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Excerpt:
    """A piece of a program.

    text: dedented, without markers of regions, ending with a newline.
    first_line, last_line: where it stands in the file, counted from 1, both included.
    language: the name that Pygments has for the language.
    """

    text: str
    path: Path
    first_line: int
    last_line: int
    language: str


@dataclass(frozen=True)
class Span:
    """Lines of a file that have a name; counted from 1, both included."""

    name: str
    first: int
    last: int


class Program:
    """The text of one file, and the pieces in it that have a name."""

    def __init__(self, path: Path) -> None:
        """Raises LectureError when the file cannot be read as text."""
        self.path = path
        try:
            self.lines = path.read_text(encoding="utf-8-sig").split("\n")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise LectureError("the program is not UTF-8 text: save it as UTF-8", where=Where(path, line)) from error
        except OSError as error:
            raise LectureError(f"cannot read the program: {error.strerror}", where=Where(path, 1)) from error
        if self.lines and not self.lines[-1]:
            self.lines.pop()

    @cached_property
    def regions(self) -> tuple[Span, ...]:
        """The marked regions, markers left out. Raises LectureError for markers that don't pair."""
        if not any("[" in line and _MARKER.fullmatch(line) for line in self.lines):
            return ()
        regions: list[Span] = []
        opened: list[tuple[str, int]] = []
        for number, line in enumerate(self.lines, 1):
            if not (match := _MARKER.fullmatch(line)):
                continue
            closes, name = match.groups()
            if not closes:
                opened.append((name, number))
            elif opened and opened[-1][0] == name:
                regions.append(Span(name, opened.pop()[1] + 1, number - 1))
            else:
                inner = f"[{opened[-1][0]}] of line {opened[-1][1]} is still open" if opened else "nothing is open"
                raise LectureError(f"[/{name}] closes no region here: {inner}", where=Where(self.path, number))
        if opened:
            name, number = opened[-1]
            raise LectureError(
                f"the region [{name}] is never closed: add `# [/{name}]`", where=Where(self.path, number)
            )
        return tuple(regions)

    @cached_property
    def definitions(self) -> tuple[Span, ...]:
        """The functions, methods and classes of a Python file. Raises LectureError when it is no Python."""
        if self.path.suffix != ".py":
            return ()
        try:
            tree = ast.parse("\n".join(self.lines))
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            message = getattr(error, "msg", str(error))
            raise LectureError(f"the program is not valid Python: {message}", where=Where(self.path, line)) from error
        return tuple(self._definitions_in(tree, ""))

    def _definitions_in(self, node: ast.AST, prefix: str) -> Iterator[Span]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _Definition):
                name = f"{prefix}{child.name}"
                yield Span(name, self._start(child), child.end_lineno or child.lineno)
                yield from self._definitions_in(child, f"{name}.")
            elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                yield from self._definitions_in(child, prefix)

    def _start(self, definition: _Definition) -> int:
        first = min([definition.lineno, *(decorator.lineno for decorator in definition.decorator_list)])
        while first > 1:
            above = self.lines[first - 2]
            if not above.lstrip().startswith("#") or above.startswith("#!") or _MARKER.fullmatch(above):
                break
            first -= 1
        return first

    @property
    def language(self) -> str:
        """The name that Pygments has for its language."""
        return LANGUAGES.get(self.path.suffix, "text")

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """Its lines with their numbers, without markers of regions."""
        return [(number, line) for number, line in enumerate(self.lines, 1) if not _MARKER.fullmatch(line)]

    def place_of(self, first: int, last: int) -> str:
        """The name of the innermost definition that holds these lines; "" for none."""
        around = [span for span in self.definitions if span.first <= first and last <= span.last]
        return max(around, key=lambda span: span.first).name if around else ""

    def excerpt(self, name: str | None = None) -> Excerpt:
        """The piece with that name, or all of the file. Raises LectureError when no piece, or more than one, has it."""
        regions = self.regions
        if name is None:
            return self._cut(1, len(self.lines))
        found = [span for span in (*self.definitions, *regions) if span.name == name]
        if not found:
            raise LectureError(self._missing(name))
        if len(found) > 1:
            lines = ", ".join(str(span.first) for span in found)
            raise LectureError(
                f"{name!r} could mean {len(found)} pieces, at lines {lines}: give one of them a name of its own",
                where=Where(self.path, found[1].first),
            )
        return self._cut(found[0].first, found[0].last)

    def _missing(self, name: str) -> str:
        names = list(dict.fromkeys(span.name for span in (*self.definitions, *self.regions)))
        known = f"it has {', '.join(names)}" if names else "it has no definitions and no marked regions"
        file = f"{self.path.parent.name}/{self.path.name}"
        return f"there is no {name!r} in {file}{did_you_mean(name, names)}; {known}"

    def _cut(self, first: int, last: int) -> Excerpt:
        while first < last and self._is_edge(first):
            first += 1
        while last > first and self._is_edge(last):
            last -= 1
        lines = [line for line in self.lines[first - 1 : last] if not _MARKER.fullmatch(line)]
        text = textwrap.dedent("\n".join(lines)) + "\n"
        return Excerpt(text, self.path, first, last, self.language)

    def _is_edge(self, number: int) -> bool:
        line = self.lines[number - 1]
        return not line.strip() or bool(_MARKER.fullmatch(line))


def did_you_mean(name: str, names: list[str]) -> str:
    """A hint for a message, or nothing when no name is near."""
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if not near:
        near = [known for known in names if known.rpartition(".")[2] == name][:1]
    return f"; did you mean {near[0]!r}?" if near else ""
