"""Conversations of datagrams, over UDP and UNIX sockets: each comes whole, once, or not at all."""

from __future__ import annotations

import zlib

from reactor.protocol import ConnectedDatagramProtocol, DatagramProtocol
from tests.faults.talks import Talk


class Datagrams(Talk):
    """One end sends numbered datagrams, the other one listens.

    kind: "udp", "connected" (UDP with one peer), "refused" (the same, without a peer), "unix" (UNIX sockets).
    sizes: of the datagrams. pace_s: between them; None for all at once. pauses: whether the listener reads nothing for
    a while. raises_at: the number of the datagram at which the listener raises; None for none.
    """

    def __init__(self, number, starts_s, kind, sizes, pace_s, pauses, raises_at):
        super().__init__(number, starts_s)
        self.kind = kind
        self.sizes = sizes
        self.pace_s = pace_s
        self.pauses = pauses
        self.raises_at = raises_at
        self.heard = []
        self.sent = 0
        self.refused = 0
        self.sender = self.listener = None
        self.stages = {}
        self._is_through = False

    @staticmethod
    def details(random):
        """Draw the details at random."""
        count = random.randint(1, 30)
        return {
            "kind": random.choice(("udp", "udp", "connected", "refused", "unix")),
            "sizes": [random.choice((0, 1, 500, 1472, 8000)) for _ in range(count)],
            "pace_s": random.choice((None, 0.0, 0.1)),
            "pauses": random.random() < 0.3,
            "raises_at": random.randrange(count) if random.random() < 0.3 else None,
        }

    # --- the two sides

    def serve(self, reactor):
        self.listener = _Listener(self, "listener")
        if self.kind == "unix":
            self.listen(self.server, reactor.listenUNIXDatagram(f"/post{self.number}", self.listener))
        elif self.kind != "refused":
            self.listen(self.server, reactor.listenUDP(1000 + self.number, self.listener, maxPacketSize=65536))

    def call(self, reactor):
        reactor.callLater(self.starts_s, self._call, reactor)

    def _call(self, reactor):
        self.reactor = reactor
        if self.kind == "unix":
            self.sender = _UNIXSender(self, "sender")
            port = reactor.connectUNIXDatagram(f"/post{self.number}", self.sender)
        else:
            self.sender = _Sender(self, "sender")
            port = reactor.listenUDP(0, self.sender)
            if self.kind != "udp":
                port.connect(*self._address())
        self._sending_port = port
        self._send()

    def _address(self):
        return self.books.world.host(self.server.host).addresses[0], 1000 + self.number

    def _send(self):
        while self.sent < len(self.sizes) and self.sender.transport is not None:
            data = self._datagram(self.sent)
            self.sent += 1
            self.note(f"sends {len(data)} bytes")
            try:
                self.sender.transport.write(data, *([self._address()] if self.kind == "udp" else []))
            except OSError as problem:
                if not self.harmed:
                    self.complain(f"write raised {problem!r}")
            if self.pace_s is not None:
                self.reactor.callLater(self.pace_s, self._send)
                return
        self.reactor.callLater(5.0, self._stop)  # so that what is on its way may arrive

    def _datagram(self, number):
        body = number.to_bytes(2, "big") + bytes(self.sizes[number])
        return zlib.crc32(body).to_bytes(4, "big") + body

    def _stop(self):
        if self.sender.transport is None:
            self._stopped(None)
            return
        self._sending_port.stopListening().addCallback(self._stopped)
        self._sending_port.stopListening()  # a second time changes nothing

    def _stopped(self, _):
        self._is_through = True

    # --- what is heard

    def hear(self, data):
        self.note(f"hears {len(data)} bytes")
        number = int.from_bytes(data[4:6], "big")
        if number >= self.sent or data != self._datagram(number):
            self.complain(f"a datagram of {len(data)} bytes came that nobody has sent")
            return
        self.heard.append(number)
        if self.pauses and len(self.heard) % 4 == 1:
            self.listener.pause_for(0.3)
        if number == self.raises_at and self.heard.count(number) == 1:
            self.books.fail(f"talk {self.number}", "datagramReceived")

    # --- the end

    def check_factories(self):
        for who, program in ((self.sender, self.client), (self.listener, self.server)):
            if who is not None and who.stage == "started" and program.is_running:
                self.complain(f"the {who.name}'s port is closed, and its protocol was not stopped")

    @property
    def is_over(self):
        if not self.server.is_running and not self.has_begun:
            return True
        return not self.client.is_running or self._is_through

    def unfinished(self):
        return f"{self.sent} sent, {len(self.heard)} heard"

    def abort(self):
        """Datagrams need no end."""

    def check(self):
        everything = [*range(len(self.sizes))]
        overflow = (self.pace_s is None and self.kind == "unix") or self.pauses or self.freezes
        if self.harmed or overflow or (self.kind != "unix" and self._is_spoiled()):
            return
        if self.kind == "refused":
            if not self.refused:
                self.complain("nobody was there, and it was not told")
        elif self.heard != everything:
            self.complain(f"sent {everything}, heard {self.heard}")

    def _is_spoiled(self):
        """Whether datagrams get lost between the two hosts, or come twice, or in another order."""
        link = self.books.world.link(self.server.host, self.client.host)
        return self.cuts or link.loss or link.duplication or link.reordering or link.jitter_s


class _Watched:
    """What both ends note. stage: "new", "started", "stopped"."""

    noisy = False

    def __init__(self, talk, name):
        self.talk = talk
        self.name = name
        self.stage = "new"
        self._is_reading = True

    def startProtocol(self):
        self._move("started")

    def stopProtocol(self):
        self._move("stopped")

    def _move(self, stage):
        if (self.stage == "started") != (stage == "stopped"):
            self.talk.complain(f"the {self.name} was {self.stage}, and is to be {stage}")
        self.stage = stage

    def pause_for(self, seconds):
        self._is_reading = False
        self.transport.pauseProducing()
        self.talk.server.reactor.callLater(seconds, self._resume)

    def _resume(self):
        if self.stage == "started":
            self._is_reading = True
            self.transport.resumeProducing()

    def check_hearing(self):
        if self.stage != "started" or not self._is_reading:
            self.talk.complain(f"the {self.name} hears something, and is {self.stage}, reading: {self._is_reading}")

    def connectionRefused(self):
        self.talk.note("connectionRefused")
        self.talk.refused += 1
        if self.talk.kind in ("udp", "connected") and not self.talk.harmed:
            self.talk.complain("somebody is there, and it was refused")


class _Listener(_Watched, DatagramProtocol):
    def datagramReceived(self, data, address):
        self.check_hearing()
        if self.talk.kind != "unix":
            host = self.talk.books.world.host(self.talk.client.host)
            if address[0] not in (*host.addresses, "127.0.0.1"):
                self.talk.complain(f"a datagram came from {address}")
        self.talk.hear(data)


class _Sender(_Watched, DatagramProtocol):
    def datagramReceived(self, data, address):
        self.talk.complain("the sender hears something, and nobody has answered")


class _UNIXSender(_Watched, ConnectedDatagramProtocol):
    def datagramReceived(self, data):
        self.talk.complain("the sender hears something, and nobody has answered")

    def connectionFailed(self, reason):
        self.talk.note(f"connectionFailed {reason.type.__name__}")
        if not self.talk.harmed:
            self.talk.complain(f"connectionFailed with {reason.value!r}")
