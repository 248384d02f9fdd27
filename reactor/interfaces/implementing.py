"""Declaring which promises a class keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_C = TypeVar("_C", bound=type)


def implementer(*interfaces: type) -> Callable[[_C], _C]:
    """Class decorator: declare which promises the class keeps.

    For readers, and for programs that come from zope.interface; all that counts is that the methods exist.
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
