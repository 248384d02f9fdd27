"""A connection over a socket: the buffering core, plus a name for the logs and the two ways to close a socket.

Beyond this file, TCP and UNIX sockets differ only in their addresses and options.
"""

from __future__ import annotations

import socket
import struct
from typing import IO, TYPE_CHECKING, Any

from reactor import error
from reactor.core.loop.core import Loop
from reactor.core.transports.security_layer import TLSSession
from reactor.core.transports.sendfile import sent_by_kernel
from reactor.core.transports.stream import StreamTransport
from reactor.failure import Failure
from reactor.interfaces import IProtocol
from reactor.log.speaker import prefix_of

if TYPE_CHECKING:
    from reactor.core.transports.connecting import Connector


class SocketConnection(StreamTransport):
    """One end of an established connection.

    peer: the other end, in the socket module's form. label: what logs call the connection.
    connector: the client's; it is told of a lost connection after the protocol. None at the server's end.
    session: what tells it from others of its kind in the log; a port gives numbers.
    """

    session = "client"

    def __init__(
        self,
        reactor: Loop,
        skt: Any,
        protocol: IProtocol,
        peer: Any,
        label: str,
        connector: Connector | None = None,
    ) -> None:
        self.connector = connector
        self._peer = peer
        self._last_name: Any = None  # filled in at the end, as the next: a closed socket can't be asked
        self._last_prefix = ""
        self._label = label
        super().__init__(reactor, skt, protocol)

    def logPrefix(self) -> str:
        """What the log calls this connection."""
        return f"{self._last_prefix or prefix_of(self.protocol)},{self.session}"

    def getHandle(self) -> Any:
        """The socket itself."""
        return self.socket

    def getTcpKeepAlive(self) -> bool:
        """Whether the kernel checks that an idle peer is still there (RFC 9293, section 3.8.4)."""
        return bool(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Choose whether the kernel checks that an idle peer is still there."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, bool(enabled))

    def _own_name(self) -> Any:
        """This end, in the socket module's form; also after the connection is lost."""
        return self._last_name if self._last_name is not None else self.socket.getsockname()

    # --- files

    def writeFrom(self, file: IO[bytes], size: int) -> int:
        """Send up to `size` bytes of a file, from where it is; for a pull producer, each time that it is asked.

        If nothing waits before them, the kernel takes those of a file on disk by itself (sendfile(2)), and they never
        pass through this process: half the time or less. All others are read and written, such as under TLS.
        Returns how many; 0 at the end of the file. Raises OSError as reading does.
        """
        sent = 0 if self._waiting or not self._accepts_bytes else sent_by_kernel(self.socket, file, size)
        if sent:
            self._send_empty_piece()  # so that the producer is asked again
            return sent
        data = file.read(min(size, self.bufferSize))
        if data:
            self.write(data)
        return len(data)

    # --- security

    def startTLS(self, contextFactory: Any, normal: bool = True) -> None:
        """Encrypt from here on. What was written before leaves first, in plain text; all that comes now must be TLS.

        contextFactory: an `ssl.SSLContext`, or one of those that `reactor.ssl` makes.
        normal: whether the end that connected is TLS's client, as usual; False swaps the roles.
        Bytes that came in one piece with the last plaintext are the protocol's already. It must not believe them, as an
        attacker may have put them there (RFC 3207, section 6): forget them, or pass them to `handToTLS`.
        Raises RuntimeError when the connection is closing or encrypted already, ValueError for an unusable context.
        """
        from reactor.core.transports import starttls  # late: it imports ssl, and most programs do without

        starttls.start_tls(self, contextFactory, normal)

    def handToTLS(self, data: bytes) -> None:
        """Take bytes as the first of the peer's TLS: those that came with the last plaintext. Call it after `startTLS`.

        A peer that need not wait for an answer may send both at once, and the network decides whether they come in one
        piece. What is not TLS ends the connection, as in a piece of its own. Ignored without TLS, and after the
        handshake.
        """
        self.layer.take_early(data)

    @property
    def TLS(self) -> bool:
        """Whether what is written is encrypted, or will be once the handshake is complete."""
        return self.layer.encrypts

    @property
    def negotiatedProtocol(self) -> bytes | None:
        """The protocol that both sides agreed on (ALPN, RFC 7301), such as b"h2"; None without TLS or agreement."""
        return self.layer.application_protocol

    def getPeerCertificate(self) -> bytes | None:
        """The certificate that the peer has shown, or None.

        As DER bytes, because the standard library has no class for certificates, and every other library reads these;
        `reactor.ssl.Certificate.peerFromTransport` makes an object that prints and compares.
        """
        return self.layer.peer_certificate()

    def getTLSSession(self) -> TLSSession | None:
        """What TLS has agreed on, once the handshake is complete; None without TLS.

        A context factory with a `session` attribute offers that to its server anew: it is the proof that both
        connections come from the same client, as FTP wants it (RFC 4217, section 10.2).
        """
        return self.layer.session()

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Choose whether small pieces leave at once. Does nothing here: only TCP ever holds one back."""

    # --- closing

    def connectionLost(self, reason: Failure) -> None:
        """The connection is over. Called by the loop, once; later calls do nothing."""
        was_there = self.connected
        try:
            super().connectionLost(reason)
        finally:
            if was_there and self.connector is not None:
                self.connector._lost(reason)

    def _close_socket(self, reason: Failure) -> None:
        """Close in order; when aborted, the kernel drops what it holds and sends RST (socket(7), SO_LINGER)."""
        self._last_prefix = prefix_of(self.protocol)
        try:
            self._last_name = self.socket.getsockname()
            if reason.check(error.ConnectionAborted):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                if reason.check(error.ConnectionDone):  # else bytes may be missing, and the peer must not hear "done"
                    self.layer.farewell()
                # Or a copy of the descriptor, in a child that was forked, would keep the connection open.
                self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the peer has closed already
        self.socket.close()

    def __repr__(self) -> str:
        return f"<{self._label} {self.state.value}>"
