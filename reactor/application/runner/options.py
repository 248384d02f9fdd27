"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from reactor.application import plugins
from reactor.application.configuration import Configuration, read
from reactor.application.runner.errors import UsageError

HELP = """\
usage: reactord [options] -y FILE  |  reactord [options] PLUGIN [its options]

Runs an application in the background: detached, logged, stopped by kill.

  -y, --python FILE     the program that defines `application`
  -c, --config FILE     or: options and plugins, in TOML
  -n, --nodaemon        stay in the foreground, and log to standard output
  -b, --debug           so too, under pdb: at the start, and where errors arise
  -o, --no-save         neither restore nor keep the state of services
  -r, --reactor NAME    the loop: select, poll, epoll, kqueue, asyncio, glib ...
  -d, --rundir DIR      where to run     --pidfile FILE  reactord.pid; "": none
  -l, --logfile FILE    reactord.log; "-": standard output;  --json  lines of it
  --rotate WHEN         the log: at a size (1M), daily, never;  --keep N  of old
  --syslog, --journal   log there instead, as --prefix NAME (reactord)
  -u, --uid USER        whom to become when the ports are bound; -g, --gid GROUP
  --chroot DIR          and where to be shut in, before that
  --umask MASK          for files it makes: 077 in the background
  --stop-timeout S      seconds that a stop may take until it is forced: 30
  -p, --profile FILE    where time goes, as text;  --savestats  or for pstats
  --version, --help     and: reactord PLUGIN --help, where PLUGIN is one of
                        {plugins}
kill PID stops it; kill -HUP PID reopens its log and reloads it. Exit status: 0
stopped as told, 1 couldn't start or was forced to stop, 2 wrong options.
"""

PIDFILE, LOGFILE = "reactord.pid", "reactord.log"
PATHS = ("python", "config", "logfile", "pidfile", "chroot", "profile")
NOT_IN_A_FILE = ("python", "config", "version", "help")
UNITS = {"": 1, "K": 1000, "M": 1_000_000, "G": 1_000_000_000}


class Options(argparse.Namespace):
    """The command line, with defaults filled in. Paths are as given, or absolute if there is a rundir."""

    python: str | None
    config: str | None
    configuration: Configuration | None = None
    plugin: list[str]
    nodaemon: bool
    debug: bool
    save: bool
    reactor: str | None
    rundir: str | None
    pidfile: str
    logfile: str | None
    rotate: int | str | None
    keep: int | None
    json: bool
    syslog: bool
    journal: bool
    prefix: str
    uid: str | None
    gid: str | None
    chroot: str | None
    umask: int | None
    stop_timeout: float
    profile: str | None
    savestats: bool

    @property
    def has_terminal_log(self) -> bool:
        """Whether the log goes to standard output."""
        return self.logfile == "-"


class Parser(argparse.ArgumentParser):
    """Raises an error of one line where argparse prints several, and has a help of one screen."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{message} (try: reactord --help)")

    def format_help(self) -> str:
        """The screen of `--help`."""
        return HELP.format(plugins=textwrap.shorten(", ".join(plugins.available()), 55, placeholder=" ..."))


def octal(text: str) -> int:
    """A mask, 0 to 777."""
    try:
        number = int(text, 8)
    except ValueError:
        number = -1
    if not 0 <= number <= 0o777:
        raise argparse.ArgumentTypeError(f"{text!r} is no mask: write an octal number such as 027")
    return number


def seconds(text: str) -> float:
    """A time, 0 or longer."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write seconds, such as 30")
    return number


def turning(text: str) -> int | str | None:
    """When a log rotates: a size in bytes, "daily", or None for never."""
    if text in ("daily", "never"):
        return None if text == "never" else text
    digits = text.rstrip("KMG")
    if not (digits.isascii() and digits.isdigit() and int(digits)) or text[len(digits) :] not in UNITS:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a size, such as 500K or 10M, nor daily, nor never")
    return int(digits) * UNITS[text[len(digits) :]]


def count(text: str) -> int:
    """A whole number, 1 or more."""
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of files: write 1 or more")
    return int(text)


def _parser() -> Parser:
    parser = Parser(prog="reactord", allow_abbrev=False, add_help=False)
    add: Any = parser.add_argument
    add("-y", "--python")
    add("-c", "--config")
    add("-n", "--nodaemon", action="store_true")
    add("-b", "--debug", action="store_true")
    add("-o", "--no-save", "--no_save", dest="save", action="store_false")
    add("-r", "--reactor")
    add("-d", "--rundir")
    add("--pidfile", default=PIDFILE)
    add("-l", "--logfile")
    add("--rotate", type=turning, default=1_000_000)
    add("--keep", type=count)
    for flag in ("--json", "--syslog", "--journal", "--savestats"):
        add(flag, action="store_true")
    add("--prefix", default="reactord")
    add("-u", "--uid")
    add("-g", "--gid")
    add("--chroot")
    add("--umask", type=octal)
    add("--stop-timeout", type=seconds, default=30.0)
    add("-p", "--profile")
    add("--version", action="version", version=_version())
    add("-h", "--help", action="help")
    add("plugin", nargs=argparse.REMAINDER)
    return parser


def _version() -> str:
    return f"reactord {release()}, Python {sys.version.split()[0]}"


def release() -> str:
    """The version of this library."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("tutorial-of-doom")
    except PackageNotFoundError:  # a checkout that was never installed
        return "(unreleased)"


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; where it says nothing, the configuration file that it names counts.

    Raises UsageError, ConfigurationError; SystemExit after printing help or the version.
    """
    parser = _parser()
    options = parser.parse_args(arguments, Options())
    if options.python is not None and options.config is not None:
        raise UsageError(f"either -y {options.python} or -c {options.config}, not both")
    if options.config is not None:
        configuration = read(options.config)
        written = _arguments(parser, configuration)
        options = parser.parse_args([*written, *arguments], Options())
        options.configuration = configuration
    _check(options)
    if options.debug:
        options.nodaemon = True
    if os.name != "posix":
        options.pidfile = ""
    if options.logfile is None and not (options.syslog or options.journal):
        options.logfile = "-" if options.nodaemon else LOGFILE
    if options.umask is None and not options.nodaemon:
        options.umask = 0o077
    if options.rundir is not None:
        _keep_paths(options)
    return options


def _arguments(parser: Parser, configuration: Configuration) -> list[str]:
    """The file's [reactord] table as arguments of a command line. Raises UsageError, naming the file."""
    where = f"{configuration.path}: [reactord]"
    flags = {flag for action in parser._actions for flag in action.option_strings}
    found: list[str] = []
    for name, value in configuration.runner.items():
        flag = "--" + name.replace("_", "-")
        if flag not in flags or name in NOT_IN_A_FILE:
            raise UsageError(f"{where}: there is no option {name!r}; there are those of reactord --help, in full")
        if name in (*PATHS, "rundir") and value not in ("", "-"):
            value = os.path.join(configuration.path.parent, str(value))
        if name == "umask" and isinstance(value, int):
            value = f"{value:o}"
        if value is not False:
            found.append(flag if value is True else f"{flag}={value}")
    try:
        parser.parse_args(found)
    except UsageError as problem:
        raise UsageError(f"{where}: {problem}") from None
    return found


def _check(options: Options) -> None:
    if options.python is None and options.config is None and not options.plugin:
        raise UsageError("nothing to run: give -y FILE, or the name of a plugin (try: reactord --help)")
    if options.python is not None and options.plugin:
        raise UsageError(f"either -y {options.python} or {options.plugin[0]!r}, not both")
    if sum([options.syslog, options.journal, options.logfile is not None]) > 1:
        raise UsageError("one log only: --logfile, --syslog or --journal")
    if options.json and (options.syslog or options.journal):
        raise UsageError("--json is for a file or standard output; syslog and the journal have formats of their own")
    if os.name != "posix" and not (options.nodaemon or options.debug):
        raise UsageError(
            "there is no background on this system: add -n, or see python -m reactor.application.runner.windows"
        )
    if options.has_terminal_log and not (options.nodaemon or options.debug):
        raise UsageError("--logfile - is a terminal's, which something in the background has not: add -n")
    if options.debug and options.profile is not None:
        raise UsageError("either --debug or --profile, not both")
    if options.savestats and options.profile is None:
        raise UsageError("--savestats needs --profile FILE")


def _keep_paths(options: Options) -> None:
    """Make paths absolute before `--rundir` applies; default names stay relative, and so are in the rundir."""
    for name in PATHS:
        path = getattr(options, name)
        if path not in (None, "", "-", PIDFILE, LOGFILE):
            setattr(options, name, os.path.abspath(path))
