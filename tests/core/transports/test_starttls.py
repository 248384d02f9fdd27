"""startTLS: a conversation that begins in plain text and becomes secure in the middle, from either side.

The trap has a name, STARTTLS injection (CVE-2011-0411): somebody on the way adds plaintext to the piece in which the
client asks for TLS. It must not be taken for something that was said in secret.
"""

import ssl

import pytest

from reactor import error
from tests.support import securely
from tests.support.loopback import Pair, turn
from tests.support.securely import PlainPeer, SecureTalker, TLSPeer, client_options, private, server_options


@pytest.fixture
def meet(reactor, listen):
    """A server of ours that speaks plain text, and a plain socket."""
    peers = []

    def make(**hooks):
        peers.append(PlainPeer(reactor, listen, **hooks))
        return peers[-1]

    yield make
    for peer in peers:
        peer.close()


def go_ahead(talker, data):
    """What servers do: answer in plain text, and begin."""
    if not talker.transport.TLS and b"STARTTLS" in data:
        talker.transport.write(b"220 go ahead\r\n")
        talker.transport.startTLS(server_options())


def ask(meet, command=b"STARTTLS\r\n", **hooks):
    """Up to the client's turn to begin with TLS."""
    ours = meet(data=go_ahead, **hooks)
    ours.peer.sendall(command)
    peer = TLSPeer(ours)
    answer = b""

    def answered():
        nonlocal answer
        try:
            answer += ours.peer.recv(14 - len(answer))
        except BlockingIOError:
            pass
        return answer == b"220 go ahead\r\n"

    ours.run_until(answered)
    return ours, peer


def test_a_conversation_becomes_secure_in_the_middle(meet):
    ours, peer = ask(meet)
    peer.shake_hands()
    peer.write(b"now in secret")
    ours.run_until(lambda: ours.talker.received == b"STARTTLS\r\nnow in secret")
    assert ours.events == ["server made", "server data", "server secured", "server data"]
    ours.transport.write(b"same here")
    ours.run_until(lambda: (peer.read(), peer.received)[1] == b"same here")


def test_the_transport_stays_the_same_object(meet):
    before = []
    ours, peer = ask(meet, made=lambda talker: before.append((talker.transport, talker.transport.TLS)))
    peer.shake_hands()
    assert before == [(ours.talker.transport, False)]
    assert ours.talker.transport.TLS


def test_what_was_written_before_leaves_as_plain_text_and_what_comes_after_is_secret(meet):
    """Much of it, so that it still waits when TLS begins."""
    ours = meet()
    ours.transport.write(b"p" * 5_000_000)
    ours.transport.startTLS(server_options())
    ours.transport.write(b"secret")
    plain = bytearray()

    def all_plain_is_there():
        try:
            plain.extend(ours.peer.recv(5_000_000 - len(plain)))
        except BlockingIOError:
            pass
        return len(plain) == 5_000_000

    ours.run_until(all_plain_is_there)
    assert plain == b"p" * 5_000_000
    peer = TLSPeer(ours)
    peer.shake_hands()
    ours.run_until(lambda: (peer.read(), peer.received)[1] == b"secret")


def test_plaintext_in_one_piece_with_the_request_is_never_taken_for_secret(meet):
    """The protocol is given it together with the request, before the handshake, once; and TLS never sees it."""
    ours, peer = ask(meet, b"STARTTLS\r\nMAIL FROM:<mallory>\r\n")
    assert ours.events == ["server made", "server data"]
    assert ours.talker.received == b"STARTTLS\r\nMAIL FROM:<mallory>\r\n"
    peer.shake_hands()
    peer.write(b"RSET\r\n")
    ours.run_until(lambda: ours.talker.received.endswith(b"RSET\r\n"))
    assert ours.talker.received == b"STARTTLS\r\nMAIL FROM:<mallory>\r\nRSET\r\n"
    assert ours.events == ["server made", "server data", "server secured", "server data"]


def test_plaintext_that_comes_after_the_request_ends_the_connection(meet):
    ours, _ = ask(meet)
    ours.peer.sendall(b"MAIL FROM:<mallory>\r\n")
    ours.run_until_lost()
    assert ours.talker.received == b"STARTTLS\r\n"
    assert not ours.talker.reason.check(error.ConnectionDone)


def test_plaintext_right_before_the_handshake_ends_the_connection(meet):
    """In one piece with the client's greeting, as somebody on the way would put it there."""
    ours, peer = ask(meet)
    with pytest.raises(ssl.SSLWantReadError):
        peer.tls.do_handshake()
    ours.peer.sendall(b"MAIL FROM:<mallory>\r\n" + peer.outgoing.read())
    ours.run_until_lost()
    assert ours.talker.received == b"STARTTLS\r\n"


def take_the_rest_as_tls(talker, data):
    """A server that answers nothing, so that its client begins with TLS right behind the line."""
    line, end, rest = talker.received.partition(b"\r\n")
    if end and not talker.transport.TLS:
        del talker.received[len(line + end) :]
        talker.transport.startTLS(server_options())
        talker.transport.handToTLS(rest)


own_hand_to_tls = pytest.mark.own_promise("Twisted's way is transport.protocol.dataReceived")


@own_hand_to_tls
@pytest.mark.parametrize("cut", [0, 1, 8, 9, 10, 11, 14, 15, 16, 60, 200, None])
def test_tls_right_behind_the_last_line_is_taken_however_the_network_cuts(meet, cut):
    ours = meet(data=take_the_rest_as_tls)
    peer = TLSPeer(ours)
    with pytest.raises(ssl.SSLWantReadError):
        peer.tls.do_handshake()
    stream = b"STARTTLS\r\n" + peer.outgoing.read()
    ours.peer.sendall(stream[:cut])
    for _ in range(5):
        turn(ours.reactor)
    ours.peer.sendall(stream[len(stream[:cut]) :])
    peer.shake_hands()
    peer.write(b"now in secret")
    ours.run_until(lambda: ours.talker.received == b"STARTTLS\r\nnow in secret")


@own_hand_to_tls
@pytest.mark.parametrize("injected", [b"MAIL FROM:<mallory>\r\n", b"\x16\x03\x01\0\x04mall"])
def test_plaintext_handed_to_tls_ends_the_connection(meet, injected):
    ours = meet(data=take_the_rest_as_tls)
    ours.peer.sendall(b"STARTTLS\r\n" + injected)
    ours.run_until_lost()
    assert ours.talker.received == b"STARTTLS\r\n" and ours.talker.reason.check(ssl.SSLError)


@own_hand_to_tls
def test_handToTLS_is_ignored_without_tls_and_when_the_handshake_is_complete(meet):
    ours, peer = ask(meet, made=lambda talker: talker.transport.handToTLS(b"too early"))
    peer.shake_hands()
    peer.write(b"now")
    ours.run_until(lambda: ours.talker.received.endswith(b"now"))
    ours.transport.handToTLS(b"too late")
    peer.write(b" and then")
    ours.run_until(lambda: ours.talker.received.endswith(b"now and then"))


@own_hand_to_tls
def test_handToTLS_right_before_the_end(meet):
    ours = meet()
    ours.transport.startTLS(server_options())
    ours.transport.handToTLS(b"no TLS")
    ours.transport.abortConnection()
    ours.run_until_lost()
    for _ in range(3):
        turn(ours.reactor)
    assert ours.talker.reason.check(error.ConnectionAborted)


def test_a_client_turns_to_tls_too(connect):
    def ready(talker, data):
        if not talker.transport.TLS:
            talker.transport.startTLS(client_options())
            talker.transport.write(b"in secret")

    pair = connect(
        talker=SecureTalker,
        server={"data": go_ahead},
        client={"made": lambda talker: talker.transport.write(b"STARTTLS"), "data": ready},
    )
    pair.run_until(lambda: pair.server.talker and pair.server.talker.received == b"STARTTLSin secret")
    assert pair.client.talker.is_secured


def test_roles_can_be_turned_round(connect):
    pair = connect(talker=SecureTalker)
    server, client = pair.establish()
    client.transport.startTLS(server_options(), False)
    server.transport.startTLS(client_options(), False)
    server.transport.write(b"I was called, and I am the client")
    pair.run_until(lambda: client.received == b"I was called, and I am the client")
    assert server.is_secured and client.is_secured


@pytest.mark.own_promise("Twisted never resumes it")
def test_a_producer_that_was_paused_goes_on_after_the_turn_to_tls(meet):
    told = []

    class Push:
        def pauseProducing(self):
            told.append("pause")

        def resumeProducing(self):
            told.append("resume")
            ours.transport.write(b"more")
            ours.transport.unregisterProducer()

        def stopProducing(self):
            told.append("stop")

    ours = meet()
    ours.transport.registerProducer(Push(), True)
    ours.transport.write(b"p" * 3_000_000)
    ours.transport.startTLS(server_options())
    seen = bytearray()

    def plain_is_there():
        try:
            seen.extend(ours.peer.recv(3_000_000 - len(seen)))
        except BlockingIOError:
            pass
        return len(seen) == 3_000_000

    ours.run_until(plain_is_there)
    peer = TLSPeer(ours)
    peer.shake_hands()
    ours.run_until(lambda: (peer.read(), peer.received)[1] == b"more")
    assert told == ["pause", "resume"]


@pytest.mark.own_promise("Twisted's transports ignore this, or fail later")
def test_a_second_startTLS_and_one_on_a_closing_connection_are_errors(connect):
    pair = connect()
    server, client = pair.establish()
    client.transport.startTLS(client_options())
    with pytest.raises(RuntimeError, match="encrypted already"):
        client.transport.startTLS(client_options())
    server.transport.loseConnection()
    with pytest.raises(RuntimeError, match="closing; begin once, while it is open"):
        server.transport.startTLS(server_options())


@pytest.mark.own_promise("contexts are the standard library's here")
@pytest.mark.parametrize("context, complaint, message", [
    (lambda: None, TypeError, "a context factory is an ssl.SSLContext"),
    (lambda: "cert.pem", TypeError, "not|cert.pem"),
    (lambda: securely.stdlib_context(ssl.PROTOCOL_TLS_CLIENT), ValueError, "can't be a server's"),
], ids=["none", "text", "a client's"])  # fmt: skip
def test_an_unusable_context_is_an_error_at_the_call(reactor, connect, context, complaint, message):
    server, _ = connect().establish()
    with pytest.raises(complaint, match=message):
        server.transport.startTLS(context())
    assert not server.transport.TLS
    with pytest.raises(complaint, match=message):
        reactor.listenSSL(0, securely.Server("server"), context(), interface="127.0.0.1")


@pytest.mark.own_promise("contexts are the standard library's here")
def test_a_servers_context_for_a_client_is_an_error_at_the_call(reactor):
    with pytest.raises(ValueError, match="can't be a client's"):
        reactor.connectSSL("localhost", 1, securely.Client("client"), securely.stdlib_context())


@pytest.mark.own_promise("contexts are the standard library's here")
def test_who_serves_but_is_the_client_of_tls_must_name_the_server(connect):
    server, _ = connect().establish()
    with pytest.raises(ValueError, match="optionsForClientTLS"):
        server.transport.startTLS(securely.stdlib_context(ssl.PROTOCOL_TLS_CLIENT), False)


def test_over_a_unix_socket(reactor, tmp_path):
    path = str(tmp_path / "socket")

    class UnixPair(Pair):
        def __init__(self):
            self.reactor, self.events = reactor, []
            self.server = securely.Server("server", self.events, SecureTalker, made=self.begin_server)
            self.client = securely.Client("client", self.events, SecureTalker, made=self.begin_client)
            self.port = reactor.listenUNIX(path, self.server)
            self.connector = reactor.connectUNIX(path, self.client)

        def begin_server(self, talker):
            talker.transport.startTLS(private("localhost").options())

        def begin_client(self, talker):
            talker.transport.startTLS(client_options("localhost"))
            talker.transport.write(b"hello")

    pair = UnixPair()
    pair.run_until(lambda: pair.server.talker and pair.server.talker.received == b"hello")
    pair.client.talker.transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.reason.type is error.ConnectionDone
    pair.close()
