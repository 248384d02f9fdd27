"""The server's side of a connection, without policies: lines in, `irc_COMMAND` called; a method for each reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reactor import log
from reactor.failure import Failure
from reactor.protocols.basic import LineReceiver
from reactor.words.protocols.irc import numerics
from reactor.words.protocols.irc.ctcp import lowQuote
from reactor.words.protocols.irc.wire import IRCBadMessage, checked, parsemsg, write_tags


class IRC(LineReceiver):
    """A server's connection. A command FOO calls `irc_FOO(prefix, params)`, and `irc_unknown` without one.

    hostname: the server's name. encoding: of lines; UTF-8 unless given. MAX_LENGTH: a longer line ends the connection.
    What a method raises is logged, and costs nobody the connection. Lines end with LF, with a CR before it or not.
    """

    delimiter = b"\n"
    hostname: str | None = None
    encoding: str | None = None

    def connectionMade(self) -> None:
        """Begin. Call this from an override."""
        self.channels: list[str] = []
        if self.hostname is None:
            self.hostname = "localhost"

    def sendLine(self, line: str | bytes) -> None:
        """Send a line. Raises ValueError for one with CR, LF or NUL in it."""
        text = line.decode(self.encoding or "utf-8", "surrogateescape") if isinstance(line, bytes) else line
        self.transport.write(checked(text).encode(self.encoding or "utf-8", "surrogateescape") + b"\r\n")

    def sendMessage(self, command: str, *parameter_list: str, **prefix: str) -> None:
        """Send a message; prefix: by keyword. The last parameter has its colon already, if it needs one."""
        self.sendCommand(command, parameter_list, prefix.get("prefix"))

    def sendCommand(
        self, command: str, parameters: Sequence[str], prefix: str | None = None, tags: Mapping[str, Any] | None = None
    ) -> None:
        """Send a message. Raises ValueError for a command, or a name of a tag, that is none."""
        if not command or " " in command or command[0] == ":":
            raise ValueError(f"{command!r} is no command of IRC")
        words = [f"@{write_tags(tags)}"] if tags else []
        words += [f":{prefix}"] if prefix else []
        self.sendLine(" ".join([*words, command, *parameters]))

    def lineReceived(self, line: bytes) -> None:
        """A line: find its command, and do it. What is no message is ignored."""
        text = line.rstrip(b"\r").decode(self.encoding or "utf-8", "surrogateescape")
        try:
            prefix, command, params = parsemsg(text)
        except IRCBadMessage:
            return
        self.handleCommand(command.upper(), prefix, params)

    def handleCommand(self, command: str, prefix: str, params: list[str]) -> None:
        """Call the method of a command."""
        method = getattr(self, f"irc_{command}", None)
        try:
            if method is not None:
                method(prefix, params)
            else:
                self.irc_unknown(prefix, command, params)
        except Exception:
            log.err(Failure(), f"the command {command} of IRC failed")

    def irc_unknown(self, prefix: str, command: str, params: list[str]) -> object:
        """A command without a method. Override this."""
        raise NotImplementedError(command, prefix, params)

    # --- what is said: sender, who, author are `nick!user@host`, or the server's name

    def privmsg(self, sender: str, recip: str, message: str) -> None:
        """A message to a room or a person."""
        self.sendCommand("PRIVMSG", (recip, f":{lowQuote(message)}"), sender)

    def notice(self, sender: str, recip: str, message: str) -> None:
        """The same, which no robot may answer."""
        self.sendCommand("NOTICE", (recip, f":{message}"), sender)

    def action(self, sender: str, recip: str, message: str) -> None:
        """What somebody does, as Twisted says it."""
        self.sendLine(f":{sender} ACTION {recip} :{message}")

    def join(self, who: str, where: str) -> None:
        """Somebody enters a room."""
        self.sendLine(f":{who} JOIN {where}")

    def part(self, who: str, where: str, reason: str | None = None) -> None:
        """Somebody leaves it."""
        self.sendLine(f":{who} PART {where} :{reason}" if reason else f":{who} PART {where}")

    def topic(self, user: str, channel: str, topic: str | None, author: str | None = None) -> None:
        """A room's topic, None without one; with an author: that it is another now."""
        if author is not None:
            self.sendLine(f":{author} TOPIC {channel} :{lowQuote(topic or '')}")
        elif topic is None:
            self._reply(numerics.RPL_NOTOPIC, user, f"{channel} :No topic is set.")
        else:
            self._reply(numerics.RPL_TOPIC, user, f"{channel} :{lowQuote(topic)}")

    def topicAuthor(self, user: str, channel: str, author: str, date: int) -> None:
        """Who set a topic; date: when, in seconds since 1970."""
        self._reply(numerics.RPL_TOPICWHOTIME, user, f"{channel} {author} {date:d}")

    def names(self, user: str, channel: str, names: Iterable[str]) -> None:
        """Who is in a room, in as many lines as it takes."""
        for line in fill(names, 512 - len(channel) - len(user) - 10):
            self._reply(numerics.RPL_NAMREPLY, user, f"= {channel} :{line}")
        self._reply(numerics.RPL_ENDOFNAMES, user, f"{channel} :End of /NAMES list")

    def who(self, user: str, channel: str, memberInfo: Iterable[Sequence[Any]]) -> None:
        """The people in a room: of each the user's name, host, server, nick, H or G (gone), hops and real name."""
        for username, host, server, nick, flag, hops, realName in memberInfo:
            text = f"{channel} {username} {host} {server} {nick} {flag} :{hops:d} {realName}"
            self._reply(numerics.RPL_WHOREPLY, user, text)
        self._reply(numerics.RPL_ENDOFWHO, user, f"{channel} :End of /WHO list.")

    def whois(
        self,
        user: str,
        nick: str,
        username: str,
        hostname: str,
        realName: str,
        server: str,
        serverInfo: str,
        oper: bool,
        idle: int,
        signOn: int,
        channels: Iterable[str],
    ) -> None:
        """What is known of somebody. idle: in seconds. signOn: in seconds since 1970."""
        self._reply(numerics.RPL_WHOISUSER, user, f"{nick} {username} {hostname} * :{realName}")
        self._reply(numerics.RPL_WHOISSERVER, user, f"{nick} {server} :{serverInfo}")
        if oper:
            self._reply(numerics.RPL_WHOISOPERATOR, user, f"{nick} :is an IRC operator")
        self._reply(numerics.RPL_WHOISIDLE, user, f"{nick} {idle:d} {signOn:d} :seconds idle, signon time")
        self._reply(numerics.RPL_WHOISCHANNELS, user, f"{nick} :{' '.join(channels)}")
        self._reply(numerics.RPL_ENDOFWHOIS, user, f"{nick} :End of WHOIS list.")

    def channelMode(self, user: str, channel: str, mode: str, *args: str) -> None:
        """A room's modes."""
        self._reply(numerics.RPL_CHANNELMODEIS, user, f"{channel} {mode} {' '.join(args)}")

    def _reply(self, numeric: str, user: str, text: str) -> None:
        self.sendLine(f":{self.hostname} {numeric} {user} {text}")


def fill(words: Iterable[str], most: int) -> Iterable[str]:
    """Words in lines of at most so many characters."""
    line = ""
    for word in words:
        if line and len(line) + len(word) >= most:
            yield line
            line = ""
        line += f" {word}" if line else word
    if line:
        yield line
