"""The options of a plugin, declared once, and read from the command line and from a configuration file alike.

    @dataclass
    class Options:
        port: str = option("8080", "where to listen", place)
        path: Path = option(help="the folder to serve")         # no default: it must be given
        max_clients: int = option(100, "how many at a time")    # --max-clients 100, or max_clients = 100

An option is a field of a dataclass. Its type says what it takes: str, int, float, bool, Path, a list of one of them,
or one of these or None. For other types a function, `parse`, reads the value from its text.
"""

from __future__ import annotations

import argparse
import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from reactor.application.errors import ConfigurationError

__all__ = ["Declared", "declared_by", "from_arguments", "from_table", "option", "place"]

# For each type of option: the types that its value may have in a file, and its name in a message.
KINDS: dict[type, tuple[type | tuple[type, ...], str]] = {
    str: (str, "text"),
    int: (int, "a whole number"),
    float: ((int, float), "a number"),
    bool: (bool, "true or false"),
    Path: (str, "a path"),
}


def option(default: Any = dataclasses.MISSING, help: str = "", parse: Callable[[str], Any] | None = None) -> Any:
    """A field of a dataclass of options.

    default: its value when it isn't given; without a default it must be given. help: what it means, in a few words.
    parse: makes the value from its text, and the default from the default's text; for a text that it can't read, it
    raises ValueError, saying what the text should be.
    """
    metadata = {"help": help, "parse": parse, "default": default}
    if parse is not None and isinstance(default, str):
        default = parse(default)
    if isinstance(default, list):
        return dataclasses.field(default_factory=lambda: list(default), kw_only=True, metadata=metadata)
    return dataclasses.field(default=default, kw_only=True, metadata=metadata)  # so that their order is free


def at_least_one(text: str) -> int:
    """Read how many there may be of something, for `option`."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("a whole number from 1 on")
    return int(text)


def place(text: str) -> str:
    """Read where to listen: the number of a TCP port, or an endpoint for `reactor.endpoints.serverFromString`."""
    if not text.isdecimal():
        if ":" not in text:
            raise ValueError("a port number, or an endpoint such as tcp:8080:interface=127.0.0.1")
        return text
    if int(text) > 65535:
        raise ValueError("a port number up to 65535")
    return f"tcp:{int(text)}"


@dataclasses.dataclass(frozen=True)
class Declared:
    """One declared option.

    name: of the field. kind: the type of the value, or of each in a list. is_list: whether it may be given several
    times. help, parse: as given to `option`. default: as given, or dataclasses.MISSING.
    """

    name: str
    kind: Any
    is_list: bool
    help: str
    parse: Callable[[str], Any] | None
    default: Any

    @property
    def flag(self) -> str:
        """How it is spelled on the command line."""
        return f"--{self.name.replace('_', '-')}"

    def from_text(self, text: str) -> Any:
        """The value of a text on the command line. Raises ValueError, saying what the text should be."""
        if self.parse is not None:
            return self.parse(text)
        try:
            return self.kind(text)
        except ValueError:
            raise ValueError(KINDS[self.kind][1]) from None

    def from_value(self, value: Any, folder: Path) -> Any:
        """The value of one in a file; paths are relative to `folder`. Raises ValueError, saying what it should be."""
        if self.is_list:
            if not isinstance(value, list):
                raise ValueError("a list")
            return [self._one(item, folder) for item in value]
        return self._one(value, folder)

    def _one(self, value: Any, folder: Path) -> Any:
        accepted, what = ((str, int, float), "text") if self.parse else KINDS[self.kind]
        if not isinstance(value, accepted) or isinstance(value, bool) != (self.kind is bool):
            raise ValueError(what)
        if self.parse is not None:
            return self.parse(str(value))
        return folder / str(value) if self.kind is Path else self.kind(value)


def declared_by(options: type) -> list[Declared]:
    """The options that a dataclass declares. Raises TypeError for a class that is none, or a field without a parser."""
    if not dataclasses.is_dataclass(options):
        raise TypeError(f"{options!r} is no dataclass")
    hints = typing.get_type_hints(options)
    return [_declared(field, hints[field.name]) for field in dataclasses.fields(options) if field.init]


def _declared(field: dataclasses.Field[Any], hint: Any) -> Declared:
    kind, is_list = _without_none(hint), False
    if typing.get_origin(kind) is list:
        (kind,), is_list = typing.get_args(kind), True
    parse = field.metadata.get("parse")
    if kind not in KINDS and parse is None:
        known = ", ".join(known.__name__ for known in KINDS)
        raise TypeError(f"option {field.name!r} is of type {hint!r}: give it a `parse`, or one of the types {known}")
    default = field.metadata.get("default", field.default)
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    return Declared(field.name, kind, is_list, field.metadata.get("help", ""), parse, default)


def _without_none(hint: Any) -> Any:
    """`X` for `X | None`; any other type as it is."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        others = [one for one in typing.get_args(hint) if one is not type(None)]
        if len(others) == 1:
            return others[0]
    return hint


class Parser(argparse.ArgumentParser):
    """A parser that raises ConfigurationError where argparse would end the program.

    whose: the beginning of its messages.
    """

    whose = ""

    def error(self, message: str) -> NoReturn:
        raise ConfigurationError(f"{self.whose}: {message}; see {self.prog} --help")


def parser_for(options: Sequence[Declared], plugin: str, description: str) -> Parser:
    """A parser of command lines for the options of a plugin. Options that aren't given aren't in its result."""
    program, absent = f"reactord {plugin}", argparse.SUPPRESS
    parser = Parser(program, description=description, add_help=False, allow_abbrev=False, argument_default=absent)
    parser.whose = plugin
    for declared in options:
        shown = declared.help.replace("%", "%%") + _default_shown(declared)
        if declared.kind is bool and not declared.is_list:
            parser.add_argument(declared.flag, action=argparse.BooleanOptionalAction, dest=declared.name, help=shown)
        else:
            action = "append" if declared.is_list else "store"
            word = declared.name.upper()
            parser.add_argument(declared.flag, action=action, dest=declared.name, help=shown, metavar=word)
    return parser


def _default_shown(declared: Declared) -> str:
    if declared.default is dataclasses.MISSING:
        return " (must be given)"
    return "" if declared.default in (None, False, []) else f" (default: {declared.default})".replace("%", "%%")


def from_arguments(options: Sequence[Declared], parser: Parser, arguments: Sequence[str]) -> dict[str, Any]:
    """The values that a command line gives. Raises ConfigurationError."""
    given = vars(parser.parse_args(arguments))
    for declared in options:
        if declared.name not in given or isinstance(given[declared.name], bool):
            continue
        try:
            text = given[declared.name]
            value = [declared.from_text(one) for one in text] if declared.is_list else declared.from_text(text)
        except ValueError as problem:
            raise ConfigurationError(f"{parser.whose}: {declared.flag} is {problem}, not {text!r}") from None
        given[declared.name] = value
    return given


def from_table(options: Sequence[Declared], table: Mapping[str, Any], where: str, folder: Path) -> dict[str, Any]:
    """The values that a table of a file gives. where: the table's name in messages. Raises ConfigurationError."""
    known = {declared.name: declared for declared in options}
    values = {}
    for name, value in table.items():
        if name not in known:
            there = ", ".join(known) or "none"
            raise ConfigurationError(f"{where}: there is no option {name!r}; there are {there}")
        try:
            values[name] = known[name].from_value(value, folder)
        except ValueError as problem:
            raise ConfigurationError(f"{where}: {name} is {problem}, not {value!r}") from None
    return values
