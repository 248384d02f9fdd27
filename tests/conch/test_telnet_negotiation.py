"""The Q method: its table against RFC 1143's words, and every state that two peers can get into together."""

import itertools
from collections import deque

import pytest

from reactor.conch.telnet import AlreadyDisabled, AlreadyEnabled, AlreadyNegotiating, OptionRefused
from reactor.conch.telnet.negotiation import NO, TABLE, WANTNO, WANTNO_OPPOSITE, YES, Event, Q, Side
from reactor.defer import Deferred
from reactor.error import ConnectionLost
from reactor.failure import Failure
from tests.support.outcomes import failure_of, result_of


def test_each_state_knows_what_to_do_with_each_event():
    assert set(TABLE) == set(itertools.product(Q, Event))
    assert len(TABLE) == 24


class End:
    """One end, with its Side. says: what it has said, for the other to hear: True and False. agrees: to being asked."""

    def __init__(self, agrees, q=NO):
        self.says, self.told, self.agrees = [], [], agrees
        self.side = Side(b"o", (True, False), lambda word, _: self.says.append(word), self.enable, self.disable)
        self.side.q = q
        self.results = []

    def enable(self, option):
        self.told.append("on")
        return self.agrees

    def disable(self, option):
        self.told.append("off")

    def want(self, yes):
        result = self.side.wants(yes)
        result.addErrback(lambda failure: self.results.append(failure.type))
        return result


class Both:
    """Two ends and what is under way between them, as a state that can be taken up again."""

    def __init__(self, state, agrees):
        (ours, theirs), self.to = state[:2], [list(state[2]), list(state[3])]
        self.ends = [End(agree, q) for agree, q in zip(agrees, (ours, theirs), strict=True)]

    def state(self):
        for number, end in enumerate(self.ends):
            self.to[1 - number] += end.says
            end.says = []
        return (self.ends[0].side.q, self.ends[1].side.q, tuple(self.to[0]), tuple(self.to[1]))

    def step(self, number, what):
        if what == "hear":
            self.ends[number].side.hears(self.to[number].pop(0))
        else:
            self.ends[number].want(what)
        return self.state()


WISHES = 3  # of each end, while anything is under way


@pytest.mark.parametrize("agrees", [(True, True), (True, False), (False, False)])
def test_two_peers_always_settle_whatever_both_want_and_when(agrees):
    """All interleavings of wishes and deliveries: no loop, no contradiction, and nothing is under way at the end."""
    start = ((NO, NO, (), ()), (WISHES, WISHES))
    seen, todo, known = {start}, deque([start]), {}
    while todo:
        state, wishes = todo.popleft()
        assert endings(state, agrees, known) <= {(YES, YES), (NO, NO)}, state
        steps = [(number, "hear") for number in (0, 1) if state[2 + number]]
        steps += [(number, yes) for number in (0, 1) for yes in (True, False) if wishes[number]]
        for number, what in steps:
            left = tuple(count - (what != "hear" and one == number) for one, count in enumerate(wishes))
            after = Both(state, agrees).step(number, what), left
            if after not in seen:
                seen.add(after)
                todo.append(after)
    assert len(seen) > 300


def endings(state, agrees, known):
    """The pairs of states in which it ends when what is under way is delivered, in any order, and nobody wants more."""
    if state not in known:
        known[state] = None
        found = set() if state[2] or state[3] else {state[:2]}
        for number in (0, 1):
            if state[2 + number]:
                found |= endings(Both(state, agrees).step(number, "hear"), agrees, known)
        known[state] = found
    assert known[state] is not None, f"they talk without end: {state}"
    return known[state]


@pytest.mark.parametrize("q", Q)
@pytest.mark.parametrize("agrees", [True, False])
def test_a_peer_who_says_anything_as_often_as_it_likes_gets_no_more_answers_than_questions(q, agrees):
    for words in itertools.product([True, False], repeat=6):
        end = End(agrees, q)
        for word in words:
            before = len(end.says)
            end.side.hears(word)
            assert len(end.says) <= before + 1
        changes = 1 + sum(a != b for a, b in itertools.pairwise(words))
        if agrees:
            assert len(end.says) <= changes + 1, (q, words, end.says)


def test_agreement_is_never_answered():
    end = End(True)
    end.want(True)
    end.side.hears(True)
    end.side.hears(True)
    assert end.says == [True] and end.told == ["on"]


def test_a_wish_is_fulfilled_or_refused():
    end = End(True)
    wish = end.side.wants(True)
    assert not wish.called and end.side.negotiating and end.side.state == "no"
    end.side.hears(True)
    assert result_of(wish) is True and end.side.state == "yes" and not end.side.negotiating
    end.side.wants(False)
    end.side.hears(False)
    assert end.told == ["on", "off"]
    refused = end.side.wants(True)
    end.side.hears(False)
    assert failure_of(refused, OptionRefused).value.args == (b"o",)
    assert end.told == ["on", "off"]


def test_who_changes_their_mind_gets_what_they_wanted_last():
    end = End(True)
    first, second = end.side.wants(True), end.side.wants(False)
    end.side.hears(True)
    assert end.says == [True, False] and not first.called and not second.called
    end.side.hears(False)
    assert failure_of(first, OptionRefused) and result_of(second) is True
    assert end.told == ["on", "off"] and end.side.q is NO


def test_what_is_so_or_asked_for_already_is_an_error():
    end = End(True)
    failure_of(end.side.wants(False), AlreadyDisabled)
    end.side.wants(True)
    failure_of(end.side.wants(True), AlreadyNegotiating)
    end.side.hears(True)
    failure_of(end.side.wants(True), AlreadyEnabled)
    assert end.says == [True]


def test_a_program_that_asks_while_it_is_asked_gets_an_answer_too():
    end = End(True)
    wishes: list[Deferred] = []
    end.side._enable = lambda option: wishes.append(end.side.wants(True)) or True
    end.side.hears(True)
    assert result_of(wishes[0]) is True and end.side.q is YES


def test_a_no_that_is_answered_with_yes_is_taken_for_a_no():
    for q, after in ((WANTNO, NO), (WANTNO_OPPOSITE, YES)):
        end = End(True, q)
        end.side.hears(True)
        assert end.side.q is after and end.says == []


def test_who_waits_when_the_connection_is_lost_gets_the_reason():
    end = End(True)
    wish, other = end.side.wants(True), end.side.wants(False)
    end.side.lost(Failure(ConnectionLost()))
    failure_of(wish, ConnectionLost)
    failure_of(other, ConnectionLost)
    end.side.lost(Failure(ConnectionLost()))
