"""A child process: its output, its end, and the short ways to both."""

import sys

from reactor import reactor
from reactor.failure import Failure
from reactor.protocol import ProcessProtocol
from reactor.utils import getProcessOutput


class Talk(ProcessProtocol):
    def connectionMade(self) -> None:
        self.transport.write(b"can you hear me\n")
        print("it is number", self.transport.pid)

    def outReceived(self, data: bytes) -> None:
        print("it says", data.decode().strip())
        self.transport.closeStdin()
        self.transport.signalProcess("TERM")

    def processEnded(self, reason: Failure) -> None:
        print("exit code", reason.value.exitCode)
        reactor.stop()


reactor.spawnProcess(Talk(), sys.executable, [sys.executable, "shout.py"], env=None)
getProcessOutput("/bin/date").addCallback(lambda output: print(output.decode()))
reactor.run()
