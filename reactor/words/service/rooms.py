"""Rooms and people, without any protocol. What happens is told through the realm, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import time
from typing import Any

from reactor.defer import Deferred, maybeDeferred, succeed
from reactor.words.ewords import NotAllowed
from reactor.words.iwords import Event
from reactor.words.service.rules import Rules, fold


class Group:
    """A room. The first who enters it is its operator, unless it stays when it is empty.

    users: folded name → mind. rules: who may do what in it. isPermanent: whether it stays; the realm makes such ones by
    `createGroup`. realm: set by the realm.
    """

    realm: Any = None
    isPermanent = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.users: dict[str, Any] = {}
        self.meta: dict[str, Any] = {"topic": "", "topic_author": ""}
        self.created = int(time())
        self.rules = Rules()

    def tell(self, event: Event) -> None:
        """Have everybody in it hear of something."""
        self.realm.tell(event, self.users.values())

    def add(self, user: Any, key: str | None = None) -> Deferred[None]:
        """Let a mind in. key: if they know one. The Deferred fails with NotAllowed."""
        return maybeDeferred(self._add, user, key)

    def _add(self, user: Any, key: str | None) -> None:
        name = fold(user.name)
        if name in self.users:
            return
        self.rules.checkEntry(user, key, len(self.users))
        if not self.users and not self.isPermanent:
            self.rules.status[name] = "o"
        self.rules.invited.pop(name, None)
        self.users[name] = user
        self.tell(Event("joined", user, self))

    def remove(self, user: Any, reason: str | None = None) -> Deferred[None]:
        """A mind leaves. Whoever isn't in it isn't missed."""
        if self.users.get(fold(user.name)) is user:
            self.tell(Event("left", user, self, reason or ""))
            self.forget(user)
        return succeed(None)

    def forget(self, user: Any) -> None:
        """They are out, and everybody has been told. An empty room ends, if it isn't permanent."""
        name = fold(user.name)
        self.users.pop(name, None)
        self.rules.status.pop(name, None)
        avatar = getattr(user, "avatar", None)
        if avatar is not None and self in avatar.groups:
            avatar.groups.remove(self)
        if not self.users and not self.isPermanent:
            self.realm.removeGroup(self)

    def kick(self, by: Any, user: Any, reason: str) -> None:
        """Put somebody out, perhaps oneself. Raises NotAllowed."""
        if self.users.get(fold(by.name)) is not by and not self.rules.mayChange(by):
            raise NotAllowed("member")
        if not self.rules.mayChange(by):
            raise NotAllowed("operator")
        self.tell(Event("kicked", by, self, reason, user))
        self.forget(user)

    def size(self) -> Deferred[int]:
        """A Deferred of how many are in it."""
        return succeed(len(self.users))

    def receive(self, sender: Any, recipient: Any, message: dict[str, Any]) -> Deferred[None]:
        """A mind says something. The Deferred fails with NotAllowed."""
        return maybeDeferred(self.say, sender, message)

    def say(self, sender: Any, message: dict[str, Any]) -> None:
        """As `receive`, without a Deferred."""
        self.rules.checkSpeech(sender, self.users.get(fold(sender.name)) is sender)
        self.tell(Event("said", sender, self, about=message))

    def setMetadata(self, meta: dict[str, Any], by: Any = None) -> Deferred[None]:
        """Set the topic. by: whose doing it is, if it is a mind's."""
        self.meta = meta
        self.tell(Event("meta", by, self, about=meta))
        return succeed(None)

    def iterusers(self) -> Iterator[Any]:
        """The minds in it, in the order in which they came."""
        return iter(self.users.values())


class User:
    """A person: what the service knows of them, and what they do.

    account: the name they logged in by; None for a guest. away: why they are; "" when they aren't. realname: as they
    say. mostGroups: rooms that one may be in.
    """

    realm: Any = None
    mind: Any = None
    account: str | None = None
    realname = away = ""
    mostGroups = 50
    signOn = 0.0

    def __init__(self, name: str) -> None:
        self.name = name
        self.groups: list[Any] = []
        self.lastMessage = time()

    def loggedIn(self, realm: Any, mind: Any) -> None:
        """They come in."""
        self.realm, self.mind, self.signOn = realm, mind, time()

    def join(self, group: Any, *key: str) -> Deferred[None]:
        """Enter a room. key: if they know one. The Deferred fails with NotAllowed."""
        if group in self.groups:
            return succeed(None)
        if len(self.groups) >= self.mostGroups:
            return maybeDeferred(self._refuse)
        self.groups.append(group)
        joined: Deferred[None] = group.add(self.mind, *key)

        def failed(failure: Any) -> Any:
            if group in self.groups:
                self.groups.remove(group)
            return failure

        return joined.addErrback(failed)

    def _refuse(self) -> None:
        raise NotAllowed("many")

    def leave(self, group: Any, reason: str | None = None) -> Deferred[None]:
        """Leave it."""
        left: Deferred[None] = group.remove(self.mind, reason)
        if group in self.groups:
            self.groups.remove(group)
        return left

    def send(self, recipient: Any, message: dict[str, Any]) -> Deferred[None]:
        """Say something, to a room or a mind."""
        self.lastMessage = time()
        sent: Deferred[None] = maybeDeferred(recipient.receive, self.mind, recipient, message)
        return sent

    def change(self, **fields: str) -> None:
        """Be away, or back, or have another real name; those hear of it who share a room with them."""
        for name, value in fields.items():
            setattr(self, name, value)
            self.realm.tell(Event("changed", self.mind, text=name), self.neighbours())

    def neighbours(self) -> Iterable[Any]:
        """Everybody who shares a room with them, and they, once each."""
        found = {id(one): one for group in self.groups for one in group.iterusers()}
        return [*({id(self.mind): self.mind} | found).values()]

    def itergroups(self) -> Iterator[Any]:
        """The rooms they are in."""
        return iter(self.groups)

    def logout(self, reason: str = "") -> None:
        """They leave all rooms, and go."""
        mind, groups = self.mind, [*self.groups]
        if mind is None:
            return
        self.realm.tell(Event("quit", mind, text=reason, about=groups), self.neighbours())
        for group in groups:
            group.forget(mind)
        self.groups.clear()
