"""What a session leaves behind: processes that outlive it, and ports that still answer.

Every process of a session carries two marks, whatever group or session it moved to, and on Linux /proc shows both. One
is the session's scratch folder in its environment. The other is for a process that was started with an environment of
its own: a resource limit, which fork(2) and execve(2) hand down, and of which few programs know. Elsewhere only the
process groups are known, so a program that calls setsid() gets away there.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

HAS_PROC = os.path.isdir("/proc/self")
GRACE_S = 1.0  # for helpers such as multiprocessing's resource tracker, which end just after their parent
KILLED_S = 5.0  # no process survives SIGKILL, but a busy machine takes its time


def processes(mark: Path, groups: Iterable[int]) -> dict[int, str]:
    """The processes of a session that live: their ids, and what they run."""
    if not HAS_PROC:
        return {group: "a process of its group" for group in groups if _lives(group)}
    needle, limit = f"LECTURE_SCRATCH={mark}".encode(), str(_limit(mark)).encode()
    found = {}
    for name in filter(str.isdigit, _names("/proc")):
        with contextlib.suppress(OSError):
            is_marked = needle in environment(int(name)).split(b"\0") or _limit_of(name) == limit
            if is_marked and int(name) != os.getpid():
                words = _read(f"/proc/{name}/cmdline").decode(errors="replace").split("\0")
                found[int(name)] = " ".join([os.path.basename(words[0]), *words[1:]]).strip()
    return found


def mark_process(pid: int, mark: Path) -> None:
    """Give a process that was just started the second mark. mark: the session's scratch folder."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):  # a sandbox that forbids it; the process has ended already
            hard = resource.prlimit(pid, resource.RLIMIT_RTTIME)[1]
            resource.prlimit(pid, resource.RLIMIT_RTTIME, (_limit(mark), hard))


def _limit(mark: Path) -> int:
    """Microseconds that a process with real-time priority, of which sessions have none, may run: some 10,000 years."""
    return 2**58 + int.from_bytes(sha256(os.fsencode(mark)).digest()[:7], "big")


def _limit_of(pid: str) -> bytes:
    """That limit as the process has it; b"" for one that has ended."""
    found = re.search(rb"^Max realtime timeout +(\d+)", _read(f"/proc/{pid}/limits"), re.MULTILINE)
    return found[1] if found else b""


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
    except (ProcessLookupError, PermissionError, OverflowError):
        return False
    return True


def _send(pid: int, number: int) -> None:
    (os.kill if HAS_PROC else os.killpg)(pid, number)


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.readall()


def _names(folder: str) -> list[str]:
    return os.listdir(folder) if HAS_PROC else []
