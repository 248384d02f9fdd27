"""A client that reconnects: when does its factory start, and when does it stop?"""

from reactor import reactor
from reactor.protocol import ReconnectingClientFactory


class Patient(ReconnectingClientFactory):
    initialDelay = delay = 0.02  # seconds

    def startFactory(self):
        print("opening the diary")

    def clientConnectionFailed(self, connector, reason):
        print("failed:", reason.type.__name__)
        super().clientConnectionFailed(connector, reason)

    def stopFactory(self):
        print("closing the diary")
        if self.retries == 2:
            reactor.stop()


reactor.connectTCP("127.0.0.1", 7779, Patient())  # nobody listens any more
reactor.run()
