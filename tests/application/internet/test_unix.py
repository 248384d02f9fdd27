"""Listening and connecting over UNIX sockets as services. Also true of Twisted (`--oracle`)."""

import pytest

from reactor.application.internet import UNIXClient, UNIXDatagramClient, UNIXDatagramServer, UNIXServer
from reactor.defer import maybeDeferred
from reactor.protocol import ConnectedDatagramProtocol, DatagramProtocol
from tests.support.loopback import Client, Server, run_until


def stop(reactor, service):
    stopped = []
    maybeDeferred(service.stopService).addBoth(stopped.append)
    run_until(reactor, lambda: stopped)
    assert stopped == [None]


@pytest.mark.not_only_sockets
def test_unix_sockets_are_served_too(reactor, tmp_path):
    server, client = Server("server"), Client("client")
    path = str(tmp_path / "s")
    serving = UNIXServer(path, server, reactor=reactor)
    serving.startService()
    calling = UNIXClient(path, client, reactor=reactor)
    calling.startService()
    run_until(reactor, lambda: client.talker and server.talker)
    stop(reactor, calling)
    stop(reactor, serving)
    run_until(reactor, lambda: client.talker.reason and server.talker.reason)
    assert not (tmp_path / "s").exists()


class Hearing(DatagramProtocol):
    noisy = False

    def __init__(self):
        self.heard = []

    def datagramReceived(self, datagram, address):
        self.heard.append(datagram)


class Speaking(ConnectedDatagramProtocol):
    noisy = False


@pytest.mark.not_only_sockets
@pytest.mark.leaks_in_twisted("a client for datagrams over UNIX sockets can't be stopped there")
def test_datagrams_over_unix_sockets_are_served_too(reactor, tmp_path):
    ears, mouth = Hearing(), Speaking()
    serving = UNIXDatagramServer(str(tmp_path / "s"), ears, reactor=reactor)
    serving.startService()
    sending = UNIXDatagramClient(str(tmp_path / "s"), mouth, reactor=reactor)
    sending.startService()
    mouth.transport.write(b"psst")
    run_until(reactor, lambda: ears.heard == [b"psst"])
    stop(reactor, serving)
    stop(reactor, type("", (), {"stopService": mouth.transport.stopListening}))
