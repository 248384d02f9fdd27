"""What one does as a client of IRC: a method for each, which sends its line. Rooms may be named without their `#`."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from reactor.words.protocols.irc.ctcp import ctcpStringify
from reactor.words.protocols.irc.features import ServerSupportedFeatures
from reactor.words.protocols.irc.wire import CHANNEL_PREFIXES, MAX_COMMAND_LENGTH, split


def _room(name: str) -> str:
    return name if name[:1] and name[0] in CHANNEL_PREFIXES else f"#{name}"


class Commands:
    """The commands of IRCClient. mostPings: how many of `ping` may be on their way; the oldest are forgotten."""

    mostPings = 12
    supported: ServerSupportedFeatures
    sendLine: Callable[[str], None]
    _pings: OrderedDict[tuple[str, str], float]

    def join(self, channel: str, key: str | None = None) -> None:
        """Enter a room."""
        self.sendLine(f"JOIN {_room(channel)} {key}" if key else f"JOIN {_room(channel)}")

    def leave(self, channel: str, reason: str | None = None) -> None:
        """Leave it."""
        self.sendLine(f"PART {_room(channel)} :{reason}" if reason else f"PART {_room(channel)}")

    part = leave

    def kick(self, channel: str, user: str, reason: str | None = None) -> None:
        """Put somebody out."""
        self.sendLine(f"KICK {_room(channel)} {user}" + (f" :{reason}" if reason else ""))

    def invite(self, user: str, channel: str) -> None:
        """Ask somebody in."""
        self.sendLine(f"INVITE {user} {_room(channel)}")

    def topic(self, channel: str, topic: str | None = None) -> None:
        """Set a room's topic; or ask for it."""
        self.sendLine(f"TOPIC {_room(channel)}" + (f" :{topic}" if topic is not None else ""))

    def mode(
        self,
        chan: str,
        set: bool,
        modes: str,
        limit: int | None = None,
        user: str | None = None,
        mask: str | None = None,
    ) -> None:
        """Change the modes of a room or of oneself. limit, user, mask: what the mode needs, one of them."""
        word = next((str(it) for it in (limit, user, mask) if it is not None), None)
        self.sendLine(f"MODE {chan} {'+' if set else '-'}{modes}" + (f" {word}" if word is not None else ""))

    def say(self, channel: str, message: str, length: int | None = None) -> None:
        """As `msg`, to a room."""
        self.msg(_room(channel), message, length)

    def msg(self, user: str, message: str, length: int | None = None) -> None:
        """Say something, to a room or a person. length: of a line with all that belongs to it, in bytes."""
        self._send_message("PRIVMSG", user, message, length)

    def notice(self, user: str, message: str, length: int | None = None) -> None:
        """The same, in a way that robots don't answer."""
        self._send_message("NOTICE", user, message, length)

    def _send_message(self, command: str, user: str, message: str, length: int | None) -> None:
        before = f"{command} {user} :"
        least = len(before.encode("utf-8", "surrogateescape")) + 2
        if length is None:
            length = self._safeMaximumLineLength(before)
        if length <= least:
            raise ValueError(f"Maximum length must exceed {least} for message to {user}")
        for line in split(message, length - least):
            self.sendLine(before + line)

    def _safeMaximumLineLength(self, command: str) -> int:
        prefix = (
            1 + (self.supported.getFeature("NICKLEN") or 9) + 1 + 10 + 1 + 63 + 1
        )  # the longest user, RFC 2812's host
        return MAX_COMMAND_LENGTH - prefix - len(command.encode("utf-8", "surrogateescape")) - 10

    def away(self, message: str = "") -> None:
        """Be away; or back, without a message."""
        self.sendLine(f"AWAY :{message}")

    def back(self) -> None:
        """Be back."""
        self.away()

    def whois(self, nickname: str, server: str | None = None) -> None:
        """Ask about somebody."""
        self.sendLine(f"WHOIS {nickname}" if server is None else f"WHOIS {server} {nickname}")

    def quit(self, message: str = "") -> None:
        """Go."""
        self.sendLine(f"QUIT :{message}")

    def describe(self, channel: str, action: str) -> None:
        """Do something, so to speak."""
        self.ctcpMakeQuery(channel, [("ACTION", action)])

    def ping(self, user: str, text: str | None = None) -> None:
        """Measure how long a message takes to somebody and back: `pong` is called."""
        key = secrets.token_urlsafe(9) if text is None else str(text)
        self._pings[(user, key)] = time.time()
        self.ctcpMakeQuery(user, [("PING", key)])
        while len(self._pings) > self.mostPings:
            self._pings.popitem(last=False)

    def ctcpMakeQuery(self, user: str, messages: list[tuple[str, Any]]) -> None:
        """Ask somebody's program."""
        self.msg(user, ctcpStringify(messages))
