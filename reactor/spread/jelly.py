"""Jelly: objects as nested lists of numbers and byte strings, which `banana` sends.

    1  2.5  b"x"         themselves                 True, None  [boolean true], [None]
    "soup"               [unicode b"soup"]          [1, 2]      [list 1 2]      (likewise tuple, set, frozenset)
    {"a": 1}             [dictionary [[unicode a] 1]]
    an object            [its class's name, its state], when the class says how it travels, or is allowed
    met a second time    [reference 1 …] the first time, [dereference 1] from then on: cycles are possible

A peer chooses what is in a jelly, so nothing is imported, looked up or called by a name in it: what can be made
stands in tables that the program fills (`SecurityOptions`, `setUnjellyableForClass`). Everything else is InsecureJelly.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Iterable
from typing import Any

from reactor.protocols.excerpts import excerpt
from reactor.spread.errors import ProtocolError
from reactor.spread.forward_references import Incomplete, NotKnown, hold, latest

_THEMSELVES = (bytes, int, float)
_PARTS: dict[type, tuple[bytes, tuple[str, ...]]] = {
    datetime.datetime: (b"datetime", ("year", "month", "day", "hour", "minute", "second", "microsecond")),
    datetime.date: (b"date", ("year", "month", "day")),
    datetime.time: (b"time", ("hour", "minute", "second", "microsecond")),
    datetime.timedelta: (b"timedelta", ("days", "seconds", "microseconds")),
}
_SEQUENCES: dict[type, bytes] = {list: b"list", tuple: b"tuple", set: b"set", frozenset: b"frozenset"}
_MOST_IN_A_KEY = 100  # values; picked so that looking at them is cheap, and not too deep
_LARGEST_EXPONENT = 6144  # of decimals, as IEEE 754 has it: some operations take memory of this order


class InsecureJelly(ProtocolError):
    """A jelly that can't be unpacked, or an object that can't be packed: not allowed here, or malformed."""


def qual(cls: type) -> str:
    """The name of a class, with its module."""
    return f"{cls.__module__}.{cls.__qualname__}"


unjellyableRegistry: dict[bytes, Any] = {}
"""Tag → what makes an object of a jelly with that tag: see `setUnjellyableForClass`."""


def setUnjellyableForClass(classname: str | bytes | type, unjellyable: Any) -> None:
    """Say what represents objects of the peer's class here.

    classname: the class, its name with its module, or the tag that its `getTypeToCopy` returns. unjellyable: a class
    with `unjellyFor(unjellier, jelly)`, such as a RemoteCopy; it is made without calling `__init__`. Or a function of
    the same arguments.
    """
    tag = qual(classname) if isinstance(classname, type) else classname
    unjellyableRegistry[tag if isinstance(tag, bytes) else tag.encode()] = unjellyable


class SecurityOptions:
    """Whose objects may travel although they don't say themselves how: nobody's, until you allow it.

    The basic types, and what is registered with `setUnjellyableForClass`, may always. allowedClasses: tag → class.
    """

    def __init__(self) -> None:
        self.allowedClasses: dict[bytes, type] = {}

    def allowInstancesOf(self, *classes: type) -> None:
        """Let objects of these classes travel, with all of their attributes, and the classes themselves by name.

        Those that come are made without `__init__`: `__setstate__` gets what `__getstate__` gave, else the attributes
        are set. Whoever sends one chooses all of them.
        """
        self.allowedClasses.update((qual(cls).encode(), cls) for cls in classes)

    def isClassAllowed(self, klass: type) -> bool:
        """Whether objects of this class may travel so."""
        return self.allowedClasses.get(qual(klass).encode()) is klass


globalSecurity = SecurityOptions()
"""What brokers use unless they are given another."""


class Jellyable:
    """Objects that know how they are packed."""

    def jellyFor(self, jellier: Jellier) -> Any:
        """This, as a jelly: the tag of its class, and its state."""
        return jellier.instance(self, qual(type(self)), vars(self))


class Jellier:
    """Packs what goes into one message. invoker: the broker, None for a jelly to keep."""

    def __init__(self, taster: SecurityOptions, invoker: Any) -> None:
        self._taster, self.invoker = taster, invoker
        self._packed: dict[int, tuple[list[Any], Any]] = {}  # id → its jelly; and the object, so that it keeps its id
        self._repeated: dict[int, int] = {}  # id → number of the reference

    def jelly(self, obj: Any) -> Any:
        """One object. Raises InsecureJelly for what doesn't travel."""
        kind = type(obj)
        if kind in _THEMSELVES:
            return obj
        if kind is str:
            return [b"unicode", obj.encode()]
        if kind is bool:
            return [b"boolean", b"true" if obj else b"false"]
        if obj is None:
            return [b"None"]
        if kind in _PARTS or kind is decimal.Decimal:
            return _number(kind, obj)
        if id(obj) in self._packed:
            return [b"dereference", self._repeated.setdefault(id(obj), len(self._repeated) + 1)]
        if isinstance(obj, Jellyable):
            return obj.jellyFor(self)
        if kind is dict:
            return self._filled(obj, b"dictionary", ([self.jelly(key), self.jelly(obj[key])] for key in obj))
        if kind in _SEQUENCES:
            return self._filled(obj, _SEQUENCES[kind], map(self.jelly, obj))
        cls = obj if isinstance(obj, type) else kind
        if not self._taster.isClassAllowed(cls):
            raise InsecureJelly(f"objects of {qual(kind)} don't travel: inherit from one of `reactor.spread.flavors`")
        return [b"class", qual(obj).encode()] if cls is obj else self.instance(obj, qual(kind), obj.__getstate__())

    def prepare(self, obj: Any) -> list[Any]:
        """An empty list, to be filled: it is the jelly of the object already, so that what is in it may refer to it."""
        sexp: list[Any] = []
        self._packed[id(obj)] = (sexp, obj)
        return sexp

    def preserve(self, obj: Any, sexp: list[Any]) -> list[Any]:
        """What `prepare` gave, filled."""
        return sexp

    def _filled(self, obj: Any, tag: bytes, parts: Iterable[Any]) -> list[Any]:
        sexp = self.prepare(obj)
        sexp.append(tag)
        sexp += parts
        return sexp

    def instance(self, obj: Any, tag: str | bytes, *parts: Any) -> list[Any]:
        """The jelly of an object: a tag that the peer knows, and the jellies of these parts."""
        return self._filled(obj, tag if isinstance(tag, bytes) else tag.encode(), map(self.jelly, parts))

    def finish(self) -> None:
        """Number what was met again."""
        for key, number in self._repeated.items():
            sexp, _ = self._packed[key]
            sexp[:] = [b"reference", number, sexp[:]]


def _number(kind: type, obj: Any) -> list[Any]:
    """Dates, times and decimals."""
    if kind is decimal.Decimal and obj.is_finite():
        sign, digits, exponent = obj.as_tuple()
        return [b"decimal", int("".join(map(str, digits))) * (-1 if sign else 1), exponent]
    if kind is decimal.Decimal or getattr(obj, "tzinfo", None):
        raise InsecureJelly(f"neither times with a zone travel, nor decimals that aren't finite: {obj!r}")
    tag, names = _PARTS[kind]
    return [tag, " ".join(str(getattr(obj, name)) for name in names).encode()]


def jelly(object: Any, taster: SecurityOptions = globalSecurity, invoker: Any = None) -> Any:
    """An object as nested lists of int, float and bytes.

    taster: which classes may travel. invoker: the broker that asks. Raises InsecureJelly.
    """
    jellier = Jellier(taster, invoker)
    try:
        sexp = jellier.jelly(object)
    except RecursionError:
        raise InsecureJelly("an object holds others deeper than Python can follow") from None
    jellier.finish()
    return sexp


class Unpersistable:
    """Stands for what the peer couldn't or wouldn't send. reason: its words."""

    def __init__(self, reason: object) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f"Unpersistable({self.reason!r})"


def _key(value: Any, budget: int = _MOST_IN_A_KEY) -> int:
    """Raises InsecureJelly for what isn't a good key. Returns how many more values may be in it.

    Hashing looks at all that is in a tuple, as deep as it goes. Tuples that hold others twice, by reference, would take
    for ever. And large numbers can be chosen so that all have the same hash, which makes tables slow.
    """
    is_large = isinstance(value, decimal.Decimal) or (type(value) is int and value.bit_length() > 64)
    if budget == 0 or is_large or value.__hash__ is None:
        raise InsecureJelly(f"no key of a dictionary or set: {type(value).__name__}, or too much in it")
    budget -= 1
    if isinstance(value, (tuple, frozenset)):
        for one in value:
            budget = _key(one, budget)
    return budget


def _keys(values: list[Any]) -> list[Any]:
    for value in values:
        _key(value)
    return values


def _decimal(value: int, exponent: int) -> decimal.Decimal:
    if type(value) is not int or abs(exponent) > _LARGEST_EXPONENT:
        raise ValueError("no decimal, or one too large")
    return decimal.Decimal((int(value < 0), decimal.Decimal(value).as_tuple().digits, exponent))


_ATOMS: dict[bytes, Callable[..., Any]] = {
    b"None": lambda: None,
    b"boolean": lambda word: {b"true": True, b"false": False}[word],
    b"unicode": lambda text: text.decode(),
    b"decimal": _decimal,
    b"unpersistable": Unpersistable,
    **{tag: lambda parts, cls=cls: cls(*map(int, parts.split())) for cls, (tag, _) in _PARTS.items()},
}
_MAKERS: dict[bytes, Callable[[list[Any]], Any]] = {
    b"tuple": tuple,
    b"set": lambda items: set(_keys(items)),
    b"frozenset": lambda items: frozenset(_keys(items)),
}


class Unjellier:
    """Unpacks one message, whose sender means harm until it is shown that it doesn't. invoker: the broker, or None."""

    def __init__(self, taster: SecurityOptions, invoker: Any) -> None:
        self._taster, self.invoker = taster, invoker
        self._references: dict[int, Any] = {}
        self._defined: set[int] = set()
        self._unknown: list[NotKnown] = []
        self._after: list[Callable[[], object]] = []

    def unjelly(self, sexp: Any) -> Any:
        """One object, or what stands for it until it is complete. Raises InsecureJelly."""
        if type(sexp) is not list:
            return sexp
        tag = sexp[0] if sexp and type(sexp[0]) is bytes else b""
        if tag in _ATOMS:
            try:
                return _ATOMS[tag](*sexp[1:])
            except (AttributeError, TypeError, ValueError, LookupError, ArithmeticError):
                raise InsecureJelly(f"no {tag.decode()}: {excerpt(sexp[1:])}") from None
        if tag == b"dictionary":
            return self._dictionary(sexp[1:])
        if tag == b"list" or tag in _MAKERS:
            items = [self.unjelly(one) for one in sexp[1:]]
            if self._unknown:
                items = [*map(latest, items)]
            if tag != b"list":
                return self._made(items, _MAKERS[tag])
            if self._unknown:
                hold(items, enumerate(items))
            return items
        if len(sexp) < 2:
            raise InsecureJelly(f"may not come here, or not so: {excerpt(sexp)}")
        if tag in (b"reference", b"dereference"):
            return self._reference(sexp[1], *sexp[2:3])
        made = self._object(tag, sexp)
        if hasattr(made, "postUnjelly"):
            self._after.append(made.postUnjelly)
        return made

    def _made(self, items: list[Any], make: Callable[[list[Any]], Any]) -> Any:
        if not any(isinstance(item, NotKnown) for item in items):
            return make(items)
        self._unknown.append(Incomplete(items, make))
        return self._unknown[-1]

    def _dictionary(self, pairs: list[Any]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}

        def put(both: list[Any]) -> None:
            if type(both[0]) is not str:
                _key(both[0])
            found[both[0]] = both[1]

        for pair in pairs:
            if type(pair) is not list or len(pair) != 2:
                raise InsecureJelly(f"no pair of a dictionary: {excerpt(pair)}")
            both = [self.unjelly(pair[0]), self.unjelly(pair[1])]
            if self._unknown:
                both = [*map(latest, both)]
                if isinstance(both[0], NotKnown):
                    self._made(both, put)
                    continue
                hold(found, [both])
            put(both)
        return found

    def _reference(self, number: Any, *sexp: Any) -> Any:
        """With a jelly: what has this number from now on. Without: what has it, or will have it."""
        if type(number) is not int or (sexp and number in self._defined):
            raise InsecureJelly(f"no reference: {excerpt(number)}")
        if sexp:
            self._defined.add(number)
            value = self.unjelly(sexp[0])
            waiting, self._references[number] = self._references.get(number), value
            if waiting is not None:
                waiting.become(value)
        elif number not in self._references:
            self._references[number] = NotKnown()
            self._unknown.append(self._references[number])
        return latest(self._references[number])

    def _object(self, tag: bytes, sexp: list[Any]) -> Any:
        maker = unjellyableRegistry.get(tag)
        if maker is not None:
            return (maker.__new__(maker).unjellyFor if hasattr(maker, "unjellyFor") else maker)(self, sexp)
        name = sexp[1] if tag == b"class" and type(sexp[1]) is bytes else tag
        cls: Any = self._taster.allowedClasses.get(name)
        if cls is None:
            raise InsecureJelly(f"may not come here: {name[:80]!r}")
        if tag == b"class":
            return cls
        made, state = cls.__new__(cls), self.unjelly(sexp[1])
        if hasattr(made, "__setstate__"):
            made.__setstate__(state)
        elif isinstance(state, dict):
            made.__dict__ = state
        return made

    def finish(self) -> None:
        """Everything must be known by now; then tell the objects that want to be told."""
        if not all(one.is_known for one in self._unknown):
            raise InsecureJelly("something refers to nothing, or to itself in a way that can't be")
        for tell in self._after:
            tell()


def unjelly(sexp: Any, taster: SecurityOptions = globalSecurity, invoker: Any = None) -> Any:
    """The object of a jelly.

    taster: what may come. invoker: the broker that asks. Raises InsecureJelly, and what classes raise of their state.
    """
    unjellier = Unjellier(taster, invoker)
    made = unjellier.unjelly(sexp)
    unjellier.finish()
    return latest(made)
