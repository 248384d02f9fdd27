"""A Pair (see loopback.py) whose two ends talk over a UNIX socket."""

from tests.support.loopback import Client, Pair, Server, Talker


class UnixPair(Pair):
    """A listening UNIX socket at `path` and one client of it, whose callbacks are noted together in `events`."""

    def __init__(self, reactor, path, server=None, client=None, talker=Talker, connect=True, **options):
        self.reactor = reactor
        self.path = path
        self.events = []
        self.server = Server("server", self.events, talker, **(server or {}))
        self.client = Client("client", self.events, talker, **(client or {}))
        self.port = reactor.listenUNIX(path, self.server, **options)
        self.connector = None
        if connect:
            self.connect()

    def connect(self, **options):
        self.connector = self.reactor.connectUNIX(self.path, self.client, **options)
        return self.connector
