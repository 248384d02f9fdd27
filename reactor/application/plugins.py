"""Plugins: applications that installed packages bring along, run by `reactord NAME --option value`.

A plugin is a module, or any object, with a docstring, `Options`, and `makeService(options)`:

    \"""Say what time it is.\"""                              # the first line describes it

    @dataclass
    class Options:
        port: str = option("13", "where to listen", place)

    def makeService(options: Options) -> Service:
        return strports.service(options.port, Factory.forProtocol(Daytime))

Its package's metadata gives it its name, in pyproject.toml:

    [project.entry-points."reactor.plugins"]
    daytime = "my_package.daytime"

The plugin decides what the options mean and which service they make. How that service is run is not its business.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from reactor.application.errors import ConfigurationError, PluginError, in_one_line
from reactor.application.options import declared_by, from_arguments, from_table, option, parser_for, place
from reactor.application.service import Application, Service

__all__ = ["GROUP", "Plugin", "available", "described", "find", "option", "place"]

GROUP = "reactor.plugins"


class Plugin:
    """Makes a service from options.

    name: its name on the command line. description: one line. Options: the dataclass of its options.
    Raises PluginError when `what` lacks `Options` or `makeService`.
    """

    def __init__(self, name: str, what: Any) -> None:
        self.name = name
        lines = (getattr(what, "__doc__", None) or "").strip().splitlines()
        self.description = lines[0] if lines else ""
        self._make: Callable[[Any], Any] | None = getattr(what, "makeService", None)
        self.Options: Any = getattr(what, "Options", None)
        if self._make is None or self.Options is None:
            missing = "makeService(options)" if self._make is None else "Options"
            raise PluginError(f"plugin {name!r} can't be used: {what!r} has no {missing}")
        try:
            self.options = declared_by(self.Options)
        except (TypeError, NameError) as problem:
            raise PluginError(f"plugin {name!r} can't be used: {problem}") from problem
        self._parser = parser_for(self.options, name, self.description)

    def help(self) -> str:
        """What `reactord NAME --help` shows."""
        return self._parser.format_help()

    def configure(
        self,
        arguments: Sequence[str] = (),
        table: Mapping[str, Any] | None = None,
        where: str = "",
        folder: Path = Path(),
    ) -> Any:
        """Its Options, with the values of a command line, and of a file's table for those that it leaves out.

        where, folder: the table's name in messages, and the folder that its paths are relative to.
        Raises ConfigurationError, in one line.
        """
        values = from_table(self.options, table or {}, where, folder)
        values |= from_arguments(self.options, self._parser, arguments)
        for declared in self.options:
            if declared.name not in values and declared.default is dataclasses.MISSING:
                hint = f"{declared.flag} {declared.name.upper()}" if not where else f"{declared.name} = …"
                raise ConfigurationError(f"{where or self.name}: say {hint} ({declared.help})")
        try:
            return self.Options(**values)
        except (ValueError, TypeError) as problem:  # of its __post_init__
            raise self._refused(problem, where) from problem

    def makeService(self, options: Any, where: str = "") -> Service:
        """Its service for these options. A service without a name gets the plugin's.

        Raises ConfigurationError when the plugin refuses the options by ValueError, TypeError or OSError.
        """
        assert self._make is not None
        try:
            service = self._make(options)
        except (ValueError, TypeError, OSError) as problem:
            raise self._refused(problem, where) from problem
        if not hasattr(service, "setServiceParent"):
            raise PluginError(f"plugin {self.name!r} can't be used: its makeService returned {service!r:.100}")
        if service.name is None:
            service.setName(self.name)
        return service  # type: ignore[no-any-return]  # checked above

    def _refused(self, problem: Exception, where: str) -> ConfigurationError:
        return ConfigurationError(f"{where or self.name}: {' '.join(str(problem).split())}")

    def makeApplication(self, arguments: Sequence[str] = ()) -> Application:
        """An application of its service alone, for a command line. Raises ConfigurationError."""
        application = Application(self.name)
        self.makeService(self.configure(arguments)).setServiceParent(application)
        return application


def available() -> list[str]:
    """The names of all plugins that are installed, sorted."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def find(name: str) -> Plugin:
    """The plugin of this name. Raises PluginError when there is none, when there are two, or it can't be loaded."""
    found = list({entry.value: entry for entry in entry_points(group=GROUP, name=name)}.values())
    if not found:
        raise PluginError(f"there is no plugin {name!r}{_suggestion(name)}")
    if len(found) > 1:
        raise PluginError(f"there are two plugins {name!r}: {' and '.join(map(_origin, found))}; uninstall one")
    try:
        loaded = found[0].load()
    except Exception as problem:
        raise PluginError(f"plugin {name!r} ({_origin(found[0])}) can't be loaded: {in_one_line(problem)}") from problem
    return Plugin(name, loaded)


def described() -> list[tuple[str, str]]:
    """Every plugin with its description; for one that can't be used, the reason."""
    return [(name, _description(name)) for name in available()]


def _description(name: str) -> str:
    try:
        return find(name).description
    except PluginError as problem:
        return f"({problem})"


def _suggestion(name: str) -> str:
    names = available()
    close = difflib.get_close_matches(name, names, 1)
    meant = f", did you mean {close[0]!r}?" if close else ";"
    return f"{meant} there are {', '.join(names)}" if names else "; none are installed"


def _origin(entry: EntryPoint) -> str:
    return f"{entry.value} of {entry.dist.name}" if entry.dist else entry.value
