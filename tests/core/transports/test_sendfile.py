"""Files that leave by `transport.writeFrom`: the kernel sends those that it can, and all arrive whole."""

import gzip
import io
import os
import socket

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted reads every file itself", allow_module_level=True)

from reactor.core.transports import connection, sendfile
from tests.support.loopback import Pair

DATA = os.urandom(3_000_000)


class Sender:
    """A pull producer, as those of reactor.vfs are."""

    def __init__(self, file, transport):
        self.file, self.transport, self.is_over = file, transport, False
        transport.registerProducer(self, False)

    def resumeProducing(self):
        if not self.transport.writeFrom(self.file, 2**20):
            self.is_over = True
            self.transport.unregisterProducer()
            self.transport.loseConnection()

    def stopProducing(self):
        self.is_over = True


@pytest.fixture
def pair(reactor):
    """Two ends of a connection, made when it is asked for."""
    made = []

    def make():
        made.append(Pair(reactor))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def by_kernel(monkeypatch):
    """How many bytes the kernel sent, each time that it was asked."""
    sent = []

    def counted(skt, file, size):
        sent.append(sendfile.sent_by_kernel(skt, file, size))
        if not isinstance(skt, socket.socket):
            assert not sent.pop(), "a simulated socket's number may be that of a real file"
            return 0
        return sent[-1]

    monkeypatch.setattr(connection, "sent_by_kernel", counted)
    return sent


def sends(pair, file):
    ours, theirs = pair.establish()
    ours.transport.write(b"first ")
    Sender(file, ours.transport)
    pair.run_until_lost()
    return bytes(theirs.received)


def test_the_kernel_sends_a_file_from_where_it_is(pair, tmp_path, by_kernel):
    (tmp_path / "file").write_bytes(DATA)
    with (tmp_path / "file").open("rb") as file:
        file.read(10)
        assert sends(pair(), file) == b"first " + DATA[10:]
    assert not by_kernel or sum(by_kernel) > len(DATA) // 2


@pytest.mark.parametrize("kind", ["memory", "gzip"])
def test_what_only_looks_like_a_file_is_read(pair, tmp_path, by_kernel, kind):
    (tmp_path / "file").write_bytes(gzip.compress(DATA, 1))
    with io.BytesIO(DATA) if kind == "memory" else gzip.open(tmp_path / "file") as file:
        assert sends(pair(), file) == b"first " + DATA
    assert not any(by_kernel)


def test_where_the_kernel_cannot_the_file_is_read(pair, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(22, "not this file system")

    monkeypatch.setattr(sendfile, "_sendfile", refuse)
    (tmp_path / "file").write_bytes(DATA)
    with (tmp_path / "file").open("rb") as file:
        assert sends(pair(), file) == b"first " + DATA
