"""The life of a connection, as a table.

Each direction of a stream can end by itself, from either side, with bytes still waiting. Those are too many booleans to
keep in one's head, and few enough states to name. The table lists what may happen in each state; any other event is
ignored. The diagram in the lecture is drawn from this table.

    state           we may write    we read    ends when
    OPEN            yes             yes        one side closes
    FINISHING       yes             yes        what waits is sent; then our direction is closed
    WRITE_CLOSED    no              yes        the peer closes its direction
    READ_CLOSED     yes             no         we close ours
    LAST_WORDS      yes             no         what waits is sent
    CLOSING         yes             no         what waits is sent
    ENDING          no              no         the turn is over; with TLS, the peer has said goodbye too
    ABORTING        no              no         the turn is over
    CLOSED          no              no
"""

from __future__ import annotations

import enum


class State(enum.Enum):
    """Where a connection is in its life."""

    OPEN = "open"
    FINISHING = "finishing"
    WRITE_CLOSED = "write closed"
    READ_CLOSED = "read closed"
    LAST_WORDS = "last words"
    CLOSING = "closing"
    ENDING = "ending"
    ABORTING = "aborting"
    CLOSED = "closed"


class Event(enum.Enum):
    """What moves a connection from one state to the next."""

    LOSE = "loseConnection()"
    LOSE_WRITE = "loseWriteConnection()"
    ABORT = "abortConnection()"
    SENT = "all is sent"
    PEER_DONE = "the peer is done"
    LOST = "the connection is lost"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.OPEN, Event.LOSE): State.CLOSING,
    (State.OPEN, Event.LOSE_WRITE): State.FINISHING,
    (State.OPEN, Event.PEER_DONE): State.READ_CLOSED,
    (State.FINISHING, Event.LOSE): State.CLOSING,
    (State.FINISHING, Event.SENT): State.WRITE_CLOSED,
    (State.FINISHING, Event.PEER_DONE): State.LAST_WORDS,
    (State.WRITE_CLOSED, Event.LOSE): State.ENDING,
    (State.WRITE_CLOSED, Event.PEER_DONE): State.ENDING,
    (State.READ_CLOSED, Event.LOSE): State.CLOSING,
    (State.READ_CLOSED, Event.LOSE_WRITE): State.LAST_WORDS,
    (State.CLOSING, Event.SENT): State.ENDING,
    (State.LAST_WORDS, Event.LOSE): State.CLOSING,
    (State.LAST_WORDS, Event.SENT): State.ENDING,
    **{(state, Event.ABORT): State.ABORTING for state in State if state not in (State.ABORTING, State.CLOSED)},
    **{(state, Event.LOST): State.CLOSED for state in State if state is not State.CLOSED},
}

# Bytes given to write() go into the buffer in these states, and are ignored in the others.
WRITABLE_STATES = frozenset({State.OPEN, State.FINISHING, State.READ_CLOSED, State.LAST_WORDS, State.CLOSING})
