"""One end of a TCP connection: the states of RFC 9293, and what a segment does in each.

Left out, because no program can tell: congestion control, delayed acknowledgements, urgent data. What is here is what
programs meet: the handshake, windows that fill and open again, each direction ended by itself, resets, loss made good,
and patience that ends.
"""

from __future__ import annotations

import enum
import errno
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from reactor.sim.packets import Place, Segment
from reactor.sim.retransmission import Retransmission
from reactor.sim.tcp_buffers import Incoming, Outgoing

if TYPE_CHECKING:
    from reactor.sim.host import Host
    from reactor.sim.links import Link

SYN_RETRIES = 6  # tcp(7), tcp_syn_retries: with pauses of 1, 2, 4 … seconds 127 s in all
DATA_RETRIES = 15  # tcp_retries2
LINGER_S = 60.0  # tcp_fin_timeout, and TIME_WAIT


class State(enum.Enum):
    """RFC 9293, section 3.3.2."""

    CLOSED = "closed"
    SYN_SENT = "SYN sent"
    SYN_RECEIVED = "SYN received"
    ESTABLISHED = "established"
    FIN_WAIT_1 = "FIN wait 1"
    FIN_WAIT_2 = "FIN wait 2"
    CLOSE_WAIT = "close wait"
    CLOSING = "closing"
    LAST_ACK = "last ack"
    TIME_WAIT = "time wait"


OPENING = (State.SYN_SENT, State.SYN_RECEIVED)
OVER = (State.CLOSED, State.TIME_WAIT)

_OUR_FIN = {State.ESTABLISHED: State.FIN_WAIT_1, State.CLOSE_WAIT: State.LAST_ACK, State.SYN_RECEIVED: State.FIN_WAIT_1}
_OUR_FIN_ACKED = {
    State.FIN_WAIT_1: State.FIN_WAIT_2,
    State.CLOSING: State.TIME_WAIT,
    State.LAST_ACK: State.CLOSED,
}
_THEIR_FIN = {
    State.ESTABLISHED: State.CLOSE_WAIT,
    State.FIN_WAIT_1: State.CLOSING,
    State.FIN_WAIT_2: State.TIME_WAIT,
}


class Doorman(Protocol):
    """A socket that takes new connections."""

    def admit(self, newcomer: Endpoint) -> bool:
        """Whether there is room for this connection."""


class Endpoint:
    """One end of a connection, made by `connect` or by the other end's call; it exists until TCP is done with it.

    local, remote: the two ends. error: an errno that was not reported yet, or 0.
    read_is_shut, write_is_shut: whether one of the directions is over, for whatever reason.
    doorman: who is asked to take it, when it was called.
    on_change: called when there may be something new to read, to write or to know. on_end: called when the connection
    doesn't need its port any more.
    """

    def __init__(self, host: Host, local: Place, remote: Place, buffers: tuple[int, int], link: Link) -> None:
        self.host = host
        self.local = local
        self.remote = remote
        self.state = State.CLOSED
        self.error = 0
        self.read_is_shut = self.write_is_shut = False
        self.on_change: Callable[[], None] = _nothing
        self.on_end: Callable[[], None] = _nothing
        self.outgoing = Outgoing(buffers[0])
        self.incoming = Incoming(buffers[1], host.reads)
        self._link = link
        self.doorman: Doorman | None = None
        self._is_orphan = False  # whether its program has closed it
        self._timer = Retransmission(host.network.clock, self._again)

    # --- beginning

    def connect(self) -> None:
        """Call the other end: send a SYN."""
        self._enter(State.SYN_SENT)
        self._send_opening()

    def invite(self, doorman: Doorman, window: int) -> None:
        """Answer the other end's call, for a listening socket."""
        self.doorman = doorman
        self.outgoing.allowed = 1 + window
        self._enter(State.SYN_RECEIVED)
        self._send_opening()

    def _enter(self, state: State) -> None:
        self.state = state
        self.host.connections[self.local, self.remote] = self

    def _send_opening(self) -> None:
        self._timer.measure(1)
        self._timer.expect()
        self._send("SYN" if self.state is State.SYN_SENT else "SYN ACK", 0)

    # --- for the socket

    def write(self, data: bytes | memoryview) -> int:
        """Take as many bytes as there is room for. Returns how many."""
        taken = self.outgoing.write(data)
        self._transmit()
        return taken

    def read(self, size: int, leave: bool = False) -> bytes:
        """What has come, at most `size` bytes; with `leave` the bytes stay."""
        piece = self.incoming.read(size, leave)
        if self.incoming.has_news and self.state not in OVER:
            self._send("ACK", self.outgoing.sent)
        return piece

    def shut_write(self) -> None:
        """Send what waits, then the FIN."""
        self.write_is_shut = True
        if self.state in _OUR_FIN:
            self.state = _OUR_FIN[self.state]
            self.outgoing.finish()
            self._transmit()

    def close(self, reset: bool) -> None:
        """The program has closed the socket. reset: drop what waits, and reset the connection."""
        self._is_orphan = True
        self.read_is_shut = True
        if self.state in OVER or self.state is State.SYN_SENT:
            self._end_if(self.state is not State.TIME_WAIT)
        elif reset or len(self.incoming):
            self._send("RST ACK", self.outgoing.sent)
            self._end_if(True)
        else:
            if not self.write_is_shut:
                self.shut_write()
            self._linger_if_waiting()

    # --- segments

    def receive(self, segment: Segment) -> None:
        """A segment has arrived for this connection. Called by the host."""
        if self.state is State.SYN_SENT:
            self._receive_answer(segment)
        elif "RST" in segment.flags:
            if self.incoming.next <= segment.seq <= self.incoming.next + self.incoming.window:
                self.fail(errno.EPIPE if self.state is State.CLOSE_WAIT else errno.ECONNRESET)
        elif segment.flags == "SYN ACK" and self.state is State.SYN_RECEIVED and self.doorman is None:
            self._agree(segment)
        elif "SYN" in segment.flags:  # a second time: our answer was lost
            self._send("SYN ACK" if self.state is State.SYN_RECEIVED else "ACK", self._place())
        elif self.state is not State.SYN_RECEIVED or self._is_admitted(segment):
            self._receive_ack(segment)
            if self.state is not State.CLOSED and (segment.data or "FIN" in segment.flags):
                self._receive_data(segment)

    def _place(self) -> int:
        return 0 if self.state in OPENING else self.outgoing.sent

    def _receive_answer(self, segment: Segment) -> None:
        if "RST" in segment.flags:
            self.fail(errno.ECONNREFUSED)
        elif segment.flags == "SYN ACK":
            self._agree(segment)
        elif segment.flags == "SYN":  # both have called at the same moment, RFC 9293, section 3.5; or it is ourselves
            self.state = State.SYN_RECEIVED
            self._send_opening()

    def _agree(self, segment: Segment) -> None:
        self._establish(segment)
        self._send("ACK", 1)
        self.on_change()

    def _is_admitted(self, segment: Segment) -> bool:
        if segment.ack < 1 or (self.doorman is not None and not self.doorman.admit(self)):
            return False
        self._establish(segment)
        return True

    def _establish(self, segment: Segment) -> None:
        self.state = State.ESTABLISHED
        self.outgoing.allowed = 1 + segment.window
        self._timer.arrived(1)

    def _receive_ack(self, segment: Segment) -> None:
        if self.outgoing.acknowledge(segment.ack, segment.window):
            self._timer.arrived(segment.ack)
            if self.outgoing.is_acked and self.state in _OUR_FIN_ACKED:
                self._move_to(_OUR_FIN_ACKED[self.state])
        self._transmit()
        self.on_change()

    def _receive_data(self, segment: Segment) -> None:
        is_new = segment.seq + len(segment.data) > self.incoming.next
        if segment.data and is_new and self.read_is_shut and self.state in (State.FIN_WAIT_1, State.FIN_WAIT_2):
            self._send("RST ACK", self.outgoing.sent)  # no program is left to read it: tcp(7)
            self.fail(errno.ECONNRESET)
            return
        was_ended = self.incoming.is_ended
        self.incoming.take_in(segment.seq, segment.data, "FIN" in segment.flags)
        self._send("ACK", self.outgoing.sent)
        if self.incoming.is_ended and not was_ended:
            self.read_is_shut = True
            self._move_to(_THEIR_FIN[self.state])
        self.on_change()

    def _transmit(self) -> None:
        """Send what the window allows."""
        if self.state in OPENING or self.state in OVER:
            return
        while piece := self.outgoing.next_piece(self._cut_off):
            place, data, is_last = piece
            self._timer.measure(place + len(data) + is_last)
            self._send("FIN ACK" if is_last else "ACK", place, data)
        if self.outgoing.is_in_flight or self.outgoing.is_waiting:  # the word that a window is open may be lost too
            self._timer.expect()

    def _cut_off(self, size: int) -> int:
        return self._link.cut_off(size, self.host.network.random)

    def _send(self, flags: str, place: int, data: bytes = b"") -> None:
        ack = 0 if flags == "SYN" else self.incoming.next
        window = self.incoming.announce()
        try:
            self.host.send(Segment(self.local, self.remote, flags, place, ack, window, data))
        except OSError:  # there is no route any more: as good as lost
            pass

    def _again(self) -> None:
        """No answer came in time."""
        opening = self.state in OPENING
        if self._timer.tries > (SYN_RETRIES if opening else DATA_RETRIES):
            self.fail(errno.ETIMEDOUT)
        elif opening:
            self._send_opening()
        elif (probe := self.outgoing.probe()) is not None:
            self._timer.tries = min(self._timer.tries, DATA_RETRIES - 1)  # a peer that answers is alive, window or not
            self._timer.expect()
            self._send("ACK", *probe)
        else:
            self.outgoing.start_over()
            self._transmit()

    # --- ending

    def _move_to(self, state: State) -> None:
        self.state = state
        if state is State.CLOSED:
            self._end_if(True)
        elif state is State.TIME_WAIT:
            self.write_is_shut = True
            self._timer.stop()
            self.host.network.clock.set(LINGER_S, self._end_if, True)
        elif self._is_orphan:
            self._linger_if_waiting()

    def _linger_if_waiting(self) -> None:
        if self.state is State.FIN_WAIT_2:
            self.host.network.clock.set(LINGER_S, self._end_if, True)

    @property
    def is_reusable(self) -> bool:
        """Whether a new connection between the same places may replace it."""
        return self.state is State.TIME_WAIT

    def fail(self, error: int) -> None:
        """The connection has failed: the other end has reset it, or doesn't answer."""
        self.error = error
        self.outgoing = Outgoing(self.outgoing.capacity)
        self._end_if(True)
        self.on_change()

    def _end_if(self, is_over: bool) -> None:
        """Release the connection's port, once."""
        if not is_over:
            return
        self.state = State.CLOSED
        self.read_is_shut = self.write_is_shut = True
        self._timer.stop()
        if self.host.connections.get((self.local, self.remote)) is self:
            del self.host.connections[self.local, self.remote]
        on_end, self.on_end = self.on_end, _nothing
        on_end()


def _nothing() -> None:
    """Does nothing: the callback of a connection whose program has closed it."""
