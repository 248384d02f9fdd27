"""A network for clients that is not there: endpoints connect at once, and the test plays the server."""

from reactor.defer import Deferred
from reactor.protocol import connectionDone
from reactor.testing import StringTransport
from reactor.web.client import UNKNOWN_LENGTH

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Line:
    """A connection that a client made. sent(): what it has said since the last time."""

    def __init__(self, factory):
        self.transport = StringTransport(lenient=True)
        self.protocol = factory.buildProtocol(None)
        self.protocol.makeConnection(self.transport)

    def sent(self):
        data = self.transport.value()
        self.transport.clear()
        return data

    def answer(self, data):
        self.protocol.dataReceived(data)

    def lose(self, reason=connectionDone):
        self.protocol.connectionLost(reason)

    @property
    def is_closed(self):
        return self.transport.disconnecting


class Network:
    """Endpoints that connect at once; `lines` has the connections, `asked` the addresses, in order."""

    def __init__(self):
        self.lines, self.asked = [], []

    def endpointForURI(self, uri):
        self.asked.append(uri.toBytes())
        return self

    def connect(self, factory):
        self.lines.append(Line(factory))
        done = Deferred()
        done.callback(self.lines[-1].protocol)
        return done


class Producer:
    """The body of a request, made by the test."""

    def __init__(self, length=UNKNOWN_LENGTH):
        self.length, self.stopped, self.done = length, False, Deferred()

    def startProducing(self, consumer):
        self.consumer = consumer
        return self.done

    def stopProducing(self):
        self.stopped = True


def results(deferred):
    """A list that gets the Deferred's result, or failure."""
    got = []
    deferred.addBoth(got.append)
    return got


def ask(agent, uri=b"http://example.org/", method=b"GET", **more):
    return results(agent.request(method, uri, **more))
