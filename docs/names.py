"""From a name in running text, `LineReceiver` or `reactor.callLater`, to the place in the reference that describes it.

The reference is built by `make docs`, whose pages have an anchor for each name, the whole path of it. People write
less than that: `Protocol.dataReceived`, `callLater()`. Such a name is linked when it can mean one thing only.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

_CODE = re.compile(
    r"(<(?:pre|a|h\d|script|style)\b.*?</(?:pre|a|h\d|script|style)>)"  # what stays as it is
    r"|<code[^>]*>(?:<span[^>]*>)?([\w.]+)(?:\(\))?(?:</span>)?</code>",
    re.DOTALL,
)
_THE_REACTOR = "reactor.core.reactor.Reactor"


class Names:
    """Where each name is described.

    places: whole path of a name → page and anchor, relative to the folder of the reference.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._ends: dict[str, set[str]] = {}
        for name, place in self._places.items():
            for end in _ends(name):
                self._ends.setdefault(end, set()).add(place)

    @classmethod
    def of_inventory(cls, path: Path) -> Names:
        """The names that Sphinx lists in an `objects.inv` (version 2: four lines, then compressed ones)."""
        listed = zlib.decompress(path.read_bytes().split(b"\n", 4)[4]).decode()
        entries = (line.split(" ", 4) for line in listed.splitlines())
        return cls({name: place.replace("$", name) for name, kind, _, place, _ in entries if kind.startswith("py:")})

    def place(self, name: str) -> str | None:
        """Where it is described; None when it is nowhere, or could be several things."""
        if name.startswith("reactor."):
            of_the_reactor = f"{_THE_REACTOR}.{name.removeprefix('reactor.')}"
            return self._places.get(name) or self._places.get(of_the_reactor)
        found = self._ends.get(name, set())
        return next(iter(found)) if len(found) == 1 else None


def _ends(name: str) -> Iterator[str]:
    """What people may write for it: its last words, from the first that is a class or a function on."""
    parts = name.split(".")
    for at in range(1, len(parts)):
        if parts[at][0].isupper() or at == len(parts) - 1:
            yield ".".join(parts[at:])


def link_names(page: str, names: Names, prefix: str) -> str:
    """A page of HTML with links around the names in its running text. prefix: the way to the reference's folder, with a
    slash at its end, or empty."""

    def linked(found: re.Match[str]) -> str:
        place = None if found[1] else names.place(html.unescape(found[2]))
        return found[0] if place is None else f'<a href="{prefix}{place}">{found[0]}</a>'

    return _CODE.sub(linked, page)
