"""Becoming a daemon, and telling the process that started it how that went.

The first process forks, and waits on a pipe. Its child begins a session of its own, without the terminal, and forks
again, so that it can never get another one. The grandchild is the daemon. It loads the application, starts it, and
says so through the pipe; or it says what went wrong, and ends. Only then does the first process return to the shell,
with that line and a status. (Forking comes first: sockets, pollers and threads would not survive it.)

If the daemon dies without a word, the kernel closes the pipe, which tells the first process as much. If the first
process is gone, because of Ctrl-C for instance, the daemon isn't wanted any more, and stops.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn, Protocol

from reactor.application.runner.errors import FAILED, STOPPED


class Starter(Protocol):
    """The one that started the application, and is told whether that worked."""

    def succeeded(self) -> bool:
        """Say that it runs. Returns False if the starter is gone: then the application is to stop again."""

    def failed(self, status: int, text: str) -> None:
        """Say why it doesn't run: an exit status, and one line."""


def complain(text: str) -> None:
    """Print one line for the person at the terminal."""
    if sys.__stderr__ is not None:
        print(f"reactord: {text}", file=sys.__stderr__, flush=True)


class Terminal:
    """The starter of an application in the foreground: a person, who reads standard error."""

    def succeeded(self) -> bool:
        return True

    def failed(self, status: int, text: str) -> None:
        complain(text)


class Pipe:
    """The starter of a daemon, at the other end of a pipe: it reads a status, a blank, and the line.

    null: the null device, open.
    """

    def __init__(self, fd: int, null: int) -> None:
        self._fd = fd
        self._null = null

    def succeeded(self) -> bool:
        """Say that the daemon runs, and let go of the terminal."""
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
    """Become a daemon. Returns in the daemon; the calling process ends, when it knows how the start went."""
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
    """Open the null device now: after chroot there may be none. Descriptors 0, 1, 2 that are closed become it, too."""
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
