"""Keep a secret: `python server.py` to try it, `python server.py KEY.pem CHAIN.pem` with a certificate of your own."""

import sys

from reactor import reactor, ssl
from reactor.protocol import Factory
from reactor.protocols.basic import LineOnlyReceiver


class Confidant(LineOnlyReceiver):
    delimiter = b"\n"

    def lineReceived(self, line):
        self.sendLine(b"nobody else has heard: " + line)

    def connectionLost(self, reason):
        print("goodbye:", reason.getErrorMessage())


def certificate():
    """The certificate that the server shows, and its key."""
    if sys.argv[1:]:
        key, chain = sys.argv[1:]
        return ssl.CertificateOptions(key, chain)
    return ssl.developmentCertificate().options()


reactor.listenSSL(7813, Factory.forProtocol(Confidant), certificate())
print("listening on port 7813")
reactor.run()
