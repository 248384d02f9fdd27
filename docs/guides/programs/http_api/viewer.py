"""Print on a terminal what the page gets."""

from reactor.defer import Deferred
from reactor.task import react
from reactor.web.websocket import WebSocketClientEndpoint, WebSocketClientFactory, WebSocketProtocol


class Viewer(WebSocketProtocol):
    def __init__(self):
        self.closed = Deferred()

    def textMessageReceived(self, message):
        print(message)

    def connectionLost(self, reason):
        print("closed")
        self.closed.callback(None)


async def main(reactor):
    endpoint = WebSocketClientEndpoint.new(reactor, "ws://127.0.0.1:7812/live")
    viewer = await endpoint.connect(WebSocketClientFactory.forProtocol(Viewer))
    await viewer.closed


react(main)
