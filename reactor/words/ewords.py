"""What can go wrong between people and rooms. The names of `twisted.words.ewords`."""

from __future__ import annotations


class WordsError(Exception):
    """The base of them all."""

    def __str__(self) -> str:
        return f"{type(self).__name__}: {super().__str__()}"


class NoSuchUser(WordsError):
    """Nobody here has that name."""


class DuplicateUser(WordsError):
    """Somebody here has that name."""


class NoSuchGroup(WordsError):
    """There is no such room."""


class DuplicateGroup(WordsError):
    """There is such a room."""


class AlreadyLoggedIn(WordsError):
    """They are here already."""


class NotAllowed(WordsError):
    """The rules of a room, or of the service, are against it.

    why: which rule: "banned", "key", "full", "invited" (only they may come in), "many" (rooms for one person), "rooms"
    (there are too many already), "silent" (may not speak), "member", "operator" (only they may).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
