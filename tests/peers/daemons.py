"""Servers of others: started on a free port in a folder of their own, waited for, stopped.

A port is free when it was asked for, and perhaps not any more when the server opens it. So a server that ends at once
and says that its address is in use gets another one.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time

from tests.peers.packages import path_of

_TRIES = 5
_READY_IN_S = 30.0
_LOOK_EVERY_S = 0.02


def free_ports(count):
    """Numbers of ports that are free now, over TCP and UDP."""
    found = []
    with contextlib.ExitStack() as held:
        while len(found) < count:
            stream = held.enter_context(socket.socket())
            stream.bind(("127.0.0.1", 0))
            datagrams = held.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            try:
                datagrams.bind(stream.getsockname())
            except OSError:
                continue
            found.append(stream.getsockname()[1])
    return found


class Daemon:
    """A server of somebody else's that runs, and listens.

    command: its words. @PORT@, @PORT2@ … stand for free ports, @FOLDER@ for its folder, in `files` too.
    files: name → text, written into the folder before it starts. ready: what its output says when it listens; without
    it, it does when something takes connections at @PORT@.
    port, ports: the ports that it got. folder: its folder.
    Raises AssertionError, with all that it has printed, when it ends or isn't ready in 30 s.
    """

    def __init__(self, folder, command, files, ready=None):
        self.folder = folder
        self._ready = ready
        for _ in range(_TRIES):
            self.ports = free_ports(4)
            self.port = self.ports[0]
            self._start(command, files)
            if self._is_ready():
                return
            self.stop()
            if "in use" not in self.output().lower():
                break
        raise AssertionError(f"{command[0]} doesn't run; it says: {self.output()}")

    def _start(self, command, files):
        for name, text in files.items():
            (self.folder / name).write_text(self.filled_in(text), encoding="utf-8")
        words = [self.filled_in(str(word)) for word in command]
        with open(self.folder / "output", "wb") as output:
            self.process = subprocess.Popen(
                [path_of(words[0]) or words[0], *words[1:]],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its children can be stopped with it
            )

    def filled_in(self, text):
        """The text with the ports and the folder in it."""
        for place, port in enumerate(self.ports, 1):
            text = text.replace(f"@PORT{place}@" if place > 1 else "@PORT@", str(port))
        return text.replace("@FOLDER@", str(self.folder))

    def output(self):
        """All that it has printed."""
        return (self.folder / "output").read_text(encoding="utf-8", errors="replace")

    def _is_ready(self):
        deadline = time.monotonic() + _READY_IN_S
        while time.monotonic() < deadline:
            if self._ready in self.output() if self._ready is not None else self._takes_connections():
                return self.process.poll() is None
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_LOOK_EVERY_S)
                return False
        return False

    def _takes_connections(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        """Ask it and its children to end; kill them if they don't."""
        for request in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, request)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        assert self.process.returncode is not None, f"{self.process.args} can't be stopped"
