"""For tests of WebSockets: protocols that answer with what they hear, or remember it, and a client of a resource."""

from wsproto import ConnectionType, WSConnection, events

from reactor.protocol import connectionDone
from reactor.web.resource import Resource
from reactor.web.websocket import WebSocketProtocol, WebSocketResource, WebSocketServerFactory
from tests.support.web_doubles import Talk

KEY = "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Version: 13\r\n"


class EchoSocket(WebSocketProtocol):
    def textMessageReceived(self, message):
        self.transport.sendTextMessage(message)

    def bytesMessageReceived(self, data):
        self.transport.sendBytesMessage(data)


class Noting(WebSocketProtocol):
    """Notes what it hears; `greeting` is sent at once."""

    greeting = None

    def __init__(self):
        self.heard = []
        self.reason = None

    def negotiationFinished(self):
        self.heard.append("open")
        if self.greeting is not None:
            self.transport.sendTextMessage(self.greeting)

    def textMessageReceived(self, message):
        self.heard.append(message)
        if message == "raise":
            raise ZeroDivisionError

    def bytesMessageReceived(self, data):
        self.heard.append(data)

    def pongReceived(self, payload):
        self.heard.append(("pong", payload))

    def connectionLost(self, reason=connectionDone):
        assert self.reason is None
        self.reason = reason


class Browser:
    """A client of a WebSocketResource, played by wsproto."""

    def __init__(self, headers=(), extensions=(), subprotocols=(), target="/ws", host="x", **options):
        self.protocols = []

        class Factory(WebSocketServerFactory):
            protocols = ("new", "old")

            def buildProtocol(factory, request):
                if request.args.get(b"who") == [b"stranger"]:
                    return None
                self.protocols.append(Noting())
                return self.protocols[-1]

        root = Resource()
        self.resource = WebSocketResource(Factory(), **options)
        root.putChild(b"ws", self.resource)
        self.talk = Talk(root)
        self.ws = WSConnection(ConnectionType.CLIENT)
        self.send(
            events.Request(
                host=host,
                target=target,
                extra_headers=list(headers),
                extensions=list(extensions),
                subprotocols=list(subprotocols),
            )
        )

    @property
    def protocol(self):
        return self.protocols[0]

    def send(self, *sent):
        self.talk.send(b"".join(self.ws.send(event) for event in sent))

    def heard(self):
        self.ws.receive_data(self.talk.taken())
        return list(self.ws.events())


def opened(**options):
    browser = Browser(**options)
    (answer,) = browser.heard()
    assert isinstance(answer, events.AcceptConnection)
    return browser
