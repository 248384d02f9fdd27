"""TLS, as a socket that encrypts.

The standard library's TLS does no input or output by itself: it reads ciphertext from one block of memory and leaves
ciphertext in another (`ssl.MemoryBIO`). `TLSSocket` puts these between a transport's buffer and its plain socket, with
`recv` and `send` of its own. So there is no second buffer: producers, `loseConnection` and all else are the buffering
core's, and a plain connection becomes a secure one, in mid-stream, when its `socket` is exchanged.

Two rules hold it together. `send` calls bytes sent only when the kernel has *all* of their ciphertext; until then it
says that there is no room, and does not encrypt more. So at most `_ENCRYPT_AT_MOST` bytes exist twice, and "nothing
waits" means what it says. And what TLS itself has to say (handshake, tickets, alerts, goodbye) is sent on the spot if
the kernel has room; if not, an empty piece in the transport's buffer makes it ask again.

A closed connection is one whose peer said so, with close_notify (RFC 8446, section 6.1). The end of the stream alone
proves nothing: an attacker on the way can make it. Where TLS is in its life, and what comes next, stands in
`tls_state.py`.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Any

from reactor import error, log
from reactor.core.loop.descriptors import HANDLER_ERRORS
from reactor.core.transports.security_layer import Layer, LayeredTransport
from reactor.core.transports.state import State
from reactor.core.transports.tls_state import (
    KNOWN_STATES,
    LISTENING_STATES,
    SHAKING_STATES,
    TRANSITIONS,
    TLSEvent,
    TLSState,
)
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall

_ENCRYPT_AT_MOST = 64 * 1024  # plaintext whose ciphertext may wait for the kernel: four records
_OWN_AT_MOST = 128 * 1024  # what may wait in all: that, and answers that the peer has asked TLS for
_RECORD = 16 * 1024  # no record holds more plaintext: RFC 8446, section 5.1
_GOODBYE_WITHIN_S = 30.0  # how long the peer may take to answer our close_notify

# The rest of a socket, which TLS does not touch. Nothing that moves bytes may ever stand here.
_PLAIN_METHODS = frozenset({"getsockname", "getpeername", "getsockopt", "setsockopt", "family", "type"})

_CLOSING = (State.CLOSING, State.ENDING)
_LEAVING = TLSState.LEAVING  # for each read: CPython 3.11 takes 50 ns to find a member of an enum


class _Ended(OSError):
    """Reading is over. reason: what the protocol is to be told."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(str(reason))
        self.reason = reason


class TLSSocket(Layer):
    """Stands in for a transport's socket, and encrypts.

    transport: whose socket it takes over; bytes that wait there leave first, as plaintext.
    make: makes the `ssl.SSLObject` on two MemoryBIOs, for ciphertext coming and going.
    deadline_s: seconds until the handshake fails, None for never.
    """

    encrypts = True

    def __init__(
        self,
        transport: LayeredTransport,
        make: Callable[[ssl.MemoryBIO, ssl.MemoryBIO], ssl.SSLObject],
        deadline_s: float | None,
    ) -> None:
        self._transport = transport
        self._plain = transport.socket
        self._plain_bytes_left = transport.pending_bytes
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = make(self._incoming, self._outgoing)
        self._unsent = memoryview(b"")  # ciphertext taken from `_outgoing`
        self._ahead = 0  # how many of the next bytes to send are encrypted already
        self._life = TLSState.SHAKING
        self._ending: Exception | None = None  # why nothing more will come
        self._timer: IDelayedCall | None = None
        if deadline_s is not None:
            late = error.TimeoutError(string=f"the TLS handshake was not complete after {deadline_s:g} s")
            self._set_timer(deadline_s, transport.connectionLost, Failure(late))

    @property
    def _is_established(self) -> bool:
        return self._life in KNOWN_STATES

    def _become(self, event: TLSEvent) -> bool:
        """Move on in life. False when the event means nothing in this state."""
        life = TRANSITIONS.get((self._life, event))
        self._life = life or self._life
        return life is not None

    def begin(self) -> None:
        """Take the first step of the handshake: a client's greeting leaves, a server waits for one."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            if self._outgoing.pending:
                self._transport._send_for_layer()

    # --- reading

    def recv(self, size: int) -> bytes:
        """Plaintext of what the plain socket has; b"" when the peer has said goodbye.

        Raises BlockingIOError when it makes no whole record yet, and _Ended when the connection is broken.
        """
        ciphertext = self._plain.recv(size)
        if not ciphertext:
            self._no_more(self._end_of_stream())
            return self._end()
        self._incoming.write(ciphertext)
        life = self._life
        if life in SHAKING_STATES and not self._shake_hands():
            raise BlockingIOError
        plaintext = self._decrypt()
        if life is _LEAVING:  # only now, for OpenSSL wants nothing unread when it says goodbye
            self._say_goodbye()
        if self._outgoing.pending:
            self._answer()
        if self._transport.state in _CLOSING:  # the protocol has closed, and hears no more
            plaintext = b""
        if self._life in LISTENING_STATES:
            if not plaintext:
                raise BlockingIOError
        elif not plaintext:
            return self._end()
        else:  # first the last bytes, and no event of the kernel's is going to follow
            self._set_timer(0, self._tell_end)
        return plaintext

    def _decrypt(self) -> bytes:
        """All whole records that are there, up to what ends the connection."""
        pieces = []
        try:
            while piece := self.tls.read(_RECORD):
                pieces.append(piece)
                if not self._incoming.pending:
                    break
            else:
                self._no_more(error.ConnectionDone())
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self._no_more(error.ConnectionDone())
        except ssl.SSLError as problem:
            self._no_more(problem)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _shake_hands(self) -> bool:
        """Go on with the handshake. Returns whether there may be something to decrypt."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            self._send_own()
            return False
        except ssl.SSLError as problem:
            self._no_more(problem)
            self._send_own()  # the alert that tells the peer
            raise _Ended(problem) from None
        self._become(TLSEvent.HANDSHAKE)
        self._stop_timer()
        self._transport._send_for_layer()  # the last of the handshake, in one piece with what was written meanwhile
        self._tell_established()
        return self._transport.state is not State.ABORTING

    def _tell_established(self) -> None:
        listener = getattr(self._transport.protocol, "handshakeCompleted", None)
        if listener is None or self._transport.state in _CLOSING:
            return
        try:
            listener()
        except HANDLER_ERRORS as problem:
            log.err(None, f"in {listener!r}")
            raise _Ended(problem) from None

    def _answer(self) -> None:
        """Send what reading has brought about, such as tickets or new keys, with what is written next."""
        self._transport._send_for_layer()
        if self._outgoing.pending > _OWN_AT_MOST:
            raise _Ended(error.ConnectionLost("the peer asks for TLS messages and does not read them"))

    # --- the end

    def _end_of_stream(self) -> Exception:
        """The peer's socket is closed. Was that to be expected?"""
        if self._is_established and self._transport.state in _CLOSING:
            return error.ConnectionDone()
        when = "without close_notify" if self._is_established else "before the TLS handshake was complete"
        return error.ConnectionLost(f"the peer closed the connection {when}")

    def _no_more(self, reason: Exception) -> None:
        """Nothing more will come from the peer, for this reason."""
        self._ending = reason
        self._become(TLSEvent.PEER_DONE if isinstance(reason, error.ConnectionDone) else TLSEvent.BREAK)

    def _end(self) -> bytes:
        """No more is to be read: b"" for a clean end, as sockets have it."""
        reason = self._ending
        assert reason is not None
        if not isinstance(reason, error.ConnectionDone):
            raise _Ended(reason)
        if self._transport.state in _CLOSING and self._life is not TLSState.PARTED:  # what waits is still to be sent
            self._transport.stopReading()
            raise BlockingIOError
        return b""

    def _tell_end(self) -> None:
        """The connection ended with the bytes that were just passed on."""
        transport, reason = self._transport, self._ending
        if transport.state in (*_CLOSING, State.ABORTING):
            return
        transport.stopReading()
        assert reason is not None
        if isinstance(reason, error.ConnectionDone):
            transport.readConnectionLost(Failure(reason))
        else:
            transport.connectionLost(Failure(reason))

    def part(self) -> Exception | None:
        """Say goodbye and wait for the peer's: then it has read all that we sent.

        Closing at once would be allowed; but if the peer had sent anything that we did not read, be it a session
        ticket, the kernel would answer with a reset, and the peer might never see our last bytes.
        """
        if self._life is TLSState.BROKEN or not self._is_established:
            return error.ConnectionDone()
        self._say_goodbye()
        if self._become(TLSEvent.SENT):
            silent = error.ConnectionLost(f"the peer did not answer close_notify within {_GOODBYE_WITHIN_S:g} s")
            self._set_timer(_GOODBYE_WITHIN_S, self._transport.connectionLost, Failure(silent))
        both_are_said = self._life is TLSState.PARTED and not (self._unsent or self._outgoing.pending)
        return error.ConnectionDone() if both_are_said else None

    def farewell(self) -> None:
        """Say goodbye, unless it is said."""
        self._say_goodbye()

    def _say_goodbye(self) -> None:
        if not self._become(TLSEvent.GOODBYE) or self._life is TLSState.LEAVING:
            return
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass  # it wants to read the peer's goodbye as well, which has time; or there is no saying anything any more
        self._send_own()

    def shutdown(self, how: int) -> None:
        """Close our direction, by close_notify, as soon as the handshake allows; or the plain socket."""
        if how == socket.SHUT_WR:
            self._say_goodbye()
        else:
            self._plain.shutdown(how)

    def close(self) -> None:
        """Close the plain socket."""
        self._stop_timer()
        self._plain.close()
        del self._transport  # it holds us: without this only the garbage collector could free the two

    @property
    def needs_peer(self) -> bool:
        """Until it has said goodbye."""
        return self._life in LISTENING_STATES

    # --- writing

    def send(self, piece: bytes | memoryview) -> int:
        """Encrypt and send. Returns how many bytes are with the kernel, to the last byte of their ciphertext.

        piece: after a refusal, the same bytes again, or more of them. Empty: only what TLS has to say by itself.
        Raises BlockingIOError: no room, or no handshake yet.
        """
        if self._plain_bytes_left:
            return self._send_plain(piece)
        if not self._ahead and self._is_established and piece:
            if len(piece) > _ENCRYPT_AT_MOST:
                piece = memoryview(piece)[:_ENCRYPT_AT_MOST]
            self._ahead = self.tls.write(piece)
        if not self._flush() or (piece and not self._ahead):
            raise BlockingIOError
        sent, self._ahead = self._ahead, 0
        return sent

    def _send_plain(self, piece: bytes | memoryview) -> int:
        """What was written before TLS began."""
        sent: int = self._plain.send(memoryview(piece)[: self._plain_bytes_left])
        self._plain_bytes_left -= sent
        if not self._plain_bytes_left:
            self._transport._send_for_layer()
        return sent

    def _flush(self) -> bool:
        """Hand the kernel the ciphertext that waits. Returns whether it took all."""
        while self._unsent or self._outgoing.pending:
            if not self._unsent:
                self._unsent = memoryview(self._outgoing.read())
            try:
                sent = self._plain.send(self._unsent)
            except (BlockingIOError, InterruptedError):
                return False
            self._unsent = self._unsent[sent:]
        return True

    def _send_own(self) -> None:
        """Send what TLS has to say, now or as soon as there is room. A broken connection is for reading to notice."""
        try:
            if self._plain_bytes_left or not self._flush():
                self._transport._send_for_layer()
        except OSError:
            pass

    @property
    def waits_for_peer(self) -> bool:
        """During the handshake, when our half of it is sent."""
        nothing_to_say = not (self._plain_bytes_left or self._unsent or self._outgoing.pending)
        return nothing_to_say and not self._is_established

    # --- what one may ask

    def why(self, problem: OSError) -> Exception:
        """TLS knows more than the kernel: whose certificate is not believed, for instance."""
        if isinstance(problem, _Ended) and isinstance(problem.reason, Exception):
            return problem.reason
        return error.ConnectionLost()

    def peer_certificate(self) -> bytes | None:
        """The peer's certificate; None before the handshake is complete, too."""
        return self.tls.getpeercert(True) if self._is_established else None

    @property
    def application_protocol(self) -> bytes | None:
        """What both sides agreed to speak, by ALPN (RFC 7301)."""
        name = self.tls.selected_alpn_protocol() if self._is_established else None
        return None if name is None else name.encode("ascii")

    def fileno(self) -> int:
        """The plain socket's."""
        return int(self._plain.fileno())

    def __getattr__(self, name: str) -> Any:
        """Addresses and options are the plain socket's."""
        if name in _PLAIN_METHODS:
            return getattr(self._plain, name)
        raise AttributeError(f"a socket with TLS has no {name!r}: it would go past the encryption")

    def _set_timer(self, delay_s: float, action: Callable[..., object], *args: object) -> None:
        self._stop_timer()
        self._timer = self._transport.reactor.callLater(delay_s, action, *args)

    def _stop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None and timer.active():
            timer.cancel()
