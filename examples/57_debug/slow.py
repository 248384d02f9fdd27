"""A program that does everything wrong, under observation."""

import time

from reactor import defer, reactor
from reactor.debug import ps, watch
from reactor.protocol import Factory

defer.setDebugging(True)
watch(reactor, report=print)  # or start the program with REACTOR_DEBUG=1


# [wrong]
def think():
    time.sleep(0.15)  # and nobody is served meanwhile


def promise():
    return defer.Deferred()  # and never kept


def look():
    print(ps(reactor))
    reactor.stop()


promised = promise()
reactor.listenTCP(7794, Factory())
reactor.callLater(0, think)
reactor.callLater(0.01, look)
reactor.callLater(3600, print, "an hour has passed")
# [/wrong]
reactor.run()
