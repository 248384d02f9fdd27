"""Runs a plan in a simulated world, and watches for what must not happen."""

from __future__ import annotations

import random as dice
from itertools import combinations_with_replacement

from reactor.core.transports.listening import ListeningPort
from reactor.sim import World
from tests.faults.attempts import Attempts
from tests.faults.books import Books
from tests.faults.clocks import Clocks
from tests.faults.datagrams import Datagrams
from tests.faults.forwarding import Forwarded
from tests.faults.publishing import Publishing
from tests.faults.requests import Requests
from tests.faults.returning import Returning
from tests.faults.streams import Streams
from tests.faults.troubles import befall

KINDS = {
    "streams": Streams,
    "forwarded": Forwarded,
    "requests": Requests,
    "publishing": Publishing,
    "returning": Returning,
    "attempts": Attempts,
    "clocks": Clocks,
    "datagrams": Datagrams,
}

_MOST_STEPS = 200_000
_PATIENCE_S = 900.0  # of the world's time
_IDLE_TURNS = 300  # turns that a program may take in a row without anything happening
_SETTLED_S = 150.0  # TCP is done with its connections by then


class NotedWorld(World):
    """A world that counts turns in which nothing happened: no line was logged, and no time went by."""

    idle_turns = 0

    def note(self, line):
        self.idle_turns = 0
        super().note(line)

    def _count_turn(self, limit, reactor, most):
        self.idle_turns += 1
        super()._count_turn(limit, reactor, most)

    def _go_on(self, limit):
        self.idle_turns = 0
        return super()._go_on(limit)


class Run:
    """One run of a plan. problems: what should not have happened; empty if all is well. steps: of the world.

    log: what happened, for people.
    """

    def __init__(self, plan):
        self.plan = plan
        self.world = NotedWorld(plan.seed)
        self.books = Books(self.world)
        self.steps = 0
        self.is_ending = False  # whether the talks are over, so that nothing new may begin
        self._late = False

    @property
    def problems(self):
        return self.books.problems

    @property
    def log(self):
        return self.world.log

    def go(self):
        """Run the plan. Returns the problems."""
        dice.seed(self.plan.seed)  # reconnecting clients spread their delays
        with self.books, self.world:
            self._build()
            self._live()
            if not self.problems:
                self._end()
        return self.problems

    # --- the world

    def _build(self):
        plan, world = self.plan, self.world
        names = [f"h{number}" for number in range(plan.hosts)]
        for name in names:
            world.host(name)
        pairs = list(combinations_with_replacement(names, 2))
        self.links = [world.link(*pair, **vars(link)) for pair, link in zip(pairs, plan.links, strict=True)]
        for (one, other), link in zip(pairs, self.links, strict=True):
            if one == other:
                link.latency_s = link.jitter_s = link.loss = 0.0  # a host has no wire to itself
        self.programs = [self._program(program) for program in plan.programs]
        self.talks = [self._talk(number, talk) for number, talk in enumerate(plan.talks) if talk is not None]

    def _program(self, plan):
        program = self.world.start(_nothing, host=f"h{plan.host}", files=plan.files)
        if plan.buffer is not None:
            give_small_buffers(program.reactor.system, plan.buffer)
        return program

    def _talk(self, number, plan):
        talk = KINDS[plan.kind](number, plan.starts_s, **plan.details)
        troubles = {trouble.kind for trouble in self.plan.troubles}
        talk.loses_packets = any(link.loss for link in self.links) or "cut" in troubles
        talk.cuts = "cut" in troubles
        talk.freezes = "freeze" in troubles
        talk.begin(self.books, self.programs[plan.server], self.programs[plan.client], self.programs)
        return talk

    # --- what happens

    def _live(self):
        troubles = sorted(self.plan.troubles, key=lambda trouble: trouble.step)
        while not self.problems:
            while troubles and troubles[0].step <= self.steps:
                befall(self, troubles.pop(0))
            if self.steps % 8 == 0 and all(_is_over(talk) for talk in self.talks):
                return
            if not self._step():
                self._nothing_happens()
                return

    def _step(self):
        """Take one step. Returns whether there was one."""
        self.steps += 1
        if not self.world.step():
            return False
        if self.world.idle_turns > _IDLE_TURNS:
            self.books.complain("the world", f"a program goes round and round: {self.world.programs}")
        if self.steps > _MOST_STEPS:
            self.books.complain("the world", f"{self.steps} steps, and no end")
        if self.world.seconds() > _PATIENCE_S and not self._late:
            self._late = True
            self._lose_patience()
        if self.world.seconds() > 2 * _PATIENCE_S:
            self._nothing_happens()
        return True

    def _lose_patience(self):
        """It has taken long enough: talks without misfortune should be over. Break off the others."""
        for talk in self.talks:
            if not talk.is_over:
                if not talk.may_hang:
                    talk.complain(f"it does not come to an end: {talk.unfinished()}")
                talk.abort()

    def _nothing_happens(self):
        if not self._late:
            self._late = True
            self._lose_patience()
            self._live()
            return
        for talk in self.talks:
            if not talk.is_over:
                talk.complain(f"it does not end even when it is broken off: {talk.unfinished()}")

    # --- the end

    def _end(self):
        self.is_ending = True
        for talk in self.talks:
            talk.check()
        self._check_no_timer_is_left()
        if self.problems:
            return
        self._stop_listening()
        self._settle()
        if self.problems:
            return
        for talk in self.talks:
            talk.check_factories()
        if self.problems:
            return
        for program in self.programs:
            if program.is_running:
                self._check_nothing_is_left(program)
        for program in self.programs:
            if program.is_running:
                program.interrupt()
        self._settle()
        self._check_all_have_ended()
        self.books.check_the_log()

    def _check_no_timer_is_left(self):
        """Check timers before time goes by, since afterwards forgotten ones have gone off."""
        for number, program in enumerate(self.programs):
            left = [call for call in program.reactor.getDelayedCalls() if not _is_a_ports_or_ours(call)]
            if program.is_running and left:
                self.books.complain(f"program {number}", f"its talks are over, and timers go on: {left}")

    def _stop_listening(self):
        self._unstopped = []
        for talk in self.talks:
            for program, port in talk.ports:
                if port.connected and program.is_running:
                    self._unstopped.append(port)
                    program.reactor.callFromThread(self._stop_port, port)

    def _stop_port(self, port):
        port.stopListening().addCallback(lambda _: self._unstopped.remove(port))

    def _settle(self):
        limit = self.world.seconds() + _SETTLED_S
        self.world.clock.set_at(limit, _nothing)
        while self.world.seconds() < limit and not self.problems and self._step():
            pass

    def _check_nothing_is_left(self, program):
        reactor = program.reactor
        left = {
            "ports that don't stop": self._unstopped,
            "timers": reactor.getDelayedCalls(),
            "transports": list(reactor.transports),
            "readers": reactor.getReaders(),
            "writers": reactor.getWriters(),
            "things to be written": reactor.written,
            "descriptors": [None] * (len(program.reactor.system.descriptors) - 1),  # one is the waker's
        }
        for what, found in left.items():
            if found:
                self.books.complain(f"program {self.programs.index(program)}", f"{what} left at the end: {found}")

    def _check_all_have_ended(self):
        for number, program in enumerate(self.programs):
            if program.is_running:
                self.books.complain(f"program {number}", "it was interrupted, and it runs on")
            elif len(program.reactor.system.descriptors):
                self.books.complain(f"program {number}", "it has ended, and left descriptors open")
        for host in self.world.network.hosts:
            left = [*host.connections, *host.listening, *host.udp_sockets, *host.tcp_ports._claims]
            if left:
                self.books.complain(host.name, f"its kernel has not given back {left}")


def _is_over(talk):
    """Whether nothing more can be expected of the talk; a frozen server may not even have begun."""
    return talk.is_over and (talk.has_begun or not talk.server.is_running)


def _is_a_ports_or_ours(call):
    """Whether a timer is the suite's own; or a port's, for ports are still open, and some lack descriptors."""
    return isinstance(getattr(call.func, "__self__", None), ListeningPort) or __package__ in call.func.__module__


def give_small_buffers(system, size):
    """Limit the kernel's buffers for each of a program's sockets."""
    import socket

    def shrunk(make):
        def made(*args, **kwargs):
            skt = make(*args, **kwargs)
            skt.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size // 2)
            skt.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size // 2)
            return skt

        return made

    system.tcp_socket = shrunk(system.tcp_socket)
    of_both_kinds, of_streams = system.unix_socket, shrunk(system.unix_socket)
    system.unix_socket = lambda datagrams=False: of_both_kinds(True) if datagrams else of_streams()


def _nothing(*_):
    """The programs of a plan begin with what its talks tell them."""
