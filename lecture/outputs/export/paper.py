"""The deck on paper: a page for each state of a slide that an audience sees last, so that nothing is lost.

A slide whose panes take turns is as many pages as it has panes; `each_step` makes a page of every step. With notes, a
page of paper has the slide, and below it what the speaker says; a handout has what is for readers, the answers too.

No script runs: which things a step shows is said by rules of the stylesheet, made for as many steps as there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lecture.outputs.deck.section import Section

_FOLDED = re.compile(r"<details(?! open)(?=[ >])")
_LAST = re.compile(r'data-to="(\d+)"')


@dataclass(frozen=True)
class Page:
    """A slide at one of its steps, and what is written below it as HTML."""

    section: Section
    step: int
    text: str = ""


def all_sections(sections: Sequence[Section]) -> list[Section]:
    """The slides, each followed by its wrong programs."""
    return [one for section in sections for one in (section, *section.below)]


def pages(sections: Sequence[Section], each_step: bool, notes: bool) -> Iterator[Page]:
    """The pages of slides. notes: whether the notes that begin at the steps of a page stand below it."""
    for section in all_sections(sections):
        before = 0
        for step in _steps(section, each_step):
            said = (note for first, _, note in section.notes if before < first <= step)
            yield Page(section, step, "".join(said) if notes else "")
            before = step


def handout(sections: Sequence[Section], prose: dict[int, str]) -> Iterator[Page]:
    """The pages of a handout. prose: what is for readers, by the numbers of slides; it stands below the last state."""
    for section in all_sections(sections):
        steps = _steps(section, each_step=False)
        for step in steps:
            is_last = step == steps[-1] and section.minutes is not None
            yield Page(section, step, unfolded(prose.get(section.number, "")) if is_last else "")


def unfolded(markup: str) -> str:
    """The same with every answer open: nobody can press on paper."""
    return _FOLDED.sub("<details open", markup)


def _steps(section: Section, each_step: bool) -> list[int]:
    if each_step:
        return list(range(1, section.steps + 1))
    return sorted({int(last) for last in _LAST.findall(section.body)} | {section.steps})


def rules(most: int) -> str:
    """CSS that shows at each step what belongs to it. most: the largest number of steps of a slide."""
    lines = []
    for step in range(1, most + 1):
        others = [f'[data-from="{later}"]' for later in range(step + 1, most + 1)]
        others += [f'[data-to="{earlier}"]' for earlier in range(1, step)]
        if others:
            lines.append(f".at-{step} :is({', '.join(others)}) {{ visibility: hidden; }}")
            lines.append(f".at-{step} :is(.pane, .words):is({', '.join(others)}) {{ display: none; }}")
        lit = f'[data-lit~="{step}"]'
        lines.append(f".at-{step} {lit} {{ background: var(--marked); }}")
        lines.append(f".at-{step} .listing:has({lit}) .line:not({lit}) {{ opacity: 0.42; }}")
    return "\n".join(lines)
