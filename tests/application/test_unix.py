"""Applications at UNIX sockets."""

import subprocess
import sys

import pytest

from reactor.app import Application
from reactor.application.starting import privilegedStart, startApplication
from tests.support.loopback import Client, Server, run, run_until


@pytest.fixture
def application(reactor):
    return Application("web", reactor=reactor)


@pytest.mark.not_only_sockets
def test_an_application_speaks_unix_sockets_and_datagrams(reactor, application, tmp_path):
    from reactor.protocol import DatagramProtocol

    server, client = Server("server"), Client("client")
    application.listenUNIX(str(tmp_path / "s"), server)
    application.connectUNIX(str(tmp_path / "s"), client)
    datagrams = DatagramProtocol()
    datagrams.noisy = False
    application.listenUDP(0, datagrams, interface="127.0.0.1")
    privilegedStart(application)
    startApplication(application, False, reactor)
    run_until(reactor, lambda: client.talker and server.talker)
    assert datagrams.transport.getHost().port > 0
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert not (tmp_path / "s").exists()


@pytest.mark.not_only_sockets
def test_a_socket_that_a_killed_program_has_left_is_taken_over(reactor, application, tmp_path):
    path = str(tmp_path / "s")
    program = "import os; from reactor import app, protocol; application = app.Application('a')\n"
    program += f"application.listenUNIX({path!r}, protocol.Factory())\n"
    program += "from reactor import reactor; reactor.callWhenRunning(os.kill, os.getpid(), 9); application.run()\n"
    assert subprocess.run([sys.executable, "-c", program], timeout=30, check=False).returncode == -9
    assert (tmp_path / "s").exists()
    application.listenUNIX(path, Server("server"))
    privilegedStart(application)
    startApplication(application, False, reactor)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert not (tmp_path / "s").exists()
