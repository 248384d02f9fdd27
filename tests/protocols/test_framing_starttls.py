"""Framing and STARTTLS: what came in plain text is forgotten when TLS begins, whole messages and beginnings alike.

Somebody on the way may add commands behind the client's STARTTLS. A server that takes them for a part of the secret
conversation lets him send mail in its client's name (CVE-2011-0411).
"""

import ssl

import pytest

from reactor.protocols.basic import (
    Int8StringReceiver,
    Int16StringReceiver,
    LineOnlyReceiver,
    LineReceiver,
    NetstringReceiver,
)
from reactor.testing import StringTransport
from tests.support.framing import cuts
from tests.support.securely import PlainPeer, SecureTalker, TLSPeer, server_options

pytestmark = pytest.mark.own_promise("Twisted leaves it to the protocol to call clearLineBuffer")


class SecurableTransport(StringTransport):
    """Has `TLS`, as those have that know `startTLS`."""

    TLS = False

    def startTLS(self, contextFactory):
        self.TLS = True


class Noting:
    def __init__(self):
        self.received = []

    def lineReceived(self, message):
        self.received.append(message)
        if message == b"STARTTLS":
            self.transport.startTLS(None)

    stringReceived = lineReceived


def framed_by(receiver, message):
    """The message, as a peer would send it."""
    sender = receiver()
    sender.makeConnection(StringTransport())
    (sender.sendLine if hasattr(sender, "sendLine") else sender.sendString)(message)
    return sender.transport.value()


RECEIVERS = [
    type(base.__name__, (Noting, base), {})
    for base in (LineReceiver, LineOnlyReceiver, NetstringReceiver, Int8StringReceiver, Int16StringReceiver)
]
every = pytest.mark.parametrize("receiver", RECEIVERS)


def securable(receiver):
    made = receiver()
    made.makeConnection(SecurableTransport())
    return made


@every
@pytest.mark.parametrize("cut", [0, 1, 3, None], ids=["nothing", "a byte", "a beginning", "a whole message"])
def test_what_stands_behind_starttls_is_forgotten_and_what_comes_in_secret_is_received(receiver, cut):
    protocol = securable(receiver)
    injected = framed_by(receiver, b"injected")[:cut]
    protocol.dataReceived(framed_by(receiver, b"STARTTLS") + injected)
    protocol.dataReceived(framed_by(receiver, b"secret"))
    assert protocol.received == [b"STARTTLS", b"secret"]


@every
def test_several_whole_messages_behind_starttls_are_forgotten(receiver):
    protocol = securable(receiver)
    protocol.dataReceived(b"".join(framed_by(receiver, word) for word in (b"a", b"STARTTLS", b"b", b"c")))
    assert protocol.received == [b"a", b"STARTTLS"]


@every
def test_half_a_message_is_forgotten_when_tls_begins_outside_of_its_handlers(receiver):
    for before, _ in (pair for pair in cuts(framed_by(receiver, b"injected")) if len(pair) == 2):
        protocol = securable(receiver)
        protocol.dataReceived(before)
        protocol.transport.startTLS(None)
        protocol.dataReceived(framed_by(receiver, b"secret"))
        assert protocol.received == [b"secret"], before


@every
def test_a_connection_that_is_secret_from_the_beginning_loses_nothing(receiver):
    protocol = securable(receiver)
    protocol.transport.TLS = True
    stream = framed_by(receiver, b"one") + framed_by(receiver, b"two")
    for place in range(len(stream)):
        protocol.dataReceived(stream[place : place + 1])
    assert protocol.received == [b"one", b"two"]


def test_raw_bytes_that_are_given_back_after_starttls_are_forgotten_too():
    class Raw(Noting, LineReceiver):
        def rawDataReceived(self, data):
            self.transport.startTLS(None)
            self.setLineMode(data)

    protocol = securable(Raw)
    protocol.setRawMode()
    protocol.dataReceived(b"injected\r\n")
    protocol.dataReceived(b"secret\r\n")
    assert protocol.received == [b"secret"]


@pytest.mark.parametrize("resume", [False, True], ids=["by bytes", "by resuming"])
def test_lines_that_wait_for_a_paused_receiver_are_forgotten(resume):
    class Paused(Noting, LineReceiver):
        def lineReceived(self, line):
            super().lineReceived(line)
            self.pauseProducing()

    protocol = securable(Paused)
    protocol.dataReceived(b"wait\r\ninjected\r\n")
    protocol.transport.startTLS(None)
    if resume:
        protocol.resumeProducing()
    protocol.paused = False
    protocol.dataReceived(b"secret\r\n")
    assert protocol.received == [b"wait", b"secret"]


class Lines:
    """A server of lines over real sockets."""

    def lineReceived(self, line):
        self.events.append(line)
        if line == b"STARTTLS":
            self.sendLine(b"220 go ahead")
            self.transport.startTLS(server_options())


class LineTalker(Lines, LineReceiver, SecureTalker):
    pass


class LineOnlyTalker(Lines, LineOnlyReceiver, SecureTalker):
    pass


def greeting_with(peer, wanted):
    """What the client says first; its random bytes are tried until they have this in them."""
    for _ in range(10_000):
        tls = TLSPeer(peer)
        with pytest.raises(ssl.SSLWantReadError):
            tls.tls.do_handshake()
        said = tls.outgoing.read()
        if wanted in said:
            return tls, said
    raise AssertionError("never")


@pytest.mark.parametrize("talker", [LineTalker, LineOnlyTalker])
@pytest.mark.parametrize("cut", [9, 10, 11, 100, None])
def test_a_client_that_does_not_wait_for_the_answer_is_understood_however_the_network_cuts(
    reactor, listen, talker, cut
):
    ours = PlainPeer(reactor, listen, talker)
    peer, said = greeting_with(ours, b"\n")
    stream = b"STARTTLS\r\n" + said
    ours.peer.sendall(stream[:cut])
    ours.run_until(lambda: cut == 9 or b"STARTTLS" in ours.events)
    ours.peer.sendall(stream[len(stream[:cut]) :])
    ours.run_until(lambda: b"STARTTLS" in ours.events)
    answer = bytearray()
    ours.run_until(lambda: read_some(ours.peer, answer, 14))
    peer.shake_hands()
    peer.write(b"RSET\r\n")
    ours.run_until(lambda: b"RSET" in ours.events)
    ours.close()


def read_some(peer, into, size):
    try:
        into.extend(peer.recv(size - len(into)))
    except BlockingIOError:
        pass
    return len(into) == size


@every
def test_what_begins_as_tls_behind_starttls_is_handed_to_tls_whole(receiver):
    protocol, early = securable(receiver), []
    protocol.transport.handToTLS = early.append
    protocol.dataReceived(framed_by(receiver, b"STARTTLS") + b"\x16\x03\x01\r\nx\r\n\r\ny")
    protocol.dataReceived(framed_by(receiver, b"secret"))
    assert protocol.received == [b"STARTTLS", b"secret"] and early == [b"\x16\x03\x01\r\nx\r\n\r\ny"]


def test_an_injected_command_is_never_obeyed_over_real_tls(reactor, listen):
    ours = PlainPeer(reactor, listen, LineTalker)
    ours.peer.sendall(b"STARTTLS\r\nMAIL FROM:<mallory>\r\nRCPT")
    ours.run_until(lambda: b"STARTTLS" in ours.events)
    answer = bytearray()
    ours.run_until(lambda: read_some(ours.peer, answer, 14))
    peer = TLSPeer(ours)
    peer.shake_hands()
    peer.write(b"RSET\r\n")
    ours.run_until(lambda: b"RSET" in ours.events)
    assert ours.events == ["server made", b"STARTTLS", "server secured", b"RSET"]
    ours.close()
