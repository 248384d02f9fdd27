"""FTP on bad networks, from seeds: links that lose, delay, cut and shred, and connections that are reset.

A client uploads a file and downloads another, and goes on where it was cut, until it has done both. Whatever happens:
the server shows the file whole or not at all, what came down is what was there, and in the end the server has neither a
connection nor a timer left, nor a port for data.
"""

import io

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.cred.checkers import AllowAnonymousAccess
from reactor.cred.portal import Portal
from reactor.defer import ensureDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.protocols.basic import FileSender
from reactor.protocols.ftp import CommandFailed, FTPClient, FTPFactory, IFTPShell
from reactor.protocols.ftp.data import DTPFactory
from reactor.task import deferLater
from reactor.vfs import MemoryFolder
from reactor.vfs.memory import _Upload
from tests.protocols.ftp_doubles import Collector
from tests.support.bad_weather import Weather, assert_found_out, in_portions, is_empty, try_all

SEEDS = 24
LONGEST_S = 7200.0


class Run(Weather):
    """One seed: a server, a client that comes until it has done its work, some misfortunes."""

    def __init__(self, seed):
        super().__init__(seed)
        size = self.dice.choice([0, 5000, 300_000, 600_000])
        self.up, self.down = self.dice.randbytes(size), self.dice.randbytes(size + 7)
        self.shell = MemoryFolder({"down": self.down})
        self.got, self.is_up, self.is_over, self.problems = b"", False, False, []
        self.is_calm = self.dice.random() < 0.3
        self.passive = self.dice.random() < 0.7
        self.connect(
            latency_s=[0.001, 0.05, 0.2],
            jitter_s=[0.0, 0.01],
            loss=[0.0, 0.0, 0.0 if self.is_calm else 0.03],
            shred=[0.0, 0.3, 1.0],
            mss=[1460, 200],
        )

    def requestAvatar(self, *_):
        return IFTPShell, self.shell, lambda: None

    def serve(self, reactor):
        self.server = reactor
        factory = FTPFactory(Portal(self, [AllowAnonymousAccess()]), reactor=reactor)
        factory.noisy = False
        reactor.listenTCP(21, factory)

    async def session(self, reactor):
        client = FTPClient(passive=self.passive, reactor=reactor)
        await connectProtocol(HostnameEndpoint(reactor, "server", 21), client)
        try:
            if not self.is_up:
                await self.upload(client)
            self.is_up = True
            if len(self.got) < len(self.down):
                await self.download(client)
            await client.quit()
        finally:
            client.transport.abortConnection()

    async def upload(self, client):
        try:
            offset = await client.size("up")
        except CommandFailed:
            offset = 0
        connected, done = client.storeFile("up", offset)
        done.addErrback(lambda failure: failure)  # whichever fails first
        connected.addErrback(lambda _: None)
        if (consumer := await connected) is not None:
            sending = FileSender().beginFileTransfer(io.BytesIO(self.up[offset:]), consumer)
            sending.addCallbacks(lambda _: consumer.finish(), lambda _: None)
        await done

    async def download(self, client):
        came = Collector()
        try:
            await client.retrieveFile("down", came, offset=len(self.got))
        finally:
            self.got += came.data

    async def sessions(self, reactor):
        for _ in range(60):
            try:
                await self.session(reactor)
            except Exception as problem:
                self.problems.append(problem)
                await deferLater(reactor, self.dice.choice([1.0, 100.0]))
            else:
                break
        self.is_over = True

    def go(self):
        with self.world as world:
            world.start(self.serve, host="server")
            world.start(lambda reactor: ensureDeferred(self.sessions(reactor)), host="home")
            for _ in range(0 if self.is_calm else self.dice.randint(1, 4)):
                world.advance(self.dice.choice([0.1, 0.5, 1.5, 3.0]))
                self.something_happens()
                self.check()
            world.run_until(lambda: self.is_over, LONGEST_S * 10)
            world.run_until(lambda: is_empty(self.server), LONGEST_S)
            self.check()
            assert "up" in self.shell._root and self.got == self.down, self.problems
            assert not (self.is_calm and self.problems), self.problems

    def check(self):
        there = self.shell._root.get("up")
        assert there is None or there.data == self.up, "the server shows a file that isn't whole"
        assert self.down.startswith(self.got), "what came down isn't what was there"


@in_portions(SEEDS)
def test_files_are_whole_or_not_there_on_bad_networks(seeds, logged_errors):
    try_all(Run, seeds)


def publishes_what_has_come(self):
    self._keep(self._name)


def leaves_its_port_open(self):
    self.port = None


@pytest.mark.parametrize(
    "owner, method, defect",
    [
        (_Upload, "abort", publishes_what_has_come),
        (DTPFactory, "_stop_listening", leaves_its_port_open),
    ],
)
def test_a_spoiled_server_is_found_out(monkeypatch, logged_errors, owner, method, defect):
    monkeypatch.setattr(owner, method, defect)
    assert_found_out(Run, defect.__name__, logged_errors)
