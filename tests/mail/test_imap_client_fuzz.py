"""Nonsense for a client of IMAP, from a seed: nothing is raised, the cuts don't matter, and whoever waits is told.

A failure names its seed: `pytest tests/mail/test_imap_client_fuzz.py -k seed` shows it again.
"""

import io
import random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client raises much", allow_module_level=True)

from reactor.failure import Failure
from reactor.mail.imap4 import IMAP4Exception, NegativeResponse
from reactor.mail.imap4.client.responses import read_data, read_items, read_status, reading
from reactor.mail.imap4.tokens import ParseError
from reactor.testing import StringTransport
from tests.mail.imap_doubles import Talk
from tests.support.framing import noise

ANSWERS = [
    b"* 1 FETCH (FLAGS (\\Seen) UID 7)\r\n",
    b"* 2 FETCH (BODY[TEXT] {3}\r\na\r\n)\r\n",
    b"* 2 FETCH (BODY[HEADER.FIELDS (A B)]<0> {0}\r\n RFC822.SIZE 9)\r\n",
    b"* 3 FETCH (RFC822 NIL ENVELOPE (NIL (((NIL)))))\r\n",
    b'* LIST (\\X) "/" {5}\r\nINBOX\r\n',
    b"* SEARCH 1 2 3\r\n",
    b"* STATUS x (MESSAGES 4)\r\n",
    b"* 5 EXISTS\r\n",
    b"* 2 EXPUNGE\r\n",
    b"* OK [UIDNEXT 4] x\r\n",
    b"* OK [READ-ONLY] {3}\r\n",
    b"* FLAGS (a b)\r\n",
    b"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=CRAM-MD5 LITERAL+\r\n",
    b"+ YWJj\r\n",
    b"+\r\n",
    *(b"%04X %b done\r\n" % (tag, status) for tag in range(1, 9) for status in (b"OK", b"NO [X y]")),
    b"0003 BAD\r\n",
    b"(",
    b")",
    b'"',
    b"{2}\r\n",
    b"[",
    b"\r\n",
    b"\n",
    b"\0\xff",
]
ASK = [
    lambda it, to: it.getCapabilities(),
    lambda it, to: it.select("x"),
    lambda it, to: it.list("", "*"),
    lambda it, to: it.status("x", "MESSAGES"),
    lambda it, to: it.search("ALL"),
    lambda it, to: it.fetchFlags("1:2"),
    lambda it, to: it.fetchMessage("3:*"),
    lambda it, to: it.fetchSpecific(2, headerType="TEXT", consumer=to),
    lambda it, to: it.addFlags("1", ["x"], silent=False, unchangedSince=3),
    lambda it, to: it.append("x", io.BytesIO(b"abc")),
    lambda it, to: it.idle(),
    lambda it, to: it.noop(),
    lambda it, to: it.move("1", "x", True),
    lambda it, to: it.login(b"alice", b"secret"),
]


def outcomes_of(seed, pieces):
    """What everybody is told when the server says these pieces."""
    dice, consumer = random.Random(seed), StringTransport()
    talk = Talk(greeting=dice.choice([b"* PREAUTH", b"* OK"]))
    found = []
    for place, ask in enumerate(dice.choices(ASK, k=6)):
        ask(talk.client, consumer).addBoth(lambda result, place=place: found.append((place, result)))
    for piece in pieces:
        if talk.transport.disconnecting:
            break
        talk.client.dataReceived(piece)
        talk.hear()
    talk.close()
    assert len(found) == 6 and not talk.clock.getDelayedCalls() and consumer.producer is None
    for _, result in found:
        if isinstance(result, Failure):
            assert not result.check(TypeError, AttributeError, AssertionError, IndexError), result
    told = [(place, str(result.value) if isinstance(result, Failure) else result) for place, result in found]
    return told, talk.client.news, consumer.value()


@pytest.mark.parametrize("seed", range(150), ids=lambda seed: f"seed-{seed}")
def test_nonsense_is_survived_and_told_the_same_however_it_is_cut(seed, logged_errors):
    pieces = noise(seed, ANSWERS, 60)
    stream = b"".join(pieces)
    single = [stream[at : at + 1] for at in range(len(stream))]
    assert outcomes_of(seed, pieces) == outcomes_of(seed, single)


def test_a_response_is_read_or_refused_by_the_errors_of_the_wire():
    dice = random.Random(8)
    words = [b"OK", b"BYE", b" ", b" ", b"[", b"]", b"(", b")", b'"', b"\\", b"FETCH", b"1", b"BODY[", b"NIL", b"{1}"]
    words += [b"\0", b"\xff", b"<1>", b"FLAGS"]
    for _ in range(20_000):
        pieces = [b"".join(dice.choices(words, k=dice.randrange(12))) for _ in range(dice.choice([1, 1, 3]))]
        read_status(pieces[0])
        try:
            _, values = read_data(pieces)
            reading(read_items, values[-1])
        except (ParseError, IMAP4Exception) as problem:
            assert str(problem) and not isinstance(problem, NegativeResponse)
