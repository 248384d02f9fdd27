"""Aliases: letters for one name that go to others, as in /etc/aliases.

    postmaster: ann
    team: ann, bob,
      carol@example.org          a line that begins with a blank goes on
    # a comment

An alias may lead to an alias. What leads back to itself is found when the file is read. Lines of other mail servers
that write into files, run programs or include lists are refused: a letter runs nothing here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

_LINE = re.compile(r"([^\s:,|/\"]+)\s*:\s*(.+)", re.DOTALL)
_TARGET = re.compile(r"[^\s:,|/\"<>@]+(@[^\s:,|/\"<>@]+)?")


def loadAliasFile(path: str | os.PathLike[str]) -> dict[bytes, list[bytes]]:
    """Name, in small letters → to whom its letters go: names, and addresses elsewhere, with all aliases followed.

    Raises OSError, or ValueError with the file and the line.
    """
    with open(path, encoding="utf-8") as file:
        aliases = dict(_entry(path, number, text) for number, text in _logical_lines(file))
    return {name: resolve(aliases, name) for name in aliases}


def _logical_lines(lines: Iterable[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and found:
            found[-1] = (found[-1][0], found[-1][1] + " " + line.strip())
        else:
            found.append((number, line.strip()))
    return found


def _entry(path: str | os.PathLike[str], number: int, text: str) -> tuple[bytes, list[bytes]]:
    match = _LINE.fullmatch(text)
    targets = [target.strip() for target in match[2].split(",") if target.strip()] if match else []
    wrong = next((target for target in targets if not _TARGET.fullmatch(target)), None)
    if match is None or wrong is not None:
        problem = f"{text!r} is no line `name: name, address`" if wrong is None else f"{wrong!r} is no name or address"
        raise ValueError(f"{path}, line {number}: {problem}")
    return match[1].lower().encode("utf-8"), [target.encode("utf-8") for target in targets]


def resolve(aliases: Mapping[bytes, list[bytes]], name: bytes) -> list[bytes]:
    """To whom letters for a name go in the end, each once. Raises ValueError for an alias that leads back to itself."""
    found: dict[bytes, None] = {}

    def follow(one: bytes, way: tuple[bytes, ...]) -> None:
        key = one.lower()
        if key in way:
            circle = " → ".join(step.decode() for step in (*way, key))
            raise ValueError(f"the alias {key.decode()} leads back to itself: {circle}")
        if key not in aliases:
            found[one] = None
        for target in aliases.get(key, ()):
            follow(target, (*way, key))

    follow(name, ())
    return list(found)
