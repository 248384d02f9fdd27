"""A reference that looks like the object, so that type checkers and editors know what can be called.

    class Kitchen(Protocol):
        def order(self, dish: str, *, hot: bool = True) -> Deferred[int]: ...

    kitchen = typed(reference, Kitchen)
    number = await kitchen.order("soup")

The Protocol says what the peer's class has as remote_order. Arguments are held against it before they travel.
"""

from __future__ import annotations

import inspect
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Typed:
    def __init__(self, reference: Any, protocol: type) -> None:
        self._reference, self._protocol = reference, protocol

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._protocol, name, None)
        if name.startswith("_") or not inspect.isfunction(method):
            raise AttributeError(f"{self._protocol.__name__} has no method {name}")

        def call(*args: Any, **kw: Any) -> Any:
            inspect.signature(method).bind(self, *args, **kw)
            return self._reference.callRemote(name, *args, **kw)

        return call


def typed(reference: Any, protocol: type[T]) -> T:
    """An object whose methods call those of a reference.

    reference: a RemoteReference. protocol: a typing.Protocol whose methods return Deferreds.
    A method raises TypeError for arguments that the Protocol's doesn't take, AttributeError if it has none such.
    """
    return cast(T, _Typed(reference, protocol))
