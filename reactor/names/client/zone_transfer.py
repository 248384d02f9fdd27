"""Zone transfers, as the one who asks: a whole zone (AXFR, RFC 5936), or what has changed in it (IXFR, RFC 1995).

The answer is a run of messages. A whole zone begins and ends with its SOA. Changes begin with the newest SOA; then, for
each step, the old SOA with what went, and the new one with what came; at the end the newest SOA again. A server may
answer a question for changes with a whole zone, or with its SOA alone when there are none. A peer may send as much as
it likes, so all of it has a bound, in bytes and in seconds.
"""

from __future__ import annotations

from typing import Any

from reactor import error
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.names import dns
from reactor.names.client.streams import Address, DNSClientFactory
from reactor.names.error import DNSDecodeError, DNSQueryRefusedError, DNSServerError, DomainError
from reactor.names.serial_numbers import is_newer

MOST_BYTES = 256 * 1024 * 1024
"""A zone of more bytes is not taken."""

Records = list[dns.RRHeader]


class AXFRController:
    """Asks for a zone when its connection is made, and collects it.

    name: of the zone. deferred: gets all records, SOA first and last. soa: the one that the caller has, to ask for what
    has changed since. key: a tsig.Key, to sign the question and to check the answers.
    """

    timeoutCall: Any = None

    def __init__(
        self, name: bytes, deferred: Deferred[Records] | None, soa: dns.RRHeader | None = None, key: Any = None
    ) -> None:
        self.name = name
        self.deferred = deferred
        self.soa = soa
        self.records: Records = []
        self._session = key.session() if key is not None else None
        self._bytes = 0
        self._id = 0

    def connectionMade(self, protocol: dns.DNSProtocol) -> None:
        """Ask. Called by the protocol, as are the others."""
        message = dns.Message(protocol.pickID(), maxSize=0)
        self._id = message.id
        message.addQuery(self.name, dns.AXFR if self.soa is None else dns.IXFR)
        if self.soa is not None:
            message.authority.append(self.soa)
        data = message.toStr()
        protocol.sendString(data if self._session is None else self._session.sign(data))

    def answerRaw(self, data: bytes, protocol: dns.DNSProtocol, address: Any) -> bytes:
        """One of the messages."""
        try:
            self._take(data, protocol)
        except (DNSDecodeError, DomainError) as problem:
            self._end(Failure(problem), protocol)
        return b""

    def messageReceived(self, message: dns.Message, protocol: dns.DNSProtocol) -> None:
        """One of the messages, read already."""
        if message.rCode != dns.OK or not message.answer:
            raise DNSQueryRefusedError(message)
        self.records += message.answers
        if not self.records or self.records[0].type != dns.SOA:
            raise DNSServerError(f"the transfer of {self.name!r} does not begin with its SOA")
        if self._is_complete():
            if self._session is not None:
                self._session.check_end()
            self._end(self.records, protocol)

    def _take(self, data: bytes, protocol: dns.DNSProtocol) -> None:
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            raise DNSServerError(f"the transfer of {self.name!r} has more than {MOST_BYTES} bytes")
        if self._session is not None:
            data = self._session.checked(data)
        message = dns.Message()
        message.fromStr(data)
        if message.id == self._id:
            self.messageReceived(message, protocol)

    def _is_complete(self) -> bool:
        first, last = self.records[0], self.records[-1]
        if self.soa is not None and len(self.records) == 1:
            return not is_newer(_serial(first), _serial(self.soa))
        if len(self.records) < 2 or last.type != dns.SOA or _serial(last) != _serial(first):
            return False
        second = self.records[1]
        is_whole = self.soa is None or second.type != dns.SOA or _serial(second) == _serial(first)
        return is_whole or _count_newest(self.records) == 3

    def connectionLost(self, protocol: dns.DNSProtocol) -> None:
        """The server has hung up; before the end that is an error."""
        self._end(Failure(error.ConnectionLost(f"the transfer of {self.name!r} was broken off")), None)

    def connectionFailed(self, reason: Failure) -> None:
        """There is no connection."""
        self._end(reason, None)

    def _end(self, result: Any, protocol: dns.DNSProtocol | None) -> None:
        if protocol is not None:
            protocol.transport.loseConnection()
        if self.timeoutCall is not None and self.timeoutCall.active():
            self.timeoutCall.cancel()
        deferred, self.deferred = self.deferred, None
        if deferred is not None:
            deferred.callback(result)


def _serial(record: dns.RRHeader) -> int:
    return record.payload.serial if isinstance(record.payload, dns.Record_SOA) else -1


def _count_newest(records: Records) -> int:
    """How often the newest SOA stands there: first, before what came in the last step, and at the end."""
    newest = _serial(records[0])
    return sum(record.type == dns.SOA and _serial(record) == newest for record in records)


def transfer(
    reactor: Any, address: Address, name: bytes, soa: dns.RRHeader | None = None, key: Any = None, timeout: float = 60
) -> Deferred[Records]:
    """All records of a zone, or with `soa` what has changed since. timeout: seconds for the whole of it.

    Fails with DNSQueryRefusedError when the server does not hand it out, with DNSServerError or DNSDecodeError when it
    sends something else, with tsig.BadSignature, with TimeoutError, or because there is no connection.
    """

    def stop(_: Any) -> None:
        controller.deferred = None
        connector.disconnect()

    def time_is_up() -> None:
        if controller.deferred is not None:
            controller.deferred = None
            connector.disconnect()
            moved.errback(error.TimeoutError(string=f"Zone lookup timed out after {timeout:g} seconds"))

    moved: Deferred[Records] = Deferred(stop)
    controller = AXFRController(name, moved, soa, key)
    controller.timeoutCall = reactor.callLater(timeout, time_is_up)
    connector = reactor.connectTCP(*address, DNSClientFactory(controller, timeout), timeout=timeout)
    return moved
