"""Who may come into a room, speak in it, and change it; whatever door they came by. The letters are IRC's modes.

A ban is a mask: `*` and `?` in it stand for anything and for one character of `name!user@host`. It is matched by
stepping through both, going back to the last `*` only: never more than the product of their lengths, however many.
"""

from __future__ import annotations

from time import time
from typing import Any

from reactor.words.ewords import NotAllowed

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\~"
_FOLD = str.maketrans(_UPPER, "abcdefghijklmnopqrstuvwxyz{}|^")


def fold(name: str) -> str:
    """The spelling that is the same for all spellings of a name: `{}|^` are the small letters of `[]\\~` (RFC 1459)."""
    return name.translate(_FOLD)


def matches(mask: str, text: str) -> bool:
    """Whether a mask fits, whatever the case."""
    mask, text = fold(mask), fold(text)
    at = place = matched = 0
    star = -1
    while at < len(text):
        if place < len(mask) and mask[place] == "*":
            star, matched, place = place, at, place + 1
        elif place < len(mask) and mask[place] in ("?", text[at]):
            at, place = at + 1, place + 1
        elif star >= 0:
            matched += 1
            at, place = matched, star + 1
        else:
            return False
    return not mask[place:].strip("*")


def mask_of(mind: Any) -> str:
    """`name!user@host` of a mind. A door that knows no user and no host leaves that to the name and the service's."""
    host = getattr(mind, "host", None) or mind.realm.name
    return f"{mind.name}!{getattr(mind, 'username', None) or mind.name}@{host}"


def full_mask(mask: str) -> str:
    """A mask with all its three parts, at most 100 characters: `ann` is `ann!*@*`, `*@host` is `*!*@host`."""
    name, mark, rest = mask.partition("!")
    if not mark and "@" in mask:
        name, rest = "*", mask
    user, _, host = rest.partition("@")
    return f"{name or '*'}!{user or '*'}@{host or '*'}"[:100]


class Rules:
    """What a room's operators have settled.

    flags: of i (by invitation), m (only those with a voice speak), n (nobody outside speaks), s (secret), t (only
    operators set the topic). key: that one must know, limit: how many there may be; None without. lists: b (banned), e
    (not banned all the same), I (invited): mask → who set it, and when. status: name → of "o" (operator) and "v"
    (voice). invited: names. MOST_MASKS: in one list.
    """

    MOST_MASKS = 100
    FLAGS, LISTS, STATUS = "imnst", "beI", "ov"
    LETTERS = FLAGS + LISTS + STATUS + "kl"

    def __init__(self) -> None:
        self.flags = {"n", "t"}
        self.key: str | None = None
        self.limit: int | None = None
        self.lists: dict[str, dict[str, tuple[str, int]]] = {letter: {} for letter in self.LISTS}
        self.status: dict[str, str] = {}
        self.invited: dict[str, None] = {}

    def has(self, mind: Any, letters: str) -> bool:
        """Whether they have one of these: o, v."""
        return any(letter in letters for letter in self.status.get(fold(mind.name), ""))

    def mayChange(self, mind: Any) -> bool:
        """Whether they are an operator, of the room or of the service."""
        return self.has(mind, "o") or getattr(mind, "isOperator", False)

    def isBanned(self, mind: Any) -> bool:
        """Whether a ban fits and no exception does."""
        return self._listed("b", mind) and not self._listed("e", mind)

    def _listed(self, letter: str, mind: Any) -> bool:
        masks = self.lists[letter]
        return bool(masks) and any(matches(mask, mask_of(mind)) for mask in masks)

    def invite(self, name: str) -> None:
        """Have somebody come in once, whatever the modes. name: folded."""
        self.invited[name] = None
        if len(self.invited) > self.MOST_MASKS:
            del self.invited[next(iter(self.invited))]

    def change(self, isOn: bool, letter: str, word: str, author: str) -> str | None:
        """Settle one thing. letter: of LETTERS. word: what some need. Returns the word as others should hear it.

        None: nothing is different.
        """
        before = repr((self.flags, self.key, self.limit, self.status)), len(self.lists.get(letter, ()))
        if letter in self.FLAGS:
            (self.flags.add if isOn else self.flags.discard)(letter)
        elif letter in self.STATUS:
            has = self.status.get(fold(word), "").replace(letter, "")
            self.status[fold(word)] = has + letter if isOn else has
        elif letter in self.LISTS:
            word = full_mask(word)
            if isOn:
                self.lists[letter].setdefault(word, (author, int(time())))
            else:
                self.lists[letter].pop(word, None)
        elif letter == "k":
            self.key, word = (word[:23], word[:23]) if isOn else (None, "*")
        elif not isOn:
            self.limit = None
        elif word.isascii() and word.isdigit() and 0 < int(word[:9]) < 100_000:
            self.limit = int(word[:9])
        after = repr((self.flags, self.key, self.limit, self.status)), len(self.lists.get(letter, ()))
        return word if before != after else None

    def checkEntry(self, mind: Any, key: str | None, size: int) -> None:
        """Raises NotAllowed when they may not come in. size: how many are there."""
        if getattr(mind, "isOperator", False) or fold(mind.name) in self.invited:
            return
        if "i" in self.flags and not self._listed("I", mind):
            raise NotAllowed("invited")
        if self.key is not None and key != self.key:
            raise NotAllowed("key")
        if self.limit is not None and size >= self.limit:
            raise NotAllowed("full")
        if self.isBanned(mind):
            raise NotAllowed("banned")

    def checkSpeech(self, mind: Any, isMember: bool) -> None:
        """Raises NotAllowed when they may not speak."""
        if self.has(mind, "ov"):
            return
        if ("n" in self.flags and not isMember) or "m" in self.flags or self.isBanned(mind):
            raise NotAllowed("silent")
