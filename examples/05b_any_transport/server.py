"""One echo, and more than one way to get to it."""

from pathlib import Path

from reactor import reactor, ssl
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)


# [ways]
echo = Factory.forProtocol(Echo)
reactor.listenTCP(7783, echo)
reactor.listenUNIX("echo.socket", echo)
secret = ssl.PrivateCertificate.loadPEM(Path("localhost.pem").read_bytes())
reactor.listenSSL(7784, echo, secret.options())
# [/ways]
print("listening on port 7783, at echo.socket, and in secret on port 7784")
reactor.run()
