"""Choose a reactor: before anything else gets one."""

from reactor import selectreactor

selectreactor.install()

from reactor import reactor

print("running on a", type(reactor).__name__)
reactor.callWhenRunning(reactor.stop)
reactor.run()
