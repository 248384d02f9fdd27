"""Context factories: what a server shows, what a client asks for, which versions and protocols both speak.

Each makes one `ssl.SSLContext`, when it is first needed, for all of its connections.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from ssl import TLSVersion
from typing import Any, Self

from reactor.core.transports.starttls import context_of
from reactor.ssl.certificates import PrivateCertificate, TrustRoot, platformTrust

__all__ = [
    "AcceptableCiphers",
    "CertificateOptions",
    "ClientContextFactory",
    "ContextFactory",
    "DefaultOpenSSLContextFactory",
    "ServerNames",
    "TLSVersion",
    "optionsForClientTLS",
]

Pem = str | os.PathLike[str] | bytes
"""A PEM file's path, or its bytes."""


class ContextFactory:
    """Makes contexts for connections. Override `getContext`, and `getClientContext` if clients need another one."""

    def getContext(self) -> ssl.SSLContext:
        """The context of a new connection."""
        raise NotImplementedError(f"{type(self).__name__} has no getContext()")


class AcceptableCiphers:
    """Which ciphers are allowed. names: as OpenSSL lists them, openssl-ciphers(1)."""

    def __init__(self, names: str) -> None:
        self.names = names

    @classmethod
    def fromOpenSSLCipherString(cls, cipherString: str) -> AcceptableCiphers:
        """From a list such as "ECDHE+AESGCM:!aNULL". Raises ValueError when OpenSSL knows none of them."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).set_ciphers(cipherString)
        except ssl.SSLError as problem:
            raise ValueError(f"OpenSSL knows no cipher of {cipherString!r}: see openssl ciphers -v") from problem
        return cls(cipherString)


class CertificateOptions(ContextFactory):
    """The choices about TLS, for either side.

    privateKey, certificate: PEM, as path or bytes; `certificate` begins with our own and goes on with those of the
        authorities in between. Or `certificate` alone: a PrivateCertificate, or PEM with the key in it.
    trustRoot: whom to believe. A server that has one asks its clients for a certificate; a client has the
        platform's by default, and always checks the server's name.
    requireCertificate: whether a server turns away clients that show none.
    acceptableProtocols: the protocols to offer (ALPN), the best first, such as [b"h2", b"http/1.1"].
    raiseMinimumTo, lowerMaximumSecurityTo: the versions to speak; by default TLS 1.2 and newer.
    extraCertChain: more PEM, with certificates of authorities in between.
    acceptableCiphers: for TLS 1.2; by default those that OpenSSL considers good. (TLS 1.3 has only good ones.)
    Raises ValueError, TypeError or OSError for arguments that can't be used.
    """

    def __init__(
        self,
        privateKey: Pem | None = None,
        certificate: Pem | PrivateCertificate | None = None,
        *,
        trustRoot: TrustRoot | None = None,
        requireCertificate: bool = True,
        acceptableProtocols: Sequence[bytes | str] | None = None,
        raiseMinimumTo: TLSVersion | None = None,
        lowerMaximumSecurityTo: TLSVersion | None = None,
        extraCertChain: Pem | None = None,
        acceptableCiphers: AcceptableCiphers | None = None,
    ) -> None:
        self._identity = _identity(privateKey, certificate, extraCertChain)
        self._trust_root = trustRoot
        self._require_certificate = requireCertificate
        self._ciphers = acceptableCiphers
        self._protocols = [_protocol_name(name) for name in acceptableProtocols or ()]
        self._minimum = raiseMinimumTo or TLSVersion.TLSv1_2
        self._maximum = lowerMaximumSecurityTo or TLSVersion.MAXIMUM_SUPPORTED
        if self._minimum < TLSVersion.TLSv1_2:
            raise ValueError(f"{self._minimum.name} is retired (RFC 8996): nothing below TLS 1.2 is spoken")
        self._contexts: dict[int, ssl.SSLContext] = {}

    def getContext(self) -> ssl.SSLContext:
        """For servers. Raises ValueError without a certificate."""
        if self._identity is None:
            raise ValueError("a server needs a certificate and its key: give privateKey and certificate")
        return self._context(ssl.PROTOCOL_TLS_SERVER)

    def getClientContext(self) -> ssl.SSLContext:
        """For clients."""
        return self._context(ssl.PROTOCOL_TLS_CLIENT)

    def _context(self, side: int) -> ssl.SSLContext:
        if side not in self._contexts:
            self._contexts[side] = self._made(side)
        return self._contexts[side]

    def _made(self, side: int) -> ssl.SSLContext:
        context = ssl.SSLContext(side)
        context.minimum_version, context.maximum_version = self._minimum, self._maximum
        trust_root = self._trust_root
        if side == ssl.PROTOCOL_TLS_CLIENT:  # this kind checks certificates and names from the start
            trust_root = trust_root or platformTrust()
        elif trust_root is not None:
            context.verify_mode = ssl.CERT_REQUIRED if self._require_certificate else ssl.CERT_OPTIONAL
        if trust_root is not None:
            trust_root.addTo(context)
        if self._identity is not None:
            self._identity.identify(context)
        if self._ciphers is not None:
            context.set_ciphers(self._ciphers.names)
        if self._protocols:
            context.set_alpn_protocols(self._protocols)
        return context


class DefaultOpenSSLContextFactory(CertificateOptions):
    """For a server, from two PEM files; they are read at once. Raises OSError or ValueError."""

    def __init__(self, privateKeyFileName: str | os.PathLike[str], certificateFileName: str | os.PathLike[str]) -> None:
        super().__init__(privateKeyFileName, certificateFileName)
        self.getContext()


class ClientContextFactory(CertificateOptions):
    """For a client without other wishes: it believes the platform's authorities, for the host that it connects to."""

    def __init__(self) -> None:
        super().__init__()

    def getContext(self) -> ssl.SSLContext:
        """The client's context: this class is for clients only."""
        return self.getClientContext()


class _ClientOptions(ContextFactory):
    """A client's options, with the name that the server must prove."""

    def __init__(self, hostname: str, options: CertificateOptions) -> None:
        self.hostname = hostname
        self._options = options

    def getContext(self) -> ssl.SSLContext:
        """For clients."""
        return self._options.getClientContext()


def optionsForClientTLS(
    hostname: str,
    trustRoot: TrustRoot | None = None,
    clientCertificate: PrivateCertificate | None = None,
    acceptableProtocols: Sequence[bytes | str] | None = None,
    *,
    extraCertificateOptions: Mapping[str, Any] | None = None,
) -> ContextFactory:
    """For a client that talks only to a server which proves that it is `hostname`.

    hostname: a name or an address, as in the server's certificate; the client also sends it to the server (SNI).
    trustRoot: who may have signed the certificate; the platform's authorities by default.
    clientCertificate: shown if the server asks. acceptableProtocols: see CertificateOptions.
    extraCertificateOptions: further arguments of CertificateOptions.
    Raises TypeError for a host name that isn't text, ValueError for an empty one.
    """
    if not isinstance(hostname, str):
        raise TypeError(f"optionsForClientTLS needs the host name as text, not {hostname!r}")
    if not hostname:
        raise ValueError("optionsForClientTLS needs a host name, not an empty text")
    options = CertificateOptions(
        certificate=clientCertificate,
        trustRoot=trustRoot,
        acceptableProtocols=acceptableProtocols,
        **(extraCertificateOptions or {}),
    )
    return _ClientOptions(hostname, options)


class ServerNames(ContextFactory):
    """For a server with several names: it shows the certificate for the name that the client asks for (SNI, RFC 6066).

    byName: maps host names to context factories; "*.example.org" stands for every name directly below example.org.
    default: for all other names, and for clients that ask for none. It decides everything but the certificate:
        versions, protocols, and what clients must show.
    """

    def __init__(self, byName: Mapping[str, Any], default: Any) -> None:
        self._by_name = {name.lower(): context_of(factory) for name, factory in byName.items()}
        self._default = context_of(default)
        self._default.sni_callback = self._choose

    @classmethod
    def fromFolder(cls, folder: str | os.PathLike[str]) -> Self:
        """The certificates of a folder: NAME.pem has the key and certificates for that name, `_.NAME.pem` those for all
        names right below it; the first file, in the order of the alphabet, is for the rest.

        (Twisted reads the names from the certificates, which the standard library can't.)
        Raises OSError or ValueError for files that can't be used, or a folder without any.
        """
        files = sorted(Path(folder).glob("*.pem"))
        if not files:
            raise ValueError(
                f"no PEM file in the folder {str(folder)!r}: put one there for each name, such as example.org.pem"
            )
        named = {file.stem: PrivateCertificate.fromFiles(file).options() for file in files}
        names = {f"*{name[1:]}" if name.startswith("_.") else name: options for name, options in named.items()}
        return cls(names, named[files[0].stem])

    def getContext(self) -> ssl.SSLContext:
        """The default's context; a connection changes to another one when it hears the name."""
        return self._default

    def _choose(self, connection: ssl.SSLObject, name: str | None, default: ssl.SSLContext) -> None:
        name = (name or "").lower()
        context = self._by_name.get(name) or self._by_name.get("*." + name.partition(".")[2])
        if context is not None:
            connection.context = context


def _identity(
    key: Pem | None, certificate: Pem | PrivateCertificate | None, chain: Pem | None
) -> PrivateCertificate | None:
    if isinstance(certificate, PrivateCertificate):
        return certificate
    if certificate is None:
        if key is not None:
            raise ValueError("a privateKey needs its certificate")
        return None
    parts = [_pem(part) for part in (certificate, key, chain) if part is not None]
    return PrivateCertificate(b"\n".join(parts))


def _pem(source: Pem) -> bytes:
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def _protocol_name(name: bytes | str) -> str:
    return name.decode("ascii") if isinstance(name, bytes) else name
