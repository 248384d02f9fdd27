"""Copies, caches and views."""

import gc

import pytest

from reactor.cred.credentials import Anonymous, UsernamePassword
from reactor.spread import pb
from tests.spread.spread_doubles import House, Kitchen, Named, Pair

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
