"""Makes soup."""

from reactor import reactor


def serve():
    print("tomato")
    reactor.stop()


reactor.callLater(0.1, serve)
reactor.run()
