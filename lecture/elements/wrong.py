"""Wrong programs on a slide: what is different from the right one, what goes wrong, and how that looked when it ran.

The right program stands on the slide; the wrong one is one click away, below it in the deck and folded on a page. All
of it comes from the programs: the lines from the files' own difference, the sentence and the title from the session.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lecture.elements.element import Aside, Element, escape, toHTML
from lecture.elements.listings import Code, Session, coloured, figure, measure
from lecture.elements.sources import named_file

if TYPE_CHECKING:
    from lecture.programs.examples import WrongProgram
    from lecture.programs.wrong import Difference

_SIGNS = {"same": " ", "new": "+", "gone": "−"}
_TAGS = {"same": "span", "new": "ins", "gone": "del"}


class Wrong(Aside):
    """A wrong program beside the right one, held to fail as its session says (see lecture.programs.wrong).

    example: a folder of examples, "03_echo". name: of the wrong program, a folder in its folder `wrong`, "one_chunk".
    """

    def __init__(self, example: str, name: str) -> None:
        self.example = example
        self.name = name

    @property
    def program(self) -> WrongProgram:
        """What the examples know of it. Raises LectureError when there is no such wrong program."""
        from lecture.programs import current_examples

        return current_examples().wrong(self.example, self.name)

    @property
    def title(self) -> str:
        """What is wrong, "Wrong: a chunk is taken for the message"."""
        return f"Wrong: {self.program.title}"

    def parts(self) -> tuple[object, ...]:
        """What a slide of its own shows: the sentence, the lines that are different, and the session."""
        program = self.program
        parts = [*(Changed(program.session, one) for one in program.differences), Session(program.session)]
        for part in parts:
            part.where = self.where
        return (program.sentence, *parts)

    def toHTML(self) -> str:
        sentence, *parts = self.parts()
        return (
            f'<details class="wrong"><summary>{escape(self.title)}</summary>\n'
            f'<p class="fails">{toHTML(sentence)}</p>\n{"".join(map(toHTML, parts))}{self._scene()}</details>\n'
        )

    def spoken(self) -> str:
        """For the speaker: that there is a wrong program below this slide, and what goes wrong."""
        return f'<p class="wrong">{escape(self.title)}. {escape(self.program.sentence)}</p>\n'

    def _scene(self) -> str:
        """What else was needed to see it fail, and how the right program did there."""
        program = self.program
        shown = "".join(toHTML(Code(file)) for file in program.scene)
        if program.right:
            shown += f'<p class="scene">The right program, in the same scene:</p>\n{toHTML(Session(program.right))}'
        return shown


class Changed(Element):
    """Lines of a wrong program, marked where the right one has others.

    folder: the wrong program's, within the examples.
    """

    role = "exhibit"

    def __init__(self, folder: str, difference: Difference) -> None:
        self.file = f"{folder}/{difference.file}"
        self.difference = difference

    def toHTML(self) -> str:
        from lecture.programs import current_examples

        difference = self.difference
        text = "\n".join(f"{_SIGNS[line.kind]} {line.text}" for line in difference.lines)
        place = f' <span class="place">{escape(difference.place)}</span>' if difference.place else ""
        caption = named_file(self.file, current_examples().program(self.file).path) + place
        return figure("\n".join(_marked(difference)), measure(text), caption, file=self.file, kind="difference")


def _marked(difference: Difference) -> Iterator[str]:
    """The lines as markup. Each side is coloured as a whole, since a string may go over several lines."""
    sides = {kind: iter(_side(difference, kind)) for kind in ("new", "gone")}
    for line in difference.lines:
        if line.kind == "same":
            next(sides["gone"])
        markup = next(sides["gone" if line.kind == "gone" else "new"])
        tag = _TAGS[line.kind]
        yield f'<{tag} class="line"><span class="sign">{_SIGNS[line.kind]} </span>{markup}</{tag}>'


def _side(difference: Difference, kind: str) -> list[str]:
    text = "\n".join(line.text for line in difference.lines if line.kind in ("same", kind))
    return coloured(text, difference.language).split("\n")
