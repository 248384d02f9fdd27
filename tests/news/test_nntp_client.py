"""The client's side of NNTP: what it sends, what it makes of answers, and servers that lie or never end."""

import base64

import pytest

from reactor.cred.error import LoginFailed
from reactor.error import ConnectionDone, TimeoutError
from reactor.failure import Failure
from reactor.news.interfaces import Group, Rights
from reactor.news.nntp import NNTPClient, NNTPError
from reactor.protocol import connectionDone
from reactor.protocols.basic import ReplyError
from reactor.task import Clock
from reactor.testing import connectedServerAndClient
from tests.news.news_doubles import ELSEWHERE, HERE, NOW, House, SecurableTransport, article
from tests.support.outcomes import failure_of, outcomes, result_of


class Talk:
    """A client, and the server's part, which the test plays."""

    def __init__(self, greeting=b"200 ready", peer=HERE, **attributes):
        self.client = NNTPClient()
        vars(self.client).update(attributes)
        self.clock = Clock()
        self.client.callLater = self.clock.callLater
        self.transport = SecurableTransport(peerAddress=peer, lenient=True)
        self.client.makeConnection(self.transport)
        if greeting:
            self.say(greeting)

    def say(self, *lines):
        self.client.dataReceived(b"".join(line + b"\r\n" for line in lines))

    def hear(self):
        heard = self.transport.value()
        self.transport.clear()
        return heard

    def close(self):
        self.client.connectionLost(Failure(connectionDone.value))


@pytest.fixture
def talk():
    return Talk()


class Pair:
    """A client and a server of ours, connected."""

    def __init__(self, articles=(), **options):
        self.house = House(articles, **options)
        self.client, self.server, self.pump = connectedServerAndClient(self.house.session, self.connect)

    def connect(self):
        client = NNTPClient()
        client.callLater, client.allowInsecureLogin = self.house.clock.callLater, True
        return client

    def flush(self):
        self.pump.flush()
        self.house.clock.advance(0)  # the store commits
        self.pump.flush()

    def get(self, deferred):
        self.flush()
        return result_of(deferred)


@pytest.fixture
def pair():
    return Pair([article("<1@a.example>"), article("<2@a.example>", Subject="Re: soup", body=b".\r\n")])


def test_a_reader_finds_what_the_server_has(pair):
    client, get = pair.client, pair.get
    assert get(client.modeReader()) is True
    assert get(client.fetchGroups("*.kitchen")) == [Group("doom.kitchen", low=1, high=2)]
    assert [group.name for group in get(client.fetchGroups())] == [
        "doom.board",
        "doom.cellar",
        "doom.kitchen",
        "doom.mirror",
    ]
    assert get(client.fetchDescriptions("*.kitchen")) == {"doom.kitchen": "what is cooked"}
    assert get(client.fetchGroup("doom.kitchen")) == Group("doom.kitchen", low=1, high=2, size=2)
    overview = get(client.fetchOverview(1, 2))
    assert [(number, fields["Subject"], fields[":lines"]) for number, fields in overview] == [
        (1, "soup", "1"),
        (2, "Re: soup", "1"),
    ]
    assert get(client.fetchXHeader("Message-ID", 2, 9)) == [(2, "<2@a.example>")]
    assert get(client.fetchOverview(5, 9)) == get(client.fetchXHeader("Subject", 5, 9)) == []
    assert get(client.fetchArticle(2)).endswith(b"\r\n\r\n.\r\n")
    assert get(client.fetchHead("<1@a.example>")).startswith(b"Xref: us.example doom.kitchen:1\r\nPath: ")
    assert get(client.fetchBody()) == b".\r\n"
    assert get(client.fetchNewNews("doom.*", NOW)) == ["<1@a.example>", "<2@a.example>"]
    assert len(get(client.fetchNewGroups(NOW))) == 4 and get(client.fetchNewGroups(NOW + 1)) == []
    client.quit()
    pair.flush()
    assert pair.server.transport.disconnecting


def test_what_is_posted_and_offered_is_there(pair):
    client, get, store = pair.client, pair.get, pair.house.store
    assert get(client.postArticle(article("<3@a.example>", path=None, body=b".x\r\n"))).code == 240
    assert get(client.offerArticle("<4@a.example>", article("<4@a.example>"))).code == 235
    assert store.articleExistsRequest("<3@a.example>") and store.articleExistsRequest("<4@a.example>")
    assert get(client.fetchBody("<3@a.example>")) == b".x\r\n"
    refused = client.offerArticle("<4@a.example>", article("<4@a.example>"))
    pair.flush()
    assert failure_of(refused, NNTPError).value.code == 435


def test_a_feed_streams_without_waiting(pair):
    client, get = pair.client, pair.get
    with pytest.raises(RuntimeError, match="wait for setStream first"):
        client.takeThis("<3@a.example>", article("<3@a.example>"))
    get(client.setStream())
    ids = [f"<{number}@a.example>" for number in range(1, 6)]
    checks = [client.check(id) for id in ids]
    pair.flush()
    assert [result_of(check) for check in checks] == [False, False, True, True, True]
    taken = [client.takeThis(id, article(id)) for id in ids]
    pair.flush()
    assert [result_of(one) for one in taken] == [False, False, True, True, True]


@pytest.mark.parametrize("sasl", [True, False])
def test_a_login_takes_the_best_way_that_both_know(sasl, monkeypatch):
    pair = Pair(anonymous=Rights(False, False))
    client = pair.client
    if not sasl:
        monkeypatch.setattr("reactor.protocols.basic.logins.offered", lambda *_: [])
        monkeypatch.setattr("reactor.news.nntp.session.mayTakePasswords", lambda _: True)
    refused = client.login(b"ann", b"wrong")
    pair.flush()
    pair.house.clock.advance(1)
    pair.flush()
    assert failure_of(refused, NNTPError).value.code == 481
    assert pair.get(client.login(b"ann", b"secret")) is None
    assert pair.get(client.fetchGroup("doom.kitchen")).size == 0


def test_what_a_server_hands_over_to_another_program_loses_nothing(talk):
    talk.client.modeReader()
    talk.client.fetchGroup("a")
    assert talk.hear() == b"MODE READER\r\n"
    talk.say(b"201 no posting")
    assert talk.client.canPost is False and talk.hear() == b"GROUP a\r\n"


def test_TLS_comes_before_a_login_and_what_was_known_is_asked_again():
    talk = Talk(peer=ELSEWHERE, contextFactory=object())
    login = talk.client.login(b"ann", b"secret")
    talk.hear()
    talk.say(b"101 here", b"VERSION 2", b"STARTTLS", b".")
    assert talk.hear() == b"STARTTLS\r\n"
    talk.say(b"382 go on")
    assert talk.transport.TLS and talk.hear() == b"CAPABILITIES\r\n"
    talk.say(b"101 here", b"SASL PLAIN", b".")
    assert talk.hear() == b"AUTHINFO SASL PLAIN\r\n"
    talk.say(b"383 =")
    assert talk.hear() == base64.b64encode(b"\0ann\0secret") + b"\r\n"
    talk.say(b"281 in")
    assert result_of(login) is None


@pytest.mark.parametrize("answer", [b"383 nonsense", b"383 cj1ub25zZW5zZQ==", b"281 in", b"283 nonsense"])
def test_a_server_that_proves_nothing_is_left_and_gets_no_password(answer):
    pytest.importorskip("scramp")
    talk = Talk(allowInsecureLogin=True)
    login = talk.client.login(b"ann", b"secret")
    talk.say(b"101 here", b"SASL SCRAM-SHA-256 PLAIN", b".", b"383 =")
    talk.hear()
    talk.say(answer)
    assert talk.hear() == b"" and talk.transport.disconnecting
    failure_of(login, LoginFailed)


def test_what_is_asked_after_the_end_fails_at_once(talk):
    talk.close()
    failure_of(talk.client.fetchGroup("a"), type(connectionDone.value))


def test_a_password_is_not_sent_in_the_clear_and_TLS_that_is_missing_is_an_error():
    talk = Talk(peer=ELSEWHERE)
    login = talk.client.login(b"ann", b"secret")
    talk.say(b"101 here", b"AUTHINFO USER SASL", b"SASL PLAIN", b".")
    failure_of(login, LoginFailed)
    talk = Talk(peer=ELSEWHERE, contextFactory=object())
    login = talk.client.login(b"ann", b"secret")
    talk.say(b"500 what?")
    talk.say(b"502 no")
    assert str(failure_of(login, NNTPError).value) == "502 no"


@pytest.mark.parametrize("greeting", [b"400 not now", b"502 not you"])
def test_a_server_that_wants_nobody_says_so_to_whoever_waits(greeting):
    talk = Talk(greeting=None)
    waiting = talk.client.fetchGroup("a")
    talk.say(greeting)
    assert talk.transport.disconnecting
    talk.close()
    assert str(failure_of(waiting, NNTPError).value) == greeting.decode()


def test_a_server_that_falls_silent_is_left(talk):
    waiting = talk.client.fetchArticle(1)
    talk.say(b"220 1 <a@b>", b"Subject: x")
    talk.clock.advance(119)
    talk.say(b"")
    talk.clock.advance(119)
    assert not talk.transport.disconnected
    talk.clock.advance(2)
    assert talk.transport.disconnected
    talk.close()
    assert "has said nothing for 120 s" in str(failure_of(waiting, TimeoutError).value)
    assert not talk.clock.getDelayedCalls()


def test_who_waits_for_nothing_is_not_timed(talk):
    waiting = outcomes(talk.client.fetchBody(1))
    talk.say(b"222 1 <a@b>", b"x", b".")
    assert waiting == [b"x\r\n"] and not talk.clock.getDelayedCalls()


def test_a_text_without_an_end_is_given_up():
    talk = Talk(maxBytes=1000)
    waiting = talk.client.fetchBody(1)
    talk.say(b"222 1 <a@b>", *[b"x" * 98] * 11)
    assert talk.transport.disconnecting
    talk.close()
    assert "a text of more than 1000 bytes" in str(failure_of(waiting, NNTPError).value)


def test_a_list_of_more_lines_than_it_takes_is_refused_as_it_would_fill_the_memory():
    talk = Talk(maxLines=3)
    waiting = [talk.client.fetchXHeader("Subject", 1, 9), talk.client.fetchXHeader("Subject", 1, 9)]
    talk.say(b"221 headers", b"1 a", b"2 b", b"3 c", b".", b"221 headers", b"1 ", b"2 ", b"3 ", b"4 ", b".")
    assert result_of(waiting[0]) == [(1, "a"), (2, "b"), (3, "c")]
    assert "a list of 4 lines, and at most 3 are taken" in str(failure_of(waiting[1], NNTPError).value)


@pytest.mark.parametrize(
    "ask, answer, problem",
    [
        (lambda it: it.fetchGroup("a"), [b"211 x 1 2"], "'x' is no number"),
        (lambda it: it.fetchGroup("a"), [b"211"], "'' is no number"),
        (lambda it: it.fetchGroups(), [b"215", b"a 1", b"."], "'' is no number"),
        (lambda it: it.fetchOverview(1, 2), [b"224", b"soup", b"."], "'soup' is no number"),
        (lambda it: it.fetchOverview(1, 2), [b"502 no"], "502 no"),
        (lambda it: it.modeReader(), [b"299 eh"], "299 eh"),
    ],
)
def test_nonsense_is_an_NNTPError_and_the_connection_goes_on(talk, ask, answer, problem):
    waiting = ask(talk.client)
    talk.say(*answer)
    assert problem in str(failure_of(waiting, NNTPError).value) and not talk.transport.disconnecting


def test_what_is_no_reply_at_all_ends_the_connection(talk, logged_errors):
    waiting = talk.client.fetchGroup("a")
    talk.say(b"hello?")
    assert talk.transport.disconnecting
    talk.close()
    failure_of(waiting, ConnectionDone)
    logged_errors.flush(ReplyError)


@pytest.mark.parametrize("group", ["a\r\nQUIT", "a\nQUIT", "a\0"])
def test_a_name_with_a_line_in_it_is_not_sent(talk, group):
    with pytest.raises(ValueError, match="has no CR, LF or NUL"):
        talk.client.fetchGroup(group)
    assert talk.hear() == b""


def test_a_text_that_breaks_off_fails_with_the_connection(talk):
    waiting = talk.client.fetchArticle(1)
    talk.say(b"220 1 <a@b>", b"half")
    talk.close()
    failure_of(waiting, ConnectionDone)
