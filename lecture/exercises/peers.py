"""Those who talk to a student's program, as a check sees them.

A check calls `says`, `hears` and the like one after the other, as if it had all the time of the world: each of them
lets the world go on until it is done, or until nothing can happen any more, which is an answer, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.sim import SimReactor

if TYPE_CHECKING:
    from lecture.exercises.trying import Yours

REST_S = 0.5  # after an answer: what comes then is too much


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


class Peer(Protocol):
    """One who talks to the student's program. Made by `connect` and `listen`.

    received: all that it has heard. sent: what it said, in pieces as it said them.
    has_ended, reason: of the connection. half_closed: whether the program has said that no more comes.
    keeps_open: whether it can still speak then; otherwise it closes the connection, as most programs do.
    """

    transport: Any = None
    keeps_open = False

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

    def is_half_closed(self, rule: str) -> None:
        """The student's program says that no more comes, or closes the connection. Raises Broken."""
        self.send()
        if not self._yours.goes_on(lambda: self.half_closed or self.has_ended):
            raise Broken(rule, f"{self.name} isn't told that no more comes", tuple(self.sent), peer=self.name)

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
        if not self.keeps_open:
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
