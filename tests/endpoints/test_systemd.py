"""Endpoints that a service manager has opened: what the environment says, and a program that is started so."""

import os
import socket
import subprocess
import sys

import pytest

from reactor.endpoints import serverFromString
from reactor.testing import MemoryReactorClock
from tests.support import oracle

pytestmark = pytest.mark.skipif(os.name != "posix", reason="descriptors are passed on by fork and exec")

PROGRAM = """
from reactor.endpoints import serverFromString
from reactor.protocol import Factory, Protocol
from reactor.selectreactor import SelectReactor

class Hello(Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")
        self.transport.loseConnection()
    def connectionLost(self, reason):
        reactor.stop()

reactor = SelectReactor()
port = serverFromString(reactor, {description!r}).listen(Factory.forProtocol(Hello))
port.addErrback(lambda failure: (failure.printTraceback(), reactor.stop()))
reactor.run()
"""


LAUNCHER = """
import fcntl, os, sys
count = int(sys.argv[1])
out_of_the_way = 20
passed = [fcntl.fcntl(int(number), fcntl.F_DUPFD, out_of_the_way) for number in sys.argv[2 : 2 + count]]
for place, descriptor in enumerate(passed, 3):
    os.dup2(descriptor, place)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(count), LISTEN_FDNAMES=sys.argv[2 + count])
os.execv(sys.argv[3 + count], sys.argv[3 + count :])
"""


def start(description, *descriptors, names=""):
    """Run PROGRAM as systemd would: the descriptors from 3 on, and an environment with the program's own number."""
    passed = map(str, [len(descriptors), *descriptors, names])
    command = [sys.executable, "-c", LAUNCHER, *passed, *oracle.python(PROGRAM.format(description=description))]
    return subprocess.Popen(command, pass_fds=descriptors, stderr=subprocess.PIPE)


@pytest.mark.parametrize("description", ["systemd:domain=INET:index=0", "systemd:domain=INET:name=web"])
def test_a_program_serves_at_a_socket_that_was_opened_for_it(description):
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        start(description, listener.fileno(), names="web") as program,
        socket.create_connection(listener.getsockname(), timeout=10) as peer,
    ):
        assert peer.recv(100) == b"hello"
        _, errors = program.communicate(timeout=10)
    assert (program.returncode, errors) == (0, b"")


def test_the_second_of_two_sockets(tmp_path):
    path = str(tmp_path / "socket")
    with (
        socket.create_server(("127.0.0.1", 0)) as first,
        socket.socket(socket.AF_UNIX) as second,
        socket.socket(socket.AF_UNIX) as peer,
    ):
        second.bind(path)
        second.listen()
        with start("systemd:domain=UNIX:index=1", first.fileno(), second.fileno(), names="a:b") as program:
            peer.settimeout(10)
            peer.connect(path)
            assert peer.recv(100) == b"hello"
            program.communicate(timeout=10)
    assert program.returncode == 0


def test_one_of_index_and_name_must_be_given():
    for description in ("systemd:domain=INET", "systemd:domain=INET:index=0:name=web"):
        with pytest.raises(ValueError, match="Specify exactly one of descriptor index or name"):
            serverFromString(MemoryReactorClock(), description)


@pytest.mark.own_promise("the words are ours")
def test_what_was_not_passed_is_an_error_that_says_what_was(monkeypatch):
    from reactor import systemd

    found = systemd.ListenFDs([3, 4], ["web", "mail"])
    monkeypatch.setattr(systemd, "inherited", lambda: found)
    for description, message in [
        ("systemd:INET:2", r"has opened 2 sockets for us: there is no index=2 \(in 'systemd:INET:2'\)"),
        ("systemd:INET:name=ftp", "has opened no socket named 'ftp' for us; there are web, mail"),
        ("systemd:TCP:0", "domain is INET, INET6 or UNIX, not 'TCP'"),
    ]:
        with pytest.raises(ValueError, match=message):
            serverFromString(MemoryReactorClock(), description)
