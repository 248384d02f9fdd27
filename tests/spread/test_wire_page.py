"""The page about the wire says what the code does."""

import re
from pathlib import Path

from reactor.spread import banana, pb
from reactor.spread.pb.broker import _PARTS
from reactor.task import Clock
from reactor.testing import FakeTransport
from tests.spread.spread_doubles import HERE, Kitchen

PAGE = (Path(__file__).parents[2] / "docs" / "perspective-broker.md").read_text(encoding="utf-8")


def test_the_vocabulary_stands_there_in_its_order():
    quoted = " ".join(line[2:] for line in PAGE.splitlines() if line.startswith("> "))
    assert [word.encode() for word in quoted.split()] == [*banana.Banana.outgoingVocabulary]


def test_every_message_stands_there():
    for word in _PARTS:
        assert f"`{word.decode()}`" in PAGE


def test_the_example_is_what_both_ends_say():
    server = pb.PBServerFactory(Kitchen(order=len), reactor=Clock()).buildProtocol(HERE)
    factory = pb.PBClientFactory(reactor=Clock())
    client = factory.buildProtocol(HERE)
    said = []

    def exchange():
        for name, end, other in (("S", server, client), ("C", client, server)):
            data = end.transport.getOutBuffer()
            said.append((name, data))
            other.dataReceived(data)

    for end in (server, client):
        end.makeConnection(FakeTransport(end, end is server, HERE, HERE))
    exchange()
    exchange()
    factory.getRootObject().addCallback(lambda root: root.callRemote("order", "soup"))
    for _ in range(2):
        exchange()
    lines = re.findall(r"^([SC]) ([0-9a-f ]+)$", PAGE, re.MULTILINE)
    for who in "SC":
        assert b"".join(bytes.fromhex(data) for name, data in lines if name == who) == b"".join(
            data for name, data in said if name == who
        )
