"""Saying which promises a class keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_C = TypeVar("_C", bound=type)


def implementer(*interfaces: type) -> Callable[[_C], _C]:
    """Class decorator: say which promises the class means to keep.

    For the reader, and for programs that come from zope.interface; what counts is that the methods are there.
    Raises TypeError, naming them, when one of the promised methods is missing.
    """

    def check(cls: _C) -> _C:
        for interface in interfaces:
            promised = (name for name, value in vars(interface).items() if callable(value) and name[0] != "_")
            missing = [name for name in promised if not hasattr(cls, name)]
            if missing:
                raise TypeError(f"{cls.__name__} promises {interface.__name__} but has no {', '.join(missing)}")
        return cls

    return check
