"""Bold, colours and the like, as mIRC writes them into a text; and a tree of them that one can build.

assembleFormattedText(attributes.normal[attributes.bold["Time: "], attributes.fg.lightRed["now"]])
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

_OFF, _COLOR = "\x0f", "\x03"
_SWITCHES = {"bold": "\x02", "reverseVideo": "\x16", "underline": "\x1f"}
_NAMES = {code: name for name, code in _SWITCHES.items()}
COLORS = [
    "white",
    "black",
    "blue",
    "green",
    "lightRed",
    "red",
    "magenta",
    "orange",
    "yellow",
    "lightGreen",
    "cyan",
    "lightCyan",
    "lightBlue",
    "lightMagenta",
    "gray",
    "lightGray",
]
_CODES = re.compile(f"[{_OFF}{''.join(_NAMES)}]|{_COLOR}(?:([0-9]{{1,2}})(?:,([0-9]{{1,2}}))?)?")


@dataclass(frozen=True)
class _State:
    """How a piece of text looks. Colours are their numbers."""

    bold: bool = False
    underline: bool = False
    reverseVideo: bool = False
    foreground: int | None = None
    background: int | None = None

    def codes(self) -> str:
        """What makes it look so, whatever was before."""
        found = _OFF + "".join(_SWITCHES[name] for name in ("bold", "reverseVideo", "underline") if getattr(self, name))
        if self.foreground is not None or self.background is not None:
            found += _COLOR + ("" if self.foreground is None else f"{self.foreground:02d}")
            found += "" if self.background is None else f",{self.background:02d}"
        return found


class Formatted:
    """A part of a text: texts and parts, which one adds by `[…]`. changes: how it looks; None: normal."""

    def __init__(self, changes: dict[str, Any] | None, children: tuple[Any, ...] = ()) -> None:
        self.changes, self.children = changes, children

    def __getitem__(self, what: Any) -> Formatted:
        return Formatted(self.changes, self.children + (what if isinstance(what, tuple) else (what,)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formatted) and [*self.pieces()] == [*other.pieces()]

    def __hash__(self) -> int:
        return hash(tuple(self.pieces()))

    def pieces(self, state: _State = _State()) -> Iterator[tuple[_State, str]]:
        """The texts in it, each with how it looks."""
        state = _State() if self.changes is None else replace(state, **self.changes)
        for child in self.children:
            if isinstance(child, Formatted):
                yield from child.pieces(state)
            else:
                yield state, child


class _Colors:
    def __init__(self, what: str) -> None:
        for number, name in enumerate(COLORS):
            setattr(self, name, Formatted({what: number}))

    def __getattr__(self, name: str) -> Formatted:
        raise AttributeError(f"{name!r} is no colour of IRC: {', '.join(COLORS)}")


class _Attributes:
    """normal, bold, underline, reverseVideo; fg and bg, with a colour each."""

    normal = Formatted(None)
    bold, underline = Formatted({"bold": True}), Formatted({"underline": True})
    reverseVideo = Formatted({"reverseVideo": True})
    fg, bg = _Colors("foreground"), _Colors("background")


attributes = _Attributes()


def parseFormattedText(text: str) -> Formatted:
    """The tree of a text: `normal`, with a part in it for each piece. Colours over 15 begin again from 0."""
    state, parts, at = _State(), [], 0
    for found in _CODES.finditer(text):
        parts.append((state, text[at : found.start()]))
        at, code = found.end(), found[0][0]
        if code == _OFF:
            state = _State()
        elif code == _COLOR:
            front, back = (int(it) % len(COLORS) if it else None for it in found.groups())
            behind = None if front is None else state.background if back is None else back
            state = replace(state, foreground=front, background=behind)
        else:
            state = replace(state, **{_NAMES[code]: not getattr(state, _NAMES[code])})
    parts.append((state, text[at:]))
    return Formatted(None, tuple(_part(state, piece) for state, piece in parts if piece))


def _part(state: _State, text: str) -> Any:
    return Formatted(dict(vars(state)), (text,)) if state != _State() else text


def assembleFormattedText(formatted: Formatted) -> str:
    """The text of a tree, with all codes; it looks the same whatever stands before it."""
    return "".join(state.codes() + text for state, text in formatted.pieces())


def stripFormatting(text: str) -> str:
    """The text alone."""
    return _CODES.sub("", text)
