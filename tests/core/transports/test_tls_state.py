"""The table of TLS's life: it says what its own theory says, and leaves no state out."""

from reactor.core.transports import tls_state
from reactor.core.transports.tls_state import KNOWN_STATES, LISTENING_STATES, TRANSITIONS, TLSEvent, TLSState

LAST = {TLSState.PARTED, TLSState.FAILED, TLSState.BROKEN}


def test_the_theory_and_the_tuples_agree():
    lines = (line.split() for line in tls_state.__doc__.splitlines())
    rows = {words[0]: words[1:3] for words in lines if words and words[0] in TLSState.__members__}
    answers = ["no", "yes"]
    assert rows == {
        state.name: [answers[state in KNOWN_STATES], answers[state in LISTENING_STATES]] for state in TLSState
    }


def test_every_state_can_be_reached_from_the_first():
    reached = {TLSState.SHAKING}
    for _ in TLSState:
        reached |= {after for (before, _), after in TRANSITIONS.items() if before in reached}
    assert reached == set(TLSState)


def test_from_every_state_but_the_last_ones_there_is_a_way_on():
    ways_on = {before for (before, event), _ in TRANSITIONS.items() if event is not TLSEvent.BREAK}
    assert ways_on == set(TLSState) - LAST
