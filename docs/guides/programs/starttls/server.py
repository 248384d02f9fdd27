"""A letter box: plain text at first, and TLS from STARTTLS on. `python server.py plain` is one that offers no TLS."""

import sys

from reactor import reactor, ssl
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineOnlyReceiver
from reactor.protocols.policies import TimeoutMixin


class LetterBox(LineOnlyReceiver, TimeoutMixin):
    """One connection. Each line is a command, and gets one line as its answer: 2.. for yes, 5.. for no."""

    delimiter = b"\n"
    MAX_LENGTH = 1000

    def connectionMade(self):
        self.is_secret = False
        self.setTimeout(30)
        self.sendLine(b"220 STARTTLS" if self.factory.options else b"220")

    def lineReceived(self, line):
        self.resetTimeout()
        if line == b"STARTTLS":
            self.start_tls()
        elif not line.startswith(b"LETTER "):
            self.sendLine(b"500 there is LETTER, and there may be STARTTLS")
        elif not self.is_secret:
            self.sendLine(b"530 no letters without TLS")
        else:
            print("a letter:", line.removeprefix(b"LETTER ").decode("utf-8", "replace"))
            self.sendLine(b"250 it is in the box")

    def start_tls(self):
        """Say yes in plain text; all that follows is encrypted."""
        if self.is_secret or not self.factory.options:
            self.sendLine(b"503 not now")
            return
        self.sendLine(b"220 go ahead")
        self.transport.startTLS(self.factory.options)

    def handshakeCompleted(self):
        self.is_secret = True

    def connectionLost(self, reason):
        self.setTimeout(None)
        print("goodbye:", reason.getErrorMessage())


class LetterBoxes(ServerFactory):
    """options: the server's certificate and key; None for a server without TLS."""

    protocol = LetterBox

    def __init__(self, options):
        self.options = options


def main():
    """Serve until Ctrl-C."""
    options = None if "plain" in sys.argv else ssl.developmentCertificate().options()
    reactor.listenTCP(7820, LetterBoxes(options), interface="127.0.0.1")
    print("listening on port 7820")
    reactor.run()


if __name__ == "__main__":
    main()
