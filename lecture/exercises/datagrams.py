"""One who sends datagrams to a student's program, as a check sees him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lecture.exercises.peers import REST_S, Broken
from reactor.protocol import DatagramProtocol

if TYPE_CHECKING:
    from lecture.exercises.trying import Yours


class Correspondent(DatagramProtocol):
    """Made by `Yours.writes_to`. received, sent: all datagrams so far."""

    transport: Any = None

    def __init__(self, yours: Yours, name: str, place: tuple[str, int]) -> None:
        self.name = name
        self.received: list[bytes] = []
        self.sent: list[bytes] = []
        self._yours = yours
        self._place = place
        self._heard = 0

    def sends(self, data: bytes) -> None:
        """Send a datagram. It may be lost, or come twice: see `Yours.line`."""
        self.sent.append(data)
        self.transport.reactor.callFromThread(lambda: self.transport.write(data, self._place))

    def hears(self, expected: bytes, rule: str) -> None:
        """The next datagram that comes is this, and no other follows. Raises Broken."""
        self._yours.goes_on(lambda: len(self.received) > self._heard)
        self._yours.later(REST_S)
        came, self._heard = self.received[self._heard :], len(self.received)
        if came != [expected]:
            what = "something else came" if came else "nothing came"
            raise Broken(
                rule, f"{self.name} waited for an answer, and {what}", tuple(self.sent), expected, b" ".join(came)
            )

    def datagramReceived(self, data: bytes, addr: Any) -> None:
        self.received.append(data)
