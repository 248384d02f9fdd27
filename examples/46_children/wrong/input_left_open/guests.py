"""Have another program put the guests in order."""

from reactor import reactor
from reactor.protocol import ProcessProtocol


class Sort(ProcessProtocol):
    def connectionMade(self):
        for guest in ("zaphod", "marvin", "arthur"):
            self.transport.write(guest.encode() + b"\n")

    def outReceived(self, data):
        print(data.decode(), end="")

    def processEnded(self, reason):
        print("sorted, exit code", reason.value.exitCode)
        reactor.stop()


# [start]
reactor.spawnProcess(Sort(), "/usr/bin/sort", ["sort"])
reactor.run()
# [/start]
