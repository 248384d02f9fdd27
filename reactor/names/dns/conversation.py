"""Asking and being asked, over UDP and TCP. Both protocols serve a client and a server; the controller decides.

A controller is told by `messageReceived(message, protocol, address)` of whatever is no answer to a question of ours;
over TCP also by `connectionMade(protocol)` and `connectionLost(protocol)`. One that has `answerRaw(data, protocol,
address)` may answer bytes by bytes, before anything is read from them; `unreadable` gets those that can't be read.

Anybody can send a datagram that looks like an answer (RFC 5452). It counts when it comes from the address that was
asked, with the id and the question that were sent there; what doesn't is passed by, and the wait goes on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from reactor import log
from reactor.default import the_reactor
from reactor.defer import Deferred, fail
from reactor.error import CannotListenError
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall
from reactor.names.dns.codes import OK
from reactor.names.dns.message import Message, OPTHeader, Query
from reactor.names.dns.naming import without_last_dot
from reactor.names.error import DNSDecodeError, DNSQueryTimeoutError
from reactor.protocol import DatagramProtocol
from reactor.protocols.basic import Int16StringReceiver
from reactor.protocols.policies import TimeoutMixin

Address = tuple[str, int]


def randomSource() -> int:
    """An id or a port that nobody can guess: two random bytes."""
    return int.from_bytes(os.urandom(2), "big")


class DNSMixin:
    """What UDP and TCP share: questions that wait for their answers, by their ids.

    liveMessages: id → the Deferred of the answer, and the call that gives it up.
    ednsSize: how many bytes an answer may have in a datagram, told to the server by EDNS; 0 to tell it nothing.
    countsCase: whether an answer must have the question's name in the same letters.
    """

    liveMessages: dict[int, tuple[Deferred[Message], IDelayedCall]]
    ednsSize = 0
    countsCase = False

    def __init__(self, controller: Any, reactor: Any = None) -> None:
        self.controller = controller
        self.id = randomSource()
        self.liveMessages = {}
        self._asked: dict[int, tuple[list[Query], Any]] = {}
        self._reactor = the_reactor(reactor)
        self._answer_raw = getattr(controller, "answerRaw", None)
        self._refuse = getattr(controller, "unreadable", None)

    def pickID(self) -> int:
        """An id that no question has that waits."""
        while (id := randomSource()) in self.liveMessages:
            pass
        return id

    def callLater(self, period: float, func: Callable[..., object], *args: Any) -> IDelayedCall:
        """The reactor's; tests put theirs in its place."""
        return self._reactor.callLater(period, func, *args)

    def _query(
        self,
        queries: list[Query],
        timeout: float,
        id: int,
        writeMessage: Callable[[Message], None],
        address: Address | None = None,
    ) -> Deferred[Message]:
        message = Message(id, recDes=1)
        message.queries = queries
        if self.ednsSize:
            message.additional.append(OPTHeader(self.ednsSize).toRRHeader())
        try:
            writeMessage(message)
        except Exception:
            return fail()
        answer: Deferred[Message] = Deferred(lambda _: self._forget(id))
        self.liveMessages[id] = answer, self.callLater(timeout, self._clearFailed, answer, id)
        self._asked[id] = queries, address
        return answer

    def _forget(self, id: int) -> None:
        """This question waits no more, if it did."""
        self._asked.pop(id, None)
        _, deadline = self.liveMessages.pop(id, (None, None))
        if deadline is not None and deadline.active():
            deadline.cancel()

    def _clearFailed(self, answer: Deferred[Message], id: int) -> None:
        self._forget(id)
        answer.errback(Failure(DNSQueryTimeoutError(id)))

    def _received(self, data: bytes, address: Address | None) -> None:
        message = Message()
        try:
            message.fromStr(data)
        except DNSDecodeError as problem:
            log.msg(f"Invalid packet from {address or self._peer()}: {problem}")
            if self._refuse is not None:
                self._refuse(data, self, address)
            return
        message.wire, message.address = data, address
        if message.answer and message.id in self.liveMessages:
            if self._is_answer(message, address):
                answer, _ = self.liveMessages[message.id]
                self._forget(message.id)
                answer.callback(message)
        else:
            self._tell(message, address)

    def _peer(self) -> object:
        return "a peer"

    def _tell(self, message: Message, address: Address | None) -> None:
        self.controller.messageReceived(message, self, address)

    def _is_answer(self, message: Message, address: Address | None) -> bool:
        """Whether it answers what was asked, and comes from there. An error may come without the question."""
        queries, asked = self._asked.get(message.id, (message.queries, address))
        if asked is not None and address is not None and asked[:2] != address[:2]:
            return False
        if not message.queries and message.rCode != OK:
            return True
        return [self._seen(query) for query in queries] == [self._seen(query) for query in message.queries]

    def _seen(self, query: Query) -> tuple[bytes, int, int]:
        name = without_last_dot(query.name.name)
        return name if self.countsCase else name.lower(), query.type, query.cls


class DNSDatagramProtocol(DNSMixin, DatagramProtocol):
    """DNS over UDP.

    resends: ids of questions that were asked before; a late answer to them is no surprise.
    """

    resends: dict[int, int]

    def __init__(self, controller: Any, reactor: Any = None) -> None:
        super().__init__(controller, reactor)
        self.resends = {}

    def startProtocol(self) -> None:
        self.liveMessages, self.resends, self._asked = {}, {}, {}

    def stopProtocol(self) -> None:
        for id in list(self.liveMessages):
            self._forget(id)
        self.resends = {}

    def writeMessage(self, message: Message, address: Address) -> None:
        """Send it there."""
        self.transport.write(message.toStr(), address)

    def startListening(self) -> None:
        """Open a port of the kernel's choice. Raises CannotListenError."""
        self._reactor.listenUDP(0, self, maxPacketSize=max(512, self.ednsSize))

    def datagramReceived(self, datagram: bytes, addr: Address) -> None:
        if self._answer_raw is not None and not self.liveMessages:
            reply = self._answer_raw(datagram, self, addr)
            if reply is not None:
                if reply:
                    self.transport.write(reply, addr)
                return
        self._received(datagram, addr)

    def _tell(self, message: Message, address: Address | None) -> None:
        if message.id not in self.resends:
            super()._tell(message, address)

    def removeResend(self, id: int) -> None:
        """A late answer with this id would be a surprise again."""
        self.resends.pop(id, None)

    def query(
        self, address: Address, queries: list[Query], timeout: float = 10, id: int | None = None
    ) -> Deferred[Message]:
        """Ask the server at an address. id: of a question that is asked again.

        Returns a Deferred of the answer. It fails with DNSQueryTimeoutError after so many seconds without one.
        """
        if self.transport is None:
            try:
                self.startListening()
            except CannotListenError:
                return fail()
        if id is None:
            id = self.pickID()
        else:
            self.resends[id] = 1
        return self._query(queries, timeout, id, lambda message: self.writeMessage(message, address), address)


class DNSProtocol(DNSMixin, Int16StringReceiver, TimeoutMixin):
    """DNS over TCP, many questions at once; answers come in any order (RFC 7766). A slow reader is read no faster.

    idle_s: after so many seconds without a message the connection is closed; None for never. A peer that hasn't read
    what it asked for after as many more never does.
    """

    MAX_LENGTH = 0xFFFF
    idle_s: float | None = None
    _is_leaving = False

    def __init__(self, controller: Any, reactor: Any = None) -> None:
        super().__init__(controller, reactor)
        self._runs: list[Iterator[bytes]] = []

    def writeMessage(self, message: Message) -> None:
        """Send it, as long as it is."""
        message.maxSize = 0
        self.sendString(message.toStr())

    def connectionMade(self) -> None:
        self.liveMessages, self._asked = {}, {}
        self.transport.registerProducer(self, True)
        self.setTimeout(self.idle_s)
        self.controller.connectionMade(self)

    def connectionLost(self, reason: Failure) -> None:
        self.setTimeout(None)
        self._runs.clear()
        self.controller.connectionLost(self)
        for id, (answer, _) in list(self.liveMessages.items()):
            self._forget(id)
            answer.errback(reason)

    def sendAll(self, messages: Iterator[bytes]) -> None:
        """Send a run of messages, no faster than the peer reads them; after those that are being sent."""
        self._runs.append(messages)
        if len(self._runs) == 1:
            self._go_on()

    def _go_on(self) -> None:
        while self._runs and not self.paused:
            message = next(self._runs[0], None)
            if message is None:
                del self._runs[0]
            else:
                self.sendString(message)
                self.resetTimeout()

    def resumeProducing(self) -> None:
        """The peer has read what waited: go on with what is to be sent, then with what has come."""
        self.paused = False
        self._go_on()
        if not self.paused:
            super().resumeProducing()

    def stopProducing(self) -> None:
        """The connection is gone; `connectionLost` sees to it."""

    def timeoutConnection(self) -> None:
        """Close; the second time, at once, with what waits to be sent."""
        if self._is_leaving:
            self.transport.abortConnection()
            return
        self._is_leaving = True
        self._runs.clear()
        self.transport.loseConnection()
        self.setTimeout(self.idle_s)

    def stringReceived(self, string: bytes) -> None:
        if self._is_leaving:
            return
        self.resetTimeout()
        if self._answer_raw is not None and not self.liveMessages:
            reply = self._answer_raw(string, self, None)
            if reply is not None:
                if reply:
                    self.sendString(reply)
                return
        self._received(string, None)

    def _peer(self) -> object:
        return self.transport.getPeer()

    def _tell(self, message: Message, address: Address | None) -> None:
        self.controller.messageReceived(message, self)

    def query(self, queries: list[Query], timeout: float = 60) -> Deferred[Message]:
        """Ask the server at the other end. Returns a Deferred of the answer; see DNSDatagramProtocol.query."""
        return self._query(queries, timeout, self.pickID(), self.writeMessage)
