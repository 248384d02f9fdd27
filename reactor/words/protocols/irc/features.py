"""What a server says it can do (005), and modes, which can't be read without knowing that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

_HEX = re.compile(r"\\x(.{0,2})", re.DOTALL)


class IRCBadModes(ValueError):
    """Modes that can't be read."""


class UnhandledCommand(RuntimeError):
    """A command that nothing is there for."""


def parseModes(
    modes: str, params: list[str], paramModes: Any = ("", "")
) -> tuple[list[tuple[str, str | None]], list[tuple[str, str | None]]]:
    """Modes that are set, and those that are taken away: letter, and its parameter or None.

    paramModes: which letters have a parameter when they are set, and when they are taken away. `params` are taken from
    the list. Raises IRCBadModes.
    """
    if not modes or modes[0] not in "+-":
        raise IRCBadModes(f"Malformed modes string: {modes!r}" if modes else "Empty mode string")
    if re.search(r"[+-](?![^+-])", modes, re.DOTALL):
        raise IRCBadModes(f"Empty mode sequence: {modes!r}")
    changes: tuple[list[tuple[str, str | None]], list[tuple[str, str | None]]] = ([], [])
    direction = 0
    for letter in modes:
        if letter in "+-":
            direction = "+-".index(letter)
            continue
        has_param = letter in paramModes[direction]
        if has_param and not params:
            raise IRCBadModes(f"Not enough parameters: {letter!r}")
        changes[direction].append((letter, params.pop(0) if has_param else None))
    if params:
        raise IRCBadModes(f"Too many parameters: {modes!r} {params!r}")
    return changes


def _number(value: str, default: int | None = None) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


def _pairs(params: Iterable[str], read: Callable[[str], Any] = str) -> list[tuple[str, Any]]:
    """`A:1,B` is [("A", "1"), ("B", "")]."""
    return [(name, read(value)) for name, _, value in (it.partition(":") for it in params)]


def _chanmodes(params: list[str]) -> dict[str, str]:
    names = ("addressModes", "param", "setParam", "noParam")
    if len(params) > len(names):
        raise ValueError(f"Expecting a maximum of {len(names)} channel mode parameters, got {len(params)}")
    return dict(zip(names, [*params, "", "", ""], strict=False))


def _prefix(value: str) -> dict[str, tuple[str, int]] | None:
    if not value:
        return None
    if not value.startswith("(") or ")" not in value:
        raise ValueError("Malformed PREFIX parameter")
    modes, _, symbols = value[1:].partition(")")
    return {mode: (symbol, place) for place, (mode, symbol) in enumerate(zip(modes, symbols, strict=False))}


_READ: dict[str, Callable[[list[str]], Any]] = {  # others are a tuple of their values
    "CHANLIMIT": lambda params: _pairs(params, _number),
    "CHANMODES": _chanmodes,
    "CHANNELLEN": lambda params: _number(params[0]),
    "CHANTYPES": lambda params: tuple(params[0]),
    "EXCEPTS": lambda params: params[0] or "e",
    "IDCHAN": _pairs,
    "INVEX": lambda params: params[0] or "I",
    "KICKLEN": lambda params: _number(params[0]),
    "MAXLIST": lambda params: _pairs(params, _number),
    "MODES": lambda params: _number(params[0]),
    "NETWORK": lambda params: params[0],
    "NICKLEN": lambda params: _number(params[0]),
    "PREFIX": lambda params: _prefix(params[0]),
    "SAFELIST": lambda params: True,
    "STATUSMSG": lambda params: params[0],
    "TARGMAX": lambda params: dict(_pairs(params, _number)),
    "TOPICLEN": lambda params: _number(params[0]),
}
_KEPT = ("CHANMODES", "CHANNELLEN", "NICKLEN", "PREFIX")  # what can't be read leaves these as they are
_MOST_FEATURES = 200


class ServerSupportedFeatures:
    """What a server can do, from its replies 005."""

    def __init__(self) -> None:
        self._features: dict[str, Any] = {
            "CHANNELLEN": 200,
            "CHANTYPES": tuple("#&"),
            "MODES": 3,
            "NICKLEN": 9,
            "PREFIX": _prefix("(ovh)@+%"),
            "CHANMODES": _chanmodes(["b", "", "lk", ""]),
        }

    def getFeature(self, feature: str, default: Any = None) -> Any:
        """What it says about a feature; `default` if nothing."""
        return self._features.get(feature, default)

    def hasFeature(self, feature: str) -> bool:
        """Whether it has it."""
        return self.getFeature(feature) is not None

    def parse(self, params: Iterable[str]) -> None:
        """Take what a server says: `NAME`, `NAME=VALUE,…` with `\\xHH` for characters, `-NAME`."""
        for param in params:
            name, _, value = param.partition("=")
            if name.startswith("-"):
                self._features.pop(name[1:], None)
            elif name in self._features or len(self._features) < _MOST_FEATURES:
                self._features[name] = self._read(name, [_HEX.sub(_character, it) for it in value.split(",")])

    def _read(self, name: str, values: list[str]) -> Any:
        try:
            found = _READ.get(name, tuple)(values)
        except ValueError:
            return self.getFeature(name)
        return self.getFeature(name) if found is None and name in _KEPT and values != [""] else found


def _character(found: re.Match[str]) -> str:
    try:
        return chr(int(found[1], 16))
    except ValueError:
        return found[0]
