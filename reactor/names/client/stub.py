"""The stub resolver: asks the name servers that it was told of, and lets them do the work.

Each question goes out from a port of its own, with an id of its own; both are random, so that somebody who doesn't see
the question has to guess 32 bits (RFC 5452), and with `mixesCase` one more for each letter. A server that is silent is
followed by the next one, and after the last one all are asked again, more patiently. An answer that was cut is asked
for over TCP.
"""

from __future__ import annotations

import errno
import os
import random
from typing import Any

from reactor import log
from reactor.abstract import isIPv6Address
from reactor.default import the_reactor
from reactor.defer import Deferred, TimeoutError, ensureDeferred, fail
from reactor.error import CannotListenError
from reactor.failure import Failure
from reactor.names import dns
from reactor.names.client import configuration
from reactor.names.client.configuration import Configuration
from reactor.names.client.streams import Address, Streams
from reactor.names.client.zone_transfer import transfer
from reactor.names.common import Answer, ResolverBase, Timeout
from reactor.names.error import DNSQueryTimeoutError

_PORTS_TRIED = 1000  # Twisted's number


class Resolver(ResolverBase):
    """Asks name servers.

    resolv: the path of a resolv.conf, which is looked at once a minute. servers: (address, port) of those to ask,
    before the ones in the file. timeout: seconds for each round over all servers. tls: for DNS over TLS (RFC 7858),
    what ssl.optionsForClientTLS("dns.example") returns; the port is 853 as a rule.
    mixesCase: whether the letters of questions have random cases, which the answers must have too ("0x20").
    Raises ValueError without any server to ask.
    """

    ednsSize = 1232
    """How many bytes an answer over UDP may have, told to servers by EDNS; 512 for no EDNS at all."""
    mixesCase = False
    tcpTimeout = 10.0
    """Seconds for an answer over TCP or TLS."""
    readInterval = 60.0
    """Seconds between looks at resolv.conf."""

    def __init__(
        self,
        resolv: Any = None,
        servers: list[Address] | None = None,
        timeout: tuple[float, ...] = (1, 3, 11, 45),
        reactor: Any = None,
        tls: Any = None,
    ) -> None:
        super().__init__()
        if not servers and not resolv:
            raise ValueError("No nameservers specified")
        self._reactor = the_reactor(reactor)
        self.timeout = timeout
        self.servers = list(servers or [])
        self.resolv = resolv
        self.configuration = Configuration()
        self.index = 0
        self._tls = tls
        self._streams = Streams(self._reactor, tls, idle_s=10.0 if tls is not None else 0.0)
        self._open: dict[dns.Query, _Question] = {}
        self._without_edns: set[Address] = set()
        self._read_at: float | None = None
        self._read_version: Any = None
        self.maybeParseConfig()

    # --- whom to ask

    def maybeParseConfig(self) -> None:
        """Read resolv.conf, if it has changed since it was read. Called with the first question in a minute."""
        now = self._reactor.seconds()
        if self.resolv is None or (self._read_at is not None and now - self._read_at < self.readInterval):
            return
        self._read_at = now
        try:
            with open(self.resolv, "rb") as file:
                version = os.fstat(file.fileno()).st_mtime_ns
                if version != self._read_version:
                    self._read_version = version
                    self.parseConfig(file)
        except FileNotFoundError:
            self.parseConfig(())

    def parseConfig(self, resolvConf: Any) -> None:
        """Ask the servers that these lines name; without any, the one on this machine, as resolv.conf(5) has it."""
        self.configuration = configuration.read(resolvConf)
        if not self.configuration.servers:
            self.configuration.servers.append(("127.0.0.1", dns.PORT))

    @property
    def dynServers(self) -> list[Address]:
        """The servers from resolv.conf."""
        return self.configuration.servers

    def _all_servers(self) -> list[Address]:
        self.maybeParseConfig()
        return [*self.servers, *self.dynServers]

    def pickServer(self) -> Address | None:
        """The server whose turn it is; None when there is none."""
        servers = self._all_servers()
        if not servers:
            return None
        self.index = (self.index + 1) % len(servers)
        return servers[self.index]

    def candidates(self, name: bytes) -> list[bytes]:
        self.maybeParseConfig()
        return self.configuration.candidates(name)

    # --- asking

    def queryUDP(self, queries: list[dns.Query], timeout: Timeout = None) -> Deferred[dns.Message]:
        """Ask over UDP, all servers in turn, until one answers. timeout: seconds for each round over all servers.

        The Deferred fails with TimeoutError when none did.
        """
        return ensureDeferred(self._ask(queries, timeout or self.timeout))

    async def _ask(self, queries: list[dns.Query], timeouts: tuple[float, ...]) -> dns.Message:
        servers = self._all_servers()
        if not servers:
            raise OSError("No domain name servers available")
        unhelpful = None
        for seconds in timeouts:
            for server in servers:
                try:
                    answer = await self._ask_server(server, queries, seconds)
                except DNSQueryTimeoutError:
                    continue
                if answer.rCode not in (dns.ESERVER, dns.ENOTIMP, dns.EREFUSED) or server == servers[-1]:
                    return answer
                unhelpful = answer
            if unhelpful is not None:
                return unhelpful
        raise TimeoutError(queries)

    async def _ask_server(self, server: Address, queries: list[dns.Query], seconds: float) -> dns.Message:
        if self._tls is not None:
            return await self._streams.ask(server, queries, max(seconds, self.tcpTimeout))
        size = 512 if server in self._without_edns else self.ednsSize
        answer = await self._query(server, queries, seconds, size)
        if answer.rCode in (dns.EFORMAT, dns.ENOTIMP) and size > 512 and answer.edns() is None:
            self._without_edns.add(server)  # an old one, that can't read the question for the OPT in it
            answer = await self._query(server, queries, seconds, 512)
        if answer.trunc:
            answer = await self.queryTCP(queries, self.tcpTimeout, server)
        return answer

    def _query(self, address: Address, queries: list[dns.Query], seconds: float, size: int) -> Deferred[dns.Message]:
        """Ask one server once, from a port that is opened for this."""
        try:
            protocol = self._connectedProtocol("::" if isIPv6Address(address[0]) else "")
        except CannotListenError:
            return fail()
        protocol.ednsSize = size if size > 512 else 0
        protocol.countsCase = self.mixesCase
        port = protocol.transport

        def close(result: Any) -> Any:
            port.stopListening()
            return result

        asked = [_mixed(query) for query in queries] if self.mixesCase else queries
        return protocol.query(address, asked, seconds).addBoth(close)

    def _connectedProtocol(self, interface: str = "") -> dns.DNSDatagramProtocol:
        """A protocol on a random port. Raises CannotListenError when there are no descriptors, or no ports."""
        protocol = dns.DNSDatagramProtocol(self, reactor=self._reactor)
        protocol.noisy = False
        for tried in range(_PORTS_TRIED):
            number = 1024 + dns.randomSource() % (65536 - 1024)
            try:
                self._reactor.listenUDP(number, protocol, interface=interface, maxPacketSize=max(512, self.ednsSize))
                break
            except CannotListenError as problem:
                if getattr(problem.socketError, "errno", None) == errno.EMFILE or tried == _PORTS_TRIED - 1:
                    raise
        return protocol

    def messageReceived(self, message: dns.Message, protocol: Any, address: Address | None = None) -> None:
        """Something came that is no answer. Called by the protocol."""
        log.msg(f"Unexpected message ({message.id}) received from {address!r}")

    def queryTCP(
        self, queries: list[dns.Query], timeout: float = 10, server: Address | None = None
    ) -> Deferred[dns.Message]:
        """Ask over TCP, the server whose turn it is unless another is given. timeout: in seconds."""
        address = server or self.pickServer()
        if address is None:
            return fail(OSError("No domain name servers available"))
        return self._streams.ask(address, queries, timeout)

    # --- the lookups

    def filterAnswers(self, message: dns.Message) -> Any:
        """The three lists of an answer. A Deferred of them when it was cut; the Failure that its code stands for."""
        if message.trunc:
            return self.queryTCP(message.queries).addCallback(self.filterAnswers)
        if message.rCode != dns.OK:
            return Failure(self.exceptionForCode(message.rCode)(message))
        about_the_message = (dns.OPT, dns.TSIG)
        additional = [record for record in message.additional if record.type not in about_the_message]
        return message.answers, message.authority, additional

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        """Ask; who asks the same meanwhile gets the same answer. It is given up when nobody wants it any more."""
        query = dns.Query(name, type, cls)
        question = self._open.get(query)
        if question is not None:
            return question.join()
        question = self._open[query] = _Question()
        mine = question.join()

        def tell(result: Any) -> None:
            del self._open[query]
            question.tell(result)

        question.asked = self.queryUDP([query], timeout).addCallback(self.filterAnswers)
        question.asked.addBoth(tell)
        return mine

    def lookupZone(self, name: str | bytes, timeout: float = 10) -> Deferred[Answer]:
        """All records of a zone, its SOA first and last. timeout: seconds for all of it. Fails as transfer does."""
        address = self.pickServer()
        if address is None:
            return fail(OSError("No domain name servers available"))
        moved = transfer(self._reactor, address, dns.domainString(name), timeout=timeout or 10)
        return moved.addCallback(lambda records: (records, [], []))


class _Question:
    """A question that is open, and all who want to know. asked: the Deferred of the answer itself."""

    def __init__(self) -> None:
        self.asked: Deferred[Any] | None = None
        self._waiting: list[Deferred[Answer]] = []

    def join(self) -> Deferred[Answer]:
        """One more wants to know."""
        self._waiting.append(Deferred(self._leave))
        return self._waiting[-1]

    def _leave(self, one: Deferred[Answer]) -> None:
        self._waiting.remove(one)
        if not self._waiting and self.asked is not None:
            self.asked.cancel()

    def tell(self, result: Any) -> None:
        """Here is the answer, or the failure."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.callback(result)


def _mixed(query: dns.Query) -> dns.Query:
    coin = random.Random(os.urandom(8))
    letters = bytes(
        byte ^ 0x20 if 0x41 <= byte & 0xDF <= 0x5A and coin.getrandbits(1) else byte for byte in query.name.name
    )
    return dns.Query(letters, query.type, query.cls)
