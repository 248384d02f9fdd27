"""One try: the student's program on a host of a simulated world, and peers on another host who talk to it.

A check calls `says`, `hears` and the like one after the other, as if it had all the time of the world: each of them
lets the world go on until it is done, or until nothing can happen any more, which is an answer, too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lecture.exercises.schedules import SLOW, Schedule
from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.sim import NothingLeftToHappen, Program, SimReactor, World

PATIENCE_S = 100.0  # of the world's time, for each answer
REST_S = 0.5  # after an answer: what comes then is too much
MOST_TURNS = 5_000
HOST, PEERS = "yours", "theirs"


@dataclass
class Broken(Exception):
    """A rule is broken. what: in a sentence. sent: by the peer until then. expected, came: bytes or text, if any."""

    rule: str
    what: str
    sent: tuple[bytes, ...] = ()
    expected: object = None
    came: object = None
    peer: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


class Yours:
    """The student's program in a world of its own. script: its file. schedule: how bytes are delivered.

    world: where it runs. program: it, once it was started. peers: all who talk to it, in the order in which they came.
    steps: of the world, so far.
    """

    def __init__(self, script: Path, schedule: Schedule) -> None:
        self.world = World(schedule.seed, MOST_TURNS)
        self.schedule = schedule
        self.program: Program | None = None
        self.peers: list[Peer] = []
        self.steps = 0
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
        """Press Ctrl-C."""
        assert self.program is not None, "a program is started before it is interrupted"
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
        self.world.start(lambda reactor: _connect(reactor, port, peer), host=host or (HOST if near else PEERS))
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
        self.world.start(lambda reactor: reactor.listenTCP(port, peer.factory()), host=host)
        return peer

    def send_all(self) -> None:
        """Let all that its peers have said leave: one of them waits, and the answer may depend on another."""
        for peer in self.peers:
            peer.send()

    def opens(self, port: int, name: str = "the server") -> Door:
        """Wait for as many of its calls as it makes, one after the other."""
        door = Door(self, name)
        self.world.start(lambda reactor: door.open(reactor, port), host=PEERS)
        return door

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
            self.steps += 1
            with suppress(NothingLeftToHappen):
                self.world.run_until(_after_one_step(), limit - self.world.seconds())
                continue
            return False
        return True

    def complaint(self) -> str | None:
        """The end of what it said on standard error: a traceback, as a rule."""
        said = self.program.stderr.strip() if self.program is not None else ""
        return said.splitlines()[-1] if said else None

    @property
    def stream(self) -> int:
        """How many bytes its most talkative peer has said."""
        return max((peer.bytes_sent for peer in self.peers), default=0)

    def __enter__(self) -> Yours:
        return self

    def __exit__(self, *problem: object) -> None:
        self.world.close()


class ResetNow(Exception):
    """The connections were reset, as the schedule wants it: the conversation is over."""


def _after_one_step() -> Callable[[], bool]:
    asked = iter((False, True))
    return lambda: next(asked)


class Peer(Protocol):
    """One who talks to the student's program. Made by `connect` and `listen`.

    received: all that it has heard. sent: what it said, in pieces as it said them.
    has_ended, reason: of the connection. half_closed: whether the program has said that no more comes.
    """

    transport: Any = None

    def __init__(self, yours: Yours, name: str) -> None:
        self.name = name
        self.received = b""
        self.sent: list[bytes] = []
        self.has_ended = self.half_closed = False
        self.reason: Failure | None = None
        self._yours = yours
        self._heard = 0
        self._unsent: list[bytes] = []
        yours.peers.append(self)

    # --- for a check

    def says(self, data: bytes) -> None:
        """Send this. It leaves at once, or together with what it says next, as the schedule wants it."""
        self.sent.append(data)
        self._unsent.append(data)
        if not self._yours.schedule.glued:
            self.send()

    def hears(self, expected: bytes, rule: str) -> None:
        """The next bytes that come are these, and no more. Raises Broken."""
        self._yours.send_all()
        wanted = self._heard + len(expected)
        self._yours.goes_on(lambda: len(self.received) >= wanted or self.has_ended)
        self._yours.later(REST_S)
        self.has_heard(expected, rule)

    def has_heard(self, expected: bytes, rule: str) -> None:
        """By now these bytes have come, and no more: neither late nor early. Raises Broken."""
        came = self.received[self._heard :]
        self._heard = len(self.received)
        if came != expected:
            what = "nothing came" if not came else "something else came"
            raise Broken(
                rule, f"{self.name} waited for an answer, and {what}", tuple(self.sent), expected, came, self.name
            )

    def closes(self) -> None:
        """Close the connection."""
        self.send()
        self._do("loseConnection")

    def half_closes(self) -> None:
        """Say that no more comes, and go on listening."""
        self.send()
        self._do("loseWriteConnection")

    def aborts(self) -> None:
        """Reset the connection."""
        self.send()
        self._do("abortConnection")

    def is_closed(self, rule: str) -> None:
        """The student's program closes the connection. Raises Broken."""
        self._yours.send_all()
        if not self._yours.goes_on(lambda: self.has_ended):
            raise Broken(rule, f"the connection of {self.name} stays open", tuple(self.sent), peer=self.name)

    def stays(self, rule: str, seconds: float = 10.0) -> None:
        """The connection is still open after so many seconds. Raises Broken."""
        self._yours.send_all()
        self._yours.later(seconds)
        if self.has_ended:
            raise Broken(rule, f"the connection of {self.name} was closed", tuple(self.sent), peer=self.name)

    def called(self, rule: str) -> None:
        """The student's program connects. Raises Broken."""
        self._yours.start()
        if not self._yours.goes_on(lambda: self.transport):
            raise Broken(rule, f"it doesn't connect to {self.name}", came=self._yours.complaint(), peer=self.name)

    def pauses(self) -> None:
        """Read no more for now: what the program writes waits."""
        self._do("pauseProducing")

    def resumes(self) -> None:
        """Read again."""
        self._do("resumeProducing")

    @property
    def bytes_sent(self) -> int:
        """How many bytes it has said."""
        return sum(map(len, self.sent))

    # --- for its reactor

    def factory(self) -> Factory[Any]:
        """Builds this protocol, and no second one."""
        return _Once(self)

    def connectionMade(self) -> None:
        self._reactor = self.transport.reactor

    def dataReceived(self, data: bytes) -> None:
        self.received += data

    def readConnectionLost(self) -> None:
        self.half_closed = True
        self.transport.loseConnection()

    def writeConnectionLost(self) -> None:
        """Nothing to do: it was our wish."""

    def connectionLost(self, reason: Failure) -> None:
        self.has_ended, self.reason = True, reason

    def send(self) -> None:
        """Let what it has said leave. Called by all that waits for something."""
        data, self._unsent = b"".join(self._unsent), []
        if data:
            self._do("write", data)

    def _do(self, method: str, *args: object) -> None:
        if self.transport is not None and not self.has_ended:
            self._reactor.callFromThread(lambda: getattr(self.transport, method)(*args))


class _Once(Factory[Any]):
    noisy = False

    def __init__(self, peer: Peer) -> None:
        self._peer: Peer | None = peer

    def buildProtocol(self, addr: Any) -> Any:
        peer, self._peer = self._peer, None
        return peer


class Door(Factory[Any]):
    """A port at which the program may call again and again. Made by `Yours.opens`."""

    noisy = False

    def __init__(self, yours: Yours, name: str) -> None:
        self.name = name
        self._yours = yours
        self._calls: list[Peer] = []  # that nobody has taken yet

    def next(self, rule: str) -> Peer:
        """The peer of the program's next call. Raises Broken when none comes."""
        self._yours.start()
        if not self._yours.goes_on(lambda: self._calls and self._calls[0].transport):
            raise Broken(rule, f"it doesn't connect to {self.name}", came=self._yours.complaint(), peer=self.name)
        return self._calls.pop(0)

    def nobody(self, rule: str, seconds: float) -> None:
        """No call comes for so long. Raises Broken."""
        self._yours.later(seconds)
        if self._calls:
            raise Broken(rule, f"it connects to {self.name} once more", came=self._yours.complaint(), peer=self.name)

    def shuts(self) -> None:
        """Refuse calls from now on. Connections stay as they are."""
        self._reactor.callFromThread(lambda: self._port.stopListening())

    def opens(self) -> None:
        """Take calls again."""
        self._reactor.callFromThread(lambda: self._port.startListening())

    def open(self, reactor: SimReactor, port: int) -> None:
        """Called in the program of the peers."""
        self._reactor, self._port = reactor, reactor.listenTCP(port, self)

    def buildProtocol(self, addr: Any) -> Any:
        self._calls.append(Peer(self._yours, self.name))
        return self._calls[-1]


def _connect(reactor: SimReactor, port: int | str, peer: Peer) -> None:
    from reactor.endpoints import TCP4ClientEndpoint, clientFromString

    def failed(reason: Failure) -> None:
        peer.has_ended, peer.reason = True, reason

    if isinstance(port, str):
        endpoint = clientFromString(reactor, port)
    else:
        endpoint = TCP4ClientEndpoint(reactor, reactor.system.host.network.hosts[0].addresses[0], port)
    endpoint.connect(peer.factory()).addErrback(failed)
