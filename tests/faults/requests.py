"""Requests and answers, framed in all the ways of `reactor.protocols.basic`, answered as soon as the network allows."""

from __future__ import annotations

from reactor.protocol import ClientFactory, Factory
from reactor.protocols import basic
from tests.faults.books import End, content
from tests.faults.streams import contexts
from tests.faults.talks import Talk

_LATE_S = 0.02
FRAMINGS = ("LineReceiver", "LineReceiver", "LineOnlyReceiver", "NetstringReceiver", "Int8", "Int16", "Int32")


class Requests(Talk):
    """One client asks, one server answers with the question reversed.

    framing: how messages are told apart. secure: whether over TLS. sizes: of the requests. window: how many may be
    unanswered. delay_s: how long the server thinks; None to answer in the handler. pauses: whether it reads nothing
    meanwhile.
    """

    def __init__(self, number, starts_s, framing, secure, sizes, window, delay_s, pauses):
        super().__init__(number, starts_s)
        self.framing = framing
        self.secure = secure
        self.sizes = sizes
        self.window = window
        self.delay_s = delay_s
        self.pauses = pauses
        self.outcome = None

    @staticmethod
    def details(random):
        """Draw the details at random."""
        framing = random.choice(FRAMINGS)
        largest = 100 if framing == "Int8" else 9000
        return {
            "framing": framing,
            "secure": random.random() < 0.3,
            "sizes": [min(random.choice((2, 2, 20, 100, 1000, 9000)), largest) for _ in range(random.randint(1, 20))],
            "window": random.choice((1, 3, 20)),
            "delay_s": random.choice((None, 0.0, 0.2)),
            "pauses": random.random() < 0.6,
        }

    def question(self, number):
        """The request with this number: the number, and hexadecimal digits."""
        return b"%04d" % number + content(number, 0, self.sizes[number] // 2).hex().encode()

    # --- the two sides

    def serve(self, reactor):
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: self.remember(self._protocol(_Answering, "server", self.server))
        port = 1000 + self.number
        if self.secure:
            self.listen(self.server, reactor.listenSSL(port, factory, contexts()[0]))
        else:
            self.listen(self.server, reactor.listenTCP(port, factory))

    def call(self, reactor):
        reactor.callLater(self.starts_s, self._call, reactor)

    def _call(self, reactor):
        where = (self.books.world.host(self.server.host).addresses[0], 1000 + self.number, _Calling(self))
        if self.secure:
            reactor.connectSSL(*where, contexts()[1], timeout=self.patience_s)
        else:
            reactor.connectTCP(*where, timeout=self.patience_s)

    def _protocol(self, what, side, program):
        made = _class_for(what, self.framing)()
        made.talk = self
        made.end = End(self.books, program, f"talk {self.number} {side}", 0)
        return made

    # --- the end

    @property
    def is_over(self):
        if not self.server.is_running and not (self.has_begun and self.client.is_running):
            return True
        client_is_done = self.outcome is not None or not self.client.is_running
        return client_is_done and all(protocol.end.is_over for protocol in self.protocols)

    def unfinished(self):
        return [f"{protocol.end}, {vars(protocol).get('answers')}" for protocol in self.protocols]

    def check(self):
        if not self.harmed and self.outcome != "answered":
            self.complain(f"it ended with {self.outcome}")

    @property
    def is_prompt(self):
        """Whether only the network takes time."""
        link = self.books.world.link(self.server.host, self.client.host)
        is_plain_link = not (link.jitter_s or link.loss or link.bandwidth)
        return is_plain_link and not (self.freezes or self.loses_packets or self.secure) and self.window == 1

    @property
    def way_s(self):
        return self.books.world.link(self.server.host, self.client.host).latency_s


class _Calling(ClientFactory):
    noisy = False

    def __init__(self, talk):
        self.talk = talk

    def buildProtocol(self, addr):
        return self.talk.remember(self.talk._protocol(_Asking, "client", self.talk.client))

    def clientConnectionFailed(self, connector, reason):
        self.talk.outcome = repr(reason.value)

    def clientConnectionLost(self, connector, reason):
        self.talk.outcome = self.talk.outcome or repr(reason.value)


class _Exchange:
    """What both sides do with messages; the other base class frames them."""

    MAX_LENGTH = 20_000

    def send(self, message):
        """One message."""
        (self.sendLine if "Line" in self.talk.framing else self.sendString)(message)

    def lineReceived(self, line):
        self.stringReceived(line)

    def connectionLost(self, reason):
        if self.end.reason is not None:
            self.end.complain("connectionLost comes twice")
        self.end.reason = reason.value


class _Asking(_Exchange):
    asked = answered = 0
    asked_s = 0.0

    def connectionMade(self):
        super().connectionMade()
        self.ask()

    def ask(self):
        while self.asked < len(self.talk.sizes) and self.asked - self.answered < self.talk.window:
            self.asked_s = self.transport.reactor.seconds()
            self.end.note(f"asks {self.asked}")
            self.asked += 1
            self.send(self.talk.question(self.asked - 1))

    def stringReceived(self, answer):
        expected = self.talk.question(self.answered)[::-1]
        self.end.note(f"hears answer {self.answered}")
        if answer != expected:
            self.end.complain(f"answer {self.answered} is {answer[:40]}…, not {expected[:40]}…")
        self._check_time()
        self.answered += 1
        if self.answered == len(self.talk.sizes):
            self.talk.outcome = "answered"
            self.transport.loseConnection()
        self.ask()

    def _check_time(self):
        took_s = self.transport.reactor.seconds() - self.asked_s
        due_s = 2 * self.talk.way_s + (self.talk.delay_s or 0.0)
        if self.talk.is_prompt and self.talk.sizes[self.answered] <= 1000 and took_s > due_s + _LATE_S:
            self.end.complain(f"answer {self.answered} took {took_s} s, not {due_s} s")


class _Answering(_Exchange):
    _is_thinking = False

    def connectionMade(self):
        super().connectionMade()
        self._calls = []

    def dataReceived(self, data):
        if self._is_thinking:
            self.end.complain("bytes come while the server has paused")
        super().dataReceived(data)

    def connectionLost(self, reason):
        super().connectionLost(reason)
        for call in self._calls:
            if call.active():
                call.cancel()

    def stringReceived(self, question):
        if self._is_thinking and self.talk.pauses:
            self.end.complain("a request comes while the server has paused")
        if self.talk.delay_s is None:
            self.send(question[::-1])
            return
        if self.talk.pauses and hasattr(self, "paused"):
            self._is_thinking = True
            self.pauseProducing()
        self._calls.append(self.transport.reactor.callLater(self.talk.delay_s, self._answer, question[::-1]))

    def _answer(self, answer):
        self.send(answer)
        if self._is_thinking:
            self._is_thinking = False
            self.resumeProducing()


def _class_for(side, framing):
    base = getattr(basic, framing if framing.endswith("Receiver") else f"{framing}StringReceiver")
    return type(side.__name__, (side, base), {})
