"""Telling secondaries that a zone has changed, so that they needn't wait until they look (RFC 1996)."""

from __future__ import annotations

from typing import Any

from reactor import log
from reactor.defer import Deferred, ensureDeferred
from reactor.error import CannotListenError
from reactor.names import dns
from reactor.names.error import DNSQueryTimeoutError

_TIMEOUTS_S = (2, 4, 8, 16, 32)


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
