"""Choose a reactor, having got one already."""

from reactor import reactor, selectreactor
from reactor.error import ReactorAlreadyInstalledError

reactor.callWhenRunning(reactor.stop)
# [late]
try:
    selectreactor.install()
except ReactorAlreadyInstalledError:
    print("too late")
# [/late]
reactor.run()
