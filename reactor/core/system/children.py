"""Child processes: starting one, and learning that it has ended.

Starting is left to `subprocess.Popen`. Between fork and exec, where Python is not safe once there are threads, it does
nearly everything in C: descriptors 0 to 2, closing all others, directory, user; and it tells us what went wrong.
Three things it has no word for; a child that needs one of them gets a few lines of Python at that point, others don't:
a descriptor that is to arrive under another number than ours, a terminal to control it, and signals that we ignore.

The end of a child becomes a descriptor that is readable, so that the poller learns of it like of anything else. Linux
has such a thing, pidfd_open(2). Elsewhere a thread waits for the child and closes its end of a pipe. SIGCHLD, the
traditional way, would serve too; but only the main thread can have a signal, all libraries of a program must share it,
and it says that some child has ended, not which.

A child that has ended is a zombie until its parent collects its status. `collect` does, and until then its number can't
mean another process; so a signal never reaches a stranger.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

Text = str | bytes | os.PathLike[str] | os.PathLike[bytes]
Environment = Mapping[str, str] | Mapping[bytes, bytes]

_RESTORED_BY_POPEN = {signal.SIGPIPE, signal.SIGXFSZ}  # what the interpreter ignores; Popen puts it right by itself


@dataclass(frozen=True)
class Command:
    """What to start.

    executable: a path, or a name to be found in the PATH of `env`. args: begins with the program's own name.
    env: None is ours. path: the directory to start in, None for ours. uid, gid: who it is to be; None for who we are.
    descriptors: its numbers to ours. The standard three are the null device when not named; no other is left open.
    terminal: whether descriptor 0 is a terminal that is to control the child, in a session of its own.
    """

    executable: Text
    args: Sequence[Text]
    env: Environment | None
    path: Text | None
    uid: int | None
    gid: int | None
    descriptors: Mapping[int, int] = field(default_factory=dict)
    terminal: bool = False


class Ending(Protocol):
    """How we learn that a child has ended."""

    def fileno(self) -> int:
        """A descriptor that is readable when it has."""

    def collect(self) -> int | None:
        """Its status, as wait(2) gives it: None if it still runs, `UNKNOWN` if another part of the program did."""

    def close(self) -> None:
        """Close the descriptor. The child, if it still runs, goes on."""


UNKNOWN = -1  # no status of wait(2) is negative


class PidEnding:
    """Linux: the kernel itself has a descriptor for it. Raises OSError where it hasn't."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._fd = os.pidfd_open(pid)

    def fileno(self) -> int:
        return self._fd

    def collect(self) -> int | None:
        return _collect(self._pid, os.WNOHANG)

    def close(self) -> None:
        os.close(self._fd)


class ThreadEnding:
    """Every UNIX: a thread waits, then closes its end of a pipe."""

    def __init__(self, pid: int) -> None:
        self._status: int | None = None
        self._fd, closing = os.pipe()
        _in_thread(lambda: self._wait(pid, closing))

    def _wait(self, pid: int, closing: int) -> None:
        self._status = _collect(pid, 0)
        os.close(closing)

    def fileno(self) -> int:
        return self._fd

    def collect(self) -> int | None:
        return self._status

    def close(self) -> None:
        os.close(self._fd)


def _collect(pid: int, options: int) -> int | None:
    try:
        found, status = os.waitpid(pid, options)
    except ChildProcessError:
        return UNKNOWN
    return status if found else None


def _in_thread(action: Callable[[], object]) -> None:
    import threading

    threading.Thread(target=action, name="wait for a child", daemon=True).start()


class Child:
    """A process that was started here.

    pid: its number.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._closed = False
        try:
            self._ending: Ending = PidEnding(pid)
        except (AttributeError, OSError):  # another system, an old kernel, a sandbox that doesn't know the call
            self._ending = ThreadEnding(pid)

    def fileno(self) -> int:
        """A descriptor that is readable when the child has ended; -1 when this is closed."""
        return -1 if self._closed else self._ending.fileno()

    def collect(self) -> int | None:
        """The status with which it ended; None while it runs. See `Ending.collect`. Close this when there is one."""
        return self._ending.collect()

    def close(self) -> None:
        """Close the descriptor. Again does nothing."""
        if not self._closed:
            self._closed = True
            self._ending.close()

    def abandon(self) -> None:
        """Its owner won't ask for its status: have it collected when it comes, so that no zombie stays."""
        if self._closed:
            return
        if self.collect() is None and isinstance(self._ending, PidEnding):
            _in_thread(lambda: _collect(self.pid, 0))
        self.close()


def spawn(command: Command) -> Child:
    """Start a child process.

    Raises OSError, which names the file, when the program or the directory isn't there or isn't ours to use, or the
    operating system has no room for another process; ValueError for a NUL byte in an argument.
    """
    uid, gid, groups = _identity(command.uid, command.gid)
    moves, placeholders = _moves(command.descriptors)
    ignored = [number for number in signal.valid_signals() if signal.getsignal(number) is signal.SIG_IGN]
    ignored = [number for number in ignored if number not in _RESTORED_BY_POPEN]

    def prepare() -> None:
        """In the child, before it becomes the other program."""
        if moves:
            _move(moves)
        for number in ignored:
            signal.signal(number, signal.SIG_DFL)
        if command.terminal:
            _take_terminal(0)

    try:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            list(command.args),
            executable=command.executable,
            env=cast(Mapping[str, str], command.env),  # one of the two; Popen's types want to know which
            cwd=command.path,
            stdin=command.descriptors.get(0, subprocess.DEVNULL),
            stdout=command.descriptors.get(1, subprocess.DEVNULL),
            stderr=command.descriptors.get(2, subprocess.DEVNULL),
            close_fds=not moves,  # else `_move` does it: pass_fds fails when a handler at fork closes one of them
            start_new_session=command.terminal,
            preexec_fn=prepare if moves or ignored or command.terminal else None,
            user=uid,
            group=gid,
            extra_groups=groups,
        )
    finally:
        for fd in placeholders:
            os.close(fd)
    process.returncode = 0  # tells Popen that its status is not its business: it is collected here
    return _watched(process.pid)


def _watched(pid: int) -> Child:
    try:
        return Child(pid)
    except OSError:  # out of descriptors: its owner would never hear of its end
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def _moves(descriptors: Mapping[int, int]) -> tuple[list[tuple[int, int]], list[int]]:
    """How descriptors above 2 get to their numbers: what `dup2` is to move in the child, and what we hold meanwhile.

    Each of ours is copied to a number above all that are wanted, so that no move destroys what a later one needs. And
    a wanted number must be taken here when we fork: else Popen would put its own pipe there.
    """
    wanted = {number: ours for number, ours in descriptors.items() if number > 2}
    held: list[int] = []
    moves = []
    try:
        for number, ours in wanted.items():
            held.append(fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, max(wanted) + 1))
            moves.append((held[-1], number))
            held.append(fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, number))  # that number if it is free, else any
    except OSError:
        for fd in held:
            os.close(fd)
        raise
    return moves, held


def _move(moves: list[tuple[int, int]]) -> None:
    """Give the child its descriptors above 2, and no other."""
    for ours, wanted in moves:
        os.dup2(ours, wanted)
    for fd in _perhaps_open() - {0, 1, 2, *(wanted for _, wanted in moves)}:
        with contextlib.suppress(OSError):  # not open; or the listing's own, which is closed by now
            os.set_inheritable(fd, False)


def _perhaps_open() -> set[int]:
    try:
        return set(map(int, os.listdir("/dev/fd")))
    except OSError:  # a chroot without /proc
        return set(range(os.sysconf("SC_OPEN_MAX")))


def _take_terminal(fd: int) -> None:
    import termios

    fcntl.ioctl(fd, termios.TIOCSCTTY, 0)


def _identity(uid: int | None, gid: int | None) -> tuple[int | None, int | None, list[int] | None]:
    """Whom Popen is to make the child: user, group, further groups, which are those of the user."""
    if uid is None and gid is None:
        return None, None, None
    uid = os.geteuid() if uid is None else uid
    gid = os.getegid() if gid is None else gid
    return uid, gid, _groups(uid, gid)


def _groups(uid: int, gid: int) -> list[int]:
    import pwd

    try:
        return os.getgrouplist(pwd.getpwuid(uid).pw_name, gid)
    except KeyError:  # a number without a name in passwd
        return [gid]
