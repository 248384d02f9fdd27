"""Answering: the factory of a name server, over TCP, and the controller of its datagrams.

    factory = DNSServerFactory(authorities=[BindAuthority("example.org")])
    reactor.listenTCP(53, factory)
    reactor.listenUDP(53, dns.DNSDatagramProtocol(factory))

Names in a zone of ours are answered from it; others by the resolvers, if there are any and who asks may use them; else
refused. What can't be read is answered FORMERR when it is a question; and an answer that we haven't asked for never is:
two servers would go on answering each other for ever.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from reactor import log
from reactor.abstract import ip_address_of
from reactor.defer import Deferred, TimeoutError, maybeDeferred
from reactor.failure import Failure
from reactor.names import dns, primary, resolve, tsig
from reactor.names.authority import FileAuthority
from reactor.names.common import Answer
from reactor.names.cookies import OPTION, Cookies
from reactor.names.dns.naming import is_subdomain
from reactor.names.error import AuthoritativeDomainError, DNSDecodeError, DNSNameError, DomainError
from reactor.names.rate_limit import RateLimit
from reactor.names.rendered import RenderedAnswers
from reactor.protocols.policies.limits import LimitedFactory

Address = tuple[str, int] | None
"""Where a datagram came from; None over TCP, where the connection knows."""
Networks = Sequence[IPv4Network | IPv6Network]


class DNSServerFactory(LimitedFactory):
    """A name server.

    authorities, caches, clients: resolvers, asked in this order; the last cache remembers what clients have answered.
    canRecurse: whether there are clients. verbose: 1 logs questions, 2 also answers.
    limit: a RateLimit for answers over UDP; None for none. keys: name → tsig.Key, that questions may be signed with.
    recursionFor, transfersFor: networks (ipaddress.ip_network) that may use clients, and that may have whole zones;
    None for all. A zone goes to who signs with one of the keys, too.
    """

    protocol = dns.DNSProtocol
    cache: Any = None
    limit: RateLimit | None = None
    recursionFor: Networks | None = None
    transfersFor: Networks | None = ()
    udpSize = 1232
    """How many bytes an answer over UDP has at most, whatever the client would take."""
    idle_s = 30.0
    """After so many seconds without a question a connection is closed."""
    maxConnections = 500
    mostWaiting = 1000
    """How many questions may wait for resolvers at a time; more get SERVFAIL."""
    answerTimeout = 30.0
    """After so many seconds a question is given up that resolvers don't answer, and gets SERVFAIL."""

    def __init__(
        self,
        authorities: Sequence[Any] | None = None,
        caches: Sequence[Any] | None = None,
        clients: Sequence[Any] | None = None,
        verbose: int = 0,
    ) -> None:
        self.authorities = list(authorities or [])
        self.canRecurse = bool(clients)
        self.resolver = resolve.ResolverChain([*self.authorities, *(caches or []), *(clients or [])])
        self.verbose = verbose
        self.cache = caches[-1] if caches else None
        self.connections: list[dns.DNSProtocol] = []
        self.keys: dict[bytes, tsig.Key] = {}
        self.cookies = Cookies()
        self._waiting = 0
        self._rendered = {False: RenderedAnswers(), True: RenderedAnswers()}
        self._may_repeat = not any(_is_overridden(type(self), name) for name in _HOOKS)

    # --- connections

    def buildSession(self, addr: Any) -> dns.DNSProtocol:
        protocol = self.protocol(self)
        protocol.factory = self
        protocol.idle_s = self.idle_s
        return protocol

    def connectionMade(self, protocol: dns.DNSProtocol) -> None:
        """A client has connected."""
        self.connections.append(protocol)

    def connectionLost(self, protocol: dns.DNSProtocol) -> None:
        """A client is gone."""
        self.connections.remove(protocol)

    # --- what comes

    def answerRaw(self, data: bytes, protocol: Any, address: Address) -> bytes | None:
        """The answer, if it was given before; b"" for none at all; None when it has to be found."""
        if self.limit is not None and address is not None:
            refusal = self.limit.refusal(data, address[0])
            if refusal is not None and not self._shows_a_cookie(data, address):
                return refusal
        if not self._may_repeat:
            return None
        return self._rendered[address is None].find(data, FileAuthority.editions)

    def _shows_a_cookie(self, data: bytes, address: Any) -> bool:
        message = dns.Message()
        try:
            message.fromStr(data)
            return self._cookie(message.edns(), address)[1]
        except DNSDecodeError:
            return False

    def _cookie(self, options: dns.OPTHeader | None, address: Address) -> tuple[bytes, bool]:
        for code, value in options.options if options is not None else ():
            if code == OPTION:
                return self.cookies.check(value, address[0] if address else "tcp")
        return b"", False

    def unreadable(self, data: bytes, protocol: Any, address: Address) -> None:
        """Something came that is no message: say so, unless it looks like an answer. Called by protocols."""
        if len(data) >= 12 and not data[2] & 0x80:
            message = dns.Message(int.from_bytes(data[:2], "big"), 1, data[2] >> 3 & 15, rCode=dns.EFORMAT)
            self.sendReply(protocol, message, address)

    def messageReceived(self, message: dns.Message, proto: Any, address: Address = None) -> None:
        """A message came that is no answer to a question of ours. Called by protocols."""
        if message.answer:
            return
        message.timeReceived = time.time()
        if self.verbose:
            asked = " ".join(map(str, message.queries)) or "Empty"
            log.msg(f"{asked} query from {host_of(proto, address)}")
        refusal = self._refusal(message)
        if refusal is None and not self.allowQuery(message, proto, address):
            refusal = dns.EREFUSED
        if refusal is not None:
            self.sendReply(proto, self._responseFromMessage(message, rCode=refusal), address)
            return
        handlers = {
            dns.OP_QUERY: self.handleQuery,
            dns.OP_INVERSE: self.handleInverseQuery,
            dns.OP_STATUS: self.handleStatus,
            dns.OP_NOTIFY: self.handleNotify,
        }
        handlers.get(message.opCode, self.handleOther)(message, proto, address)

    def _refusal(self, message: dns.Message) -> int | None:
        """The code for a question that can't be answered, whatever it is. Reads its options, checks its signature."""
        try:
            options = message.options = message.edns()
            message.cookie, _ = self._cookie(options, message.address)
        except DNSDecodeError:
            return dns.EFORMAT
        if len(message.queries) != 1:
            return dns.EFORMAT
        if options is not None and options.version:
            return dns.EBADVERSION
        if any(record.type == dns.TSIG for record in message.additional):
            return tsig.accept(message, self.keys) or None
        return None

    def allowQuery(self, message: dns.Message, protocol: Any, address: Address) -> bool:
        """Whether to answer. Override it."""
        return bool(message.queries)

    # --- questions

    def handleQuery(self, message: dns.Message, protocol: Any, address: Address) -> Deferred[Any] | None:
        """Answer a question. Returns a Deferred that fires when that is done; None when it is done."""
        query = message.queries[0]
        if query.type in (dns.AXFR, dns.IXFR):
            self._hand_out(message, protocol, address)
            return None
        authority = self.authority_of(query.name.name) if query.cls in (dns.IN, dns.ANY) else None
        if authority is not None:
            self._answer_from_zone(authority, message, protocol, address)
            return None
        if not self._may_ask_others(protocol, address) or self._waiting >= self.mostWaiting:
            code = dns.ESERVER if self._waiting >= self.mostWaiting else dns.EREFUSED
            self.sendReply(protocol, self._responseFromMessage(message, rCode=code), address)
            return None
        self._waiting += 1
        found = maybeDeferred(self.resolver.query, query).addTimeout(self.answerTimeout, protocol)
        found.addBoth(self._no_longer_waiting)
        found.addCallback(self.gotResolverResponse, protocol, message, address)
        return found.addErrback(self.gotResolverError, protocol, message, address)

    def _no_longer_waiting(self, result: Any) -> Any:
        self._waiting -= 1
        return result

    def _may_ask_others(self, protocol: Any, address: Address) -> bool:
        others = any(not isinstance(one, FileAuthority) for one in self.resolver.resolvers)
        return others and (not self.canRecurse or is_in(self.recursionFor, protocol, address))

    def authority_of(self, name: bytes) -> FileAuthority | None:
        """The zone of ours that a name belongs to, the most specific one."""
        found, longest = None, -1
        for one in self.authorities:
            origin = one.origin if isinstance(one, FileAuthority) else None
            if origin is not None and len(origin) > longest and is_subdomain(name, origin):
                found, longest = one, len(origin)
        return found

    def _answer_from_zone(self, authority: Any, message: dns.Message, protocol: Any, address: Address) -> None:
        query = message.queries[0]
        reply = authority.reply(query.name.name, query.type, bool(message.options and message.options.dnssecOK))
        if reply is None:  # a secondary whose zone has expired
            self.sendReply(protocol, self._responseFromMessage(message, rCode=dns.ESERVER), address)
            return
        response = self._responseFromMessage(message, reply.rCode, reply.answers, reply.authority, reply.additional)
        response.auth = reply.auth
        data = self.sendReply(protocol, response, address)
        if data is not None and message.wire is not None and message.session is None and reply.answers:
            self._rendered[address is None].keep(message.wire, data)

    def gotResolverResponse(self, response: Answer, protocol: Any, message: dns.Message, address: Address) -> None:
        """The resolvers have an answer."""
        answers, authority, additional = map(list, response)
        self.sendReply(protocol, self._responseFromMessage(message, dns.OK, answers, authority, additional), address)

    def gotResolverError(self, failure: Failure, protocol: Any, message: dns.Message, address: Address) -> None:
        """The resolvers have none: there is no such name, or it can't be found out."""
        if failure.check(DNSNameError, AuthoritativeDomainError) or failure.type is DomainError:
            code = dns.ENAME
        else:
            code = dns.ESERVER
            if not failure.check(DomainError, TimeoutError):
                log.err(failure)
        response = self._responseFromMessage(message, rCode=code)
        if failure.check(DNSNameError) and failure.value.args and isinstance(failure.value.args[0], dns.Message):
            response.authority = failure.value.args[0].authority
        self.sendReply(protocol, response, address)

    # --- zones

    def _hand_out(self, message: dns.Message, protocol: Any, address: Address) -> None:
        """Send a zone, or its changes, to who may have it."""
        query = message.queries[0]
        authority = self.authority_of(query.name.name)
        zone = authority.zone if authority is not None else None
        is_allowed = message.session is not None or is_in(self.transfersFor, protocol, address)
        if zone is None or zone.origin != query.name.name.lower() or not is_allowed:
            self.sendReply(protocol, self._responseFromMessage(message, rCode=dns.EREFUSED), address)
            return
        theirs = message.authority[0].payload if message.authority else None
        if query.type == dns.AXFR and address is not None:
            self.sendReply(protocol, self._responseFromMessage(message, rCode=dns.EFORMAT), address)
        elif address is not None:  # too much for a datagram: the SOA tells whether to come again over TCP
            self.sendReply(protocol, self._responseFromMessage(message, answers=[zone.soa]), address)
        elif query.type == dns.IXFR and isinstance(theirs, dns.Record_SOA):
            journal = getattr(authority, "journal", None)
            protocol.sendAll(primary.messages(message, primary.changes(zone, journal, theirs.serial)))
        else:
            protocol.sendAll(primary.messages(message, primary.whole(zone)))

    def handleNotify(self, message: dns.Message, protocol: Any, address: Address) -> None:
        """A primary says that its zone has changed (RFC 1996): look, if it is the primary of a zone of ours."""
        authority = self.authority_of(message.queries[0].name.name)
        told = getattr(authority, "notified", None)
        is_taken = told is not None and told(message, host_of(protocol, address))
        response = self._responseFromMessage(message, rCode=dns.OK if is_taken else dns.ENOTAUTH)
        response.opCode, response.auth = dns.OP_NOTIFY, 1
        self.sendReply(protocol, response, address)

    def handleOther(self, message: dns.Message, protocol: Any, address: Address) -> None:
        """Inverse questions, which nobody asks any more; the status, which nobody ever asked; the rest: NOTIMP."""
        response = self._responseFromMessage(message, rCode=dns.ENOTIMP)
        response.opCode = message.opCode
        self.sendReply(protocol, response, address)

    handleInverseQuery = handleStatus = handleOther

    # --- answers

    def _responseFromMessage(
        self,
        message: dns.Message,
        rCode: int = dns.OK,
        answers: list[dns.RRHeader] | None = None,
        authority: list[dns.RRHeader] | None = None,
        additional: list[dns.RRHeader] | None = None,
    ) -> dns.Message:
        response = dns.Message(message.id, 1, recDes=message.recDes, recAv=int(self.canRecurse), rCode=rCode & 15)
        response.checkingDisabled = message.checkingDisabled
        response.queries = list(message.queries)
        response.timeReceived, response.session = message.timeReceived, message.session
        response.answers, response.authority = answers or [], authority or []
        response.additional = list(additional or [])
        response.auth = int(any(record.isAuthoritative() for record in response.answers))
        self._add_options(message, response, rCode)
        return response

    def _add_options(self, message: dns.Message, response: dns.Message, rCode: int) -> None:
        """Say by EDNS what there is to say, if the question had it: the cookie, and the rest of the code."""
        asked = message.options
        if asked is None:
            return
        response.maxSize = max(512, min(asked.udpPayloadSize, self.udpSize))
        options = [(OPTION, message.cookie)] if message.cookie else []
        said = dns.OPTHeader(self.udpSize, rCode >> 4, 0, asked.dnssecOK, options)
        response.additional.append(said.toRRHeader())

    def sendReply(self, protocol: Any, message: dns.Message, address: Address) -> bytes | None:
        """Send an answer. Returns it as it was sent."""
        if self.verbose > 1:
            log.msg(f"Answer: {message!r}")
        if address is None:
            message.maxSize = 0
        data = message.toStr()
        if message.session is not None:
            data = message.session.sign(data)
        if address is None:
            protocol.sendString(data)
        else:
            protocol.transport.write(data, address)
        if self.verbose and message.timeReceived is not None:
            log.msg(f"Processed query in {time.time() - message.timeReceived:.3f} seconds")
        return data


_HOOKS = ("messageReceived", "allowQuery", "handleQuery", "sendReply", "gotResolverResponse", "_responseFromMessage")


def _is_overridden(cls: type, name: str) -> bool:
    return getattr(cls, name) is not getattr(DNSServerFactory, name)


def host_of(protocol: Any, address: Address) -> str:
    """The address of who asks."""
    host = str(address[0] if address is not None else protocol.transport.getPeer().host)
    return str(ip_address_of(host) or host)


def is_in(networks: Networks | None, protocol: Any, address: Address) -> bool:
    """Whether who asks is in one of these networks; None is all of them."""
    if networks is None:
        return True
    host = ip_address_of(host_of(protocol, address))
    return host is not None and any(host in network for network in networks)
