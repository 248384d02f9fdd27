"""Finger (RFC 1288): who is there, and what they have to say. The names of `twisted.protocols.finger`.

    query   = [ "/W" ] [ SP user ] CRLF              {C} for everybody, {Q1} for one: answered by this host
            | [ "/W" SP ] [ user ] 1*( "@" host ) CRLF                       {Q2}: passed on, which we don't
    answer  = lines of text, until the connection is closed

The simplest protocol there is, and the first that a worm travelled by (1988): fingerd read its line into 512 bytes,
however long the line was. Hence the rules: a line has a limit; what users write is shown without control characters;
queries for other hosts are refused in the RFC's words, since passing them on is being a proxy for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from reactor import log
from reactor.default import the_reactor
from reactor.defer import Deferred, maybeDeferred, succeed
from reactor.endpoints import connectProtocol
from reactor.failure import Failure
from reactor.interfaces import IStreamClientEndpoint
from reactor.protocol import Protocol, connectionDone
from reactor.protocols.basic import LineReceiver
from reactor.protocols.policies import LimitedFactory, TimeoutMixin
from reactor.vfs import IFTPShell, contents

__all__ = ["Finger", "FingerFactory", "plans", "query"]

# All control characters but tab and line feed, also those of 8 bits, which are no UTF-8, and which some terminals obey.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\udc80-\udc9f]")


def shown(text: bytes) -> bytes:
    """A text without control characters, which could make a terminal do things; its lines end with CRLF."""
    characters = text.decode("utf-8", "surrogateescape")  # in bytes, what is taken out could join two halves of another
    return _HIDDEN.sub("", characters).encode("utf-8", "surrogateescape").replace(b"\n", b"\r\n")


class Finger(LineReceiver):
    """The server's side of one query. Override `getUser`, `getDomain`, `forwardQuery`; as they are, they refuse.

    delimiter: LF, as some clients send it alone; a CR before it is no part of the query.
    """

    delimiter = b"\n"
    MAX_LENGTH = 512

    def lineReceived(self, line: bytes) -> None:
        """The query, and all of it: what comes behind it is ignored."""
        self.setRawMode()
        parts = line.split() or [b""]
        slash_w, user = int(len(parts) > 1 or parts[0].upper() == b"/W"), parts[-1]
        if user.upper() == b"/W":
            user = b""
        if b"@" in user:
            user, _, host = user.rpartition(b"@")
            self.forwardQuery(slash_w, user, host)
        elif user:
            self.getUser(slash_w, user)
        else:
            self.getDomain(slash_w)

    def rawDataReceived(self, data: bytes) -> None:
        """Ignore what comes after the query."""

    def getUser(self, slash_w: int, user: bytes) -> object:
        """Somebody asks for one user. slash_w: whether they want to know more. Answers that there is none."""
        self.transport.write(b"Login: " + shown(user) + b"\n")
        self._refuseMessage(b"No such user")
        return None

    def getDomain(self, slash_w: int) -> object:
        """Somebody asks who is there. Answers that it is refused."""
        self._refuseMessage(b"Finger online list denied")
        return None

    def forwardQuery(self, slash_w: int, user: bytes, host: bytes) -> object:
        """Somebody asks us to ask another host. Answers that it is refused."""
        self._refuseMessage(b"Finger forwarding service denied")
        return None

    def _refuseMessage(self, message: bytes) -> None:
        self.transport.write(message + b"\n")
        self.transport.loseConnection()


Answer = bytes | Deferred[bytes] | Awaitable[bytes]


class _Answering(Finger, TimeoutMixin):
    """Asks its factory, and sends what it answers."""

    factory: FingerFactory

    def connectionMade(self) -> None:
        self.callLater = self.factory.reactor.callLater
        self.setTimeout(self.factory.timeout)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.setTimeout(None)

    def timeoutConnection(self) -> None:
        """The query, or its answer's reader, takes too long."""
        self.transport.abortConnection()

    def getUser(self, slash_w: int, user: bytes) -> None:
        self._answer(lambda: self.factory.find(user, bool(slash_w)))

    def getDomain(self, slash_w: int) -> None:
        if self.factory.listing is None:
            super().getDomain(slash_w)
        else:
            self._answer(self.factory.listing)

    def _answer(self, ask: Callable[[], Any]) -> None:
        self.setTimeout(None)
        maybeDeferred(ask).addCallbacks(self._send, self._apologize).addErrback(log.err, "a finger query")

    def _send(self, text: bytes | None) -> None:
        found = b"No such user\n" if text is None else text if text.endswith(b"\n") else text + b"\n"
        self.transport.write(shown(found))
        self._leave()

    def _apologize(self, failure: Failure) -> None:
        log.err(failure, "a finger query")
        self._refuseMessage(b"Something went wrong here")
        self._leave()

    def _leave(self) -> None:
        self.transport.loseConnection()
        self.setTimeout(self.factory.timeout)


class FingerFactory(LimitedFactory[Finger]):
    """A server whose answers a function knows.

    find: called with a user's name, and whether they want to know more; returns the text, None when there is no such
    user, or a Deferred or coroutine of it. listing: called without arguments for those who are there; None: refused, as
    a list of users is what guessers of passwords want first. timeout: in how many seconds the query must be there, and
    the answer taken.
    """

    protocol = _Answering
    tooMany = b"Too many ask at the same time: come again later\r\n"

    def __init__(
        self,
        find: Callable[[bytes, bool], Any],
        listing: Callable[[], Any] | None = None,
        timeout: float = 30.0,
        reactor: Any = None,
    ) -> None:
        self.find = find
        self.listing = listing
        self.timeout = timeout
        self.reactor = the_reactor(reactor)


def plans(shell: IFTPShell, most: int = 8192) -> Callable[[bytes, bool], Deferred[bytes | None]]:
    """A `find` for FingerFactory: each user's text is the file `NAME/.plan` or `NAME`, below a folder.

    most: bytes of it that are shown. A link, a FIFO or a device is no plan. A name that isn't one has none, nor has one
    that begins with a dot: such files are nobody's plan, and may be anybody's secret.
    """

    def find(user: bytes, more: bool) -> Deferred[bytes | None]:
        name = user.decode("utf-8", "replace")
        if name.startswith("."):
            return succeed(None)
        found = contents(shell, [name, ".plan"], most)
        found.addErrback(lambda failure: failure.trap(OSError) and contents(shell, [name], most))
        found.addErrback(lambda failure: failure.trap(OSError) and None)
        return found.addCallback(lambda plan: None if plan is None else b"Login: " + user + b"\n" + plan)

    return find


class _Query(Protocol):
    """The client's side."""

    def __init__(self, line: bytes, most: int) -> None:
        self._line, self._most = line, most
        self._text = b""
        self.answer: Deferred[bytes] = Deferred(lambda _: self.transport.abortConnection())

    def connectionMade(self) -> None:
        self.transport.write(self._line + b"\r\n")

    def dataReceived(self, data: bytes) -> None:
        self._text = (self._text + data)[: self._most]
        if len(self._text) == self._most:
            self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self.answer.called:
            return
        if self._text or reason.value is connectionDone.value:
            self.answer.callback(shown(self._text).replace(b"\r\n", b"\n"))
        else:
            self.answer.errback(reason)


def query(
    endpoint: IStreamClientEndpoint, user: bytes = b"", more: bool = False, most: int = 65_536
) -> Deferred[bytes]:
    """Ask a finger server, on port 79 by custom.

    user: whom to ask for; b"" asks who is there. more: ask for all there is to know. most: bytes of the answer to take.
    Returns a Deferred of the answer, without control characters, its lines ending with LF.
    Raises ValueError for a name with CR, LF or NUL in it.
    """
    if any(mark in user for mark in (b"\r", b"\n", b"\0")):
        raise ValueError(f"a query is one line, and {user[:80]!r} has CR, LF or NUL in it")
    asking = _Query((b"/W " if more else b"") + user, most)
    return connectProtocol(endpoint, asking).addCallback(lambda _: asking.answer)
