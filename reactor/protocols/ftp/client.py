"""The client's side of FTP (RFC 959, 2428, 3659, 4217). The names of `twisted.protocols.ftp`.

It logs in by itself when it is connected, after TLS if it has a context for that. All methods may be called at once:
what they ask for is done one after the other. A transfer is over when the server says so *and* its data connection has
ended in order; either alone proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from reactor.default import the_reactor
from reactor.defer import Deferred, DeferredLock, ensureDeferred
from reactor.error import ConnectionClosed
from reactor.failure import Failure
from reactor.protocols.basic.replies import CommandClient, Reply
from reactor.protocols.ftp.client_data import DataConnection, DataContext, SenderProtocol
from reactor.protocols.ftp.listings import FactsProtocol, read_stamp
from reactor.protocols.ftp.wire import (
    decoded,
    decodeExtendedPassive,
    decodeHostPort,
    encoded,
    encodeHostPort,
    parsePWDResponse,
    read_size,
)
from reactor.protocols.policies.timeouts import TimeoutMixin

Lines = list[str]  # of a reply, as they came
Files = list[tuple[str, dict[str, str]]]  # names and facts


class FTPError(Exception):
    """Something that went wrong with a server."""


class CommandFailed(FTPError):
    """The server said no. args: the lines of its reply, as a list."""

    @property
    def code(self) -> int:
        """The reply's."""
        return int(self.args[0][0][:3])


class BadResponse(FTPError):
    """The server said something that isn't FTP."""


class ConnectionLost(FTPError):
    """The connection to the server, or that for data, was lost before the end."""


def _lines(reply: Reply) -> Lines:
    *first, last = map(decoded, reply.lines)
    return [*(f"{reply.code}-{line}" for line in first), f"{reply.code} {last}"]


class FTPClientBasic(CommandClient, TimeoutMixin):
    """Sends commands, and gives their replies.

    timeOut: seconds, in which something must move while a command or a transfer goes on; then the connection is given
    up. greeting: what the server said first.
    """

    free_lines = has_marks = True
    MAX_LENGTH = 65536
    timeOut: float | None = 60.0
    greeting: Lines | None = None

    def connectionMade(self) -> None:
        """Wait for the server's greeting."""
        super().connectionMade()
        self.expectReply().addCallbacks(self._greeted, lambda _: None)

    def _greeted(self, reply: Reply) -> None:
        self.greeting = _lines(reply)
        if reply.code != 220:
            self.transport.loseConnection()

    def lineReceived(self, line: bytes) -> None:
        """As CommandClient's."""
        self.resetTimeout()
        super().lineReceived(line)

    def timeoutConnection(self) -> None:
        """Nothing moves any more."""
        self.transport.abortConnection()

    async def _ask(self, command: str, *others: int) -> Lines:
        """Send a command. Returns the reply. Raises CommandFailed unless it is 2xx, or one of others."""
        try:
            reply = await self.sendCommand(encoded(command))
        except ConnectionClosed as lost:
            raise ConnectionLost(f"the server has gone: {lost}") from lost
        return self._checked(reply, *others)

    def _checked(self, reply: Reply, *others: int) -> Lines:
        if reply.code // 100 != 2 and reply.code not in others:
            raise CommandFailed(_lines(reply))
        return _lines(reply)

    def queueStringCommand(self, command: str, public: bool = True) -> Deferred[Lines]:
        """Send a command, in its turn. Returns a Deferred of the lines of the reply; it fails with CommandFailed."""
        return ensureDeferred(self._ask(command, 331, 332, 350))


class FTPClient(FTPClientBasic):
    """A client of FTP.

    username, password: it logs in with these; with None it doesn't. passive: whether it goes to the server for data.
    trustPasvAddr: whether to believe the address that PASV tells. contextFactory: for TLS, on both connections.
    Every method returns a Deferred, which fails with CommandFailed, ConnectionLost or ConnectError. Paths are text;
    ValueError for one with CR, LF or NUL in it. To stop a transfer, cancel its Deferred.
    """

    def __init__(
        self,
        username: str | None = "anonymous",
        password: str = "anonymous@",
        passive: bool = True,
        trustPasvAddr: bool = False,
        contextFactory: Any = None,
        reactor: Any = None,
    ) -> None:
        self._credentials, self.passive, self._trustPasvAddr = (username, password), passive, trustPasvAddr
        self._contextFactory = contextFactory
        self._context: DataContext | None = None
        self.reactor = the_reactor(reactor)
        self.callLater = self.reactor.callLater
        self._turns = DeferredLock()
        self._sender: SenderProtocol | None = None
        self._data: DataConnection | None = None
        self._knows_epsv = True
        self._login_failed: BaseException | None = None
        self._patience_s: float | None = None

    def connectionMade(self) -> None:
        """Log in, before anything else."""
        super().connectionMade()
        self._patience_s = self.timeOut  # which setTimeout overwrites
        self._in_turn(self._login)

    def timeoutConnection(self) -> None:
        """Nothing moves any more, on neither connection. That for data may be all that is left."""
        super().timeoutConnection()
        if self._data is not None:
            self._data.close()

    async def _login(self) -> None:
        try:
            await self._secure()
            username, password = self._credentials
            if username is not None:
                reply = await self._ask(f"USER {username}", 331)
                if reply[-1].startswith("331"):
                    await self._ask(f"PASS {password}")
                await self._ask("TYPE I")
        except Exception as problem:
            self._login_failed = problem
            self.transport.loseConnection()

    async def _secure(self) -> None:
        if self._contextFactory is not None:
            await self._ask("AUTH TLS")
            transport: Any = self.transport
            self._context = DataContext(self._contextFactory, transport.connector.host)
            transport.startTLS(self._context)
            await self._ask("PBSZ 0")
            await self._ask("PROT P")

    def _in_turn(self, work: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> Deferred[Any]:
        """Do this when nothing else goes on."""

        async def timed() -> Any:
            if self._login_failed is not None:
                raise self._login_failed
            self.setTimeout(self._patience_s)
            try:
                return await work(*args)
            finally:
                self.setTimeout(None)

        return self._turns.run(lambda: ensureDeferred(timed()))

    def queueStringCommand(self, command: str, public: bool = True) -> Deferred[Lines]:
        """As FTPClientBasic's, after what was asked for before."""
        encoded(command)
        return self._in_turn(self._ask, command, 331, 332, 350)

    # --- transfers

    async def _prepare(self, data: DataConnection) -> None:
        """Bring the data connection about."""
        if not self.passive:
            here = self.transport.getHost().host
            data.port = self.reactor.listenTCP(0, data, backlog=1, interface=here)
            port = data.port.getHost().port
            is_ipv6 = ":" in here
            await self._ask(f"EPRT |2|{here}|{port}|" if is_ipv6 else f"PORT {encodeHostPort(here, port)}")
            return
        try:
            if self._knows_epsv:
                reply = await self._ask("EPSV")
                await data.connect(self.reactor, decodeExtendedPassive(reply[-1]))
                return
        except CommandFailed:
            self._knows_epsv = False
        host, port = decodeHostPort((await self._ask("PASV"))[-1][4:])
        data.host = host if self._trustPasvAddr else data.host
        await data.connect(self.reactor, port)

    async def _transfer(self, commands: Sequence[str], protocol: Any) -> Lines:
        if self._context is not None:
            control: Any = self.transport
            self._context.session = control.getTLSSession().session
        data = self._data = DataConnection(protocol, self.transport.getPeer().host, self._context, self.resetTimeout)
        try:
            await self._prepare(data)
            for command in commands[:-1]:
                await self._ask(command, 350)
            self._sender = protocol if isinstance(protocol, SenderProtocol) else None
            lines = self._checked(await self.sendCommand(encoded(commands[-1])))
            if problem := await data.over:
                raise ConnectionLost(f"the data connection broke: {problem}")
            return lines
        except ConnectionClosed as lost:
            raise ConnectionLost(f"the server has gone: {lost}") from lost
        except ValueError as strange:
            raise BadResponse(str(strange)) from strange
        finally:
            self._sender = self._data = None
            data.close()

    def markReceived(self, reply: Reply) -> None:
        """The server is ready for the transfer."""
        if self._sender is not None:
            self._sender.moved = self.resetTimeout
            self._sender.wanted()

    def receiveFromConnection(self, commands: Sequence[str], protocol: Any) -> Deferred[Lines]:
        """Give what the last of these commands sends to a protocol, as of a connection of its own."""
        for command in commands:
            encoded(command)
        return self._in_turn(self._transfer, commands, protocol)

    def sendToConnection(self, commands: Sequence[str]) -> tuple[Deferred[SenderProtocol], Deferred[Lines]]:
        """Two Deferreds: of a SenderProtocol, to write to and then to `finish`; and of the last reply."""
        sender = SenderProtocol()
        done = self.receiveFromConnection(commands, sender)

        def failed(failure: Failure) -> Failure:
            if not sender.connectedDeferred.called:
                self.callLater(0, sender.connectedDeferred.errback, failure)  # or it would be awaited inside of itself
            return failure

        return sender.connectedDeferred, done.addErrback(failed)

    def retrieveFile(self, path: str, protocol: Any, offset: int = 0) -> Deferred[Lines]:
        """Give a file to a protocol, from `offset` on."""
        return self.receiveFromConnection([*([f"REST {offset}"] if offset else []), f"RETR {path}"], protocol)

    retr = retrieveFile

    def storeFile(self, path: str, offset: int = 0) -> tuple[Deferred[SenderProtocol], Deferred[Lines]]:
        """Write a file, from `offset` on. Returns what sendToConnection does."""
        return self.sendToConnection([*([f"REST {offset}"] if offset else []), f"STOR {path}"])

    stor = storeFile

    def list(self, path: str | None, protocol: Any) -> Deferred[Lines]:
        """Give a list for people to a protocol, such as FTPFileListProtocol."""
        return self.receiveFromConnection([f"LIST {path or ''}".rstrip()], protocol)

    def nlst(self, path: str | None, protocol: Any) -> Deferred[Lines]:
        """Give a list of names to a protocol."""
        return self.receiveFromConnection([f"NLST {path or ''}".rstrip()], protocol)

    def mlsd(self, path: str = "", rawNames: bool = False) -> Deferred[Files]:
        """Names and facts of all that is in a folder (RFC 3659), such as type, size and modify.

        A server may say any name: one with a slash or a control character in it, or that is `.` or `..`, isn't that of
        a file in this folder. Such are left out, and logged; rawNames: they are not.
        """
        found = FactsProtocol(rawNames)
        return self.receiveFromConnection([f"MLSD {path}".rstrip()], found).addCallback(lambda _: found.files)

    # --- commands

    def size(self, path: str) -> Deferred[int]:
        """How many bytes a file has; on servers like ours, also one that has come in part."""
        return self.queueStringCommand(f"SIZE {path}").addCallback(_read(read_size))

    def lastModified(self, path: str) -> Deferred[float]:
        """When a file was written, in seconds since 1970."""
        return self.queueStringCommand(f"MDTM {path}").addCallback(_read(read_stamp))

    def rename(self, pathFrom: str, pathTo: str) -> Deferred[tuple[Lines, Lines]]:
        """Rename a file or folder. Fires with both replies."""

        async def both() -> tuple[Lines, Lines]:
            return await self._ask(f"RNFR {pathFrom}", 350), await self._ask(f"RNTO {pathTo}")

        encoded(pathTo)
        return self._in_turn(both)

    def cwd(self, path: str) -> Deferred[Lines]:
        """Go into a folder."""
        return self.queueStringCommand(f"CWD {path}")

    def cdup(self) -> Deferred[Lines]:
        """Go up."""
        return self.queueStringCommand("CDUP")

    def makeDirectory(self, path: str) -> Deferred[Lines]:
        """Make a folder."""
        return self.queueStringCommand(f"MKD {path}")

    def removeDirectory(self, path: str) -> Deferred[Lines]:
        """Remove a folder that is empty."""
        return self.queueStringCommand(f"RMD {path}")

    def removeFile(self, path: str) -> Deferred[Lines]:
        """Remove a file."""
        return self.queueStringCommand(f"DELE {path}")

    def pwd(self) -> Deferred[Lines]:
        """The reply to PWD, for parsePWDResponse."""
        return self.queueStringCommand("PWD")

    def getDirectory(self) -> Deferred[str]:
        """Where we are."""

        def read(reply: Lines) -> str:
            path = parsePWDResponse(reply[0])
            if path is None:
                raise CommandFailed(reply)
            return path

        return self.pwd().addCallback(read)

    def quit(self) -> Deferred[Lines]:
        """Say goodbye. The server closes."""
        return self.queueStringCommand("QUIT")


def _read(kind: Callable[[str], Any]) -> Callable[[Lines], Any]:
    def read(reply: Lines) -> Any:
        try:
            return kind(reply[-1][4:].strip())
        except ValueError:
            raise BadResponse(f"the server says {reply[-1][:80]!r}") from None

    return read
