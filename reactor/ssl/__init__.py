"""Contexts and certificates for `listenSSL`, `connectSSL` and `startTLS`: what each side shows, and whom it believes.

    reactor.listenSSL(443, factory, CertificateOptions("key.pem", "chain.pem"))
    reactor.connectSSL("example.org", 443, factory, optionsForClientTLS("example.org"))

Names are Twisted's, where the standard library's `ssl` can do the same; TLS 1.2 is the oldest version spoken. A client
wants proof from every server: a certificate for the name it asked for, signed by an authority that it trusts. That
holds for `ClientContextFactory` too, which in Twisted believes every server. An
`ssl.SSLContext` of your own works as well.

Missing, because the standard library can neither make keys nor read certificates: KeyPair, DistinguishedName,
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
"""The server hasn't proved its name: the client's `connectionLost` gets this."""

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
