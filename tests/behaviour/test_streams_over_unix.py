"""What is promised of a stream holds over UNIX sockets too: the tests that were written for TCP run here once more,
with fixtures that make UNIX sockets."""

import functools
import inspect
import itertools
import socket

import pytest

from tests.behaviour import (
    test_closing,
    test_connection_order,
    test_half_close,
    test_handler_errors,
    test_producers,
    test_reading,
    test_transfers,
    test_writing,
)
from tests.support.loopback import Server, run_until, stop_listening
from tests.support.unix_pair import UnixPair

MODULES = (
    test_closing,
    test_connection_order,
    test_half_close,
    test_handler_errors,
    test_producers,
    test_reading,
    test_transfers,
    test_writing,
)

TCP_ONLY = {
    # A UNIX socket knows no reset: the peer of an aborted connection sees its end.
    "test_abortConnection_is_ConnectionAborted_here_and_ConnectionLost_there",
    "test_abortConnection_in_connectionMade",
    "test_abortConnection_drops_what_waits",
    "test_a_reset_after_a_half_close_is_ConnectionLost",
    "test_a_peer_that_resets_is_ConnectionLost",
    "test_a_peer_that_resets_while_a_buffer_waits",
    "test_a_peer_that_resets_while_loseConnection_flushes",
    "test_a_peer_that_resets_inside_dataReceived",
    "test_a_peer_that_resets_while_reading_is_paused",
    "test_data_before_a_reset_may_be_lost_but_connectionLost_comes",
    "test_writing_to_a_peer_that_is_gone_raises_nothing",
    # Options and addresses of TCP.
    "test_nodelay_and_keepalive_can_be_set_and_read",
    "test_getHandle_is_the_socket",
}

# Where Twisted keeps its promise over TCP only.
OWN_PROMISES = {
    "test_both_ends_closing_at_once_is_clean": "it takes the hang-up of a UNIX socket for a failure",
    "test_in_a_clients_connectionMade_it_ends_the_connection": "the connection stays, and nobody is told",
}

# Made of those below.
ends = test_writing.ends
pair = test_writing.pair


def _tests_of_streams():
    """The tests that get their connection from a fixture which is made anew here, by name."""
    fixtures = {"connect", "ends", "pair", "raw", "connection"}
    everything = [item for module in MODULES for item in vars(module).items() if item[0].startswith("test_")]
    of_streams = [item for item in everything if fixtures & set(inspect.signature(item[1]).parameters)]
    assert len(dict(of_streams)) == len(of_streams), "two modules have a test of the same name"
    assert set(dict(of_streams)) >= TCP_ONLY, "a test that is listed as one of TCP's is gone"
    return {name: _copy(name, test) for name, test in of_streams if name not in TCP_ONLY}


def _copy(name, test):
    """The test, to be marked without marking the one for TCP."""

    @functools.wraps(test)
    def copy(*args, **named):
        test(*args, **named)

    return pytest.mark.own_promise(OWN_PROMISES[name])(copy) if name in OWN_PROMISES else copy


globals().update(_tests_of_streams())


@pytest.fixture
def connect(reactor, tmp_path):
    """As in reactor_plugin.py, over a UNIX socket."""
    pairs = []
    numbers = itertools.count()

    def make(**options):
        pairs.append(UnixPair(reactor, str(tmp_path / f"socket{next(numbers)}"), **options))
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.close()


@pytest.fixture
def served(reactor, tmp_path):
    """A server, and a plain socket that is connected to it."""
    server = Server("server")
    port = reactor.listenUNIX(str(tmp_path / "socket"), server)
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(tmp_path / "socket"))
        run_until(reactor, lambda: server.talker and server.talker.is_made)
        yield server, peer
    stop_listening(reactor, port)


@pytest.fixture
def raw(reactor, served):
    """As in test_closing.py."""
    server, peer = served
    peer.settimeout(5)
    yield server.talker, peer
    peer.close()
    run_until(reactor, lambda: server.talker.reason)


@pytest.fixture
def connection(reactor, served):
    """As in test_producers.py."""
    server, peer = served
    peer.setblocking(False)
    connection = object.__new__(test_producers.Connection)
    connection.reactor, connection.peer, connection.received = reactor, peer, b""
    connection.talker, connection.transport = server.talker, server.talker.transport
    yield connection
    if connection.talker.reason is None:
        connection.transport.abortConnection()
    run_until(reactor, lambda: connection.talker.reason)
