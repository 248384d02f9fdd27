"""One person at IRC's door: what comes from them, and what goes to them.

Bounds. A line has 510 bytes, and `LONGEST_TAGS` of tags before it; five longer ones end the session. A command costs a
token: there are `burst`, and `tokensPerSecond` come back; without one we read no further. What goes out is written once
a turn; when the reader doesn't take it, it waits, and over `mostQueued` bytes the reader is dropped: the room is told.
Whoever isn't in after `registrationTime` seconds goes; whoever is silent for `pingAfter` is asked, and has as long to
answer; who is dropped gets `lingerTime` to read why.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isawaitable
from typing import Any, ClassVar, cast

from reactor import log
from reactor.defer import ensureDeferred
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.policies.timeouts import TimeoutMixin
from reactor.words.iwords import Event
from reactor.words.protocols.irc import numerics
from reactor.words.protocols.irc.server import IRC
from reactor.words.protocols.irc.wire import LONGEST_TAGS, IRCBadMessage, cut, read_message, write_message, write_tags
from reactor.words.service.irc_events import CAPABILITIES, write_event


class IRCSession(IRC, TimeoutMixin):
    """Lines in, events and replies out.

    COMMANDS: word → how many parameters it needs. name: of this person; "*" before they have one. tags: of the command
    that is being done. caps: the capabilities that they have asked for. parting: what the others hear when they go.
    """

    COMMANDS: ClassVar[dict[str, int]] = {}
    BEFORE = frozenset(["CAP", "AUTHENTICATE", "PASS", "NICK", "USER", "PING", "PONG", "QUIT", "PRIVMSG"])
    MAX_LENGTH = LONGEST_TAGS + 512
    mostLong = 5
    burst, tokensPerSecond = 20.0, 2.0
    mostQueued = 2**19
    registrationTime, pingAfter, lingerTime = 60.0, 90.0, 5.0
    factory: Any
    name = "*"
    avatar: Any = None
    realm: Any = None
    parting = "gone"
    _kind = ""
    _label: str | None = None
    _pinged = _gone = _is_mute = False

    def __init__(self) -> None:
        self.caps: set[str] = set()
        self.tags: dict[str, str] = {}
        self._queue: list[bytes] = []
        self._queued = self._long = 0
        self._answers: list[bytes] = []
        self._held: set[str] = set()
        self._refill: Any = None

    def connectionMade(self) -> None:
        """Begin."""
        self.realm = self.factory.realm
        self.hostname = self.realm.name
        super().connectionMade()
        host = getattr(self.transport.getPeer(), "host", None) or "localhost"
        self.host = f"0{host}" if host.startswith(":") else host  # ":" would begin the last parameter
        self._tokens, self._counted = self.burst, self.factory.reactor.seconds()
        self.transport.registerProducer(self, True)
        self.setTimeout(self.registrationTime)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """They are gone. Call this from an override."""
        self._gone = True
        self._queue.clear()
        self.setTimeout(None)
        if self._refill is not None:
            self._refill.cancel()
            self._refill = None

    # --- when to read: `_held` says why not

    def _hold(self, why: str) -> None:
        if not self._held:
            super().pauseProducing()
        self._held.add(why)

    def _release(self, why: str) -> None:
        if why in self._held:
            self._held.discard(why)
            if not self._held and not self._gone:
                super().resumeProducing()

    def pauseProducing(self) -> None:
        """They don't read."""
        self._hold("full")

    def resumeProducing(self) -> None:
        """They have read all."""
        self.flush()
        self._release("full")

    def stopProducing(self) -> None:
        """The connection closes; `connectionLost` comes."""

    def _spend(self) -> None:
        now = self.factory.reactor.seconds()
        self._tokens = min(self.burst, self._tokens + (now - self._counted) * self.tokensPerSecond) - 1
        self._counted = now
        if self._tokens < 1 and self._refill is None:
            self._hold("flood")
            delay_s = (1 - self._tokens) / self.tokensPerSecond
            self._refill = self.factory.reactor.callLater(delay_s, self._refilled)

    def _refilled(self) -> None:
        self._refill = None
        self._release("flood")

    def timeoutConnection(self) -> None:
        """They are silent."""
        if self._gone:
            self.transport.abortConnection()
        elif self.avatar is None:
            self.drop("registration takes too long")
        elif self._pinged:
            self.drop(f"no answer for {self.pingAfter:.0f} s")
        else:
            self._pinged = True
            self.write(f"PING :{self.hostname}")
            self.setTimeout(self.pingAfter)

    def drop(self, why: str) -> None:
        """Tell them why, and end; the others hear of it now. What waits for who doesn't read is thrown away."""
        if self._gone:
            return
        if "full" in self._held:
            self._queue.clear()
        self.parting, self._queued, self._label = why, 0, None
        self._queue += [*self._answers, cut(write_message("ERROR", [f"Closing link: {why}"])) + b"\r\n"]
        self.flush(True)
        self._gone = True
        self.transport.loseConnection()
        self.setTimeout(self.lingerTime)
        self.leave()

    def leave(self) -> None:
        """They aren't here any more."""

    # --- what comes

    def lineLengthExceeded(self, line: bytes) -> None:
        """Say so, and skip to the end of the line."""
        self._too_long()
        self.setRawMode()
        self.rawDataReceived(line)

    def rawDataReceived(self, data: bytes) -> object:
        """The rest of a line that is too long."""
        _, end, rest = data.partition(b"\n")
        return self.setLineMode(rest) if end and not self._gone else None

    def _too_long(self) -> None:
        self._long += 1
        self.reply(numerics.ERR_INPUTTOOLONG, "Input line was too long")
        if self._long >= self.mostLong:
            self.drop("lines are too long")

    def lineReceived(self, line: bytes) -> None:
        """Do what a line asks for."""
        if self._gone or not (line := line.rstrip(b"\r")):
            return
        self.resetTimeout()
        self._pinged = False
        self._spend()
        tags, rest = line.split(b" ", 1) if line.startswith(b"@") and b" " in line else (b"", line)
        if len(rest) > 510 or len(tags) >= LONGEST_TAGS:
            self._too_long()
            return
        try:
            message = read_message(line.replace(b"\0", b"").replace(b"\r", b" ").decode("utf-8"))
        except UnicodeDecodeError:
            self.write("FAIL * INVALID_UTF8 :lines are in UTF-8 here")
            return
        except IRCBadMessage:
            return
        self.tags = {name: value for name, value in message.tags.items() if name == "label" or name.startswith("+")}
        self._label = self.tags.pop("label", None) if "labeled-response" in self.caps else None
        self.handleCommand(message.command.upper(), message.prefix, message.params)

    def handleCommand(self, command: str, prefix: str, params: list[str]) -> None:
        """Do it, if they may, and if it has what it needs; nothing else is read before it is done."""
        method = getattr(self, f"irc_{command}", None) if command.isalnum() else None
        if self.avatar is None and command not in self.BEFORE:
            self.reply(numerics.ERR_NOTREGISTERED, "You have not registered")
        elif method is None:
            self.irc_unknown(prefix, command, params)
        elif len(params) < self.COMMANDS.get(command, 0):
            self.reply(numerics.ERR_NEEDMOREPARAMS, command, "Not enough parameters")
        else:
            self._do(method, command, prefix, params)
            return
        self._done()

    def _do(self, method: Callable[..., Any], command: str, prefix: str, params: list[str]) -> None:
        try:
            doing = method(prefix, params)
        except Exception:
            self._failed(Failure(), command)
            doing = None
        if not isawaitable(doing):
            self._done()
            return
        working: Any = ensureDeferred(cast(Any, doing)).addErrback(self._failed, command).addBoth(self._done)
        if not working.called:
            self._hold("busy")

    def _failed(self, failure: Failure, command: str) -> None:
        log.err(failure, f"{command} of {self.name} failed")
        self.reply(numerics.ERR_UNKNOWNCOMMAND, command, "This doesn't work now")

    def irc_unknown(self, prefix: str, command: str, params: list[str]) -> None:
        """There is no such command."""
        self.reply(numerics.ERR_UNKNOWNCOMMAND, command[:30] or "*", "Unknown command")

    # --- what goes

    def _done(self, _: Any = None) -> None:
        label, self._label, answers = self._label, None, self._answers
        self._answers = []
        if label is not None:
            self._send(_labelled(answers, label, self.hostname or ""))
        self._release("busy")

    def reply(self, numeric: str, *params: str) -> None:
        """Answer a command, unless it is a NOTICE."""
        if self._is_mute:
            return
        self.write(write_message(numeric, [self.name, *params], self.hostname or ""))

    def write(self, line: str) -> None:
        """Say a line to them, cut to 510 bytes."""
        self._answer(cut(line) + b"\r\n")

    def _answer(self, data: bytes) -> None:
        if self._label is None or self._gone:
            self._send(data)
        else:
            self._answers += data.splitlines(True)

    def _send(self, data: bytes) -> None:
        """Bytes for the end of this turn."""
        if self._gone or not data:
            return
        if not self._queue:
            self.factory.unwritten.append(self)
        self._queue.append(data)
        self._queued += len(data)
        if self._queued > self.mostQueued:
            self.drop("you don't read what is sent to you")

    def flush(self, anyhow: bool = False) -> None:
        """Write what waits, if they read."""
        if self._queue and (anyhow or "full" not in self._held):
            data = b"".join(self._queue)
            self._queue.clear()
            self._queued = 0
            self.transport.write(data)

    def setCapabilities(self, caps: set[str]) -> None:
        """What they understand, from now on."""
        self.caps = caps
        self._kind = " ".join(name for name in CAPABILITIES.split() if name in caps)

    # --- IEventClient

    def happened(self, event: Event) -> None:
        """Somebody did something that they hear of."""
        if self.avatar is None:  # logged in by SASL, and not in yet
            return
        mine = event.by is self
        if mine and (event.kind == "quit" or (event.kind == "said" and "echo-message" not in self.caps)):
            return
        kind = self._kind
        data = event.written.get(kind)
        if data is None:
            data = event.written[kind] = write_event(event, kind, self.hostname or "")
        if mine:
            self._answer(data)
        else:
            self._send(data)

    def receive(self, sender: Any, recipient: Any, message: dict[str, Any]) -> None:
        """Somebody says something to them alone."""
        event = Event("said", sender, None, self.name, message)
        self.realm.tell(event, [self] if sender is self else [self, sender])


def _labelled(answers: list[bytes], label: str, server: str) -> bytes:
    """Answers to a command that had a label: it comes back, on the only line or around them."""
    tag = write_tags({"label": label[:64]}).encode()
    if not answers:
        return b"@%b :%b ACK\r\n" % (tag, server.encode())
    if len(answers) == 1:
        return _tagged(answers[0], tag)
    begin = b"@%b :%b BATCH +1 labeled-response\r\n" % (tag, server.encode())
    return b"".join([begin, *(_tagged(one, b"batch=1") for one in answers), b":%b BATCH -1\r\n" % server.encode()])


def _tagged(line: bytes, tag: bytes) -> bytes:
    return b"@%b;%b" % (tag, line[1:]) if line.startswith(b"@") else b"@%b %b" % (tag, line)
