"""A zone's primary, towards its secondaries: it tells them that there is something new, and hands it out.

NOTIFY (RFC 1996) goes by UDP, so that they needn't wait until they look. They get the whole zone (AXFR, RFC 5936), or
what has changed since the edition that they have (IXFR, RFC 1995). Messages are made one by one while they are sent, so
that a large zone doesn't stand in memory a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reactor import log
from reactor.defer import Deferred, ensureDeferred
from reactor.error import CannotListenError
from reactor.names import dns
from reactor.names.error import DNSQueryTimeoutError
from reactor.names.serial_numbers import is_newer
from reactor.names.zones import Zone

_MESSAGE_BYTES = 16 * 1024  # pointers reach so far
_MOST_EDITIONS = 20
_TIMEOUTS_S = (2, 4, 8, 16, 32)  # between calls of one secondary


class Journal:
    """What has changed in a zone from edition to edition. The oldest are forgotten."""

    def __init__(self) -> None:
        self._steps: list[tuple[int, list[dns.RRHeader]]] = []  # from which edition, and what is told

    def note(self, before: Zone, after: Zone) -> None:
        """The zone has changed. An edition that isn't newer begins the journal anew."""
        if not is_newer(after.serial, before.serial):
            self._steps.clear()
            return
        old, new = _by_content(before), _by_content(after)
        gone = [record for key, record in old.items() if key not in new]
        come = [record for key, record in new.items() if key not in old]
        self._steps = [*self._steps[1 - _MOST_EDITIONS :], (before.serial, [before.soa, *gone, after.soa, *come])]

    def since(self, serial: int) -> list[dns.RRHeader] | None:
        """The records of an answer about changes, without the SOA around them; None when they aren't known any more."""
        for number, (before, _) in enumerate(self._steps):
            if before == serial:
                return [record for _, told in self._steps[number:] for record in told]
        return None


def _by_content(zone: Zone) -> dict[tuple[object, ...], dns.RRHeader]:
    records = zone.records()
    next(records)  # the SOA, which stands around the changes
    return {
        (record.name.name.lower(), record.type, record.ttl, record.payload.to_wire() if record.payload else b""): record
        for record in records
    }


def whole(zone: Zone) -> Iterator[dns.RRHeader]:
    """The records of an answer that has the whole zone."""
    yield from zone.records()
    yield zone.soa


def changes(zone: Zone, journal: Journal | None, serial: int) -> Iterator[dns.RRHeader]:
    """The records of an answer to who has the edition `serial`: what has changed, or the whole zone."""
    steps = journal.since(serial) if journal is not None else None
    if not is_newer(zone.serial, serial):
        yield zone.soa
    elif steps is None:
        yield from whole(zone)
    else:
        yield zone.soa
        yield from steps
        yield zone.soa


def messages(question: dns.Message, records: Iterator[dns.RRHeader]) -> Iterator[bytes]:
    """The answer to a question for a zone, message by message, signed if the question was."""
    pending = next(records, None)
    is_first = True
    while pending is not None:
        message = dns.Message(question.id, answer=1, auth=1, maxSize=0)
        message.queries = question.queries if is_first else []
        size = 512
        while pending is not None and size < _MESSAGE_BYTES:
            message.answers.append(pending)
            size += len(pending.name.name) + 16 + (len(pending.payload.to_wire()) if pending.payload else 0)
            pending = next(records, None)
        data = message.toStr()
        yield data if question.session is None else question.session.sign(data)
        is_first = False


class _Notification(dns.DNSDatagramProtocol):
    """Asks by NOTIFY: the question is the zone, and the new SOA comes with it. soa: that."""

    noisy = False

    def __init__(self, soa: dns.RRHeader, reactor: Any) -> None:
        super().__init__(self, reactor)
        self._soa = soa

    def writeMessage(self, message: dns.Message, address: tuple[str, int]) -> None:
        message.opCode, message.recDes, message.auth = dns.OP_NOTIFY, 0, 1
        message.answers = [self._soa]
        super().writeMessage(message, address)

    def messageReceived(self, message: dns.Message, protocol: Any, address: Any) -> None:
        """Something came that is no answer: leave it."""


def notify(reactor: Any, address: tuple[str, int], soa: dns.RRHeader) -> Deferred[bool]:
    """Tell a secondary, up to five times in a minute. soa: the zone's first record, as it is now.

    The Deferred's result is whether it has answered; that is logged if it hasn't.
    """
    return ensureDeferred(_tell(reactor, address, soa))


async def _tell(reactor: Any, address: tuple[str, int], soa: dns.RRHeader) -> bool:
    protocol = _Notification(soa, reactor)
    question = [dns.Query(soa.name.name, dns.SOA)]
    try:
        for seconds in _TIMEOUTS_S:
            try:
                await protocol.query(address, question, seconds)
            except DNSQueryTimeoutError:
                continue
            return True
    except (CannotListenError, OSError) as problem:
        log.msg(f"{address} can't be told of {soa.name}: {problem}")
        return False
    finally:
        if protocol.transport is not None:
            protocol.transport.stopListening()
    log.msg(f"{address} was told five times that {soa.name} has changed, and does not answer")
    return False
