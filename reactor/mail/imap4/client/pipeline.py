"""A client's connection: commands on their way, and responses from lines and literals, each for the one that asked.

Bounds, against servers that never end: a line has `MAX_LENGTH` bytes; an answer has `maxText` in lines, which may take
thirty times as much memory, and `maxBytes` in literals, except those that go to a consumer; while an answer is awaited,
something comes every `timeout` s.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from reactor import log
from reactor.defer import Deferred, fail
from reactor.error import TimeoutError
from reactor.failure import Failure
from reactor.mail.imap4.client.commands import Answer, Command, Streamed
from reactor.mail.imap4.client.responses import (
    IllegalServerResponse,
    NegativeResponse,
    Status,
    read_data,
    read_status,
    reading,
)
from reactor.mail.imap4.tokens import IMAP4Exception, literal_at_end
from reactor.protocol import connectionDone
from reactor.protocols.basic import LineReceiver
from reactor.protocols.policies import TimeoutMixin


class Pipeline(LineReceiver, TimeoutMixin):
    """A connection that commands go through. A subclass says what a greeting, a status and data mean to it."""

    MAX_LENGTH = 2**23
    maxText = 2**25
    maxBytes = 2**27
    timeout = 300.0
    _has_greeted = _is_sending = False
    _reason: Exception | None = None
    _lost: Failure | None = None
    _consumer: Any = None  # who gets the literal that comes
    _tag = 0

    def connectionMade(self) -> None:
        """Wait for the greeting."""
        self._unsent: deque[Command] = deque()
        self._sent: dict[bytes, Command] = {}
        self._pieces: list[bytes] = []
        self._sizes = [0, 0]  # of the pieces, in lines and literals
        self.setTimeout(self.timeout)

    def makeTag(self) -> bytes:
        """The next tag."""
        self._tag += 1
        return b"%04X" % self._tag

    def sendCommand(self, cmd: Command) -> Deferred[Any]:
        """Send a command when it can be.

        Returns a Deferred of its Answer. It fails with NegativeResponse for NO and BAD. If the server says nonsense, or
        the connection is lost, those of all commands fail, with IllegalServerResponse or as the connection.
        """
        if self._lost is not None:
            return fail(self._lost)
        self._unsent.append(cmd)
        self._send()
        return cmd.defer

    def _send(self) -> None:
        """Send those whose turn it is."""
        while self._unsent and self._has_greeted and not self._is_sending and not self.transport.disconnecting:
            if not all(self._unsent[0].may_follow(other) for other in self._sent.values()):
                break
            cmd, tag = self._unsent.popleft(), self.makeTag()
            self._sent[tag] = cmd
            self.sendLine(tag + b" " + cmd.unsent.popleft())
        if self._has_greeted and (self.timeOut is None or not self._sent):
            self.setTimeout(self.timeout if self._sent else None)

    def _give_up(self, problem: Exception) -> None:
        self._reason = self._reason or problem
        self.transport.loseConnection()

    def timeoutConnection(self) -> None:
        """The server says nothing for too long."""
        self._reason = self._reason or TimeoutError(string=f"the server has said nothing for {self.timeout:g} s")
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """What still waits fails: with what went wrong here, or as the connection did."""
        self._lost = Failure(self._reason) if self._reason else reason
        self.setTimeout(None)
        if self._consumer is not None:
            self._consumer.unregisterProducer()
        waiting = [*self._sent.values(), *self._unsent]
        self._sent, self._unsent = {}, deque()
        for cmd in waiting:
            cmd.defer.errback(self._lost)

    # --- lines and literals

    def lineLengthExceeded(self, line: bytes) -> None:
        """Close: an endless line."""
        self._give_up(IllegalServerResponse(f"the server sends a line of more than {self.MAX_LENGTH} bytes"))

    def lineReceived(self, line: bytes) -> None:
        """A line of a response."""
        self.resetTimeout()
        try:
            self._take(line)
        except IMAP4Exception as problem:
            is_whole = isinstance(problem, IllegalServerResponse)
            self._give_up(problem if is_whole else IllegalServerResponse(f"{problem}, in {line[:80]!r}"))
        except Exception as problem:
            log.err(None, "what a client of IMAP makes of news")
            self._give_up(problem)

    def _take(self, line: bytes) -> None:
        may_go_on = bool(self._pieces) or (line[:2] == b"* " and read_status(line[2:]) is None)
        literal = literal_at_end(line) if may_go_on else None
        self._pieces.append(line)
        self._sizes[0] += len(line)
        if literal is not None:
            self._begin_literal(literal[0])
            return
        self._check(self._sizes, "a response")
        (pieces, self._pieces), (sizes, self._sizes) = (self._pieces, []), (self._sizes, [0, 0])
        tag, _, pieces[0] = pieces[0].partition(b" ")
        self._respond(tag, pieces, sizes)

    def _check(self, sizes: list[int], what: str) -> None:
        if sizes[0] > self.maxText or sizes[1] > self.maxBytes:
            most = f"{self.maxText} bytes in lines and {self.maxBytes} in literals"
            raise IllegalServerResponse(f"{what} has more than {most}: ask for less, or give a consumer")

    def _begin_literal(self, size: int) -> None:
        self._missing, self._literal = size, bytearray()
        lines = self._pieces[0], self._pieces[-1]
        self._consumer = next((cmd.consumer for cmd in self._sent.values() if cmd.streams(*lines)), None)
        if self._consumer is not None:
            self._consumer.registerProducer(self, True)
        else:
            self._sizes[1] += size
        self._check(self._sizes, "a response")
        if size:
            self.setRawMode()
        else:
            self._end_literal()

    def rawDataReceived(self, data: bytes) -> None:
        """A part of a literal."""
        if self.transport.disconnecting:
            return
        self.resetTimeout()
        piece = data[: self._missing]
        self._missing -= len(piece)
        if self._consumer is not None:
            self._consumer.write(piece)
        else:
            self._literal += piece
        if not self._missing:
            self._end_literal()
            self.setLineMode(data[len(piece) :])

    def _end_literal(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._pieces.append(bytes(self._literal) if consumer is None else Streamed())
        if consumer is not None:
            consumer.unregisterProducer()

    def pauseProducing(self) -> None:
        """A consumer has enough: read no more, and expect nothing."""
        self.setTimeout(None)
        super().pauseProducing()

    def resumeProducing(self) -> None:
        """It has room again."""
        if self._lost is None:
            self.setTimeout(self.timeout if self._sent else None)
            super().resumeProducing()

    # --- responses

    def _respond(self, tag: bytes, pieces: list[bytes], sizes: list[int]) -> None:
        status = read_status(pieces[0])
        if tag == b"+":
            self._go_on(pieces[0])
        elif tag == b"*" and status is not None:
            self._keep(b"OK", list(status), sizes)
            is_greeting, self._has_greeted = not self._has_greeted, True
            self.statusReceived(status, is_greeting)
            self._send()
        elif tag == b"*" and self._has_greeted:
            kind, values = read_data(pieces)
            self.dataReceivedFor(self._keep(kind, values, sizes), kind, values)
        elif tag in self._sent and status and status.name in (b"OK", b"NO", b"BAD") and not self._is_sending:
            self.statusReceived(status, False)
            self._answered(self._sent.pop(tag), status, pieces[0])
        else:
            raise IllegalServerResponse(
                f"the server says {tag[:40] + b' ' + pieces[0][:80]!r}, which has no place here"
            )

    def _keep(self, kind: bytes, values: list[Any], sizes: list[int]) -> Command | None:
        """Give data to the command that has asked for them. Returns it, if there is one."""
        cmd = next((cmd for cmd in self._sent.values() if reading(cmd.asked_for, kind, values)), None)
        if cmd is not None:
            cmd.sizes = [known + more for known, more in zip(cmd.sizes, sizes, strict=True)]
            self._check(cmd.sizes, f"the answer to {cmd.command!r}")
            cmd.lines.append(values)
        return cmd

    def _go_on(self, text: bytes) -> None:
        cmd = next((cmd for cmd in self._sent.values() if cmd.unsent or cmd.continuation), None)
        if cmd is None or self._is_sending:
            raise IllegalServerResponse(f"the server waits for something that nobody has, saying {text[:80]!r}")
        try:
            if cmd.unsent or cmd.continuation is None:
                self.sendLine(cmd.unsent.popleft())
            else:
                cmd.continuation(text)
        except Exception:
            cmd.problem = Failure()
            self.sendLine(b"*")  # calls it off

    def _answered(self, cmd: Command, status: Status, line: bytes) -> None:
        if cmd.problem is not None:
            cmd.defer.errback(cmd.problem)
        elif status.name == b"OK":
            cmd.defer.callback(Answer(cmd.lines, line))
        else:
            cmd.defer.errback(NegativeResponse(line.partition(b" ")[2], status.name, status.code))
        self._send()

    def statusReceived(self, status: Status, isGreeting: bool) -> None:
        """The server says how it is, of itself or at the end of a command."""
        raise NotImplementedError

    def dataReceivedFor(self, command: Command | None, kind: bytes, values: list[Any]) -> None:
        """Data have come. command: the one that asked for them; None: nobody did."""
        raise NotImplementedError
