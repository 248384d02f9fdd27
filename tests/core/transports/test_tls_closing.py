"""The end of a secure connection: said by close_notify, or cut; of one direction, or both; waited for, not for ever."""

import gc
import socket
import ssl
import weakref

import pytest

from reactor import error
from tests.support.loopback import turn
from tests.support.securely import HalfCloseable, SecurePair, TLSPeer, meet_securely  # noqa: F401 (a fixture)

VERSIONS = ["TLSv1_2", "TLSv1_3"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_peer_that_says_goodbye_has_ended_the_connection_cleanly(meet, version):
    ours, peer = meet(version)
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone
    ours.run_until(peer.read)  # and we have answered


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stream_that_ends_without_goodbye_was_cut(meet, version):
    """Anybody on the way can end a TCP stream: what it carried may be half of the story."""
    ours, peer = meet(version)
    peer.write(b"pay them 1000")
    ours.peer.close()
    ours.run_until_lost()
    assert ours.talker.received == b"pay them 1000"
    assert ours.talker.reason.type is error.ConnectionLost


@pytest.mark.own_promise("Twisted has the same sentence for every loss")
def test_a_cut_connection_says_what_was_missing(meet):
    ours, _ = meet()
    ours.peer.shutdown(socket.SHUT_WR)
    ours.run_until_lost()
    assert "without close_notify" in ours.talker.reason.getErrorMessage()


def test_last_bytes_and_goodbye_in_one_piece_are_both_heard(meet):
    """No event of the kernel's follows: the peer waits for our answer."""
    ours, peer = meet()
    peer.tls.write(b"the end")
    peer.say_goodbye()
    ours.run_until(lambda: ours.talker.reason)
    assert ours.talker.received == b"the end"
    assert ours.talker.reason.type is error.ConnectionDone


def test_last_bytes_and_a_broken_record_in_one_piece_are_both_heard(meet):
    ours, peer = meet()
    peer.tls.write(b"the end")
    ours.peer.sendall(peer.outgoing.read() + b"\x17\x03\x03\x00\x20" + bytes(32))
    ours.run_until(lambda: ours.talker.reason)
    assert ours.talker.received == b"the end"
    assert not ours.talker.reason.check(error.ConnectionDone)


@pytest.mark.own_promise("Twisted's errors are pyOpenSSL's")
def test_a_record_that_was_changed_on_the_way_ends_the_connection(meet):
    ours, peer = meet()
    peer.tls.write(b"pay me 10")
    record = bytearray(peer.outgoing.read())
    record[-1] ^= 1
    ours.peer.sendall(record)
    ours.run_until_lost()
    assert isinstance(ours.talker.reason.value, ssl.SSLError)
    assert "BAD_RECORD_MAC" in ours.talker.reason.getErrorMessage()
    assert ours.talker.received == b""


@pytest.mark.parametrize("version", VERSIONS)
def test_loseConnection_sends_everything_then_says_goodbye(meet, version):
    ours, peer = meet(version)
    ours.transport.write(bytes(3_000_000))
    ours.transport.loseConnection()
    ours.transport.write(b"and more")  # as over TCP: what is written while closing waits, is sent, too
    ours.run_until(peer.read)
    assert len(peer.received) in (3_000_000, 3_000_008)
    assert ours.talker.reason is None  # it waits for the answer
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


@pytest.mark.own_promise("over TLS, Twisted goes on passing bytes to who has closed")
def test_after_loseConnection_nothing_is_passed_on(meet):
    ours, peer = meet(data=lambda talker, data: None)
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    peer.write(b"too late")
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.received == b""
    assert ours.talker.reason.type is error.ConnectionDone


@pytest.mark.own_promise(
    "ConnectionLost in Twisted; but many programs just close, and all that was ours to say is said"
)
def test_a_peer_that_closes_without_answering_our_goodbye_is_fine(meet):
    ours, peer = meet()
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    ours.peer.close()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


@pytest.mark.own_promise("Twisted waits for ever")
def test_a_peer_that_never_answers_our_goodbye_is_left_after_a_while(meet):
    ours, peer = meet()
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    (deadline,) = ours.reactor.getDelayedCalls()
    assert 25 < deadline.getTime() - ours.reactor.seconds() <= 30
    deadline.reset(0)
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionLost
    assert "did not answer close_notify within 30 s" in ours.talker.reason.getErrorMessage()


@pytest.mark.own_promise("Twisted waits for ever")
def test_pausing_while_closing_does_not_miss_the_answer(meet):
    ours, peer = meet()
    ours.transport.loseConnection()
    ours.transport.pauseProducing()
    ours.run_until(peer.read)
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


@pytest.mark.own_promise("Twisted waits for ever")
def test_closing_while_paused_still_gets_the_answer(meet):
    ours, peer = meet()
    ours.transport.pauseProducing()
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    peer.say_goodbye()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


def test_two_goodbyes_that_cross(meet):
    ours, peer = meet()
    peer.say_goodbye()
    ours.transport.loseConnection()
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


@pytest.mark.own_promise("Twisted throws away what waits")
def test_the_peers_goodbye_while_we_close_does_not_cost_our_last_bytes(meet):
    ours, peer = meet()
    ours.transport.write(bytes(5_000_000))
    ours.transport.loseConnection()
    peer.say_goodbye()
    ours.run_until(peer.read)
    assert len(peer.received) == 5_000_000
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


@pytest.mark.own_promise("ConnectionLost in Twisted, though over TCP it is ConnectionAborted there, too")
def test_abortConnection_throws_away_what_waits_and_resets(meet):
    ours, peer = meet()
    ours.transport.write(bytes(50_000_000))
    ours.transport.abortConnection()
    ours.run_until_lost()
    ours.run_until(lambda: peer.read() or peer.stream_ended)
    assert ours.talker.reason.type is error.ConnectionAborted
    assert peer.was_reset and not peer.ended


@pytest.mark.own_promise("in Twisted, abortConnection raises AttributeError then")
def test_what_is_written_after_the_end_is_ignored(meet):
    ours, peer = meet()
    peer.say_goodbye()
    ours.run_until_lost()
    ours.transport.write(b"anybody?")
    ours.transport.loseConnection()
    ours.transport.abortConnection()


@pytest.mark.own_promise("over TLS, Twisted closes both directions at once")
@pytest.mark.parametrize("version", VERSIONS)
def test_one_direction_can_end_while_the_other_goes_on(meet, version):
    ours, peer = meet(version, talker=HalfCloseable)
    ours.transport.write(b"my last word")
    ours.transport.loseWriteConnection()
    ours.run_until(peer.read)
    assert peer.received == b"my last word"
    peer.write(b"but I have more to say")
    ours.run_until(lambda: ours.talker.received == b"but I have more to say")
    peer.say_goodbye()
    ours.run_until(lambda: "server read lost" in ours.events)
    ours.transport.loseConnection()
    ours.run_until_lost()
    assert ours.events == [
        "server made", "server secured", "server write lost", "server read lost", "server lost ConnectionDone",
    ]  # fmt: skip


@pytest.mark.own_promise("over TLS, Twisted closes both directions at once")
def test_the_peer_can_end_its_direction_and_go_on_listening(meet):
    ours, peer = meet(talker=HalfCloseable)
    peer.say_goodbye()
    ours.run_until(lambda: "server read lost" in ours.events)
    ours.transport.write(bytes(3_000_000))
    ours.transport.loseConnection()
    ours.run_until(peer.read)
    assert len(peer.received) == 3_000_000
    ours.run_until_lost()
    assert ours.talker.reason.type is error.ConnectionDone


def test_a_client_that_writes_and_leaves_at_once_loses_nothing(reactor):
    """It has not read the session tickets of the server: closing there and then would reset the connection."""
    pair = SecurePair(
        reactor,
        client={
            "secured": lambda talker: (talker.transport.write(bytes(4_000_000)), talker.transport.loseConnection())
        },
    )
    pair.run_until_lost()
    assert len(pair.server.talker.received) == 4_000_000
    assert pair.server.talker.reason.type is pair.client.talker.reason.type is error.ConnectionDone
    pair.close()


def test_a_closed_connection_is_freed_without_the_garbage_collector(reactor):
    pair = SecurePair(reactor)
    server, client = pair.secure()
    layer = weakref.ref(server.transport.getHandle())
    client.transport.loseConnection()
    pair.run_until_lost()
    pair.close()
    gc.disable()
    try:
        server = client = None
        pair.server.talkers.clear()
        turn(reactor)
        assert layer() is None, gc.get_referrers(layer())
    finally:
        gc.enable()
