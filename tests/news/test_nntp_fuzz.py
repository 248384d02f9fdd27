"""Nonsense for both sides of NNTP, from a seed: nothing is raised, the cuts don't matter, and the bounds hold.

A failure names its seed: `pytest tests/news/test_nntp_fuzz.py -k "seed-SIDE"` shows it again.
"""

import random

import pytest

from reactor.failure import Failure
from reactor.news import wire
from reactor.news.articles import Article
from reactor.news.interfaces import Refused
from tests.news.news_doubles import House, article, stuffed
from tests.news.test_nntp_client import Talk
from tests.support.framing import noise

COMMANDS = [
    *(
        word.encode() + b"\r\n"
        for word in ("CAPABILITIES", "MODE READER", "MODE STREAM", "LIST", "NEXT", "LAST", "POST")
    ),
    b"GROUP doom.kitchen\r\n",
    b"GROUP \xff\r\n",
    b"LISTGROUP doom.kitchen 1-\r\n",
    b"ARTICLE 1\r\n",
    b"HEAD <1@a.example>\r\n",
    b"BODY\r\n",
    b"OVER 1-99999999999\r\n",
    b"HDR Subject 1-2\r\n",
    b"XHDR :bytes\r\n",
    b"NEWNEWS *,!* 20000101 000000\r\n",
    b"NEWGROUPS 000000 999999\r\n",
    b"IHAVE <8@a.example>\r\n",
    b"CHECK <8@a.example>\r\n",
    b"TAKETHIS <8@a.example>\r\n" + stuffed(article("<8@a.example>")),
    b"TAKETHIS <8@a.example>\r\n",
    stuffed(article("<9@a.example>", path=None)),
    b"AUTHINFO USER ann\r\n",
    b"AUTHINFO PASS secret\r\n",
    b"AUTHINFO SASL PLAIN AGFubgBzZWNyZXQ=\r\n",
    b"*\r\n",
    b".\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b" ",
    b"x" * 600,
]
ANSWERS = [
    *(b"%d \r\n" % code for code in (200, 211, 215, 220, 224, 240, 281, 340, 381, 383, 423, 480, 500)),
    b"101 here\r\nSASL PLAIN\r\n.\r\n",
    b"211 2 1 2 doom.kitchen\r\n",
    b"215 here\r\na 1 2 y\r\n.\r\n",
    b"224 here\r\n1\tsoup\tann\r\n.\r\n",
    b"224-\r\n",
    b"383 YWJj\r\n",
    b".\r\n",
    b"..\r\n",
    b"\r\n",
    b"\n",
    b"\xff\0",
]


def said_by_server(pieces):
    """What a server says to these pieces, whether it closes, and what it has then."""
    house = House([article("<1@a.example>"), article("<2@a.example>")])
    talk, said = house.open(), b""
    for piece in pieces:
        if talk.transport.disconnecting:
            break
        said += talk.send(piece)
    talk.hang_up()
    assert talk.transport.disconnecting or not talk.session._is_busy
    return said, talk.transport.disconnecting, [group.high for group in house.store.listRequest()]


@pytest.mark.parametrize("seed", range(60), ids=lambda seed: f"{seed}-server")
def test_a_server_answers_nonsense_the_same_however_it_is_cut(seed, logged_errors):
    pieces = noise(seed, COMMANDS, 60)
    stream = b"".join(pieces)
    whole = said_by_server([stream])
    assert whole == said_by_server(pieces) == said_by_server([stream[i : i + 1] for i in range(len(stream))])
    assert logged_errors.flush(Exception) == []


@pytest.mark.parametrize("seed", range(60), ids=lambda seed: f"{seed}-client")
def test_a_client_survives_nonsense_and_whoever_waits_is_told(seed, logged_errors):
    dice = random.Random(seed)
    talk = Talk()
    asks = [
        lambda: talk.client.capabilities(),
        lambda: talk.client.fetchGroups(),
        lambda: talk.client.fetchGroup("a"),
        lambda: talk.client.fetchOverview(1, 2),
        lambda: talk.client.fetchArticle(1),
        lambda: talk.client.postArticle(b"x\r\n"),
        lambda: talk.client.login(b"ann", b"secret"),
        lambda: talk.client.setStream(),
    ]
    found = []
    for _ in range(6):
        dice.choice(asks)().addBoth(found.append)
    for piece in noise(seed, ANSWERS, 60):
        if talk.transport.disconnecting:
            break
        talk.client.dataReceived(piece)
    talk.close()
    logged_errors.flush(Exception)
    assert len(found) == 6 and not talk.clock.getDelayedCalls()
    for outcome in found:
        if isinstance(outcome, Failure):
            assert not outcome.check(TypeError, AttributeError, AssertionError, RuntimeError), outcome


@pytest.mark.parametrize(
    "read, error",
    [
        (wire.read_command, wire.NNTPError),
        (lambda line: wire.read_range(wire.decoded(line)), wire.NNTPError),
        (lambda line: wire.read_date(*[*wire.decoded(line).split(" ", 2), "", ""][:3]), wire.NNTPError),
        (lambda line: Article(line).overview(), Refused),
    ],
    ids=["command", "range", "date", "article"],
)
def test_what_comes_is_read_or_refused_by_the_one_error_of_its_reader(read, error):
    dice = random.Random(5)
    alphabet = [
        b"GROUP",
        b" ",
        b"\t",
        b"1",
        b"-",
        b"99999999999",
        b"20030326",
        b"\r\n",
        b"\r\n\r\n",
        b"A: b",
        b"\0",
        b"\xff",
    ]
    for _ in range(5000):
        data = b"".join(dice.choices(alphabet, k=dice.randrange(10)))
        try:
            read(data)
        except error as problem:
            assert str(problem)


def test_an_overview_has_its_seven_tabs_whatever_is_in_the_headers():
    dice = random.Random(6)
    for _ in range(2000):
        value = b"".join(dice.choices([b"\t", b"\r", b"\n", b"\r\n ", b"\xff", b"x", b" "], k=8))
        try:
            overview = Article(b"Subject: " + value + b"\r\nFrom: x\r\n\r\n").overview()
        except Refused:
            continue
        assert overview.count(b"\t") == 7 and not {*b"\r\n\0"} & {*overview}
