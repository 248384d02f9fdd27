"""Certificates as values, and whom to believe.

A certificate is a signed statement: this key belongs to that name. To this library it is a block of bytes, in DER (the
bytes themselves) or PEM (the same as text); OpenSSL reads what is inside. A *trust root* is whatever can add itself to
the certificates that a context believes: the platform's, a certificate, or several.
"""

from __future__ import annotations

import hashlib
import os
import re
import ssl
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from reactor import error

if TYPE_CHECKING:
    from reactor.ssl.options import CertificateOptions

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)  # RFC 7468, section 2


class TrustRoot(Protocol):
    """Certificates to believe."""

    def addTo(self, context: ssl.SSLContext) -> None:
        """Make the context believe these certificates."""


class Certificate:
    """One certificate. It compares by content, and is a trust root: for itself, and for all that its owner has signed.

    der: the bytes, as `transport.getPeerCertificate()` gives them.
    """

    def __init__(self, der: bytes) -> None:
        self._der = bytes(der)

    @classmethod
    def load(cls, der: bytes) -> Self:
        """From DER bytes."""
        return cls(der)

    @classmethod
    def loadPEM(cls, data: bytes | str) -> Self:
        """The first certificate of a PEM text. Raises ValueError when there is none."""
        return cls(_certificates(_as_bytes(data))[0])

    @classmethod
    def peerFromTransport(cls, transport: Any) -> Self:
        """The certificate that the peer has shown. Raises CertificateError if there is none."""
        der = transport.getPeerCertificate()
        if der is None:
            raise error.CertificateError(
                f"{transport!r} has no certificate of its peer: no TLS, no handshake yet, or none shown"
            )
        return cls(der)

    def dump(self) -> bytes:
        """As DER bytes."""
        return self._der

    def dumpPEM(self) -> bytes:
        """As PEM text."""
        return ssl.DER_cert_to_PEM_cert(self._der).encode("ascii")

    def digest(self, method: str = "sha256") -> bytes:
        """A fingerprint, as people compare them: b"01:AB:…". method: a name that hashlib knows."""
        return hashlib.new(method, self._der).digest().hex(":").upper().encode("ascii")

    def addTo(self, context: ssl.SSLContext) -> None:
        """Make the context believe this certificate, whether it is an authority's or a server's own."""
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=self._der)

    def __eq__(self, other: object) -> bool:
        return self._der == other._der if isinstance(other, Certificate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._der)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.digest()[:23].decode()}…>"


class PrivateCertificate(Certificate):
    """Our own certificate, with its key, and the certificates of the authorities in between.

    pem: the text of all of them. Raises ValueError when a certificate or a key is missing.
    """

    def __init__(self, pem: bytes) -> None:
        super().__init__(_certificates(pem)[0])
        if not any(name.endswith(b"PRIVATE KEY") for name in _BLOCK.findall(pem)):
            raise ValueError("no private key in this PEM text")
        self._pem = pem

    @classmethod
    def load(cls, der: bytes) -> Self:
        """Raises ValueError: DER has no place for the key."""
        raise ValueError("a private certificate needs its key too: use loadPEM")

    @classmethod
    def loadPEM(cls, data: bytes | str) -> Self:
        """From one text with our certificate first, the key, and the rest of the chain."""
        return cls(_as_bytes(data))

    @classmethod
    def fromFiles(cls, *files: str | os.PathLike[str]) -> Self:
        """From PEM files: one with everything, or several. Raises OSError, ValueError."""
        return cls(b"\n".join(Path(file).read_bytes() for file in files))

    def options(self, *authorities: TrustRoot) -> CertificateOptions:
        """Options for a server with this certificate. authorities: believe only clients that these have signed."""
        from reactor.ssl.options import CertificateOptions

        return CertificateOptions(
            certificate=self, trustRoot=trustRootFromCertificates(authorities) if authorities else None
        )

    def identify(self, context: ssl.SSLContext) -> None:
        """Show this certificate on all connections of the context. Raises ValueError if the key doesn't match.

        The standard library reads keys from files only. So there is one for a moment, which only this user may read.
        """
        number, name = tempfile.mkstemp(suffix=".pem")  # readable by this user only
        try:
            with open(number, "wb") as file:
                file.write(self._pem)
            context.load_cert_chain(name, password=_no_password)
        except ssl.SSLError as problem:
            raise ValueError(f"the certificate and the key can't be used: {problem}") from problem
        finally:
            os.unlink(name)


class platformTrust:
    """Believe the platform's authorities: those that came with it, and those its owner added."""

    def addTo(self, context: ssl.SSLContext) -> None:
        """Make the context believe them."""
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)


class _Several:
    def __init__(self, roots: Iterable[TrustRoot]) -> None:
        self._roots = tuple(roots)

    def addTo(self, context: ssl.SSLContext) -> None:
        """Make the context believe all of them."""
        for root in self._roots:
            root.addTo(context)


def trustRootFromCertificates(certificates: Iterable[TrustRoot]) -> TrustRoot:
    """Believe only these. Raises TypeError for anything but certificates."""
    roots = tuple(certificates)
    for root in roots:
        if not hasattr(root, "addTo"):
            raise TypeError(f"{root!r} is no reactor.ssl.Certificate: make one with Certificate.loadPEM")
    return _Several(roots)


def _no_password() -> str:
    """Instead of OpenSSL's own question at the terminal, which would block the loop."""
    raise ValueError("the private key is encrypted: decrypt it, or load it into an ssl.SSLContext of your own")


def _as_bytes(data: bytes | str) -> bytes:
    return data.encode("ascii") if isinstance(data, str) else bytes(data)


def _certificates(pem: bytes) -> list[bytes]:
    """Every certificate of a PEM text, as DER."""
    blocks = [match.group().decode("ascii") for match in _BLOCK.finditer(pem) if match.group(1) == b"CERTIFICATE"]
    if not blocks:
        raise ValueError("no certificate in this PEM text: it has no -----BEGIN CERTIFICATE-----")
    return [ssl.PEM_cert_to_DER_cert(block) for block in blocks]
