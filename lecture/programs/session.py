"""A session: what to type in a terminal, and what comes back, written down as the terminal would show it.

    # The server greets each caller.            comments, before the first command only
    # deadline: 20                              seconds that the whole session may take; 20 when nothing is said
    # needs: gi, display                        what not every machine has (needs.py)
    # not on Twisted: it runs only once         why it can't hold there (see against_twisted.py)
    # fails: the answer never comes             a wrong program's: what goes wrong, in one sentence (see wrong.py)
    # beside: a bad network: loss=30 seed=7     the same in another world, to look at beside this (see beside.py)
    $ python server.py &                        a command; `&` leaves it running as job %1, %2, … in order of start
    listening on port 7771                      all that THIS command printed, whenever it printed it
    $ python client.py localhost 7771
    received [..]                               `[..]` inside a line stands for any text,
    [..]                                        on a line of its own for any number of lines
    $ python refused.py
    nobody is listening
    [exit 1]                                    the status, when it isn't 0; for a signal 128 + its number
    [still waiting]                             in place of a status, only where it fails: it would never have ended
    $ curl telnet://localhost:7771 </dev/null   in a session nothing comes from the keyboard; this says it by hand, too
    $ kill -INT %1                              end a job (TERM when no signal is named), and wait until it has ended
    $ wait %2                                   wait until a job has ended by itself
    $ kill `cat server.pid`                     the same as the kill above, for a daemon that has left its number there

In full:  session = *(comment / blank) 1*entry;  entry = "$ " command *output [status]
          status = "[exit " 1*DIGIT "]" / "[still waiting]"

A program is *still waiting* when the session waits for its end (a command in the foreground, or a job after its Ctrl-C,
`kill` or `wait`) and it can't come any more. In the simulated world that is when nothing is left to happen before the
deadline; of real programs, when all of them have slept for STILL_S without a break. The runner then kills the program.

A line of output that would read as a command or a status has a backslash before it (`\\$ 5`), and so has a `[..]` that
the program itself printed (`\\[..]`). Blanks at the end of
a line, and blank lines at the end of an output, don't count: editors lose them. `NAME=value` before a command is for
its environment. There is no shell, so what only a shell can do (`|`, `>`, `;`, `$HOME`, `*.txt`) is refused while
reading instead of reaching the program as a strange argument, and standard input is empty: `sh -c '…'` has both.
"""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.layout import name_of

DEFAULT_DEADLINE_S = 20.0  # for a machine that is busy; most take one
STILL_S = 0.25  # real programs that have slept for so long wait for ever; a wrong program's timers must be shorter
STILL_WAITING = -1  # in place of an exit status

_EXIT = re.compile(r"\[exit (\d{1,3})\]\s*")
_WAITING = "[still waiting]"
_ELISION = re.compile(r"(?<!\\)\[\.\.\]")
_ESCAPED_ELISION = re.compile(r"\\(\\*\[\.\.\])")
_LOOKS_LIKE_OURS = re.compile(r"\\*(\$( |$)|\[exit |\[still waiting\])")
_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.")
_FOR_A_SHELL = re.compile(r"[|&;<>`*\0]|\$[\w{(]|(?<!\S)~")
_SETS = re.compile(r"(deadline|needs|not on Twisted|fails|beside):")
_SETTING = re.compile(r"[A-Za-z_]\w*=")
_NOTHING_TO_READ = re.compile(r"(?<=\S)\s+<\s*/dev/null\s*$")
_SIGNALS = ("INT", "TERM", "KILL", "HUP")
_KILL_A_DAEMON = re.compile(r"(kill)\s+(?:(-\w+)\s+)?`cat ([\w./-]+)`")


@dataclass(frozen=True)
class Command:
    """One line typed into the terminal, with what is expected under it.

    line: where the `$` stands in session.txt, counted from 1.
    text: what was typed, `&` included.
    argv: the words of it, `&` left out, and the settings before them.
    expected: the lines under it; elisions as written, backslashes of escaped lines taken off.
    status: the exit status that it must end with; STILL_WAITING when it must not end.
    blank_after: how many empty lines follow; they are for the reader's eye only.
    settings: names and values for its environment, `NAME=value` before the command.
    """

    line: int
    text: str
    argv: tuple[str, ...]
    background: bool
    expected: tuple[str, ...]
    status: int
    blank_after: int = 0
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def is_python(self) -> bool:
        """Whether it starts a Python program; that runs on the build's own interpreter, whatever PATH says."""
        return self.argv[0] in ("python", "python3")

    @property
    def job(self) -> int | None:
        """The number of the job that a `kill` or `wait` is about; None for other commands."""
        names_job = self.argv[0] in ("kill", "wait") and not self.pid_file
        return int(self.argv[-1][1:]) if names_job else None

    @property
    def pid_file(self) -> str:
        """The file with the number of the process that a `kill` is about; "" for other commands."""
        match = _KILL_A_DAEMON.fullmatch(self.text)
        return match[3] if match else ""

    @property
    def signal(self) -> str:
        """The name of the signal that a `kill` sends, without SIG."""
        return self.argv[1].lstrip("-").removeprefix("SIG") if len(self.argv) == 3 else "TERM"


@dataclass(frozen=True)
class SessionFile:
    """A session.txt that has been read; `preamble` holds the lines before the first command, as they stand."""

    path: Path
    preamble: tuple[str, ...]
    deadline_s: float
    commands: tuple[Command, ...]

    @property
    def example(self) -> str:
        """The name of the example, or of the wrong program (see layout.py)."""
        return name_of(self.path)

    def where(self, command: Command) -> Where:
        """The place of a command, for messages."""
        return Where(self.path, command.line)

    @property
    def not_on_twisted(self) -> str:
        """Why the session can't hold on Twisted; "" when it must."""
        return next((value for _, value in _settings(self.preamble, "not on Twisted")), "")

    @property
    def fails(self) -> str:
        """What goes wrong in it, when it is a wrong program's; "" when all must go well."""
        return next((value for _, value in _settings(self.preamble, "fails")), "")

    @property
    def says_fails(self) -> int:
        """The line of the preamble that says what goes wrong; 0 when none does."""
        return next((number for number, _ in _settings(self.preamble, "fails")), 0)

    @property
    def title(self) -> str:
        """The first comment that sets nothing; "" when there is none."""
        comments = (line.lstrip("# ").rstrip() for line in self.preamble)
        return next((line for line in comments if line and not _SETS.match(line)), "")

    @property
    def beside(self) -> list[tuple[int, str]]:
        """In which other worlds it is shown beside this one: line of the preamble, and what stands there."""
        return list(_settings(self.preamble, "beside"))

    @property
    def needs(self) -> list[str]:
        """What it needs that not every machine has."""
        return [name.strip() for _, value in _settings(self.preamble, "needs") for name in value.split(",")]


def read_session(path: Path) -> SessionFile:
    """Read and check a session.txt. Raises LectureError, with the line, when it isn't one."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise LectureError(f"cannot read the session: {error.strerror}", where=Where(path, 1)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise LectureError("the session is not UTF-8 text: save it as UTF-8", where=Where(path, line)) from error
    return parse_session(text, path)


def parse_session(text: str, path: Path) -> SessionFile:
    """Take the text of a session.txt apart. `path` is only for messages and names."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").removesuffix("\n").split("\n")]
    starts = [index for index, line in enumerate(lines) if line == "$" or line.startswith("$ ")]
    if not starts:
        raise LectureError("the session has no command: add a line like `$ python server.py`", where=Where(path, 1))
    preamble = tuple(lines[: starts[0]])
    for number, line in enumerate(preamble, 1):
        if line and not line.startswith("#"):
            raise LectureError(
                f"{line!r} stands before the first command: begin it with `#` if it is a comment",
                where=Where(path, number),
            )
    ends = [*starts[1:], len(lines)]
    commands = tuple(
        _parse_entry(lines[start:end], Where(path, start + 1)) for start, end in zip(starts, ends, strict=True)
    )
    _check_jobs(commands, path)
    session = SessionFile(path, preamble, _deadline(preamble, path), commands)
    _check_waiting(session)
    return session


def _deadline(preamble: Iterable[str], path: Path) -> float:
    for number, value in _settings(preamble, "deadline"):
        try:
            deadline_s = float(value)
        except ValueError:
            deadline_s = 0.0
        if not 0 < deadline_s < 3600:
            raise LectureError(
                f"the deadline {value!r} is not a number of seconds between 0 and 3600: write it as `# deadline: 20`",
                where=Where(path, number),
            )
        return deadline_s
    return DEFAULT_DEADLINE_S


def _settings(preamble: Iterable[str], name: str) -> Iterator[tuple[int, str]]:
    """The comments of the form `# name: value`, as number of the line and value."""
    for number, line in enumerate(preamble, 1):
        key, colon, value = line.lstrip("# ").partition(":")
        if colon and key.strip() == name:
            yield number, value.strip()


def _parse_entry(lines: list[str], where: Where) -> Command:
    text = lines[0][1:].strip()
    output = lines[1:]
    while output and not output[-1]:
        output.pop()
    blank_after = len(lines) - 1 - len(output)
    status = _status_of(output[-1]) if output else None
    if status is not None:
        output.pop()
    for number, line in enumerate(output, where.line + 1):
        if line.startswith(("[exit ", _WAITING)):
            raise LectureError(
                f"{line!r} is not a status on the last line under a command: write `[exit 1]` there, "
                "or a backslash before it when the program printed it",
                where=Where(where.file, number),
            )
    words, background = _parse_command(text, where)
    settings = tuple(itertools.takewhile(_SETTING.match, words))
    argv = words[len(settings) :]
    if not argv:
        raise LectureError("there is no command after the `$`", where=where)
    if argv[0] in ("kill", "wait") and not _KILL_A_DAEMON.fullmatch(text):
        _check_job_command(argv, background, text, where)
    environment = tuple((name, value) for name, _, value in (setting.partition("=") for setting in settings))
    expected = tuple(unescape(line) for line in output)
    return Command(where.line, text, argv, background, expected, status or 0, blank_after, environment)


def _status_of(line: str) -> int | None:
    """The status that a line tells; None when it tells none."""
    if line.rstrip() == _WAITING:
        return STILL_WAITING
    match = _EXIT.fullmatch(line)
    return int(match[1]) if match else None


def _parse_command(text: str, where: Where) -> tuple[tuple[str, ...], bool]:
    background = text.endswith("&") and not text.endswith("&&")
    typed = _NOTHING_TO_READ.sub("", text[:-1] if background else text)
    if match := _KILL_A_DAEMON.fullmatch(text):
        _check_signal(match[2], text, where)
        return tuple(filter(None, match.groups())), background
    try:
        argv = tuple(shlex.split(typed))
    except ValueError as error:
        raise LectureError(f"cannot take {text!r} apart: {error}", where=where) from error
    if match := _FOR_A_SHELL.search(_QUOTED.sub("", typed)):
        raise LectureError(
            f"{match[0]!r} in {text!r} needs a shell, and a session has none: quote it, give each program its line, or "
            f"write `sh -c '…'` where it is meant",
            where=where,
        )
    return argv, background


def _check_job_command(argv: tuple[str, ...], background: bool, text: str, where: Where) -> None:
    words = argv[1:-1]
    is_known = len(argv) > 1 and re.fullmatch(r"%[1-9]\d*", argv[-1]) and len(words) <= (argv[0] == "kill")
    if background or not is_known:
        raise _not_understood(text, where)
    _check_signal(words[0] if words else None, text, where)


def _check_signal(word: str | None, text: str, where: Where) -> None:
    if word is not None and word.lstrip("-").removeprefix("SIG") not in _SIGNALS:
        raise _not_understood(text, where)


def _not_understood(text: str, where: Where) -> LectureError:
    signals = ", ".join(_SIGNALS[1:])
    return LectureError(
        f"cannot understand {text!r}: write `kill %1`, `kill -INT %1` (or {signals}), `wait %1` or "
        "kill `cat FILE`, with the file in which a daemon leaves its number",
        where=where,
    )


def _check_jobs(commands: tuple[Command, ...], path: Path) -> None:
    started = 0
    for command in commands:
        started += command.background
        if command.job is not None and command.job > started:
            raise LectureError(
                f"{command.text!r} names job %{command.job}, but {started} were started with `&` before it",
                where=Where(path, command.line),
            )


def _check_waiting(session: SessionFile) -> None:
    for command in session.commands:
        if command.status == STILL_WAITING and not session.fails:
            raise LectureError(
                f"`{command.text}` may be {_WAITING} only in the session of a wrong program, one that says at its top "
                "what goes wrong: `# fails: …`",
                where=session.where(command),
            )


def status_line(status: int) -> list[str]:
    """What stands under the output of a command that ended so: one line, or none for 0."""
    if status == STILL_WAITING:
        return [_WAITING]
    return [f"[exit {status}]"] if status else []


def pieces(pattern: str) -> list[str]:
    """What a line must have around its elisions; one piece when there is none."""
    return [_ESCAPED_ELISION.sub(r"\1", piece) for piece in _ELISION.split(pattern)]


def is_open(pattern: str) -> bool:
    """Whether an expected line leaves something open."""
    return _ELISION.search(pattern) is not None


def shown(pattern: str) -> str:
    """An expected line as readers see it, with an ellipsis for each elision."""
    return "…".join(pieces(pattern))


def literal(line: str) -> str:
    """The pattern that only this line fits."""
    return re.sub(r"\\*\[\.\.\]", r"\\\g<0>", line)


def escape(line: str) -> str:
    """Output as it must stand in a session.txt so that it reads as output."""
    return "\\" + line if _LOOKS_LIKE_OURS.match(line) else line


def unescape(line: str) -> str:
    """The reverse of `escape`."""
    return line[1:] if line.startswith("\\") and _LOOKS_LIKE_OURS.match(line) else line
