"""A protocol of ours through a host that we can reach only by SSH: through.py"""

from reactor import task
from reactor.defer import Deferred
from reactor.endpoints import clientFromString, connectProtocol
from reactor.protocols.basic import LineReceiver

WHERE = "ssh:ann@localhost:cat:sshPort=7891:keys=ann:knownHosts=known_hosts"


class Orders(LineReceiver):
    def connectionMade(self):
        self.confirmed = Deferred()
        self.sendLine(b"2 soups")

    def lineReceived(self, line):
        self.confirmed.callback(line.decode())


async def main(reactor):
    orders = await connectProtocol(clientFromString(reactor, WHERE), Orders())
    print("confirmed:", await orders.confirmed)
    orders.transport.loseConnection()


task.react(main)
