"""What a session leaves behind: processes that outlive it, and ports that still answer.

Every process of a session carries the session's scratch folder in its environment, whatever group or session it moved
to, and on Linux /proc shows it. Elsewhere only the process groups are known, so a program that calls setsid() gets
away there.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

HAS_PROC = os.path.isdir("/proc/self")
GRACE_S = 1.0  # for helpers such as multiprocessing's resource tracker, which end just after their parent
KILLED_S = 5.0  # no process survives SIGKILL, but a busy machine takes its time


def processes(mark: Path, groups: Iterable[int]) -> dict[int, str]:
    """The processes of a session that live: their ids, and what they run."""
    if not HAS_PROC:
        return {group: "a process of its group" for group in groups if _lives(group)}
    needle = f"LECTURE_SCRATCH={mark}".encode()
    found = {}
    for name in filter(str.isdigit, _names("/proc")):
        with contextlib.suppress(OSError):
            if needle in environment(int(name)).split(b"\0") and int(name) != os.getpid():
                words = _read(f"/proc/{name}/cmdline").decode(errors="replace").split("\0")
                found[int(name)] = " ".join([os.path.basename(words[0]), *words[1:]]).strip()
    return found


def environment(pid: int) -> bytes:
    """What a process was given as its environment, NAME=VALUE each with a zero byte behind it. Raises OSError."""
    while True:
        begins = _begins(pid)
        found = _read(f"/proc/{pid}/environ")
        if found or not begins:
            return found
        time.sleep(0.001)


def _begins(pid: int) -> bool:
    """Whether execve(2) is on its way: the parent takes it for done, but the new memory has no environment yet."""
    # proc(5): state, the third field, comes behind the name in brackets; 23 is vsize, 50 is env_start
    state, *numbers = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    memory, environment_starts_at = int(numbers[19]), int(numbers[46])
    return state not in b"ZX" and memory > 0 and environment_starts_at == 0


def holders(port: int) -> list[int]:
    """The processes that listen on a TCP port and that we may look at; on Linux only.

    For the one kind of process that `processes` can't see: it got the socket handed down, and a new environment.
    """
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            # proc(5): sl local_address rem_address st … inode; the port is hexadecimal, state 0A is LISTEN
            rows = [line.split() for line in _read(table).decode().splitlines()[1:]]
            sockets |= {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"}
    return [int(name) for name in filter(str.isdigit, _names("/proc")) if sockets & _links(f"/proc/{name}/fd")]


def _links(folder: str) -> set[str]:
    links = set()
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):
                links.add(os.readlink(f"{folder}/{name}"))
    return links


def await_end(pids: Iterable[int], at_most_s: float) -> bool:
    """Wait until the processes have ended, or the time is over. Returns whether they have."""
    deadline = time.monotonic() + at_most_s
    return all(_await_one(pid, deadline) for pid in pids)


def _await_one(pid: int, deadline: float) -> bool:
    if not hasattr(os, "pidfd_open"):
        while (is_there := lives(pid) or _lives(pid)) and time.monotonic() < deadline:
            time.sleep(0.01)
        return not is_there
    try:
        fd = os.pidfd_open(pid)
    except OSError:  # there is none
        return True
    try:
        return bool(select.select([fd], [], [], max(0.0, deadline - time.monotonic()))[0])
    finally:
        os.close(fd)


def kill(pids: Iterable[int]) -> None:
    """End processes, and wait until they have ended. On systems without /proc the ids are those of groups."""
    pids = list(pids)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            _send(pid, signal.SIGKILL)
    await_end(pids, KILLED_S)


def lives(pid: int) -> bool:
    """Whether there is such a process; one that has ended and waits for its parent's wait() counts."""
    return _answers(os.kill, pid)


def _lives(pid: int) -> bool:
    return _answers(_send, pid)


def _answers(send: Callable[[int, int], None], pid: int) -> bool:
    try:
        send(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _send(pid: int, number: int) -> None:
    (os.kill if HAS_PROC else os.killpg)(pid, number)


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.readall()


def _names(folder: str) -> list[str]:
    return os.listdir(folder) if HAS_PROC else []
