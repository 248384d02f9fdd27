"""A selector whose `select` is a turn of the reactor.

asyncio's turn is: work out how long to wait, `select` for that time, then run the callbacks. Ours begins with
delayed calls and then waits, which would be wrong here: a call that asks asyncio for something would be made after
asyncio has worked out how long to wait. So our turn begins with its other half: first the poll, no longer than either
side can wait, then the calls that are due. What these ask of asyncio runs as soon as `select` has returned, and
what asyncio's callbacks ask of us is known when the next `select` begins.

To the reactor, a descriptor that asyncio awaits is a reader and writer like any other; it only notes what
happened.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from typing import TYPE_CHECKING, Any

from reactor.core.loop.core import Loop, Phase

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

    from reactor.failure import Failure


class TurnSelector(selectors.BaseSelector):
    """Awaits what asyncio asks for, by turning a reactor.

    reactor: must be in a run, its own or the loop's, while `select` is called.
    reactor_ended: called at the end of a turn in which the reactor's run ended.
    """

    def __init__(self, reactor: Loop, reactor_ended: Callable[[], None]) -> None:
        self._reactor = reactor
        self._reactor_ended = reactor_ended
        self._keys = _Keys()
        self._ready: dict[_Awaited, int] = {}
        self._at_most_s: float | None = None

    @contextmanager
    def one_turn(self, at_most_s: float) -> Iterator[None]:
        """While the block runs, `select` may be called outside a run, for `iterate`, and waits at most this long."""
        self._at_most_s = at_most_s
        try:
            yield
        finally:
            self._at_most_s = None

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """One turn, which waits at most `timeout` seconds, None for ever. Returns ready keys, each with its events."""
        reactor = self._reactor
        longest = reactor.longest_wait()
        if timeout is None or (longest is not None and longest < timeout):
            timeout = longest
        if self._at_most_s is not None:
            timeout = self._at_most_s if timeout is None else min(timeout, self._at_most_s)
        if reactor.phase is not Phase.IDLE or self._at_most_s is not None:  # crash() may have come from asyncio's side
            reactor.serve(timeout)
            reactor.make_due_calls()
        if reactor.phase is Phase.IDLE:
            self._reactor_ended()
        return self._what_is_ready()

    def _what_is_ready(self) -> list[tuple[SelectorKey, int]]:
        """The noted events, except those that asyncio no longer awaits: our handlers ran in the meantime."""
        ready, self._ready = self._ready, {}
        return [
            (awaited.key, mask & awaited.key.events)
            for awaited, mask in ready.items()
            if self._keys.by_fd.get(awaited.key.fd) is awaited and mask & awaited.key.events
        ]

    def register(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> SelectorKey:
        """Await these events. Raises KeyError if `fileobj` is registered already, ValueError or OSError if bad."""
        fd = self._keys.fd_of(fileobj)
        if fd in self._keys.by_fd:
            raise KeyError(f"{fileobj!r} (descriptor {fd}) is registered already")
        awaited = _Awaited(SelectorKey(fileobj, fd, 0, None), self)
        awaited.expect(events, data)
        self._keys.by_fd[fd] = awaited
        return awaited.key

    def modify(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> SelectorKey:
        """Await these events instead. Raises KeyError if `fileobj` isn't registered."""
        awaited = self._keys.find(fileobj)
        awaited.expect(events, data)
        return awaited.key

    def unregister(self, fileobj: FileDescriptorLike) -> SelectorKey:
        """Forget `fileobj`, which may be closed already. Raises KeyError if it isn't registered."""
        awaited = self._keys.find(fileobj)
        del self._keys.by_fd[awaited.key.fd]
        key = awaited.key
        awaited.expect(0, None)
        return key

    def get_map(self) -> Mapping[FileDescriptorLike, SelectorKey]:
        """A live view of all registered keys, by the object that asyncio has registered."""
        return self._keys

    def close(self) -> None:
        """Forget all descriptors; the reactor stays open."""
        for key in list(self._keys.values()):
            self.unregister(key.fd)

    def note(self, awaited: _Awaited, event: int) -> None:
        """Remember, for the end of this `select`, that a descriptor was ready for reading or for writing."""
        self._ready[awaited] = self._ready.get(awaited, 0) | event

    def watch(self, awaited: _Awaited) -> None:
        """Have the reactor call `awaited` for exactly the events of its key."""
        reactor, events = self._reactor, awaited.key.events
        (reactor.addReader if events & EVENT_READ else reactor.removeReader)(awaited)
        (reactor.addWriter if events & EVENT_WRITE else reactor.removeWriter)(awaited)


class _Awaited:
    """One descriptor that asyncio awaits, as a reader and writer of the reactor.

    key: what asyncio has said about it.
    """

    def __init__(self, key: SelectorKey, selector: TurnSelector) -> None:
        self.key = key
        self._selector = selector

    def __repr__(self) -> str:
        return f"<asyncio awaits descriptor {self.key.fd}>"

    def expect(self, events: int, data: Any) -> None:
        """From now on await these events; `data` is asyncio's."""
        self.key = self.key._replace(events=events, data=data)
        self._selector.watch(self)

    def fileno(self) -> int:
        """Its number, even when it is closed: asyncio knows it by that."""
        return self.key.fd

    def doRead(self) -> None:
        """There is something to read: note it for asyncio."""
        self._selector.note(self, EVENT_READ)

    def doWrite(self) -> None:
        """There is room to write: note it for asyncio."""
        self._selector.note(self, EVENT_WRITE)

    def connectionLost(self, reason: Failure) -> None:
        """The reactor has shut down and removed all descriptors. Await this one again: it is asyncio's."""
        self._selector.watch(self)


class _Keys(Mapping["FileDescriptorLike", SelectorKey]):
    """What a selector has registered, found by number or by the object that was registered."""

    def __init__(self) -> None:
        self.by_fd: dict[int, _Awaited] = {}

    def fd_of(self, fileobj: FileDescriptorLike) -> int:
        """The number of `fileobj`; that of a closed object is found by its identity. Raises ValueError."""
        fd = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        if fd < 0:
            fd = next((number for number, one in self.by_fd.items() if one.key.fileobj is fileobj), -1)
        if fd < 0:
            raise ValueError(f"can't await {fileobj!r}: it has no descriptor, so it is closed")
        return fd

    def find(self, fileobj: FileDescriptorLike) -> _Awaited:
        """Raises KeyError for what isn't registered."""
        try:
            return self.by_fd[self.fd_of(fileobj)]
        except (KeyError, ValueError):
            raise KeyError(f"{fileobj!r} is not registered") from None

    def __getitem__(self, fileobj: FileDescriptorLike) -> SelectorKey:
        return self.find(fileobj).key

    def __len__(self) -> int:
        return len(self.by_fd)

    def __iter__(self) -> Iterator[FileDescriptorLike]:
        return (one.key.fileobj for one in self.by_fd.values())
