"""Relaying, between simulated hosts: who takes a domain's mail, when it is tried again, and what the sender is told."""

from email import message_from_bytes

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.defer import fail, succeed
from reactor.mail.bounce import Outcome, generateBounce, report
from reactor.mail.queue import Queue
from reactor.mail.relaymanager import MXCalculator, SmartHostSMTPRelayingManager
from reactor.mail.smtp import ESMTP, Address, SMTPFactory, SMTPServerError
from reactor.names import dns
from reactor.names.error import DNSNameError, DNSServerError
from reactor.sim import World
from tests.mail.conftest import Letters
from tests.support.outcomes import outcomes

LETTER = b"From: ann@a.example\r\nSubject: x\r\n\r\nhello\r\n"
HOUR, DAY = 3600.0, 86_400.0


class Names:
    """A name server: domain → [(preference, host)], or an exception."""

    def __init__(self, **domains):
        self.domains = domains

    def __call__(self, domain):
        found = self.domains.get(domain.replace(".", "_"), DNSNameError("no such name"))
        if isinstance(found, Exception):
            return fail(found)
        kind = dns.Record_MX
        return succeed(([dns.RRHeader(domain, dns.MX, payload=kind(*it), ttl=60) for it in found], [], []))


class Post:
    """A world with a queue and some servers."""

    def __init__(self, folder, **domains):
        self.world = World(seed=1)
        self.servers = {}
        self.domains = domains
        self.folder = folder

    def serve(self, name, kind=ESMTP, **refusals):
        letters = self.servers[name] = Letters()
        letters.refusals = refusals
        self.world.host(name)

        class Server(kind):
            noisy = False
            delivery = property(lambda self: letters, lambda self, value: None)

        def start(reactor):
            factory = SMTPFactory(reactor=reactor)
            factory.noisy, factory.protocol, factory.domain = False, Server, name.encode()
            reactor.listenTCP(25, factory)

        self.world.start(start, host=name)
        return letters

    def start(self):
        def start(reactor):
            self.reactor = reactor
            self.queue = Queue(self.folder / "queue", now=reactor.seconds)
            self.manager = SmartHostSMTPRelayingManager(self.queue, reactor=reactor, identity=b"us.example")
            self.manager.mxcalc = MXCalculator(Names(**self.domains), own=b"us.example")
            self.manager.contextFactory = None
            self.bounces = []
            self.manager.send = lambda origin, to, text: self.bounces.append((bytes(origin), bytes(to), text))
            self.manager.start()

        self.world.host("us.example")
        self.world.start(start, host="us.example")

    def send(self, *recipients, sender=b"ann@a.example", **options):
        several = [Address(one) for one in recipients]
        for one in several:
            one.options = {name.encode(): value for name, value in options.items()}
        self.reactor.callFromThread(self.queue.add, Address(sender), several, LETTER)
        self.world.advance(0)

    def empty(self, within_s=6 * DAY):
        self.world.run_until(lambda: not self.queue._envelopes, within_s)


@pytest.fixture
def post(tmp_path):
    posts = []

    def make(**domains):
        posts.append(Post(tmp_path, **domains))
        posts[-1].world.__enter__()
        return posts[-1]

    yield make
    for one in posts:
        if hasattr(one, "manager"):
            one.manager.stop()
        one.world.__exit__(None, None, None)


def test_a_letter_goes_to_the_best_exchange_of_each_domain(post):
    it = post(b_example=[(20, "second"), (10, "first")], c_example=[])
    first, second, own = it.serve("first"), it.serve("second"), it.serve("c.example")
    it.start()
    it.send(b"bob@b.example", b"joe@B.EXAMPLE", b"carol@c.example")
    it.empty(60)
    assert [user for user, _ in first.taken] == [b"bob@b.example", b"joe@B.EXAMPLE"]
    assert [user for user, _ in own.taken] == [b"carol@c.example"]  # without MX the domain is its own
    assert second.taken == []
    assert first.taken[0][1] == b"From: ann@a.example\nSubject: x\n\nhello"
    assert it.bounces == []


def test_when_the_best_exchange_is_away_the_next_one_gets_it(post):
    it = post(b_example=[(10, "away"), (20, "second")])
    it.world.host("away")
    second = it.serve("second")
    it.start()
    it.send(b"bob@b.example")
    it.empty(300)
    assert [user for user, _ in second.taken] == [b"bob@b.example"]


def test_not_now_is_tried_again_after_half_an_hour_and_only_for_whom_it_was(post):
    it = post(b_example=[(10, "mx")])
    letters = it.serve("mx")
    letters.refusals[b"joe@b.example"] = SMTPServerError(450, "4.2.0 later")
    letters.validateTo = refusing(letters)
    it.start()
    it.send(b"bob@b.example", b"joe@b.example")
    it.world.advance(1790)
    assert [user for user, _ in letters.taken] == [b"bob@b.example"]
    letters.refusals.clear()
    it.empty(60)
    assert [user for user, _ in letters.taken] == [b"bob@b.example", b"joe@b.example"]


def refusing(letters):
    original = letters.validateTo

    def validate(user):
        letters.check(bytes(user))
        return original(user)

    return validate


def test_never_is_told_to_the_sender_with_the_servers_words(post):
    it = post(b_example=[(10, "mx")])
    it.serve("mx").names = (b"joe",)
    it.start()
    it.send(b"bob@b.example", b"joe@b.example", ORCPT=b"rfc822;bob@alias")
    it.empty(60)
    [(origin, to, text)] = it.bounces
    assert (origin, to) == (b"", b"ann@a.example")
    bounce = message_from_bytes(text)
    assert bounce.get_content_type() == "multipart/report"
    human, status, original = bounce.get_payload()
    assert "<bob@b.example>: 550 5.1.1 Cannot receive" in human.get_payload()
    _, recipient = status.get_payload()
    assert recipient["Final-Recipient"] == "rfc822; bob@b.example"
    assert recipient["Original-Recipient"] == "rfc822;bob@alias"
    assert (recipient["Action"], recipient["Status"]) == ("failed", "5.1.1")
    assert recipient["Diagnostic-Code"].startswith("smtp; 550 5.1.1 Cannot receive")
    assert original.get_payload()[0]["Subject"] == "x"


@pytest.mark.parametrize(
    "domain, status",
    [
        ("null.example", "556 5.1.10"),
        ("nowhere.example", "550 5.1.2"),
        ("circle.example", "554 5.4.6"),
        ("[x]", "550 5.1.2"),
    ],
)
def test_domains_that_take_no_mail_are_told_at_once(post, domain, status):
    it = post(null_example=[(0, "")], circle_example=[(10, "US.example"), (20, "worse")])
    it.start()
    it.send(f"bob@{domain}".encode())
    it.empty(60)
    assert f"<bob@{domain}>: {status}".encode() in it.bounces[0][2]


def test_a_backup_gives_mail_only_to_better_exchanges(post):
    it = post(b_example=[(10, "best"), (20, "us.example"), (30, "worse")])
    it.world.host("best")
    worse = it.serve("worse")
    it.start()
    it.send(b"bob@b.example")
    it.world.advance(HOUR)
    assert (worse.taken, it.bounces) == ([], [])
    best = it.serve("best")
    it.empty(DAY)
    assert len(best.taken) == 1


def test_an_address_in_brackets_is_asked_itself(post):
    it = post()
    it.serve("mx")
    it.start()
    address = it.world.host("mx").addresses[0]
    it.send(f"bob@[{address}]".encode())
    it.empty(60)
    assert len(it.servers["mx"].taken) == 1


def test_after_five_days_it_is_given_up(post):
    it = post(b_example=[(10, "away")], c_example=DNSServerError("trouble"))
    it.world.host("away")
    it.start()
    it.send(b"bob@b.example", b"carol@c.example")
    it.world.advance(4.9 * DAY)
    assert it.bounces == []
    attempts = it.queue.getEnvelope(next(iter(it.queue._envelopes))).attempts
    assert 25 < attempts < 35  # 30 min, 1 h, 2 h, and every 4 h
    it.empty(DAY)
    [(_, _, text)] = it.bounces
    assert b"<bob@b.example>: 451 4.4.1" in text and b"<carol@c.example>: 451 4.4.3" in text


def test_a_bounce_is_never_answered_by_another(post):
    it = post()
    it.start()
    it.send(b"bob@nowhere.example", sender=b"")
    it.empty(60)
    assert it.bounces == []


@pytest.mark.parametrize("notify, count", [(b"NEVER", 0), (b"DELAY", 0), (b"FAILURE", 1), (b"SUCCESS,FAILURE", 1)])
def test_who_wants_no_reports_gets_none(post, notify, count):
    it = post()
    it.start()
    it.send(b"bob@nowhere.example", NOTIFY=notify)
    it.empty(60)
    assert len(it.bounces) == count


def test_success_and_delay_are_told_to_who_asked(post):
    it = post(b_example=[(10, "mx")])
    letters = it.serve("mx")
    letters.refusals["from"] = SMTPServerError(450, "4.2.0 later")
    it.start()
    it.send(b"bob@b.example", NOTIFY=b"SUCCESS,DELAY")
    it.world.advance(12 * HOUR)
    assert [b"Action: delayed" in text for _, _, text in it.bounces] == [True]
    letters.refusals.clear()
    it.empty(DAY)
    assert [b"Action: relayed" in text for _, _, text in it.bounces] == [False, True]


def test_a_smart_host_gets_everything(post):
    it = post()
    letters = it.serve("smart")
    it.start()
    it.manager.smartHost = ("smart", 25)
    it.send(b"bob@b.example", b"carol@c.example")
    it.empty(60)
    assert len(letters.taken) == 2


def test_what_is_on_its_way_when_we_stop_is_still_there_after_a_restart(post):
    it = post(b_example=[(10, "mx")])
    it.start()
    it.send(b"bob@b.example")
    it.manager.stop()
    assert len(Queue(it.queue.directory, now=lambda: 1e9).getWaiting()) == 1


def test_an_error_of_ours_puts_a_letter_off(post, logged_errors):
    it = post(b_example=[(10, "mx")])
    it.start()
    it.manager.mxcalc.hosts = None
    it.send(b"bob@b.example")
    it.world.advance(10)
    assert len(logged_errors.flush(TypeError)) == 1
    [envelope] = it.queue._envelopes.values()
    assert envelope.attempts == 1
    assert it.queue.getRelayed() == []


def test_a_bounce_of_one_letter_has_twisteds_signature():
    import io

    sender, to, text = generateBounce(io.BytesIO(b"Subject: x\n\nhello\n"), b"ann@a", "bob@b", "550 no")
    assert (sender, to) == (b"", b"ann@a")
    assert b"<bob@b>: 550 550 no" in text
    assert b"\n" not in text.replace(b"\r\n", b"")


def test_a_report_keeps_the_text_to_itself_when_told_to_or_when_it_is_large():
    outcome = [Outcome("bob@b", 550, "no")]
    assert b"hello" in report("ann@a", outcome, LETTER)
    assert b"hello" not in report("ann@a", outcome, LETTER, options={"RET": "hdrs"})
    assert b"Subject: x" in report("ann@a", outcome, LETTER, options={"RET": "hdrs"})
    assert b"Original-Envelope-Id: a+b" in report("ann@a", outcome, LETTER, options={"ENVID": "a+2Bb"})
    assert len(report("ann@a", outcome, LETTER + b"x" * 100_000)) < 10_000


def test_records_other_than_mx_are_not_asked():
    answers = [dns.RRHeader("b", dns.A, payload=dns.Record_A("192.0.2.1"))]
    calculator = MXCalculator(lambda domain: succeed((answers, [], [])))
    from reactor.defer import ensureDeferred

    assert outcomes(ensureDeferred(calculator.hosts("b"))) == [["b"]]
