"""A server of FTP for tests, with a folder on disk."""

import socket
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
        self.sessions, self.sockets, self.opened, self.attributes = [], [], [], attributes
        self.gate = Gate(self.folder)
        checkers = [AllowAnonymousAccess(), InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")]
        context = PrivateCertificate.fromFiles(CERTIFICATE).options()
        self.factory = FTPFactory(Portal(self.gate, checkers), contextFactory=context, reactor=reactor)
        self.factory.noisy = False
        build = self.factory.buildSession

        def built(addr):
            session = build(addr)
            self.sessions.append(session)
            for name, value in self.attributes.items():
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
        for one in self.sockets:
            one.close()
        stop_listening(self.reactor, self.listening)
        for transport in list(self.reactor.transports):
            end = getattr(transport, "abortConnection", None) or transport.stopListening
            end()
        run_until(self.reactor, lambda: not self.reactor.transports)


class Speaker:
    """A client that says what the test wants, by a blocking socket in a loop that turns while it waits.

    served: the server. session: the server's end.
    """

    def __init__(self, served, greeting=220):
        self.served, self.reactor = served, served.reactor
        self.socket = self._connected(served.port)
        served.opened.append(self)
        self._heard = b""
        assert self.reply()[0] == greeting
        self.session = served.sessions[-1] if served.sessions else None

    def _connected(self, port):
        skt = socket.create_connection(("127.0.0.1", port))
        skt.setblocking(False)
        self.served.sockets.append(skt)
        return skt

    def until(self, condition):
        run_until(self.reactor, condition)

    def _receive(self, skt):
        """The next bytes; b"" at the end."""
        found = []

        def came():
            try:
                found.append(skt.recv(2**16))
            except (BlockingIOError, ssl.SSLWantReadError):
                return False
            except (ConnectionResetError, ssl.SSLEOFError):
                found.append(b"")
            return True

        self.until(came)
        return found[0]

    def send(self, data):
        self.socket.sendall(data)

    def reply(self):
        """Code and text of the next reply; lines between the first and the last as they are."""
        lines = []
        while not lines or (lines[0][3:4] == b"-" and not lines[-1].startswith(lines[0][:3] + b" ")):
            while b"\r\n" not in self._heard:
                piece = self._receive(self.socket)
                assert piece, f"the server has gone; before, it said {lines} {self._heard}"
                self._heard += piece
            line, _, self._heard = self._heard.partition(b"\r\n")
            lines.append(line)
        texts = [lines[0][4:], *lines[1:-1], *([lines[-1][4:]] if lines[1:] else [])]
        return int(lines[0][:3]), b"\n".join(texts).decode("utf-8", "surrogateescape")

    def say(self, command):
        """Send a command. Returns its reply."""
        self.send((command if isinstance(command, bytes) else command.encode()) + b"\r\n")
        return self.reply()

    def codes(self, *commands):
        return [self.say(command)[0] for command in commands]

    def login(self, name="ann"):
        assert self.codes(f"USER {name}", "PASS secret") == [331, 230]
        return self

    def heard_end(self):
        """Wait for the server to close."""
        return self._receive(self.socket) == b""

    def secure(self, pipelined=b""):
        """Begin TLS."""
        self.send(b"AUTH TLS\r\n" + pipelined)
        assert self.reply()[0] == 234
        self.socket = self._wrapped(self.socket)

    def _wrapped(self, skt, session=None):
        context = self.socket.context if session is not None else Served.unverified()
        secured = context.wrap_socket(skt, do_handshake_on_connect=False, session=session)
        self.served.sockets.append(secured)

        def is_done():
            try:
                secured.do_handshake()
            except ssl.SSLWantReadError:
                return False
            return True

        self.until(is_done)
        return secured

    # --- data

    def passive_port(self):
        code, text = self.say("EPSV")
        assert code == 229, text
        return int(text.split("|||")[1].split("|")[0])

    def passive(self, is_encrypted=False, session=None):
        """A data connection."""
        skt = self._connected(self.passive_port())
        return self._wrapped(skt, session) if is_encrypted else skt

    def read_all(self, data):
        pieces = []
        while piece := self._receive(data):
            pieces.append(piece)
        data.close()
        return b"".join(pieces)

    def finish(self, data, command):
        """Send a command that sends. Returns what came by this data connection."""
        data.setblocking(False)
        code, text = self.say(command)
        assert code == 150, text
        found = self.read_all(data)
        assert self.reply()[0] == 226
        return found

    def retrieve(self, path, command="RETR"):
        return self.finish(self.passive(), f"{command} {path}".rstrip())

    def store(self, path, data, command="STOR"):
        """Returns the last reply."""
        skt = self.passive()
        found = self.say(f"{command} {path}")
        if found[0] == 150:
            skt.sendall(data)
            skt.close()
            found = self.reply()
        return found

    def flush(self):
        """Write what the server holds of an upload."""
        self.session.dtpFactory._dtp._consumer._file.flush()
