"""Who said what to whom: a sequence diagram of an example, drawn from its run in the simulated world.

The whole run lies beside the pages as a timeline (see reactor/trace/FORMAT.md), for readers who want to see every step.
"""

from __future__ import annotations

import re

from lecture.elements.attachments import attach
from lecture.elements.element import Element, escape


class Sequence(Element):
    """A diagram of what the programs of an example say to each other in its session.

    example: a folder of examples, "02_echo". title: what the picture shows, for readers who can't see it; by default
        the example's name. most: the largest number of lines; the diagram says how many more there would be. marks:
        whether it includes what happens inside one program (what it prints, its timers) or only what goes between them.
    wide: whether it takes the whole width of the slide instead of a place beside the words.
    """

    role = "exhibit"

    def __init__(self, example: str, title: str = "", most: int = 30, marks: bool = True, wide: bool = False) -> None:
        self.example = example
        self.title = title
        self.most = most
        self.marks = marks
        self.shape = "drawing wide" if wide else "drawing"

    def toHTML(self) -> str:
        from lecture.programs import current_examples
        from reactor.trace.sequence import sequence_of
        from reactor.trace.svg import draw

        timeline = current_examples().timeline(self.example)
        sequence = sequence_of(timeline, self.most, self.marks)
        title = self.title or f"What the programs of {self.example} say to each other"
        svg = draw(sequence, title, name=f"sequence-{re.sub(r'[^A-Za-z0-9]', '-', self.example)}", alone=False)
        file = f"timelines/{self.example}.json"
        link = f'<a href="{escape(file)}">all {len(timeline.steps)} steps</a>'
        caption = link if attach(file, timeline.to_json().encode()) else f"{len(timeline.steps)} steps"
        return (
            f'<figure class="{self.shape}">\n{svg}'
            f"<figcaption>{escape(self.example)}, simulated: {caption}</figcaption></figure>\n"
        )
