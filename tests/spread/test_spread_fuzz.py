"""Nonsense for both ends of PB, from seeds: nothing is raised, nothing hangs, the cuts don't matter, the bounds hold.

A failure names its seed.
"""

import gc
import random
import time

import pytest

from reactor.spread import banana, jelly, pb
from reactor.spread.jelly import InsecureJelly
from reactor.testing import FakeTransport
from tests.spread.spread_doubles import HERE, Customer, House, Kitchen, Pair
from tests.support.framing import random_pieces

WORDS = [*banana.Banana.outgoingVocabulary, b"unicode", b"boolean", b"set", b"root", b"login", b"respond", b"lend"]
WORDS += [b"twisted.spread.pb.CopyableFailure", b"decimal", b"date", b"frozenset", b"didNotUnderstand", b"\xff", b""]
NUMBERS = [0, 1, 2, 3, 6, -1, 2**31, 2**64, 2**440, -(2**440), 1.5]


def nonsense(dice, depth=4):
    """A value such as a peer could send that knows the words."""
    if depth == 0 or dice.random() < 0.4:
        return dice.choice([dice.choice(WORDS), dice.choice(NUMBERS), dice.randbytes(dice.randrange(5))])
    return [dice.choice(WORDS), *(nonsense(dice, depth - 1) for _ in range(dice.randrange(5)))]


def message(dice):
    """A message that looks like one."""
    call = [
        dice.randrange(4),
        dice.choice([b"root", 1, 2]),
        dice.choice([b"lend", b"echo", b"login", b"loginAnonymous"]),
    ]
    arguments = [b"tuple", *(nonsense(dice) for _ in range(dice.randrange(3)))]
    kind = dice.choice(b"message message cachemessage answer error decref decache uncache".split())
    parts = {b"message": [*call, dice.randrange(2), arguments, [b"dictionary"]]}
    parts |= {b"cachemessage": parts[b"message"], b"answer": [1, nonsense(dice)], b"error": [1, nonsense(dice)]}
    return [kind, *parts.get(kind, [dice.randrange(4)])]


def spoiled(dice, data):
    """The bytes with some others in them."""
    places = [dice.randrange(len(data)) for _ in range(dice.choice([0, 0, 1, 3]))]
    array = bytearray(data)
    for place in places:
        array[place] = dice.choice([0, 1, 0x7F, 0x80, 0x81, 0x82, 0x87, 0xFF, dice.randrange(256)])
    return bytes(array)


def one_decoding(seed):
    """Bytes that are nearly a banana, whole and in pieces."""
    dice = random.Random(seed)
    data = spoiled(dice, b"".join(banana.encode(nonsense(dice)) for _ in range(3)))
    found = []
    for pieces in ([data], random_pieces(data, dice, 9)):
        decoder, came = banana.Decoder(banana.Bounds()), []
        try:
            for piece in pieces:
                decoder.feed(piece)
                while (expression := decoder.read()) is not banana.NOTHING:
                    came.append(expression)
        except banana.BananaError:
            came.append("refused")
        found.append(came)
    assert repr(found[0]) == repr(found[1]), f"seed {seed}"


@pytest.mark.parametrize("portion", range(4))
def test_bytes_are_expressions_or_a_BananaError_however_they_are_cut(portion):
    for seed in range(portion, 2000, 4):
        one_decoding(seed)


def one_jelly(seed):
    """A jelly that is nearly one."""
    sexp = nonsense(random.Random(seed), 6)
    try:
        jelly.jelly(jelly.unjelly(sexp))
    except InsecureJelly:
        pass
    except BaseException as problem:
        raise AssertionError(f"seed {seed}: {sexp!r}") from problem


@pytest.mark.parametrize("portion", range(4))
def test_a_jelly_is_an_object_or_InsecureJelly(portion):
    for seed in range(portion, 4000, 4):
        one_jelly(seed)


def one_conversation(seed):
    """A peer that says nonsense to a server or to a client. Returns the end that had to listen."""
    dice = random.Random(seed)
    root = House().portal if dice.random() < 0.3 else Kitchen(lend=Customer, echo=lambda *things: things)
    pair = Pair(root)
    end = dice.choice([pair.server, pair.client])
    if end is pair.client:
        pair.their_root.callRemote("lend").addErrback(lambda failure: None)
    end.transport = FakeTransport(end, True, HERE, HERE)
    end.transport.registerProducer(end, True)
    said = b"".join(banana.encode(message(dice), end._words) for _ in range(dice.randrange(1, 8)))
    for piece in random_pieces(spoiled(dice, said), dice, 200):
        if end.transport.disconnected:
            break
        end.dataReceived(piece)
    assert len(end.lent.objects) < 20 and len(end.locallyCachedObjects) < 20 and end._pending < 20
    end.connectionLost()
    assert not (end.lent.objects or end.locallyCachedObjects or end.waitingForAnswers or end._unsent)
    return end


@pytest.mark.parametrize("portion", range(4))
def test_both_ends_bear_nonsense_and_forget_it(portion, logged_errors):
    for seed in range(portion, 1200, 4):
        begin = time.process_time()
        try:
            one_conversation(seed)
        except BaseException as problem:
            raise AssertionError(f"seed {seed}") from problem
        assert time.process_time() - begin < 5, f"seed {seed}"
    gc.collect()
    kinds = {type(problem) for problem in logged_errors.flush(Exception)}
    assert kinds <= {TypeError, pb.RemoteError}, kinds
