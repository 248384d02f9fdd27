"""What rooms, people, the service and the doors promise each other. The names of `twisted.words.iwords`.

A door is a protocol such as IRC. What it has for one person is a *mind*, an IChatClient: the service tells it what
happens. For that it gets a *User* of the service, the avatar, on which it calls what the person does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass
class Event:
    """Something that happened; one object for all who hear of it, each room's and person's in the same order.

    kind: "said", "joined", "left", "kicked", "quit", "renamed", "changed" (away, or the real name), "meta" (a topic),
    "modes" or "invited". by: the mind whose doing it is. group: where, if in a room. text: a reason, the new name, what
    changed. about: the mind it was done to; or of "said" the message, of "quit" the rooms, of "modes" the changes.
    mask, time: `name!user@host` of who did it, and when, in seconds since 1970; the realm adds them.
    written: for doors, to keep what they have written for one kind of receivers: a line is encoded once for each.
    """

    kind: str
    by: Any
    group: Any = None
    text: str = ""
    about: Any = None
    mask: str = ""
    time: float = 0.0
    written: dict[Any, bytes] = field(default_factory=dict)


class IChatClient(Protocol):
    """A mind. All but the name may return a Deferred; whoever raises or fails is out of the room.

    name: unique among people; the service sets it, and `realm` and `avatar`, when they come in.
    """

    name: str

    def receive(self, sender: Any, recipient: Any, message: dict[str, Any]) -> Any:
        """Somebody said something. recipient: the room, or this mind. message: has "text", and perhaps "notice"."""

    def userJoined(self, group: Any, user: Any) -> Any:
        """Another mind is in the room now."""

    def userLeft(self, group: Any, user: Any, reason: str | None = None) -> Any:
        """Another mind isn't in the room any more."""

    def groupMetaUpdate(self, group: Any, meta: dict[str, Any]) -> Any:
        """The room has another topic."""


class IEventClient(Protocol):
    """A mind that hears of everything, and of what it does itself: `happened` is called, and nothing else."""

    name: str

    def happened(self, event: Event) -> Any:
        """Something did."""


class IGroup(Protocol):
    """A room. name: unique among rooms, without a mark such as `#`. meta: its topic, "topic_author", "topic_date"."""

    name: str
    meta: dict[str, Any]

    def add(self, user: Any) -> Any:
        """Let a mind in. Returns a Deferred, which fails with NotAllowed."""

    def remove(self, user: Any, reason: str | None = None) -> Any:
        """A mind leaves. Returns a Deferred."""

    def size(self) -> Any:
        """A Deferred of how many are in it."""

    def receive(self, sender: Any, recipient: Any, message: dict[str, Any]) -> Any:
        """A mind says something in it. recipient: this room."""

    def setMetadata(self, meta: dict[str, Any]) -> Any:
        """Set the topic."""

    def iterusers(self) -> Iterator[Any]:
        """The minds in it."""


class IUser(Protocol):
    """A person. realm, mind: None when they aren't here. lastMessage, signOn: seconds since 1970."""

    name: str
    realm: Any
    mind: Any
    lastMessage: float
    signOn: float

    def loggedIn(self, realm: Any, mind: Any) -> Any:
        """They come in."""

    def send(self, recipient: Any, message: dict[str, Any]) -> Any:
        """They say something, to a room or a mind."""

    def join(self, group: Any) -> Any:
        """They enter a room."""

    def leave(self, group: Any, reason: str | None = None) -> Any:
        """They leave it."""

    def itergroups(self) -> Iterator[Any]:
        """The rooms they are in."""


class IChatService(Protocol):
    """Rooms and people. name: of the service, such as its host's. Everything returns a Deferred.

    createGroupOnRequest, createUserOnRequest: whether `getGroup` and `getUser` make what isn't there.
    """

    name: str
    createGroupOnRequest: bool
    createUserOnRequest: bool

    def itergroups(self) -> Any:
        """All rooms."""

    def getGroup(self, name: str) -> Any:
        """A room, perhaps a new one. Fails with NoSuchGroup."""

    def createGroup(self, name: str) -> Any:
        """A new room. Fails with DuplicateGroup."""

    def lookupGroup(self, name: str) -> Any:
        """A room that is there. Fails with NoSuchGroup."""

    def getUser(self, name: str) -> Any:
        """A person, perhaps a new one. Fails with NoSuchUser."""

    def createUser(self, name: str) -> Any:
        """A new person. Fails with DuplicateUser."""


__all__ = ["Event", "IChatClient", "IChatService", "IEventClient", "IGroup", "IUser"]
