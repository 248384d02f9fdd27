"""PB on bad networks, from seeds: links that lose, delay, cut and shred, connections that are reset, servers that wait.

Customers order, are called back, lend objects and drop them, keep a copy of the board, and reconnect. Whatever happens:
each call is answered once or fails once; a dish that was promised is one that was ordered; no more is tasted than was
ordered; counts go back to zero; in the end neither side has a connection or a timer left.
"""

import gc
from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.application.internet import ClientService
from reactor.cred.credentials import UsernamePassword
from reactor.defer import Deferred, ensureDeferred
from reactor.endpoints import HostnameEndpoint
from reactor.protocol import ReconnectingClientFactory
from reactor.sim import World
from reactor.spread import pb, util
from reactor.task import deferLater
from tests.spread.spread_doubles import House, Kitchen, Named

SEEDS = 24
LONGEST_S = 7200.0


class Board(pb.Cacheable):
    def __init__(self):
        self.observers = []

    def getTypeToCopy(self):
        return b"weather.Board"

    def getStateToCacheAndObserveFor(self, perspective, observer):
        self.observers.append(observer)
        return {"dishes": []}

    def stoppedObserving(self, perspective, observer):
        self.observers.remove(observer)


class BoardHere(pb.RemoteCache):
    def observe_added(self, dish):
        self.dishes.append(dish)


class Guest(Named):
    """The avatar of a customer; each may order, and look at the board."""

    def perspective_order(self, number, customer):
        self.run.ordered.append(number)
        later = deferLater(self.run.server, self.run.dice.choice([0.0, 0.1, 3.0]))
        return later.addCallback(lambda _: self.serve(number, customer))

    def serve(self, number, customer):
        for observer in self.run.board.observers:
            observer.callRemote("added", number).addErrback(lambda failure: None)
        return customer.callRemote("taste", number).addCallback(lambda opinion: [number, opinion, customer])

    def perspective_board(self):
        return self.run.board

    def perspective_bill(self, collector):
        util.StringPager(collector, self.run.bill)


class Customer(pb.Referenceable):
    def __init__(self, tasted):
        self.tasted = tasted

    def remote_taste(self, number):
        self.tasted.append(number)
        return f"good {number}"


class Run:
    """One seed: a server, some customers, some misfortunes."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World(seed=seed)
        self.board, self.bill = Board(), b"soup" * self.dice.choice([10, 50_000])
        self.ordered, self.tasted, self.answers, self.asked, self.over = [], [], {}, 0, 0
        self.is_calm = self.dice.random() < 0.4
        self.brokers = []
        for name in ("home", "server"):
            self.world.host(name)
        self.world.link(
            "home",
            "server",
            latency_s=self.dice.choice([0.0, 0.001, 0.2]),
            loss=self.dice.choice([0.0, 0.0, 0.03]) * (not self.is_calm),
            shred=self.dice.choice([0.0, 0.3, 1.0]),
        )

    def serve(self, reactor):
        self.server, house = reactor, House()
        request = house.requestAvatar

        def avatar(name, mind, *interfaces):
            request(name, mind, *interfaces)
            guest = Guest(name, mind)
            guest.run = self
            return pb.IPerspective, guest, guest.logout

        house.requestAvatar = avatar
        factory = pb.PBServerFactory(house.portal, reactor=reactor)
        factory.noisy, factory.allowInsecureLogin = False, True
        factory.clientConnectionMade = self.brokers.append
        self.listening = reactor.listenTCP(8787, factory)

    def note(self, number, result):
        """A call has an answer, or an error: for the first time."""
        assert number not in self.answers, f"{number} is answered twice"
        self.answers[number] = result

    def ask(self, call):
        """Note what becomes of a call. Returns a Deferred that fires with it."""
        self.asked += 1
        number, done = self.asked, Deferred()

        def answered(result):
            self.note(number, result)
            done.callback((result,))

        call.addBoth(answered)
        return done

    async def visit(self, factory, reactor):
        try:
            avatar = await factory.login(UsernamePassword(b"ann", b"secret")).addTimeout(100.0, reactor)
            if self.dice.random() < 0.5:
                self.kept = await avatar.callRemote("board")
            waiting = []
            for _ in range(self.dice.randint(1, 8)):
                number = self.asked + 1
                waiting.append((number, self.ask(avatar.callRemote("order", number, Customer(self.tasted)))))
                if self.dice.random() < 0.3:
                    await deferLater(reactor, self.dice.choice([0.0, 0.5]))
            for number, done in waiting:
                (result,) = await done
                assert isinstance(result, list) or not self.is_calm, result
                if isinstance(result, list):
                    assert result[:2] == [number, f"good {number}"] and isinstance(result[2], Customer)
            if self.dice.random() < 0.3:
                assert b"".join(await util.getAllPages(avatar, "bill")) == self.bill
        except AssertionError:
            raise
        except Exception as problem:
            return problem
        return None

    async def customer(self, reactor):
        pb.setUnjellyableForClass("weather.Board", BoardHere)
        factory = pb.PBClientFactory(reactor=reactor)
        factory.noisy, factory.allowInsecureLogin = False, True
        made, factory.clientConnectionMade = (
            factory.clientConnectionMade,
            lambda broker: (
                self.brokers.append(broker),
                made(broker),
            ),
        )
        service = ClientService(HostnameEndpoint(reactor, "server", 8787), factory, clock=reactor)
        service.startService()
        for _ in range(self.dice.randint(1, 4)):
            problem = await self.visit(factory, reactor)
            assert problem is None or not self.is_calm, problem
            if problem is not None:
                factory.disconnect()
                await deferLater(reactor, 1.0)
        self.kept = None
        gc.collect()
        await deferLater(reactor, 5.0)
        if self.is_calm:
            self.check_counts()
        await service.stopService()
        self.over += 1

    def check_counts(self):
        """Nobody refers to anything any more but the avatars, which hang on cycles until they are collected."""
        for broker in self.brokers:
            assert not [one for one in broker.lent.objects.values() if isinstance(one.object, Customer)]
            assert not (broker.waitingForAnswers or broker._pending or broker.cached_there.objects)
        assert not self.board.observers

    def live(self, reactor):
        self.home = reactor
        self.problems = []
        ensureDeferred(self.customer(reactor)).addErrback(self.problems.append)

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(self.live, host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 4)):
                world.advance(self.dice.choice([0.01, 0.3, 1.0, 5.0]))
                self.something_happens()
            world.run_until(lambda: self.over or self.problems, LONGEST_S)
            assert not self.problems, self.problems
            world.run_until(self.is_quiet, LONGEST_S)
        assert len(self.answers) == self.asked and len(set(self.tasted)) == len(self.tasted)
        assert {*self.tasted} <= {*self.ordered} and len(set(self.ordered)) == len(self.ordered)
        for broker in self.brokers:
            assert broker.disconnected and not (broker.lent.objects or broker.waitingForAnswers or broker._pending)
        assert not self.board.observers

    def is_quiet(self):
        no_calls = not self.server.getDelayedCalls() and not self.home.getDelayedCalls()
        return no_calls and len(self.server.transports) == 1 and not self.home.transports

    def something_happens(self):
        if self.dice.random() < 0.5:
            link = self.world.link("home", "server")
            link.cut()
            self.world.advance(self.dice.choice([0.1, 5.0]))
            link.mend()
        else:
            self.world.host("home").reset(self.world.host("server"))


def try_one(seed):
    try:
        Run(seed).go()
    except BaseException as problem:
        raise AssertionError(f"seed {seed}: {problem!r}") from problem


@pytest.mark.parametrize("portion", range(4))
def test_each_call_is_answered_once_or_fails_and_all_is_forgotten_on_bad_networks(portion, logged_errors):
    for seed in range(portion, SEEDS, 4):
        try_one(seed)
    allowed = (pb.DeadReferenceError, pb.PBConnectionLost)
    assert all(isinstance(problem, allowed) for problem in logged_errors.flush(Exception))


class Reconnecting(pb.PBClientFactory, ReconnectingClientFactory):
    noisy, initialDelay = False, 0.5

    def clientConnectionLost(self, connector, reason):
        pb.PBClientFactory.clientConnectionLost(self, connector, reason, reconnecting=1)
        ReconnectingClientFactory.clientConnectionLost(self, connector, reason)

    def clientConnectionFailed(self, connector, reason):
        ReconnectingClientFactory.clientConnectionFailed(self, connector, reason)


def test_a_factory_that_reconnects_gives_the_root_of_each_new_connection():
    world, answers = World(seed=1), []

    def serve(reactor):
        reactor.callLater(
            3.0, reactor.listenTCP, 8787, pb.PBServerFactory(Kitchen(order=lambda: "soup"), reactor=reactor)
        )

    async def eat(reactor):
        factory = Reconnecting(reactor=reactor)
        factory.clock = reactor
        reactor.connectTCP("server", 8787, factory)
        for _ in range(3):
            root = await factory.getRootObject()
            answers.append(await root.callRemote("order"))
            factory.disconnect()
            await deferLater(reactor, 0.1)
        factory.stopTrying()

    with world:
        for name in ("home", "server"):
            world.host(name)
        world.start(serve, host="server")
        world.start(lambda reactor: ensureDeferred(eat(reactor)), host="home")
        world.run_until(lambda: len(answers) == 3, 1000.0)
    assert answers == ["soup"] * 3


def counts_no_drops(self, table, number):
    return False


def forgets_who_waits(self, reason=None):
    self.waitingForAnswers = {}
    pb.Broker.lost(self)


def answers_the_call_before(self, result, request, wanted):
    pb.Broker.answer(self, result, max(request - 1, 1), wanted)


@pytest.mark.parametrize(
    ("method", "defect"),
    [
        ("_take_back", counts_no_drops),
        ("connectionLost", forgets_who_waits),
        ("_answer", answers_the_call_before),
        ("_fire", lambda self, *answer: pb.Broker.fire(self, *answer) if Random(answer[0]).random() < 0.8 else None),
    ],
)
def test_the_weather_finds_a_broker_that(method, defect, monkeypatch, logged_errors):
    names = {"connectionLost": "lost", "_answer": "answer", "_fire": "fire"}
    if method in names:
        monkeypatch.setattr(pb.Broker, names[method], getattr(pb.Broker, method), raising=False)
    monkeypatch.setattr(pb.Broker, method, defect)
    found = 0
    for seed in range(SEEDS):
        try:
            try_one(seed)
        except AssertionError:
            found += 1
            break
    logged_errors.flush(Exception)
    assert found
