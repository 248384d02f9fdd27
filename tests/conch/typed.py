"""A program of others at a terminal of its own, in which the test types as a person does, while the loop turns."""

import fcntl
import os
import pty
import struct
import subprocess
import termios

from tests.peers.packages import path_of
from tests.support.loopback import run_until

DEADLINE_S = 10.0


class AtATerminal:
    """A program that runs at a terminal of 100 × 30. screen: all that it has shown."""

    def __init__(self, reactor, *command, env=None):
        self.reactor, self.screen, self._read = reactor, b"", 0
        self.master, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        os.set_blocking(self.master, False)
        words = [str(word) for word in command]
        words[0] = path_of(words[0])
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", **(env or {})},
        )
        os.close(theirs)

    def _look(self):
        try:
            self.screen += os.read(self.master, 65536)
        except BlockingIOError:
            pass
        except OSError:
            return True  # nobody has the terminal any more
        return False

    def shows(self, text):
        """Wait until this is shown, behind what was waited for before."""

        def is_there():
            self._look()
            return text in self.screen[self._read :]

        try:
            run_until(self.reactor, is_there, DEADLINE_S)
        except AssertionError:
            raise AssertionError(f"{text!r} isn't shown, but {self.screen[self._read :]!r}") from None
        self._read = self.screen.index(text, self._read) + len(text)

    def types(self, keys):
        os.write(self.master, keys)

    def resize(self, width, height):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def ends(self):
        """Wait until it does."""
        run_until(self.reactor, lambda: self._look() or self.process.poll() is not None, DEADLINE_S)

    def close(self):
        """End it, if it doesn't by itself: its terminal hangs up."""
        os.close(self.master)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
