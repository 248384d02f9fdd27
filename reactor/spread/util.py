"""Large data, page by page: the sender makes a page when there is room for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import IO, Any

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.spread.errors import Error, PBConnectionLost
from reactor.spread.flavors import Referenceable


class Pager:
    """Sends pages to a collector of the peer's. Override `nextPage`.

    collector: a reference to what has remote_gotPage and remote_endedPaging. callback: called with the other arguments
    when all pages are on their way.
    """

    def __init__(self, collector: Any, callback: Callable[..., object] | None = None, *args: Any, **kw: Any) -> None:
        self.collector, self._is_paging = collector, True
        self._done = partial(callback or (lambda: None), *args, **kw)
        collector.broker.registerPageProducer(self)

    def nextPage(self) -> Any:
        """The next page, of at most 640 KiB. Call `stopPaging` when it is the last one."""
        raise NotImplementedError

    def stopPaging(self) -> None:
        """There are no more pages than those that were made."""
        self._is_paging = False

    def sendNextPage(self) -> None:
        """There is room for a page. Called by the broker. Raises InsecureJelly or BananaError for one that can't go."""
        failed: list[Failure] = []
        sent = self.collector.callRemote("gotPage", self.nextPage(), pbanswer=False)
        if sent is not None:  # it isn't: without this page the collector must not take the others for all there is
            sent.addErrback(failed.append)
            failed[0].raiseException()

    def stillPaging(self) -> bool:
        """Whether there are more. Called by the broker after each page."""
        if not self._is_paging:
            self.collector.callRemote("endedPaging", pbanswer=False)
            self._done()
        return self._is_paging


class StringPager(Pager):
    """Sends a string in pieces of `chunkSize` bytes."""

    def __init__(self, collector: Any, st: bytes, chunkSize: int = 8192, *args: Any, **kw: Any) -> None:
        self._string, self._sent, self._size = st, 0, chunkSize
        super().__init__(collector, *args, **kw)

    def nextPage(self) -> bytes:
        """A piece."""
        piece = self._string[self._sent : self._sent + self._size]
        self._sent += self._size
        if self._sent >= len(self._string):
            self.stopPaging()
        return piece


class FilePager(Pager):
    """Sends what is in a file from here on, and closes it, also when the connection is lost on the way.

    Reading may block for as long as the disk does.
    """

    chunkSize = 2**14

    def __init__(self, collector: Any, fd: IO[bytes], *args: Any, **kw: Any) -> None:
        self._file = fd
        super().__init__(collector, *args, **kw)

    def nextPage(self) -> bytes:
        """A piece; the last one is empty."""
        piece = self._file.read(self.chunkSize)
        if not piece:
            self.stopPaging()
        return piece

    def stopPaging(self) -> None:
        """As Pager's."""
        self._file.close()
        super().stopPaging()


class CallbackPageCollector(Referenceable):
    """Collects pages, for a callback that gets the list of them; a Failure when there are too many.

    maxBytes: of all pages; one that is no string counts as 64 KiB.
    """

    maxBytes = 2**26

    def __init__(self, callback: Callable[[Any], object]) -> None:
        self.pages: list[Any] = []
        self.callback: Callable[[Any], object] | None = callback
        self._size = 0

    def remote_gotPage(self, page: Any) -> None:
        """A page."""
        self._size += len(page) if isinstance(page, (bytes, str)) else 2**16
        self.pages.append(page)
        if self._size > self.maxBytes:
            self.pages.clear()
            self._end(Failure(Error(f"the pages have more than {self.maxBytes} bytes")))

    def remote_endedPaging(self) -> None:
        """That was the last one."""
        self._end(self.pages)

    def _end(self, result: Any) -> None:
        callback, self.callback = self.callback, None
        if callback is not None:
            callback(result)


def getAllPages(referenceable: Any, methodName: str, *args: Any, **kw: Any) -> Deferred[list[Any]]:
    """Call a method of the peer's that sends pages to its first argument.

    Returns a Deferred of the list of pages. It fails as the call does, and when the connection is lost.
    """
    pages: Deferred[list[Any]] = Deferred()

    def fail(problem: Any) -> None:
        if not pages.called:
            pages.errback(problem if isinstance(problem, Failure) else PBConnectionLost("before the last page"))

    collector = CallbackPageCollector(lambda result: None if pages.called else pages.callback(result))
    call = referenceable.callRemote(methodName, collector, *args, **kw)
    referenceable.notifyOnDisconnect(fail)
    pages.addBoth(lambda result: referenceable.dontNotifyOnDisconnect(fail) or result)
    call.addErrback(fail)
    return pages
