"""Sessions of SSH that start child processes, as git and rsync need them, with the account that the server runs with.

Whoever has a shell can do what that account can. With a list of commands there are only these, without a shell between:
but with any arguments, so give them files that may be seen. Of the peer's variables only those in `variables` reach a
child, and the name of its terminal, if it looks like one.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import struct
from collections.abc import Sequence
from typing import Any

from reactor.conch.error import ConchError
from reactor.conch.interfaces import EnvironmentVariableNotPermitted

SIGNALS = ("ABRT", "ALRM", "FPE", "HUP", "ILL", "INT", "KILL", "PIPE", "QUIT", "SEGV", "TERM", "USR1", "USR2")
"""RFC 4254, 6.10."""
_TERMINAL = re.compile(rb"[\w.+-]{1,64}")


class CommandSession:
    """An ISession of child processes.

    reactor: starts them. folder: where they begin. commands: what may be run, as in ["git-upload-pack"]; None: a shell,
    and in it whatever one likes. env: theirs, besides what `variables` let through.
    """

    shell = "/bin/sh"
    variables = re.compile(rb"LANG|LC_[A-Z]{1,20}|GIT_PROTOCOL")
    longestValue = 256
    _process: Any = None
    _size: tuple[int, ...] | None = None

    def __init__(self, reactor: Any, folder: str, commands: Sequence[str] | None = None) -> None:
        self.reactor, self.folder, self.commands = reactor, folder, commands
        ours = ("PATH", "HOME", "USER", "LOGNAME", "TZ")
        self.env: dict[str | bytes, str | bytes] = {name: os.environ[name] for name in ours if name in os.environ}

    def getPty(self, term: bytes, windowSize: tuple[int, ...], modes: Any) -> None:
        if self._process is not None:
            raise ConchError("the command runs already, without a terminal")
        if _TERMINAL.fullmatch(term):
            self.env[b"TERM"] = term
        self._size = windowSize

    def setEnv(self, name: bytes, value: bytes) -> None:
        if not self.variables.fullmatch(name) or len(value) > self.longestValue or b"\0" in value:
            raise EnvironmentVariableNotPermitted(name[:100])
        self.env[name] = value

    def openShell(self, proto: Any) -> None:
        if self.commands is not None:
            raise ConchError("there is no shell")
        self._spawn(proto, [self.shell])

    def execCommand(self, proto: Any, command: bytes) -> None:
        if self.commands is None:
            self._spawn(proto, [self.shell, "-c", os.fsdecode(command)])
            return
        try:
            words = shlex.split(os.fsdecode(command))
        except ValueError as problem:
            raise ConchError(f"{command[:200]!r} is no command: {problem}") from None
        if not words or words[0] not in self.commands:
            raise ConchError(f"{command[:200]!r} isn't among the commands")
        self._spawn(proto, words)

    def _spawn(self, proto: Any, words: list[str]) -> None:
        path = shutil.which(words[0])
        if path is None:
            raise ConchError(f"there is no program {words[0]!r}")
        self._process = self.reactor.spawnProcess(
            proto, path, words, self.env, self.folder, usePTY=self._size is not None
        )
        if self._size is not None:
            self.windowChanged(self._size)

    def windowChanged(self, newWindowSize: tuple[int, ...]) -> None:
        import fcntl  # where there are terminals
        import termios

        if self._size is None or self._process is None or self._process.fd < 0:  # it closes when the child ends
            raise ConchError("there is no terminal")
        rows, columns, *pixels = newWindowSize
        fcntl.ioctl(self._process.fd, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, *pixels))

    def signalReceived(self, name: str) -> None:
        """Pass it on to the child. Raises ConchError when there is none, or for a signal that isn't in SIGNALS."""
        if self._process is None or name not in SIGNALS:
            raise ConchError(f"nobody gets the signal {name[:20]!r}")
        self._process.signalProcess(name)

    def eofReceived(self) -> None:
        if self._size is not None:
            self._process.write(b"\x04")
        else:
            self._process.closeStdin()

    def closed(self) -> None:
        if self._process is not None and self._process.pid is not None:
            self._process.signalProcess("HUP")
