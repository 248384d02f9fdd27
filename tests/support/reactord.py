"""`reactord` as a real process, in a folder of the test's own, and what it leaves behind.

Every process that is started inherits the write end of a pipe, the lifeline. When all of them have ended, and only
then, its read end says so: nobody sleeps and looks again.
"""

import os
import select
import signal
import socket
import subprocess
import sys

import pytest

DEADLINE_S = 20

ECHO = """
from reactor.app import Application
from reactor.protocol import Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

application = Application("echo")
application.listenUNIX("echo", Factory.forProtocol(Echo), wantPID=True)
"""


class Reactord:
    def __init__(self, folder):
        self.folder = folder
        self.lifeline, self._held = os.pipe()
        self.processes = []

    def write(self, text, name="app.py"):
        (self.folder / name).write_text(text)

    def options(self, *command, **environment):
        env = {key: value for key, value in os.environ.items() if key not in ("NOTIFY_SOCKET", "LISTEN_FDS")}
        return {
            "args": [*(command or [sys.executable, "-m", "reactor.application.runner"])],
            "cwd": self.folder,
            "env": env | environment,
            "pass_fds": [self._held],
            "text": True,
        }

    def run(self, *arguments, stdin="", **environment):
        """Run it until the first process ends: in the background, when it is clear whether it has started."""
        options = self.options(**environment)
        options["args"] += arguments
        return subprocess.run(**options, input=stdin, capture_output=True, timeout=DEADLINE_S)

    def start(self, *arguments, **environment):
        """Start one in the background, which must succeed."""
        result = self.run(*arguments, **environment)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", ""), result

    def foreground(self, *arguments, **environment):
        """Start one in the foreground; returns when it runs."""
        options = self.options(**environment)
        options["args"] += ["-n", *arguments]
        process = subprocess.Popen(**options, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.processes.append(process)
        return process

    @property
    def pid(self):
        return int((self.folder / "reactord.pid").read_text())

    @property
    def log(self):
        return (self.folder / "reactord.log").read_text()

    def messages(self):
        """What the log says, without date and system."""
        return [line.split("] ", 1)[-1] for line in self.log.splitlines()]

    def kill(self, number=signal.SIGTERM):
        os.kill(self.pid, number)

    def wait(self):
        """Until all processes that were started here have ended, be they daemons."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
        assert select.select([self.lifeline], [], [], DEADLINE_S)[0], f"still runs, with the log {self.files()}"
        assert os.read(self.lifeline, 1) == b""

    def begin_again(self):
        """After `wait`: be ready to start others."""
        os.close(self.lifeline)
        self.lifeline, self._held = os.pipe()

    def stop(self):
        """Stop the daemon, and wait for it."""
        self.kill()
        self.wait()

    def files(self):
        return {path.name: path.read_text() for path in self.folder.iterdir() if path.is_file()}

    def echo(self, text, name="echo"):
        """What the server answers."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(DEADLINE_S)
            client.connect(str(self.folder / name))
            client.sendall(text.encode())
            return client.recv(100).decode()

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        if self._held is not None:
            os.close(self._held)
        if not select.select([self.lifeline], [], [], 0)[0] and (self.folder / "reactord.pid").exists():
            os.kill(self.pid, signal.SIGKILL)  # a test failed in the middle
        os.close(self.lifeline)


class Manager:
    """Hears what services say of themselves."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(DEADLINE_S)

    def hear(self):
        """The next notification, as a dictionary."""
        return dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())

    def hear_of(self, name):
        """The next notification that says something of this."""
        while name not in (heard := self.hear()):
            pass
        return heard


def wait_for(stream, text):
    """Read lines until one has the text in it. Returns it; fails at the end of the stream."""
    for line in stream:
        if text in line:
            return line
    raise AssertionError(f"it ended before it said {text!r}")


@pytest.fixture
def reactord(tmp_path):
    """Runs reactord in a folder where app.py is an echo server."""
    running = Reactord(tmp_path)
    running.write(ECHO)
    yield running
    running.close()
