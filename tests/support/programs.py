"""Other people's programs as peers: started for a test, read by its reactor, and killed when it is over."""

import os
import shutil
import subprocess

import pytest

from tests.support.loopback import run_until


class Program:
    """A running program. `output` is what it has printed, standard error too; `status` is None while it runs."""

    def __init__(self, reactor, *command):
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        self.reactor = reactor
        self.output = b""
        self.status = None
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        os.set_blocking(self.process.stdout.fileno(), False)
        reactor.addReader(self)

    def fileno(self):
        return self.process.stdout.fileno()

    def logPrefix(self):
        return "Program"

    def doRead(self):
        data = os.read(self.fileno(), 65536)
        self.output += data
        if not data:
            self.stop()

    def connectionLost(self, reason):
        """For the loop; the program is stopped by the fixture."""

    def say(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def wait(self):
        """Until it has ended by itself. Returns its status."""
        run_until(self.reactor, lambda: self.status is not None)
        return self.status

    def stop(self):
        """Its output has ended, and so it does, soon; or kill it."""
        if self.status is not None:
            return
        self.reactor.removeReader(self)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.status = self.process.wait()

    def kill(self):
        if self.status is None:
            self.process.kill()
            self.stop()
