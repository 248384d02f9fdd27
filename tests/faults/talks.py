"""What all kinds of conversations have in common, for the run."""

from __future__ import annotations


class Talk:
    """One conversation of a plan: a server in one program, clients in another, or in the same one.

    number: its index in the plan. starts_s: when its clients begin. books, server, client: set before it begins.
    programs: all that take part in it. ports: its ports, each with its program.
    transports: its connections, as they are made.
    loses_packets, cuts, freezes: whether packets get lost, links are cut, programs freeze.
    has_begun: whether the server listens.
    harmed: its misfortunes, in words; "" while it can be expected to go well.
    """

    patience_s = 120.0
    backlog = 50

    def __init__(self, number, starts_s):
        self.number = number
        self.starts_s = starts_s
        self.harmed = ""
        self.loses_packets = self.cuts = self.freezes = False
        self.has_begun = False
        self.ports = []
        self.protocols = []
        self.refusals = 0

    def begin(self, books, server, client, others):
        """Let it begin, in these programs. others: all that there are."""
        self.books = books
        self.server = server
        self.client = client
        self.programs = [server, client]
        server.reactor.callFromThread(self._serve_and_call)

    def _serve_and_call(self):
        self.serve(self.server.reactor)
        self.has_begun = True
        self.client.reactor.callFromThread(self.call, self.client.reactor)

    def serve(self, reactor):
        """Let the server listen."""
        raise NotImplementedError

    def call(self, reactor):
        """Let the clients call when it is time."""
        raise NotImplementedError

    @property
    def is_over(self):
        """Whether nothing more can be expected of it."""
        raise NotImplementedError

    @property
    def may_hang(self):
        """Whether it can't come to an end by itself."""
        return bool(self.harmed)

    def unfinished(self):
        """What it waits for, as text."""
        raise NotImplementedError

    def abort(self):
        """End it, because it takes too long."""
        for transport in self.transports:
            transport.reactor.callFromThread(transport.abortConnection)

    def check(self):
        """After the end, complain about what doesn't add up."""
        raise NotImplementedError

    def check_factories(self):
        """The run is over, and no port listens any more."""

    # --- for the protocols and factories of a talk

    def listen(self, program, port):
        """Note a port that is open, in this program."""
        self.ports.append((program, port))

    def refuses(self):
        """Whether the server's factory builds nothing this time."""
        if self.refusals:
            self.refusals -= 1
            self.harm("the factory builds no protocol")
            return True
        return False

    def remember(self, protocol):
        """Keep a protocol, for troubles that need its connection."""
        self.protocols.append(protocol)
        return protocol

    @property
    def transports(self):
        """The connections that are open."""
        made = [protocol.transport for protocol in self.protocols if protocol.transport is not None]
        return [transport for transport in made if transport.connected]

    def harm(self, what):
        """Note a misfortune."""
        self.harmed = self.harmed or what
        self.note(what)

    def note(self, what):
        self.books.note(f"talk {self.number}", what)

    def complain(self, what):
        self.books.complain(f"talk {self.number}", what)
