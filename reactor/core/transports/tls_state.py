"""The life of TLS on a connection, as a table.

It runs beside the transport's life (`state.py`), and is not the same: a transport ends with its socket, TLS with words.
First both sides shake hands. Then each side says goodbye (close_notify, RFC 8446, section 6.1) when it has no more to
send; the two goodbyes come in any order. If ours is due during the handshake, it waits until that is complete. When the
transport has sent all that waited, we part: the connection lasts only until both goodbyes have arrived.
Any event that the table doesn't have is ignored.

    state         peer is known    more may come    ends when
    SHAKING       no               yes              the handshake is complete
    LEAVING       no               yes              the handshake is complete; then we say goodbye
    ESTABLISHED   yes              yes              one side says goodbye
    SAID          yes              yes              the peer says goodbye, or all is sent
    HEARD         yes              no               we say goodbye
    BOTH          yes              no               all is sent
    PARTING       yes              yes              the peer says goodbye
    PARTED        yes              no               the kernel has taken our goodbye
    FAILED        no               no               the protocol is told
    BROKEN        yes              no               the protocol is told
"""

from __future__ import annotations

import enum


class TLSState(enum.Enum):
    """Where TLS is in its life."""

    SHAKING = "shaking hands"
    LEAVING = "shaking hands, and leaving then"
    ESTABLISHED = "established"
    SAID = "goodbye said"
    HEARD = "goodbye heard"
    BOTH = "goodbye said and heard"
    PARTING = "parting"
    PARTED = "parted"
    FAILED = "handshake failed"
    BROKEN = "broken"


class TLSEvent(enum.Enum):
    """What moves TLS from one state to the next."""

    HANDSHAKE = "the handshake is complete"
    GOODBYE = "we say goodbye"
    PEER_DONE = "the peer says goodbye"
    SENT = "all is sent"
    BREAK = "the peer breaks the rules, or the stream ends without goodbye"


# Tuples, with the most frequent state first: a set would have to hash an enum's member, which is slow.
SHAKING_STATES = (TLSState.SHAKING, TLSState.LEAVING)
KNOWN_STATES = (
    TLSState.ESTABLISHED,
    TLSState.SAID,
    TLSState.HEARD,
    TLSState.BOTH,
    TLSState.PARTING,
    TLSState.PARTED,
    TLSState.BROKEN,
)
"""The handshake was completed, so it is known who the peer is."""
LISTENING_STATES = (TLSState.ESTABLISHED, TLSState.SAID, TLSState.PARTING, *SHAKING_STATES)
"""More may come from the peer, if only its goodbye."""

TRANSITIONS: dict[tuple[TLSState, TLSEvent], TLSState] = {
    (TLSState.SHAKING, TLSEvent.GOODBYE): TLSState.LEAVING,
    (TLSState.ESTABLISHED, TLSEvent.GOODBYE): TLSState.SAID,
    (TLSState.ESTABLISHED, TLSEvent.PEER_DONE): TLSState.HEARD,
    (TLSState.SAID, TLSEvent.PEER_DONE): TLSState.BOTH,
    (TLSState.SAID, TLSEvent.SENT): TLSState.PARTING,
    (TLSState.HEARD, TLSEvent.GOODBYE): TLSState.BOTH,
    (TLSState.BOTH, TLSEvent.SENT): TLSState.PARTED,
    (TLSState.PARTING, TLSEvent.PEER_DONE): TLSState.PARTED,
    **{(state, TLSEvent.HANDSHAKE): TLSState.ESTABLISHED for state in SHAKING_STATES},
    **{(state, TLSEvent.BREAK): TLSState.FAILED for state in SHAKING_STATES},
    **{(state, TLSEvent.BREAK): TLSState.BROKEN for state in KNOWN_STATES},
}
