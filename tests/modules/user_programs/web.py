"""A web server with resources of its own, in a service."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.task import deferLater
from reactor.web.client import Agent, readBody
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET, Request, Site


class Hello(Resource):
    isLeaf = True

    def render_GET(self, request: Request) -> bytes:
        request.setHeader(b"content-type", b"text/plain; charset=utf-8")
        return b"hello " + request.args.get(b"name", [b"world"])[0]


class Slow(Resource):
    def getChild(self, path: bytes, request: Request) -> Resource:
        return self

    def render_GET(self, request: Request) -> int:
        waiting: Deferred[str] = deferLater(reactor, 1, lambda: "done")
        waiting.addCallback(lambda word: request.write(word.encode()))
        waiting.addCallback(lambda _: request.finish())
        return NOT_DONE_YET


async def fetch() -> bytes:
    response = await Agent(reactor).request(b"GET", b"http://localhost:8080/hello")
    print(response.code)
    return await readBody(response)


root = Resource()
root.putChild(b"hello", Hello())
root.putChild(b"slow", Slow())
reactor.listenTCP(8080, Site(root))
reactor.run()
