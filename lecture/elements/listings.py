"""Code and terminals on a slide.

`PRE` shows text that the deck itself holds. `Code` and `Session` show only what `lecture.programs` vouches for: an
excerpt of a program that exists, and what a run printed. Nothing here reads a program or runs one.

Every listing carries its own measure (`--rows`, `--columns`) for the stylesheet, which chooses the type size from it:
five lines are shown large, forty lines small, and neither leaves the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from lecture.elements.element import Element, escape
from lecture.elements.highlights import Highlight, groups_of
from lecture.elements.runs import run_attribute
from lecture.elements.sources import named_file
from lecture.elements.steps import appearing, counting
from lecture.errors import LectureError

if TYPE_CHECKING:
    from lecture.programs import Entry, Transcript


# A listing of at most FLAT_ROWS leaves room on its slide: a terminal can stand below it. If it is also wider than
# WIDE_COLUMNS, it takes the whole width.
WIDE_COLUMNS = 66
FLAT_ROWS = 12
# What a telephone of 320 pixels shows of a line. Longer ones scroll there, and the keyboard must get at them.
NARROW_COLUMNS = 31

STILL_WAITING = "still waiting …"


class PRE(Element):
    """Text with its line breaks and spaces as they are.

    language: "python", "console" … to colour it; a plain quotation without.
    highlight: as for Code.
    """

    role = "exhibit"

    def __init__(self, text: str, language: str = "", highlight: Highlight = ()) -> None:
        self.text = text
        self.language = language
        self.highlight = highlight

    def toHTML(self) -> str:
        if not isinstance(self.text, str):
            raise LectureError(f"PRE holds {self.text!r}, which is not text")
        return listing(self.text, self.language, groups=groups_of(self.highlight, self.text, "the quotation"))


class Code(Element):
    """An excerpt of one of the lecture's programs.

    file: relative to the folder of examples, "02_echo/server.py".
    name: a definition ("Echo", "Echo.dataReceived") or a marked region; the whole file without.
    highlight: what stands out: numbers of lines within the excerpt, the first is 1; or a text: every line where it
        occurs. A list of several such groups, `[(1, 2), (5,), "write"]`, is lit one group after the other, a step each;
        an empty group lights nothing.
    """

    role = "exhibit"

    def __init__(self, file: str, name: str | None = None, highlight: Highlight = ()) -> None:
        self.file = file
        self.name = name
        self.highlight = highlight

    def toHTML(self) -> str:
        from lecture.programs import current_examples

        excerpt = current_examples().excerpt(self.file, self.name)
        lines = f"line {excerpt.first_line}"
        if excerpt.last_line > excerpt.first_line:
            lines = f"lines {excerpt.first_line}–{excerpt.last_line}"
        caption = f'{named_file(self.file, excerpt.path)} <span class="lines">{lines}</span>'
        groups = groups_of(self.highlight, excerpt.text, repr(self.file))
        return listing(excerpt.text, excerpt.language, caption, groups, file=self.file)


class Session(Element):
    """What the terminal showed when the build ran an example: each command, and what that command printed.

    example: a folder of examples, "02_echo".
    steps: command by command, as at a terminal: a step shows what the last command printed, and the next one typed.
    """

    role = "block"

    def __init__(self, example: str, steps: bool = False) -> None:
        self.example = example
        self.steps = steps

    def transcript(self) -> Transcript:
        """What to show. Raises LectureError when the session doesn't hold."""
        from lecture.programs import current_examples

        return current_examples().transcript(self.example)

    def toHTML(self) -> str:
        transcript = self.transcript()
        entries = transcript.entries
        terminals = "".join(self._terminals(entries))
        pair = " pair" if len(entries) == 2 else ""
        rows = sum(measure(_shown(entry))[0] + 1 for entry in entries)
        remark = transcript.not_on_twisted
        if transcript.missing:
            terminals = f'<p class="remark">Not run on this machine: it needs {escape(transcript.missing)}.</p>\n'
        if remark:
            terminals += f'<p class="remark">Not on Twisted: {escape(remark)}.</p>\n'
        example = escape(self.example)
        stepped = run_attribute(self.example) if not transcript.missing else ""
        return f'<div class="session{pair}" data-example="{example}"{stepped} style="--rows:{rows}">{terminals}</div>\n'

    def _terminals(self, entries: Sequence[Entry]) -> Iterator[str]:
        steps = counting()
        count = len(entries) + bool(entries and _output(entries[-1]))
        typed = steps.take(count) if steps and self.steps and entries else None
        for number, entry in enumerate(entries):
            columns = measure(_shown(entry))[1]
            command = f'<span class="prompt">$ </span><kbd>{escape(entry.command)}</kbd>' if entry.command else ""
            output = _output(entry)
            if typed:
                output = appearing(output, typed[number + 1]) if output else ""
                command = appearing(f"<span>{command}</span>", typed[number]) if command else ""
            shown = "\n".join(filter(None, (command, output)))
            yield f'<pre class="terminal" dir="ltr" style="--columns:{columns}">{shown}</pre>\n'


def _output(entry: Entry) -> str:
    """What stands under a command: what it printed, and, of one that can't end, that it still waits."""
    waits = f'<em class="waiting">{STILL_WAITING}</em>' if entry.still_waits else ""
    printed = escape(entry.output if waits else entry.output.rstrip("\n"))
    return f"<samp>{printed}{waits}</samp>" if printed or waits else ""


def _shown(entry: Entry) -> str:
    return f"$ {entry.command}\n{entry.output}{STILL_WAITING if entry.still_waits else ''}".rstrip("\n")


def listing(
    text: str, language: str = "", caption: str = "", groups: Sequence[frozenset[int]] = (), file: str = ""
) -> str:
    """A figure that shows `text`.

    caption: HTML.
    groups: numbers of lines that stand out, the first is 1; several groups do so one after the other.
    file: what it is an excerpt of, as a deck names it.
    """
    text = text.removesuffix("\n")
    code = "\n".join(_lit(coloured(text, language).split("\n"), groups))
    return figure(code, measure(text), caption, "ltr" if language else "auto", file)


def figure(
    code: str, size: tuple[int, int], caption: str = "", direction: str = "ltr", file: str = "", kind: str = ""
) -> str:
    """A figure around lines of code that are HTML already.

    size: as `measure` has it. caption, file: as for `listing`. kind: a class of listings that look different.
    """
    rows, columns = size
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    shape = "" if rows > FLAT_ROWS else " wide" if columns > WIDE_COLUMNS else " short"
    source = f' data-file="{escape(file)}"' if file else ""
    names = f"listing{shape}{f' {kind}' if kind else ''}"
    stop = "" if counting() or columns <= NARROW_COLUMNS else _tab_stop(caption)
    return (
        f'<figure class="{names}"{source} style="--rows:{rows};--columns:{columns}">'
        f'<pre dir="{direction}"{stop}><code>{code}</code></pre>{below}</figure>\n'
    )


def _tab_stop(caption: str) -> str:
    """Attributes of a listing that may scroll: the keyboard reaches it, and it says what it is."""
    return f' tabindex="0" role="group" aria-label="{re.sub("<[^>]*>", "", caption) or "Code"}"'


def _lit(lines: list[str], groups: Sequence[frozenset[int]]) -> Iterator[str]:
    """Lines of markup, in which those stand out that a group names: each at the steps of its groups, if there are."""
    steps = counting()
    lit_at = list(steps.take(len(groups))) if steps and len(groups) > 1 else []
    for number, line in enumerate(lines, 1):
        if lit_at:
            at = " ".join(str(step) for step, group in zip(lit_at, groups, strict=True) if number in group)
            yield f'<span class="line" data-lit="{at}">{line}</span>'
        else:
            yield f"<mark>{line}</mark>" if any(number in group for group in groups) else line


@lru_cache(maxsize=1024)  # a listing is drawn for its page, for the deck's measure and for the deck
def coloured(text: str, language: str) -> str:
    """The text as HTML, with the colours of its language; plainly without one."""
    if not language:
        return escape(text)
    from lecture.elements.highlighting import highlighted_lines

    return highlighted_lines(text, language)


def measure(text: str) -> tuple[int, int]:
    """How many lines a text has, and how many columns the widest of them."""
    lines = text.expandtabs(4).split("\n")
    return len(lines), max(map(len, lines)) or 1
