"""Logins by challenge and without a name, and factories that wait for a connection."""

import gc

import pytest

from reactor.cred.credentials import Anonymous, UsernamePassword
from reactor.cred.error import LoginDenied, UnauthorizedLogin, UnhandledCredentials
from reactor.defer import Deferred
from reactor.spread import pb
from tests.spread.spread_doubles import ELSEWHERE, House, Kitchen, Pair

ANN = UsernamePassword(b"ann", b"secret")


def test_secure_a_challenge_is_answered_and_gives_an_avatar_that_is_called():
    house, mind = House(), Kitchen(ring=lambda: "rrr")
    pair = Pair(house.portal)
    avatar = pair.result(pair.client_factory.login(ANN, mind))
    assert pair.result(avatar.callRemote("name")) == b"ann"
    assert pair.result(house.avatars[0].mind.callRemote("ring")) == "rrr"


def test_secure_anonymous_is_somebody_where_the_portal_says_so():
    house = House()
    pair = Pair(house.portal)
    assert pair.result(pair.result(pair.client_factory.login(Anonymous())).callRemote("name")) == b"nobody"
    house.portal.checkers.popitem()
    login = pair.client_factory.login(Anonymous())
    pair.flush()
    pair.clock.advance(1)
    with pytest.raises(pb.RemoteError, match=r"^$"):
        pair.result(login)
    assert pair.failure.check(UnhandledCredentials)


@pytest.mark.parametrize("credentials", [UsernamePassword(b"ann", b"wrong"), UsernamePassword(b"bob", b"secret")])
def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words_later_each_time(credentials):
    pair = Pair(House().portal)
    for delay in (0.5, 1.0):
        login, ended = pair.client_factory.login(credentials), []
        login.addBoth(lambda result, ended=ended: ended.append(1) or result)
        pair.flush()
        pair.clock.advance(delay - 0.01)
        pair.flush()
        assert not ended
        pair.clock.advance(0.02)
        with pytest.raises(pb.RemoteError) as caught:
            pair.result(login)
        assert pair.failure.check(UnauthorizedLogin)
        assert (caught.value.remoteType, str(caught.value)) == ("twisted.cred.error.UnauthorizedLogin", "")


def test_a_challenge_is_new_each_time_and_has_one_answer():
    pair = Pair(House().portal)
    asked, challenger = pair.call("login", b"ann")
    assert pair.call("login", "ann")[0] != asked
    with pytest.raises(pb.RemoteError, match="one answer"):
        pair.result(challenger.callRemote("respond", "text", None))
    assert pair.result(challenger.callRemote("respond", pb.respond(asked, b"secret"), None))
    with pytest.raises(pb.RemoteError, match="one answer"):
        pair.result(challenger.callRemote("respond", pb.respond(asked, b"secret"), None))


@pytest.mark.parametrize("name", [b"x" * 1001, 5, [], None])
def test_a_name_is_bytes_or_text_and_not_too_long(name):
    with pytest.raises(pb.RemoteError, match="at most 1000 bytes"):
        Pair(House().portal).call("login", name)


def test_over_a_network_in_the_clear_neither_side_logs_in():
    pair = Pair(House().portal, peer=ELSEWHERE)
    with pytest.raises(LoginDenied, match="use TLS"):
        pair.result(pair.client_factory.login(ANN))
    pair.client_factory.allowInsecureLogin = True
    with pytest.raises(pb.RemoteError, match="use TLS"):
        pair.result(pair.client_factory.login(ANN))
    pair.factory.allowInsecureLogin = True
    assert pair.result(pair.client_factory.login(ANN))


def test_whoever_drops_the_avatar_or_is_gone_is_logged_out_once():
    house = House()
    pair = Pair(house.portal)
    avatars = [pair.result(pair.client_factory.login(ANN)) for _ in range(2)]
    avatars.pop()
    gc.collect()
    pair.flush()
    assert [one.is_there for one in house.avatars] == [True, False]
    house.avatars[1].is_there = "untouched"
    pair.cut()
    assert [one.is_there for one in house.avatars] == [False, "untouched"]


def test_who_holds_as_many_references_as_are_allowed_is_logged_out_at_once_and_the_others_when_it_is_gone():
    house = House()
    pair = Pair(house.portal)
    pair.server.lent.most = 4
    kept = [pair.result(pair.client_factory.login(Anonymous())) for _ in range(3)]
    for _ in range(3):
        with pytest.raises(pb.RemoteError, match="the peer refers to 4 objects"):
            pair.result(pair.client_factory.login(Anonymous()))
    assert [one.is_there for one in house.avatars] == [True] * 3 + [False] * 3
    pair.cut()
    assert len(kept) == 3 and not any(one.is_there for one in house.avatars)


def test_before_the_login_a_message_has_little_room_and_then_as_much_as_for_others():
    pair = Pair(House().portal)
    avatar = pair.result(pair.client_factory.login(ANN))
    avatar.callRemote("nothing", b"x" * 100_000).addErrback(lambda failure: None)
    pair.flush()
    assert not pair.server.disconnected
    pair = Pair(House().portal)
    pair.their_root.callRemote("login", b"x" * 100_000).addErrback(lambda failure: None)
    pair.flush()
    assert pair.server.disconnected


def test_whoever_is_gone_before_the_login_ends_is_logged_out():
    house, wait = House(), Deferred()
    request, house.requestAvatar = house.requestAvatar, lambda *who: wait.addCallback(lambda _: request(*who))
    pair = Pair(house.portal)
    login = pair.client_factory.login(ANN)
    pair.flush()
    pair.cut()
    with pytest.raises(pb.PBConnectionLost):
        pair.result(login)
    wait.callback(None)
    assert [one.is_there for one in house.avatars] == [False]


def test_whoever_does_not_log_in_is_cut_off_after_a_while():
    pair = Pair(House().portal)
    pair.clock.advance(pair.server.loginTimeout)
    assert pair.server.transport.aborted
    pair = Pair(House().portal)
    pair.result(pair.client_factory.login(ANN))
    pair.clock.advance(10 * pair.server.loginTimeout)
    assert not pair.server.transport.aborted


# --- factories


def test_who_asks_before_there_is_a_connection_gets_the_root_when_there_is_or_hears_that_there_is_none():
    factory = pb.PBClientFactory()
    one, two, three = (factory.getRootObject() for _ in range(3))
    two.cancel()
    two.addErrback(lambda failure: None)
    factory.clientConnectionFailed(None, fail := pb.PBConnectionLost("refused"))
    for deferred in (one, three):
        assert deferred.result.value is fail
        deferred.addErrback(lambda failure: None)


def test_whoever_reconnects_keeps_those_who_wait_for_the_root():
    factory = pb.PBClientFactory()
    root = factory.getRootObject()
    factory.clientConnectionLost(None, None, reconnecting=1)
    assert not root.called
    pair = Pair(Kitchen())
    factory.clientConnectionMade(pair.client)
    assert root.result.broker is pair.client
    pair.cut()
    assert not factory.getRootObject().called
