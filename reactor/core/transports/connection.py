"""A connection over a socket: the buffering core, plus a name for the logs, and the two ways to close a socket.

TCP and UNIX sockets differ from here on in nothing but their addresses and options.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any

from reactor import error
from reactor.core.loop.core import Loop
from reactor.core.transports.stream import StreamTransport
from reactor.failure import Failure
from reactor.interfaces import IProtocol

if TYPE_CHECKING:
    from reactor.core.transports.connecting import Connector


class SocketConnection(StreamTransport):
    """One end of an established connection.

    peer: the other end, as the socket module says it. label: how the connection shows itself in logs.
    connector: the client's, which is told after the protocol when the connection is lost; None at the server's end.
    """

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
        self._last_name: Any = None  # filled in at the end, when the socket can't be asked any more
        self._label = label
        super().__init__(reactor, skt, protocol)

    def getHandle(self) -> Any:
        """The socket itself."""
        return self.socket

    def getTcpKeepAlive(self) -> bool:
        """Whether the kernel asks an idle peer if it is still there (RFC 9293, section 3.8.4)."""
        return bool(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Whether the kernel is to ask an idle peer if it is still there."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, bool(enabled))

    def _own_name(self) -> Any:
        """This end, as the socket module says it. Also when the connection is over."""
        return self._last_name if self._last_name is not None else self.socket.getsockname()

    # --- security

    def startTLS(self, contextFactory: Any, normal: bool = True) -> None:
        """Encrypt from here on. What was written before leaves first, as it is; what comes from now on must be TLS.

        contextFactory: an `ssl.SSLContext`, or one of those that `reactor.ssl` makes.
        normal: whether the end that connected is TLS's client, as usual; False turns the roles round.
        Bytes that came in one piece with the last plaintext are not TLS's: the protocol has been given them, and should
        believe none of them, for an attacker may have put them there (RFC 3207, section 6).
        Raises RuntimeError when the connection is closing or encrypted already, ValueError for an unusable context.
        """
        from reactor.core.transports import starttls  # late: it imports ssl, and most programs do without

        starttls.start_tls(self, contextFactory, normal)

    @property
    def TLS(self) -> bool:
        """Whether what is written is encrypted, or will be when the handshake is complete."""
        return self.layer.encrypts

    @property
    def negotiatedProtocol(self) -> bytes | None:
        """What both sides agreed to speak (ALPN, RFC 7301), such as b"h2"; None without TLS, or without agreement."""
        return self.layer.application_protocol

    def getPeerCertificate(self) -> bytes | None:
        """The certificate that the peer has shown, or None.

        DER bytes, since the standard library has no object for a certificate, and every other library reads these;
        `reactor.ssl.Certificate.peerFromTransport` makes one that prints and compares.
        """
        return self.layer.peer_certificate()

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Whether small pieces are to leave at once; nothing to do where none is ever held back."""

    # --- closing

    def connectionLost(self, reason: Failure) -> None:
        """It is over. Called by the loop, once; later calls do nothing."""
        was_there = self.connected
        try:
            super().connectionLost(reason)
        finally:
            if was_there and self.connector is not None:
                self.connector._lost(reason)

    def _close_socket(self, reason: Failure) -> None:
        """Close in order; when aborted, the kernel drops what it holds and sends RST (socket(7), SO_LINGER)."""
        try:
            self._last_name = self.socket.getsockname()
            if reason.check(error.ConnectionAborted):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                if reason.check(error.ConnectionDone):  # else bytes may be missing, and the peer must not hear "done"
                    self.layer.farewell()
                self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the peer was quicker
        self.socket.close()

    def __repr__(self) -> str:
        return f"<{self._label} {self.state.value}>"
