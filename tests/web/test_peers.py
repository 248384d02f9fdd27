"""Programs that others wrote, against ours: websockets, aiohttp, curl, wrk, nghttp, Chromium.

Most of them run in a process or thread of their own, while the loop of the test turns.
"""

import asyncio
import http.client
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from reactor.web.client import Agent, BrowserLikePolicyForHTTPS, getPage
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET
from reactor.web.static import File
from reactor.web.websocket import (
    WebSocketClientEndpoint,
    WebSocketClientFactory,
    WebSocketProtocol,
    WebSocketResource,
    WebSocketServerFactory,
)
from tests.peers.programs import DEADLINE_S, meanwhile, run_program
from tests.support import securely
from tests.support.loopback import run_until
from tests.support.web_doubles import Page
from tests.support.websocket_doubles import EchoSocket


def tree():
    root = Resource()
    root.putChild(b"", Page(lambda request: b"hello"))
    root.putChild(b"echo", Page(lambda request: request.content.read(), ["POST", "PUT"]))
    root.putChild(b"ws", WebSocketResource(WebSocketServerFactory.forProtocol(EchoSocket)))
    return root


def test_the_standard_librarys_client(one_reactor, served):
    def talk(host):
        connection = http.client.HTTPConnection(host, timeout=DEADLINE_S)
        answers = []
        for method, path, body in [("GET", "/", None), ("POST", "/echo", b"x" * 300_000), ("HEAD", "/", None)]:
            connection.request(method, path, body)
            response = connection.getresponse()
            answers.append((response.status, response.read(), response.headers["content-length"]))
        connection.request(
            "PUT", "/echo", iter([b"a", b"b"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
        )
        answers.append(connection.getresponse().read())
        connection.close()
        return answers

    big = b"x" * 300_000
    assert meanwhile(one_reactor, talk, served(tree())) == [
        *((200, b"hello", "5"), (200, big, "300000"), (200, b"", "5")),
        b"ab",
    ]


@pytest.mark.peer("HTTP", client="curl")
def test_curl(one_reactor, served, tmp_path):
    (tmp_path / "file").write_bytes(b"0123456789")
    root = tree()
    root.putChild(b"files", File(str(tmp_path)))
    host = served(root)

    def curl(*options):
        return run_program(one_reactor, "curl", "-s", "--max-time", DEADLINE_S, *options).stdout

    assert curl(f"http://{host}/", f"http://{host}/") == b"hellohello"
    assert curl("-0", f"http://{host}/") == b"hello"
    assert b"HTTP/1.1 200 OK" in curl("-I", f"http://{host}/")
    assert curl("-r", "2-4", f"http://{host}/files/file") == b"234"
    assert curl("-L", "-o", "/dev/null", "-w", "%{http_code}", f"http://{host}/files") == b"200"
    (tmp_path / "up").write_bytes(b"y" * 2_000_000)
    upload = ("-T", tmp_path / "up", f"http://{host}/echo")
    assert curl(*upload) == b"y" * 2_000_000
    assert curl("-H", "Transfer-Encoding: chunked", *upload) == b"y" * 2_000_000
    assert curl("-H", "Expect: 100-continue", *upload) == b"y" * 2_000_000
    assert b"101 Switching" in curl(
        *("-i", "--max-time", "1", "-H", "Connection: Upgrade", "-H", "Upgrade: websocket"),
        *("-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==", f"http://{host}/ws"),
    )


@pytest.mark.peer("HTTP", client="curl")
def test_curl_over_TLS(one_reactor, served, tmp_path):
    securely.authority().cert_pem.write_to_path(tmp_path / "ca.pem")
    port = served(tree(), secure=True).rpartition(":")[2]
    command = ["curl", "-s", "--cacert", tmp_path / "ca.pem", "--resolve", f"localhost:{port}:127.0.0.1"]
    assert run_program(one_reactor, *command, f"https://localhost:{port}/").stdout == b"hello"


@pytest.mark.peer("HTTP", client="wrk")
def test_wrk(one_reactor, served):
    output = run_program(one_reactor, "wrk", "-t1", "-c10", "-d1s", f"http://{served(tree())}/").stdout.decode()
    assert "requests in" in output
    assert "Non-2xx" not in output
    assert "Socket errors" not in output


@pytest.mark.peer("HTTP", client="nghttp")
def test_nghttp_is_told_that_there_is_no_HTTP_2(one_reactor, served):
    """Neither by upgrade, which is passed over, nor at once, which is refused: it gives up, and we go on."""
    host = served(tree())
    for options in (["-u"], []):
        run_program(one_reactor, "nghttp", *options, "--timeout=5", f"http://{host}/")
    assert run_program(one_reactor, "curl", "-s", f"http://{host}/").stdout == b"hello"


@pytest.mark.peer("HTTP", client="websockets")
def test_websockets_as_a_client(one_reactor, served):
    import websockets.sync.client

    def talk(host):
        with websockets.sync.client.connect(f"ws://{host}/ws", compression="deflate", max_size=None) as socket:
            answers = []
            for message in ("hällo", b"\0\1", "x" * 1_000_000, b"y" * 1_000_000):
                socket.send(message)
                answers.append(socket.recv(DEADLINE_S))
            socket.ping(b"there").wait(DEADLINE_S)
        return answers, socket.protocol.close_code

    answers, code = meanwhile(one_reactor, talk, served(tree()))
    assert answers == ["hällo", b"\0\1", "x" * 1_000_000, b"y" * 1_000_000]
    assert code == 1000


class Asking(WebSocketProtocol):
    """Sends, notes what comes back, says goodbye."""

    def __init__(self):
        self.heard, self.reason = [], None

    def negotiationFinished(self):
        self.transport.sendTextMessage("hällo")
        self.transport.sendBytesMessage(b"y" * 500_000)

    def textMessageReceived(self, message):
        self.heard.append(message)

    def bytesMessageReceived(self, data):
        self.heard.append(data)
        self.transport.loseConnection(1000, "bye")

    def connectionLost(self, reason):
        self.reason = reason


def ask(reactor, url, **options):
    protocol = Asking()
    endpoint = WebSocketClientEndpoint.new(reactor, url, **options)
    failures = []
    endpoint.connect(WebSocketClientFactory.forProtocol(lambda: protocol)).addErrback(failures.append)
    run_until(reactor, lambda: protocol.reason is not None or failures)
    assert not failures, failures[0].getTraceback()
    assert protocol.heard == ["hällo", b"y" * 500_000]
    assert protocol.reason.type.__name__ == "ConnectionDone"


@pytest.mark.peer("HTTP", server="websockets")
def test_websockets_as_a_server(one_reactor):
    import websockets.sync.server

    def echo(socket):
        for message in socket:
            socket.send(message)

    with websockets.sync.server.serve(echo, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            ask(one_reactor, f"ws://127.0.0.1:{server.socket.getsockname()[1]}/x?y")
        finally:
            server.shutdown()
            thread.join()


def test_our_own_websockets_over_TLS(one_reactor, served):
    port = served(tree(), secure=True).rpartition(":")[2]
    ask(one_reactor, f"wss://localhost:{port}/ws", tlsPolicy=BrowserLikePolicyForHTTPS(securely.trust()))


@pytest.mark.peer("HTTP", client="aiohttp")
def test_aiohttp_as_a_client(one_reactor, served):
    import aiohttp

    async def talk(host):
        async with aiohttp.ClientSession() as session:
            page = await (await session.get(f"http://{host}/")).text()
            echoed = await (await session.post(f"http://{host}/echo", data=b"x" * 200_000)).read()
            async with session.ws_connect(f"http://{host}/ws", compress=15) as socket:
                await socket.send_str("hello")
                return page, len(echoed), await socket.receive_str()

    def in_a_loop(host):
        return asyncio.run(talk(host))

    assert meanwhile(one_reactor, in_a_loop, served(tree())) == ("hello", 200_000, "hello")


AIOHTTP_SERVER = """
import asyncio, sys
from aiohttp import web

async def page(request):
    return web.Response(text="page", headers={"X-Got": request.headers.get("User-Agent", "")})

async def moved(request):
    raise web.HTTPFound("/page")

async def stream(request):
    response = web.StreamResponse()
    response.enable_compression()
    await response.prepare(request)
    for number in range(1000):
        await response.write(b"0123456789" * 100)
    await response.write_eof()
    return response

async def main():
    app = web.Application()
    app.add_routes([web.get("/page", page), web.get("/moved", moved), web.get("/stream", stream)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()

asyncio.run(main())
"""


@contextmanager
def started(*command):
    """A process whose first line says where it listens."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(list(map(str, command)), **pipes) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(DEADLINE_S)


@pytest.mark.peer("HTTP", server="aiohttp")
def test_aiohttp_as_a_server(one_reactor):
    def page(url, **options):
        got = []
        getPage(url, one_reactor, **options).addBoth(got.append)
        run_until(one_reactor, lambda: got)
        return got[0]

    with started(sys.executable, "-c", AIOHTTP_SERVER) as port:
        assert page(f"http://127.0.0.1:{port}/moved") == b"page"
        assert page(f"http://127.0.0.1:{port}/stream") == b"0123456789" * 100_000
        assert page(f"http://127.0.0.1:{port}/nothing").value.status == b"404"
        assert page(f"http://127.0.0.1:{port}/page", agent=Agent(one_reactor)) == b"page"
        run_until(one_reactor, lambda: not one_reactor.transports)


def test_a_client_that_asks_and_goes_leaves_nothing(one_reactor, served):
    """NOT_DONE_YET, and then the client is gone: the loop forgets it."""
    asked = []

    def never(request):
        request.notifyFinish().addErrback(asked.append)
        return NOT_DONE_YET

    def ask_and_go(host):
        connection = http.client.HTTPConnection(host, timeout=DEADLINE_S)
        connection.request("GET", "/")
        connection.close()

    meanwhile(one_reactor, ask_and_go, served(Page(never)))
    run_until(one_reactor, lambda: asked)
