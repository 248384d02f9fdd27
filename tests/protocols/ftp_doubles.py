"""A server of FTP for tests, with a folder on disk."""

import ssl
from pathlib import Path

from reactor.cred.checkers import ANONYMOUS, AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.protocol import Protocol
from reactor.protocols.ftp import FTPAnonymousShell, FTPFactory, FTPShell, IFTPShell
from reactor.ssl import PrivateCertificate
from tests.support.loopback import run_until, stop_listening

CERTIFICATE = Path(__file__).parents[1] / "faults" / "certificate.pem"


class Gate:
    """A realm: ann writes in the folder, strangers read it."""

    def __init__(self, folder):
        self.folder = folder
        self.left = 0

    def requestAvatar(self, avatarId, mind, *interfaces):
        shell = FTPAnonymousShell(self.folder) if avatarId is ANONYMOUS else FTPShell(self.folder)
        return IFTPShell, shell, self.leave

    def leave(self):
        self.left += 1


class Collector(Protocol):
    """Keeps what comes, and why it ended."""

    def __init__(self):
        self.data, self.reason = b"", None

    def dataReceived(self, data):
        self.data += data

    def connectionLost(self, reason):
        self.reason = reason


class Served:
    """A server of ours on loopback: its port, its folder, its sessions."""

    def __init__(self, reactor, place, **attributes):
        self.reactor, self.folder = reactor, place / "served"
        self.folder.mkdir()
        self.sessions = []
        self.gate = Gate(self.folder)
        checkers = [AllowAnonymousAccess(), InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")]
        context = PrivateCertificate.fromFiles(CERTIFICATE).options()
        self.factory = FTPFactory(Portal(self.gate, checkers), contextFactory=context, reactor=reactor)
        self.factory.noisy = False
        build = self.factory.buildSession

        def built(addr):
            session = build(addr)
            self.sessions.append(session)
            for name, value in attributes.items():
                setattr(session, name, value)
            return session

        self.factory.buildSession = built
        self.listening = reactor.listenTCP(0, self.factory, interface="127.0.0.1")
        self.port = self.listening.getHost().port

    def url(self, path):
        return f"ftp://ann:secret@127.0.0.1:{self.port}/{path}"

    @staticmethod
    def unverified():
        """For a client that believes every certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def close(self):
        """End the server, and all that is open."""
        stop_listening(self.reactor, self.listening)
        for transport in list(self.reactor.transports):
            end = getattr(transport, "abortConnection", None) or transport.stopListening
            end()
        run_until(self.reactor, lambda: not self.reactor.transports)
