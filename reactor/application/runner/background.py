"""Becoming a daemon, and letting the one who started it know how that went.

The first process forks, and waits on a pipe. Its child begins a session of its own, away from the terminal, and forks
again, so that it can never get another one. The grandchild is the daemon. It loads the application, starts it, and
says so into the pipe; or it says what went wrong, and ends. Only then does the first process return to the shell, with
that line and a status. (Forking comes first, before there are sockets, pollers and threads that would not survive it.)

If the daemon dies without a word, the pipe is closed, which says it too. If the first process is gone, by Ctrl-C for
instance, nobody wants the daemon any more, and it stops.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn, Protocol

from reactor.application.runner.errors import FAILED, STOPPED


class Starter(Protocol):
    """Who wants to know whether it started."""

    def succeeded(self) -> bool:
        """It runs. False if nobody is there to hear: stop again."""

    def failed(self, status: int, text: str) -> None:
        """It doesn't run, because of this."""


def complain(text: str) -> None:
    """One line for the person at the terminal."""
    if sys.__stderr__ is not None:
        print(f"reactord: {text}", file=sys.__stderr__, flush=True)


class Terminal:
    """Who started something in the foreground is there, and reads."""

    def succeeded(self) -> bool:
        return True

    def failed(self, status: int, text: str) -> None:
        complain(text)


class Pipe:
    """Who started a daemon reads it from a pipe: a status, a blank, and the line. null: the null device, open."""

    def __init__(self, fd: int, null: int) -> None:
        self._fd = fd
        self._null = null

    def succeeded(self) -> bool:
        """Say so, and leave the terminal for good."""
        is_heard = self._tell(f"{STOPPED} ")
        for standard in range(3):
            os.dup2(self._null, standard)
        os.close(self._null)
        return is_heard

    def failed(self, status: int, text: str) -> None:
        self._tell(f"{status} {text}")

    def _tell(self, message: str) -> bool:
        fd, self._fd = self._fd, -1
        if fd < 0:
            return False
        try:
            os.write(fd, message.encode("utf-8", "replace"))
        except BrokenPipeError:
            return False
        finally:
            os.close(fd)
        return True


def detach() -> Pipe:
    """Go on as a daemon. Returns in the daemon; the process that called ends, when it knows how it went."""
    null = _null_device()
    read_end, write_end = os.pipe()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    child = os.fork()
    if child:
        os.close(write_end)
        _end_as_told(read_end, child)
    os.close(read_end)
    os.setsid()
    if os.fork():
        os._exit(0)
    return Pipe(write_end, null)


def _null_device() -> int:
    """The null device, now: where the daemon goes there may be none. What was closed of the first three is it, too."""
    while (null := os.open(os.devnull, os.O_RDWR)) < 3:
        pass
    return null


def _end_as_told(read_end: int, child: int) -> NoReturn:
    with open(read_end, encoding="utf-8") as pipe:
        message = pipe.read()
    os.waitpid(child, 0)
    status, _, text = message.partition(" ")
    if not status:
        complain("it died while it started, without a word; its log may know more")
    elif text:
        complain(text)
    sys.exit(int(status or FAILED))
