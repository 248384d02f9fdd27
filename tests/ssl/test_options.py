"""reactor.ssl: certificates as values, context factories, and several names on one server."""

import os
import ssl
import stat
import subprocess

import pytest

from reactor.ssl import AcceptableCiphers, Certificate, CertificateOptions, PrivateCertificate
from tests.support import securely
from tests.support.securely import SecurePair, client_options, private

own_promise = pytest.mark.own_promise("keys and certificates are PEM here, not pyOpenSSL's objects")


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


def shown_by(pair):
    """The certificate that the client has seen."""
    _, client = pair.secure()
    return Certificate.peerFromTransport(client.transport)


def key_and_certificate(folder, *names):
    issued = securely.issued(*names)
    key, chain = folder / "key.pem", folder / "chain.pem"
    key.write_bytes(issued.private_key_pem.bytes())
    chain.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
    return key, chain


# --- certificates as values


def test_a_certificate_survives_both_notations():
    pem = securely.authority().cert_pem.bytes()
    certificate = Certificate.loadPEM(pem)
    assert Certificate.load(certificate.dump()) == certificate == Certificate.loadPEM(certificate.dumpPEM())
    assert certificate != Certificate.loadPEM(securely.issued("localhost").cert_chain_pems[0].bytes())


@own_promise
def test_certificates_compare_hash_and_print():
    one, same, other = private("localhost"), private("localhost"), private("elsewhere.example")
    assert one == same != other and len({one, same, other}) == 2
    assert one != b"localhost"
    assert one.digest().count(b":") == 31
    assert repr(one) == f"<PrivateCertificate {one.digest()[:23].decode()}…>"


@own_promise
@pytest.mark.parametrize("make, message", [
    (lambda: Certificate.loadPEM(b"nothing"), "no certificate in this PEM text"),
    (lambda: PrivateCertificate.loadPEM(securely.authority().cert_pem.bytes()), "no private key"),
    (lambda: PrivateCertificate.load(b""), "loadPEM"),
], ids=["no certificate", "no key", "DER"])  # fmt: skip
def test_what_is_no_certificate_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@own_promise
def test_a_transport_without_tls_has_no_certificate_of_its_peer(connect):
    server, _ = connect().establish()
    assert server.transport.getPeerCertificate() is None
    assert server.transport.negotiatedProtocol is None
    with pytest.raises(ValueError, match="has no certificate of its peer"):
        Certificate.peerFromTransport(server.transport)


# --- context factories


@own_promise
@pytest.mark.parametrize("as_bytes", [False, True])
def test_options_take_pem_files_and_pem_bytes(secure, tmp_path, as_bytes):
    from reactor.ssl import CertificateOptions

    key, chain = key_and_certificate(tmp_path, "localhost")
    if as_bytes:
        key, chain = key.read_bytes(), chain.read_bytes()
    assert shown_by(secure(server_tls=CertificateOptions(key, chain))) == private("localhost")


def test_a_default_context_factory_takes_two_files(secure, tmp_path):
    from reactor.ssl import DefaultOpenSSLContextFactory

    key, chain = key_and_certificate(tmp_path, "localhost")
    factory = DefaultOpenSSLContextFactory(str(key), str(chain))
    assert shown_by(secure(server_tls=factory)) == Certificate.loadPEM(chain.read_bytes())


@own_promise
def test_a_key_in_memory_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    private("localhost").options().getContext()
    assert list(tmp_path.iterdir()) == []


@own_promise
def test_a_key_of_another_certificate_is_refused():
    from reactor.ssl import CertificateOptions

    key = securely.issued("localhost").private_key_pem.bytes()
    chain = securely.issued("elsewhere.example").cert_chain_pems[0].bytes()
    with pytest.raises(ValueError, match="can't be used"):
        CertificateOptions(key, chain).getContext()


@own_promise
def test_an_encrypted_key_is_refused_and_nobody_is_asked_for_a_password(tmp_path):
    from reactor.ssl import CertificateOptions

    key, chain = key_and_certificate(tmp_path, "localhost")
    hidden = tmp_path / "hidden.pem"
    subprocess.run(["openssl", "pkey", "-in", key, "-aes128", "-passout", "pass:x", "-out", hidden], check=True)
    with pytest.raises(ValueError, match="encrypted"):
        CertificateOptions(hidden, chain).getContext()


@own_promise
def test_options_that_cannot_be_had_are_errors_at_the_call(reactor, tmp_path):
    from reactor.ssl import CertificateOptions, ContextFactory, TLSVersion, trustRootFromCertificates

    with pytest.raises(ValueError, match="needs a certificate and its key"):
        reactor.listenSSL(0, securely.Server("server"), CertificateOptions(), interface="127.0.0.1")
    with pytest.raises(ValueError, match="needs its certificate"):
        CertificateOptions(b"key")
    with pytest.raises(ValueError, match="TLSv1_1 is retired"):
        CertificateOptions(raiseMinimumTo=TLSVersion.TLSv1_1)
    with pytest.raises(FileNotFoundError):
        CertificateOptions(tmp_path / "missing.pem", tmp_path / "missing.pem")
    with pytest.raises(TypeError, match=r"Certificate\.loadPEM"):
        trustRootFromCertificates([b"PEM"])
    with pytest.raises(NotImplementedError, match="ContextFactory has no getContext"):
        ContextFactory().getContext()


def test_the_host_name_of_a_client_is_text():
    with pytest.raises(TypeError):
        client_options(b"localhost")


@own_promise
def test_the_host_name_of_a_client_is_not_empty():
    with pytest.raises(ValueError, match="needs a host name"):
        client_options("")


@own_promise
def test_whoever_says_nothing_gets_checks_of_names_and_no_old_versions():
    from reactor.ssl import CertificateOptions, ClientContextFactory

    for factory in (ClientContextFactory(), client_options()):
        context = factory.getContext()
        assert context.check_hostname and context.verify_mode == ssl.CERT_REQUIRED
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    server = CertificateOptions(certificate=private("localhost")).getContext()
    assert server.minimum_version == ssl.TLSVersion.TLSv1_2 and server.verify_mode == ssl.CERT_NONE


@own_promise
def test_a_client_without_options_believes_nobody_the_platform_does_not_know(secure):
    from reactor.ssl import ClientContextFactory

    pair = secure(client_tls=ClientContextFactory())
    pair.run_until_lost()
    assert pair.client.reason.type is ssl.SSLCertVerificationError


def test_one_may_believe_several_authorities_and_nobody_else(secure):
    from reactor.ssl import trustRootFromCertificates

    other = Certificate.loadPEM(securely.trustme.CA().cert_pem.bytes())
    known = trustRootFromCertificates([other, securely.trust()])
    pair = secure(client_tls=client_options(trustRoot=known))
    assert shown_by(pair) == Certificate.loadPEM(securely.issued("localhost").cert_chain_pems[0].bytes())


@own_promise
def test_a_pinned_certificate_needs_no_authority(secure):
    own = securely.trustme.CA().issue_cert("localhost")
    server = PrivateCertificate.loadPEM(securely.pem_of(own))
    pair = secure(server_tls=server.options(), client_tls=client_options(trustRoot=Certificate.load(server.dump())))
    assert shown_by(pair) == server


@own_promise
def test_a_server_may_take_clients_without_a_certificate_too(secure):
    from reactor.ssl import CertificateOptions

    options = CertificateOptions(certificate=private("localhost"), trustRoot=securely.trust(), requireCertificate=False)
    server, _ = secure(server_tls=options).secure()
    assert server.transport.getPeerCertificate() is None


# --- several names on one server


@own_promise
@pytest.mark.parametrize("asked, shown", [
    ("one.example", "one.example"), ("ONE.example", "one.example"), ("a.two.example", "*.two.example"),
    ("localhost", "localhost"),
])  # fmt: skip
def test_a_server_shows_the_certificate_for_the_name_that_is_asked_for(secure, asked, shown):
    from reactor.ssl import ServerNames

    names = ("one.example", "*.two.example")
    server = ServerNames({name: private(name).options() for name in names}, private("localhost").options())
    assert shown_by(secure(server_tls=server, client_tls=client_options(asked))) == private(shown)


@own_promise
def test_a_name_two_levels_below_a_wildcard_is_not_meant(secure):
    from reactor.ssl import ServerNames

    server = ServerNames({"*.two.example": private("*.two.example").options()}, private("localhost").options())
    pair = secure(server_tls=server, client_tls=client_options("a.b.two.example"))
    pair.run_until_lost()
    assert pair.client.reason.type is ssl.SSLCertVerificationError


# --- for development


@own_promise
def test_a_development_certificate_serves_whom_it_names(secure, tmp_path):
    from reactor.ssl import developmentCertificate

    own = developmentCertificate(["localhost", "127.0.0.1"], tmp_path)
    for name in ("localhost", "127.0.0.1"):
        assert shown_by(secure(server_tls=own.options(), client_tls=client_options(name, trustRoot=own))) == own
    assert stat.S_IMODE(os.stat(tmp_path / "development.pem").st_mode) == 0o600


@own_promise
def test_a_development_certificate_is_kept_until_it_is_old_or_for_others(tmp_path, monkeypatch):
    from reactor.ssl import developmentCertificate

    first = developmentCertificate(["localhost"], tmp_path)
    assert developmentCertificate(["localhost"], tmp_path) == first
    other = developmentCertificate(["localhost", "::1"], tmp_path)
    assert other != first
    monkeypatch.setattr("reactor.ssl.development._RENEW_BEFORE_S", 31 * 24 * 60 * 60)
    assert developmentCertificate(["localhost", "::1"], tmp_path) != other
    assert [path.name for path in tmp_path.iterdir()] == ["development.pem"]


@own_promise
def test_without_the_openssl_program_it_says_what_to_install(tmp_path, monkeypatch):
    from reactor.ssl import developmentCertificate

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="apt install openssl"):
        developmentCertificate(["localhost"], tmp_path)


@own_promise
@pytest.mark.parametrize("hosts, problem", [([], ValueError), (["no\nname"], RuntimeError)])
def test_a_certificate_for_nobody_is_not_made(tmp_path, hosts, problem):
    from reactor.ssl import developmentCertificate

    with pytest.raises(problem):
        developmentCertificate(hosts, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.own_promise("Twisted asks OpenSSL what it would choose, and doesn't mind nothing")
def test_only_the_ciphers_that_were_named_are_spoken_in_tls_1_2():
    named = AcceptableCiphers.fromOpenSSLCipherString("ECDHE-ECDSA-AES256-GCM-SHA384")
    context = CertificateOptions(acceptableCiphers=named).getClientContext()
    names = {cipher["name"] for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"}
    assert names == {"ECDHE-ECDSA-AES256-GCM-SHA384"}
    with pytest.raises(ValueError, match="OpenSSL knows no cipher of 'ROT13'"):
        AcceptableCiphers.fromOpenSSLCipherString("ROT13")
