"""Pictures on slides: SVG inside the page itself, so that it follows the page's colours and needs no request.

The drawings use `currentColor` for lines and words and a few half transparent tints, which look right on a light and on
a dark page. Each has a <title> and a <desc>, which a screen reader reads out.
"""

from __future__ import annotations

from pathlib import Path

from lecture.elements.steps import counting
from lecture.slides import Element

PICTURES = Path(__file__).parent / "pictures"


class Drawing(Element):
    """A picture given as an SVG document.

    narrow: the same for a narrow column, with the class "narrow" on its <svg>; pages choose. Shrunk to a telephone, the
        words of a picture for slides could not be read.
    wide: whether it takes the whole width of the slide, or a place beside the words.
    """

    role = "exhibit"

    def __init__(self, svg: str, narrow: str = "", wide: bool = False) -> None:
        self.svg = svg
        self.narrow = narrow
        self.shape = "drawing wide" if wide else "drawing"

    def toHTML(self) -> str:
        narrow = "" if counting() else self.narrow  # what counts steps is presented, and never narrow
        return f'<figure class="{self.shape}">\n{self.svg}{narrow}</figure>\n'


def picture(name: str) -> str:
    """The SVG document `pictures/<name>.svg`."""
    return (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
