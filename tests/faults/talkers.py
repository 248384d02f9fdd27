"""The two ends of a conversation of numbered streams: how they send, how they receive, and how they close.

Each stream begins with its number, four bytes, so that the other end knows which one it receives.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.books import content
from tests.faults.producers import Puller, Pusher
from tests.faults.watched import HalfWatched, Watched

_HEADER = 4


@dataclass(frozen=True)
class Part:
    """The behaviour of one end. All of it comes from the seed.

    size: bytes that it says after its header. way: "once", "pieces", "push", "pull" or "answers". piece: bytes at a
        time. pace_s: seconds between pieces; None is none.
    ending: "polite": `loseConnection` when all is said and heard. "hasty": when all is said. "early": in the middle.
        "half": `loseWriteConnection` when all is said. "abort": `abortConnection` after a while. "wait": never.
    half_closeable: whether it can go on when the other has said all.
    pauses: every so many times that it hears something it reads nothing for a while; 0 is never.
    buffer: the transport's bufferSize; None leaves it. raises: the handler that raises; None is none.
    plain: in a conversation that turns to TLS in the middle: bytes that it says before.
    chatter: bytes that it writes after it has asked for the end.
    unregisters_late: whether its producer unregisters some time after its last piece, not together with it.
    """

    size: int
    way: str
    piece: int
    pace_s: float | None
    ending: str
    half_closeable: bool
    pauses: int
    buffer: int | None
    raises: str | None
    plain: int
    chatter: int
    unregisters_late: bool

    @property
    def whole(self):
        """Bytes of the whole stream."""
        return _HEADER + self.plain + self.size


class Talking:
    """What a talker does; its other base class has the checks.

    talk: the conversation. part, their_part: what either end does.
    """

    def __init__(self, talk, end, part, their_part):
        super().__init__(end, part.raises)
        self.talk = talk
        self.part = part
        self.their_part = their_part
        self.producer = None
        self._header = b""
        self._heard_times = 0
        self._is_plain = bool(talk.turns_to_tls)
        self._has_said_all = False

    # --- the beginning

    def begin(self):
        if self.part.buffer is not None:
            self.transport.bufferSize = self.part.buffer
        if self.part.ending == "abort":
            self.later(self.part.pace_s or 0.0, self._abort)
        if not self._is_plain:
            self._speak()
        elif self.is_client:
            self.say(_HEADER + self.part.plain)

    @property
    def is_client(self):
        return self.transport.connector is not None

    def _abort(self):
        self.ask("abortConnection")

    def _turn_to_tls(self):
        """All of the other end's plain bytes are here: send ours, or begin TLS."""
        self._is_plain = False
        if not self.is_client:
            self.say(_HEADER + self.part.plain)
        self.end.note("startTLS")
        self.transport.startTLS(self.talk.context(self.is_client))
        self.end.is_secure = True
        if not self.transport.TLS:
            self.end.complain("startTLS has begun, and it isn't TLS")
        self._speak()

    # --- speaking

    @property
    def left(self):
        """Bytes still to send."""
        return max(0, self.part.whole - self.end.written)

    def say(self, size):
        """Write the next bytes of the stream."""
        end = self.end
        start = end.written
        end.written += size
        data = end.number.to_bytes(_HEADER, "big")[start : start + size]
        data += content(end.number, start + len(data), size - len(data))
        end.note(f"write {size}")
        if self._heard_times % 5 == 1:
            self.transport.writeSequence([data[:1], bytearray(data[1:])])
        else:
            self.transport.write(memoryview(data) if self._heard_times % 5 == 2 else data)

    def _speak(self):
        if not self.end.written:
            self.say(_HEADER)
        if not self.left:
            self.said_all()
        elif self.part.way in ("push", "pull"):
            self.producer = (Pusher if self.part.way == "push" else Puller)(self, self.part.piece, self.part.pace_s)
            self.end.producer = self.producer
            self.producer.begin()
        elif self.part.way == "once":
            self._say_some(self.left)
        elif self.part.way == "pieces":
            self._say_pieces()
        elif self.end.received < self.their_part.whole:
            self._say_some(self.part.piece)  # the rest is sent as answers
        else:
            self._say_some(self.left)

    def _say_pieces(self):
        while self.left and not self._is_ending:
            self._say_some(self.part.piece)
            if self.part.pace_s is not None:
                if self.left:
                    self.later(self.part.pace_s, self._say_pieces)
                return

    def _say_some(self, size):
        self.say(min(size, self.left))
        self.said_some()

    def said_some(self):
        """Do what is due after sending this much."""
        if not self.left:
            self.said_all()
        elif self.part.ending == "early" and self.left < self.part.size / 2 and not self._is_ending:
            self.end_it("loseConnection")

    @property
    def _is_ending(self):
        return bool(self.end.asked)

    def said_all(self):
        self._has_said_all = True
        if self.part.ending in ("hasty", "early") and not self._is_ending:
            self.end_it("loseConnection")
        elif self.part.ending == "half":
            self.end_it("loseWriteConnection")
        else:
            self._be_polite()

    def _be_polite(self):
        """End when all is sent and received, if that is our part, or if the other end has closed its half."""
        is_ours = self.part.ending == "polite" or self._stage == "half"
        has_heard_all = self.end.received == self.their_part.whole or self._stage == "half"
        if is_ours and self._has_said_all and has_heard_all and not self._is_ending:
            self.end_it("loseConnection")

    def end_it(self, way):
        self.ask(way)
        if self.part.chatter and self.end.reason is None:
            self.say(self.part.chatter)
            self.later(self.part.pace_s or 0.0, self.say, self.part.chatter)

    # --- listening

    def hear(self, data):
        self._check(data)
        self._heard_times += 1
        if self._is_plain and self.end.received >= _HEADER + self.their_part.plain:
            if self.end.received > _HEADER + self.their_part.plain:
                self.end.complain("more came than was said before TLS began")
            self._turn_to_tls()
            return
        if self.part.pauses and not self._heard_times % self.part.pauses:
            self.pause_reading()
            self.later(self.part.pace_s or 0.0, self.resume_reading)
        if self.part.way == "answers" and self.left and not self._is_ending and not self._is_plain:
            is_last = self.end.received == self.their_part.whole
            self._say_some(self.left if is_last else self.part.piece)
        self._be_polite()

    def _check(self, data):
        end = self.end
        start, end.received = end.received, end.received + len(data)
        header = data[: max(0, _HEADER - start)]
        self._header += header
        if header and len(self._header) == _HEADER:
            self.talk.introduce(end, int.from_bytes(self._header, "big"))
        rest = data[len(header) :]
        if rest and end.peer is not None:
            if rest != content(end.peer.number, start + len(header), len(rest)):
                end.complain(f"bytes {start} to {end.received} are not those that were sent")
            if end.received > end.peer.written:
                end.complain(f"{end.received} bytes came of {end.peer.written} that were sent")

    def lost(self, reason):
        producer = self.producer
        if producer is not None and producer.state in ("running", "paused", "finishing"):
            self.end.complain(f"its producer is {producer.state}, and was not told to stop")


class Talker(Talking, Watched):
    """A talker for which the end of one direction is the end of the connection."""


class HalfTalker(Talking, HalfWatched):
    """A talker that goes on sending when the other end has sent all."""

    def heard_all(self):
        self._stage = "half"
        if self._is_plain:
            self.ask("loseConnection")
        elif self.part.way == "answers" and self.left and not self._is_ending:
            self._say_some(self.left)
        self._be_polite()
