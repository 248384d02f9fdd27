"""A session of IMAP as commands and responses: collecting literals, one command after the other, what an error says.

While a command runs, or the client doesn't take what was written, no further one is read: to the client's commands this
protocol is the producer, and the transport pauses it. Responses are gathered, and written together.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from reactor import log
from reactor.cred.error import LoginDenied, LoginFailed
from reactor.defer import Deferred, ensureDeferred
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.mail.imap4.mailbox import MailboxException
from reactor.mail.imap4.tokens import IMAP4Exception, ParseError, Reader, WantsLiteral, literal_at_end
from reactor.protocol import connectionDone
from reactor.protocols.basic import LineReceiver
from reactor.protocols.policies import TimeoutMixin

PIECE = 2**15  # bytes of responses that are written together
LEAVE_S = 30.0  # until the goodbye is taken
TURN_S = 0.01  # how long a command works before others have their turn
Action = Callable[[], Coroutine[Any, Any, None]]


class Refused(IMAP4Exception):
    """NO, and why. code: what programs understand of it (RFC 5530), or b""."""

    def __init__(self, text: str, code: bytes = b"") -> None:
        super().__init__(text)
        self.code = code


class Conversation(LineReceiver, TimeoutMixin):
    """Commands in, responses out. `read_command` says what a command is.

    MAX_LENGTH: of a line; long enough for the sets of UIDs that clients send. mostLiterals: in one command.
    """

    MAX_LENGTH = 2**16
    mostLiterals = 20
    mostSkipped = 2**26  # bytes of a refused literal that nobody asked to send
    mostErrors = 5
    clock: Any = None
    _is_busy = _is_full = _is_gone = _skips = False
    _errors = _wanted = 0
    _began = 0.0
    _resumed: Deferred[None] | None = None
    _awaited: Deferred[bytes] | None = None

    def read_command(self, reader: Reader) -> tuple[bytes, Action]:
        """Its tag, and what does it. Raises ParseError for what is none, WantsLiteral as the Reader does."""
        raise NotImplementedError

    def connectionMade(self) -> None:
        """Begin. Call this from an override."""
        self._pieces: list[bytes] = []
        self._literal: list[bytes] = []
        self._out: list[bytes] = []
        self._out_bytes = 0
        self.transport.registerProducer(self, True)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End. Call this from an override."""
        self._is_gone = True
        self.setTimeout(None)
        self._resume()
        awaited, self._awaited = self._awaited, None
        if awaited is not None:
            awaited.errback(ConnectionDone())

    def timeoutConnection(self) -> None:
        """Time is up. What a client doesn't take isn't waited for, or not for long."""
        if self._is_full or self.transport.disconnecting:
            self.transport.abortConnection()
        else:
            self.close("you have said nothing for too long")
            self.setTimeout(LEAVE_S)

    # --- when to read on

    def pauseProducing(self) -> None:
        """The client doesn't take what was written."""
        self._is_full = True
        self._hold_or_go_on()

    def resumeProducing(self) -> None:
        """It has taken all."""
        self._is_full = False
        self.resetTimeout()
        self._resume()
        self._hold_or_go_on()

    def stopProducing(self) -> None:
        """The connection closes; `connectionLost` comes."""

    def _resume(self) -> None:
        resumed, self._resumed = self._resumed, None
        if resumed is not None:
            resumed.callback(None)

    def _hold_or_go_on(self) -> None:
        must_hold = self._is_full or self._is_gone or (self._is_busy and self._awaited is None)
        if must_hold and not self.paused:
            super().pauseProducing()
        elif self.paused and not must_hold:
            super().resumeProducing()

    def next_line(self) -> Deferred[bytes]:
        """The next line that the client sends, for the command that runs. It fails with ConnectionDone."""
        self.flush()
        self._awaited = Deferred()
        self._hold_or_go_on()
        return self._awaited

    async def breathe(self) -> None:
        """Wait until the client has taken what was written, and let others have their turn. Raises ConnectionDone."""
        if self._out_bytes >= PIECE:
            self.flush()
        while not self._is_gone and (self._is_full or self.clock.seconds() - self._began >= TURN_S):
            self._resumed = Deferred()
            if not self._is_full:
                self.clock.callLater(0, self._resume)
            await self._resumed
            self._began = self.clock.seconds()
        if self._is_gone:
            raise ConnectionDone

    # --- commands

    def lineReceived(self, line: bytes) -> None:
        """A line of a command, up to a literal or the end; or what a command awaits."""
        if self.transport.disconnecting:
            return
        self.resetTimeout()
        if self._awaited is not None:
            awaited, self._awaited = self._awaited, None
            awaited.callback(line)
            self._hold_or_go_on()
            return
        if self._skips:
            self._skip_literal(line)
            return
        self._pieces.append(line)
        try:
            if len(self._pieces) > 2 * self.mostLiterals:
                raise ParseError(f"a command has at most {self.mostLiterals} literals")
            tag, action = self.read_command(Reader(self._pieces))
        except WantsLiteral as wanted:
            if wanted.waits:
                self.say(b"+ go on")
                self.flush()
            self._take(wanted.size)
        except ParseError as problem:
            self.refuse(problem)
        else:
            self._pieces, self._errors = [], 0
            self._run(tag, action)

    def _take(self, size: int) -> None:
        self._wanted = size
        if size:
            self.setRawMode()
        else:
            self._literal_is_over(b"")

    def rawDataReceived(self, data: bytes) -> None:
        """A piece of a literal, or of a line that is too long."""
        self.resetTimeout()
        if self.transport.disconnecting:
            return
        if self._wanted < 0:
            self._skip_line(data)
            return
        if not self._skips:
            self._literal.append(data[: self._wanted])
        rest, self._wanted = data[self._wanted :], max(0, self._wanted - len(data))
        if not self._wanted:
            self._literal_is_over(rest)

    def _literal_is_over(self, rest: bytes) -> None:
        if not self._skips:
            self._pieces.append(b"".join(self._literal))
        self._literal = []
        if self.line_mode == 0:
            self.setLineMode(rest)

    def refuse(self, problem: Exception) -> None:
        """Say BAD to what is no command, and skip what belongs to it. Too many in a row end the session."""
        first, self._pieces, last = self._pieces[0], [], self._pieces[-1]
        self._errors += 1
        self.tagged(tag_of(first), b"BAD", str(problem))
        if self._errors >= self.mostErrors:
            self.close("these are too many errors")
        self._skip_literal(last)

    def _skip_literal(self, line: bytes) -> None:
        """Skip a literal that comes unasked, and the line behind it."""
        size, waits = literal_at_end(line) or (0, True)
        self._skips = not waits
        if size > self.mostSkipped and not waits:
            self.close("nobody asked for that many bytes")
        elif not waits:
            self._take(size)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Answer, and skip to the end of the line."""
        self._pieces = self._pieces or [line[:100]]
        self._wanted, self._tail = -1, b""
        self.setRawMode()
        self._skip_line(line)

    def _skip_line(self, data: bytes) -> None:
        line, end, rest = data.partition(b"\n")
        self._tail = (self._tail + line)[-30:]
        if end:
            self._wanted = 0
            self._pieces.append(self._tail.rstrip(b"\r"))
            was_skipping, self._skips = self._skips, False
            if was_skipping:
                self._pieces = []
                self._skip_literal(self._tail.rstrip(b"\r"))
            else:
                self.refuse(ParseError(f"a line has at most {self.MAX_LENGTH} bytes"))
            if not self._wanted:
                self.setLineMode(rest)
            elif rest:
                self.rawDataReceived(rest)

    def _run(self, tag: bytes, action: Action) -> None:
        self._is_busy, self._began = True, self.clock.seconds()
        running: Deferred[Any] = ensureDeferred(action())
        running.addErrback(lambda failure: self.explain(tag, failure)).addBoth(self._ran)
        self._hold_or_go_on()

    def _ran(self, _: Any) -> None:
        self._is_busy = False
        self.flush()
        self._hold_or_go_on()

    # --- what to say

    def say(self, line: bytes) -> None:
        """Say a line, soon."""
        self.put(line + b"\r\n")

    def put(self, piece: bytes) -> None:
        """Say a piece of a line, soon."""
        self._out.append(piece)
        self._out_bytes += len(piece)

    async def put_all(self, pieces: Iterator[bytes]) -> None:
        """Say what is in a literal, as the client takes it. Should it end early, so does the connection."""
        try:
            for piece in pieces:
                self.put(piece)
                await self.breathe()
        except (EOFError, OSError):
            log.err(None, "a message of IMAP that can't be sent whole")
            self._is_gone = True  # whatever we say now, the client takes for a part of the message
            self.transport.abortConnection()
            raise ConnectionDone from None

    def flush(self) -> None:
        """Say it now."""
        said, self._out, self._out_bytes = b"".join(self._out), [], 0
        if said and not self._is_gone:
            self.transport.write(said)

    def tagged(self, tag: bytes, status: bytes, text: str, code: bytes = b"") -> None:
        """End a command. status: OK, NO or BAD. code: what stands in brackets."""
        words = text.encode("ascii", "backslashreplace").replace(b"\r", b" ").replace(b"\n", b" ")
        self.say(b"%b %b %b%b" % (tag, status, b"[" + code + b"] " if code else b"", words))
        if not self._is_busy:
            self.flush()

    def close(self, why: str) -> None:
        """Say goodbye, and close."""
        self.say(b"* BYE " + why.encode("ascii"))
        self.flush()
        self.transport.loseConnection()

    def explain(self, tag: bytes, failure: Failure) -> None:
        """Say what went wrong, as far as it is the client's business; log the rest."""
        problem = failure.value
        if isinstance(problem, ParseError):
            self.tagged(tag, b"BAD", str(problem))
        elif isinstance(problem, (Refused, MailboxException)):
            self.tagged(tag, b"NO", str(problem), problem.code)
        elif isinstance(problem, LoginDenied):
            self.tagged(tag, b"NO", "not now", getattr(problem, "code", b"UNAVAILABLE").replace(b"IN-USE", b"INUSE"))
        elif isinstance(problem, LoginFailed):
            self.tagged(tag, b"NO", "this name and password let nobody in", b"AUTHENTICATIONFAILED")
        elif not (self._is_gone and isinstance(problem, ConnectionDone)):
            log.err(failure, "a command of IMAP")
            code = b"UNAVAILABLE" if isinstance(problem, OSError) else b"SERVERBUG"
            self.tagged(tag, b"NO", "something is wrong here", code)


def tag_of(line: bytes) -> bytes:
    """The tag of a command that can't be read otherwise; b"*": it has none."""
    word = line.split(b" ")[0][:100]
    return word if word.isalnum() else b"*"
