"""IRC's client: methods for what one does, and methods to override for what happens.

A command FOO of the server's calls `irc_FOO(prefix, params)`, a reply 332 `irc_RPL_TOPIC`. What goes out holds no CR,
LF or NUL: they are quoted. Long messages become several, cut at the edge of a character, so that with the prefix that
others see before them they still have 512 bytes. `mostNicks` names are tried.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, deque
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from reactor import log
from reactor.default import the_reactor
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.basic import LineReceiver
from reactor.task import LoopingCall
from reactor.words.protocols.irc.capabilities import Negotiation
from reactor.words.protocols.irc.commands import Commands
from reactor.words.protocols.irc.ctcp import X_DELIM, ctcpExtract, lowDequote, lowQuote
from reactor.words.protocols.irc.ctcp_replies import CTCPReplies
from reactor.words.protocols.irc.features import IRCBadModes, ServerSupportedFeatures, parseModes
from reactor.words.protocols.irc.numerics import numeric_to_symbolic
from reactor.words.protocols.irc.observed import Observed
from reactor.words.protocols.irc.wire import IRCBadMessage, read_message


class IRCPasswordMismatch(Exception):
    """The server doesn't take our password."""


def _nick(prefix: str) -> str:
    return prefix.split("!", 1)[0]


class IRCClient(Observed, Commands, CTCPReplies, LineReceiver):
    """Somebody's connection to a server.

    nickname, username, realname, password: who one is. account, accountPassword: for SASL, if the server has it.
    capabilities: to ask for, of IRCv3. performLogin: whether to register when the connection is made.
    lineRate: seconds between lines; None: none. heartbeatInterval: seconds between our PINGs; None: none.
    erroneousNickFallback: the name when the server doesn't like ours. mostNicks: how many names are tried.
    supported: what the server can do. tags: of the message that is being handled. reactor: None is the program's.
    """

    delimiter = b"\n"
    hostname: str | None = None
    motd: list[str] | None = None
    nickname = "irc"
    password: str | None = None
    realname: str | None = None
    username: str | None = None
    account: str | None = None
    accountPassword: str | None = None
    capabilities: Sequence[str] = ()
    performLogin = 1
    lineRate: float | None = None
    heartbeatInterval: float | None = 120
    erroneousNickFallback = "defaultnick"
    mostNicks = 10
    reactor: Any = None
    supported: ServerSupportedFeatures
    _registered = False
    _attemptedNick = ""
    _nicks = 0
    _heartbeat: LoopingCall | None = None
    _queueEmptying: Any = None
    _negotiation: Negotiation | None = None

    def connectionMade(self) -> None:
        """Begin, and register. Call this from an override."""
        self.supported = ServerSupportedFeatures()
        self.tags: dict[str, str] = {}
        self._queue: deque[str] = deque()
        self._pings: OrderedDict[tuple[str, str], float] = OrderedDict()
        if self.performLogin:
            self.register(self.nickname)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """It is over. Call this from an override."""
        self.stopHeartbeat()
        if self._queueEmptying is not None:
            self._queueEmptying.cancel()
            self._queueEmptying = None

    # --- lines

    def sendLine(self, line: str) -> None:  # type: ignore[override]  # Twisted's takes text
        """Send a line, when it is its turn."""
        if self.lineRate is None:
            self._reallySendLine(line)
            return
        self._queue.append(line)
        if self._queueEmptying is None:
            self._sendLine()

    def _reallySendLine(self, line: str) -> None:
        self.transport.write(lowQuote(line).encode("utf-8", "surrogateescape") + b"\r\n")

    def _sendLine(self) -> None:
        self._queueEmptying = None
        if self._queue and self.lineRate is not None:
            self._reallySendLine(self._queue.popleft())
            self._queueEmptying = the_reactor(self.reactor).callLater(self.lineRate, self._sendLine)

    def lineReceived(self, line: bytes) -> None:
        """A line: find out what it is, and do it."""
        text = lowDequote(line.replace(b"\r", b"").decode("utf-8", "surrogateescape"))
        try:
            message = read_message(text)
            self.tags = dict(message.tags)
            self.handleCommand(
                numeric_to_symbolic.get(message.command, message.command), message.prefix, message.params
            )
        except IRCBadMessage:
            self.badMessage(text, *sys.exc_info())

    def handleCommand(self, command: str, prefix: str, params: list[str]) -> None:
        """Call the method of a command or reply. What it raises is logged."""
        method = getattr(self, f"irc_{command}", None)
        try:
            if method is not None:
                method(prefix, params)
            else:
                self.irc_unknown(prefix, command, params)
        except Exception:
            log.err(Failure(), f"{command} from {prefix or 'the server'} can't be handled")

    def irc_unknown(self, prefix: str, command: str, params: list[str]) -> None:
        """A command without a method."""

    def badMessage(
        self, line: str, excType: type[BaseException] | None, excValue: BaseException | None, tb: TracebackType | None
    ) -> None:
        """A line that is no message."""
        log.msg(f"no message of IRC: {line[:200]!r}: {excValue}")

    def quirkyMessage(self, s: str) -> None:
        """Something odd, that is no error."""
        log.msg(s)

    # --- coming in

    def register(self, nickname: str, hostname: str = "foo", servername: str = "bar") -> None:
        """Say who one is."""
        if self.account is not None or self.capabilities:
            self._negotiation = Negotiation(self)
            self.sendLine("CAP LS 302")
        if self.password is not None:
            self.sendLine(f"PASS {self.password}")
        self.setNick(nickname)
        if self.username is None:
            self.username = nickname
        self.sendLine(f"USER {self.username} {hostname} {servername} :{self.realname}")

    def setNick(self, nickname: str) -> None:
        """Ask for a name."""
        self._attemptedNick = nickname
        self.sendLine(f"NICK {nickname}")

    def alterCollidedNick(self, nickname: str) -> str:
        """Another name, for one that is taken."""
        return nickname + "_"

    def irc_ERR_NICKNAMEINUSE(self, prefix: str, params: list[str]) -> None:
        """Somebody has that name: try another."""
        self._try_nick(self.alterCollidedNick(self._attemptedNick))

    def irc_ERR_ERRONEUSNICKNAME(self, prefix: str, params: list[str]) -> None:
        """It can't be a name there: try another, unless we have one."""
        if not self._registered:
            self._try_nick(self.erroneousNickFallback)

    def _try_nick(self, nickname: str) -> None:
        self._nicks += 1
        if self._nicks < self.mostNicks:
            self.setNick(nickname)
        elif not self._registered:
            self.quirkyMessage(f"the server takes none of {self.mostNicks} names, the last {self._attemptedNick!r}")
            self.transport.loseConnection()

    def irc_ERR_PASSWDMISMATCH(self, prefix: str, params: list[str]) -> None:
        """The password is wrong."""
        raise IRCPasswordMismatch("Password Incorrect.")

    def irc_CAP(self, prefix: str, params: list[str]) -> None:
        """What the server understands."""
        if self._negotiation is not None:
            self._negotiation.cap(params)

    def irc_AUTHENTICATE(self, prefix: str, params: list[str]) -> None:
        """A step of SASL."""
        if self._negotiation is not None:
            self._negotiation.authenticate(params[0])

    def irc_RPL_SASLSUCCESS(self, prefix: str, params: list[str]) -> None:
        """We are logged in."""
        if self._negotiation is not None:
            self._negotiation.end(True)

    def irc_ERR_SASLFAIL(self, prefix: str, params: list[str]) -> None:
        """We aren't."""
        if self._negotiation is not None:
            self._negotiation.end(False)

    irc_ERR_NICKLOCKED = irc_ERR_SASLTOOLONG = irc_ERR_SASLABORTED = irc_ERR_SASLFAIL

    def saslFailed(self) -> None:
        """The account isn't let in. Override this to go on as a guest; the connection is closed otherwise."""
        self.quirkyMessage(f"the server doesn't log {self.account!r} in")
        self.transport.loseConnection()

    def irc_RPL_WELCOME(self, prefix: str, params: list[str]) -> None:
        """We are in."""
        self.hostname, self._registered = prefix, True
        self.nickname = self._attemptedNick
        self._nicks = 0
        self.signedOn()
        self.startHeartbeat()

    def startHeartbeat(self) -> None:
        """PING the server from time to time, so that a dead connection is noticed."""
        self.stopHeartbeat()
        if self.heartbeatInterval is not None:
            self._heartbeat = self._createHeartbeat()
            self._heartbeat.start(self.heartbeatInterval, now=False)

    def _createHeartbeat(self) -> LoopingCall:
        call = LoopingCall(lambda: self.sendLine(f"PING {self.hostname}"))
        call.clock = the_reactor(self.reactor)
        return call

    def stopHeartbeat(self) -> None:
        """Not any more."""
        call, self._heartbeat = self._heartbeat, None
        if call is not None and call.running:
            call.stop()

    # --- what happens

    def irc_JOIN(self, prefix: str, params: list[str]) -> None:
        """Somebody enters a room. (Twisted takes the last parameter: with extended-join, that is a name.)"""
        nick, channel = _nick(prefix), params[0]
        if nick == self.nickname:
            self.joined(channel)
        else:
            self.userJoined(nick, channel)

    def irc_PART(self, prefix: str, params: list[str]) -> None:
        """Somebody leaves it."""
        nick, channel = _nick(prefix), params[0]
        if nick == self.nickname:
            self.left(channel)
        else:
            self.userLeft(nick, channel)

    def irc_QUIT(self, prefix: str, params: list[str]) -> None:
        """Somebody goes."""
        self.userQuit(_nick(prefix), params[0] if params else "")

    def irc_NICK(self, prefix: str, params: list[str]) -> None:
        """Somebody has another name."""
        nick = _nick(prefix)
        if nick == self.nickname:
            self.nickChanged(params[0])
        else:
            self.userRenamed(nick, params[0])

    def irc_KICK(self, prefix: str, params: list[str]) -> None:
        """Somebody is put out."""
        kicker, (channel, kicked), message = _nick(prefix), params[:2], params[-1]
        if kicked.lower() == self.nickname.lower():
            self.kickedFrom(channel, kicker, message)
        else:
            self.userKicked(kicked, channel, kicker, message)

    def irc_MODE(self, user: str, params: list[str]) -> None:
        """Modes have changed."""
        channel, modes, args = params[0], params[1], params[2:]
        modes = modes if modes[:1] in ("-", "+") else f"+{modes}"
        known = self.getUserModeParams() if channel == self.nickname else self.getChannelModeParams()
        try:
            changes = parseModes(modes, args, known)
        except IRCBadModes as problem:
            self.quirkyMessage(f"MODE {' '.join(params)} can't be read: {problem}")
            return
        for is_set, changed in zip((True, False), changes, strict=True):
            if changed:
                letters, words = zip(*changed, strict=True)
                self.modeChanged(user, channel, is_set, "".join(letters), words)

    def getUserModeParams(self) -> list[str]:
        """Which modes of ours have a parameter: when they are set, and when not any more."""
        return ["", ""]

    def getChannelModeParams(self) -> list[str]:
        """Which modes of rooms have one."""
        modes = self.supported.getFeature("CHANMODES") or {}
        always = "".join(self.supported.getFeature("PREFIX") or {})
        always += modes.get("addressModes", "") + modes.get("param", "")
        return [always + modes.get("setParam", ""), always]

    def irc_PING(self, prefix: str, params: list[str]) -> None:
        """Are we there?"""
        self.sendLine(f"PONG :{params[-1]}" if " " in params[-1] else f"PONG {params[-1]}")

    def irc_PRIVMSG(self, prefix: str, params: list[str]) -> None:
        """Somebody says something, or asks our program."""
        channel, message = params[0], params[-1]
        if message.startswith(X_DELIM):
            found = ctcpExtract(message)
            if found["extended"]:
                self.ctcpQuery(prefix, channel, found["extended"])
            message = " ".join(found["normal"])
        if message:
            self.privmsg(prefix, channel, message)

    def irc_NOTICE(self, prefix: str, params: list[str]) -> None:
        """Somebody says something that isn't answered, or their program answers ours."""
        channel, message = params[0], params[-1]
        if message.startswith(X_DELIM):
            found = ctcpExtract(message)
            if found["extended"]:
                self.ctcpReply(prefix, channel, found["extended"])
            message = " ".join(found["normal"])
        if message:
            self.noticed(prefix, channel, message)
