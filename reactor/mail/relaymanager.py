"""Sends what is in the queue: finds out who takes a domain's mail, and asks them one after the other.

What a server says about a recipient counts for that recipient: 2 it has the letter, 5 it never will, and the sender is
told. All else means later: after half an hour at first, twice as late each time, up to 4 hours, and for 5 days (RFC
5321 section 4.5.4.1). A recipient leaves an envelope only when another server has said 250, or when the report to the
sender is in the queue. A crash in between makes a letter come twice, and never not at all.
"""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Iterable
from typing import IO, Any

from reactor import log
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.default import the_reactor
from reactor.defer import Deferred, ensureDeferred, maybeDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.error import ConnectError, ConnectionClosed, DNSLookupError
from reactor.failure import Failure
from reactor.mail.bounce import MOST_BYTES, Outcome, report
from reactor.mail.queue import Queue, Recipient, address_of
from reactor.mail.smtp.addresses import Address, dnsname
from reactor.mail.smtp.client import ESMTPClient
from reactor.mail.smtp.errors import SMTPClientError, SMTPConnectError, SMTPServerError
from reactor.names import client as resolver
from reactor.names import dns
from reactor.names.error import AuthoritativeDomainError, DNSNameError
from reactor.protocol import connectionDone

FIRST_RETRY_S, LONGEST_RETRY_S = 1800.0, 4 * 3600.0
GIVE_UP_S = 5 * 86_400.0
_MOST_HOSTS = 10  # asked for one letter: RFC 5321 section 5.1 wants at least two
_DELAYED_AFTER = 3  # attempts: some hours
_AT_ONCE = 100  # recipients in one transaction (RFC 5321 section 4.5.3.1.8)


class MXCalculator:
    """Finds the hosts that take a domain's mail. lookup: reactor.names' lookupMailExchange unless given."""

    def __init__(self, lookup: Callable[[str], Deferred[Any]] = resolver.lookupMailExchange, own: bytes = b"") -> None:
        self._lookup = lookup
        self._own = own.lower()

    async def hosts(self, domain: str) -> list[str]:
        """The hosts, the best first; those with equal preference in any order.

        Raises SMTPServerError: 5xx when there is no such domain, or none that takes mail; 4xx when nobody knows now.
        """
        if domain.startswith("["):
            return [_literal(domain)]
        try:
            answers, _, _ = await self._lookup(domain)
        except (DNSNameError, AuthoritativeDomainError):
            raise SMTPServerError(550, f"5.1.2 There is no domain {domain}") from None
        except Exception as problem:
            raise SMTPServerError(451, f"4.4.3 Nobody knows now where {domain} is: {problem}") from None
        found = [(it.payload.preference, random.random(), str(it.payload.name)) for it in answers if it.type == dns.MX]
        ranked = sorted(found)
        if [name for _, _, name in ranked] in ([""], ["."]):
            raise SMTPServerError(556, f"5.1.10 {domain} takes no mail")  # RFC 7505
        ours = min((it[0] for it in ranked if it[2].rstrip(".").lower().encode() == self._own), default=None)
        if ours is not None:
            ranked = [it for it in ranked if it[0] < ours]
            if not ranked:
                raise SMTPServerError(554, f"5.4.6 The mail of {domain} leads back to us")
        return [name for _, _, name in ranked[:_MOST_HOSTS]] if found else [domain]


def _literal(domain: str) -> str:
    host = domain[1:-1]
    host = host[5:] if host[:5].lower() == "ipv6:" else host
    if not (isIPAddress(host) or isIPv6Address(host)):
        raise SMTPServerError(550, f"5.1.2 {domain} is no address")
    return host


def unverified_tls() -> ssl.SSLContext:
    """TLS with whoever is there: between mail servers it keeps listeners out, and few could prove more (RFC 7435)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Relayer(ESMTPClient):
    """Hands one letter to one server. outcome: fires with (address, code, text) of each recipient."""

    timeout = 300
    debug = False

    def __init__(self, sender: Address, recipients: list[Address], letter: IO[bytes], *arguments: Any) -> None:
        super().__init__(None, *arguments)
        self._envelope: Address | None = sender
        self._recipients, self._letter = recipients, letter
        self.outcome: Deferred[Any] = Deferred()

    def getMailFrom(self) -> Any:
        sender, self._envelope = self._envelope, None
        return sender

    def getMailTo(self) -> Iterable[Any]:
        return self._recipients

    def getMailData(self) -> IO[bytes]:
        return self._letter

    def sentMail(self, code: int, resp: bytes, numOk: int, addresses: list[tuple[Any, int, bytes]], log: bytes) -> None:
        if code not in range(200, 300):  # the letter's fate is that of all whom the server had nothing against
            addresses = addresses or [(one, 250, b"") for one in self._recipients]
            addresses = [(one, its, text) if its // 100 != 2 else (one, code, resp) for one, its, text in addresses]
        self._finish(addresses)

    def sendError(self, exc: SMTPClientError) -> None:
        super().sendError(exc)
        self._finish(exc)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)
        self._finish(SMTPConnectError(-1, f"the connection was lost: {reason.value}"))

    def _finish(self, outcome: Any) -> None:
        if not self.outcome.called:
            self.outcome.callback(outcome)


class SmartHostSMTPRelayingManager:
    """Relays the letters of a queue.

    smartHost: (host, port) of the server that takes all of them; None: each domain's own. maxConnections: letters that
    are on their way at once. mxcalc: an MXCalculator. contextFactory: for TLS. port: where other servers listen.
    send: how reports leave, called with sender, recipient and text; by the queue unless set.
    Call `checkState` when there may be something to do; it also comes by itself when a letter's time has come.
    """

    def __init__(self, queue: Queue, maxConnections: int = 10, reactor: Any = None, identity: bytes = b"") -> None:
        self.queue, self.maxConnections = queue, maxConnections
        self.identity = identity or dnsname()
        self.mxcalc: Any = MXCalculator(own=self.identity)
        self.smartHost: tuple[str, int] | None = None
        self.port = 25
        self.contextFactory: Any = unverified_tls()
        self.send: Callable[[Address, Address, bytes], Any] = lambda origin, to, text: queue.add(origin, [to], text)
        self.reactor = reactor or the_reactor()
        self._timer: Any = None
        self._runs = False
        queue.added = self.checkState

    def start(self) -> None:
        """Begin."""
        self._runs = True
        self.checkState()

    def stop(self) -> None:
        """Begin nothing new. What is on its way stays in the queue until it has arrived."""
        self._runs = False
        if self._timer is not None and self._timer.active():
            self._timer.cancel()

    def checkState(self) -> None:
        """Send what waits, as far as there are connections."""
        if not self._runs:
            return
        free = self.maxConnections - len(self.queue.getRelayed())
        for message in self.queue.getWaiting()[: max(free, 0)]:
            self.queue.setRelaying(message)
            relaying = ensureDeferred(OneLetter(self, message).run()).addErrback(log.err, f"relaying {message}")
            relaying.addBoth(lambda _: self.checkState())
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        next_try = self.queue.nextTry()
        if next_try is not None and len(self.queue.getRelayed()) < self.maxConnections:
            self._timer = self.reactor.callLater(max(next_try - self.queue.now(), 1.0), self.checkState)


class OneLetter:
    """One letter on its way. manager: whose settings count. message: the letter's ID."""

    def __init__(self, manager: SmartHostSMTPRelayingManager, message: str) -> None:
        self._manager, self._queue, self._message = manager, manager.queue, message
        self._envelope = manager.queue.getEnvelope(message)

    async def run(self) -> None:
        """Hand it to all servers that take it, and keep or forget it."""
        outcomes: list[Outcome] = []
        try:
            for domain, recipients in self._by_domain().items():
                outcomes += await self._to_domain(domain, recipients)
            await self.settle(outcomes)
        finally:
            if self._message in self._queue.getRelayed():  # an error of ours: as if nobody had been there
                self._put_off()

    def _by_domain(self) -> dict[str, list[Recipient]]:
        groups: dict[str, list[Recipient]] = {}
        for one in self._envelope.recipients:
            domain = "" if self._manager.smartHost else one.address.rpartition("@")[2].lower()
            groups.setdefault(domain, []).append(one)
        return groups

    async def _to_domain(self, domain: str, several: list[Recipient]) -> list[Outcome]:
        manager = self._manager
        try:
            hosts = [] if manager.smartHost else await manager.mxcalc.hosts(domain)
        except SMTPServerError as problem:
            return [Outcome(one.address, problem.code, problem.resp, one.options) for one in several]
        places = [manager.smartHost] if manager.smartHost else [(host, manager.port) for host in hosts]
        outcomes: list[Outcome] = []
        for begin in range(0, len(several), _AT_ONCE):
            outcomes += await self._to_first_that_answers(places, several[begin : begin + _AT_ONCE])
        return outcomes

    async def _to_first_that_answers(self, places: list[tuple[str, int]], several: list[Recipient]) -> list[Outcome]:
        problem: Any = None
        for place in places:
            try:
                return await self._to_host(place, several, self._manager.contextFactory)
            except (SMTPClientError, ConnectError, ConnectionClosed, DNSLookupError) as failure:
                problem = failure
        return [Outcome(one.address, 451, f"4.4.1 {problem}", one.options) for one in several]

    async def _to_host(self, place: tuple[str, int], several: list[Recipient], context: Any) -> list[Outcome]:
        manager = self._manager
        sender = address_of(self._envelope.sender, self._envelope.options)
        recipients = [address_of(one.address, one.options) for one in several]
        with self._queue.open(self._message) as letter:
            relayer = Relayer(sender, recipients, letter, context, manager.identity)
            await connectProtocol(HostnameEndpoint(manager.reactor, *place), relayer)
            found = await relayer.outcome
        if not isinstance(found, SMTPClientError):
            reports = b"DSN" in relayer.extensions
            pairs = zip(several, found, strict=True)
            return [
                Outcome(one.address, code, resp.decode("utf-8", "replace"), one.options, reports)
                for one, (_, code, resp) in pairs
            ]
        if relayer.startedTLS and not relayer.extensions and manager.smartHost is None:
            return await self._to_host(place, several, None)  # it can't speak TLS after all
        raise found

    async def settle(self, outcomes: list[Outcome]) -> None:
        """Tell the sender what there is to tell, and then keep whom the letter is still for."""
        kinds: dict[int, list[Outcome]] = {2: [], 4: [], 5: []}
        for one in outcomes:
            kinds[one.code // 100 if one.code // 100 in (2, 5) else 4].append(one)
        if self._queue.now() - self._envelope.arrived >= GIVE_UP_S:
            kinds[5], kinds[4] = kinds[5] + kinds[4], []
        await self._tell("failed", [one for one in kinds[5] if one.wants("FAILURE")])
        await self._tell("relayed", [it for it in kinds[2] if it.wants("SUCCESS") and not it.reports])
        if self._envelope.attempts == _DELAYED_AFTER:
            await self._tell("delayed", [one for one in kinds[4] if one.wants("DELAY")])
        if kinds[4]:
            self._envelope.recipients = [Recipient(one.address, one.options) for one in kinds[4]]
            self._put_off()
        else:
            self._queue.done(self._message)

    async def _tell(self, action: str, outcomes: list[Outcome]) -> None:
        envelope, manager = self._envelope, self._manager
        if not outcomes or not envelope.sender:  # a bounce is never answered by another
            return
        with self._queue.open(self._message) as file:
            letter = file.read(MOST_BYTES + 1)
        text = report(envelope.sender, outcomes, letter, action, envelope.options, manager.identity)
        await maybeDeferred(manager.send, Address(b""), Address(envelope.sender.encode("utf-8")), text)

    def _put_off(self) -> None:
        envelope = self._envelope
        delay_s = min(FIRST_RETRY_S * 2**envelope.attempts, LONGEST_RETRY_S)
        envelope.attempts += 1
        envelope.next_try = self._queue.now() + delay_s
        self._queue.setWaiting(self._message)
