"""A site without a network: a test says what the client sends, and reads what comes back as h11 understands it."""

from dataclasses import dataclass

import h11

from reactor.testing import Clock, StringTransport
from reactor.web.resource import Resource
from reactor.web.server import Site


@dataclass
class Response:
    """One answer, as a client sees it. informational: the codes below 200 that came before it."""

    code: int
    headers: dict[bytes, bytes]
    body: bytes
    version: bytes
    informational: tuple[int, ...] = ()
    is_complete: bool = True


def parse(data, *methods, closed=False):
    """The answers in these bytes. methods: of the requests, GET if left out: the answer to HEAD has no body."""
    responses = []
    methods = list(methods)
    while data:
        response, data = _parse_one(data, methods.pop(0) if methods else "GET", closed)
        responses.append(response)
    return responses


def _parse_one(data, method, closed):
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("host", "x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(data)
    if closed:
        client.receive_data(b"")
    head, body, informational = None, b"", []
    while True:
        event = client.next_event()
        if isinstance(event, h11.InformationalResponse):
            informational.append(event.status_code)
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        else:
            assert head is not None, data
            complete = isinstance(event, h11.EndOfMessage)
            response = Response(
                head.status_code, dict(head.headers), body, head.http_version, tuple(informational), complete
            )
            return response, client.trailing_data[0] if complete else b""


class Talk:
    """One connection to a site, from the client's end.

    clock: the site's time. transport: the server's end. limits: attributes of the site.
    """

    def __init__(self, resource, transport=None, site=None, **limits):
        self.clock = Clock()
        self.site = site or Site(resource, reactor=self.clock)
        for name, value in limits.items():
            assert hasattr(self.site, name)
            setattr(self.site, name, value)
        self.transport = transport or StringTransport(lenient=True)
        self.channel = self.site.buildProtocol(None)
        self.channel.makeConnection(self.transport)

    def send(self, data):
        """The client sends this, all at once."""
        self.channel.dataReceived(data)
        return self

    def send_slowly(self, data):
        """Byte by byte."""
        for number in range(len(data)):
            self.channel.dataReceived(data[number : number + 1])
        return self

    def turns(self):
        """Let the loop turn until the site has done all that waits for another turn."""
        self.clock.advance(0)
        return self

    def taken(self):
        """What was answered since the last time."""
        data = self.transport.value()
        self.transport.clear()
        return data

    def answers(self, *methods):
        return parse(self.taken(), *methods, closed=self.transport.disconnecting)

    def answer(self, *methods):
        (response,) = self.answers(*methods)
        return response

    def get(self, target, method="GET", **headers):
        """One request, and its answer. headers: names with _ for -."""
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([f"{method} {target} HTTP/1.1", "Host: x", *lines, "", ""]).encode("latin-1"))
        return self.answer(method)

    @property
    def is_closing(self):
        return self.transport.disconnecting

    def lose(self):
        from reactor.protocol import connectionDone

        self.channel.connectionLost(connectionDone)


class Pulling(Talk):
    """A talk in which the transport asks its producer for more until it has none."""

    def answers(self, *methods):
        while self.transport.producer is not None:
            self.transport.producer.resumeProducing()
        return super().answers(*methods)


class Page(Resource):
    """Answers with what a function makes of the request."""

    isLeaf = True

    def __init__(self, function, methods=("GET",)):
        super().__init__()
        for method in methods:
            setattr(self, f"render_{method}", function)


def request(target="/", method="GET", *headers, version="1.1", body=b""):
    """The bytes of one request."""
    lines = [f"{method} {target} HTTP/{version}", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
