"""Who may talk in secret, and to whom: contexts and certificates for `listenSSL`, `connectSSL` and `startTLS`.

    reactor.listenSSL(443, factory, CertificateOptions("key.pem", "chain.pem"))
    reactor.connectSSL("example.org", 443, factory, optionsForClientTLS("example.org"))

Names are Twisted's, where the standard library's `ssl` can do the same; TLS 1.2 is the oldest version spoken. A client
believes nobody without proof: a certificate that somebody trusted has signed, for the name that was asked for. That
holds for `ClientContextFactory` too, which believes everybody in Twisted. An
`ssl.SSLContext` of your own serves as well.

Not here, since the standard library can neither make keys nor read certificates: KeyPair, DistinguishedName,
CertificateRequest, and the subject of a Certificate. A library for that (pyca's cryptography) takes the DER bytes.
"""

from __future__ import annotations

import ssl

from reactor.ssl.certificates import Certificate, PrivateCertificate, platformTrust, trustRootFromCertificates
from reactor.ssl.development import developmentCertificate
from reactor.ssl.options import (
    AcceptableCiphers,
    CertificateOptions,
    ClientContextFactory,
    ContextFactory,
    DefaultOpenSSLContextFactory,
    ServerNames,
    TLSVersion,
    optionsForClientTLS,
)

VerificationError = ssl.SSLCertVerificationError
"""The server isn't who it should be: what its client's `connectionLost` gets then."""

__all__ = [
    "AcceptableCiphers",
    "Certificate",
    "CertificateOptions",
    "ClientContextFactory",
    "ContextFactory",
    "DefaultOpenSSLContextFactory",
    "PrivateCertificate",
    "ServerNames",
    "TLSVersion",
    "VerificationError",
    "developmentCertificate",
    "optionsForClientTLS",
    "platformTrust",
    "trustRootFromCertificates",
]
