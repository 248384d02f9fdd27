"""The measures of the canvas, in its own pixels: what site/css/deck.css says, for those who have to reckon with it.

The canvas has 1280 x 720 of them on every screen. tests/lecture/outputs/fit holds both files together: it asks a
browser about the same slides.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT = 1280, 720
LEFT, TOP, BOTTOM = 56, 34, 38  # the margins of a slide; the right one is as wide as the left one
TITLE_PX, TITLE_LINE_PX, TITLE_GAP_PX = 40, 46, 22
INNER_WIDTH = WIDTH - 2 * LEFT

BESIDE_PX = 40  # between words and the exhibits beside them
BELOW_PX = 20  # between words and the exhibits below them
BETWEEN_PX = 14  # between two exhibits of a pane
SMALLEST_DRAWN_PX = 16  # letters in drawings

WORDS_LINE = 1.3  # lines of words and of code, in their own size
CODE_LINE = 1.35
AFTER = 0.5  # below points and paragraphs, in their own size
INDENT = 1.25  # of points, and below points
BOX_PX, BOX_SIDES_PX = 20, 41  # what a listing or terminal adds to its text: above and below, left and right
CAPTION_PX = 4  # between a listing and the line below it
CAPTION_GAP = 1.5  # between the parts of that line, in their own size
PROMPT_PX = 8  # between the commands of a terminal


@dataclass(frozen=True)
class Sizes:
    """The sizes of type on a slide, besides its title's, in pixels of the canvas."""

    words: int
    code: int
