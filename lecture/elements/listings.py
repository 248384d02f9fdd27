"""Code and terminals on a slide.

`PRE` shows text that the deck itself holds. `Code` and `Session` show only what `lecture.programs` vouches for: an
excerpt of a program that exists, and what a run printed. Nothing here reads a program or runs one.

Every listing carries its own measure (`--rows`, `--columns`) for the stylesheet, which chooses the type size from it:
five lines are shown large, forty lines small, and neither leaves the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lecture.elements.element import Element, escape
from lecture.errors import LectureError

if TYPE_CHECKING:
    from lecture.programs import Entry, Excerpt


# A listing of at most FLAT_ROWS leaves room on its slide: a terminal can stand below it. If it is also wider than
# WIDE_COLUMNS, it takes the whole width.
WIDE_COLUMNS = 66
FLAT_ROWS = 12


class PRE(Element):
    """Text with its line breaks and spaces as they are.

    language: "python", "console" … to colour it; a plain quotation without.
    highlight: numbers of lines that stand out, the first is 1.
    """

    role = "exhibit"

    def __init__(self, text: str, language: str = "", highlight: Sequence[int] = ()) -> None:
        self.text = text
        self.language = language
        self.highlight = highlight

    def toHTML(self) -> str:
        if not isinstance(self.text, str):
            raise LectureError(f"PRE holds {self.text!r}, which is not text")
        return listing(self.text, self.language, highlighted=_lines(self.highlight, self.text, "the quotation"))


class Code(Element):
    """An excerpt of one of the lecture's programs.

    file: relative to the folder of examples, "02_echo/server.py".
    name: a definition ("Echo", "Echo.dataReceived") or a marked region; the whole file without.
    highlight: numbers of lines within the excerpt, the first is 1; or a text: every place where it occurs.
    """

    role = "exhibit"

    def __init__(self, file: str, name: str | None = None, highlight: Sequence[int] | str = ()) -> None:
        self.file = file
        self.name = name
        self.highlight = highlight

    def toHTML(self) -> str:
        from lecture.programs import current_examples

        excerpt = current_examples().excerpt(self.file, self.name)
        lines = f"line {excerpt.first_line}"
        if excerpt.last_line > excerpt.first_line:
            lines = f"lines {excerpt.first_line}–{excerpt.last_line}"
        caption = f'<span class="file">{escape(self.file)}</span> <span class="lines">{lines}</span>'
        return listing(excerpt.text, excerpt.language, caption, self._highlighted(excerpt))

    def _highlighted(self, excerpt: Excerpt) -> set[int]:
        if isinstance(self.highlight, str):
            return _lines_with(self.highlight, excerpt.text, self.file)
        return _lines(self.highlight, excerpt.text, repr(self.file))


class Session(Element):
    """What the terminal showed when the build ran an example: each command, and what that command printed.

    example: a folder of examples, "02_echo".
    """

    role = "block"

    def __init__(self, example: str) -> None:
        self.example = example

    def toHTML(self) -> str:
        from lecture.programs import current_examples

        transcript = current_examples().transcript(self.example)
        entries = transcript.entries
        terminals = "".join(_terminal(entry) for entry in entries)
        pair = " pair" if len(entries) == 2 else ""
        rows = sum(_measure(_shown(entry))[0] + 1 for entry in entries)
        remark = transcript.not_on_twisted
        if transcript.missing:
            terminals = f'<p class="remark">Not run on this machine: it needs {escape(transcript.missing)}.</p>\n'
        if remark:
            terminals += f'<p class="remark">Not on Twisted: {escape(remark)}.</p>\n'
        return f'<div class="session{pair}" style="--rows:{rows}">{terminals}</div>\n'


def _terminal(entry: Entry) -> str:
    columns = _measure(_shown(entry))[1]
    output = f"\n<samp>{escape(entry.output.rstrip(chr(10)))}</samp>" if entry.output else ""
    command = f'<span class="prompt">$ </span><kbd>{escape(entry.command)}</kbd>'
    return f'<pre class="terminal" dir="ltr" style="--columns:{columns}">{command}{output}</pre>\n'


def _shown(entry: Entry) -> str:
    return f"$ {entry.command}\n{entry.output}".rstrip("\n")


def listing(text: str, language: str = "", caption: str = "", highlighted: set[int] | None = None) -> str:
    """A figure that shows `text`.

    caption: HTML.
    highlighted: numbers of lines that stand out, the first is 1.
    """
    text = text.removesuffix("\n")
    rows, columns = _measure(text)
    code = _coloured(text, language)
    if highlighted:
        lines = code.split("\n")
        code = "\n".join(f"<mark>{line}</mark>" if n in highlighted else line for n, line in enumerate(lines, 1))
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    direction = "ltr" if language else "auto"
    shape = "" if rows > FLAT_ROWS else " wide" if columns > WIDE_COLUMNS else " short"
    return (
        f'<figure class="listing{shape}" style="--rows:{rows};--columns:{columns}">'
        f'<pre dir="{direction}"><code>{code}</code></pre>{below}</figure>\n'
    )


def _coloured(text: str, language: str) -> str:
    if not language:
        return escape(text)
    from lecture.elements.highlighting import highlighted_lines

    return highlighted_lines(text, language)


def _measure(text: str) -> tuple[int, int]:
    lines = text.expandtabs(4).split("\n")
    return len(lines), max(map(len, lines)) or 1


def _lines(wanted: Sequence[int], text: str, name: str) -> set[int]:
    """The numbers of lines to highlight. name: what the text is called in an error."""
    count = text.removesuffix("\n").count("\n") + 1
    for line in wanted:
        if line not in range(1, count + 1):
            raise LectureError(f"cannot highlight line {line!r} of {name}: it has lines 1 to {count}")
    return set(wanted)


def _lines_with(wanted: str, text: str, file: str) -> set[int]:
    lines: set[int] = set()
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        first = text.count("\n", 0, at) + 1
        lines.update(range(first, first + wanted.rstrip("\n").count("\n") + 1))
        at = text.find(wanted, at + len(wanted))
    if not lines:
        raise LectureError(f"cannot highlight {wanted!r}: it does not occur in the excerpt of {file!r}")
    return lines
