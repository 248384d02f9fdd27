"""Handshakes that come to nothing: each one is reported, to the side that can know why, and none hangs."""

import ssl

import pytest

from reactor import error
from tests.support import securely
from tests.support.loopback import Server, run_until
from tests.support.securely import PlainPeer, SecurePair, TLSPeer, client_options, private, server_options

pytestmark = pytest.mark.own_promise("Twisted's reasons are pyOpenSSL's errors, without a text")


@pytest.fixture
def secure(reactor):
    """Makes SecurePairs, and closes what is left of them after the test."""
    pairs = []

    def make(**options):
        pairs.append(SecurePair(reactor, **options))
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.close()


@pytest.fixture
def plain(reactor):
    """A secure server of ours, and a client that is a plain socket."""
    peers = []

    def make(**hooks):
        listen = lambda factory: reactor.listenSSL(0, factory, server_options(), interface="127.0.0.1")  # noqa: E731
        peers.append(PlainPeer(reactor, listen, **hooks))
        return peers[-1]

    yield make
    for peer in peers:
        peer.close()


def self_signed():
    return securely.trustme.CA().issue_cert("localhost")


@pytest.mark.parametrize("server, hostname, trust, complaint", [
    (lambda: private("localhost"), "elsewhere.example", securely.trust, "not valid for 'elsewhere.example'"),
    (lambda: private("127.0.0.2"), "127.0.0.1", securely.trust, "IP address mismatch"),
    (securely.expired, "localhost", securely.trust, "certificate has expired"),
    (lambda: private("localhost"), "localhost", lambda: private("another.example"), "unable to get local issuer"),
    (lambda: private("localhost"), "localhost", lambda: None, "unable to get local issuer"),
], ids=["wrong name", "wrong address", "expired", "signed by a stranger", "not known to the platform"])  # fmt: skip
def test_a_server_that_proves_nothing_is_not_talked_to(secure, server, hostname, trust, complaint):
    written = {"made": lambda talker: talker.transport.write(b"a secret")}
    pair = secure(server_tls=server().options(), client_tls=client_options(hostname, trustRoot=trust()), client=written)
    pair.run_until_lost()
    assert pair.client.talker.reason.type is ssl.SSLCertVerificationError
    assert complaint in pair.client.talker.reason.getErrorMessage()
    assert pair.client.reason.type is ssl.SSLCertVerificationError
    assert isinstance(pair.server.talker.reason.value, ssl.SSLError)  # the client's alert
    assert pair.server.talker.received == b""
    assert not pair.client.talker.is_secured


def test_without_options_the_server_must_be_whom_we_connected_to(secure):
    context = securely.stdlib_context(ssl.PROTOCOL_TLS_CLIENT)
    pair = secure(client_tls=context)  # the certificate is for localhost, the connection goes to 127.0.0.1
    pair.run_until_lost()
    assert "not valid for '127.0.0.1'" in pair.client.talker.reason.getErrorMessage()


def test_an_address_is_proved_by_a_certificate_for_it(secure):
    pair = secure(
        server_tls=private("127.0.0.1").options(), client_tls=securely.stdlib_context(ssl.PROTOCOL_TLS_CLIENT)
    )
    pair.secure()


def test_a_client_without_the_certificate_that_is_asked_for_is_told(secure):
    pair = secure(server_tls=private("localhost").options(securely.trust()))
    pair.run_until_lost()
    assert "certificate required" in pair.client.talker.reason.getErrorMessage().lower()
    assert "did not return a certificate" in pair.server.talker.reason.getErrorMessage()
    assert not pair.server.talker.is_secured


def test_a_client_with_a_certificate_of_a_stranger_is_told(secure):
    stranger = securely.trustme.CA().issue_cert("client@example.org")
    shown = securely.ssl.PrivateCertificate.loadPEM(securely.pem_of(stranger))
    pair = secure(
        server_tls=private("localhost").options(securely.trust()), client_tls=client_options(clientCertificate=shown)
    )
    pair.run_until_lost()
    assert pair.server.talker.reason.type is ssl.SSLCertVerificationError
    assert "unknown ca" in pair.client.talker.reason.getErrorMessage().lower()


def test_sides_without_a_version_in_common_part(secure):
    from reactor.ssl import CertificateOptions, TLSVersion

    old = CertificateOptions(certificate=private("localhost"), lowerMaximumSecurityTo=TLSVersion.TLSv1_2)
    new = client_options(extraCertificateOptions={"raiseMinimumTo": TLSVersion.TLSv1_3})
    pair = secure(server_tls=old, client_tls=new)
    pair.run_until_lost()
    assert "UNSUPPORTED_PROTOCOL" in pair.server.talker.reason.getErrorMessage()
    assert "PROTOCOL_VERSION" in pair.client.talker.reason.getErrorMessage()


@pytest.mark.parametrize("said, complaint", [
    (b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", "HTTP_REQUEST"),
    (b"HELO example.org\r\n", "WRONG_VERSION_NUMBER"),
    (bytes(1000), "SSL"),
    (b"\x16\x03\x01\x00\x05hello", "SSL"),
    (b"\x16\x03\x01\xff\xff" + bytes(70000), "SSL"),
], ids=["HTTP", "SMTP", "zeros", "half a greeting", "too long"])  # fmt: skip
def test_a_client_that_does_not_speak_tls_is_shown_out(plain, said, complaint):
    peer = plain()
    peer.peer.sendall(said)
    peer.run_until_lost()
    assert isinstance(peer.talker.reason.value, ssl.SSLError)
    assert complaint in peer.talker.reason.getErrorMessage()
    assert peer.events == ["server made", f"server lost {peer.talker.reason.type.__name__}"]
    assert peer.talker.received == b""


def test_a_client_that_leaves_in_the_middle_of_the_handshake(plain):
    peer = plain()
    peer.peer.sendall(b"\x16\x03\x01")
    peer.peer.close()
    peer.run_until_lost()
    assert peer.talker.reason.type is error.ConnectionLost
    assert "before the TLS handshake was complete" in peer.talker.reason.getErrorMessage()


def test_a_server_that_does_not_speak_tls(reactor, listen):
    server = Server("server", made=lambda talker: talker.transport.write(b"220 ready\r\n"))
    port = listen(server)
    client = securely.Client("client", talker=securely.SecureTalker)
    reactor.connectSSL("127.0.0.1", port.getHost().port, client, client_options())
    run_until(reactor, lambda: client.reason and server.talker.reason)
    assert "WRONG_VERSION_NUMBER" in client.talker.reason.getErrorMessage()
    assert client.events == ["client started", "client made", "client lost SSLError", "client gone SSLError"]


def test_a_client_gives_up_a_server_that_says_nothing_when_its_time_is_over(reactor, listen):
    server = Server("server")
    port = listen(server)
    client = securely.Client("client", talker=securely.SecureTalker)
    reactor.connectSSL("127.0.0.1", port.getHost().port, client, client_options(), timeout=30)
    run_until(reactor, lambda: "client made" in client.events and server.talker)
    (deadline,) = [call for call in reactor.getDelayedCalls() if "connectionLost" in str(call)]
    deadline.reset(0)
    run_until(reactor, lambda: client.reason and server.talker.reason)
    assert client.reason.type is error.TimeoutError
    assert "handshake was not complete after 30 s" in client.reason.getErrorMessage()


def test_a_server_gives_up_a_client_that_says_nothing(plain, monkeypatch):
    from reactor.core.transports import starttls

    assert starttls.HANDSHAKE_WITHIN_S == 60
    peer = plain()
    (deadline,) = [call for call in peer.reactor.getDelayedCalls() if "connectionLost" in str(call)]
    assert 55 < deadline.getTime() - peer.reactor.seconds() <= 60
    deadline.reset(0)
    peer.run_until_lost()
    assert peer.talker.reason.type is error.TimeoutError


def test_a_server_may_lose_a_client_that_says_nothing_whenever_it_likes(plain):
    peer = plain()
    peer.transport.loseConnection()
    peer.run_until_lost()
    assert peer.talker.reason.type is error.ConnectionDone


def test_what_was_written_for_a_client_that_says_nothing_does_not_keep_it_for_ever(plain):
    peer = plain(made=lambda talker: (talker.transport.write(b"hello"), talker.transport.loseConnection()))
    (deadline,) = [call for call in peer.reactor.getDelayedCalls() if "connectionLost" in str(call)]
    deadline.reset(0)
    peer.run_until_lost()
    assert peer.talker.reason.type is error.TimeoutError


def test_a_waiting_handshake_costs_no_turns_of_the_loop(plain):
    """There is room to send, and nothing that may be sent: the poller must not be asked about it."""
    peer = plain(made=lambda talker: talker.transport.write(b"hello"))
    for _ in range(3):
        peer.reactor.iterate(0)
    assert peer.transport not in peer.reactor.getWriters()
    client = TLSPeer(peer)
    client.shake_hands()
    peer.run_until(lambda: (client.read(), client.received)[1] == b"hello")


def test_closing_after_writing_waits_for_the_handshake(plain):
    peer = plain(made=lambda talker: (talker.transport.write(b"bye"), talker.transport.loseConnection()))
    client = TLSPeer(peer)
    client.shake_hands()
    peer.run_until(client.read)
    assert client.received == b"bye"
    client.say_goodbye()
    peer.run_until_lost()
    assert peer.talker.reason.type is error.ConnectionDone


def test_a_handshake_that_comes_byte_by_byte(plain):
    peer = plain()
    client = TLSPeer(peer)
    with pytest.raises(ssl.SSLWantReadError):
        client.tls.do_handshake()
    greeting = client.outgoing.read()
    for number in range(len(greeting)):
        peer.peer.send(greeting[number : number + 1])
        peer.reactor.iterate(0)
    client.shake_hands()
    peer.run_until(lambda: peer.talker.is_secured)


def test_a_handler_that_raises_when_the_handshake_is_complete_closes_its_own_connection(secure, logged_errors):
    def fail(talker):
        raise ZeroDivisionError("in handshakeCompleted")

    pair = secure(server={"secured": fail})
    pair.run_until_lost()
    assert pair.server.talker.reason.type is ZeroDivisionError
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


@pytest.mark.parametrize("end", ["loseConnection", "abortConnection"])
def test_a_connection_closed_when_the_handshake_completes_passes_nothing_on(plain, end):
    peer = plain(secured=lambda talker: getattr(talker.transport, end)())
    client = TLSPeer(peer)
    peer.run_until(lambda: (client.pump(), client.step(client.tls.do_handshake, tail=b"do you hear me?"))[1])
    peer.run_until(lambda: client.read() or client.stream_ended)
    assert client.was_reset == (end == "abortConnection")
    if end == "loseConnection":
        client.say_goodbye()
    peer.run_until_lost()
    assert peer.talker.received == b""


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_a_new_handshake_in_the_middle_is_refused(plain, version):
    """TLS 1.3 has none; in TLS 1.2 the option is what refuses it."""
    peer = plain()
    context = securely.stdlib_context(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion[version]
    client = TLSPeer(peer, context)
    client.shake_hands()
    assert peer.transport.getHandle().tls.context.options & ssl.OP_NO_RENEGOTIATION
