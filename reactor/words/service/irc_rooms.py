"""What people do in rooms, by IRC: enter, speak, leave; topics, invitations, putting somebody out, modes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import time
from typing import Any

from reactor.words import ewords
from reactor.words.iwords import Event
from reactor.words.protocols.irc import numerics
from reactor.words.protocols.irc.server import fill
from reactor.words.service.irc_registration import LONGEST_CHANNEL, LONGEST_TEXT, IRCRegistration
from reactor.words.service.rules import fold

_REFUSALS = {  # why of NotAllowed → what IRC says
    "banned": (numerics.ERR_BANNEDFROMCHAN, "Cannot join channel (+b)"),
    "key": (numerics.ERR_BADCHANNELKEY, "Cannot join channel (+k)"),
    "full": (numerics.ERR_CHANNELISFULL, "Cannot join channel (+l)"),
    "invited": (numerics.ERR_INVITEONLYCHAN, "Cannot join channel (+i)"),
    "many": (numerics.ERR_TOOMANYCHANNELS, "You have joined too many channels"),
    "rooms": (numerics.ERR_TOOMANYCHANNELS, "There are too many channels"),
    "silent": (numerics.ERR_CANNOTSENDTOCHAN, "Cannot send to channel"),
    "member": (numerics.ERR_NOTONCHANNEL, "You're not on that channel"),
    "operator": (numerics.ERR_CHANOPRIVSNEEDED, "You're not a channel operator"),
}
_LISTS = {"b": (numerics.RPL_BANLIST, numerics.RPL_ENDOFBANLIST)}
_LISTS["e"] = (numerics.RPL_EXCEPTLIST, numerics.RPL_ENDOFEXCEPTLIST)
_LISTS["I"] = (numerics.RPL_INVITELIST, numerics.RPL_ENDOFINVITELIST)
_BAD_IN_NAMES = frozenset(" ,\x07:")
MOST_TARGETS, MOST_ROOMS, MOST_MODES = 4, 10, 6


class IRCRooms(IRCRegistration):
    """The commands about rooms. isOperator: of the service, by OPER."""

    isOperator = False

    def _refused(self, problem: ewords.NotAllowed, where: str) -> None:
        numeric, text = _REFUSALS[problem.why]
        self.reply(numeric, where, text)

    async def _group(self, name: str) -> Any:
        """The room of this name, or None, which they have been told. A secret one is there for its members only."""
        try:
            group = await self.realm.lookupGroup(name[1:]) if name.startswith("#") else None
        except ewords.NoSuchGroup:
            group = None
        if group is None:
            self.reply(numerics.ERR_NOSUCHCHANNEL, _word(name), "No such channel")
        return group

    async def _person(self, name: str) -> Any:
        """The mind of this name, or None, which they have been told."""
        try:
            mind = (await self.realm.lookupUser(name)).mind
        except ewords.NoSuchUser:
            mind = None
        if mind is None or mind.avatar is None:
            self.reply(numerics.ERR_NOSUCHNICK, _word(name), "No such nick/channel")
            return None
        return mind

    def isIn(self, group: Any) -> bool:
        """Whether they are in a room."""
        return group in self.avatar.groups

    def sees(self, group: Any) -> bool:
        """Whether they may know of it."""
        return "s" not in group.rules.flags or self.isIn(group) or self.isOperator

    # --- in and out

    async def irc_JOIN(self, prefix: str, params: list[str]) -> None:
        """Enter rooms; `0` leaves all."""
        if params[0] == "0":
            for group in [*self.avatar.groups]:
                await self.avatar.leave(group)
            return
        keys = iter((params[1] if params[1:] else "").split(","))
        for name in params[0].split(",")[:MOST_ROOMS]:
            await self._join(name, next(keys, "") or None)

    async def _join(self, name: str, key: str | None) -> None:
        if not name.startswith("#") or not 2 <= len(name) <= LONGEST_CHANNEL or _BAD_IN_NAMES & {*name}:
            self.reply(numerics.ERR_NOSUCHCHANNEL, _word(name), "No such channel")
            return
        try:
            group = await self.realm.getGroup(name[1:])
            if self.isIn(group):
                return
            await self.avatar.join(group, key)
        except ewords.NoSuchGroup:
            self.reply(numerics.ERR_NOSUCHCHANNEL, name, "No such channel")
        except ewords.NotAllowed as problem:
            self._refused(problem, name)
        else:
            if group.meta.get("topic"):
                self._send_topic(group)
            self._send_names(group)

    async def irc_PART(self, prefix: str, params: list[str]) -> None:
        """Leave rooms."""
        for name in params[0].split(",")[:MOST_ROOMS]:
            group = await self._group(name)
            if group is not None and not self.isIn(group):
                self._refused(ewords.NotAllowed("member"), name)
            elif group is not None:
                await self.avatar.leave(group, params[1][:LONGEST_TEXT] if params[1:] else None)

    async def irc_KICK(self, prefix: str, params: list[str]) -> None:
        """Put somebody out, or oneself."""
        group = await self._group(params[0])
        for name in params[1].split(",")[:MOST_TARGETS] if group is not None else ():
            mind = group.users.get(fold(name))
            try:
                if mind is None:
                    self.reply(numerics.ERR_USERNOTINCHANNEL, _word(name), params[0], "They aren't on that channel")
                else:
                    group.kick(self, mind, (params[2] if params[2:] else self.name)[:LONGEST_TEXT])
            except ewords.NotAllowed as problem:
                self._refused(problem, params[0])

    async def irc_INVITE(self, prefix: str, params: list[str]) -> None:
        """Ask somebody in, whatever the room's modes."""
        mind, group = await self._person(params[0]), await self._group(params[1])
        if mind is None or group is None:
            return
        if not self.isIn(group):
            self._refused(ewords.NotAllowed("member"), params[1])
        elif "i" in group.rules.flags and not group.rules.mayChange(self):
            self._refused(ewords.NotAllowed("operator"), params[1])
        elif fold(mind.name) in group.users:
            self.reply(numerics.ERR_USERONCHANNEL, mind.name, params[1], "is already on channel")
        else:
            group.rules.invite(fold(mind.name))
            self.reply(numerics.RPL_INVITING, mind.name, params[1])
            self.realm.tell(Event("invited", self, group, about=mind), [mind])

    # --- speaking

    def irc_PRIVMSG(self, prefix: str, params: list[str]) -> Any:
        """Say something."""
        return self.irc_NICKSERV_PRIVMSG(prefix, params) if self.avatar is None else self._say(params, "PRIVMSG")

    async def irc_NOTICE(self, prefix: str, params: list[str]) -> None:
        """Say something that nobody may answer by itself; so it isn't answered here, either, by an error."""
        self._is_mute = True
        try:
            await self._say(params, "NOTICE")
        finally:
            self._is_mute = False

    async def irc_TAGMSG(self, prefix: str, params: list[str]) -> None:
        """Tags alone, such as that one is typing."""
        if "message-tags" in self.caps and self.tags:
            await self._say([params[0]], "TAGMSG")

    async def _say(self, params: list[str], command: str) -> None:
        if not params:
            self.reply(numerics.ERR_NORECIPIENT, f"No recipient given ({command})")
        elif command != "TAGMSG" and (len(params) < 2 or not params[1]):
            self.reply(numerics.ERR_NOTEXTTOSEND, "No text to send")
        else:
            message: dict[str, Any] = {"text": params[1] if params[1:] else None}
            if command == "NOTICE":
                message["notice"] = True
            if self.tags and "message-tags" in self.caps:
                message["tags"] = self.tags
            for name in params[0].split(",")[:MOST_TARGETS]:
                await self._say_to(name, message)

    async def _say_to(self, name: str, message: dict[str, Any]) -> None:
        target = await (self._group(name) if name.startswith("#") else self._person(name))
        if target is None:
            return
        try:
            await self.avatar.send(target, message)
        except ewords.NotAllowed as problem:
            self._refused(problem, name)
        if not name.startswith("#") and target.avatar.away and "notice" not in message:
            self.reply(numerics.RPL_AWAY, target.name, target.avatar.away)

    # --- topics, names, lists

    async def irc_TOPIC(self, prefix: str, params: list[str]) -> None:
        """Ask for the topic, or set it."""
        group = await self._group(params[0])
        if group is None:
            return
        if len(params) == 1:
            self._send_topic(group)
        elif not self.isIn(group):
            self._refused(ewords.NotAllowed("member"), params[0])
        elif "t" in group.rules.flags and not group.rules.mayChange(self):
            self._refused(ewords.NotAllowed("operator"), params[0])
        else:
            meta = {"topic": params[1][:LONGEST_TEXT], "topic_author": self.name, "topic_date": int(time())}
            await group.setMetadata({**group.meta, **meta}, self)

    def _send_topic(self, group: Any) -> None:
        name, meta = f"#{group.name}", group.meta
        if not meta.get("topic") or not self.sees(group):
            self.reply(numerics.RPL_NOTOPIC, name, "No topic is set")
            return
        self.reply(numerics.RPL_TOPIC, name, meta["topic"])
        self.reply(numerics.RPL_TOPICWHOTIME, name, meta.get("topic_author") or "*", str(meta.get("topic_date", 0)))

    async def irc_NAMES(self, prefix: str, params: list[str]) -> None:
        """Who is in a room."""
        name = params[0].split(",")[0] if params else "*"
        try:
            self._send_names(await self.realm.lookupGroup(name[1:]))
        except ewords.NoSuchGroup:
            self.reply(numerics.RPL_ENDOFNAMES, _word(name), "End of /NAMES list")

    def _send_names(self, group: Any) -> None:
        name, has_all = f"#{group.name}", "multi-prefix" in self.caps
        if self.sees(group):
            names = (self.marks(group, mind, has_all) + mind.name for mind in group.iterusers())
            for line in fill(names, 400):
                self.reply(numerics.RPL_NAMREPLY, "@" if "s" in group.rules.flags else "=", name, line)
        self.reply(numerics.RPL_ENDOFNAMES, name, "End of /NAMES list")

    def marks(self, group: Any, mind: Any, has_all: bool) -> str:
        """@ of an operator, + of who has a voice. has_all: both of who has both."""
        found = "".join(mark for mark, letter in (("@", "o"), ("+", "v")) if group.rules.has(mind, letter))
        return found if has_all else found[:1]

    async def irc_LIST(self, prefix: str, params: list[str]) -> None:
        """The rooms: all, some by name, or those with more than `>3` or fewer than `<3` people."""
        wanted = _listed(params[0] if params else "")
        for group in await self.realm.itergroups():
            if self.sees(group) and wanted(group):
                topic = group.meta.get("topic") or ""
                self.reply(numerics.RPL_LIST, f"#{group.name}", str(len(group.users)), topic)
        self.reply(numerics.RPL_LISTEND, "End of /LIST")

    # --- modes

    async def irc_MODE(self, prefix: str, params: list[str]) -> None:
        """A room's modes, or one's own: ask, or set."""
        if not params[0].startswith("#"):
            self._own_modes(params)
            return
        group = await self._group(params[0])
        if group is None:
            return
        if len(params) == 1:
            self._send_modes(group)
            return
        changes = [*_mode_words(params[1], params[2:])]
        if all(letter in group.rules.LISTS and not word for _, letter, word in changes):
            for _, letter, _ in changes[:1]:
                self._send_list(group, letter)
        elif not group.rules.mayChange(self):
            self._refused(ewords.NotAllowed("operator"), params[0])
        else:
            self._change(group, changes)

    def _change(self, group: Any, changes: list[tuple[str, str, str]]) -> None:
        done: list[tuple[str, str, str]] = []
        rules = group.rules
        for sign, letter, word in changes:
            if letter not in rules.LETTERS:
                self.reply(numerics.ERR_UNKNOWNMODE, letter, "is unknown mode char to me")
            elif letter in rules.STATUS and fold(word) not in group.users:
                self.reply(numerics.ERR_USERNOTINCHANNEL, _word(word), f"#{group.name}", "They aren't on that channel")
            elif letter in rules.LISTS and sign == "+" and len(rules.lists[letter]) >= rules.MOST_MASKS:
                self.reply(numerics.ERR_BANLISTFULL, f"#{group.name}", word, "Channel list is full")
            elif (changed := rules.change(sign == "+", letter, word, self.name)) is not None:
                done.append((sign, letter, changed))
        if done:
            text = "".join(sign + letter for sign, letter, _ in done)
            group.tell(Event("modes", self, group, about=[text, *(word for _, _, word in done if word)]))

    def _send_modes(self, group: Any) -> None:
        rules, words = group.rules, []
        letters = "".join(sorted(rules.flags)) + "k" * (rules.key is not None) + "l" * (rules.limit is not None)
        if rules.key is not None:
            words.append(rules.key if self.isIn(group) else "*")
        if rules.limit is not None:
            words.append(str(rules.limit))
        self.reply(numerics.RPL_CHANNELMODEIS, f"#{group.name}", f"+{letters}", *words)
        self.reply(numerics.RPL_CREATIONTIME, f"#{group.name}", str(group.created))

    def _send_list(self, group: Any, letter: str) -> None:
        one, end = _LISTS[letter]
        for mask, (author, date) in group.rules.lists[letter].items():
            self.reply(one, f"#{group.name}", mask, author, str(date))
        self.reply(end, f"#{group.name}", "End of channel list")

    def _own_modes(self, params: list[str]) -> None:
        if fold(params[0]) != fold(self.name):
            self.reply(numerics.ERR_USERSDONTMATCH, "Can't change mode for other users")
            return
        if len(params) > 1 and params[1].startswith("-") and "o" in params[1]:
            self.isOperator = False
        elif len(params) > 1 and {*params[1]} - {*"+-iow"}:
            self.reply(numerics.ERR_UMODEUNKNOWNFLAG, "Unknown MODE flag")
        self.reply(numerics.RPL_UMODEIS, "+o" if self.isOperator else "+")


def _word(text: str) -> str:
    """What a client said, as a parameter in the middle."""
    return text.replace(":", "").split(" ")[0][:60] or "*"


def _listed(wish: str) -> Callable[[Any], bool]:
    if wish[:1] in ("<", ">") and wish[1:].isascii() and wish[1:].isdigit() and len(wish) < 9:
        count = int(wish[1:])
        return lambda group: len(group.users) < count if wish[0] == "<" else len(group.users) > count
    names = {fold(one[1:]) for one in wish.split(",") if one.startswith("#")}
    return lambda group: not names or fold(group.name) in names


def _mode_words(letters: str, words: list[str]) -> Iterator[tuple[str, str, str]]:
    """The changes: sign, letter, and its word, "" without one. A letter that needs one and has none is left out."""
    sign, rest = "+", iter(words)
    count = 0
    for letter in letters:
        if letter in "+-":
            sign = letter
            continue
        takes = letter in "beIkov" or (letter == "l" and sign == "+")
        word = next(rest, "") if takes else ""
        count += takes
        if count > MOST_MODES:
            return
        isMissing = takes and not word and letter not in "beI" and (letter, sign) != ("k", "-")
        if isMissing or word.startswith(":") or " " in word:
            continue
        yield sign, letter, word
