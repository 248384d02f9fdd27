"""Where words and exhibits stand on a slide, in which size, and which exhibits share a pane.

Words stand beside the exhibits if there is room, otherwise above them, otherwise they take turns with them. Exhibits
that fit together share a pane, and panes take turns. Of all arrangements that fit, the one with the fewest turns is
taken; of those, the one with the largest type. When nothing fits, the arrangement is the one that lacks least; the
measure of the build then names the slide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lecture.outputs.fit import canvas
from lecture.outputs.fit.canvas import Sizes
from lecture.outputs.fit.estimate import height, longest_word, natural_width
from lecture.outputs.fit.letters import MONO
from lecture.outputs.fit.markup import Node

WORDS_PX = (30, 28, 26)
ALONE_PX = (40, 36, 34, 32, *WORDS_PX)  # when there are only words
CODE_PX = (26, 24, 22, 20)
LEAST_CODE_PX = CODE_PX[-1]
_LEAST_WORDS_PX = 330  # the narrowest column of words
_MOST_WORDS_PX = 520
_TERMINAL_COLUMNS = 64  # a terminal's lines break rather than take more of the width than this beside words


@dataclass(frozen=True)
class Pane:
    """Exhibits that are there together, by their number. beside: side by side, or else one below the other."""

    exhibits: tuple[int, ...]
    beside: bool = False


@dataclass(frozen=True)
class Layout:
    """How a slide is arranged.

    kind: "words", "exhibits" (one without the other), "beside", "below" or "turns".
    words_width: of the column of words, when exhibits stand beside it.
    lacks: by how many pixels it doesn't fit, as far as is known. crowded: whether smaller type would look better.
    """

    kind: str
    sizes: Sizes
    panes: tuple[Pane, ...] = ()
    words_width: int = 0
    lacks: float = 0.0
    crowded: bool = False

    @property
    def style(self) -> str:
        """What the stylesheet has to know, as CSS."""
        column = f";--column:{self.words_width}px" if self.words_width else ""
        return f"--words:{self.sizes.words}px;--code:{self.sizes.code}px{column}"

    @property
    def turns(self) -> int:
        """How many times one thing replaces another."""
        return len(self.panes) + (self.kind == "turns") - 1

    @property
    def cost(self) -> tuple[float, ...]:
        """The layout with the least of this is the best."""
        small = (self.sizes.code < 22) + (self.sizes.words < 28) * 0.5
        order = ("words", "exhibits", "beside", "below", "turns").index(self.kind)
        return (self.lacks, self.crowded, self.turns, small, order, -self.sizes.code, -self.sizes.words)


@dataclass
class Room:
    """Finds the layout of one slide. words: their markup, or None. high: what the title leaves of the height."""

    words: Node | None
    exhibits: list[Node]
    high: float
    _widths: dict[tuple[int, int], float] = field(default_factory=dict)

    def best(self) -> Layout:
        """The layout to take."""
        return min(self._layouts(), key=lambda layout: layout.cost)

    def _layouts(self) -> Iterator[Layout]:
        if not self.exhibits:
            yield from (self._only_words(Sizes(words, 20)) for words in ALONE_PX)
            return
        for code in CODE_PX:
            if self.words is None:
                yield self._arranged("exhibits", Sizes(28, code), canvas.INNER_WIDTH, self.high)
                continue
            for words in WORDS_PX:
                sizes = Sizes(words, code)
                yield from self._beside(sizes)
                above = height(self.words, canvas.INNER_WIDTH, sizes) + canvas.BELOW_PX
                yield self._arranged("below", sizes, canvas.INNER_WIDTH, self.high - above)
                lacks = max(0.0, above - canvas.BELOW_PX - self.high)
                yield self._arranged("turns", sizes, canvas.INNER_WIDTH, self.high, lacks)

    def _only_words(self, sizes: Sizes) -> Layout:
        needed = height(self.words, canvas.INNER_WIDTH, sizes) if self.words else 0.0
        few = needed < self.high * 0.72 or sizes.words <= max(WORDS_PX)
        return Layout("words", sizes, lacks=max(0.0, needed - self.high), crowded=not few)

    def _beside(self, sizes: Sizes) -> Iterator[Layout]:
        assert self.words is not None
        free = canvas.INNER_WIDTH - canvas.BESIDE_PX
        wanted = max(min(self._width(at, sizes), self._most(at, sizes)) for at in range(len(self.exhibits)))
        column = int(min(free - wanted, _MOST_WORDS_PX))
        if column < max(_LEAST_WORDS_PX, longest_word(self.words, sizes)):  # a name cut in two is read as two
            return
        lacks = max(0.0, height(self.words, column, sizes) - self.high)
        yield self._arranged("beside", sizes, free - column, self.high, lacks, column)

    def _most(self, at: int, sizes: Sizes) -> float:
        """The width beyond which an exhibit needs no more beside words: terminals break their lines."""
        return _TERMINAL_COLUMNS * MONO * sizes.code + canvas.BOX_SIDES_PX if self._breaks(at) else float("inf")

    def _width(self, at: int, sizes: Sizes) -> float:
        if (at, sizes.code) not in self._widths:
            self._widths[at, sizes.code] = natural_width(self.exhibits[at], sizes)
        return self._widths[at, sizes.code]

    def _arranged(
        self, kind: str, sizes: Sizes, wide: float, high: float, lacks: float = 0.0, words_width: int = 0
    ) -> Layout:
        """The exhibits in as few panes as hold them, each as many as fit in their order."""
        panes: list[Pane] = []
        for at in range(len(self.exhibits)):
            fitting = (pane for pane in self._with(panes, at) if self._lack(pane, sizes, wide, high) == 0)
            if (pane := next(fitting, None)) is not None:
                panes[-1] = pane
            else:
                panes.append(Pane((at,)))
        lacks += sum(self._lack(pane, sizes, wide, high) for pane in panes)
        return Layout(kind, sizes, tuple(panes), words_width, lacks)

    def _with(self, panes: list[Pane], at: int) -> Iterator[Pane]:
        """The ways in which one more exhibit could stand in the last pane."""
        if panes:
            together = (*panes[-1].exhibits, at)
            yield Pane(together)
            if len(together) == 2:
                yield Pane(together, beside=True)

    def _lack(self, pane: Pane, sizes: Sizes, wide: float, high: float) -> float:
        """By how much a pane is too large."""
        widths = [self._width(at, sizes) for at in pane.exhibits]
        if pane.beside:
            pairs = zip(pane.exhibits, widths, strict=True)
            needed = max(height(self.exhibits[at], width, sizes) for at, width in pairs)
            return max(0.0, sum(widths) + 2 * canvas.BETWEEN_PX - wide) + max(0.0, needed - high)
        gaps = canvas.BETWEEN_PX * (len(pane.exhibits) - 1)
        needed = sum(height(self.exhibits[at], wide, sizes) for at in pane.exhibits) + gaps
        over = max((self._width(at, sizes) - wide for at in pane.exhibits if not self._breaks(at)), default=0.0)
        return max(0.0, over) + max(0.0, needed - high)

    def _breaks(self, at: int) -> bool:
        """Whether the lines of an exhibit break, as those of a terminal do."""
        return any("session" in node.classes for node in self.exhibits[at].children())
