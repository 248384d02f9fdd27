"""Letters on bad networks, from seeds: from a client to our server, into its queue, and on to another server.

Links lose, delay, cut and shred; connections are reset; servers have no time, or no room. Whatever happens: a letter
that was said to be taken arrives, whole, at least once; and in the end nobody has a connection or a timer left.
`many_seeds.py` tries more of them.
"""

import tempfile

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.defer import Deferred, succeed
from reactor.mail import relaymanager
from reactor.mail.mail import Deliveries, MailService
from reactor.mail.queue import Queue
from reactor.mail.smtp import ESMTP, ESMTPSenderFactory, SMTPFactory, SMTPServerError
from reactor.mail.smtp.incoming import IncomingLetter
from tests.mail.conftest import Letters
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 40
LONGEST_S = 4 * 86_400.0
BODIES = [b"short", b".\r\n..\r\n.", b"x" * 3000, b"\r\n".join(b"line %d" % n for n in range(2000))]


class Slow(Letters):
    """Takes letters after a while, or not now."""

    def __init__(self, dice, reactor):
        super().__init__()
        self.dice, self.reactor = dice, reactor

    def validateTo(self, user):
        if self.dice.random() < 0.1:
            raise SMTPServerError(450, "4.2.0 not now")
        make = super().validateTo(user)
        if self.dice.random() < 0.5:
            return make
        later = Deferred()
        self.reactor.callLater(self.dice.choice([0.0, 0.2, 5.0]), later.callback, make)
        return later


class Run(Weather):
    """One seed: some letters, a server with a queue, another one behind it, and some misfortunes."""

    links = (("home", "relay"), ("relay", "far"))

    def __init__(self, seed):
        super().__init__(seed)
        self.outcomes = {}
        self.count = self.dice.randint(1, 4)
        self.connect(
            latency_s=[0.0, 0.001, 0.2],
            jitter_s=[0.0, 0.01],
            loss=[0.0, 0.0, 0.03],
            shred=[0.0, 0.3],
            mss=[1460, 500],
        )
        self.texts = {b"u%d@far" % n: b"Subject: %d\r\n\r\n" % n + self.dice.choice(BODIES) for n in range(self.count)}

    def listen(self, reactor, factory_of):
        factory = SMTPFactory(reactor=reactor)
        factory.noisy, factory.timeout = False, 60
        factory.protocol = factory_of
        reactor.listenTCP(25, factory)

    def relay(self, reactor):
        self.relaying = reactor
        service = MailService()
        self.queue = queue = Queue(self.folder, now=reactor.seconds)
        service.setQueue(queue)
        self.manager = relaymanager.SmartHostSMTPRelayingManager(queue, reactor=reactor, identity=b"relay")
        self.manager.smartHost, self.manager.contextFactory = ("far", 25), None
        self.manager.start()

        class Server(ESMTP):
            noisy = False

            def connectionMade(self):
                self.deliveryFactory = Deliveries(service, b"ann")
                super().connectionMade()

        self.listen(reactor, Server)

    def far(self, reactor):
        self.farther = reactor
        self.letters = letters = Slow(self.dice, reactor)

        class Server(ESMTP):
            noisy = False

            def connectionMade(self):
                self.delivery = letters
                super().connectionMade()

        self.listen(reactor, Server)

    def home(self, reactor):
        import io

        for recipient, text in self.texts.items():
            sent = Deferred()
            sent.addBoth(lambda outcome, recipient=recipient: self.outcomes.update({recipient: outcome}))
            sender = ESMTPSenderFactory(
                None,
                None,
                b"ann@home",
                recipient,
                io.BytesIO(text),
                sent,
                timeout=30,
                heloFallback=True,
                requireAuthentication=False,
                requireTransportSecurity=False,
            )
            reactor.connectTCP("relay", 25, sender)

    def go(self):
        with tempfile.TemporaryDirectory() as self.folder, self.world as world:
            for name in ("far", "relay", "home"):
                world.start(getattr(self, name), host=name)
            for _ in range(self.dice.randint(0, 4)):
                world.advance(self.dice.choice([0.01, 0.3, 1.0]))
                self.something_happens()
            world.run_until(lambda: len(self.outcomes) == self.count, LONGEST_S)
            world.run_until(lambda: not self.queue._envelopes, LONGEST_S)
            world.run_until(lambda: is_empty(self.relaying) and is_empty(self.farther), LONGEST_S)
            self.check()

    def check(self):
        arrived = {}
        for recipient, text in self.letters.taken:
            arrived.setdefault(recipient, []).append(text.replace(b"\n", b"\r\n"))
        for recipient, outcome in self.outcomes.items():
            for text in arrived.get(recipient, []):
                headers, _, rest = text.partition(b"Subject:")
                assert headers.startswith(b"Date:") and b"Received:" in headers, headers
                assert b"Subject:" + rest == self.texts[recipient], f"{recipient} got another letter"
            assert not isinstance(outcome, tuple) or recipient in arrived, f"the letter to {recipient} is lost"


@in_portions(SEEDS)
def test_letters_that_were_taken_arrive_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)


def forgets_who_was_refused(self, outcomes):
    self._queue.done(self._message)
    return succeed(None)


def ends_at_any_dot(self, data, isCounted=False):
    IncomingLetter.real_feed(self, data.partition(b".")[0], isCounted)


def believes_half(self):
    return succeed([None])


@pytest.mark.parametrize(
    "owner, method, defect",
    [
        (Queue, "add", lambda self, sender, recipients, message: succeed("x")),
        (relaymanager.OneLetter, "settle", forgets_who_was_refused),
        (IncomingLetter, "feed", ends_at_any_dot),
        (IncomingLetter, "end", believes_half),
    ],
)
def test_a_spoiled_server_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(IncomingLetter, "real_feed", IncomingLetter.feed, raising=False)
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, f"{method} is spoiled", logged_errors)
