"""Watch the temperature of the kitchen; when the feed goes away, wait until it comes back."""

import random
import sys

from reactor import defer, log, reactor
from reactor.application.internet import ClientService, backoffPolicy
from reactor.endpoints import clientFromString
from reactor.protocol import Factory
from reactor.protocols.basic import LineOnlyReceiver
from reactor.protocols.policies import TimeoutMixin


class Watcher(LineOnlyReceiver, TimeoutMixin):
    """One connection: subscribes, then reads one temperature a line."""

    delimiter = b"\n"

    def connectionMade(self):
        self.subscribing = defer.Deferred()
        self.setTimeout(60)  # the feed says something at least twice a minute

    def subscribe(self):
        """Ask for the readings. The Deferred fires when the feed has agreed."""
        self.sendLine(b"subscribe kitchen")
        return self.subscribing

    def lineReceived(self, line):
        self.resetTimeout()
        if self.subscribing.called:
            print(f"the kitchen has {line.decode()} degrees")
        elif line == b"ok":
            self.subscribing.callback(None)
        else:
            self.subscribing.errback(ValueError(f"the feed refused: {line.decode()}"))

    def connectionLost(self, reason):
        self.setTimeout(None)


class WatcherFactory(Factory):
    """Builds a Watcher for each new connection."""

    protocol = Watcher
    noisy = False  # no line in the log for each attempt


def main():
    """Watch until Ctrl-C."""
    log.startLogging(sys.stdout)
    service = ClientService(
        clientFromString(reactor, "tcp:127.0.0.1:7811:timeout=10"),
        WatcherFactory(),
        retryPolicy=backoffPolicy(initialDelay=0.1, maxDelay=60, jitter=lambda: random.uniform(0, 0.1)),
        prepareConnection=Watcher.subscribe,
    )
    service.setName("feed")  # for the log
    service.startService()
    reactor.addSystemEventTrigger("before", "shutdown", service.stopService)
    reactor.run()


if __name__ == "__main__":
    main()
