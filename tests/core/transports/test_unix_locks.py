"""The lock of a server at a UNIX socket: one server at a time, and what a dead one has left is cleared away."""

import os
import socket
import subprocess
import sys

import pytest

from reactor.error import BadFileError, CannotListenError
from tests.support import oracle
from tests.support.loopback import Client, Server, run_until, stop_listening


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "socket")


@pytest.fixture
def listen(reactor):
    """Like reactor.listenUNIX with a lock; the port is closed after the test."""
    ports = []

    def start(path):
        ports.append(reactor.listenUNIX(path, Server("server"), wantPID=1))
        return ports[-1]

    yield start
    for port in ports:
        stop_listening(reactor, port)


def dead_process():
    """The id of a process that has lived."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    return child.pid


def leave_stale(path, holder):
    """What a server leaves that was killed: its lock, and its socket."""
    os.symlink(str(holder), path + ".lock")
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(path)


def test_the_lock_is_a_link_that_names_the_process(listen, path):
    listen(path)
    assert os.readlink(path + ".lock") == str(os.getpid())


def test_without_wantPID_there_is_no_lock(reactor, path):
    port = reactor.listenUNIX(path, Server("server"))
    assert not os.path.lexists(path + ".lock")
    stop_listening(reactor, port)


def test_a_second_server_is_turned_away_and_the_first_goes_on(reactor, listen, path):
    listen(path)
    with pytest.raises(CannotListenError):
        listen(path)
    client = Client("client")
    connector = reactor.connectUNIX(path, client)
    run_until(reactor, lambda: client.talker and client.talker.is_made)
    connector.disconnect()
    run_until(reactor, lambda: client.reason)


@pytest.mark.own_promise("it says no more than `Cannot acquire lock`")
def test_who_is_turned_away_learns_by_whom(listen, path):
    listen(path)
    with pytest.raises(CannotListenError, match=f"process {os.getpid()} listens there already"):
        listen(path)


def test_the_lock_of_a_living_process_keeps_others_out_though_its_socket_is_gone(reactor, path):
    os.symlink(str(os.getppid()), path + ".lock")
    with pytest.raises(CannotListenError):
        reactor.listenUNIX(path, Server("server"), wantPID=1)
    assert os.readlink(path + ".lock") == str(os.getppid())


def test_stopListening_gives_the_lock_back(reactor, listen, path, tmp_path):
    port = listen(path)
    stop_listening(reactor, port)
    assert os.listdir(tmp_path) == []
    port.startListening()
    assert os.readlink(path + ".lock") == str(os.getpid())


def test_what_a_dead_server_has_left_is_cleared_away(reactor, listen, path):
    leave_stale(path, dead_process())
    port = listen(path)
    assert os.readlink(path + ".lock") == str(os.getpid())
    client = Client("client")
    connector = reactor.connectUNIX(path, client)
    run_until(reactor, lambda: client.talker and client.talker.is_made)
    connector.disconnect()
    run_until(reactor, lambda: client.reason)
    stop_listening(reactor, port)


def test_a_server_that_was_killed_leaves_what_the_next_one_clears_away(listen, path):
    """Once more, with a real server."""
    source = f"""
from reactor import selectreactor
from reactor.protocol import Factory, Protocol
reactor = selectreactor.SelectReactor()
reactor.listenUNIX({path!r}, Factory.forProtocol(Protocol), wantPID=1)
print("ready", flush=True)
reactor.run()
"""
    with subprocess.Popen(oracle.python(source), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "ready\n"
        with pytest.raises(CannotListenError):
            listen(path)
        server.kill()
    assert os.path.exists(path) and os.readlink(path + ".lock") == str(server.pid)
    listen(path)
    assert os.readlink(path + ".lock") == str(os.getpid())


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
def test_a_file_that_is_no_socket_is_never_cleared_away(reactor, path):
    os.symlink(str(dead_process()), path + ".lock")
    with open(path, "w") as precious:
        precious.write("thesis")
    with pytest.raises(CannotListenError):
        reactor.listenUNIX(path, Server("server"), wantPID=1)
    with open(path) as precious:
        assert precious.read() == "thesis"


@pytest.mark.own_promise("it keeps the lock")
def test_a_server_that_cannot_listen_gives_the_lock_back(reactor, path):
    open(path, "w").close()
    with pytest.raises(CannotListenError):
        reactor.listenUNIX(path, Server("server"), wantPID=1)
    assert not os.path.lexists(path + ".lock")


@pytest.mark.own_promise("it fails with what int() or readlink() raise")
@pytest.mark.parametrize("thing", ["a file", "a link to a file", "a link to process 0"])
def test_something_else_in_the_locks_place_is_left_alone(reactor, path, thing):
    lock = path + ".lock"
    if thing == "a file":
        open(lock, "w").close()
    else:
        os.symlink("0" if thing.endswith("0") else "thesis.txt", lock)
    with pytest.raises(CannotListenError, match="is not a lock"):
        reactor.listenUNIX(path, Server("server"), wantPID=1)
    assert os.path.lexists(lock)


# --- clients that look at the lock first


def connecting(reactor, path):
    client = Client("client")
    reactor.connectUNIX(path, client, checkPID=1)
    run_until(reactor, lambda: (client.talker and client.talker.is_made) or client.reason)
    return client


def test_checkPID_lets_a_client_connect_to_a_server_that_lives(reactor, listen, path):
    listen(path)
    client = connecting(reactor, path)
    client.talker.transport.loseConnection()
    run_until(reactor, lambda: client.reason)


@pytest.mark.own_promise("it fails, and then tries to connect nevertheless")
def test_checkPID_spares_a_client_the_attempt_when_the_server_is_dead(reactor, path):
    leave_stale(path, dead_process())
    assert connecting(reactor, path).reason.check(BadFileError)


@pytest.mark.own_promise("it fails, and then tries to connect nevertheless")
def test_checkPID_spares_a_client_the_attempt_when_there_is_no_lock(reactor, path):
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(path)
        other.listen()
        assert connecting(reactor, path).reason.check(BadFileError)


@pytest.mark.own_promise("it takes a zombie for alive")
@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="only Linux tells of zombies so")
def test_the_lock_of_a_zombie_is_stale(listen, path):
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
        leave_stale(path, child.pid)
        listen(path)
    assert os.readlink(path + ".lock") == str(os.getpid())


@pytest.mark.own_promise("it takes itself for the one that died")
def test_the_lock_of_one_who_had_our_number_before_us_is_stale(listen, path):
    leave_stale(path, os.getpid())  # as after a restart in a container, where numbers begin at 1 each time
    listen(path)
    with pytest.raises(CannotListenError):
        listen(path)
