"""What people ask about others by IRC, and what operators of the service may: the rest of IRCUser, and its factory."""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Iterable
from time import ctime, time
from typing import Any, ClassVar

from reactor.cred.checkers import AllowAnonymousAccess
from reactor.cred.portal import Portal
from reactor.protocols.basic.logins import LoginFactory
from reactor.words import ewords
from reactor.words.protocols.irc import numerics
from reactor.words.service.irc_registration import LONGEST_TEXT, is_nick
from reactor.words.service.irc_rooms import IRCRooms
from reactor.words.service.rules import fold, mask_of, matches

MOST_NAMES = 100  # in one WHO by mask, in a MONITOR list
_ONE, _TWO = (
    "PASS PART TOPIC JOIN WHOIS MODE OPER SETNAME AUTHENTICATE CAP TAGMSG MONITOR ISON USERHOST",
    "KICK INVITE KILL",
)


class IRCUser(IRCRooms):
    """Somebody at IRC's door: the mind of a person, and the protocol. The name is Twisted's."""

    COMMANDS: ClassVar[dict[str, int]] = {"USER": 4, **dict.fromkeys(_ONE.split(), 1), **dict.fromkeys(_TWO.split(), 2)}
    COMMANDS["OPER"] = 2

    def connectionLost(self, reason: Any = None) -> None:
        super().connectionLost(reason)
        self.factory.left(self)

    def leave(self) -> None:
        """Log out; who watches hears of it."""
        avatar = self.avatar
        super().leave()
        if avatar is not None:
            self.factory.went(self, avatar)

    # --- WHO, WHOIS, WHOWAS

    async def irc_WHO(self, prefix: str, params: list[str]) -> None:
        """Who is in a room, or whose name fits a mask."""
        mask = params[0] if params else "*"
        group = None
        if mask.startswith("#"):
            try:
                group = await self.realm.lookupGroup(mask[1:])
            except ewords.NoSuchGroup:
                mask = "#"
            minds: Iterable[Any] = group.iterusers() if group is not None and self.sees(group) else ()
        else:
            minds = [one for one in self._known() if matches(mask, one.name)][:MOST_NAMES]
        for mind in minds:
            self._send_who(mind, group)
        self.reply(numerics.RPL_ENDOFWHO, _middle(params[0] if params else "*"), "End of /WHO list")

    def _known(self) -> Iterable[Any]:
        return [it.mind for it in self.realm.users.values() if it.mind is not None and it.mind.avatar is not None]

    def _send_who(self, mind: Any, group: Any) -> None:
        flags = "G" if mind.avatar.away else "H"
        flags += "*" * getattr(mind, "isOperator", False)
        flags += self.marks(group, mind, "multi-prefix" in self.caps) if group is not None else ""
        _, user, host = _parts(mind)
        where, server = f"#{group.name}" if group is not None else "*", self.hostname or ""
        real = f"0 {mind.avatar.realname or mind.name}"
        self.reply(numerics.RPL_WHOREPLY, where, user, host, server, mind.name, flags, real)

    async def irc_WHOIS(self, prefix: str, params: list[str]) -> None:
        """What is known of somebody."""
        mind = await self._person(params[-1].split(",")[0])
        if mind is not None:
            self._send_whois(mind)
        self.reply(numerics.RPL_ENDOFWHOIS, _middle(params[-1]), "End of /WHOIS list")

    def _send_whois(self, mind: Any) -> None:
        (name, user, host), avatar = _parts(mind), mind.avatar
        self.reply(numerics.RPL_WHOISUSER, name, user, host, "*", avatar.realname or name)
        rooms = [self.marks(it, mind, True) + f"#{it.name}" for it in avatar.itergroups() if self.sees(it)]
        if rooms:
            self.reply(numerics.RPL_WHOISCHANNELS, name, " ".join(rooms))
        self.reply(numerics.RPL_WHOISSERVER, name, self.hostname or "", "words")
        if avatar.away:
            self.reply(numerics.RPL_AWAY, name, avatar.away)
        if getattr(mind, "isOperator", False):
            self.reply(numerics.RPL_WHOISOPERATOR, name, "is an IRC operator")
        if getattr(getattr(mind, "transport", None), "TLS", False):
            self.reply(numerics.RPL_WHOISSECURE, name, "is using a secure connection")
        if avatar.account:
            self.reply(numerics.RPL_WHOISACCOUNT, name, avatar.account, "is logged in as")
        idle = str(max(0, int(time() - avatar.lastMessage)))
        self.reply(numerics.RPL_WHOISIDLE, name, idle, str(int(avatar.signOn)), "seconds idle, signon time")

    def irc_WHOWAS(self, prefix: str, params: list[str]) -> None:
        """What was known of somebody who has gone."""
        name = params[0] if params else ""
        found = [it for it in self.factory.gone if fold(it[0]) == fold(name)]
        for nick, user, host, realname in found:
            self.reply(numerics.RPL_WHOWASUSER, nick, user, host, "*", realname)
        if not found:
            self.reply(numerics.ERR_WASNOSUCHNICK, _middle(name), "There was no such nickname")
        self.reply(numerics.RPL_ENDOFWHOWAS, _middle(name), "End of WHOWAS")

    def _mind(self, name: str) -> Any:
        user = self.realm.users.get(fold(name))
        mind = user.mind if user is not None else None
        return mind if mind is not None and mind.avatar is not None else None

    def irc_USERHOST(self, prefix: str, params: list[str]) -> None:
        """Where some are."""
        found = []
        for mind in filter(None, map(self._mind, params[:5])):
            name, user, host = _parts(mind)
            oper, away = "*" * getattr(mind, "isOperator", False), "-" if mind.avatar.away else "+"
            found.append(f"{name}{oper}={away}{user}@{host}")
        self.reply(numerics.RPL_USERHOST, " ".join(found))

    def irc_ISON(self, prefix: str, params: list[str]) -> None:
        """Who of these is here."""
        names = " ".join(params).split()[:MOST_NAMES]
        self.reply(numerics.RPL_ISON, " ".join(it.name for it in map(self._mind, names) if it is not None))

    def irc_MONITOR(self, prefix: str, params: list[str]) -> None:
        """Be told when some come and go: + and - names, C(lear), L(ist), S(tatus)."""
        mine, what = self.factory.watched(self), params[0].upper()
        names = [it for it in (params[1] if params[1:] else "").split(",") if is_nick(it)][:MOST_NAMES]
        if what == "+":
            if len({*mine, *map(fold, names)}) > MOST_NAMES:
                self.reply(numerics.ERR_MONLISTFULL, str(MOST_NAMES), ",".join(names), "Monitor list is full")
                return
            self.factory.watch(self, names)
            self._send_status(names)
        elif what in ("-", "C"):
            self.factory.unwatch(self, names if what == "-" else [*mine])
        elif what == "L":
            for name in mine.values():
                self.reply(numerics.RPL_MONLIST, name)
            self.reply(numerics.RPL_ENDOFMONLIST, "End of MONITOR list")
        elif what == "S":
            self._send_status(mine.values())

    def _send_status(self, names: Iterable[str]) -> None:
        for name in names:
            mind = self._mind(name)
            if mind is not None:
                self.reply(numerics.RPL_MONONLINE, mask_of(mind))
            else:
                self.reply(numerics.RPL_MONOFFLINE, name)

    # --- about oneself

    def irc_AWAY(self, prefix: str, params: list[str]) -> None:
        """Be away, or back."""
        why = params[0][:LONGEST_TEXT] if params else ""
        self.avatar.change(away=why)
        if why:
            self.reply(numerics.RPL_NOWAWAY, "You have been marked as being away")
        else:
            self.reply(numerics.RPL_UNAWAY, "You are no longer marked as being away")

    def irc_SETNAME(self, prefix: str, params: list[str]) -> None:
        """Have another real name."""
        self.avatar.change(realname=params[0][:LONGEST_TEXT])

    # --- operators of the service

    def irc_OPER(self, prefix: str, params: list[str]) -> None:
        """Be one, by the name and password that the house has set."""
        wanted = self.factory.operators.get(params[0])
        if wanted is None:
            self.reply(numerics.ERR_NOOPERHOST, "No O-lines for your host")
        elif not hmac.compare_digest(wanted.encode(), params[1].encode()):
            self.reply(numerics.ERR_PASSWDMISMATCH, "Password incorrect")
            self._tokens -= self.burst  # a guess costs as much as talking does
        else:
            self.isOperator = True
            self.reply(numerics.RPL_YOUREOPER, "You are now an IRC operator")

    async def irc_KILL(self, prefix: str, params: list[str]) -> None:
        """End somebody's session."""
        if not self.isOperator:
            self.reply(numerics.ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator")
            return
        mind = await self._person(params[0])
        if mind is not None and hasattr(mind, "drop"):
            mind.drop(f"Killed ({self.name} ({params[1][:LONGEST_TEXT]}))")


def _middle(text: str) -> str:
    return text.split(" ")[0].lstrip(":")[:60] or "*"


def _parts(mind: Any) -> tuple[str, str, str]:
    """A mind's name, user and host."""
    name, _, rest = mask_of(mind).partition("!")
    user, _, host = rest.partition("@")
    return name, user, host


class IRCFactory(LoginFactory[IRCUser]):
    """IRC's door to a realm.

    portal: who may come in; None: everybody, as a guest. motd: lines. operators: name → password, for OPER.
    contextFactory isn't used: IRC's TLS has a port of its own (RFC 7194). gone: who has left last, for WHOWAS.
    unwritten: who gets something at the end of this turn. The limits of connections and logins are LoginFactory's.
    """

    protocol = IRCUser
    tooMany = b"ERROR :Closing link: too many connections\r\n"
    mostGone = 200

    def __init__(self, realm: Any, portal: Portal | None = None, reactor: Any = None) -> None:
        super().__init__(portal if portal is not None else Portal(realm, [AllowAnonymousAccess()]), None, reactor)
        self.realm = realm
        self.motd: list[str] = []
        self.operators: dict[str, str] = {}
        self.serverInfo = {"serviceName": realm.name, "serviceVersion": "words-1", "creationDate": ctime()}
        self.gone: deque[tuple[str, str, str, str]] = deque(maxlen=self.mostGone)
        self.unwritten = _Unwritten(self.reactor)
        self._watched: dict[str, dict[IRCUser, str]] = {}
        self._watchers: dict[IRCUser, dict[str, str]] = {}

    # --- MONITOR: who comes and goes

    def watched(self, user: IRCUser) -> dict[str, str]:
        """What somebody watches: folded name → name."""
        return self._watchers.get(user, {})

    def watch(self, user: IRCUser, names: Iterable[str]) -> None:
        """Tell them when these come and go."""
        for name in names:
            self._watched.setdefault(fold(name), {})[user] = name
            self._watchers.setdefault(user, {})[fold(name)] = name

    def unwatch(self, user: IRCUser, names: Iterable[str]) -> None:
        """Not any more."""
        for name in map(fold, names):
            self._watchers.get(user, {}).pop(name, None)
            users = self._watched.get(name, {})
            users.pop(user, None)
            if not users:
                self._watched.pop(name, None)

    def came(self, user: IRCUser) -> None:
        """Somebody is in."""
        for watcher in self._watched.get(fold(user.name), ()):
            watcher.reply(numerics.RPL_MONONLINE, mask_of(user))

    def went(self, user: IRCUser, avatar: Any) -> None:
        """Somebody has gone."""
        self.gone.appendleft((*_parts(user), avatar.realname))
        for watcher in self._watched.get(fold(user.name), ()):
            watcher.reply(numerics.RPL_MONOFFLINE, user.name)

    def left(self, user: IRCUser) -> None:
        """Their connection is lost: they watch nobody."""
        self.unwatch(user, [*self.watched(user)])
        self._watchers.pop(user, None)


class _Unwritten:
    """Sessions that have something to write. They do, once, when this turn is over."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._sessions: list[IRCUser] = []

    def append(self, session: IRCUser) -> None:
        if not self._sessions:
            self._reactor.callLater(0, self._flush)
        self._sessions.append(session)

    def _flush(self) -> None:
        sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.flush()
