"""A selector whose `select` is a turn of the reactor.

asyncio's turn is: work out how long nothing will happen, `select` for so long, then run the callbacks. Ours begins with
delayed calls and then waits, which would not do here: a call that asks asyncio for something would be made after
asyncio has worked out how long to wait. So our turn starts at its other half. First the poll, no longer than either
side can wait, then the calls that are due; whatever they ask of asyncio runs as soon as `select` has returned, and
whatever asyncio's callbacks ask of us is known when the next `select` begins.

A descriptor that asyncio awaits is, to the reactor, a reader and writer like any other; it only takes a note of what
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
        """In the block `select` is for once called outside of a run, as `iterate` does, and waits no longer than so."""
        self._at_most_s = at_most_s
        try:
            yield
        finally:
            self._at_most_s = None

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """One turn, waiting at most so many seconds, None for ever. Keys that are ready, each with a mask of how."""
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
        """The notes that were taken, except for what asyncio awaits no more: our handlers ran in the meantime."""
        ready, self._ready = self._ready, {}
        return [
            (awaited.key, mask & awaited.key.events)
            for awaited, mask in ready.items()
            if self._keys.by_fd.get(awaited.key.fd) is awaited and mask & awaited.key.events
        ]

    def register(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> SelectorKey:
        """Await these events. Raises KeyError for one that is registered, ValueError or OSError for a bad one."""
        fd = self._keys.fd_of(fileobj)
        if fd in self._keys.by_fd:
            raise KeyError(f"{fileobj!r} (descriptor {fd}) is registered already")
        awaited = _Awaited(SelectorKey(fileobj, fd, 0, None), self)
        awaited.expect(events, data)
        self._keys.by_fd[fd] = awaited
        return awaited.key

    def modify(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> SelectorKey:
        """Await these events instead. Raises KeyError for one that isn't registered."""
        awaited = self._keys.find(fileobj)
        awaited.expect(events, data)
        return awaited.key

    def unregister(self, fileobj: FileDescriptorLike) -> SelectorKey:
        """Forget it; it may be closed already. Raises KeyError for one that isn't registered."""
        awaited = self._keys.find(fileobj)
        del self._keys.by_fd[awaited.key.fd]
        key = awaited.key
        awaited.expect(0, None)
        return key

    def get_map(self) -> Mapping[FileDescriptorLike, SelectorKey]:
        """All keys that are registered, by the object that asyncio has registered. A live view."""
        return self._keys

    def close(self) -> None:
        """Forget everything; the reactor stays."""
        for key in list(self._keys.values()):
            self.unregister(key.fd)

    def note(self, awaited: _Awaited, event: int) -> None:
        """Remember, for the end of this `select`, that a descriptor was ready for reading or for writing."""
        self._ready[awaited] = self._ready.get(awaited, 0) | event

    def watch(self, awaited: _Awaited) -> None:
        """Have the reactor call it for all the events of its key, and for no others."""
        reactor, events = self._reactor, awaited.key.events
        (reactor.addReader if events & EVENT_READ else reactor.removeReader)(awaited)
        (reactor.addWriter if events & EVENT_WRITE else reactor.removeWriter)(awaited)


class _Awaited:
    """One descriptor that asyncio awaits, as the reactor sees it.

    key: what asyncio has said about it.
    """

    def __init__(self, key: SelectorKey, selector: TurnSelector) -> None:
        self.key = key
        self._selector = selector

    def __repr__(self) -> str:
        return f"<asyncio awaits descriptor {self.key.fd}>"

    def expect(self, events: int, data: Any) -> None:
        """From now on these events, for the sake of `data`."""
        self.key = self.key._replace(events=events, data=data)
        self._selector.watch(self)

    def fileno(self) -> int:
        """Its number, also when it has been closed: that is what asyncio knows it by."""
        return self.key.fd

    def doRead(self) -> None:
        """There is something to read: asyncio will be told."""
        self._selector.note(self, EVENT_READ)

    def doWrite(self) -> None:
        """There is room to write: asyncio will be told."""
        self._selector.note(self, EVENT_WRITE)

    def connectionLost(self, reason: Failure) -> None:
        """The reactor has shut down, and removed all descriptors. What is asyncio's stays asyncio's: await it again."""
        self._selector.watch(self)


class _Keys(Mapping["FileDescriptorLike", SelectorKey]):
    """What a selector has registered, found by number or by the object that was registered."""

    def __init__(self) -> None:
        self.by_fd: dict[int, _Awaited] = {}

    def fd_of(self, fileobj: FileDescriptorLike) -> int:
        """Its number; that of an object that has lost it is found by who it is. Raises ValueError."""
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
