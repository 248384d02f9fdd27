"""Twisted at one end, as a program: `twisted_end.py server DIALECT` or `twisted_end.py client DIALECT PORT`.

It says what it does in lines, for the test to read.
"""

import sys

from twisted.cred import checkers, portal
from twisted.cred.credentials import Anonymous, UsernamePassword
from twisted.internet import defer, endpoints, reactor, task
from twisted.spread import pb, util


def say(*words):
    print(*words, flush=True)


class Customer(pb.Referenceable):
    def remote_taste(self, dish):
        return f"more {dish}!"


class Dish(pb.Copyable, pb.RemoteCopy):
    pass


class Board(pb.Cacheable):
    def __init__(self):
        self.observers = []

    def getStateToCacheAndObserveFor(self, perspective, observer):
        self.observers.append(observer)
        return {"dishes": ["soup"]}

    def stoppedObserving(self, perspective, observer):
        self.observers.remove(observer)
        say("nobody observes" if not self.observers else "still observed")


class BoardHere(pb.RemoteCache):
    def observe_added(self, dish):
        self.dishes.append(dish)


class Table(pb.Viewable):
    def view_whose(self, perspective):
        return perspective.name


class Guest(pb.Avatar):
    def __init__(self, name):
        self.name = name

    def perspective_order(self, dish, customer):
        return customer.callRemote("taste", dish)

    def perspective_echo(self, thing):
        return thing

    def perspective_dish(self):
        dish = Dish()
        dish.name, dish.me = "soup", dish
        return dish

    def perspective_board(self):
        self.board = Board()
        return self.board

    def perspective_add(self, dish):
        return defer.gatherResults([one.callRemote("added", dish) for one in self.board.observers])

    def perspective_table(self):
        return Table()

    def perspective_refuse(self):
        raise pb.Error("no soup")

    def perspective_fail(self):
        return 1 / 0

    def perspective_pages(self, collector):
        util.StringPager(collector, b"page" * 10_000)


class Realm:
    def requestAvatar(self, name, mind, *interfaces):
        return pb.IPerspective, Guest(name or b"nobody"), lambda: say("left", (name or b"nobody").decode())


def serve():
    known = checkers.InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
    factory = pb.PBServerFactory(portal.Portal(Realm(), [known, checkers.AllowAnonymousAccess()]))
    say("port", reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port)
    reactor.run()


@defer.inlineCallbacks
def talk(reactor, port):
    factory = pb.PBClientFactory()
    yield endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port).connect(factory)
    avatar = yield factory.login(UsernamePassword(b"ann", b"secret"))
    food = {"name": "soup", "with": [None, True, 2**40, -(2**40), 1.5, (b"x", {1})]}
    food["me"] = food
    echoed = yield avatar.callRemote("echo", food)
    say("echo", repr(echoed) == repr(food))
    say((yield avatar.callRemote("order", "soup", Customer())))
    dish = yield avatar.callRemote("dish")
    say("dish", dish.name, dish.me is not None)
    board = yield avatar.callRemote("board")
    yield avatar.callRemote("add", "fish")
    say("board", board.dishes)
    table = yield avatar.callRemote("table")
    say("table of", (yield table.callRemote("whose")).decode())
    for name in ("refuse", "fail"):
        try:
            yield avatar.callRemote(name)
        except pb.RemoteError as problem:
            say(name, problem.remoteType.decode(), "/", problem)
    pages = yield util.getAllPages(avatar, "pages")
    say("pages", len(b"".join(pages)))
    nobody = yield factory.login(Anonymous())
    table = yield (yield nobody.callRemote("table")).callRemote("whose")
    say("table of", table.decode())
    try:
        yield factory.login(UsernamePassword(b"ann", b"wrong"))
    except pb.RemoteError as problem:
        say("wrong password:", problem.remoteType.decode())


pb.setUnjellyableForClass("kitchen.Dish", Dish)
pb.setUnjellyableForClass("kitchen.Board", BoardHere)
Dish.getTypeToCopy = lambda self: b"kitchen.Dish"
Board.getTypeToCopy = lambda self: b"kitchen.Board"
pb.Broker.knownDialects = [sys.argv[2].encode()]
if sys.argv[1] == "server":
    serve()
else:
    task.react(talk, [int(sys.argv[3])])
