"""What each side of a connection has of the other: objects that are lent, copies that are kept; and how they travel."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from reactor import log
from reactor.defer import Deferred, ensureDeferred
from reactor.protocols.excerpts import excerpt
from reactor.spread.errors import DeadReferenceError
from reactor.spread.flavors import Cacheable, RemoteCache, RemoteCacheObserver, Serializable
from reactor.spread.jelly import InsecureJelly, SecurityOptions, jelly, unjelly
from reactor.spread.pb.references import Lent, Local, RemoteReference

MAX_BROKER_REFS = 1024


def guarded(function: Callable[..., object], *args: Any) -> None:
    """Call it; what it raises is logged."""
    try:
        function(*args)
    except Exception:
        log.err()


class Objects:
    """The part of a broker that knows objects. Flavors call it while they are packed and unpacked.

    lent, cached_there: our objects that the peer refers to, and of which it has copies. serializingPerspective,
    unserializingPerspective: the avatar for whom that is done.
    """

    mostReferences = MAX_BROKER_REFS
    disconnected = False
    serializingPerspective: Any = None
    unserializingPerspective: Any = None

    def __init__(self, security: SecurityOptions) -> None:
        self.security = security
        self.lent, self.cached_there = Lent(self.mostReferences), Lent(self.mostReferences)
        self.locallyCachedObjects: dict[int, RemoteCache] = {}
        self.localCleanup: dict[Any, Callable[[], object]] = {}  # processUniqueID → what to do when nobody refers to it
        self._unsent: list[tuple[Lent, int]] = []  # what the message that is being made lends
        self._packed: list[
            Any
        ] = []  # what is in it; a reference that is sent home must not be dropped before it is sent

    def setNameForLocal(self, name: str | bytes, object: Any) -> None:
        """Let the peer get at an object by a name: the root, which is b"root"."""
        self.lent.objects[name.encode() if isinstance(name, str) else name] = Local(object)

    def remoteForName(self, name: str | bytes) -> RemoteReference:
        """A reference to an object of the peer's that has a name, if there is one."""
        return RemoteReference(None, self, name.encode() if isinstance(name, str) else name, False)

    def localObjectForID(self, luid: Any) -> Any:
        """The object of ours with this number or name. Raises Error if the peer has none such."""
        return self.lent.get(luid)

    def remotelyCachedForLUID(self, luid: Any) -> Any:
        """The Cacheable of ours with this number. Raises Error if the peer has no copy of any such."""
        return self.cached_there.get(luid)

    def cachedRemotelyAs(self, instance: Cacheable) -> int | None:
        """The number of a Cacheable, None if the peer has no copy."""
        return self.cached_there.number_of(instance)

    def registerReference(self, object: Serializable) -> int:
        """An object is sent by reference. Returns its number."""
        return self._lend(self.lent, object)

    def cacheRemotely(self, instance: Cacheable) -> int:
        """A Cacheable is sent, or sent again. Returns its number."""
        return self._lend(self.cached_there, instance)

    def _lend(self, table: Lent, object: Serializable) -> int:
        number = table.lend(object, self.serializingPerspective)
        self._unsent.append((table, number))
        return number

    def _take_back_unsent(self) -> None:
        """The message wasn't sent: the peer doesn't refer to what was in it."""
        unsent, self._unsent = self._unsent, []
        self._packed.clear()
        for table, number in unsent:
            self._take_back(table, number)

    def _take_back(self, table: Lent, number: Any) -> bool:
        """The peer has dropped it once. Returns whether that was the last time."""
        local = table.take_back(number)
        if local is not None and table is self.cached_there:
            self._stop_observing(local)
        elif local is not None:
            guarded(self.localCleanup.pop(local.object.processUniqueID(), lambda: None))
        return local is not None

    def _stop_observing(self, local: Local) -> None:
        observer = RemoteCacheObserver(self, local.object, local.perspective)
        guarded(local.object.stoppedObserving, local.perspective, observer)

    def cacheLocally(self, cid: Any, instance: RemoteCache) -> None:
        """Keep the copy of a Cacheable of the peer's. Raises InsecureJelly for a number that can't be."""
        caches = self.locallyCachedObjects
        if type(cid) is not int or cid in caches or len(caches) >= self.mostReferences:
            raise InsecureJelly(f"no cache can have the number {excerpt(cid)}, or there are {self.mostReferences}")
        caches[cid] = instance

    def cachedLocallyAs(self, cid: Any) -> Any:
        """A handle of the copy with this number. Raises InsecureJelly if there is none."""
        return self._cache(cid).handle()

    def _cache(self, cid: Any) -> RemoteCache:
        cache = self.locallyCachedObjects.get(cid) if type(cid) is int else None
        if cache is None:
            raise InsecureJelly(f"there is no cache with the number {excerpt(cid)}")
        return cache

    def _forget_all(self) -> None:
        """The connection is gone."""
        self.disconnected = True
        for local in self.cached_there.objects.values():
            self._stop_observing(local)
        for cache in self.locallyCachedObjects.values():
            cache.broker = None
        self.lent, self.cached_there = Lent(0), Lent(0)
        self.locallyCachedObjects, self.localCleanup = {}, {}

    def serialize(
        self, object: Any, perspective: Any = None, method: Any = None, args: Any = None, kw: Any = None
    ) -> Any:
        """The jelly of an object, for somebody who came by this perspective; of a Deferred, a Deferred of it.

        method, args, kw: accepted since Twisted has them. Raises InsecureJelly.
        """
        if inspect.iscoroutine(object):
            object = ensureDeferred(object)
        if isinstance(object, Deferred):
            return object.addCallback(self.serialize, perspective)
        if self.disconnected:
            raise DeadReferenceError("there is nobody to send it to")
        self._packed.append(object)
        before, self.serializingPerspective = self.serializingPerspective, perspective
        try:
            return jelly(object, self.security, self)
        except BaseException:
            self._take_back_unsent()
            raise
        finally:
            self.serializingPerspective = before

    def unserialize(self, sexp: Any, perspective: Any = None) -> Any:
        """The object of a jelly, from somebody who came by this perspective. Raises InsecureJelly."""
        before, self.unserializingPerspective = self.unserializingPerspective, perspective
        try:
            return unjelly(sexp, self.security, self)
        finally:
            self.unserializingPerspective = before
