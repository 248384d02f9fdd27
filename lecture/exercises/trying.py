"""One try: the student's program on a host of a simulated world, and peers on another host who talk to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from lecture.exercises.datagrams import Correspondent
from lecture.exercises.peers import REST_S, Broken, Door, Peer
from lecture.exercises.schedules import SLOW, Schedule
from reactor.failure import Failure
from reactor.sim import NothingLeftToHappen, Program, SimReactor, World

PATIENCE_S = 100.0  # of the world's time, for each answer
MOST_TURNS = 5_000
HOST, PEERS = "yours", "theirs"
_TRACEBACK = "Traceback (most recent call last)"
_UNREADABLE = ("SyntaxError", "IndentationError", "TabError")


class Yours:
    """The student's program in a world of its own. script: its file. schedule: how bytes are delivered.

    world: where it runs. program: it, once it was started. peers: all who talk to it, in the order in which they came;
    correspondents: those who do so by datagrams. steps: of the world, so far. interrupted_at: when Ctrl-C was pressed.
    """

    def __init__(self, script: Path, schedule: Schedule) -> None:
        self.world = World(schedule.seed, MOST_TURNS)
        self.schedule = schedule
        self.program: Program | None = None
        self.peers: list[Peer] = []
        self.correspondents: list[Correspondent] = []
        self.steps = 0
        self.interrupted_at: float | None = None
        self._printed = ""
        self._script = script
        self._hosts = self.world.host(HOST), self.world.host(PEERS)
        self._hosts[0].reads = schedule.reads
        if schedule.slow:
            self.world.link(HOST, PEERS, **SLOW)
        if schedule.seed:
            self.world.link(HOST, PEERS, latency_s=0.01, jitter_s=0.05, shred=0.5)

    # --- the program

    def start(self, *args: str) -> None:
        """Start it, with these arguments. Does nothing if it runs already."""
        if self.program is None:
            self.program = self.world.run(self._script, *args, host=HOST)

    def another(self) -> None:
        """Start it once more, beside itself: a client that many have."""
        self.world.run(self._script, host=HOST)

    def prints(self, expected: str, rule: str) -> None:
        """It prints this next, on standard output, and no more until it waits. Raises Broken."""
        self.start()
        assert self.program is not None
        program = self.program
        self.goes_on(lambda: len(program.stdout) >= len(self._printed + expected) or not program.is_running)
        self.later(REST_S)
        came = program.stdout[len(self._printed) :]
        self._printed = program.stdout
        if came != expected:
            raise Broken(rule, "it printed something else", expected=expected, came=came)

    def ends(self, status: int, rule: str) -> None:
        """It ends by itself, with this exit status. Raises Broken."""
        self.start()
        assert self.program is not None
        program = self.program
        self.goes_on(lambda: not program.is_running)
        if program.is_running:
            raise Broken(rule, "it doesn't end", expected=f"exit {status}", came="it still waits")
        if program.exit_code != status:
            raise Broken(rule, "it ended otherwise", expected=f"exit {status}", came=f"exit {program.exit_code}")

    def interrupt(self) -> None:
        """Press Ctrl-C. `interrupted_at` is the time from then on."""
        assert self.program is not None, "a program is started before it is interrupted"
        self.interrupted_at = self.world.seconds()
        self.program.interrupt()

    # --- those who talk to it

    def connect(self, port: int | str, name: str = "the guest", rule: str = "runs", host: str | None = None) -> Peer:
        """Connect to it. Raises Broken if it doesn't listen there.

        port: of TCP; or the description of a client endpoint, such as "unix:/run/door", for a peer on its own host.
        host: on which the peer is instead.
        """
        self.start()
        peer = Peer(self, name)
        near = isinstance(port, str)
        self._start(name, lambda reactor: _connect(reactor, port, peer), host or (HOST if near else PEERS))
        self.goes_on(lambda: peer.transport or peer.has_ended)
        if peer.transport is None:
            raise Broken(rule, f"nobody can connect to {port if near else f'port {port}'}", came=self.complaint())
        return peer

    def listen(self, port: int, name: str = "the server", host: str = PEERS) -> Peer:
        """Wait for its call. Do this before `start`; the peer can speak when `called` has returned.

        host: on which the peer is. The first two of a world are "yours", 10.0.0.1, and "theirs", 10.0.0.2.
        """
        peer = Peer(self, name)
        self.world.host(host)
        self._start(name, lambda reactor: reactor.listenTCP(port, peer.factory()), host)
        return peer

    def writes_to(self, port: int, name: str = "the guest") -> Correspondent:
        """Somebody who sends datagrams to its UDP port."""
        self.start()
        one = Correspondent(self, name, (self._hosts[0].addresses[0], port))
        self.correspondents.append(one)
        self._start(name, lambda reactor: reactor.listenUDP(0, one), PEERS)
        return one

    def send_all(self) -> None:
        """Let all that its peers have said leave: one of them waits, and the answer may depend on another."""
        for peer in self.peers:
            peer.send()

    def opens(self, port: int, name: str = "the server") -> Door:
        """Wait for as many of its calls as it makes, one after the other."""
        door = Door(self, name)
        self._start(name, lambda reactor: door.open(reactor, port), PEERS)
        return door

    def _start(self, name: str, begin: Callable[[SimReactor], object], host: str) -> None:
        """Start somebody who talks to it. name: for who steps through the run."""
        begin.__name__ = name
        self.world.start(begin, host=host)

    def calls(self) -> list[float]:
        """When the program has tried to connect by TCP, in seconds of the world's time, answered or not.

        A try that vanishes counts again when the system repeats it: after 1, 2, 4 … seconds.
        """
        tries = (line.split() for line in self.world.log.splitlines())
        return [
            float(words[0])
            for words in tries
            if words[1] == "TCP" and words[5] == "SYN" and words[2].startswith(f"{self._hosts[0].addresses[0]}:")
        ]

    # --- the network

    def line(self, **fields: float) -> None:
        """Set fields of the link to the peers, such as `loss` and `duplication`: see `reactor.sim.Link`."""
        self.world.link(HOST, PEERS, **fields)

    def cut(self, host: str = PEERS) -> None:
        """Cut the link to the peers, or to those on another host: what is sent vanishes, and nobody is told."""
        self.world.link(HOST, host).cut()

    def mend(self, host: str = PEERS) -> None:
        """Let it carry packets again."""
        self.world.link(HOST, host).mend()

    # --- time

    def later(self, seconds: float) -> None:
        """Let so many seconds of the world's time pass."""
        self.world.advance(seconds)

    def goes_on(self, condition: Callable[[], object]) -> bool:
        """Let the world go on until the condition holds, or nothing can happen any more. Returns whether it holds."""
        limit = self.world.seconds() + PATIENCE_S
        while not condition():
            if self.schedule.reset_at is not None and self.steps >= self.schedule.reset_at:
                self._hosts[0].reset(self._hosts[1])
                raise ResetNow
            if self.steps == self.schedule.interrupt_at and self.program is not None and self.program.is_running:
                self.interrupt()
            self.steps += 1
            with suppress(NothingLeftToHappen):
                self.world.run_until(_after_one_step(), limit - self.world.seconds())
                continue
            return False
        return True

    def complaint(self) -> str | None:
        """The end of what it said on standard error: a traceback, as a rule, and then with the program's own line."""
        said = self.program.stderr.strip() if self.program is not None else ""
        if not said:
            return None
        places = re.findall(rf'File "[^"\n]*{re.escape(self._script.name)}", line (\d+)', said)
        return said.splitlines()[-1] + (f" ({self._script.name}, line {places[-1]})" if places else "")

    def tell_unhandled(self) -> None:
        """Have the program tell of failures that nobody handled, now and not when Python happens to notice."""
        if self.program is not None:
            self.program.tell_unhandled()

    @property
    def has_raised(self) -> bool:
        """Whether something was raised that nobody caught, or Python couldn't read it: that has no traceback."""
        said = self.program.stderr.rstrip() if self.program is not None else ""
        last = said.rpartition("\n")[2].partition(":")[0]
        return _TRACEBACK in said or last in _UNREADABLE

    @property
    def stream(self) -> int:
        """How many bytes its most talkative peer has said."""
        return max((peer.bytes_sent for peer in self.peers), default=0)

    @property
    def waiting_bytes(self) -> int:
        """How many bytes wait in the program's fullest buffer for a peer to read them."""
        assert self.program is not None, "a program is started before it writes"
        return max((getattr(one, "pending_bytes", 0) for one in self.program.reactor.getWriters()), default=0)

    def __enter__(self) -> Yours:
        return self

    def __exit__(self, *problem: object) -> None:
        self.world.close()


class ResetNow(Exception):
    """The connections were reset, as the schedule wants it: the conversation is over."""


def _after_one_step() -> Callable[[], bool]:
    asked = iter((False, True))
    return lambda: next(asked)


def _connect(reactor: SimReactor, port: int | str, peer: Peer) -> None:
    from reactor.endpoints import TCP4ClientEndpoint, clientFromString

    def failed(reason: Failure) -> None:
        peer.has_ended, peer.reason = True, reason

    if isinstance(port, str):
        endpoint = clientFromString(reactor, port)
    else:
        endpoint = TCP4ClientEndpoint(reactor, reactor.system.host.network.hosts[0].addresses[0], port)
    endpoint.connect(peer.factory()).addErrback(failed)
