"""Perspective Broker with programs of others: Twisted in both roles and both dialects, and a client in Java."""

import gc
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.credentials import Anonymous, UsernamePassword
from reactor.cred.portal import Portal
from reactor.defer import ensureDeferred, gatherResults
from reactor.endpoints import TCP4ClientEndpoint
from reactor.spread import pb, util
from tests.peers.packages import why_missing
from tests.peers.programs import run_program
from tests.support.loopback import run_until, stop_listening

TWISTED = Path(__file__).with_name("twisted_end.py")
JAVA = Path(__file__).parents[2] / "examples" / "66_pb" / "Client.java"
DIALECTS = ["pb", "none"]


class Dish(pb.Copyable, pb.RemoteCopy):
    def getTypeToCopy(self):
        return b"kitchen.Dish"


class Board(pb.Cacheable):
    def __init__(self):
        self.observers = []

    def getTypeToCopy(self):
        return b"kitchen.Board"

    def getStateToCacheAndObserveFor(self, perspective, observer):
        self.observers.append(observer)
        return {"dishes": ["soup"]}


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
        self.customer = customer
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
        return gatherResults([one.callRemote("added", dish) for one in self.board.observers])

    def perspective_table(self):
        return Table()

    def perspective_refuse(self):
        raise pb.Error("no soup")

    def perspective_fail(self):
        return 1 / 0

    def perspective_pages(self, collector):
        util.StringPager(collector, b"page" * 10_000)


class Customer(pb.Referenceable):
    def remote_taste(self, dish):
        return f"more {dish}!"


class Realm:
    def __init__(self):
        self.left = []

    def requestAvatar(self, name, mind, *interfaces):
        self.guest = Guest(name or b"nobody")
        return pb.IPerspective, self.guest, lambda: self.left.append(name or b"nobody")


@pytest.fixture(scope="module")
def java_client(tmp_path_factory):
    """The words that start the client, compiled once."""
    if why := why_missing("java"):
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("java")
    subprocess.run(["javac", "-encoding", "UTF-8", "-d", folder, JAVA], check=True)
    return "java", "-Dfile.encoding=UTF-8", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", folder, "Client"


@pytest.fixture
def both_ways():
    pb.setUnjellyableForClass("kitchen.Dish", Dish)
    pb.setUnjellyableForClass("kitchen.Board", BoardHere)


@pytest.fixture
def kitchen(one_reactor, both_ways):
    """A server of ours: its realm, and its port."""
    realm = Realm()
    known = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
    factory = pb.PBServerFactory(Portal(realm, [known, AllowAnonymousAccess()]), reactor=one_reactor)
    listening = one_reactor.listenTCP(0, factory, interface="127.0.0.1")
    realm.port = listening.getHost().port
    yield realm
    stop_listening(one_reactor, listening)
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.mark.peer("PB", client="Twisted")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_Twisted_logs_in_calls_is_called_copies_caches_and_leaves(dialect, one_reactor, kitchen, logged_errors):
    done = run_program(one_reactor, sys.executable, TWISTED, "client", dialect, kitchen.port)
    assert done.stdout.decode().splitlines() == [
        "echo True",
        "more soup!",
        "dish soup True",
        "board ['soup', 'fish']",
        "table of ann",
        "refuse twisted.spread.pb.Error / no soup",
        "fail builtins.ZeroDivisionError / ",
        "pages 40000",
        "table of nobody",
        "wrong password: twisted.cred.error.UnauthorizedLogin",
    ]
    run_until(one_reactor, lambda: len(kitchen.left) == 2)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


async def visit(factory, said):
    avatar = await factory.login(UsernamePassword(b"ann", b"secret"))
    food = {"name": "soup", "with": [None, True, 2**40, -(2**40), 1.5, (b"x", {1})]}
    food["me"] = food
    said["echo"] = repr(await avatar.callRemote("echo", food)) == repr(food)
    said["thanks"] = await avatar.callRemote("order", "soup", Customer())
    dish = await avatar.callRemote("dish")
    said["dish"] = dish.name, dish.me is dish
    board = await avatar.callRemote("board")
    await avatar.callRemote("add", "fish")
    said["board"] = board.dishes
    table = await avatar.callRemote("table")
    said["table"] = await table.callRemote("whose")
    for name in ("refuse", "fail"):
        try:
            await avatar.callRemote(name)
        except pb.RemoteError as problem:
            said[name] = problem.remoteType, str(problem)
    said["pages"] = len(b"".join(await util.getAllPages(avatar, "pages")))
    nobody = await factory.login(Anonymous())
    said["nobody"] = await (await nobody.callRemote("table")).callRemote("whose")
    try:
        await factory.login(UsernamePassword(b"ann", b"wrong"))
    except pb.RemoteError as problem:
        said["wrong"] = problem.remoteType
    said["over"] = True


@contextmanager
def twisted_server(dialect):
    """Twisted's server, as a process, and its port."""
    server = subprocess.Popen(
        [sys.executable, TWISTED, "server", dialect], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
    )
    try:
        yield server, int(server.stdout.readline().split()[1])
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@pytest.mark.peer("PB", server="Twisted")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_we_log_in_at_Twisted_call_are_called_copy_cache_and_leave(dialect, one_reactor, both_ways):
    with twisted_server(dialect) as (server, port):
        factory, said = pb.PBClientFactory(reactor=one_reactor), {}
        TCP4ClientEndpoint(one_reactor, "127.0.0.1", port).connect(factory)
        talk = ensureDeferred(visit(factory, said))
        run_until(one_reactor, lambda: said.get("over") or talk.called)
        assert said == {
            "echo": True,
            "thanks": "more soup!",
            "dish": ("soup", True),
            "board": ["soup", "fish"],
            "table": b"ann",
            "refuse": ("twisted.spread.pb.Error", "no soup"),
            "fail": ("builtins.ZeroDivisionError", "division by zero"),
            "pages": 40_000,
            "nobody": b"nobody",
            "wrong": "twisted.cred.error.UnauthorizedLogin",
            "over": True,
        }
        gc.collect()
        factory.disconnect()
        run_until(one_reactor, lambda: not one_reactor.transports)
        left = {server.stdout.readline().strip() for _ in range(3)}
        assert left == {"nobody observes", "left ann", "left nobody"}


NO_SUCH_METHOD = "twisted.spread.flavors.NoSuchMethod: No such method: perspective_oder"
NO_ATTRIBUTE = "builtins.AttributeError: 'Guest' object has no attribute 'perspective_oder'"  # as Twisted's avatars say


def java_says(of_a_slip):
    return ["logged in as ann", "more soup!", "I had soup", of_a_slip, "echo true"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_client_in_Java_says_the_same_to_Twisted(dialect, one_reactor, java_client):
    with twisted_server(dialect) as (server, port):
        done = run_program(one_reactor, *java_client, "127.0.0.1", port, "ann", "secret")
        assert done.stdout.decode().splitlines() == java_says(NO_ATTRIBUTE), done.stderr.decode()
        assert server.stdout.readline().strip() == "left ann"
        refused = run_program(one_reactor, *java_client, "127.0.0.1", port, "ann", "wrong")
        assert b"twisted.cred.error.UnauthorizedLogin" in refused.stderr


@pytest.mark.peer("PB", client="java")
@pytest.mark.parametrize("dialects", [(b"pb", b"none"), (b"none",)], ids=["pb", "none"])
def test_a_client_in_Java_logs_in_calls_is_called_and_leaves(dialects, one_reactor, kitchen, java_client, monkeypatch):
    monkeypatch.setattr(pb.Broker, "knownDialects", dialects)
    done = run_program(one_reactor, *java_client, "127.0.0.1", kitchen.port, "ann", "secret")
    assert done.stdout.decode().splitlines() == java_says(NO_SUCH_METHOD), done.stderr.decode()
    run_until(one_reactor, lambda: kitchen.left == [b"ann"])
    with pytest.raises(pb.DeadReferenceError):
        kitchen.guest.customer.callRemote("taste", "more")
    refused = run_program(one_reactor, *java_client, "127.0.0.1", kitchen.port, "ann", "wrong")
    assert b"twisted.cred.error.UnauthorizedLogin" in refused.stderr
