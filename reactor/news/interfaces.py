"""What a news server asks of its store. The names of `twisted.news.database.INewsStorage`, where it had them.

Each method may return its result, or a Deferred of it. Groups and ids are text, articles bytes with CRLF at each end of
line. Numbers are an article's places in a group: they only grow, and none is used twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol


class NoSuchGroup(LookupError):
    """There is no group of this name."""


class NoSuchArticle(LookupError):
    """There is no article of this id, or number."""


class Refused(ValueError):
    """An article isn't taken, and won't be. The text tells its author why."""


class Group(NamedTuple):
    """A group. flag: y, all may post; m, posts go to `moderator`; n, articles come from other servers only.

    low, high: the first and the last number; an empty group has low = high + 1. size: how many articles, where it was
    asked for. created: seconds since 1970.
    """

    name: str
    description: str = ""
    flag: str = "y"
    moderator: str = ""
    created: float = 0.0
    low: int = 1
    high: int = 0
    size: int = 0


class Rights(NamedTuple):
    """What somebody may do: the avatar that the server asks a portal for. feed: hand on articles of others."""

    read: bool = True
    post: bool = True
    feed: bool = False


class INewsStorage(Protocol):
    """Groups, and articles in them."""

    def listRequest(self) -> Any:
        """All groups: a list of Group."""

    def groupRequest(self, group: str) -> Any:
        """One Group. Raises NoSuchGroup."""

    def listGroupRequest(self, group: str, low: int, high: int, backwards: bool = False) -> Any:
        """The numbers from low to high that are there, in order: an iterable. Raises NoSuchGroup."""

    def xoverRequest(self, group: str, low: int, high: int) -> Any:
        """(number, overview) of the same. overview: the fields of OVERVIEW, as bytes, with tabs between them."""

    def xhdrRequest(self, group: str, low: int, high: int, header: str) -> Any:
        """(number, value) of the same. header: such as `Subject`; `:bytes` and `:lines` count."""

    def articleRequest(self, group: str, index: int, id: str | None = None) -> Any:
        """An article, as bytes: by its id if that is given, else by its place. Raises NoSuchArticle."""

    def articleExistsRequest(self, id: str) -> Any:
        """Whether this article is there, was there, or was refused: whether not to take it."""

    def newNewsRequest(self, fits: Callable[[str], bool], since: float, most: int) -> Any:
        """The ids of articles in groups that fit which came since then, in seconds since 1970.

        Raises OverflowError when more than `most` have come since then, in all groups.
        """

    def postRequest(self, message: bytes) -> Any:
        """Take an article from its author. Returns when it is safe. Raises Refused, or OSError for "not now"."""

    def takeRequest(self, message: bytes, id: str) -> Any:
        """Take an article from another server, which calls it so. Returns and raises as postRequest."""
