"""Logging in by SASL: each mechanism, both sides, and what may not be."""

import base64

import pytest

from tests.support import oracle
from tests.support.outcomes import failure_of, result_of

if oracle.installed():
    pytest.skip("Twisted has its mechanisms in twisted.mail, without a login", allow_module_level=True)

from reactor.cred import checkers, error
from reactor.cred.credentials import IExternal
from reactor.cred.portal import Portal
from reactor.cred.stored_password import StoredPassword
from reactor.defer import Deferred
from reactor.sasl import (
    MECHANISMS,
    ANONYMOUSAuthenticator,
    CramMD5ClientAuthenticator,
    EXTERNALAuthenticator,
    IllegalClientResponse,
    LineLogin,
    LOGINAuthenticator,
    PLAINAuthenticator,
    SCRAMAuthenticator,
    ServerLogin,
    Success,
    choose,
    offered,
    scram,
)
from reactor.sasl.mechanisms import Situation

needs_scramp = pytest.mark.skipif(not scram.is_installed(), reason="scramp is not installed")
PRIVATE = Situation(isPrivate=True)
BINDING = ("tls-server-end-point", b"hash of the certificate")


class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return object, avatarId, self.logout

    logouts = 0

    def logout(self):
        Realm.logouts += 1


class ByCertificate:
    credentialInterfaces = (IExternal,)

    def requestAvatarId(self, credentials):
        if credentials.requested in (b"", credentials.username):
            return credentials.username
        raise error.UnauthorizedLogin


@pytest.fixture
def plain():
    return Portal(Realm(), [checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"s\xc3\xa9cret")])


@pytest.fixture(params=["SCRAM-SHA-256", "SCRAM-SHA-1"])
def stored(request, tmp_path):
    path = tmp_path / "passwd"
    path.write_text(f"alice:{StoredPassword.of('sécret'.encode(), request.param, 4096)}\n")
    portal = Portal(Realm(), [checkers.StoredPasswordFile(path)])
    portal.mechanism = request.param
    return portal


def talk(login, client, secret=b"s\xc3\xa9cret"):
    """Let the two sides talk. Returns the Success, or the Failure."""
    name = client.getName().decode()
    begins = MECHANISMS[name].clientBegins
    step = login.respond(client.challengeResponse(secret, b"") if begins else None)
    for _ in range(5):
        found = []
        step.addBoth(found.append)
        if isinstance(found[0], Success):
            if found[0].data:
                client.challengeResponse(secret, found[0].data)
            return found[0]
        if hasattr(found[0], "check"):
            return found[0]
        step = login.respond(client.challengeResponse(secret, found[0]))
    raise AssertionError("they go on talking")


AUTHENTICATORS = [PLAINAuthenticator, LOGINAuthenticator, CramMD5ClientAuthenticator]


@pytest.mark.parametrize("make", AUTHENTICATORS)
def test_a_client_that_knows_the_password_gets_in_and_others_do_not(plain, make):
    def try_it(user, secret):
        client = make(user)
        return talk(ServerLogin(plain, client.getName().decode(), PRIVATE, None, object), client, secret)

    assert try_it(b"alice", b"s\xc3\xa9cret").avatar == b"alice"
    for user, secret in [(b"alice", b"wrong"), (b"bob", b"s\xc3\xa9cret")]:
        assert try_it(user, secret).check(error.UnauthorizedLogin)


@needs_scramp
def test_SCRAM_proves_both_sides_and_the_file_has_no_password(stored):
    client = SCRAMAuthenticator(b"alice", stored.mechanism)
    assert talk(ServerLogin(stored, stored.mechanism, Situation(), None, object), client).avatar == b"alice"
    assert client.isDone
    for user, secret in [(b"alice", b"wrong"), (b"bob", b"s\xc3\xa9cret")]:
        client = SCRAMAuthenticator(user, stored.mechanism)
        found = talk(ServerLogin(stored, stored.mechanism, Situation(), None, object), client, secret)
        assert found.check(error.UnauthorizedLogin) and not client.isDone


def acting_as(name, mechanism, binding=None):
    """A client, alice's, that says as whom it will act: scramp's says nothing."""
    from scramp.core import Gs2Header

    class Header(Gs2Header):
        def __str__(self):
            return super().__str__().replace(",,", f",a={name},", 1)

    class Client(SCRAMAuthenticator):
        def challengeResponse(self, secret, challenge):
            isFirst = self._client is None
            response = super().challengeResponse(secret, challenge)
            if isFirst:
                self._client.gs2_header.__class__ = Header
                response = response.replace(b",,", f",a={name},".encode(), 1)
            return response

    return Client(b"alice", mechanism, binding)


@needs_scramp
def test_SCRAM_lets_in_who_acts_as_themselves_and_nobody_who_acts_as_another(stored):
    plus = f"{stored.mechanism}-PLUS"
    for mechanism, binding, situation in [
        (stored.mechanism, None, Situation()),
        (plus, BINDING, Situation(binding=BINDING)),
    ]:
        login = ServerLogin(stored, mechanism, situation, None, object)
        client = acting_as("alice", mechanism, binding)
        assert talk(login, client).avatar == b"alice"
        assert client.isDone
        another = acting_as("bob", mechanism, binding)
        found = talk(ServerLogin(stored, mechanism, situation, None, object), another)
        assert found.check(error.LoginFailed)
        assert "must be the name" in found.getErrorMessage()
    wrong = acting_as("alice", stored.mechanism)
    found = talk(ServerLogin(stored, stored.mechanism, Situation(), None, object), wrong, b"wrong")
    assert found.check(error.UnauthorizedLogin)


@needs_scramp
def test_an_unknown_name_gets_a_challenge_like_any_other(stored):
    def challenge(user):
        login = ServerLogin(stored, stored.mechanism, Situation(), None, object)
        return result_of(login.respond(b"n,,n=" + user + b",r=nonce")).split(b",")

    known, unknown, again = challenge(b"alice"), challenge(b"bob"), challenge(b"bob")
    assert [len(part) for part in known[1:]] == [len(part) for part in unknown[1:]]
    assert unknown[1:] == again[1:]


@needs_scramp
def test_SCRAM_PLUS_is_bound_to_its_TLS(stored):
    name = f"{stored.mechanism}-PLUS"
    bound = Situation(binding=BINDING)
    assert name in offered(stored, bound) and name not in offered(stored, Situation())
    client = SCRAMAuthenticator(b"alice", name, BINDING)
    assert talk(ServerLogin(stored, name, bound, None, object), client).avatar == b"alice"
    between = SCRAMAuthenticator(b"alice", name, ("tls-server-end-point", b"another certificate"))
    assert talk(ServerLogin(stored, name, bound, None, object), between).check(error.LoginFailed)


@needs_scramp
def test_a_server_that_does_not_know_the_password_is_found_out(stored):
    client = SCRAMAuthenticator(b"alice", stored.mechanism)
    first = client.challengeResponse(b"s\xc3\xa9cret", b"")
    login = ServerLogin(stored, stored.mechanism, Situation(), None, object)
    client.challengeResponse(b"s\xc3\xa9cret", result_of(login.respond(first)))
    with pytest.raises(error.LoginFailed, match="the server's side of SCRAM-SHA"):
        client.challengeResponse(b"s\xc3\xa9cret", b"v=" + base64.b64encode(bytes(32)))
    assert not client.isDone


@needs_scramp
@pytest.mark.parametrize(
    "message",
    [b"", b"n", b"n,,r=x", b"n,,n=,r=x", b"\xff", b"x" * 5000, b"n,,n=alice,r=", b"p=tls-unique,,n=alice,r=x"],
)
def test_SCRAM_refuses_what_is_no_first_message(stored, message):
    login = ServerLogin(stored, stored.mechanism, Situation(), None, object)
    failure_of(login.respond(message), error.LoginFailed)


@needs_scramp
def test_SCRAM_refuses_what_is_no_proof(stored):
    for message in (b"", b"c=biws,r=other,p=AAAA", b"c=biws"):
        login = ServerLogin(stored, stored.mechanism, Situation(), None, object)
        result_of(login.respond(b"n,,n=alice,r=nonce"))
        failure_of(login.respond(message), error.UnauthorizedLogin)


@needs_scramp
def test_SCRAM_waits_for_a_checker_that_takes_its_time(stored, monkeypatch):
    found = Deferred()
    checker = next(iter(stored.checkers.values()))
    real = checker.requestAvatarId
    monkeypatch.setattr(checker, "requestAvatarId", lambda given: found.addCallback(lambda _: real(given)))
    client = SCRAMAuthenticator(b"alice", stored.mechanism)
    login = ServerLogin(stored, stored.mechanism, Situation(), None, object)
    challenge = login.respond(client.challengeResponse(b"s\xc3\xa9cret", b""))
    got = []
    challenge.addCallback(got.append)
    assert got == []
    found.callback(None)
    assert result_of(login.respond(client.challengeResponse(b"s\xc3\xa9cret", got[0]))).avatar == b"alice"


@needs_scramp
def test_a_client_that_gives_up_in_the_middle_is_not_logged_in(stored, monkeypatch):
    logins, enter = [], stored.login
    monkeypatch.setattr(stored, "login", lambda *given: logins.append(enter(*given)) or logins[-1])
    login = ServerLogin(stored, stored.mechanism, Situation(), None, object)
    result_of(login.respond(b"n,,n=alice,r=nonce"))
    assert not logins[0].called
    login.cancel()
    assert logins[0].called


def test_EXTERNAL_believes_what_TLS_has_proved():
    portal = Portal(Realm(), [ByCertificate()])
    assert offered(portal, Situation()) == []
    proved = Situation(external=b"alice")
    for user in (b"", b"alice"):
        login = ServerLogin(portal, "EXTERNAL", proved, None, object)
        assert talk(login, EXTERNALAuthenticator(user)).avatar == b"alice"
    login = ServerLogin(portal, "EXTERNAL", proved, None, object)
    assert talk(login, EXTERNALAuthenticator(b"root")).check(error.UnauthorizedLogin)


def test_ANONYMOUS_is_nobody_in_particular():
    portal = Portal(Realm(), [checkers.AllowAnonymousAccess()])
    login = ServerLogin(portal, "ANONYMOUS", Situation(), None, object)
    assert talk(login, ANONYMOUSAuthenticator(b"me@example.org")).avatar == ()
    failure_of(ServerLogin(portal, "ANONYMOUS", Situation(), None, object).respond(b"x" * 256), IllegalClientResponse)


# --- what is offered


def test_a_password_in_the_clear_is_asked_for_in_private_only(plain):
    assert offered(plain, PRIVATE) == ["CRAM-MD5", "PLAIN", "LOGIN"]
    assert offered(plain, Situation()) == ["CRAM-MD5"]


@needs_scramp
def test_a_file_without_passwords_offers_no_CRAM(stored):
    assert offered(stored, PRIVATE) == ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN"]
    assert talk(ServerLogin(stored, "PLAIN", PRIVATE, None, object), PLAINAuthenticator(b"alice")).avatar == b"alice"


def test_without_scramp_there_is_no_SCRAM(tmp_path, monkeypatch):
    monkeypatch.setattr(scram, "is_installed", lambda: False)
    portal = Portal(Realm(), [checkers.StoredPasswordFile(tmp_path / "passwd")])
    assert offered(portal, PRIVATE) == ["PLAIN", "LOGIN"]
    assert choose(["SCRAM-SHA-256", "PLAIN"], b"a", isPrivate=True).getName() == b"PLAIN"


@pytest.mark.parametrize("name", ["PLAIN", "GSSAPI", "", "plain"])
def test_what_is_not_offered_cannot_be_used(plain, name):
    with pytest.raises(error.LoginFailed, match="is not among CRAM-MD5"):
        ServerLogin(plain, name, Situation(), None, object)


def test_a_name_of_a_mechanism_may_be_in_small_letters(plain):
    assert talk(ServerLogin(plain, "plain", PRIVATE, None, object), PLAINAuthenticator(b"alice")).avatar == b"alice"


# --- responses that are none


@pytest.mark.parametrize(
    "response",
    [b"", b"alice", b"\0alice", b"\0alice\0", b"\0\0x", b"a\0b\0c\0d", b"root\0alice\0x", b"\0a\0" + b"x" * 1025],
)
def test_PLAIN_refuses_what_has_not_three_parts_or_acts_as_another(plain, response):
    failure_of(ServerLogin(plain, "PLAIN", PRIVATE, None, object).respond(response), IllegalClientResponse)


def test_PLAIN_may_name_the_one_who_acts(plain):
    login = ServerLogin(plain, "PLAIN", PRIVATE, None, object)
    assert result_of(login.respond(b"alice\0alice\0s\xc3\xa9cret")).avatar == b"alice"


def test_PLAIN_waits_for_a_client_that_sent_nothing_along(plain):
    login = ServerLogin(plain, "PLAIN", PRIVATE, None, object)
    assert result_of(login.respond(None)) == b""
    assert result_of(login.respond(b"\0alice\0s\xc3\xa9cret")).avatar == b"alice"


def test_LOGIN_takes_the_name_along_with_the_command(plain):
    login = ServerLogin(plain, "LOGIN", PRIVATE, None, object)
    assert result_of(login.respond(b"alice")) == b"Password\0"
    assert result_of(login.respond(b"s\xc3\xa9cret")).avatar == b"alice"


@pytest.mark.parametrize("response", [b"", b"a\0b", b"x" * 1025])
def test_LOGIN_refuses_a_name_that_is_none(plain, response):
    failure_of(ServerLogin(plain, "LOGIN", PRIVATE, None, object).respond(response), IllegalClientResponse)


def test_CRAM_MD5_begins_with_the_server(plain):
    failure_of(ServerLogin(plain, "CRAM-MD5", PRIVATE, None, object).respond(b"alice 0"), IllegalClientResponse)


def test_a_client_cannot_send_a_NUL_by_PLAIN():
    with pytest.raises(error.LoginFailed, match="can't carry a name or password with NUL"):
        PLAINAuthenticator(b"alice").challengeResponse(b"a\0b", b"")


# --- what a client chooses


@needs_scramp
@pytest.mark.parametrize(
    "offers, private, binding, name",
    [
        (["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"], True, None, b"SCRAM-SHA-256"),
        (["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"], True, BINDING, b"SCRAM-SHA-256-PLUS"),
        (["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"], True, None, b"SCRAM-SHA-256"),
        ([b"login", b"cram-md5"], False, None, b"CRAM-MD5"),
        (["LOGIN", "PLAIN"], True, None, b"PLAIN"),
        (["LOGIN"], True, None, b"LOGIN"),
    ],
)
def test_a_client_takes_the_strongest(offers, private, binding, name):
    assert choose(offers, b"alice", private, binding).getName() == name


def test_a_client_does_not_send_its_password_in_the_clear():
    message = "the server offers LOGIN, PLAIN, and a password isn't sent in the clear"
    with pytest.raises(error.LoginFailed, match=message):
        choose(["PLAIN", "LOGIN"], b"alice", isPrivate=False)
    with pytest.raises(error.LoginFailed, match="the server offers no way to log in"):
        choose([], b"alice", isPrivate=True)


def line_login(portal, mechanism):
    return LineLogin(ServerLogin(portal, mechanism, PRIVATE, None, object))


def test_in_lines_challenges_and_responses_are_base64(plain):
    login = line_login(plain, "LOGIN")
    assert base64.b64decode(result_of(login.respond(None))) == b"User Name\0"
    assert base64.b64decode(result_of(login.respond(base64.b64encode(b"alice")))) == b"Password\0"
    assert result_of(login.respond(base64.b64encode(b"s\xc3\xa9cret"))).avatar == b"alice"


@needs_scramp
def test_in_lines_a_last_word_is_a_challenge_whose_response_is_empty(stored):
    client, login, line = SCRAMAuthenticator(b"alice", stored.mechanism), line_login(stored, stored.mechanism), b""
    for _ in range(3):
        line = client.challengeResponse("sécret".encode(), base64.b64decode(line))
        line = result_of(login.respond(base64.b64encode(line)))
    assert isinstance(line, Success) and line.avatar == b"alice"


@needs_scramp
def test_in_lines_who_leaves_before_the_last_word_is_answered_is_logged_out(stored):
    client, login, line = SCRAMAuthenticator(b"alice", stored.mechanism), line_login(stored, stored.mechanism), b""
    for _ in range(2):
        line = client.challengeResponse("sécret".encode(), base64.b64decode(line))
        line = result_of(login.respond(base64.b64encode(line)))
    before = Realm.logouts
    login.cancel()
    assert Realm.logouts == before + 1


@pytest.mark.parametrize("line, says", [(b"*", "gave up"), (b"no base64!", "base64"), (b"YQ", "base64")])
def test_in_lines_who_gives_up_or_sends_no_base64_fails(plain, line, says):
    login = line_login(plain, "LOGIN")
    login.respond(None)
    assert says in str(failure_of(login.respond(line)).value)


def test_in_lines_an_equals_sign_is_an_empty_response(plain):
    login = line_login(plain, "PLAIN")
    assert failure_of(login.respond(b"=")).check(IllegalClientResponse)
