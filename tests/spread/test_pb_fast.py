"""The claim that a call is fast, held without a clock: by the steps that a server takes for it, beside Twisted's.

A step is a call of a Python function, or of one of C; they are the same in each run, while times aren't. How much CPU
that is, benchmarks/perspective_broker.py measures.
"""

import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is what we are compared with here", allow_module_level=True)

from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.spread import banana, pb
from reactor.spread.jelly import jelly
from reactor.testing import StringTransport
from tests.spread.spread_doubles import Kitchen

CALLS = 50
FOOD = {"name": "soup", "price": 5, "hot": True, "weight": 1.5}
WORDS = {word: bytes([number]) + b"\x87" for word, number in banana.Banana.outgoingVocabulary.items()}


def steps(function, *arguments):
    """How many functions are called."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return count


def steps_of_calls(factory, transport):
    """The steps of a server for so many calls, after one that warms it up."""
    broker = factory.buildProtocol(None)
    broker.makeConnection(transport)
    broker.dataReceived(banana.encode(b"pb") + banana.encode([b"version", 6], WORDS))
    call = banana.encode([b"message", 1, b"root", b"echo", 1, jelly((FOOD,)), jelly({})], WORDS)
    broker.dataReceived(call)
    transport.clear()
    count = steps(broker.dataReceived, call * CALLS)
    assert transport.value().count(b"soup") == CALLS
    broker.connectionLost(Failure(ConnectionDone()))
    return count


def test_fast_a_call_takes_a_server_at_most_two_thirds_of_Twisteds_steps():
    theirs = pytest.importorskip("twisted.spread.pb")
    proto_helpers = pytest.importorskip("twisted.internet.testing")

    class Root(theirs.Root):
        def remote_echo(self, food):
            return food

    class Transport(proto_helpers.StringTransport):
        def setTcpNoDelay(self, enabled):
            pass

    ours = steps_of_calls(pb.PBServerFactory(Kitchen(echo=lambda food: food)), StringTransport())
    twisteds = steps_of_calls(theirs.PBServerFactory(Root()), Transport())
    assert 3 * ours <= 2 * twisteds, (ours, twisteds)
