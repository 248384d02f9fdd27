"""Reading value by value what comes in pieces: `await self.taken(read)`, where `read` is one of `wire`'s readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.defer import Deferred
from reactor.endpoints.socks.wire import Read


class ReadsValues:
    """For a protocol whose conversation is a coroutine. buf: what has come and isn't taken yet."""

    buf = b""
    _more: Deferred[None] | None = None

    async def taken(self, read: Callable[[bytes], Read]) -> Any:
        """The next value, as soon as it is whole. Raises what `read` raises for what can't become whole."""
        while (found := read(self.buf)) is None:
            self._more = Deferred()
            await self._more
        value, used = found
        self.buf = self.buf[used:]
        return value

    def received(self, data: bytes) -> None:
        """More has come: go on, if it is waited for."""
        self.buf += data
        more, self._more = self._more, None
        if more is not None:
            more.callback(None)
