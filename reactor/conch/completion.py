"""What a name at a prompt may become, as TAB asks. It looks at objects, so properties run; what they raise ends it."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

_NAME = re.compile(r"[^\W\d]\w*(?:\.\w*)*\Z")


def name_before(text: str) -> str:
    """The name, perhaps with dots in it, at the end of a text; "" without one."""
    found = _NAME.search(text)
    return found[0] if found else ""


def completions(name: str, names: Mapping[str, Any]) -> list[str]:
    """The names that begin with `name`, in order. names: those that a command sees, besides Python's.

    Names with an underscore in front of them come to who has typed it.
    """
    *path, stem = name.split(".")
    try:
        return [".".join([*path, one]) for one in sorted(_within(path, names)) if _fits(one, stem)]
    except BaseException:  # whatever a property raises, or Interrupted
        return []


def common_beginning(texts: list[str]) -> str:
    """What all of these begin with; "" for none. They are in order, so the first and the last tell."""
    pairs = zip(texts[0], texts[-1], strict=False) if texts else ()
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _within(path: list[str], names: Mapping[str, Any]) -> set[str]:
    everything = {**vars(builtins), **names}
    if not path:
        return {*everything, *keyword.kwlist}
    found = everything[path[0]]
    for attribute in path[1:]:
        found = getattr(found, attribute)
    return set(map(str, dir(found)))


def _fits(name: str, stem: str) -> bool:
    return name.startswith(stem) and (bool(stem) or not name.startswith("_"))
