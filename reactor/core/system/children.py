"""Child processes: starting one, and learning that it has ended.

Starting is left to `subprocess.Popen`. Between fork and exec, where Python is not safe once there are threads, it does
nearly everything in C: descriptors 0 to 2, closing all others, directory, user; and it tells us what went wrong.
Three things it can't do: give the child a descriptor under another number than ours, give it a controlling terminal,
and restore signals that we ignore. Only a child that needs one of these runs a few lines of Python at that point.

The end of a child makes a descriptor readable, so that the poller learns of it as of anything else. Linux has such
descriptors, pidfd_open(2). Elsewhere a thread waits for the child and then closes its end of a pipe. SIGCHLD, the
traditional way, would serve too; but only the main thread can handle a signal, all libraries of a program must share
it, and it says that some child has ended, not which.

A child that has ended is a zombie until its parent collects its status. `collect` does that, and until then no other
process can get its number; so a signal never reaches a stranger.
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

    executable: a path, or a name to look up in the PATH of `env`. args: begins with the program's own name.
    env: None means ours. path: the directory to start in; None means ours. uid, gid: the child's user and group; None
    means ours. descriptors: maps the child's numbers to ours. The standard three are the null device unless named; no
    other descriptor is left open. terminal: whether descriptor 0 is to be the child's controlling terminal, in a
    session of its own.
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
        """A descriptor that is readable when the child has ended."""

    def collect(self) -> int | None:
        """The child's status, as wait(2) gives it.

        None if it still runs, `UNKNOWN` if another part of the program has collected the status.
        """

    def close(self) -> None:
        """Close the descriptor. A child that still runs goes on."""


UNKNOWN = -1  # no status of wait(2) is negative


class PidEnding:
    """Linux: the kernel has descriptors for processes. Raises OSError where it hasn't."""

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
    """Every UNIX: a thread waits for the child, then closes its end of a pipe."""

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
    """A process that `spawn` has started.

    pid: its number.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._closed = False
        try:
            self._ending: Ending = PidEnding(pid)
        except (AttributeError, OSError):  # another system, an old kernel, or a sandbox that forbids the call
            self._ending = ThreadEnding(pid)

    def fileno(self) -> int:
        """A descriptor that is readable when the child has ended; -1 after `close`."""
        return -1 if self._closed else self._ending.fileno()

    def collect(self) -> int | None:
        """The status with which the child ended; None while it runs. See `Ending.collect`. Then `close` this."""
        return self._ending.collect()

    def close(self) -> None:
        """Close the descriptor. A second call does nothing."""
        if not self._closed:
            self._closed = True
            self._ending.close()

    def abandon(self) -> None:
        """The owner won't ask for the status: have it collected when the child ends, so that no zombie remains."""
        if self._closed:
            return
        if self.collect() is None and isinstance(self._ending, PidEnding):
            _in_thread(lambda: _collect(self.pid, 0))
        self.close()


def spawn(command: Command) -> Child:
    """Start a child process.

    Raises OSError when the program or the directory doesn't exist or isn't ours to use (the error names the file), or
    when the system can start no more processes; ValueError for a NUL byte in an argument.
    """
    uid, gid, groups = _identity(command.uid, command.gid)
    moves, placeholders = _moves(command.descriptors)
    ignored = [number for number in signal.valid_signals() if signal.getsignal(number) is signal.SIG_IGN]
    ignored = [number for number in ignored if number not in _RESTORED_BY_POPEN]

    def prepare() -> None:
        """Runs in the child, between fork and exec."""
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
            env=cast(Mapping[str, str], command.env),  # of text or of bytes; Popen's types want to know which
            cwd=command.path,
            stdin=command.descriptors.get(0, subprocess.DEVNULL),
            stdout=command.descriptors.get(1, subprocess.DEVNULL),
            stderr=command.descriptors.get(2, subprocess.DEVNULL),
            close_fds=not moves,  # else `_move` does it: Popen's pass_fds fails if a handler at fork closes one of them
            start_new_session=command.terminal,
            preexec_fn=prepare if moves or ignored or command.terminal else None,
            user=uid,
            group=gid,
            extra_groups=groups,
        )
    finally:
        for fd in placeholders:
            os.close(fd)
    process.returncode = 0  # keeps Popen from collecting the status: we do
    return _watched(process.pid)


def _watched(pid: int) -> Child:
    try:
        return Child(pid)
    except OSError:  # out of descriptors: the owner would never learn of the child's end
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def _moves(descriptors: Mapping[int, int]) -> tuple[list[tuple[int, int]], list[int]]:
    """How descriptors above 2 get to their numbers: what `dup2` has to move in the child, and what we hold until then.

    We copy each of ours to a number above all that are wanted, so that no move destroys what a later one needs. And
    each wanted number must be in use here when we fork: else Popen would put its own pipe there.
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
        with contextlib.suppress(OSError):  # not open; or the descriptor of the listing itself, which is closed by now
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
    """The user, the group and the supplementary groups (those of the user) that Popen is to give the child."""
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
