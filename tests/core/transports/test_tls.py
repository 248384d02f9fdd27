"""listenSSL and connectSSL: what a protocol sees of TLS when all goes well."""

import pytest

from reactor.error import ConnectionDone
from tests.support import securely
from tests.support.securely import SecurePair, client_options, private


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


def of(name, pair):
    return [event.removeprefix(name + " ") for event in pair.events if event.startswith(name)]


def test_the_connection_is_made_before_the_handshake_and_bytes_come_after_it(secure):
    echo = {"data": lambda talker, data: talker.transport.write(data)}
    greet = {"made": lambda talker: talker.transport.write(b"hello"), "data": lambda talker, data: None}
    pair = secure(server=echo, client=greet)
    pair.run_until(lambda: pair.is_made(pair.client) and pair.client.talker.received == b"hello")
    assert of("client", pair) == ["started", "made", "secured", "data"]
    assert of("server", pair) == ["made", "secured", "data"]


def test_a_protocol_that_does_not_care_about_the_handshake_hears_nothing_of_it(secure):
    from tests.support.loopback import Talker

    pair = secure(talker=Talker, client={"made": lambda talker: talker.transport.write(b"hello")})
    pair.run_until(lambda: pair.server.talker and pair.server.talker.received == b"hello")
    assert of("server", pair) == ["made"]


def test_bytes_arrive_whole_and_in_order_both_ways(secure):
    there, back = bytes(range(256)) * 8000, bytes(range(255, -1, -1)) * 9000
    pair = secure(
        server={"made": lambda talker: talker.transport.write(back)},
        client={"made": lambda talker: talker.transport.writeSequence([there[:7], there[7:]])},
    )
    pair.run_until(lambda: pair.server.talker and len(pair.server.talker.received) >= len(there))
    pair.run_until(lambda: len(pair.client.talker.received) >= len(back))
    assert pair.server.talker.received == there
    assert pair.client.talker.received == back


def test_many_small_writes_arrive_in_order(secure):
    pair = secure()
    server, client = pair.secure()
    pieces = [b"%d " % number for number in range(5000)]
    for piece in pieces:
        client.transport.write(piece)
    pair.run_until(lambda: len(server.received) == sum(map(len, pieces)))
    assert server.received == b"".join(pieces)


def test_what_is_written_when_the_handshake_completes_is_sent(secure):
    pair = secure(server={"secured": lambda talker: talker.transport.write(b"welcome")})
    pair.run_until(lambda: pair.client.talker and pair.client.talker.received == b"welcome")


@pytest.mark.parametrize("closer", ["server", "client"])
def test_both_sides_hear_of_a_clean_end(secure, closer):
    pair = secure()
    talkers = dict(zip(("server", "client"), pair.secure(), strict=True))
    talkers[closer].transport.write(b"the last word")
    talkers[closer].transport.loseConnection()
    pair.run_until_lost()
    assert pair.server.talker.reason.type is pair.client.talker.reason.type is ConnectionDone
    assert pair.client.reason.type is ConnectionDone
    assert [talker.received for name, talker in talkers.items() if name != closer] == [b"the last word"]


def test_whoever_closes_hears_of_it_last(secure):
    """The other side has answered by then: it has had every byte."""
    pair = secure()
    _, client = pair.secure()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert [event for event in pair.events if "lost" in event] == [
        "server lost ConnectionDone",
        "client lost ConnectionDone",
    ]


def test_the_addresses_are_those_of_the_connection_below(secure):
    pair = secure()
    server, client = pair.secure()
    assert client.transport.getPeer() == pair.port.getHost() == server.transport.getHost()
    assert server.transport.getPeer() == client.transport.getHost()
    client.transport.setTcpKeepAlive(True)
    assert client.transport.getTcpKeepAlive()


@pytest.mark.own_promise(
    "in Twisted the first answer of a server waits 40 ms, for an acknowledgement of session tickets"
)
def test_small_pieces_leave_at_once(secure):
    pair = secure()
    server, client = pair.secure()
    assert client.transport.getTcpNoDelay() and server.transport.getTcpNoDelay()
    server.transport.setTcpNoDelay(False)
    assert not server.transport.getTcpNoDelay()


def test_a_client_sees_the_certificate_of_the_server(secure):
    pair = secure(server_tls=private("localhost").options())
    server, client = pair.secure()
    from reactor.ssl import Certificate

    assert Certificate.peerFromTransport(client.transport) == private("localhost")
    assert server.transport.getPeerCertificate() is None


@pytest.mark.own_promise("Twisted has pyOpenSSL's object")
def test_a_certificate_is_der_bytes_and_there_is_none_before_the_handshake(secure):
    before = []
    pair = secure(client={"made": lambda talker: before.append(talker.transport.getPeerCertificate())})
    _, client = pair.secure()
    assert before == [None]
    assert client.transport.getPeerCertificate() == private("localhost").dump()


@pytest.mark.parametrize("protocols, chosen", [
    (([b"h2", b"http/1.1"], [b"http/1.1", b"h2"]), b"h2"),
    (([b"http/1.1"], [b"h2", b"http/1.1"]), b"http/1.1"),
    pytest.param((None, [b"h2"]), None, marks=pytest.mark.own_promise("Twisted fails with an internal error")),
])  # fmt: skip
def test_both_sides_agree_on_a_protocol_by_alpn(secure, protocols, chosen):
    from reactor.ssl import CertificateOptions

    theirs, ours = protocols
    own = securely.private("localhost")
    options = {"acceptableProtocols": theirs}
    if hasattr(own, "privateKey"):  # the oracle's
        server_tls = CertificateOptions(own.privateKey.original, own.original, **options)
    else:
        server_tls = CertificateOptions(certificate=own, **options)
    pair = secure(server_tls=server_tls, client_tls=client_options(acceptableProtocols=ours))
    server, client = pair.secure()
    expected = chosen if server.transport.negotiatedProtocol == chosen else "both the same"
    assert client.transport.negotiatedProtocol == server.transport.negotiatedProtocol == expected


def test_a_server_can_ask_for_a_certificate_and_see_it(secure):
    from reactor.ssl import Certificate

    pair = secure(
        server_tls=private("localhost").options(securely.trust()),
        client_tls=client_options(clientCertificate=private("client@example.org")),
    )
    server, _ = pair.secure()
    assert Certificate.peerFromTransport(server.transport) == private("client@example.org")


def test_the_reactor_stops_with_secure_connections_open(secure):
    from tests.support.loopback import run

    pair = secure()
    pair.secure()
    pair.reactor.callLater(0, pair.reactor.stop)
    run(pair.reactor)
    assert pair.is_lost(pair.server) and pair.is_lost(pair.client)
