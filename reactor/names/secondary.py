"""Zones from another server, kept up to date (RFC 1034 §4.3.5).

A secondary looks as often as the zone's SOA says whether the primary has a newer one, and at once when the primary says
that it has (NOTIFY). It asks for what has changed, and takes the whole zone else. When the primary has been
silent for as long as the SOA allows, the zone has expired: better no answer than a wrong one.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from reactor import log
from reactor.application.service import Service
from reactor.default import the_reactor
from reactor.defer import Deferred, ensureDeferred
from reactor.names import client, dns, resolve
from reactor.names.authority import FileAuthority
from reactor.names.client.zone_transfer import transfer
from reactor.names.common import ResolverBase
from reactor.names.dns.naming import without_last_dot
from reactor.names.error import DNSServerError
from reactor.names.primary import Journal
from reactor.names.serial_numbers import is_newer
from reactor.names.zones import Zone

_FIRST_RETRY_S = 60  # while there is no zone that says how often
_LEAST_S = 10  # between two looks, whatever the SOA says


class SecondaryAuthority(FileAuthority):
    """A zone from another server. primaryIP: its address. domain: the zone's name.

    key: a tsig.Key, that both sides have. transferring: whether it is being looked at right now.
    """

    key: Any = None
    transferring = False
    _port = dns.PORT
    _reactor: Any = None
    _next: Any = None
    _expiry: Any = None
    _told_meanwhile = False

    def __init__(self, primaryIP: str | bytes, domain: str | bytes) -> None:
        ResolverBase.__init__(self)
        self.journal = Journal()
        self.primary = primaryIP.decode("ascii") if isinstance(primaryIP, bytes) else primaryIP
        self.domain = dns.domainString(domain)

    @classmethod
    def fromServerAddressAndDomain(cls, serverAddress: tuple[str, int], domain: str | bytes) -> SecondaryAuthority:
        """One whose primary is at (address, port)."""
        secondary = cls(serverAddress[0], domain)
        secondary._port = serverAddress[1]
        return secondary

    @property
    def origin(self) -> bytes:
        """The zone's name, in small letters."""
        return without_last_dot(self.domain).lower()

    # --- keeping up to date

    def start(self) -> None:
        """Look now, and then as often as the zone says."""
        self._reactor = the_reactor(self._reactor)
        self._schedule(0)

    def stop(self) -> None:
        """Look no more."""
        _cancel(self._next)
        _cancel(self._expiry)
        self._next = self._expiry = None

    def _schedule(self, seconds: float) -> None:
        _cancel(self._next)
        self._next = self._reactor.callLater(seconds, self._look)

    def _look(self) -> None:
        started = self.transfer()
        if started is not None:
            started.addCallback(self._schedule_next)

    def _schedule_next(self, is_well: bool) -> None:
        if self._next is None:  # it was stopped meanwhile
            return
        zone = self.zone
        if zone is None:
            seconds = _FIRST_RETRY_S
        else:
            seconds = max(_LEAST_S, zone.start.refresh if is_well else zone.start.retry)
            if is_well:
                _cancel(self._expiry)
                self._expiry = self._reactor.callLater(zone.start.expire, self._expire)
        if self._told_meanwhile:
            self._told_meanwhile, seconds = False, 0
        self._schedule(seconds * random.uniform(0.9, 1.0))  # so that many don't look at the same moment

    def _expire(self) -> None:
        log.msg(f"{self.domain!r} has expired: {self.primary} was silent for too long")
        self._told_meanwhile = False
        self.zone = None

    def notified(self, message: dns.Message, host: str) -> bool:
        """The server has a notification that the zone has changed. Returns whether it comes from the primary."""
        if message.queries[0].name.name.lower() != self.origin:
            return False
        if host != self.primary and message.session is None:
            return False
        if self.transferring:
            self._told_meanwhile = True
        elif self._next is not None:
            self._schedule(0)
        return True

    # --- fetching

    def transfer(self) -> Deferred[bool] | None:
        """Fetch the zone, if the primary has a newer one. None if that is being done already.

        The Deferred's result is whether it went well; a failure is logged, and the zone stays as it is.
        """
        if self.transferring:
            return None
        self.transferring = True
        self._reactor = the_reactor(self._reactor)
        return ensureDeferred(self._transfer_once())

    async def _transfer_once(self) -> bool:
        try:
            await self._fetch()
        except Exception as problem:  # whatever the peer has sent: the zone stays as it is
            log.msg(f"Updating {self.domain!r} from {self.primary} failed: {problem!r}")
            return False
        finally:
            self.transferring = False
        return True

    async def _fetch(self) -> None:
        address, mine = (self.primary, self._port), self.zone
        if mine is not None:
            theirs = await client.Resolver(servers=[address], reactor=self._reactor).lookupAuthority(self.domain)
            serials = [one.payload.serial for one in theirs[0] if isinstance(one.payload, dns.Record_SOA)]
            if serials and not is_newer(serials[0], mine.serial):
                return
        soa = mine.soa if mine is not None else None
        records = await transfer(self._reactor, address, self.domain, soa, self.key)
        if len(records) > 1:
            self.zone = _updated(mine, records)
            log.msg(f"{self.domain!r} has come from {self.primary}: serial {self.zone.serial}")


def _cancel(call: Any) -> None:
    if call is not None and call.active():
        call.cancel()


def _updated(zone: Zone | None, records: Sequence[dns.RRHeader]) -> Zone:
    """The zone that came, or what comes of this one by the changes that came. Raises DNSServerError, and ValueError."""
    first, second = records[0], records[1]
    if zone is None or not isinstance(second.payload, dns.Record_SOA) or second.payload == first.payload:
        return Zone(records[:-1])
    kept = {_key(record): record for record in zone.records() if record.type != dns.SOA}
    at, is_going = zone.serial, False
    for record in records[1:-1]:
        if isinstance(record.payload, dns.Record_SOA):
            is_going = not is_going
            if is_going and record.payload.serial != at:
                raise DNSServerError(f"changes of edition {record.payload.serial} came, and edition {at} is here")
            at = record.payload.serial
        elif is_going:
            kept.pop(_key(record), None)
        else:
            kept[_key(record)] = record
    return Zone([first, *kept.values()])


def _key(record: dns.RRHeader) -> tuple[object, ...]:
    return record.name.name.lower(), record.type, record.payload.canonical() if record.payload is not None else b""


class SecondaryAuthorityService(Service):
    """Keeps zones of one primary up to date while it runs. primary: its address. domains: their names."""

    def __init__(self, primary: str | bytes, domains: Iterable[str | bytes]) -> None:
        self.domains = [SecondaryAuthority(primary, domain) for domain in domains]

    @classmethod
    def fromServerAddressAndDomains(
        cls, serverAddress: tuple[str, int], domains: Iterable[str | bytes]
    ) -> SecondaryAuthorityService:
        """One whose primary is at (address, port)."""
        service = cls(serverAddress[0], ())
        service.domains = [SecondaryAuthority.fromServerAddressAndDomain(serverAddress, domain) for domain in domains]
        return service

    def getAuthority(self) -> resolve.ResolverChain:
        """One resolver for all these zones."""
        return resolve.ResolverChain(self.domains)

    def startService(self) -> None:
        super().startService()
        for domain in self.domains:
            domain.start()

    def stopService(self) -> Any:
        for domain in self.domains:
            domain.stop()
        return super().stopService()
