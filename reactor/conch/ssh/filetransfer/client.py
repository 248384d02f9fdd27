"""The client's side of SFTP: asyncssh's, with Deferreds."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import IO, Any

import asyncssh

from reactor.conch.ssh.loop import loop_of
from reactor.defer import Deferred
from reactor.interfaces import IConsumer

AT_ONCE = 2**22  # bytes that are asked for, or sent, before the other end has to be done with them


class _Gate:
    """A streaming producer, as a loop sees it: `opened` is awaited before each step."""

    def __init__(self) -> None:
        self.opened: Deferred[None] = Deferred()
        self.resumeProducing()

    def pauseProducing(self) -> None:
        if self.opened.called:
            self.opened = Deferred()

    def resumeProducing(self) -> None:
        if not self.opened.called:
            self.opened.callback(None)

    def stopProducing(self) -> None:
        self.pauseProducing()
        self.opened.errback(ConnectionError("the consumer of a file is gone before its end"))


class SFTPClient:
    """Files of a server. Make it with `SFTPClient.on`.

    sftp: asyncssh's SFTPClient. What isn't here is there: `client.run(client.sftp.chmod("menu", 0o600))`. A Deferred
    fails with asyncssh's SFTPError when the server refuses; to cancel it is to give up what was begun.
    """

    def __init__(self, sftp: asyncssh.SFTPClient, reactor: Any) -> None:
        self.sftp, self._loop = sftp, loop_of(reactor)

    @classmethod
    def on(cls, connection: asyncssh.SSHClientConnection, reactor: Any) -> Deferred[SFTPClient]:
        """A Deferred of one, through a channel of this connection."""
        return loop_of(reactor).run(connection.start_sftp_client()).addCallback(cls, reactor)

    def run(self, asked: Awaitable[Any]) -> Deferred[Any]:
        """A Deferred of what one of asyncssh's coroutines returns."""
        return self._loop.run(asked)

    def loseConnection(self) -> Deferred[None]:
        """Close the channel. Fires when it is closed."""
        self.sftp.exit()
        return self.run(self.sftp.wait_closed())

    def get(self, path: str, consumer: IConsumer, offset: int = 0) -> Deferred[int]:
        """Write a file, from `offset` on, to a consumer, no faster than it takes it. Fires with its size, in bytes."""
        return self.run(self._get(path, consumer, offset))

    async def _get(self, path: str, consumer: IConsumer, offset: int) -> int:
        gate = _Gate()
        async with self.sftp.open(path, "rb") as file:
            reader: Any = file
            consumer.registerProducer(gate, True)
            try:
                while data := await reader.read(AT_ONCE, offset):
                    await gate.opened
                    consumer.write(data)
                    offset += len(data)
            finally:
                consumer.unregisterProducer()
        return offset

    def put(self, source: IO[bytes], path: str, offset: int = 0) -> Deferred[int]:
        """Write what is in `source`, from its `offset` on, to a file. Fires with its size, when it is whole.

        offset: how much of it the server has, of an upload that was cut; 0 replaces the file.
        """
        return self.run(self._put(source, path, offset))

    async def _put(self, source: IO[bytes], path: str, offset: int) -> int:
        source.seek(offset)
        async with self.sftp.open(path, asyncssh.FXF_WRITE if offset else "wb", encoding=None) as file:
            while data := source.read(AT_ONCE):
                await file.write(data, offset)
                offset += len(data)
        return offset

    def listdir(self, path: str = ".") -> Deferred[list[str]]:
        """The names of what is in a folder, sorted."""
        return self.run(self.sftp.listdir(path)).addCallback(lambda names: sorted({*names} - {".", ".."}))

    def stat(self, path: str) -> Deferred[asyncssh.SFTPAttrs]:
        """What there is to know about a file or folder: `size`, `permissions`, `mtime` …"""
        return self.run(self.sftp.stat(path))

    def mkdir(self, path: str) -> Deferred[None]:
        """Make a folder."""
        return self.run(self.sftp.mkdir(path))

    def remove(self, path: str) -> Deferred[None]:
        """Remove a file."""
        return self.run(self.sftp.remove(path))

    def rename(self, path: str, new: str) -> Deferred[None]:
        """Rename a file or folder; it replaces nothing."""
        return self.run(self.sftp.rename(path, new))
