"""What a plugin can be told, declared once and read from the command line and from a configuration file alike.

    @dataclass
    class Options:
        port: str = option("8080", "where to listen", place)
        path: Path = option(help="the folder to serve")         # no default: it must be given
        max_clients: int = option(100, "how many at a time")    # --max-clients 100, or max_clients = 100

An option is a field of a dataclass: the type says what it takes, one of str, int, float, bool, Path, a list of one of
them, or any of these or None. A function may read it instead, from its text.
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

# What a value may be in a file, and what to call it in a message.
KINDS: dict[type, tuple[type | tuple[type, ...], str]] = {
    str: (str, "text"),
    int: (int, "a whole number"),
    float: ((int, float), "a number"),
    bool: (bool, "true or false"),
    Path: (str, "a path"),
}


def option(default: Any = dataclasses.MISSING, help: str = "", parse: Callable[[str], Any] | None = None) -> Any:
    """A field of a dataclass of options.

    default: what it is when nobody says; left out, somebody must. help: what it means, in a few words. parse: makes
    the value from its text, the default's too, and raises ValueError, saying what the text should be, for one that
    can't be read.
    """
    metadata = {"help": help, "parse": parse, "default": default}
    if parse is not None and isinstance(default, str):
        default = parse(default)
    if isinstance(default, list):
        return dataclasses.field(default_factory=lambda: list(default), kw_only=True, metadata=metadata)
    return dataclasses.field(default=default, kw_only=True, metadata=metadata)  # so that their order is free


def place(text: str) -> str:
    """Reads where to listen: the number of a TCP port, or what `reactor.endpoints.serverFromString` reads."""
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

    name: of the field. kind: the type of a value, or of each in a list. is_list: whether it may be given again and
    again. help, parse: as `option` was told. default: as it was told, or dataclasses.MISSING.
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
        """The value that a text on the command line stands for. Raises ValueError, saying what it should be."""
        if self.parse is not None:
            return self.parse(text)
        try:
            return self.kind(text)
        except ValueError:
            raise ValueError(KINDS[self.kind][1]) from None

    def from_value(self, value: Any, folder: Path) -> Any:
        """The value that one in a file stands for; paths are relative to `folder`. Raises ValueError."""
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
    """The options that a dataclass declares. Raises TypeError for a class, or a field, that can't be one."""
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
    """A parser that raises ConfigurationError where argparse ends the program.

    whose: what messages begin with.
    """

    whose = ""

    def error(self, message: str) -> NoReturn:
        raise ConfigurationError(f"{self.whose}: {message}; see {self.prog} --help")


def parser_for(options: Sequence[Declared], plugin: str, description: str) -> Parser:
    """A parser of command lines for the options of a plugin. What isn't given isn't in its result."""
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
    """The values that a table of a file gives. where: what to call it in messages. Raises ConfigurationError."""
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
