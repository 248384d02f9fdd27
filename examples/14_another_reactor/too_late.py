"""Choose a reactor, having got one already."""

from reactor import reactor, selectreactor

reactor.callWhenRunning(reactor.stop)
selectreactor.install()
reactor.run()
