"""The service: all rooms and people, by name, and the one order in which everything is told to everybody.

A mind that does something while it hears of something would be heard by some before what it answers. So what is told
while something is being told waits its turn; after MOST_NESTED such, the rest is forgotten, as two robots are talking.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from time import time
from typing import Any

from reactor import log
from reactor.cred.checkers import ANONYMOUS
from reactor.defer import Deferred, fail, maybeDeferred, succeed
from reactor.words import ewords
from reactor.words.iwords import Event
from reactor.words.service.rooms import Group, User
from reactor.words.service.rules import fold, mask_of


def _quit(mind: Any, event: Event) -> None:
    for group in event.about:
        if mind in group.users.values():
            mind.userLeft(group, event.by, event.text)


_OF_CHAT_CLIENTS: dict[str, Callable[[Any, Event], Any]] = {  # what minds hear that aren't IEventClient
    "said": lambda mind, event: mind.receive(event.by, event.group or mind, event.about),
    "joined": lambda mind, event: mind.userJoined(event.group, event.by),
    "left": lambda mind, event: mind.userLeft(event.group, event.by, event.text or None),
    "kicked": lambda mind, event: mind.userLeft(event.group, event.about, event.text),
    "meta": lambda mind, event: mind.groupMetaUpdate(event.group, event.about),
    "quit": _quit,
}


class WordsRealm:
    """A service of words, and a realm of `cred`. A subclass says where people and rooms are kept.

    name: of the service. isReserved: whether a guest may not have a name, as it is somebody's account. mostGroups: how
    many rooms people may make.
    """

    createGroupOnRequest = False
    createUserOnRequest = True
    mostGroups = 10_000
    MOST_NESTED = 10_000

    def __init__(self, name: str) -> None:
        self.name = name
        self.isReserved: Callable[[str], bool] = lambda name: False
        self._told: deque[tuple[Event, list[Any]]] = deque()
        self._is_telling = False

    # --- telling

    def tell(self, event: Event, minds: Iterable[Any]) -> None:
        """Have minds hear of something, all in the same order."""
        if event.by is not None:
            event.mask = mask_of(event.by)
        event.time = time()
        self._told.append((event, [*minds]))
        if self._is_telling:
            return
        self._is_telling = True
        try:
            self._tell_all()
        finally:
            self._told.clear()
            self._is_telling = False

    def _tell_all(self) -> None:
        for _ in range(self.MOST_NESTED):
            event, minds = self._told.popleft()
            for mind in minds:
                try:
                    heard = _hear(mind, event)
                    if isinstance(heard, Deferred):
                        heard.addErrback(self._failed, mind, event)
                except Exception:
                    self._failed(None, mind, event)
            if not self._told:
                return
        log.msg(f"{self.name}: minds have answered each other {self.MOST_NESTED} times; the rest is forgotten")

    def _failed(self, failure: Any, mind: Any, event: Event) -> None:
        log.err(failure, f"{mind.name!r} can't hear of {event.kind!r}, and is out")
        if event.group is not None:
            event.group.remove(mind, "gone")

    # --- coming in

    def userFactory(self, name: str) -> User:
        """A new person."""
        return User(name)

    def groupFactory(self, name: str) -> Group:
        """A new room."""
        return Group(name)

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Deferred[Any]:
        """Let somebody in, who gets a User. avatarId: bytes, or ANONYMOUS: then their name is `mind.name`.

        Fails with AlreadyLoggedIn.
        """
        isGuest = avatarId is ANONYMOUS
        text = avatarId.decode("utf-8", "replace") if isinstance(avatarId, bytes) else avatarId
        name = mind.name if isGuest else text
        if isGuest and self.isReserved(fold(name)):
            return fail(ewords.AlreadyLoggedIn(name))

        def enter(user: User) -> Any:
            if user.mind is not None:
                raise ewords.AlreadyLoggedIn(name)
            user.loggedIn(self, mind)
            user.account = None if isGuest else name
            mind.name, mind.realm, mind.avatar = user.name, self, user
            return interfaces[0], user, self.logoutFactory(user, mind)

        return self.getUser(name).addCallback(enter)

    def logoutFactory(self, avatar: Any, facet: Any) -> Callable[[], None]:
        """What is called when they leave."""

        def logout() -> None:
            avatar.logout(getattr(facet, "parting", ""))
            avatar.realm = avatar.mind = None
            self.removeUser(avatar)

        return logout

    # --- where they are kept: for subclasses

    def itergroups(self) -> Deferred[Any]:
        """All rooms."""
        raise NotImplementedError

    def lookupUser(self, name: str) -> Deferred[Any]:
        """A person. Fails with NoSuchUser."""
        raise NotImplementedError

    def lookupGroup(self, name: str) -> Deferred[Any]:
        """A room. Fails with NoSuchGroup."""
        raise NotImplementedError

    def addUser(self, user: Any) -> Deferred[Any]:
        """Keep a person, who is returned. Fails with DuplicateUser."""
        raise NotImplementedError

    def addGroup(self, group: Any) -> Deferred[Any]:
        """Keep a room, which is returned. Fails with DuplicateGroup."""
        raise NotImplementedError

    def removeUser(self, user: Any) -> None:
        """Somebody has left. Twisted keeps them; here nothing of them is left that anybody could fill."""

    def removeGroup(self, group: Any) -> None:
        """A room is empty, and ends."""

    # --- people and rooms by name

    def getGroup(self, name: str) -> Deferred[Any]:
        """A room; a new one if it isn't there and `createGroupOnRequest`. Fails with NoSuchGroup or NotAllowed."""
        found = self.lookupGroup(name)
        return found.addErrback(self._make_group, name) if self.createGroupOnRequest else found

    def _make_group(self, failure: Any, name: str) -> Any:
        failure.trap(ewords.NoSuchGroup)
        group = self.groupFactory(name)
        group.isPermanent = False
        return self.addGroup(group)

    def getUser(self, name: str) -> Deferred[Any]:
        """A person; a new one if they aren't known and `createUserOnRequest`. Fails with NoSuchUser."""
        found = self.lookupUser(name)
        return found.addErrback(self._make_user, name) if self.createUserOnRequest else found

    def _make_user(self, failure: Any, name: str) -> Any:
        failure.trap(ewords.NoSuchUser)
        return self.addUser(self.userFactory(name))

    def createUser(self, name: str) -> Deferred[Any]:
        """A new person. Fails with DuplicateUser."""
        return maybeDeferred(self.addUser, self.userFactory(name))

    def createGroup(self, name: str) -> Deferred[Any]:
        """A new room, which stays. Fails with DuplicateGroup."""
        return maybeDeferred(self.addGroup, self.groupFactory(name))


def _hear(mind: Any, event: Event) -> Any:
    happened = getattr(mind, "happened", None)
    if happened is not None:
        return happened(event)
    told = _OF_CHAT_CLIENTS.get(event.kind)
    return told(mind, event) if told is not None and mind is not event.by else None


class InMemoryWordsRealm(WordsRealm):
    """A service whose rooms and people are in memory. users, groups: by folded name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}

    def itergroups(self) -> Deferred[Any]:
        return succeed([*self.groups.values()])

    def lookupUser(self, name: str) -> Deferred[Any]:
        user = self.users.get(fold(name))
        return succeed(user) if user is not None else fail(ewords.NoSuchUser(name))

    def lookupGroup(self, name: str) -> Deferred[Any]:
        group = self.groups.get(fold(name))
        return succeed(group) if group is not None else fail(ewords.NoSuchGroup(name))

    def addUser(self, user: Any) -> Deferred[Any]:
        if self.users.setdefault(fold(user.name), user) is not user:
            return fail(ewords.DuplicateUser(user.name))
        return succeed(user)

    def addGroup(self, group: Any) -> Deferred[Any]:
        if fold(group.name) in self.groups:
            return fail(ewords.DuplicateGroup(group.name))
        if len(self.groups) >= self.mostGroups:
            return fail(ewords.NotAllowed("rooms"))
        group.realm = self
        self.groups[fold(group.name)] = group
        return succeed(group)

    def removeUser(self, user: User) -> None:
        if self.users.get(fold(user.name)) is user:
            del self.users[fold(user.name)]

    def removeGroup(self, group: Group) -> None:
        if self.groups.get(fold(group.name)) is group:
            del self.groups[fold(group.name)]

    def rename(self, user: User, name: str) -> None:
        """Give somebody who is here another name. Raises DuplicateUser."""
        old, new = fold(user.name), fold(name)
        if self.users.get(new, user) is not user or (self.isReserved(new) and fold(user.account or "") != new):
            raise ewords.DuplicateUser(name)
        self.tell(Event("renamed", user.mind, text=name), user.neighbours())
        del self.users[old]
        self.users[new] = user
        user.name = user.mind.name = name
        for group in user.groups:
            users = group.users
            group.users = {new if one == old else one: mind for one, mind in users.items()}
            if old in group.rules.status:
                group.rules.status[new] = group.rules.status.pop(old)
