"""Pages behind HTTP Basic and Digest."""

import base64
import hashlib
import re

import pytest

from reactor.cred import checkers, error
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.protocols.policies import LoginLimits
from reactor.testing import Clock
from reactor.web.guard import (
    BasicCredentialFactory,
    DigestCredentialFactory,
    HTTPAuthSessionWrapper,
    UnauthorizedResource,
)
from reactor.web.resource import IResource, Resource
from reactor.web.server import NOT_DONE_YET
from tests.support.web_doubles import Page, Talk

ALICE = "Basic " + base64.b64encode(b"alice:secret").decode()


class Realm:
    """Gives a tree whose pages say who asked for them."""

    def __init__(self):
        self.logins, self.logouts = 0, 0

    def requestAvatar(self, avatarId, mind, *interfaces):
        assert interfaces == (IResource,)
        self.logins += 1
        root = Resource()
        root.putChild(b"who", Page(lambda request: repr((avatarId, request.postpath)).encode()))
        root.putChild(b"later", Page(lambda request: NOT_DONE_YET))
        return IResource, root, self.logout

    def logout(self):
        self.logouts += 1


@pytest.fixture
def realm():
    return Realm()


@pytest.fixture
def portal(realm):
    return Portal(realm, [checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")])


def guarded(portal, *factories):
    root = Resource()
    root.putChild(b"in", HTTPAuthSessionWrapper(portal, factories or [BasicCredentialFactory(b"kitchen")]))
    return Talk(root)


def challenge(response):
    scheme, _, rest = response.headers[b"www-authenticate"].partition(b" ")
    return scheme, {name.decode(): value for name, value in re.findall(rb'(\w+)="([^"]*)"', rest)}


def answer(refusal, method=b"GET", uri=b"/in/who", password=b"secret", using="md5", **changed):
    """The header with which a client answers a challenge of Digest."""
    _, fields = challenge(refusal)

    def hashed(*parts):
        return hashlib.new(using.replace("-", ""), b":".join(parts)).hexdigest().encode()

    secret, asked = hashed(b"alice", fields["realm"], password), hashed(method, uri)
    proof = hashed(secret, fields["nonce"], b"00000001", b"c", b"auth", asked)
    fields |= {"username": b"alice", "uri": uri, "nc": b"00000001", "cnonce": b"c", "qop": b"auth", "response": proof}
    fields |= {name: value for name, value in changed.items() if value is not None}
    fields = {name: value for name, value in fields.items() if changed.get(name, "") is not None}
    return "Digest " + ", ".join(f'{name}="{value.decode()}"' for name, value in fields.items())


def test_a_page_is_for_those_with_the_right_password(portal):
    response = guarded(portal).get("/in/who/else", Authorization=ALICE)
    assert (response.code, response.body) == (200, b"(b'alice', [b'else'])")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Basic " + base64.b64encode(b"alice:wrong").decode(),
        "Basic !",
        "Basic YWxpY2U=",
        "Kerberos x",
        "Basic",
        "x",
    ],
)
def test_others_get_401_and_a_challenge(portal, realm, header):
    response = guarded(portal).get("/in/who", **({"Authorization": header} if header else {}))
    assert (response.code, response.body) == (401, b"Unauthorized")
    assert challenge(response) == (b"basic", {"realm": b"kitchen"})
    assert realm.logins == 0


def test_HEAD_gets_401_without_a_body(portal):
    response = guarded(portal).get("/in/who", method="HEAD")
    assert (response.code, response.body) == (401, b"")


def test_the_guard_answers_for_itself_and_for_all_below(portal):
    talk = guarded(portal)
    assert [talk.get(path).code for path in ("/in", "/in/", "/in/who", "/in/nothing/here")] == [401] * 4
    assert talk.get("/in/nothing", Authorization=ALICE).code == 404


def test_each_factory_has_its_challenge_the_preferred_first(portal):
    talk = guarded(portal, DigestCredentialFactory(b"sha-256", b'a "quoted" \\ realm'), BasicCredentialFactory(b"b"))
    talk.send(b"GET /in HTTP/1.1\r\nHost: x\r\n\r\n")
    lines = [line for line in talk.taken().split(b"\r\n") if line.lower().startswith(b"www-authenticate")]
    assert [line.partition(b": ")[2].partition(b" ")[0] for line in lines] == [b"digest", b"basic"]
    assert b'realm="a \\"quoted\\" \\\\ realm"' in lines[0]


def test_nobody_in_particular_may_come_in_where_the_portal_lets_them(portal):
    portal.registerChecker(checkers.AllowAnonymousAccess())
    assert guarded(portal).get("/in/who").body == b"((), [])"
    assert guarded(portal).get("/in/who", Authorization="Basic !").code == 401


def test_who_came_in_is_logged_out_when_the_answer_is_complete(portal, realm):
    talk = guarded(portal)
    talk.get("/in/who", Authorization=ALICE)
    assert (realm.logins, realm.logouts) == (1, 1)


def test_who_came_in_is_logged_out_when_the_client_goes(portal, realm):
    talk = guarded(portal)
    talk.send(f"GET /in/later HTTP/1.1\r\nHost: x\r\nAuthorization: {ALICE}\r\n\r\n".encode())
    assert (realm.logins, realm.logouts) == (1, 0)
    talk.lose()
    assert realm.logouts == 1


def test_a_client_that_goes_while_the_login_goes_on_is_logged_out_and_nothing_is_rendered(portal, realm):
    checked = Deferred()
    portal.checkers[next(iter(portal.checkers))].requestAvatarId = lambda given: checked
    talk = guarded(portal)
    talk.send(f"GET /in/who HTTP/1.1\r\nHost: x\r\nAuthorization: {ALICE}\r\n\r\n".encode())
    talk.lose()
    checked.callback(b"alice")
    assert (realm.logins, realm.logouts, talk.taken()) == (1, 1, b"")


def test_who_guesses_waits_and_in_the_end_the_right_password_does_not_help_either(portal):
    limits = LoginLimits(clock := Clock(), first_delay_s=1, most=2)
    root = Resource()
    root.putChild(b"in", HTTPAuthSessionWrapper(portal, [BasicCredentialFactory(b"kitchen")], limits))
    talk = Talk(root)

    def seconds_to(code, password):
        given = base64.b64encode(b"alice:" + password).decode()
        talk.send(f"GET /in/who HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {given}\r\n\r\n".encode())
        before = clock.seconds()
        while not (answer := talk.taken()):
            clock.advance(1)
        assert answer.startswith(b"HTTP/1.1 %d " % code)
        return clock.seconds() - before

    assert [seconds_to(*case) for case in [(200, b"secret"), (401, b"a"), (401, b"b")]] == [0, 1, 2]
    assert seconds_to(401, b"secret") == limits.longest_delay_s
    assert talk.get("/in/who").code == 401  # who doesn't try to log in waits for nothing


def test_a_checker_that_breaks_is_500_and_logged_without_telling_the_client(portal, logged_errors):
    def broken(given):
        raise OSError("the secret disk")

    portal.checkers[next(iter(portal.checkers))].requestAvatarId = broken
    response = guarded(portal).get("/in/who", Authorization=ALICE)
    assert response.code == 500 and b"disk" not in response.body
    assert len(logged_errors.flush(OSError)) == 1


def test_a_factory_that_breaks_is_500_and_logged(portal, logged_errors):
    class Broken(BasicCredentialFactory):
        def decode(self, response, request):
            raise ZeroDivisionError

    assert guarded(portal, Broken(b"x")).get("/in/who", Authorization=ALICE).code == 500
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_a_realm_that_denies_a_login_is_401(portal, realm):
    def deny(*args):
        raise error.LoginDenied

    realm.requestAvatar = deny
    assert guarded(portal).get("/in/who", Authorization=ALICE).code == 401


def test_nothing_can_be_put_below_the_guard(portal):
    with pytest.raises(NotImplementedError, match="below a resource that the realm gives"):
        HTTPAuthSessionWrapper(portal, []).putChild(b"x", Resource())


# --- Digest


@pytest.mark.parametrize("algorithm", ["md5", "sha-256"])
def test_digest_proves_the_password_without_sending_it(portal, algorithm):
    talk = guarded(portal, DigestCredentialFactory(algorithm.encode(), b"kitchen"))
    header = answer(talk.get("/in/who"), using=algorithm)
    assert "secret" not in header
    assert talk.get("/in/who", Authorization=header).body == b"(b'alice', [])"


CHANGES = {
    "another password": {"password": b"wrong"},
    "another method": {"method": b"POST"},
    "another address": {"uri": b"/in/other"},
    "no name": {"username": None},
    "no nonce": {"nonce": None},
    "a nonce of its own": {"nonce": b"mine"},
    "no opaque": {"opaque": None},
    "an opaque of its own": {"opaque": b"a-b"},
    "an opaque without a dash": {"opaque": b"ab"},
    "no response": {"response": None},
    "an empty response": {"response": b""},
    "no address": {"uri": b"/in/who", "response": b"x"},
    "an algorithm of its choice": {"algorithm": b"sha"},
    "an algorithm that there isn't": {"algorithm": b"rot13"},
    "protection of the body": {"qop": b"auth-int"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_digest_refuses(portal, change):
    talk = guarded(portal, DigestCredentialFactory(b"md5", b"kitchen"))
    header = answer(talk.get("/in/who"), **change)
    assert talk.get("/in/who", Authorization=header).code == 401


@pytest.mark.parametrize(
    "header", ["Digest", "Digest =", 'Digest a="', "Digest a=b c", 'Digest username="a", x', "Digest \xff"]
)
def test_digest_refuses_what_it_cannot_read(portal, header):
    talk = guarded(portal, DigestCredentialFactory(b"md5", b"kitchen"))
    assert talk.get("/in/who", Authorization=header).code == 401


def test_an_answer_that_comes_too_late_is_refused(portal):
    factory = DigestCredentialFactory(b"md5", b"kitchen")
    now = [1000.0]
    factory.digest._getTime = lambda: now[0]
    talk = guarded(portal, factory)
    header = answer(talk.get("/in/who"))
    now[0] += 900
    assert talk.get("/in/who", Authorization=header).code == 200
    now[0] += 1
    assert talk.get("/in/who", Authorization=header).code == 401


def test_an_answer_to_another_servers_challenge_is_refused(portal):
    one, other = (guarded(portal, DigestCredentialFactory(b"md5", b"kitchen")) for _ in range(2))
    assert other.get("/in/who", Authorization=answer(one.get("/in/who"))).code == 401


def test_an_unknown_algorithm_is_an_error_when_the_factory_is_made():
    with pytest.raises(ValueError, match="the algorithm is md5, sha or sha-256, not b'md5-sess'"):
        DigestCredentialFactory(b"md5-sess", b"kitchen")


def test_digest_is_not_offered_a_checker_that_has_no_passwords(tmp_path, realm):
    path = tmp_path / "passwd"
    path.write_text("")
    talk = guarded(Portal(realm, [checkers.StoredPasswordFile(path)]), DigestCredentialFactory(b"md5", b"kitchen"))
    assert talk.get("/in/who", Authorization=answer(talk.get("/in/who"))).code == 401


def test_whatever_is_below_a_page_that_nobody_may_see_is_that_page():
    page = UnauthorizedResource([])
    assert page.getChildWithDefault(b"child", None) is page
