"""How an object travels: it stays and is called (Referenceable, Viewable), is copied (Copyable), or is copied once and
kept up to date (Cacheable). Which methods may be called from elsewhere, the beginnings of their names say:

    remote_X       of a Referenceable, by whoever has a reference to it
    view_X         of a Viewable; its first argument is the perspective (the avatar) by which the peer got at it
    perspective_X  of an avatar: see pb.Avatar
    observe_X      of a RemoteCache, by the peer who has the original
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.spread.errors import NoSuchMethod, ProtocolError
from reactor.spread.jelly import InsecureJelly, Jellier, Jellyable, Unjellier, qual, setUnjellyableForClass


def call(broker: Any, target: Any, method: str, args: Any, kw: Any, perspective: Any, *first: Any) -> Any:
    """Call a method for a peer. args, kw: as jellies. first: arguments before the peer's.

    Returns the result as a jelly, or a Deferred of it. Raises NoSuchMethod, InsecureJelly, and what the method raises.
    """
    function = getattr(target, method, None)
    if function is None:
        raise NoSuchMethod(f"No such method: {method}")
    positional, named = broker.unserialize(args, perspective), broker.unserialize(kw, perspective)
    if not isinstance(positional, (tuple, list)) or not isinstance(named, dict):
        raise InsecureJelly("arguments are a tuple and a dictionary")
    names = {
        key.decode() if isinstance(key, bytes) else key: value for key, value in named.items()
    }  # as Python 2 sends
    return broker.serialize(function(*first, *positional, **names), perspective)


class Serializable(Jellyable):
    """What a broker can send, in one of the ways below."""

    def processUniqueID(self) -> Any:
        """What stands for this object's identity. Two that have the same are one to a peer."""
        return id(self)


class Referenceable(Serializable):
    """Stays here. The peer gets a reference, and calls the methods whose names begin with `remote_`.

    They return what can be sent, or a Deferred or coroutine of it.
    """

    perspective: Any = None

    def remoteMessageReceived(self, broker: Any, message: str, args: Any, kw: Any) -> Any:
        """The peer calls. See `call`."""
        return call(broker, self, f"remote_{message}", args, kw, self.perspective)

    def jellyFor(self, jellier: Jellier) -> Any:
        """A number by which this peer, and no other, can refer to the object."""
        return [b"remote", _broker(self, jellier).registerReference(self)]


class Root(Referenceable):
    """What a peer begins with: `PBClientFactory.getRootObject` gets a reference to it."""

    def rootObject(self, broker: Any) -> Any:
        """The root for one connection, this one for all unless overridden."""
        return self


class ViewPoint(Referenceable):
    """An object as one perspective sees it: the peer calls `view_X` of the object, with the perspective first."""

    def __init__(self, perspective: Any, object: Any) -> None:
        self.perspective, self.object = perspective, object

    def processUniqueID(self) -> Any:
        """The same for the same object, seen by the same perspective."""
        return id(self.perspective), id(self.object)

    def remoteMessageReceived(self, broker: Any, message: str, args: Any, kw: Any) -> Any:
        """The peer calls. See `call`."""
        return call(broker, self.object, f"view_{message}", args, kw, self.perspective, self.perspective)


class Viewable(Serializable):
    """Stays here. The peer gets a ViewPoint of it, for the perspective through which it got at the object."""

    def jellyFor(self, jellier: Jellier) -> Any:
        """The ViewPoint."""
        return ViewPoint(_broker(self, jellier).serializingPerspective, self).jellyFor(jellier)


class Copyable(Serializable):
    """Is copied each time it is sent. The peer says what it makes of the copy, by `setUnjellyableForClass`.

    perspective: the avatar by which whoever gets the copy came, or None.
    """

    def getStateToCopy(self) -> Any:
        """What is sent; all attributes, unless overridden."""
        return vars(self)

    def getStateToCopyFor(self, perspective: Any) -> Any:
        """What is sent to somebody."""
        return self.getStateToCopy()

    def getTypeToCopy(self) -> str | bytes:
        """The tag that says what it is; the class's name with its module, unless overridden."""
        return qual(type(self))

    def getTypeToCopyFor(self, perspective: Any) -> str | bytes:
        """The tag for somebody."""
        return self.getTypeToCopy()

    def jellyFor(self, jellier: Jellier) -> Any:
        """The tag and the state."""
        perspective = getattr(jellier.invoker, "serializingPerspective", None)
        return jellier.instance(self, self.getTypeToCopyFor(perspective), self.getStateToCopyFor(perspective))


class RemoteCopy:
    """A copy of the peer's Copyable. It is made without `__init__`; override `setCopyableState`."""

    def setCopyableState(self, state: Any) -> None:
        """Take what the peer's `getStateToCopyFor` gave. By default it becomes the attributes."""
        if not isinstance(state, dict):
            raise InsecureJelly(f"the state of a copy is a dictionary, not {type(state).__name__}")
        for name in [name for name in state if isinstance(name, bytes)]:  # as Python 2 sends
            state[name.decode()] = state.pop(name)
        self.__dict__ = state

    def unjellyFor(self, unjellier: Unjellier, jellyList: list[Any]) -> Any:
        """Take what was sent. Returns this, or what takes its place."""
        self.setCopyableState(unjellier.unjelly(jellyList[1]))
        return self


class Cacheable(Copyable):
    """Is copied once to each peer, and tells those who have copies what changes.

    Keep the observer that `getStateToCacheAndObserveFor` gets: its `callRemote("X", …)` calls `observe_X` of the copy.
    """

    def getStateToCacheAndObserveFor(self, perspective: Any, observer: RemoteCacheObserver) -> Any:
        """The state now, and who is to hear of changes from now on."""
        return self.getStateToCopyFor(perspective)

    def stoppedObserving(self, perspective: Any, observer: RemoteCacheObserver) -> None:
        """The peer has dropped its copy, or is gone. The observer equals the one that was given before."""

    def jellyFor(self, jellier: Jellier) -> Any:
        """The state, with a number; or the number alone, if the peer has a copy."""
        broker = _broker(self, jellier)
        is_known, number = broker.cachedRemotelyAs(self) is not None, broker.cacheRemotely(self)
        if is_known:
            return [b"cached", number]
        perspective = broker.serializingPerspective
        state = self.getStateToCacheAndObserveFor(perspective, RemoteCacheObserver(broker, self, perspective))
        return jellier.instance(self, self.getTypeToCopyFor(perspective), number, state)


class RemoteCache(RemoteCopy, Serializable):
    """A copy of the peer's Cacheable, which the peer keeps up to date by calling `observe_X`. `__init__` gets nothing.

    What the program gets are handles that share their attributes. When the last one is dropped, the peer is told.
    """

    broker: Any = None
    luid: Any = None

    def remoteMessageReceived(self, broker: Any, message: str, args: Any, kw: Any) -> Any:
        """The peer calls. See `call`."""
        return call(broker, self, f"observe_{message}", args, kw, None)

    def jellyFor(self, jellier: Jellier) -> Any:
        """Back to where it came from, it is the original."""
        if _broker(self, jellier) is not self.broker:
            raise InsecureJelly("a RemoteCache can be sent back only to the peer whose object it is a copy of")
        return [b"lcache", self.luid]

    def unjellyFor(self, unjellier: Unjellier, jellyList: list[Any]) -> Any:
        """Keep the copy with the broker, and return a handle."""
        broker, number = _broker(self, unjellier), jellyList[1]
        broker.cacheLocally(number, self)
        self.__init__()  # type: ignore[misc]  # it has none yet, as it is blank
        self.setCopyableState(unjellier.unjelly(jellyList[2] if len(jellyList) > 2 else None))
        self.broker, self.luid = broker, number
        return self.handle()

    def handle(self) -> Any:
        """Another object with the same attributes, for the program."""
        handle = object.__new__(type(self))
        handle.__dict__ = self.__dict__
        return handle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteCache) and other.__dict__ is self.__dict__

    def __hash__(self) -> int:
        return id(self.__dict__)

    def __del__(self) -> None:
        if self.broker is not None:
            self.broker.decCacheRef(self.luid)


class RemoteCacheObserver:
    """Calls `observe_X` of the copy that one peer has of a Cacheable."""

    def __init__(self, broker: Any, cached: Cacheable, perspective: Any) -> None:
        self.broker, self.cached, self.perspective = broker, cached, perspective

    def callRemote(self, _name: str | bytes, *args: Any, **kw: Any) -> Any:
        """As RemoteReference.callRemote. Raises ProtocolError when the peer has no copy."""
        number = self.broker.cachedRemotelyAs(self.cached)
        if number is None:
            raise ProtocolError("the peer has no copy: it was never sent, or dropped, or the connection is gone")
        return self.broker.sendMessage(b"cachemessage", self.perspective, number, _name, args, kw)

    def _whose(self) -> tuple[int, int, int]:
        return id(self.broker), id(self.cached), id(self.perspective)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteCacheObserver) and other._whose() == self._whose()

    def __hash__(self) -> int:
        return hash(self._whose())


def _broker(obj: object, packer: Jellier | Unjellier) -> Any:
    if packer.invoker is None:
        raise InsecureJelly(f"this travels by a broker only: {type(obj).__name__}")
    return packer.invoker


def _known(lookup: str) -> Callable[[Unjellier, list[Any]], Any]:
    """Unpacks what is only a number: a method of the broker's knows the object."""
    return lambda unjellier, sexp: getattr(_broker(sexp, unjellier), lookup)(sexp[1])


setUnjellyableForClass("cached", _known("cachedLocallyAs"))
setUnjellyableForClass("lcache", _known("remotelyCachedForLUID"))
setUnjellyableForClass("local", _known("localObjectForID"))
