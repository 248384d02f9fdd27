"""The buffering core of every stream transport.

`write` never waits: it puts the bytes in a buffer. `doWrite` hands the kernel as much as it takes: when `dataReceived`
returns, for what it wrote to its own transport; in the next turn, for what was written from elsewhere. What the kernel
doesn't take stays, and the poller tells when there is room again. Two marks keep the buffer from growing for ever.
Above `bufferSize` waiting bytes a push producer is paused; when nothing waits any more, it is resumed, and a pull
producer is asked for its next piece. Closing is a matter of the same buffer: `loseConnection` means "close when you are
empty".

`state.py` has the states of a connection, and what is allowed in each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from reactor import error
from reactor.core.loop.core import Loop
from reactor.core.loop.descriptors import log_raised
from reactor.core.transports.security_layer import NOTHING, Layer
from reactor.core.transports.state import TRANSITIONS, WRITABLE_STATES, Event, State
from reactor.failure import Failure
from reactor.interfaces import IProtocol

_SEND_AT_MOST = 128 * 1024  # in one doWrite, then it is the others' turn (Twisted's number); a larger piece goes whole
_JOIN_AT_MOST = 64 * 1024  # small pieces are joined up to this for one send; larger ones go as they are, never copied
_OPEN = State.OPEN  # compared at every read, and CPython 3.11 takes 50 ns to look up a member of an enum


class StreamTransport:
    """Moves bytes between one protocol and one socket. Kinds of sockets add their addresses and options to this.

    socket: non-blocking and connected. protocol: gets the bytes; looked up for each event, for it may be exchanged.
    layer: what lies between the two, such as TLS.
    pending_bytes: how many wait in the buffer. producer: fills the buffer; None without one.
    disconnecting: whether `loseConnection` was called.
    """

    layer: Layer = NOTHING
    bufferSize = 64 * 1024
    """Bytes asked for in one read, and the mark above which a push producer is paused. Twisted's number for both."""

    def __init__(self, reactor: Loop, socket: Any, protocol: IProtocol) -> None:
        self.reactor = reactor
        self.socket = socket
        self.protocol = protocol
        self.state = State.OPEN
        self.disconnecting = False
        self.producer: Any = None
        self._streaming = False
        self._producer_is_paused = False
        self._accepts_bytes = True
        self._waiting: deque[bytes | memoryview] = deque()
        self.pending_bytes = 0
        self._turn_to_send = False  # whether doWrite is coming: in the next turn, or when the poller reports room
        self._watched_for_room = False
        reactor.transports[self] = None
        self.startReading()

    # --- reading

    def fileno(self) -> int:
        """The socket's descriptor, -1 when it is closed."""
        return self.socket.fileno()  # type: ignore[no-any-return]  # Any: a real socket or a simulated one

    def doRead(self) -> Exception | None:
        """Pass on what has come. Called by the loop when there is something to read."""
        try:  # once, and not until nothing is left: what remains is reported again, after all the others had a turn
            data = self.socket.recv(self.bufferSize)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as problem:
            return self.layer.why(problem)
        if not data:
            return error.ConnectionDone()
        if self._turn_to_send:  # bytes wait already, and what the handler writes follows them
            self.protocol.dataReceived(data)
            return None
        self._turn_to_send = True  # so that all its writes leave together when it returns
        self.protocol.dataReceived(data)
        if self.state is not _OPEN:  # the handler has closed: `doWrite` sees to it in the next turn
            self.reactor.written.append(self)
        elif self._waiting:
            return self.doWrite()
        else:
            self._turn_to_send = False
        return None

    def startReading(self) -> None:
        """Let the loop call `doRead`."""
        self.reactor.addReader(self)

    def stopReading(self) -> None:
        """Keep the loop from calling `doRead`."""
        self.reactor.removeReader(self)

    def pauseProducing(self) -> None:
        """Read nothing for now: the protocol has enough to do. The peer must wait when our kernel's buffer is full."""
        if not (self.disconnecting and self.layer.needs_peer):
            self.stopReading()

    def resumeProducing(self) -> None:
        """Read on."""
        if self.state in (State.OPEN, State.FINISHING, State.WRITE_CLOSED):
            self.startReading()

    def stopProducing(self) -> None:
        """The consumer of what this transport receives is gone: close."""
        self.loseConnection()

    # --- writing

    def write(self, data: bytes) -> None:
        """Send these bytes after those that already wait. They leave when the handler that calls this has returned.

        data: bytes; or a bytearray or memoryview, which is copied. Raises TypeError for text.
        Once the connection, or our direction of it, is closed, bytes are ignored; `connectionLost` tells the protocol.
        """
        if type(data) is not bytes:
            data = _as_bytes(data)
        if not data or not self._accepts_bytes:
            if self._accepts_bytes and self.producer is not None and not (self._streaming or self._waiting):
                self._send_empty_piece()  # so that a pull producer which had nothing for once is asked again
            return
        self._waiting.append(data)
        self.pending_bytes += len(data)
        if self.pending_bytes > self.bufferSize and self._streaming:
            self._producer_is_paused = True
            self.producer.pauseProducing()
        if not self._turn_to_send:
            self._send_in_turn()

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send these, one after the other, as one `write` of all of them would."""
        self.write(b"".join(iovec))

    def _send_in_turn(self) -> None:
        """Have the loop call `doWrite` in the next turn."""
        self._turn_to_send = True
        self.reactor.written.append(self)

    def doWrite(self) -> Exception | None:
        """Hand the kernel what it takes. Called by the loop: once after a write, then whenever there is room."""
        waiting, budget = self._waiting, _SEND_AT_MOST
        while waiting and budget > 0:
            if len(waiting) > 1:
                self._join_some()
            piece = waiting[0]
            try:
                sent = self.socket.send(piece)
            except (BlockingIOError, InterruptedError):  # also for an empty piece, which the layer has put there
                self._wait_for_room()
                return None
            except OSError as problem:
                return self.layer.why(problem)
            self.pending_bytes -= sent
            if sent == len(piece):
                waiting.popleft()
                budget -= sent
            else:  # a view: a slice of bytes would copy the whole rest each time. No second try: there is no room now
                waiting[0] = memoryview(piece)[sent:]
                budget = 0
        if waiting:
            self._wait_for_room()
            return None
        self._turn_to_send = False
        if self.state is _OPEN and self.producer is None and not self._watched_for_room:
            return None  # the usual case: nothing depends on the buffer being empty
        return self._emptied()

    def _send_empty_piece(self) -> None:
        """Have `doWrite` do what follows a piece: ask the layer, which may have something to say, or the producer."""
        if not self._waiting or self._waiting[-1]:
            self._waiting.append(b"")
        self._send_in_turn()

    def _join_some(self) -> None:
        """Make one piece of the first small ones, so that many writes become one send."""
        pieces: list[bytes | memoryview] = []
        size = 0
        while self._waiting and size + len(self._waiting[0]) <= _JOIN_AT_MOST:
            size += len(self._waiting[0])
            pieces.append(self._waiting.popleft())
        if pieces:
            self._waiting.appendleft(b"".join(pieces))

    def _wait_for_room(self) -> None:
        if self.layer.waits_for_peer:  # it lacks no room, and calls `_send_empty_piece` when it may send
            self._stop_waiting_for_room()
        elif not self._watched_for_room:
            self._watched_for_room = True
            self.reactor.addWriter(self)

    def _stop_waiting_for_room(self) -> None:
        if self._watched_for_room:
            self._watched_for_room = False
            self.reactor.removeWriter(self)

    def _emptied(self) -> Exception | None:
        """The buffer is empty: let the producer go on, or do what was to be done after the last byte."""
        self._stop_waiting_for_room()
        state = self.state
        if state is State.ENDING:
            return self.layer.part()
        if not self._accepts_bytes:
            return None
        if self.producer is not None and (self._producer_is_paused or not self._streaming):
            self._producer_is_paused = False
            self.producer.resumeProducing()
        elif state is State.CLOSING:
            return self._part()
        elif state is State.FINISHING or state is State.LAST_WORDS:
            self._finish_writing()
        return None

    def _part(self) -> Exception | None:
        """All is sent: take no more, and stop the producer, since the layer's goodbye may take a while."""
        self._become(Event.SENT)
        producer, self.producer, self._streaming = self.producer, None, False
        if producer is not None:
            producer.stopProducing()
        return self.layer.part() if self.state is State.ENDING else None

    # --- producers

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let `producer` fill the buffer.

        streaming: True for a push producer: every write that leaves more than `bufferSize` bytes waiting pauses it, and
            it is resumed when none wait. False for a pull producer: it is asked for a piece now, and again whenever the
            buffer is empty, until it is unregistered. It writes each time, if only b"".
        If the connection is lost already, the producer is told to stop. Raises RuntimeError while there is another.
        """
        if self.producer is not None:
            raise RuntimeError(
                f"Cannot register producer {producer!r}, because producer {self.producer!r} was never unregistered."
            )
        if self.state is State.CLOSED:
            producer.stopProducing()
            return
        self.producer = producer
        self._streaming = bool(streaming)
        self._producer_is_paused = False
        if not streaming:
            producer.resumeProducing()

    def unregisterProducer(self) -> None:
        """The producer has finished. A `loseConnection` that waited for it goes on."""
        self.producer = None
        self._streaming = False
        if not self._turn_to_send and self.state in (State.CLOSING, State.FINISHING, State.LAST_WORDS):
            self._send_in_turn()

    def stopConsuming(self) -> None:
        """The producer's source is gone: no more comes from it, and the connection closes."""
        self.unregisterProducer()
        self.loseConnection()

    # --- closing

    def loseConnection(self) -> None:
        """Send what waits, then close; `connectionLost` follows with ConnectionDone. Nothing more is read.

        A pull producer, or a push producer that is paused, goes on until it is unregistered; what it writes is sent
        too. A push producer that isn't paused is stopped when the buffer is empty.
        As in Twisted, two ends that both do this with more to send than the kernels hold wait for each other for ever,
        since neither reads; call `abortConnection` after a while to end that.
        """
        if self._become(Event.LOSE):
            self.disconnecting = True
            self._close_when_empty()

    def loseWriteConnection(self) -> None:
        """Send what waits, then tell the peer that no more will come, and go on reading."""
        if self._become(Event.LOSE_WRITE) and not self._turn_to_send:
            self._send_in_turn()

    def abortConnection(self) -> None:
        """Close in the next turn; what waits is thrown away, and the peer sees a reset."""
        if self._become(Event.ABORT):
            self._forget_what_waits()
            self.stopReading()
            # Not at once: the handler that calls this would find its connection lost in the middle of its own work.
            self.reactor.callLater(0, self.connectionLost, Failure(error.ConnectionAborted()))

    def readConnectionLost(self, reason: Failure) -> None:
        """The peer has sent its last byte. Called by the loop."""
        half_closeable = getattr(self.protocol, "readConnectionLost", None)
        if half_closeable is None or not self._become(Event.PEER_DONE):  # the second: we were closing already
            self.connectionLost(reason)
            return
        if self.state is State.ENDING:  # our direction was closed before
            self._close_when_empty()
        self._tell(half_closeable)

    def _finish_writing(self) -> None:
        """Our last byte is sent: tell the peer, and the protocol if it has a `writeConnectionLost`."""
        self._become(Event.SENT)
        try:
            self.socket.shutdown(1)  # SHUT_WR
        except OSError:
            pass  # the connection broke at this very moment; the next read will tell
        if self.state is State.ENDING:  # the peer's direction was closed before
            self._close_when_empty()
        if (half_closeable := getattr(self.protocol, "writeConnectionLost", None)) is not None:
            self._tell(half_closeable)

    def _tell(self, handler: Callable[[], object]) -> None:
        """Tell the protocol that one direction is closed; if its handler raises, close the other one too."""
        try:
            handler()
        except BaseException as problem:
            log_raised(problem, f"in {handler!r}")
            self.connectionLost(Failure(problem))

    def _close_when_empty(self) -> None:
        if self.layer.needs_peer:
            self.startReading()
        else:
            self.stopReading()
        if not self._turn_to_send:
            self._send_in_turn()

    def connectionLost(self, reason: Failure) -> None:
        """The connection is over: release everything, tell the protocol. Called by the loop; later calls do nothing."""
        if not self._become(Event.LOST):
            return
        # The poller, then the socket, then the program: a closed descriptor must not be watched, for its number may
        # come back as another file; and a handler that raises must not leave a socket open.
        self._forget_what_waits()
        producer, self.producer, self._streaming = self.producer, None, False
        self.stopReading()
        self.reactor.transports.pop(self, None)
        self._close_socket(reason)
        try:
            if producer is not None:
                producer.stopProducing()
        finally:
            protocol = self.protocol
            del self.protocol  # the two refer to each other: otherwise only the garbage collector could free them
            protocol.connectionLost(reason)

    def _forget_what_waits(self) -> None:
        self._waiting.clear()
        self.pending_bytes = 0
        self._stop_waiting_for_room()

    def _close_socket(self, reason: Failure) -> None:
        self.socket.close()

    def _become(self, event: Event) -> bool:
        """Move to the next state. Returns False when the event has no meaning in this one."""
        state = TRANSITIONS.get((self.state, event))
        if state is None:
            return False
        self.state = state
        self._accepts_bytes = state in WRITABLE_STATES  # kept for `write`: CPython 3.11 hashes an enum's member slowly
        return True

    @property
    def connected(self) -> bool:
        """Whether the connection still exists, if only to send the last bytes."""
        return self.state is not State.CLOSED

    @property
    def disconnected(self) -> bool:
        """Whether the connection is over."""
        return self.state is State.CLOSED


def _as_bytes(data: object) -> bytes:
    if isinstance(data, (bytearray, memoryview, bytes)):
        return bytes(data)
    raise TypeError(f"write() takes bytes, not {type(data).__name__}: encode text first")
