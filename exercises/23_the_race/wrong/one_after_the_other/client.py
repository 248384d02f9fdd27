"""A dead address fails soon."""

import sys

from reactor import reactor
from reactor.endpoints import TCP4ClientEndpoint
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Menu(LineReceiver):
    def lineReceived(self, line):
        print(line.decode())
        reactor.stop()


class Race:
    def __init__(self, addresses):
        self.addresses = addresses
        self.attempts = []
        self.timer = None
        self.is_over = False

    def next(self):
        self.stop_timer()
        if self.addresses:
            endpoint = TCP4ClientEndpoint(reactor, self.addresses.pop(0), 7771, timeout=5)
            attempt = endpoint.connect(Factory.forProtocol(Menu))
            self.attempts.append(attempt)
            attempt.addCallbacks(self.won, self.failed, callbackArgs=(attempt,), errbackArgs=(attempt,))
        elif not self.attempts:
            print("nobody")
            reactor.stop()

    def won(self, menu, attempt):
        self.is_over = True
        self.stop_timer()
        for other in self.attempts:
            if other is not attempt:
                other.cancel()

    def failed(self, reason, attempt):
        self.attempts.remove(attempt)
        if not self.is_over:
            self.next()

    def stop_timer(self):
        if self.timer and self.timer.active():
            self.timer.cancel()


reactor.callWhenRunning(Race(sys.argv[1:]).next)
reactor.run()
