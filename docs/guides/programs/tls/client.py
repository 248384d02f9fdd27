"""Tell a secret: `python client.py NAME [TRUSTED.pem]` to the server at localhost, if it proves that it is NAME."""

import sys
from pathlib import Path

from reactor import reactor, ssl
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineOnlyReceiver


class Teller(LineOnlyReceiver):
    delimiter = b"\n"

    def connectionMade(self):
        self.sendLine(b"I like Mondays")

    def lineReceived(self, line):
        print(line.decode())
        self.transport.loseConnection()

    def connectionLost(self, reason):
        if reason.check(ssl.VerificationError):
            print("not told:", reason.getErrorMessage())
        reactor.stop()


def whom_to_believe(name, trusted=None):
    """Demand a certificate for `name`, signed by an authority of this system, or by one in the file `trusted`."""
    root = ssl.Certificate.loadPEM(Path(trusted).read_bytes()) if trusted else None
    return ssl.optionsForClientTLS(name, root)


reactor.connectSSL("localhost", 7813, ClientFactory.forProtocol(Teller), whom_to_believe(*sys.argv[1:]))
reactor.run()
