"""Talk to the filter in shout.py, which is a program of its own."""

import sys

from reactor import reactor
from reactor.protocol import ProcessProtocol


class Talk(ProcessProtocol):
    def connectionMade(self):
        self.transport.write(b"can you hear me\n")

    def outReceived(self, data):
        print("it says", data.decode().strip())
        self.transport.closeStdin()

    def processEnded(self, reason):
        print("it has gone, exit code", reason.value.exitCode)
        reactor.stop()


reactor.spawnProcess(Talk(), sys.executable, [sys.executable, "shout.py"], None)
reactor.run()
