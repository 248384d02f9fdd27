"""What stands for an object of the peer's; and the table of our objects that the peer refers to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from reactor.defer import Deferred
from reactor.protocols.excerpts import excerpt
from reactor.spread.errors import Error, ProtocolError
from reactor.spread.flavors import Serializable
from reactor.spread.jelly import InsecureJelly, Jellier, Unjellier, setUnjellyableForClass


class RemoteReference(Serializable):
    """An object of the peer's, to call methods of. When the last of these is dropped, the peer may forget the object.

    broker: the connection. luid: the peer's number or name of the object. perspective: the avatar by which it came.
    """

    def __init__(self, perspective: Any, broker: Any, luid: Any, doRefCount: bool | int) -> None:
        self.perspective, self.broker, self.luid, self.doRefCount = perspective, broker, luid, doRefCount
        self._on_disconnect: dict[Any, Callable[[], object]] = {}

    def callRemote(self, _name: str | bytes, *args: Any, **kw: Any) -> Deferred[Any]:
        """Call a method of the object.

        _name: without `remote_`, or whatever the object's flavor wants there. args, kw: its arguments.
        pbanswer=False: nobody wants to know what becomes of it; then this returns None.
        Returns a Deferred of the result. It fails with a CopiedFailure when the method does; with PBConnectionLost when
        the connection is lost before the answer, so that nobody knows whether it was run; with InsecureJelly or
        BananaError when the arguments can't travel. Cancelling it forgets the answer; the method runs all the same.
        Raises DeadReferenceError when the connection is gone.
        """
        return self.broker.sendMessage(b"message", self.perspective, self.luid, _name, args, kw)  # type: ignore[no-any-return]  # the broker is any

    def remoteMethod(self, key: str) -> Callable[..., Deferred[Any]]:
        """A function that does `callRemote(key, …)`."""
        return partial(self.callRemote, key)

    def notifyOnDisconnect(self, callback: Callable[[RemoteReference], object]) -> None:
        """Call this, once, with this reference, when the connection is lost."""
        self._on_disconnect[callback] = lambda: callback(self)
        self.broker.notifyOnDisconnect(self._on_disconnect[callback])

    def dontNotifyOnDisconnect(self, callback: Callable[[RemoteReference], object]) -> None:
        """Don't, after all. Raises KeyError for a callback that isn't there."""
        self.broker.dontNotifyOnDisconnect(self._on_disconnect.pop(callback))

    def jellyFor(self, jellier: Jellier) -> Any:
        """Back to where it came from, it is the object itself."""
        if jellier.invoker is not self.broker:
            raise InsecureJelly("a reference can be sent back only to the peer whose object it refers to")
        return [b"local", self.luid]

    @classmethod
    def received(cls, unjellier: Unjellier, sexp: list[Any]) -> RemoteReference:
        """The peer has sent an object of its own."""
        if unjellier.invoker is None or type(sexp[1]) is not int:
            raise InsecureJelly(f"no reference to an object: {excerpt(sexp)}")
        return cls(unjellier.invoker.unserializingPerspective, unjellier.invoker, sexp[1], True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteReference) and (other.broker, other.luid) == (self.broker, self.luid)

    def __hash__(self) -> int:
        return hash((id(self.broker), self.luid))

    def __del__(self) -> None:
        if self.doRefCount:
            self.broker.sendDecRef(self.luid)


@dataclass
class Local:
    """An object that the peer refers to. refcount: so many times it was sent and not dropped yet."""

    object: Any
    perspective: Any = None
    refcount: int = 1


class Lent:
    """The objects that the peer refers to, by number. No number is given twice, and none is good on another connection.

    most: how many there may be.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.objects: dict[Any, Local] = {}
        self._numbers: dict[Any, int] = {}
        self._last = 0

    def number_of(self, obj: Serializable) -> int | None:
        """Its number, if the peer refers to it."""
        return self._numbers.get(obj.processUniqueID())

    def check_room(self) -> None:
        """Raises Error when there are so many that no other can be lent."""
        if len(self.objects) >= self.most:
            raise Error(f"Maximum PB reference count exceeded: the peer refers to {self.most} objects.")

    def lend(self, obj: Serializable, perspective: Any) -> int:
        """It is sent, or sent again. Returns its number. Raises Error when there are too many."""
        number = self.number_of(obj)
        if number is not None:
            self.objects[number].refcount += 1
            return number
        self.check_room()
        self._last += 1
        self.objects[self._last] = Local(obj, perspective)
        self._numbers[obj.processUniqueID()] = self._last
        return self._last

    def take_back(self, number: Any) -> Local | None:
        """It is dropped once. Returns it if that was the last time. Raises ProtocolError if it wasn't lent."""
        local = self.objects.get(number) if type(number) is int else None
        if local is None:
            raise ProtocolError(f"nothing is lent by the number {excerpt(number)}")
        local.refcount -= 1
        if local.refcount > 0:
            return None
        del self.objects[number], self._numbers[local.object.processUniqueID()]
        return local

    def get(self, number: Any) -> Any:
        """The object. Raises Error if there is none."""
        local = self.objects.get(number) if isinstance(number, (int, bytes)) else None
        if local is None:
            raise Error("Invalid Object ID")
        return local.object


setUnjellyableForClass("remote", RemoteReference.received)
