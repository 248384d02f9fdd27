"""Three ways of not getting through, each with its reason."""

import socket

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Caller(ClientFactory):
    protocol = Protocol
    calls = 3

    def clientConnectionFailed(self, connector, reason):
        print(f"port {connector.getDestination().port}: {reason.type.__name__}")
        self.calls -= 1
        if self.calls == 0:
            reactor.stop()


# A port that never answers: one customer fills its queue, so the kernel neither accepts nor refuses the next.
full = socket.create_server(("127.0.0.1", 7777), backlog=0)
first = socket.create_connection(("127.0.0.1", 7777))

# [calls]
caller = Caller()
reactor.connectTCP("127.0.0.1", 7776, caller)  # nobody listens there
reactor.connectTCP("127.0.0.1", 7777, caller)  # nobody answers
hasty = reactor.connectTCP("127.0.0.1", 7777, caller, timeout=30)
hasty.stopConnecting()  # we have changed our mind
reactor.run()
# [/calls]
first.close()
full.close()
