"""The portal, between checkers and a realm."""

import pytest

from reactor.cred import checkers, credentials, error
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from tests.support import oracle
from tests.support.outcomes import failure_of, result_of


class ICanRead:
    """What this realm's avatars can do."""


class Realm:
    def __init__(self):
        self.asked, self.left = [], 0

    def requestAvatar(self, avatarId, mind, *interfaces):
        self.asked.append((avatarId, mind, interfaces))
        if ICanRead not in interfaces:
            raise NotImplementedError
        return ICanRead, f"avatar of {avatarId!r}", self.logout

    def logout(self):
        self.left += 1


@pytest.fixture
def realm():
    return Realm()


@pytest.fixture
def portal(realm):
    return Portal(realm, [checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")])


def test_whoever_proves_who_they_are_gets_what_the_realm_gives(portal, realm):
    mind = object()
    login = portal.login(credentials.UsernamePassword(b"alice", b"secret"), mind, ICanRead, object)
    interface, avatar, logout = result_of(login)
    assert (interface, avatar, realm.asked) == (ICanRead, "avatar of b'alice'", [(b"alice", mind, (ICanRead, object))])
    logout()
    assert realm.left == 1


@pytest.mark.parametrize("name, password", [(b"alice", b"wrong"), (b"alice", b""), (b"bob", b"secret"), (b"", b"")])
def test_a_wrong_name_and_a_wrong_password_fail_alike_and_the_realm_is_not_asked(portal, realm, name, password):
    failure = failure_of(portal.login(credentials.UsernamePassword(name, password), None, ICanRead))
    assert failure.check(error.UnauthorizedLogin) and failure.getErrorMessage() == ""
    assert realm.asked == []


def test_credentials_that_no_checker_checks_are_unhandled(portal):
    failure = failure_of(portal.login(credentials.Anonymous(), None, ICanRead))
    assert failure.check(error.UnhandledCredentials)
    assert str(failure.value) == "No checker for " + (
        "twisted.cred.credentials.IAnonymous" if oracle.installed() else "reactor.cred.credentials.simple.Anonymous"
    )


def test_anonymous_is_an_avatar_that_no_name_can_be(portal, realm):
    portal.registerChecker(checkers.AllowAnonymousAccess())
    result_of(portal.login(credentials.Anonymous(), None, ICanRead))
    assert realm.asked == [((), None, (ICanRead,))]
    assert checkers.ANONYMOUS == ()


def test_a_realm_that_knows_none_of_the_interfaces_fails_the_login(portal):
    login = portal.login(credentials.UsernamePassword(b"alice", b"secret"), None, object)
    assert failure_of(login).check(NotImplementedError)


def test_a_portal_lists_what_its_checkers_check(portal):
    both = {credentials.IUsernamePassword, credentials.IUsernameHashedPassword}
    assert set(portal.listCredentialsInterfaces()) == both
    portal.registerChecker(checkers.AllowAnonymousAccess())
    assert set(portal.listCredentialsInterfaces()) == {*both, credentials.IAnonymous}


def test_a_checker_can_be_registered_for_some_of_what_it_checks(realm):
    portal = Portal(realm)
    checker = checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
    portal.registerChecker(checker, credentials.IUsernamePassword)
    assert portal.listCredentialsInterfaces() == [credentials.IUsernamePassword]


def test_the_checker_that_is_registered_last_checks(realm, portal):
    portal.registerChecker(checkers.InMemoryUsernamePasswordDatabaseDontUse(bob=b"x"))
    assert failure_of(portal.login(credentials.UsernamePassword(b"alice", b"secret"), None, ICanRead))
    assert result_of(portal.login(credentials.UsernamePassword(b"bob", b"x"), None, ICanRead))


def test_a_checker_and_a_realm_may_take_their_time(realm):
    checked, granted = Deferred(), Deferred()

    class Slow:
        credentialInterfaces = (credentials.IUsernamePassword,)

        def requestAvatarId(self, given):
            return checked

    realm.requestAvatar = lambda *args: granted
    got = []
    Portal(realm, [Slow()]).login(credentials.UsernamePassword(b"a", b"b"), None, ICanRead).addCallback(got.append)
    checked.callback(b"a")
    assert got == []
    granted.callback("all three")
    assert got == ["all three"]


def test_a_checker_that_raises_fails_the_login(realm):
    class Broken:
        credentialInterfaces = (credentials.IUsernamePassword,)

        def requestAvatarId(self, given):
            raise OSError("no disk")

    login = Portal(realm, [Broken()]).login(credentials.UsernamePassword(b"a", b"b"), None, ICanRead)
    assert failure_of(login).check(OSError)


def test_credentials_of_a_programs_own_say_what_they_are_by_implementer(portal):
    @oracle.implements(credentials.IUsernameHashedPassword)
    class Backwards:
        username = b"alice"

        def checkPassword(self, password):
            return password[::-1] == b"terces"

    assert result_of(portal.login(Backwards(), None, ICanRead))
