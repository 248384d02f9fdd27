"""A server of a small deck, on a real reactor and real sockets, and pages that are open in it."""

import json
from dataclasses import replace

from lecture.serve.server import Options, Server
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.web.http_headers import Headers
from reactor.web.websocket import WebSocketClientEndpoint, WebSocketClientFactory, WebSocketProtocol
from tests.support.example_folder import Folder
from tests.support.loopback import run_until

DECK = """\
from lecture.slides import Lecture, Slide, Code, Session
lecture = Lecture("A Talk", Slide("Echo", Code("02_echo/server.py"), Session("02_echo")))
"""
PATIENCE_S = 30.0  # two cores, and others who use them


class Page(WebSocketProtocol):
    """A page of the deck: notes what it hears, and what became of it."""

    def __init__(self):
        self.heard = []
        self.has_gone = False

    def textMessageReceived(self, message):
        self.heard.append(json.loads(message))

    def connectionLost(self, reason=connectionDone):
        self.has_gone = True

    def say(self, **message):
        self.transport.sendTextMessage(json.dumps(message))

    def of(self, kind):
        """The messages of one type that it has heard."""
        return [message for message in self.heard if message["type"] == kind]

    def runs(self, what):
        """What it has heard of runs, of one kind."""
        return [message for message in self.of("run") if message["what"] == what]


class Served:
    """The deck `talk.py` in a folder, with its examples, and the server."""

    def __init__(self, reactor, folder):
        self.reactor, self.folder = reactor, folder
        self.site = folder / "served" / "site"
        self.examples = Folder(folder)
        self.said = []
        self.server = None

    def write(self, text, name="talk.py"):
        (self.folder / name).write_text(text)

    def replace(self, old, new, name="talk.py"):
        text = (self.folder / name).read_text()
        assert old in text
        self.write(text.replace(old, new), name)

    def start(self, **options):
        """Begin to serve, and wait for the first build."""
        given = {"port": 0, "examples": self.examples.root, "cache": self.folder / "cache", **options}
        deck = self.folder / "talk.py"
        options = Options(str(deck), deck, **given)
        self.server = Server(self.reactor, options, self.site, self.said.append)
        self.server.start()
        self.until(lambda: self.said)
        return self

    def until(self, condition):
        run_until(self.reactor, condition, PATIENCE_S)

    @property
    def host(self):
        return f"127.0.0.1:{self.server.door.port}"

    def open(self, token=None, origin=True, host=None):
        """Ask for a WebSocket, as a page of this origin does; True is our own. Returns the page, or the failure."""
        result = self.opening(token, origin, host)
        self.until(lambda: result)
        return result[0].value if isinstance(result[0], Failure) else result[0]

    def opening(self, token=None, origin=True, host=None):
        """The same without waiting: the list gets it."""
        headers = Headers()
        if origin:
            headers.addRawHeader("origin", f"http://{self.host}" if origin is True else origin)
        query = "" if token is None else f"?token={token}"
        endpoint = WebSocketClientEndpoint.new(self.reactor, f"ws://{self.host}/live{query}", headers=headers)
        if host:
            endpoint.greeting = _naming(host, endpoint.greeting)
        result = []
        endpoint.connect(WebSocketClientFactory.forProtocol(Page)).addBoth(result.append)
        return result

    def follower(self):
        """A page of the audience that was greeted."""
        return self._greeted(self.open())

    def speaker(self):
        """A page of the speaker's that was greeted."""
        return self._greeted(self.open(self.server.door.token))

    def _greeted(self, page):
        self.until(lambda: page.of("built"))
        return page

    def close(self):
        if self.server is not None:
            stopped = []
            self.server.stop().addBoth(stopped.append)
            self.until(lambda: stopped)
            assert not isinstance(stopped[0], Failure), stopped[0].getTraceback()
        self.until(lambda: not self.reactor.transports)


def _naming(host, greeting):
    def greet(*arguments):
        return replace(greeting(*arguments), host=host)

    return greet
