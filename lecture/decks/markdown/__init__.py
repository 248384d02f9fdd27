"""A lecture written as one Markdown file.

    # The Tutorial of Doom                  the lecture; text before the first slide makes a title slide of it

    ## The event driven waiter              a slide
    - One waiter, **all** tables            a Bullet; what is indented below belongs to it: more points, code, text
        - and no queue
    1. First this                           a numbered list makes the slide a NumSlide
    Any paragraph, table or quotation       is Markdown, as CommonMark has it, with footnotes and $formulas$
    ![The loop](loop.svg)                   on a line of its own: an Image
    ```python {2-3}                         PRE, coloured; lines 2 and 3 stand out
    print("hello")
    ```
    ::code 01_waiter/waiter.py Waiter 2-4   Code: file, name (or "-"), and lines or a quoted text to highlight
                                            (2-4|7: first lines 2 to 4, then line 7, a step each; in {2-4|7}, too)
    ::session 01_waiter                     Session; with the word `steps` behind it command by command
    ::sequence 01_waiter                    Sequence
    :::notes
    What the speaker says.
    :::
    :::ask 01_waiter "42 of 42"             Ask: a question, then its answer; the example, and what it printed, prove it
    How much is in the till?

    All of it.
    :::
    <!-- Wait for it. -->                   a comment is a Cue for the speaker, wherever it stands
    <!-- step -->                           Step: on a line by itself, and what follows appears later
    ## Part 2 {.title minutes=2 short}      a TitleSlide, {.numbered} makes a NumSlide; how long the speaker takes, 1
                                            minute otherwise; whether it is on the short way through the talk

Two colons are a line by itself, three open a block and close it, as CommonMark's proposal for generic directives has
it. Each element knows its line in the file, and each error names it. An address or a footnote is known on its slide;
addresses by reference in the whole file.

Decks that were written for Marp or Slidev are read too: those in which `---` divides the slides. Each slide's first
heading is its title; of its settings, `minutes: 2` and `short: true` are ours. How slides look (themes, classes,
transitions) is left out; what would be missed (HTML, components, diagrams that script draws, slides in other files) is
an error that names the line.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from lecture.decks.markdown.parts import NumSubBullet
from lecture.decks.markdown.whole import Deck
from lecture.errors import LectureError, Where
from lecture.slides import Lecture

__all__ = ["NumSubBullet", "load_markdown"]


def load_markdown(path: str | PathLike[str]) -> Lecture:
    """The lecture that a Markdown file describes.

    Raises LectureError, with file and line, when the file can't be read or a line of it can't be understood.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LectureError(f"the deck {str(file)!r} cannot be read: {error}", where=Where(file, 1)) from error
    return Deck(file, text).lecture()
