"""TLS, as a socket that encrypts.

The standard library's TLS does no input or output by itself: it reads ciphertext from one block of memory and leaves
ciphertext in another (`ssl.MemoryBIO`). `TLSSocket` puts these between a transport's buffer and its plain socket, with
`recv` and `send` of its own. So there is no second buffer: producers, `loseConnection` and all else are the buffering
core's, and a plain connection becomes a secure one, even in mid-stream, when its `socket` is exchanged.

Two rules hold it together. First, `send` reports bytes as sent only when the kernel has *all* of their ciphertext;
until then it says that there is no room, and encrypts no more. So at most `_ENCRYPT_AT_MOST` bytes exist twice, and
"nothing waits" means what it says. Second, what TLS itself has to say (handshake, tickets, alerts, goodbye) is sent on
the spot if the kernel has room; if not, an empty piece in the transport's buffer makes the transport try again.

A connection counts as closed cleanly only if its peer said so, with close_notify (RFC 8446, section 6.1). The end of
the stream alone proves nothing: an attacker on the way can forge it. `tls_state.py` has the states of TLS.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Any

from reactor import error
from reactor.core.loop.descriptors import log_raised
from reactor.core.transports.security_layer import Layer, LayeredTransport, TLSSession
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
_OWN_AT_MOST = 128 * 1024  # what may wait in all: the ciphertext above, and TLS's own answers to the peer
_RECORD = 16 * 1024  # no record holds more plaintext: RFC 8446, section 5.1
_GOODBYE_WITHIN_S = 30.0  # how long the peer may take to answer our close_notify

# The methods of a socket that TLS passes on. None that moves bytes may ever be among them.
_PLAIN_METHODS = frozenset({"getsockname", "getpeername", "getsockopt", "setsockopt", "family", "type"})

_CLOSING = (State.CLOSING, State.ENDING)
_LEAVING = TLSState.LEAVING  # compared at every read, and CPython 3.11 takes 50 ns to look up a member of an enum


class _Ended(OSError):
    """Reading is over. reason: what to tell the protocol."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(str(reason))
        self.reason = reason


class TLSSocket(Layer):
    """Takes the place of a transport's socket, and encrypts.

    transport: its socket is taken over; bytes that wait there leave first, as plaintext.
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
        """Move to the next state. Returns False when the event has no meaning in this one."""
        life = TRANSITIONS.get((self._life, event))
        self._life = life or self._life
        return life is not None

    def begin(self) -> None:
        """Take the first step of the handshake: a client's greeting leaves, a server waits for one."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            if self._outgoing.pending:
                self._transport._send_empty_piece()

    # --- reading

    def recv(self, size: int) -> bytes:
        """Read from the plain socket and decrypt; b"" when the peer has said goodbye.

        Raises BlockingIOError when no record is complete yet, and _Ended when the connection is broken.
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
        if life is _LEAVING:  # only now, for OpenSSL says goodbye only when nothing is left unread
            self._say_goodbye()
        if self._outgoing.pending:
            self._answer()
        if self._transport.state in _CLOSING:  # the protocol has closed, and is given no more bytes
            plaintext = b""
        if self._life in LISTENING_STATES:
            if not plaintext:
                raise BlockingIOError
        elif not plaintext:
            return self._end()
        else:  # the last bytes go first; a timer tells the end, since the kernel may report nothing more
            self._set_timer(0, self._tell_end)
        return plaintext

    def take_early(self, data: bytes) -> None:
        """Go on with the handshake in the next turn: the protocol that calls this is to return first."""
        if self._life in SHAKING_STATES:
            self._incoming.write(data)
            self._transport.reactor.callLater(0, self._use_early)

    def _use_early(self) -> None:
        """A step of the handshake; never its last, for the peer must see our part of it before it sends any more."""
        if self._life in SHAKING_STATES and self._transport.state not in (State.ABORTING, State.CLOSED):
            try:
                self._shake_hands()
            except _Ended as problem:
                self._transport.connectionLost(Failure(self.why(problem)))

    def _decrypt(self) -> bytes:
        """Decrypt all complete records, up to the one that ends the connection."""
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
            self._send_own()  # the alert that tells the peer why
            raise _Ended(problem) from None
        self._become(TLSEvent.HANDSHAKE)
        self._stop_timer()
        self._transport._send_empty_piece()  # the end of the handshake, in one piece with what was written meanwhile
        self._tell_established()
        return self._transport.state is not State.ABORTING

    def _tell_established(self) -> None:
        listener = getattr(self._transport.protocol, "handshakeCompleted", None)
        if listener is None or self._transport.state in _CLOSING:
            return
        try:
            listener()
        except BaseException as problem:
            log_raised(problem, f"in {listener!r}")
            raise _Ended(problem) from None

    def _answer(self) -> None:
        """Send TLS's reaction to what was read, such as tickets or new keys, together with what is written next."""
        self._transport._send_empty_piece()
        if self._outgoing.pending > _OWN_AT_MOST:
            raise _Ended(error.ConnectionLost("the peer asks for TLS messages and does not read them"))

    # --- the end

    def _end_of_stream(self) -> Exception:
        """The reason to tell when the peer's socket is closed: a clean end only if we were closing too."""
        if self._is_established and self._transport.state in _CLOSING:
            return error.ConnectionDone()
        when = "without close_notify" if self._is_established else "before the TLS handshake was complete"
        return error.ConnectionLost(f"the peer closed the connection {when}")

    def _no_more(self, reason: Exception) -> None:
        """Nothing more will come from the peer, for this reason."""
        self._ending = reason
        self._become(TLSEvent.PEER_DONE if isinstance(reason, error.ConnectionDone) else TLSEvent.BREAK)

    def _end(self) -> bytes:
        """Nothing is left to read: returns b"" for a clean end, as a socket does, and raises _Ended otherwise."""
        reason = self._ending
        assert reason is not None
        if not isinstance(reason, error.ConnectionDone):
            raise _Ended(reason)
        if self._transport.state in _CLOSING and self._life is not TLSState.PARTED:  # we still have bytes to send
            self._transport.stopReading()
            raise BlockingIOError
        return b""

    def _tell_end(self) -> None:
        """Tell the transport of the end that came with the last bytes."""
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
        """Say goodbye and wait for the peer's goodbye, which shows that it has read all that we sent.

        Closing at once would be allowed; but if the peer had sent anything that we did not read, even a session ticket,
        the kernel would answer with a reset, and the peer might never see our last bytes.
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
        """Say goodbye, unless that is done already."""
        self._say_goodbye()

    def _say_goodbye(self) -> None:
        if not self._become(TLSEvent.GOODBYE) or self._life is TLSState.LEAVING:
            return
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass  # it wants to read the peer's goodbye too, which has time; or the connection is broken
        self._send_own()

    def shutdown(self, how: int) -> None:
        """Close our direction, by close_notify, as soon as the handshake allows. Any other `how`: the plain socket."""
        if how == socket.SHUT_WR:
            self._say_goodbye()
        else:
            self._plain.shutdown(how)

    def close(self) -> None:
        """Close the plain socket."""
        self._stop_timer()
        self._plain.close()
        del self._transport  # the two refer to each other: otherwise only the garbage collector could free them

    @property
    def needs_peer(self) -> bool:
        """True until the peer has said goodbye."""
        return self._life in LISTENING_STATES

    # --- writing

    def send(self, piece: bytes | memoryview) -> int:
        """Encrypt and send. Returns how many bytes the kernel has taken, with all of their ciphertext.

        piece: after BlockingIOError, the same bytes again, or more of them. If empty, only TLS's own messages are sent.
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
        """Send what was written before TLS began."""
        sent: int = self._plain.send(memoryview(piece)[: self._plain_bytes_left])
        self._plain_bytes_left -= sent
        if not self._plain_bytes_left:
            self._transport._send_empty_piece()
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
        """Send TLS's own messages, now or as soon as there is room. If the connection is broken, a read will notice."""
        try:
            if self._plain_bytes_left or not self._flush():
                self._transport._send_empty_piece()
        except OSError:
            pass

    @property
    def waits_for_peer(self) -> bool:
        """True during the handshake, once our part of it is sent."""
        nothing_to_say = not (self._plain_bytes_left or self._unsent or self._outgoing.pending)
        return nothing_to_say and not self._is_established

    # --- questions about the connection

    def why(self, problem: OSError) -> Exception:
        """The reason as TLS knows it, for instance that a certificate is not believed; else ConnectionLost."""
        if isinstance(problem, _Ended) and isinstance(problem.reason, Exception):
            return problem.reason
        return error.ConnectionLost()

    def peer_certificate(self) -> bytes | None:
        """The peer's certificate; None without one, and before the handshake is complete."""
        return self.tls.getpeercert(True) if self._is_established else None

    def session(self) -> TLSSession | None:
        """What the two ends have agreed on; None before the handshake is complete."""
        return TLSSession(self.tls.session, bool(self.tls.session_reused)) if self._is_established else None

    @property
    def application_protocol(self) -> bytes | None:
        """The protocol that both sides agreed on, by ALPN (RFC 7301)."""
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
