"""Declaring which promises a class keeps."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable
from typing import TypeVar

_C = TypeVar("_C", bound=type)


def implementer(*interfaces: type) -> Callable[[_C], _C]:
    """Class decorator: declare which promises the class keeps.

    For readers, and for programs that come from zope.interface; mostly all that counts is that the methods exist.
    Where it matters what a class says that it is, as with credentials, the promise is an abstract base class, and the
    class becomes a virtual subclass of it: `isinstance` takes the place of zope's `providedBy`.
    Raises TypeError, naming them, when one of the promised methods is missing.
    """

    def check(cls: _C) -> _C:
        for interface in interfaces:
            promised = (name for name, value in vars(interface).items() if callable(value) and name[0] != "_")
            missing = [name for name in promised if not hasattr(cls, name)]
            if missing:
                raise TypeError(f"{cls.__name__} promises {interface.__name__} but has no {', '.join(missing)}")
            if isinstance(interface, ABCMeta) and not getattr(interface, "_is_protocol", False):
                interface.register(cls)
        return cls

    return check
