"""XML-RPC read from nonsense, by seeds: BadMessage or a Fault comes out, or values that can be written again."""

import random
import xmlrpc.client as stdlib

import pytest

from reactor.web.xmlrpc import wire
from reactor.web.xmlrpc.wire import BadMessage, Limits

TAGS = [
    *("methodCall", "methodName", "methodResponse", "params", "param", "fault", "value", "array", "data", "struct"),
    *(
        "member",
        "name",
        "int",
        "i4",
        "i8",
        "ex:nil",
        "boolean",
        "string",
        "double",
        "dateTime.iso8601",
        "base64",
        "soup",
    ),
    *("biginteger", "bigdecimal", "float", "nil"),
]
TEXTS = ["", "0", "1", "-2147483649", "1.5", "1e9", "soup", "19980717T14:08:55", "YQ==", "faultCode", "&#x9;", "\n"]
SEED = {
    wire.dumps(
        (["é\r\n<&", 1, -2.5, True, stdlib.Binary(b"x"), stdlib.DateTime("19980717T14:08:55"), {"a": []}],), "e"
    ),
    wire.dumps(({"a": [1, {"b": "c"}]},)),
    wire.dumps(stdlib.Fault(1, "x")),
}
COUNT = 2000


def tree(dice, depth=0):
    """Elements in any order, some of them left open."""
    text = ""
    for _ in range(dice.randint(0, 3)):
        tag = dice.choice(TAGS)
        inner = tree(dice, depth + 1) if depth < 6 and dice.random() < 0.7 else dice.choice(TEXTS)
        text += f"<{tag}>{inner}" + (f"</{tag}>" if dice.random() < 0.98 else "")
    return text


def mutated(dice):
    body = bytearray(dice.choice(sorted(SEED)))
    for _ in range(dice.randint(1, 2)):
        place = dice.randrange(len(body))
        match dice.randrange(4):
            case 0:
                body[place] = dice.choice(b"a1.-\xff")
            case 1:
                del body[place : place + dice.randint(1, 30)]
            case 2:
                body[place:place] = body[dice.randrange(len(body)) :][: dice.randint(1, 60)]
            case 3:
                body[place:place] = f"<{dice.choice(TAGS)}>".encode()
        body = body or bytearray(b"<")
    return bytes(body)


def well_formed(dice):
    root, inner = dice.choice([("methodCall", "<methodName>e</methodName>"), ("methodResponse", "")])
    return f'<{root} xmlns:ex="a">{inner}<params><param>{tree(dice)}</param></params></{root}>'.encode()


def is_taken(body):
    """Whether a message is one; then it can be written again, and says the same."""
    try:
        values, name = wire.loads(body, Limits(depth=8, values=50))
    except (BadMessage, stdlib.Fault):
        return False
    try:
        again = wire.dumps(values, name or "e", allow_none=True)
    except (TypeError, ValueError, OverflowError):
        return True  # a key that isn't text, say
    assert wire.loads(again, Limits())[0] == values or b"<double>" in again, (body, again)
    return True


def one_message(seed):
    """Two messages that are nearly ones."""
    dice = random.Random(seed)
    is_taken(mutated(dice))
    is_taken(well_formed(dice))


@pytest.mark.parametrize("make", [mutated, well_formed])
@pytest.mark.parametrize("seed", range(4))
def test_nonsense_is_refused_and_what_is_taken_can_be_sent_back(make, seed):
    dice = random.Random(f"{seed} {make.__name__}")
    assert sum(is_taken(make(dice)) for _ in range(COUNT)) > 2  # else it tries nothing but refusals
