"""How the slides of a deck fit the canvas, as a table: `python tools/fit_table.py [DECK]`.

For each slide: its steps, the panes that take turns, where its words stand, the sizes of its type in pixels of the
canvas, and whether a browser found something that doesn't fit. The last lines count.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lecture.decks.load import deck_folder, load_deck
from lecture.outputs.deck.section import Section
from lecture.outputs.fit.measure import Misfit, measured
from lecture.outputs.pages import write_all
from lecture.programs import Examples, use
from lecture.programs.examples import find_folder


def rows(sections: list[Section], misfits: list[Misfit]) -> Iterator[str]:
    """The lines of the table, in Markdown."""
    yield "| slide | title | steps | panes | words | words px | code px | does not fit |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in sections:
        layout = one.layout
        code = layout.sizes.code if layout.panes else ""
        wrong = "; ".join(str(misfit) for misfit in misfits if misfit.id == one.id)
        cells = one.id, one.title, one.steps, len(layout.panes), layout.kind, layout.sizes.words, code, wrong
        yield f"| {' | '.join(map(str, cells))} |"


def main(deck: str) -> None:
    """Print the table of a deck."""
    lecture = load_deck(deck)
    examples = Examples(find_folder(deck_folder(lecture)))
    with use(examples), tempfile.TemporaryDirectory() as folder:
        site = write_all(lecture, folder)
        misfits = measured(site.deck, Path(folder)) or []
    sections = [one for main in site.sections for one in (main, *main.below)]
    print("\n".join(rows(sections, misfits)))
    with_code = [one.layout.sizes.code for one in sections if one.layout.panes]
    print(f"\n{len(sections) - len({misfit.id for misfit in misfits})} of {len(sections)} slides fit at every step;")
    print(f"{sum(one.steps for one in sections)} steps;")
    print(f"exhibits on {len(with_code)} slides, code of {min(with_code)} to {max(with_code)} px.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "lecture.doom")
