"""Copies, caches and views; logins; pages; the typed proxy."""

import gc
import io
from typing import Protocol

import pytest

from reactor.cred.credentials import Anonymous, UsernamePassword
from reactor.cred.error import LoginDenied, UnauthorizedLogin, UnhandledCredentials
from reactor.defer import Deferred, succeed
from reactor.spread import pb, util
from reactor.spread.typed import typed
from tests.spread.spread_doubles import ELSEWHERE, House, Kitchen, Named, Pair

ANN = UsernamePassword(b"ann", b"secret")


class Dish(pb.Copyable):
    def __init__(self, name, secret="salt"):
        self.name, self.secret = name, secret

    def getStateToCopyFor(self, perspective):
        return {"name": self.name, "for": getattr(perspective, "name", None)}


class DishHere(pb.RemoteCopy):
    pass


class Board(pb.Cacheable):
    """What is cooked today. Tells all who have copies."""

    def __init__(self):
        self.dishes, self.observers = [], []

    def getStateToCacheAndObserveFor(self, perspective, observer):
        self.observers.append(observer)
        return {"dishes": list(self.dishes), "board": self}

    def stoppedObserving(self, perspective, observer):
        self.observers.remove(observer)

    def add(self, dish):
        self.dishes.append(dish)
        return [observer.callRemote("added", dish) for observer in self.observers]


class BoardHere(pb.RemoteCache):
    def observe_added(self, dish):
        self.dishes.append(dish)

    def secret(self):
        return 42


pb.setUnjellyableForClass(Dish, DishHere)
pb.setUnjellyableForClass(Board, BoardHere)


def test_a_copy_has_the_state_that_the_original_gives_away():
    copy = Pair(Kitchen(order=lambda: Dish("soup"))).call("order")
    assert isinstance(copy, DishHere)
    assert vars(copy) == {"name": "soup", "for": None}


def test_names_of_attributes_that_come_as_bytes_become_text():
    copy = DishHere()
    copy.setCopyableState({b"name": b"soup", "price": 5})
    assert vars(copy) == {"name": b"soup", "price": 5}


@pytest.mark.parametrize("tag", [Dish, Board])
def test_a_copy_without_a_state_is_an_error_of_the_call(tag):
    pair = Pair(Kitchen(take=lambda thing: None))
    for state in ([], [5], [5, 5], [b"x", [b"dictionary"]], [[], [b"dictionary"]]):
        answered = []
        pair.client.proto_error = lambda request, failure, answered=answered: answered.append(failure)
        name = f"{tag.__module__}.{tag.__qualname__}".encode()
        pair.client.sendCall(b"message", 9, b"root", b"take", 1, [b"tuple", [name, *state]], [b"dictionary"])
        pair.flush()
        assert b"twisted.spread.jelly.InsecureJelly" in repr(answered).encode()
    gc.collect()
    pair.flush()
    assert not pair.server.disconnected


def test_a_cache_is_sent_once_and_kept_up_to_date():
    board = Board()
    board.add("soup")
    pair = Pair(Kitchen(board=lambda: board, echo=lambda thing: thing is board))
    here, again = pair.call("board"), pair.call("board")
    assert here == again == here.board and here.dishes == ["soup"] and len(board.observers) == 1
    board.add("fish")
    pair.flush()
    assert here.dishes == again.dishes == ["soup", "fish"]
    assert pair.call("echo", here) is True


def test_when_the_last_handle_of_a_cache_is_dropped_both_sides_forget_it():
    board = Board()
    pair = Pair(Kitchen(board=lambda: board))
    here = [pair.call("board") for _ in range(3)]
    del here[0].board
    here.pop()
    gc.collect()
    pair.flush()
    assert board.observers and pair.client.locallyCachedObjects
    here.clear()
    gc.collect()
    pair.flush()
    assert not (board.observers or pair.client.locallyCachedObjects or pair.server.cached_there.objects)
    assert pair.call("board").dishes == []


def test_when_the_connection_is_lost_nobody_observes_any_more():
    board = Board()
    pair = Pair(Kitchen(board=lambda: board))
    here = pair.call("board")
    observer = board.observers[0]
    pair.cut()
    assert board.observers == []
    with pytest.raises(pb.ProtocolError, match="the peer has no copy"):
        observer.callRemote("added", "fish")
    del here
    gc.collect()


def test_each_peer_has_a_copy_of_its_own():
    board = Board()
    pairs = [Pair(Kitchen(board=lambda: board)) for _ in range(2)]
    here = [pair.call("board") for pair in pairs]
    assert len(set(board.observers)) == 2 and here[0] != here[1]
    board.add("soup")
    for pair in pairs:
        pair.flush()
    assert [one.dishes for one in here] == [["soup"]] * 2


def test_of_a_cache_only_observe_methods_are_called():
    board = Board()
    pair = Pair(Kitchen(board=lambda: board))
    here = pair.call("board")
    with pytest.raises(pb.RemoteError, match="No such method: observe_secret"):
        pair.result(board.observers[0].callRemote("secret"))
    assert here.secret() == 42


def test_a_cache_that_can_not_be_sent_whole_is_not_observed():
    board = Board()
    pair = Pair(Kitchen(take=lambda thing: None))
    call = pair.client_factory._broker.remoteForName("root").callRemote("take", board, object())
    call.addErrback(lambda failure: None)
    assert not board.observers and not pair.client.cached_there.objects


class Table(pb.Viewable):
    def view_whose(self, perspective, *args):
        return [getattr(perspective, "name", None), *args]

    def view_me(self, perspective):
        return self


class Guest(Named):
    def perspective_table(self):
        return self.table

    def perspective_dish(self):
        return Dish("soup")


def test_a_view_knows_who_looks():
    house = House()
    house.requestAvatar = lambda name, mind, *which: (pb.IPerspective, made.setdefault(name, Guest(name, mind)), int)
    made, table = {}, Table()
    pair = Pair(house.portal)
    ann = pair.result(pair.client_factory.login(ANN))
    nobody = pair.result(pair.client_factory.login(Anonymous()))
    Guest.table = table
    tables = [pair.result(one.callRemote("table")) for one in (ann, nobody)]
    assert pair.result(tables[0].callRemote("whose", 5)) == [b"ann", 5]
    assert pair.result(tables[1].callRemote("whose")) == [
        (),
    ]
    assert pair.result(tables[0].callRemote("me")) == tables[0] != tables[1]
    assert vars(pair.result(ann.callRemote("dish"))) == {"name": "soup", "for": b"ann"}
    with pytest.raises(pb.RemoteError, match="No such method: view___init__"):
        pair.result(tables[0].callRemote("__init__"))


# --- logins


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


# --- pages


@pytest.mark.parametrize("size", [0, 1, 8192, 8193, 50_000])
def test_a_string_and_a_file_come_in_pages(size):
    data, sent, file = bytes(range(256)) * 200, [], io.BytesIO((bytes(range(256)) * 200)[:size])

    def string(collector):
        util.StringPager(collector, data[:size], 8192, sent.append, "done")

    pair = Pair(
        Kitchen(string=string, file=lambda collector: util.FilePager(collector, file, sent.append, "done") and None)
    )
    for method in ("string", "file"):
        pages = pair.result(util.getAllPages(pair.their_root, method))
        assert b"".join(pages) == data[:size]
    assert sent == ["done", "done"] and file.closed


def test_pages_wait_while_the_peer_does_not_read():
    pagers = []
    pair = Pair(Kitchen(get=lambda collector: pagers.append(util.StringPager(collector, bytes(100), 10)) or None))
    pair.server.transport.write = lambda data, write=pair.server.transport.write: (
        write(data),
        pair.server.pauseProducing(),
    )
    pages = util.getAllPages(pair.their_root, "get")
    for _ in range(20):
        assert pair.result(pages) is None or pages.called
        pair.server.resumeProducing()
    assert pair.result(pages) == [bytes(10)] * 10


def test_pages_that_do_not_end_fail_when_the_connection_is_lost_and_when_the_call_fails():
    pair = Pair(Kitchen(get=lambda collector: None))
    pages = util.getAllPages(pair.their_root, "nothing")
    with pytest.raises(pb.RemoteError, match="No such method"):
        pair.result(pages)
    pages = util.getAllPages(pair.their_root, "get")
    pair.flush()
    pair.cut()
    with pytest.raises(pb.PBConnectionLost, match="before the last page"):
        pair.result(pages)


def test_pages_that_are_too_many_are_an_error_and_not_kept(monkeypatch):
    monkeypatch.setattr(util.CallbackPageCollector, "maxBytes", 70_000)
    pair = Pair(
        Kitchen(get=lambda collector, pages: [collector.callRemote("gotPage", page) for page in pages] and None)
    )
    pages = util.getAllPages(pair.their_root, "get", [b"x" * 40_000, b"x" * 40_000, b"x"])
    with pytest.raises(pb.Error, match="more than 70000 bytes"):
        pair.result(pages)
    pages = util.getAllPages(pair.their_root, "get", [[1], [2]])
    with pytest.raises(pb.Error, match="more than 70000 bytes"):
        pair.result(pages)
    pair.cut()
    with pytest.raises(pb.DeadReferenceError):
        util.getAllPages(pair.their_root, "get")


# --- the typed proxy


class KitchenPromise(Protocol):
    size: int

    def order(self, dish: str, *, hot: bool = True) -> Deferred[str]: ...


def test_a_typed_reference_calls_and_holds_arguments_against_the_promise():
    pair = Pair(Kitchen(order=lambda dish, hot=True: succeed(f"{dish} {hot}"), other=lambda: 1))
    kitchen = typed(pair.their_root, KitchenPromise)
    assert pair.result(kitchen.order("soup")) == "soup True"
    assert pair.result(kitchen.order("soup", hot=False)) == "soup False"
    for arguments in ((), ("a", "b")):
        with pytest.raises(TypeError):
            kitchen.order(*arguments)
    for name in ("other", "size", "__len__"):
        with pytest.raises(AttributeError, match="KitchenPromise has no method"):
            getattr(kitchen, name)
