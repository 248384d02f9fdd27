"""An application as a TOML file: the plugins that it is made of, and their options.

application = "site"            # its name; the file's, if left out

[web]                           # a plugin, with its options
port = 8080
path = "srv"                    # relative to this file

[[forward]]                     # the same plugin twice
port = 2525
to = "mail.example.com:25"

[[forward]]
name = "news"                   # of the service; if left out, "forward", then "forward-2"
port = 1119
to = "news.example.com:119"

[reactord]                      # how to run it: the options of the command reactord
logfile = "site.log"
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from reactor.application import plugins
from reactor.application.application import Application
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin

__all__ = ["Configuration", "Table", "read"]

RUNNER = "reactord"


class Table(NamedTuple):
    """What a file says about one service: its plugin, its name, its options, and where in the file that is."""

    plugin: str
    name: str
    options: dict[str, Any]
    where: str


class Configuration:
    """What a configuration file says.

    path: the file. application: the application's name. runner: the table [reactord].
    tables: the services, in the order of the file.
    """

    def __init__(self, path: Path, document: dict[str, Any]) -> None:
        self.path = path
        self.application = _text(document.pop("application", path.stem), f"{path}: application")
        self.runner = _table(document.pop(RUNNER, {}), f"{path}: [{RUNNER}]")
        self.tables = list(self._read_tables(document))

    def _read_tables(self, document: dict[str, Any]) -> Iterator[Table]:
        for plugin, value in document.items():
            tables = value if isinstance(value, list) else [value]
            for number, table in enumerate(tables, 1):
                where = f"{self.path}: [{plugin}]" + (f" number {number}" if len(tables) > 1 else "")
                options = dict(_table(table, where))
                name = options.pop("name", plugin if number == 1 else f"{plugin}-{number}")
                yield Table(plugin, _text(name, f"{where}: name"), options, where)

    def makeApplication(self) -> Application:
        """An application of all these services. Raises ConfigurationError or PluginError, in one line."""
        if not self.tables:
            raise ConfigurationError(f"{self.path}: names no plugin; write [NAME] for one of {_names()}")
        application = Application(self.application)
        for table in self.tables:
            self._add(application, plugins.find(table.plugin), table, ())
        return application

    def makeApplicationOf(self, plugin: str, arguments: Sequence[str] = ()) -> Application:
        """An application of one plugin alone. Options that `arguments` leave out are taken from the file."""
        tables = [table for table in self.tables if table.plugin == plugin]
        if len(tables) > 1:
            raise ConfigurationError(f"{self.path}: has {len(tables)} tables [[{plugin}]]: which one is meant?")
        application = Application(self.application)
        for table in tables or [Table(plugin, plugin, {}, "")]:
            self._add(application, plugins.find(plugin), table, arguments)
        return application

    def _add(self, application: Application, plugin: Plugin, table: Table, arguments: Sequence[str]) -> None:
        options = plugin.configure(arguments, table.options, table.where, self.path.parent)
        service = plugin.makeService(options, table.where)
        service.setName(table.name)
        try:
            service.setServiceParent(application)
        except RuntimeError as problem:
            raise ConfigurationError(f"{table.where}: {problem}; give it a `name`") from problem


def read(path: str | os.PathLike[str]) -> Configuration:
    """Read a file. Raises ConfigurationError, in one line, when it can't be read, isn't TOML, or has another shape."""
    file = Path(path)
    try:
        with file.open("rb") as opened:
            document = tomllib.load(opened)
    except OSError as problem:
        raise ConfigurationError(f"{file}: can't be read: {problem.strerror}") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigurationError(f"{file}: is no TOML: {problem}") from problem
    return Configuration(file, document)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{where} is text, not {value!r}")
    return value


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where} is a table, not {value!r}")
    return value


def _names() -> str:
    return ", ".join(plugins.available()) or "none that are installed"
