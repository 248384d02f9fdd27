"""Protocols for WebSockets: one that answers with what it hears, one that remembers."""

from reactor.protocol import connectionDone
from reactor.web.websocket import WebSocketProtocol


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
