"""What an IRC client is told: methods that do nothing, to be overridden; and the replies of a server that call them.

A `user` is `nick!user@host`; where it says nick, it is that alone. A channel has its mark, such as `#`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Observed:
    """The callbacks of IRCClient."""

    nickname: str
    motd: list[str] | None
    supported: Any

    # --- me

    def signedOn(self) -> None:
        """I am in."""

    def joined(self, channel: str) -> None:
        """I have entered a room."""

    def left(self, channel: str) -> None:
        """I have left it."""

    def kickedFrom(self, channel: str, kicker: str, message: str) -> None:
        """I was put out of it. kicker: a nick."""

    def nickChanged(self, nick: str) -> None:
        """I have another name. Call this from an override."""
        self.nickname = nick

    def privmsg(self, user: str, channel: str, message: str) -> None:
        """Somebody says something, in a room or, if `channel` is my name, to me."""

    def noticed(self, user: str, channel: str, message: str) -> None:
        """The same; never answer it by program, or two programs talk for ever."""

    def action(self, user: str, channel: str, data: str) -> None:
        """Somebody does something, so to speak."""

    def pong(self, user: str, secs: float) -> None:
        """An answer to `ping`, after so many seconds."""

    # --- others: nicks

    def userJoined(self, user: str, channel: str) -> None:
        """Somebody has entered a room."""

    def userLeft(self, user: str, channel: str) -> None:
        """Somebody has left it."""

    def userQuit(self, user: str, quitMessage: str) -> None:
        """Somebody is gone."""

    def userKicked(self, kickee: str, channel: str, kicker: str, message: str) -> None:
        """Somebody was put out."""

    def userRenamed(self, oldname: str, newname: str) -> None:
        """Somebody has another name."""

    def topicUpdated(self, user: str, channel: str, newTopic: str) -> None:
        """A room's topic; also when I enter it."""

    def modeChanged(self, user: str, channel: str, set: bool, modes: str, args: Sequence[str | None]) -> None:
        """Modes are set, or taken away. args: for each letter its word, or None."""

    # --- the server

    def created(self, when: str) -> None:
        """Since when it runs."""

    def yourHost(self, info: str) -> None:
        """What it is."""

    def myInfo(self, servername: str, version: str | None, umodes: str | None, cmodes: str | None) -> None:
        """Its name, version, and the modes of people and rooms."""

    def bounce(self, info: str) -> None:
        """We should go to another server."""

    def isupport(self, options: list[str]) -> None:
        """What it can do: `NAME=VALUE`. `supported` has read it."""

    def luserClient(self, info: str) -> None:
        """How many people there are."""

    def luserOp(self, ops: int) -> None:
        """How many of its operators."""

    def luserChannels(self, channels: int) -> None:
        """How many rooms."""

    def luserMe(self, info: str) -> None:
        """How many people on this server."""

    def receivedMOTD(self, motd: list[str]) -> None:
        """The message of the day, in lines."""

    # --- replies

    def irc_TOPIC(self, prefix: str, params: list[str]) -> None:
        """The topic is another."""
        self.topicUpdated(prefix.split("!")[0], params[0], params[1])

    def irc_RPL_TOPIC(self, prefix: str, params: list[str]) -> None:
        """The topic."""
        self.topicUpdated(prefix.split("!")[0], params[1], params[2])

    def irc_RPL_NOTOPIC(self, prefix: str, params: list[str]) -> None:
        """There is none."""
        self.topicUpdated(prefix.split("!")[0], params[1], "")

    def irc_RPL_MOTDSTART(self, prefix: str, params: list[str]) -> None:
        """The message of the day begins."""
        self.motd = [params[-1].removeprefix("- ")]

    def irc_RPL_MOTD(self, prefix: str, params: list[str]) -> None:
        """A line of it; of a thousand the rest is forgotten."""
        self.motd = self.motd or []
        if len(self.motd) < 1000:
            self.motd.append(params[-1].removeprefix("- "))

    def irc_RPL_ENDOFMOTD(self, prefix: str, params: list[str]) -> None:
        """Its end."""
        motd, self.motd = self.motd, None
        self.receivedMOTD(motd or [])

    def irc_RPL_CREATED(self, prefix: str, params: list[str]) -> None:
        """Since when it runs."""
        self.created(params[1])

    def irc_RPL_YOURHOST(self, prefix: str, params: list[str]) -> None:
        """What it is."""
        self.yourHost(params[1])

    def irc_RPL_MYINFO(self, prefix: str, params: list[str]) -> None:
        """Its name and version; what isn't said is None."""
        info: list[Any] = " ".join(params[1:]).split(None, 3)
        self.myInfo(*(info + [None] * 4)[:4])

    def irc_RPL_BOUNCE(self, prefix: str, params: list[str]) -> None:
        """Another server."""
        self.bounce(params[1])

    def irc_RPL_ISUPPORT(self, prefix: str, params: list[str]) -> None:
        """What it can do."""
        self.supported.parse(params[1:-1])
        self.isupport(params[1:-1])

    def irc_RPL_LUSERCLIENT(self, prefix: str, params: list[str]) -> None:
        """How many people."""
        self.luserClient(params[1])

    def irc_RPL_LUSEROP(self, prefix: str, params: list[str]) -> None:
        """How many operators."""
        if params[1].isdecimal():
            self.luserOp(int(params[1][:9]))

    def irc_RPL_LUSERCHANNELS(self, prefix: str, params: list[str]) -> None:
        """How many rooms."""
        if params[1].isdecimal():
            self.luserChannels(int(params[1][:9]))

    def irc_RPL_LUSERME(self, prefix: str, params: list[str]) -> None:
        """How many on this server."""
        self.luserMe(params[1])
