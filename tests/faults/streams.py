"""Conversations of numbered streams: over TCP, UNIX sockets and TLS, and turning to TLS in the middle."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reactor import error, ssl
from reactor.protocol import ClientFactory, Factory
from tests.faults.books import End
from tests.faults.talkers import HalfTalker, Talker
from tests.faults.talks import Talk

_SOON_SENT = 70_000  # bytes; the slowest links here may need longer for more than TLS waits for the peer's goodbye
_PEM = Path(__file__).with_name("certificate.pem").read_bytes()


@cache
def contexts():
    """What TLS needs: the server's context factory, and the client's."""
    certificate = ssl.PrivateCertificate.loadPEM(_PEM)
    return certificate.options(), ssl.optionsForClientTLS("faults", trustRoot=ssl.Certificate.loadPEM(_PEM))


class Streams(Talk):
    """Clients of one server, each with a stream of numbered bytes in each direction.

    kind: "tcp", "tcp6", "unix", "tls" or "starttls". parts: what clients and the server do. clients: how many.
    """

    def __init__(self, number, starts_s, kind, parts, clients):
        super().__init__(number, starts_s)
        self.kind = kind
        self.parts = parts
        self.clients = clients
        self.ends = {}
        self.outcomes = {}
        self.factories_stopped = []

    @property
    def turns_to_tls(self):
        return self.kind == "starttls"

    @property
    def is_secure(self):
        return self.kind in ("tls", "starttls")

    def context(self, is_client):
        return contexts()[is_client]

    # --- the two sides

    @property
    def server_port(self):
        return 1000 + self.number

    @property
    def called(self):
        """The program that clients call."""
        return self.server

    @property
    def port(self):
        """The port that clients call."""
        return self.server_port

    def serve(self, reactor):
        factory = _Serving(self)
        port = self.server_port
        if self.kind == "unix":
            self.listen(self.server, reactor.listenUNIX(f"/talk{self.number}", factory, backlog=self.backlog))
        elif self.kind == "tls":
            self.listen(self.server, reactor.listenSSL(port, factory, self.context(False), backlog=self.backlog))
        else:
            interface = "::" if self.kind == "tcp6" else ""
            self.listen(self.server, reactor.listenTCP(port, factory, backlog=self.backlog, interface=interface))

    def call(self, reactor):
        for index in range(self.clients):
            reactor.callLater(self.starts_s + 0.01 * index, self._call, reactor, index)

    def _call(self, reactor, index):
        factory = _Calling(self, index)
        if self.kind == "unix":
            reactor.connectUNIX(f"/talk{self.number}", factory, timeout=self.patience_s)
            return
        host = self.books.world.host(self.called.host).addresses[self.kind == "tcp6"]
        where = (host, self.port, factory)
        if self.kind == "tls":
            reactor.connectSSL(*where, self.context(True), timeout=self.patience_s)
        else:
            reactor.connectTCP(*where, timeout=self.patience_s)

    def talker(self, is_client):
        """A protocol for a new end."""
        part, their_part = self.parts if is_client else self.parts[::-1]
        number = 1000 * self.number + len(self.ends)
        side, program = ("client", self.client) if is_client else ("server", self.server)
        end = self.ends[number] = End(self.books, program, f"talk {self.number} {side} {number}", number)
        end.part = part
        end.is_secure = self.kind == "tls"
        return (HalfTalker if part.half_closeable else Talker)(self, end, part, their_part)

    def introduce(self, end, number):
        """This end has received the number of the incoming stream."""
        peer = self.ends.get(number)
        if peer is None or peer is end or peer.peer not in (None, end):
            end.complain(f"a stream has the number {number}, which is not that of a peer")
        else:
            end.peer, peer.peer = peer, end

    # --- the end

    def check_factories(self):
        """After the end, check that every factory that was started has been stopped."""
        expected = [*self.outcomes] if self.client.is_running else []
        expected += ["server"] if self.server.is_running and self.has_begun else []
        for who in expected:
            if who not in self.factories_stopped:
                self.complain(f"the factory of {who} was not stopped")

    @property
    def is_over(self):
        if not self.server.is_running and not (self.has_begun and self.client.is_running):
            return True
        callers_are_done = len(self.outcomes) == self.clients or not self.client.is_running
        return callers_are_done and all(end.is_over for end in self.ends.values())

    @property
    def may_hang(self):
        """One end may never learn of the other's: TCP sends a reset once, and that can get lost.

        And two ends that both close with much to send have both stopped reading: each waits for the other, for ever.
        """
        if not self.is_secure and all(part.ending in ("hasty", "early") for part in self.parts):
            return True
        return bool(self.harmed) or (self.loses_packets and not (self._is_calm and self._must_part_well()))

    def unfinished(self):
        waiting = [f"client {index}" for index in range(self.clients) if index not in self.outcomes]
        return "; ".join([*waiting, *(repr(end) for end in self.ends.values() if not end.is_over)])

    def check(self):
        for end in self.ends.values():
            self._check_end(end)
            if end.peer is not None:
                self._check_direction(end.peer, end)
        if self._is_calm and self._must_part_well():
            for index, outcome in self.outcomes.items():
                if outcome != "lost":
                    self.complain(f"client {index} could not connect: {outcome}")

    @property
    def _is_calm(self):
        """Whether it had no misfortune, and neither side breaks it off."""
        disturbed = any(part.ending == "abort" or part.raises not in (None, "connectionLost") for part in self.parts)
        return not self.harmed and not disturbed

    def _check_end(self, end):
        """Check that the end has the right reason."""
        if end.reason is None and end.program.exit_code == 0:
            end.complain("its program has stopped in order, and it was not told")
        if self._is_calm and self._must_part_well() and not isinstance(end.reason, error.ConnectionDone):
            end.complain(f"nothing happened to it, and it ended with {end.reason!r}")

    def _must_part_well(self):
        """Whether no end closes while the other one still sends; with TLS, before the other one's handshake."""
        one, other = self.parts
        if self.is_secure:
            return self._parts_well_with_tls(one, other) and self._parts_well_with_tls(other, one)
        return not any(part.ending in ("hasty", "early") or part.chatter for part in self.parts)

    def _parts_well_with_tls(self, one, other):
        if one.ending == "half":  # else bytes of the other end are thrown away, and it must not report a clean end
            return other.half_closeable
        if self.turns_to_tls and not (one.size and other.size):  # the talk may be over before the handshake is
            return False
        if one.ending in ("hasty", "early"):  # it says goodbye, and waits for the other's goodbye, but not for ever
            return one.size > 0 and not other.half_closeable and other.size <= _SOON_SENT
        return True

    def _check_direction(self, sender, receiver):
        """Check that all bytes arrived that had to."""
        must_hear_all = self._is_calm and self._must_hear_all(sender.part, receiver.part)
        if must_hear_all and receiver.received < sender.part.whole:
            receiver.complain(f"heard {receiver.received} of {sender.part.whole} bytes")
        if not isinstance(receiver.reason, error.ConnectionDone):
            return
        if self._is_calm or not self.harmed:
            self._check_producer(sender, receiver)
        if isinstance(sender.reason, error.ConnectionAborted) and self.kind != "unix" and not receiver.asked:
            receiver.complain("told of a clean end, and the other end was aborted")
        if {"loseConnection", "abortConnection"} & set(receiver.asked):
            return
        if not receiver.is_secure and not isinstance(sender.reason, error.ConnectionDone):
            return  # without TLS the end of a program looks like the end of a stream
        was_cut_short = "loseWriteConnection" in receiver.asked and not sender.part.half_closeable
        if sender.promised is None and not was_cut_short:
            receiver.complain("told of a clean end that the other end did not ask for")
        if sender.promised is not None and receiver.received < sender.promised and not was_cut_short:
            receiver.complain(f"told of a clean end after {receiver.received} of {sender.promised} promised bytes")

    def _check_producer(self, sender, receiver):
        """Check that `loseConnection` lets a pull producer, or a paused push producer, finish."""
        producer = sender.producer
        if producer is None or receiver.asked or sender.asked != ["loseConnection"]:
            return
        if isinstance(sender.reason, error.ConnectionDone):
            if producer.state == "stopped" and not producer.streaming:
                sender.complain("its pull producer was stopped before it was done")
            if producer.stopped_when == "paused":
                sender.complain("its push producer was told to stop while it was paused")

    def _must_hear_all(self, sender, receiver):
        listens = receiver.ending in ("polite", "wait", "half")
        is_cut_short = receiver.ending == "half" and not sender.half_closeable
        says_all = sender.ending in ("polite", "half", "wait") or (sender.ending == "hasty" and self.is_secure)
        return listens and says_all and not is_cut_short and (sender.ending != "wait" or receiver.ending != "wait")


class _Serving(Factory):
    noisy = False

    def __init__(self, talk):
        self.talk = talk

    def buildProtocol(self, addr):
        if self.talk.refuses():
            return None
        return self.talk.remember(self.talk.talker(is_client=False))

    def stopFactory(self):
        self.talk.factories_stopped.append("server")


class _Calling(ClientFactory):
    noisy = False

    def __init__(self, talk, index):
        self.talk = talk
        self.index = index
        self.protocol_made = None

    def buildProtocol(self, addr):
        self.protocol_made = self.talk.remember(self.talk.talker(is_client=True))
        return self.protocol_made

    def clientConnectionFailed(self, connector, reason):
        self._ended(repr(reason.value))

    def clientConnectionLost(self, connector, reason):
        end = self.protocol_made.end
        if end.reason is not reason.value:
            end.complain(f"its factory is told of {reason.value!r}, not of {end.reason!r}")
        self._ended("lost")

    def _ended(self, outcome):
        self.talk.note(f"client {self.index}: {outcome}")
        if self.index in self.talk.outcomes:
            self.talk.complain(f"client {self.index} ended twice: {self.talk.outcomes[self.index]}, then {outcome}")
        self.talk.outcomes[self.index] = outcome

    def stopFactory(self):
        if self.index not in self.talk.outcomes:
            self.talk.complain(f"the factory of client {self.index} stops before it has ended")
        self.talk.factories_stopped.append(self.index)
