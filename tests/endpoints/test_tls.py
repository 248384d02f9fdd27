"""Endpoints with TLS: by class, by string, and wrapped around others."""

import os

import pytest
import trustme

from reactor.endpoints import (
    SSL4ClientEndpoint,
    SSL4ServerEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    clientFromString,
    serverFromString,
    wrapClientTLS,
)
from reactor.protocol import Factory
from tests.endpoints.test_endpoints import Asker, converse, outcome
from tests.support.loopback import run_until, turn
from tests.support.securely import authority, client_options, issued, pem_of, server_options

one_reactor = pytest.mark.own_promise("Twisted's TLS sends small writes by the clock of the one installed reactor")


def server(reactor):
    return SSL4ServerEndpoint(reactor, 0, server_options(), interface="127.0.0.1")


@one_reactor
def test_both_by_class(reactor):
    converse(
        reactor,
        server(reactor),
        lambda port: SSL4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port, client_options()),
    )


@one_reactor
def test_a_client_wrapped_around_plain_tcp(reactor):
    converse(
        reactor,
        server(reactor),
        lambda port: wrapClientTLS(client_options(), TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)),
    )


@pytest.mark.own_promise("Twisted wants a creator of another kind for servers")
def test_a_server_wrapped_around_plain_tcp(reactor):
    from reactor.endpoints import wrapServerTLS

    wrapped = wrapServerTLS(server_options(), TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1"))
    converse(
        reactor,
        wrapped,
        lambda port: SSL4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port, client_options()),
    )


@pytest.fixture
def files(tmp_path):
    """A key with its certificate, and a folder with the authority's."""
    (tmp_path / "server.pem").write_bytes(pem_of(issued("localhost")))
    (tmp_path / "trusted").mkdir()
    (tmp_path / "trusted" / "authority.pem").write_bytes(authority().cert_pem.bytes())
    return tmp_path


def string_server(reactor, files):
    key = files / "server.pem"
    return serverFromString(reactor, f"ssl:0:privateKey={key}:interface=127.0.0.1")


@one_reactor
def test_by_string_to_a_server_by_string(reactor, files):
    tls = "tls:localhost:1:trustRoots={}:endpoint=tcp\\:127.0.0.1\\:{}"
    converse(
        reactor,
        string_server(reactor, files),
        lambda port: clientFromString(reactor, tls.format(files / "trusted", port.getHost().port)),
    )


@pytest.mark.own_promise("Twisted takes a folder only, and other names for ssl")
@pytest.mark.parametrize("kind", ["tls", "ssl"])
def test_by_string_and_name_with_one_file_of_roots(reactor, files, kind):
    roots = files / "trusted" / "authority.pem"
    converse(
        reactor,
        string_server(reactor, files),
        lambda port: clientFromString(reactor, f"{kind}:localhost:{port.getHost().port}:trustRoots={roots}"),
    )


def test_a_server_that_proves_to_be_another_is_a_lost_connection(reactor, files):
    port = outcome(reactor, string_server(reactor, files).listen(Factory.forProtocol(Asker)))
    number = port.getHost().port
    tls = f"tls:elsewhere.example:1:trustRoots={files / 'trusted'}:endpoint=tcp\\:127.0.0.1\\:{number}"
    asker = outcome(reactor, clientFromString(reactor, tls).connect(Factory.forProtocol(Asker)))
    run_until(reactor, lambda: asker.lost)
    assert asker.answer == b""
    outcome(reactor, port.stopListening())
    turn(reactor, 5)


@pytest.mark.own_promise("other libraries have other words")
def test_a_file_that_is_not_there_is_named(reactor, files):
    missing = os.fspath(files / "missing.pem")
    with pytest.raises(OSError):
        serverFromString(reactor, f"ssl:443:privateKey={missing}")
    with pytest.raises(OSError):
        clientFromString(reactor, f"tls:localhost:443:trustRoots={missing}")


# --- a folder of certificates


@pytest.fixture
def folder(tmp_path):
    """One certificate a name; the first is for whoever asks for another."""
    for file, name in [("a.example.org", "a.example.org"), ("b.example.org", "b.example.org"), ("_.c.org", "*.c.org")]:
        (tmp_path / f"{file}.pem").write_bytes(pem_of(issued(name)))
    return tmp_path


@pytest.mark.own_promise("Twisted finds the names in the certificates")
@pytest.mark.parametrize("name", ["a.example.org", "b.example.org", "x.c.org"])
def test_a_server_by_string_shows_the_certificate_of_the_name_that_is_asked_for(reactor, folder, name):
    converse(
        reactor,
        serverFromString(reactor, f"tls:{folder}:0:interface=127.0.0.1"),
        lambda port: wrapClientTLS(client_options(name), TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)),
    )


@pytest.mark.own_promise("Twisted finds the names in the certificates")
def test_who_asks_for_a_name_without_a_file_gets_the_first_certificate(reactor, folder):
    (folder / "_.c.org.pem").unlink()
    port = outcome(
        reactor, serverFromString(reactor, f"tls:{folder}:0:interface=127.0.0.1").listen(Factory.forProtocol(Asker))
    )
    number = port.getHost().port
    asked = client_options("other.example.org")
    asker = outcome(
        reactor,
        wrapClientTLS(asked, TCP4ClientEndpoint(reactor, "127.0.0.1", number)).connect(Factory.forProtocol(Asker)),
    )
    run_until(reactor, lambda: asker.lost)
    assert asker.answer == b""  # it is a.example.org's, and the client says no
    turn(reactor, 10)
    outcome(reactor, port.stopListening())


@pytest.mark.own_promise("the words are ours")
def test_a_folder_without_certificates_is_an_error_that_says_what_to_put_there(reactor, tmp_path):
    with pytest.raises(ValueError, match=r"no PEM file in the folder '.*': put one there .* \(in 'tls:.*'\)"):
        serverFromString(reactor, f"tls:{tmp_path}")
    (tmp_path / "a.pem").write_bytes(authority().cert_pem.bytes())
    with pytest.raises(ValueError, match="no private key"):
        serverFromString(reactor, f"tls:{tmp_path}")


@pytest.mark.own_promise("Twisted's TLS sends small writes by the clock of the one installed reactor")
def test_twisted_s_names_for_the_files_of_ssl(reactor, tmp_path):
    root = trustme.CA()
    between = root.create_child_ca()
    leaf = between.issue_cert("localhost")
    (tmp_path / "roots").mkdir()
    root.cert_pem.write_to_path(tmp_path / "roots" / "root.pem")
    between.cert_pem.write_to_path(tmp_path / "chain.pem")
    leaf.private_key_pem.write_to_path(tmp_path / "key.pem")
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    files = f"privateKey={tmp_path}/key.pem:certKey={tmp_path}/cert.pem"
    converse(
        reactor,
        serverFromString(reactor, f"ssl:0:interface=127.0.0.1:{files}:extraCertChain={tmp_path}/chain.pem"),
        lambda port: clientFromString(
            reactor, f"ssl:localhost:{port.getHost().port}:caCertsDir={tmp_path}/roots:{files}"
        ),
    )


@pytest.mark.own_promise("it takes its time to read the file")
def test_dhParameters_that_are_none_are_refused(reactor, files):
    (files / "dh.pem").write_text("none")
    with pytest.raises(OSError):
        serverFromString(reactor, f"ssl:0:privateKey={files}/server.pem:dhParameters={files}/dh.pem")


@pytest.mark.own_promise("it has both")
@pytest.mark.parametrize(
    ("description", "why"),
    [
        ("ssl:443:sslmethod=TLSv1_METHOD", "sslmethod is left out: TLS 1.2 and 1.3 are spoken"),
        ("haproxy:tcp:80", "the PROXY protocol is not spoken here"),
    ],
)
def test_what_twisted_s_strings_have_and_these_have_not_is_told(reactor, description, why):
    with pytest.raises(ValueError, match=why):
        serverFromString(reactor, description)


@pytest.mark.parametrize("name", ["a..b", "x" * 64, "\ud800"])
@pytest.mark.own_promise("Twisted raises from connect()")
def test_a_host_name_that_is_none_fails_the_deferred(reactor, name):
    failures = []
    for endpoint in (
        wrapClientTLS(client_options(name), TCP4ClientEndpoint(reactor, "127.0.0.1", 1)),
        clientFromString(reactor, f"tls:{name}:1"),
    ):
        endpoint.connect(Factory.forProtocol(Asker)).addErrback(failures.append)
    assert [failure.type for failure in failures] == [ValueError, ValueError]
    assert all(failure.getErrorMessage().startswith("invalid hostname: ") for failure in failures)
