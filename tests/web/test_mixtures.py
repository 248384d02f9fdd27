"""Everything at once, from a seed: requests of all kinds, cut anywhere, answered at once or later, read now and then.

Whatever the mixture, each request is answered, in order, with what it asked for. A failure names its seed.
"""

import random

import pytest

from reactor.web.server import NOT_DONE_YET, Site
from tests.support.loopback import Client, run_until
from tests.support.web_doubles import Page, parse

SEEDS = range(4)
COUNT = 60


class Pieces:
    """A pull producer of `size` bytes."""

    def __init__(self, request, size):
        self.request, self.left = request, size
        request.registerProducer(self, False)

    def resumeProducing(self):
        piece = min(self.left, 7000)
        self.left -= piece
        self.request.write(b"p" * piece)
        if not self.left:
            self.request.unregisterProducer()
            self.request.finish()

    def stopProducing(self):
        self.left = 0


def answering(reactor):
    """A page that answers as its address says: /KIND/SIZE."""

    def later(request, body):
        request.write(body)
        request.finish()

    def answer(request):
        _, kind, size = request.path.split(b"/")
        body = b"%b:%d:%d" % (kind, int(size), len(request.content.read()))
        if kind == b"now":
            return body + b"x" * int(size)
        if kind == b"later":
            reactor.callLater(0, later, request, body + b"x" * int(size))
        elif kind == b"chunks":
            request.write(body)
            for _ in range(int(size) // 1000):
                request.write(b"x" * 1000)
            request.finish()
        else:
            Pieces(request, int(size) + 1)
        return NOT_DONE_YET

    return Page(answer, ["GET", "POST"])


def mixture(luck):
    """Requests, and what each is answered with: (bytes, method, length of the body)."""
    for _ in range(COUNT):
        kind = luck.choice(["now", "later", "chunks", "pieces"])
        size = luck.choice([0, 10, 3000, 90_000])
        sent = luck.choice([0, 0, 5, 40_000])
        method = luck.choice(["GET", "HEAD", "POST"]) if sent == 0 else "POST"
        lines = [f"{method} /{kind}/{size} HTTP/1.1", "Host: x"]
        body = b"y" * sent
        if sent and luck.random() < 0.5:
            lines.append("Transfer-Encoding: chunked")
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (sent, body)
        elif method == "POST":
            lines.append(f"Content-Length: {sent}")
        told = len(f"{kind}:{size}:{sent}")
        length = {"now": told + size, "later": told + size, "chunks": told + size // 1000 * 1000, "pieces": size + 1}[
            kind
        ]
        yield "\r\n".join([*lines, "", ""]).encode() + body, method, 0 if method == "HEAD" else length


@pytest.mark.parametrize("seed", SEEDS)
def test_each_request_is_answered_in_order_whatever_the_mixture(reactor, listen, seed):
    luck = random.Random(seed)
    port = listen(Site(answering(reactor)))
    requests = list(mixture(luck))
    stream = b"".join(data for data, _, _ in requests)

    def pause_now_and_then(talker, data):
        if luck.random() < 0.2:
            talker.transport.pauseProducing()
            reactor.callLater(0, talker.transport.resumeProducing)

    def send(talker, rest):
        size = luck.choice([1, 100, 5000, 200_000])
        talker.transport.write(rest[:size])
        if rest[size:]:
            reactor.callLater(0, send, talker, rest[size:])

    client = Client("client", made=lambda talker: send(talker, stream), data=pause_now_and_then)
    reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    methods = [method for _, method, _ in requests]

    def all_came():
        if client.talker is None or len(client.talker.received) < expected_bytes:
            return False
        came = parse(bytes(client.talker.received), *methods)
        return len(came) == COUNT and came[-1].is_complete

    expected_bytes = sum(length for _, _, length in requests)
    run_until(reactor, all_came, deadline_s=60)
    answers = parse(bytes(client.talker.received), *methods)
    assert [len(answer.body) for answer in answers] == [length for _, _, length in requests]
    assert {answer.code for answer in answers} == {200}
    client.talker.transport.abortConnection()
    run_until(reactor, lambda: client.talker.reason is not None)
    for _ in range(3):
        reactor.iterate(0)
