"""Our client of SFTP: at our own server, and at OpenSSH's."""

import io

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's is another", allow_module_level=True)

from reactor.conch.ssh.filetransfer import SFTPClient
from reactor.conch.ssh.loop import loop_of
from reactor.vfs import Folder
from tests.conch.sftp_doubles import House
from tests.conch.ssh_servers import SSHD_CONFIG, USER, make_jail, make_keys
from tests.peers.daemons import Daemon
from tests.peers.packages import why_missing
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

BYTES = bytes(range(256)) * 40_000


class Taker:
    """A consumer that pauses its producer after each write, until it is told to go on."""

    def __init__(self, reactor, eager=True):
        self.data, self.reactor, self.eager, self.producer = b"", reactor, eager, None

    def registerProducer(self, producer, streaming):
        assert streaming
        self.producer = producer

    def unregisterProducer(self):
        self.producer = None

    def write(self, data):
        self.data += data
        self.producer.pauseProducing()
        if self.eager:
            self.reactor.callLater(0, self.producer.resumeProducing)


class Remote:
    """A client, and the folder that its server shows. path: how the client names that."""

    def __init__(self, reactor, port, folder, path, **login):
        self.reactor, self.folder, self.path = reactor, folder, path
        nothing = {"known_hosts": None, "config": None, "agent_path": None, "client_keys": None, **login}
        self.connection = self.wait(loop_of(reactor).run(asyncssh.connect("127.0.0.1", port, **nothing)))
        self.client = self.wait(SFTPClient.on(self.connection, reactor))

    def wait(self, deferred):
        results = outcomes(deferred)
        run_until(self.reactor, lambda: results)
        if hasattr(results[0], "raiseException"):
            results[0].raiseException()
        return results[0]

    def close(self):
        if not self.connection.is_closed():
            self.wait(self.client.loseConnection())
        self.connection.close()
        self.wait(loop_of(self.reactor).run(self.connection.wait_closed()))


@pytest.fixture
def ours(one_reactor, tmp_path):
    house = House(one_reactor, Folder(tmp_path, reactor=one_reactor))
    remote = Remote(one_reactor, house.port, tmp_path, "", username="ann", password="secret")
    yield remote
    remote.close()
    house.close()


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    if missing := why_missing("sshd"):
        pytest.skip(missing)
    keys = tmp_path_factory.mktemp("keys")
    make_keys(keys)
    make_jail()
    config = SSHD_CONFIG + "Subsystem sftp internal-sftp\n"
    command = ["sshd", "-D", "-e", "-f", "@FOLDER@/sshd_config"]
    running = Daemon(keys, command, {"sshd_config": config}, ready="Server listening")
    yield running
    running.stop()


@pytest.fixture
def theirs(one_reactor, sshd, tmp_path):
    login = {"username": USER, "client_keys": [sshd.folder / "user"]}
    remote = Remote(one_reactor, sshd.port, tmp_path, f"{tmp_path}/", **login)
    yield remote
    remote.close()
    run_until(one_reactor, lambda: not one_reactor.transports and not loop_of(one_reactor)._ready)


def check(remote):
    """All that a client does."""
    client, at = remote.client, remote.path
    assert remote.wait(client.put(io.BytesIO(BYTES), f"{at}up")) == len(BYTES)
    assert (remote.folder / "up").read_bytes() == BYTES
    for eager in (True, False):
        taker = Taker(remote.reactor)
        assert remote.wait(client.get(f"{at}up", taker, 1000 * eager)) == len(BYTES)
        assert taker.data == BYTES[1000 * eager :] and taker.producer is None
    remote.wait(client.mkdir(f"{at}d"))
    remote.wait(client.rename(f"{at}up", f"{at}d/b"))
    (remote.folder / "d" / "a").touch()
    assert remote.wait(client.listdir(f"{at}d")) == ["a", "b"]
    assert remote.wait(client.stat(f"{at}d/b")).size == len(BYTES)
    remote.wait(client.remove(f"{at}d/b"))
    with pytest.raises(asyncssh.SFTPNoSuchFile):
        remote.wait(client.get(f"{at}d/b", Taker(remote.reactor)))


@pytest.mark.peer("SFTP", server="sshd")
def test_files_of_OpenSSH_s_server(theirs):
    check(theirs)


def test_files_of_our_own_server(ours):
    check(ours)


def test_an_upload_goes_on_where_it_was_cut(ours):
    (ours.folder / ".up.part").write_bytes(BYTES[:5_000_000])
    size = ours.wait(ours.client.stat(".up.part")).size
    assert ours.wait(ours.client.put(io.BytesIO(BYTES), "up", size)) == len(BYTES)
    assert (ours.folder / "up").read_bytes() == BYTES and not (ours.folder / ".up.part").exists()


def test_a_consumer_that_goes_ends_the_download(ours):
    (ours.folder / "big").write_bytes(BYTES)
    taker = Taker(ours.reactor, eager=False)
    results = outcomes(ours.client.get("big", taker))
    run_until(ours.reactor, lambda: taker.data)
    producer = taker.producer
    producer.stopProducing()
    run_until(ours.reactor, lambda: results)
    assert results[0].check(ConnectionError) and len(taker.data) < len(BYTES)
    assert ours.wait(ours.client.listdir()) == ["big"]


def test_a_connection_that_is_lost_fails_what_was_asked(ours):
    (ours.folder / "big").write_bytes(BYTES)
    taker = Taker(ours.reactor, eager=False)
    results = outcomes(ours.client.get("big", taker))
    run_until(ours.reactor, lambda: taker.data)
    ours.connection.abort()
    taker.producer.resumeProducing()
    run_until(ours.reactor, lambda: results)
    assert results[0].check(asyncssh.SFTPError)
