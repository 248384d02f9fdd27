"""TLS with programs that we did not write: OpenSSL's client and server, curl, and the standard library in a thread."""

import re
import socket
import ssl
import threading

import pytest

from reactor.error import ConnectionDone, ConnectionLost
from tests.support import securely
from tests.support.loopback import Client, Server, run_until, stop_listening
from tests.support.programs import Program
from tests.support.securely import SecureTalker, client_options, private, server_options

pytestmark = [
    pytest.mark.not_only_sockets,
    pytest.mark.own_promise("these peers are asked about us, not about Twisted"),
]


@pytest.fixture
def start(reactor):
    """Starts programs, and kills those that are left after the test."""
    programs = []

    def make(*command):
        programs.append(Program(reactor, *map(str, command)))
        return programs[-1]

    yield make
    for program in programs:
        program.kill()


@pytest.fixture
def authority_file(tmp_path):
    path = tmp_path / "authority.pem"
    path.write_bytes(securely.authority().cert_pem.bytes())
    return path


@pytest.fixture
def serve(reactor):
    """A secure server of ours; returns it and its port's number."""
    ports = []

    def make(options=None, **hooks):
        server = Server("server", None, SecureTalker, **hooks)
        ports.append(reactor.listenSSL(0, server, options or server_options(), interface="127.0.0.1"))
        return server, ports[-1].getHost().port

    yield make
    for port in ports:
        stop_listening(reactor, port)


def echo(talker, data):
    talker.transport.write(data)


def s_client(authority_file, port, *options):
    known = ("-CAfile", authority_file, "-verify_hostname", "localhost", "-verify_return_error")
    return ("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", *known, *options)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_s_client_is_echoed(reactor, serve, start, authority_file, version):
    server, port = serve(data=echo)
    client = start(*s_client(authority_file, port, "-quiet", "-no_ign_eof", version))
    client.say(b"hello from openssl\n")
    run_until(reactor, lambda: client.output.endswith(b"hello from openssl\n"))
    client.end_input()
    assert client.wait() == 0
    run_until(reactor, lambda: server.talker.reason)
    assert server.talker.reason.type is ConnectionDone  # it says goodbye


def test_openssl_s_client_sees_the_certificate_and_the_protocol_that_was_chosen(reactor, serve, start, authority_file):
    from reactor.ssl import CertificateOptions

    options = CertificateOptions(certificate=private("localhost"), acceptableProtocols=[b"http/1.1", b"h2"])
    _, port = serve(options, secured=lambda talker: talker.transport.loseConnection())
    client = start(*s_client(authority_file, port, "-alpn", "h2,http/1.1"))
    client.wait()
    assert b"Verify return code: 0 (ok)" in client.output
    assert b"ALPN protocol: http/1.1" in client.output


def test_openssl_s_client_shows_its_certificate(reactor, serve, start, authority_file, tmp_path):
    own = tmp_path / "own.pem"
    own.write_bytes(securely.pem_of(securely.issued("client@example.org")))
    server, port = serve(private("localhost").options(securely.trust()))
    client = start(*s_client(authority_file, port, "-quiet", "-no_ign_eof", "-cert", own, "-key", own))
    run_until(reactor, lambda: server.talker and server.talker.is_secured)
    assert server.talker.transport.getPeerCertificate() == private("client@example.org").dump()
    client.end_input()
    client.wait()
    run_until(reactor, lambda: server.talker.reason)


def test_a_client_that_asks_to_negotiate_again_is_refused(reactor, serve, start, authority_file):
    """A line with R makes s_client ask for it; without TLS 1.3, where no such thing exists."""
    server, port = serve(data=echo)
    client = start(*s_client(authority_file, port, "-tls1_2"))
    client.say(b"before\n")
    run_until(reactor, lambda: server.talker and server.talker.received == b"before\n")
    client.say(b"R\n")
    run_until(reactor, lambda: b"no renegotiation" in client.output.lower() or client.status is not None)
    assert b"RENEGOTIATING" in client.output
    assert b"no renegotiation" in client.output.lower()
    client.kill()
    run_until(reactor, lambda: server.talker.reason)


def test_openssl_s_server_answers_us(reactor, start, tmp_path):
    own = tmp_path / "own.pem"
    own.write_bytes(securely.pem_of(securely.issued("localhost")))
    server = start("openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-rev", "-cert", own, "-key", own)
    run_until(reactor, lambda: re.search(rb"ACCEPT 127\.0\.0\.1:\d+\n", server.output))
    port = int(re.search(rb"ACCEPT 127\.0\.0\.1:(\d+)", server.output)[1])
    client = Client("client", None, SecureTalker, made=lambda talker: talker.transport.write(b"stressed\n"))
    reactor.connectSSL("127.0.0.1", port, client, client_options())
    run_until(reactor, lambda: client.talker and client.talker.received == b"desserts\n")
    client.talker.transport.loseConnection()
    run_until(reactor, lambda: client.reason)
    assert client.reason.type is ConnectionDone
    assert server.wait() == 0


def answer(talker, data):
    """The least of HTTP, with a body that ends with the connection."""
    if talker.received.endswith(b"\r\n\r\n"):
        talker.transport.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        talker.transport.write(b"it works\n" * 100_000)
        talker.transport.loseConnection()


def curl(port, *options):
    address = f"https://localhost:{port}/"
    return (
        "curl",
        "--silent",
        "--show-error",
        "--noproxy",
        "*",
        "--connect-to",
        f"::127.0.0.1:{port}",
        *options,
        address,
    )


def test_curl_gets_a_page(reactor, serve, start, authority_file):
    server, port = serve(data=answer)
    client = start(*curl(port, "--http1.1", "--cacert", authority_file))
    assert client.wait() == 0
    assert client.output == b"it works\n" * 100_000
    run_until(reactor, lambda: server.talker.reason)
    assert server.talker.reason.type is ConnectionDone


def test_curl_does_not_talk_to_a_stranger(reactor, serve, start, authority_file):
    server, port = serve(private("another.example").options(), data=answer)
    client = start(*curl(port, "--cacert", authority_file))
    assert client.wait() == 60  # CURLE_PEER_FAILED_VERIFICATION
    run_until(reactor, lambda: server.talker.reason)
    assert server.talker.received == b""


def in_a_thread(work):
    """Runs `work(socket)` in a thread, on one end of a connection; returns the thread, and a list with its result."""
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def test_the_standard_library_as_a_blocking_client(reactor, serve):
    server, port = serve(data=echo)

    def work():
        context = securely.stdlib_context(ssl.PROTOCOL_TLS_CLIENT)
        with (
            socket.create_connection(("127.0.0.1", port), 10) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            secure.sendall(bytes(100_000))
            received = 0
            while received < 100_000:
                received += len(secure.recv(65536))
            secure.unwrap().close()
            return received

    thread, results = in_a_thread(work)
    run_until(reactor, lambda: server.talker and server.talker.reason)
    thread.join()
    assert results == [100_000]
    assert server.talker.reason.type is ConnectionDone


@pytest.mark.parametrize("says_goodbye, reason", [(True, ConnectionDone), (False, ConnectionLost)])
def test_the_standard_library_as_a_blocking_server(reactor, says_goodbye, reason):
    listener = socket.create_server(("127.0.0.1", 0))

    def work():
        with (
            listener,
            listener.accept()[0] as plain,
            securely.stdlib_context().wrap_socket(plain, server_side=True) as secure,
        ):
            heard = secure.recv(100)
            secure.sendall(b"the end")
            if says_goodbye:
                secure.unwrap().close()
            return heard

    client = Client("client", None, SecureTalker, made=lambda talker: talker.transport.write(b"hello"))
    reactor.connectSSL("127.0.0.1", listener.getsockname()[1], client, client_options())
    thread, results = in_a_thread(work)
    run_until(reactor, lambda: client.reason)
    thread.join()
    assert results == [b"hello"]
    assert client.talker.received == b"the end"
    assert client.reason.type is reason
