"""Who gets into a mailbox of POP3, by which door, and that nobody else does meanwhile."""

import base64
from hashlib import md5

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's POP3 differs in what it refuses", allow_module_level=True)

from reactor.cred.error import UnauthorizedLogin
from reactor.defer import Deferred
from reactor.mail.maildrop import Maildrop
from reactor.mail.pop3 import POP3, APOPCredentials
from tests.mail.pop3_doubles import ELSEWHERE, House

BAD = b"-ERR [AUTH] this name and password let nobody in\r\n"


@pytest.fixture
def house():
    return House()


def test_one_session_locks_the_maildrop_until_it_ends(house):
    first = house.logged_in()
    second = house.open(b"USER alice")
    assert second.say(b"PASS a secret") == b""  # an answer to a failure comes later
    house.clock.advance(15)
    assert second.hear() == b"-ERR [IN-USE] not now\r\n"
    first.hang_up()
    second.say(b"USER alice")
    assert second.say(b"PASS a secret") == b"+OK welcome\r\n"


def test_after_the_goodbye_is_heard_the_maildrop_is_free(house):
    first = house.logged_in()
    assert first.say(b"QUIT") == b"+OK goodbye\r\n"
    assert house.logged_in().say(b"NOOP") == b"+OK\r\n"


def test_USER_tells_nobody_who_exists_and_a_wrong_name_fails_as_a_wrong_password(house):
    talk = house.open()
    answers = []
    for user, password in ((b"alice", b"wrong"), (b"nobody", b"a secret")):
        answers.append(talk.say(b"USER " + user))
        talk.say(b"PASS " + password)
        house.clock.advance(15)
        answers.append(talk.hear())
    assert answers == [b"+OK and PASS?\r\n", BAD] * 2


def test_who_guesses_waits_longer_each_time_and_is_denied_at_last(house):
    waits = []
    for _ in range(25):
        talk, waited = house.open(b"USER alice", b"PASS guess"), 0
        while not (answer := talk.hear()):
            house.clock.advance(0.5)
            waited += 0.5
        waits.append(waited)
        talk.hang_up()
    assert waits[:4] == [0.5, 1, 2, 4] and answer == b"-ERR [SYS/TEMP] not now\r\n"


def test_nothing_but_a_login_comes_before_it(house):
    for command in (b"STAT", b"LIST", b"RETR 1", b"DELE 1"):
        assert b"doesn't come before the login" in house.open().say(command)
    for command in (b"USER alice", b"STLS", b"AUTH PLAIN", b"UTF8"):
        assert b"doesn't come after the login" in house.logged_in().say(command)
        house = House()


def test_a_password_isnt_taken_over_a_network_in_the_clear():
    house = House(peer=ELSEWHERE, contextFactory=object())
    talk = house.open(b"USER alice")
    assert talk.say(b"PASS a secret") == b"-ERR a password isn't taken in the clear: begin with STLS\r\n"
    capabilities = talk.say(b"CAPA")
    assert b"STLS\r\n" in capabilities and b"USER\r\n" not in capabilities.replace(b"UTF8 USER", b"")
    assert b"SASL CRAM-MD5\r\n" in capabilities
    talk.say(b"STLS")
    assert b"SASL CRAM-MD5 PLAIN LOGIN\r\nUSER\r\n" in talk.say(b"CAPA")
    talk.say(b"USER alice")
    assert talk.say(b"PASS a secret") == b"+OK welcome\r\n"


def test_what_came_in_the_clear_behind_STLS_is_forgotten_and_so_is_the_name_before_it():
    house = House(peer=ELSEWHERE, contextFactory=object())
    talk = house.open(b"USER alice")
    assert talk.say(b"STLS", b"USER mallory", b"NOOP") == b"+OK begin\r\n"
    assert talk.say(b"PASS a secret") == b"-ERR USER comes before PASS\r\n"
    assert talk.say(b"STLS") == b"-ERR TLS can't begin here, or has begun already\r\n"
    assert b"STLS" not in talk.say(b"CAPA")


def test_without_a_context_there_is_no_STLS(house):
    assert house.open().say(b"STLS") == b"-ERR TLS can't begin here, or has begun already\r\n"


def test_APOP_is_off_unless_asked_for(house):
    assert house.session().magic is None
    assert house.open().say(b"APOP alice 0123") == b"-ERR there is no APOP here\r\n"


def test_APOP_is_a_hash_of_a_challenge_that_is_never_the_same():
    house = House(allowAPOP=True)
    talk, other = house.open(), house.open()
    assert talk.session.magic != other.session.magic
    digest = md5(talk.session.magic + b"a secret").hexdigest().encode()
    other.say(b"APOP alice " + digest)
    house.clock.advance(15)
    assert other.hear() == BAD
    assert talk.say(b"APOP alice " + digest) == b"+OK welcome\r\n"


def test_APOP_greets_with_what_is_to_be_hashed():
    house = House(allowAPOP=True)
    session, transport = house.session(), house.transport()
    session.makeConnection(transport)
    assert transport.value() == b"+OK ready " + session.magic + b"\r\n"
    assert APOPCredentials(
        b"<1896.697170952@dbc.mtview.ca.us>", b"mrose", b"c4c9334bac560ecc979e58001b3e22fb"
    ).checkPassword(b"tanstaaf")


def b64(text):
    return base64.b64encode(text)


def test_AUTH_with_a_first_response_and_without_one(house):
    plain = b64(b"\0alice\0a secret")
    assert house.open().say(b"AUTH PLAIN " + plain) == b"+OK welcome\r\n"
    talk = House().open()
    assert talk.say(b"AUTH plain") == b"+ \r\n"
    assert talk.say(plain) == b"+OK welcome\r\n"


@pytest.mark.parametrize(
    "lines, says",
    [
        ([b"AUTH PLAIN", b"*"], BAD),
        ([b"AUTH PLAIN", b"no base64"], BAD),
        ([b"AUTH PLAIN ="], BAD),
        ([b"AUTH NONSENSE"], BAD),
        ([b"AUTH CRAM-MD5 " + b64(b"alice 0")], BAD),
    ],
)
def test_AUTH_that_is_cancelled_or_nonsense_fails_and_commands_follow(house, lines, says):
    talk = house.open()
    assert talk.say(*lines).endswith(says)
    assert b"+OK these are here" in talk.say(b"CAPA")


def test_a_response_may_be_longer_than_a_command_and_not_endless(house):
    talk = house.open(b"AUTH PLAIN")
    heard = talk.say(b64(b"\0alice\0" + b"x" * 5000))
    house.clock.advance(15)
    assert heard + talk.hear() == BAD
    talk.say(b"AUTH PLAIN")
    assert talk.say(b"x" * 13_000) == b"-ERR a line has at most 12288 bytes\r\n"
    assert talk.say(b"*") == BAD


def test_a_login_that_ends_after_the_client_left_is_undone(house, monkeypatch):
    login, unlocked = Deferred(), []
    monkeypatch.setattr(POP3, "authenticateUserPASS", lambda self, user, password: login)
    talk = house.open(b"USER alice", b"PASS a secret")
    talk.hang_up()
    login.callback((object, Maildrop(house.store), lambda: unlocked.append(True)))
    assert unlocked == [True]


def test_logout_is_called_once(house):
    talk = house.logged_in()
    talk.say(b"QUIT")
    talk.hang_up()
    again = house.logged_in()
    talk.session.connectionLost()
    assert b"IN-USE" in (house.open(b"USER alice", b"PASS a secret"), house.clock.advance(15))[0].hear()
    again.hang_up()


def test_a_protocol_without_a_portal_lets_nobody_in():
    class Mine(POP3):
        def authenticateUserPASS(self, user, password):
            if password != b"x":
                raise UnauthorizedLogin
            return object, Maildrop(House().store), lambda: None

    house = House()
    house.factory.protocol = POP3
    house.factory.buildProtocol = lambda addr: POP3()
    assert house.open(b"USER alice").say(b"PASS x") == BAD
    house.factory.buildProtocol = lambda addr: Mine()
    assert house.open(b"USER alice").say(b"PASS x") == b"+OK welcome\r\n"


def test_after_a_login_by_AUTH_a_command_is_as_short_as_before_and_TLS_cannot_begin():
    house = House(contextFactory=object())
    talk = house.open(b"AUTH PLAIN " + base64.b64encode(b"\0alice\0a secret"))
    assert talk.say(b"NOOP").startswith(b"+OK")
    assert talk.say(b"NOOP " + b"x" * 300).startswith(b"-ERR a line has at most 255 bytes")
    assert b"STLS" not in talk.say(b"CAPA") and talk.say(b"STLS").startswith(b"-ERR ")


def test_a_client_that_goes_in_the_middle_of_AUTH_ends_the_login(house, monkeypatch):
    cancelled = []
    monkeypatch.setattr("reactor.sasl.LineLogin.cancel", lambda login: cancelled.append(login))
    talk = house.open(b"AUTH PLAIN")
    talk.hang_up()
    assert len(cancelled) == 1
