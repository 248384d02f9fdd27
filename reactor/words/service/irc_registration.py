"""How somebody comes in by IRC's door: capabilities, SASL or a password or neither, a nick, and the welcome.

    CAP LS 302 · CAP REQ :sasl · AUTHENTICATE … · CAP END      IRCv3; optional
    PASS · NICK · USER                                         RFC 2812, 3.1

The portal decides: with a password (PASS, or said to NickServ, as Twisted has it) one is the account of that nick; by
SASL, an account, under any nick; else a guest, if the portal takes anonymous credentials.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from time import strftime
from typing import Any

from reactor.cred.credentials import Anonymous, IAnonymous, IUsernamePassword, UsernamePassword
from reactor.cred.error import LoginFailed
from reactor.cred.portal import Portal
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import LineLogin, ServerLogin, Success, offered
from reactor.sasl.mechanisms import Situation
from reactor.words import ewords
from reactor.words.iwords import IUser
from reactor.words.protocols.irc import numerics
from reactor.words.protocols.irc.server import fill
from reactor.words.protocols.irc.wire import write_message
from reactor.words.service.irc_session import IRCSession
from reactor.words.service.rules import fold

NICKSERV = "NickServ!NickServ@services"
_NICK = re.compile(r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]*")
_SERVICE = re.compile(r".*serv\Z|services?\Z|root\Z|admin\Z", re.IGNORECASE)
_USER = re.compile(r"[^A-Za-z0-9._~-]")
LONGEST_NICK, LONGEST_CHANNEL, LONGEST_TEXT = 30, 50, 390
_PIECE = 400  # characters of base64 in one AUTHENTICATE: IRCv3, sasl-3.1
_CAPABILITIES = [
    "account-tag",
    "away-notify",
    "batch",
    "echo-message",
    "extended-join",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
]
_ISUPPORT = (
    f"CASEMAPPING=rfc1459 CHANLIMIT=#:50 CHANMODES=beI,k,l,imnst CHANNELLEN={LONGEST_CHANNEL} CHANTYPES=# ELIST=U "
    f"EXCEPTS=e INVEX=I KICKLEN={LONGEST_TEXT} MAXLIST=beI:100 MODES=6 MONITOR=100 NICKLEN={LONGEST_NICK} "
    f"PREFIX=(ov)@+ SAFELIST TARGMAX=PRIVMSG:4,NOTICE:4,JOIN:10,PART:10,KICK:4 TOPICLEN={LONGEST_TEXT} UTF8ONLY"
).split()


def is_nick(name: str) -> bool:
    """Whether this can be somebody's nick: ASCII, and nothing that looks like a service of the house."""
    return bool(_NICK.fullmatch(name)) and len(name) <= LONGEST_NICK and not _SERVICE.match(name)


class IRCRegistration(IRCSession):
    """From the first line to the welcome. portal: who may come in."""

    LONGEST_RESPONSE = 12_288
    portal: Portal
    nickname: str | None = None  # that they want to have
    username: str | None = None
    realname = ""
    password: bytes | None = None
    logout: Callable[[], object] | None = None
    _entering: Any = None  # the avatar, from the login to the welcome
    _negotiates = _enters = False
    _exchange: LineLogin | None = None
    _response = b""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)
        self.leave()

    def leave(self) -> None:
        """Log out."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.cancel()
        logout, self.logout = self.logout, None
        if logout is not None:
            logout()
        self.avatar = None

    # --- PASS, NICK, USER

    def irc_PASS(self, prefix: str, params: list[str]) -> None:
        """The password of the account that is named as the nick."""
        self.password = params[-1].encode()

    def irc_NICK(self, prefix: str, params: list[str]) -> Any:
        """Have this name."""
        nick = params[0] if params else ""
        if not nick:
            self.reply(numerics.ERR_NONICKNAMEGIVEN, "No nickname given")
        elif not is_nick(nick):
            self.reply(numerics.ERR_ERRONEUSNICKNAME, nick.split(" ")[0][:60] or "*", "That can't be a nickname here")
        elif self.avatar is not None:
            return self._rename(nick)
        else:
            self.nickname = nick
            return self._enter()
        return None

    def _rename(self, nick: str) -> None:
        try:
            if nick != self.name:
                self.realm.rename(self.avatar, nick)
        except ewords.DuplicateUser:
            self.reply(numerics.ERR_NICKNAMEINUSE, nick, "Nickname is already in use")
        self.nickname = self.name

    def irc_USER(self, prefix: str, params: list[str]) -> Any:
        """Who they are outside, as they say."""
        if self.avatar is not None:
            self.reply(numerics.ERR_ALREADYREGISTRED, "You may not register twice")
            return None
        self.username = _USER.sub("", params[0])[:10] or "someone"
        self.realname = params[-1][:LONGEST_TEXT]
        return self._enter()

    async def _enter(self) -> None:
        if self._negotiates or self._enters or self.nickname is None or self.username is None or self._gone:
            return
        self._enters = True
        try:
            if self.logout is None:
                await self._log_in(self.nickname)
            if self.logout is not None and not self._gone:
                self._welcome(self.nickname)
        finally:
            self._enters = False

    async def _log_in(self, nick: str) -> None:
        password, self.password = self.password, None
        if password is not None and not mayTakePasswords(self.transport):
            self.reply(numerics.ERR_PASSWDMISMATCH, "A password isn't taken in the clear: come over TLS")
            self.drop("a password in the clear")
            return
        kinds = self.portal.listCredentialsInterfaces()
        hasPassword = password is not None and IUsernamePassword in kinds
        if not hasPassword and IAnonymous not in kinds:
            self.write(write_message("PRIVMSG", [nick, "Password?"], NICKSERV))
            return
        if fold(nick) in self.realm.users or (not hasPassword and self.realm.isReserved(fold(nick))):
            self._taken(nick)  # and it isn't a login that failed
            return
        self.name = nick  # it is what the realm calls guests
        try:
            who: Any = UsernamePassword(nick.encode(), password or b"") if hasPassword else Anonymous()
            self._granted(await self.portal.login(who, self, IUser))
        except ewords.AlreadyLoggedIn:
            self._taken(nick)
        except LoginFailed:
            self.reply(numerics.ERR_PASSWDMISMATCH, "Password incorrect")
            self.drop("login failed")

    def _taken(self, nick: str) -> None:
        self.name, self.nickname = "*", None
        self.reply(numerics.ERR_NICKNAMEINUSE, nick, "Nickname is already in use")

    def irc_NICKSERV_PRIVMSG(self, prefix: str, params: list[str]) -> Any:
        """The password, for who was asked."""
        if len(params) < 2 or params[0].lower() != "nickserv" or self.nickname is None:
            self.reply(numerics.ERR_NOTREGISTERED, "You have not registered")
            return None
        self.password = params[-1].encode()
        return self._enter()

    def _granted(self, granted: tuple[Any, Any, Callable[[], object]]) -> None:
        _, avatar, self.logout = granted
        self.avatar, self._entering = None, avatar  # the realm has set it, and they aren't in yet
        if self._gone:
            self.leave()
            return
        if avatar.account is None:
            return
        who = f"{self.nickname or '*'}!{self.username or '*'}@{self.host}"
        self.reply(numerics.RPL_LOGGEDIN, who, avatar.account, f"You are now logged in as {avatar.account}")

    def _welcome(self, nick: str) -> None:
        avatar, self.avatar = self._entering, self._entering
        if self.name != nick:
            try:
                self.realm.rename(avatar, nick)
            except ewords.DuplicateUser:
                self.avatar = None
                self._taken(nick)
                return
        avatar.realname = self.realname
        self.setTimeout(self.pingAfter)
        name, info = self.hostname or "", self.factory.serverInfo
        self.reply(numerics.RPL_WELCOME, f"Welcome to {name}, {self.name}!{self.username}@{self.host}")
        self.reply(numerics.RPL_YOURHOST, f"Your host is {name}, running {info['serviceVersion']}")
        self.reply(numerics.RPL_CREATED, f"This server was created {info['creationDate']}")
        self.reply(numerics.RPL_MYINFO, name, info["serviceVersion"], "io", "beIiklmnstov")
        for line in fill(_ISUPPORT, 350):
            self.reply(numerics.RPL_ISUPPORT, *line.split(" "), "are supported by this server")
        self.irc_LUSERS("", [])
        self.irc_MOTD("", [])
        self.factory.came(self)

    # --- CAP and SASL

    def irc_CAP(self, prefix: str, params: list[str]) -> Any:
        """What both sides understand beyond the RFC. While it is settled nobody comes in."""
        word = params[0].upper()
        asked = (params[1] if params[1:] else "").split()
        if word in ("LS", "REQ") and self.avatar is None:
            self._negotiates = True
        if word == "LS":
            offers = [f"sasl={','.join(self._mechanisms())}" if it == "sasl" else it for it in self._offered()]
            has_values = asked[:1] >= ["302"]
            self._cap("LS", offers if has_values else self._offered())
        elif word == "LIST":
            self._cap("LIST", sorted(self.caps))
        elif word == "REQ":
            names = {one.removeprefix("-") for one in asked}
            if names <= {*self._offered()}:
                off = {one[1:] for one in asked if one.startswith("-")}
                self.setCapabilities((self.caps | names) - off)
            self._cap("ACK" if names <= {*self._offered()} else "NAK", asked)
        elif word == "END":
            self._negotiates = False
            return self._enter() if self.avatar is None else None
        else:
            self.reply(numerics.ERR_INVALIDCAPCMD, word[:30] or "*", "Invalid CAP command")
        return None

    def _cap(self, word: str, names: list[str]) -> None:
        self.write(write_message("CAP", [self.nickname or "*", word, " ".join(names)], self.hostname or ""))

    def _mechanisms(self) -> list[str]:
        return [it for it in offered(self.portal, self._situation()) if it != "ANONYMOUS"]

    def _situation(self) -> Situation:
        return Situation(mayTakePasswords(self.transport))

    def _offered(self) -> list[str]:
        return [it for it in _CAPABILITIES if it != "sasl" or self._mechanisms()]

    async def irc_AUTHENTICATE(self, prefix: str, params: list[str]) -> None:
        """A step of SASL: a mechanism, or a response in pieces of 400 characters; a shorter one is the last."""
        text = params[0].encode()
        if self.logout is not None or "sasl" not in self.caps:
            self.reply(numerics.ERR_SASLALREADY, "You have logged in, or haven't asked for sasl")
        elif self._exchange is None and text.decode().upper() not in self._mechanisms():
            self._sasl_failed(numerics.RPL_SASLMECHS if text != b"*" else "", ",".join(self._mechanisms()))
        elif self._exchange is None:
            self._response = b""
            login = ServerLogin(self.portal, text.decode(), self._situation(), self, IUser)
            self._exchange = LineLogin(login)
            await self._respond(None)
        elif len(text) > _PIECE or len(self._response) + len(text) > self.LONGEST_RESPONSE:
            self._sasl_failed(numerics.ERR_SASLTOOLONG, "SASL message too long")
        elif len(text) == _PIECE:
            self._response += text
        else:
            response, self._response = self._response + (b"" if text == b"+" else text), b""
            await self._respond(response or b"=")

    async def _respond(self, response: bytes | None) -> None:
        exchange = self._exchange
        assert exchange is not None
        if response == b"*":
            self._sasl_failed(numerics.ERR_SASLABORTED, "SASL authentication aborted")
            return
        try:
            outcome = await exchange.respond(response)
        except (LoginFailed, ewords.AlreadyLoggedIn):
            self._sasl_failed()
            return
        if isinstance(outcome, Success):
            self._exchange = None
            self._granted((None, outcome.avatar, outcome.logout))
            self.reply(numerics.RPL_SASLSUCCESS, "SASL authentication successful")
        elif self._exchange is not None:
            for at in range(0, len(outcome) + 1, _PIECE):
                self.write(f"AUTHENTICATE {outcome[at : at + _PIECE].decode() or '+'}")

    def _sasl_failed(self, numeric: str = "", *params: str) -> None:
        exchange, self._exchange, self._response = self._exchange, None, b""
        if exchange is not None:
            exchange.cancel()
        if numeric:
            self.reply(numeric, *params)
        if numeric != numerics.ERR_SASLABORTED:
            self.reply(numerics.ERR_SASLFAIL, "SASL authentication failed")

    # --- what may be said at any time

    def irc_PING(self, prefix: str, params: list[str]) -> None:
        """Are we there?"""
        if not params:
            self.reply(numerics.ERR_NOORIGIN, "No origin specified")
        else:
            self.write(write_message("PONG", [self.hostname or "", params[0]], self.hostname or ""))

    def irc_PONG(self, prefix: str, params: list[str]) -> None:
        """They are there."""

    def irc_QUIT(self, prefix: str, params: list[str]) -> None:
        """They go."""
        self.drop(f"Quit: {params[0][:LONGEST_TEXT]}" if params and params[0] else "Quit")

    def irc_LUSERS(self, prefix: str, params: list[str]) -> None:
        """How many people there are."""
        people, rooms = len(self.realm.users), len(self.realm.groups)
        self.reply(numerics.RPL_LUSERCLIENT, f"There are {people} users and 0 invisible on 1 servers")
        self.reply(numerics.RPL_LUSERCHANNELS, str(rooms), "channels formed")
        self.reply(numerics.RPL_LUSERME, f"I have {people} clients and 0 servers")

    def irc_MOTD(self, prefix: str, params: list[str]) -> None:
        """The message of the day."""
        if not self.factory.motd:
            self.reply(numerics.ERR_NOMOTD, "There is no message of the day")
            return
        self.reply(numerics.RPL_MOTDSTART, f"- {self.hostname} Message of the day -")
        for line in self.factory.motd:
            self.reply(numerics.RPL_MOTD, f"- {line}")
        self.reply(numerics.RPL_ENDOFMOTD, "End of /MOTD command")

    def irc_TIME(self, prefix: str, params: list[str]) -> None:
        """What time it is."""
        self.reply(numerics.RPL_TIME, self.hostname or "", strftime("%Y-%m-%d %H:%M:%S %z"))

    def irc_VERSION(self, prefix: str, params: list[str]) -> None:
        """What we are."""
        self.reply(numerics.RPL_VERSION, self.factory.serverInfo["serviceVersion"], self.hostname or "", "words")
