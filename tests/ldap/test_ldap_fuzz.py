"""Nonsense for both sides of LDAP, from seeds: nothing is raised, cuts don't matter, and whoever waits is told.

A failure names its seed: `pytest tests/ldap/test_ldap_fuzz.py -k "seed-SIDE"` shows it again.
"""

import random

import pytest

from reactor.failure import Failure
from reactor.ldap import DistinguishedName, ldif, parseFilter
from reactor.ldap.filters import as_text
from reactor.ldap.messages import dump
from tests.ldap.ldap_doubles import ADMIN, House, PlayedServer
from tests.ldap.test_ldap_wire import MESSAGES

SAMPLES = [dump(message) for message in MESSAGES]


def noise(seed):
    """Messages in any order, some of them spoilt."""
    dice, pieces = random.Random(seed), []
    for _ in range(dice.randint(1, 30)):
        data = bytearray(dice.choice(SAMPLES))
        if dice.random() < 0.4:
            data[dice.randrange(2, len(data))] = dice.choice([0, 1, 2, 4, 0x30, 0x80, 0xA0, dice.randrange(256)])
        pieces.append(bytes(data))
    return pieces


def said_by_server(pieces):
    house = House()
    talk = house.open(ADMIN)
    talk.transport.clear()
    for piece in pieces:
        if not talk.transport.disconnecting:
            talk.session.dataReceived(piece)
            talk.turn()
    talk.turn(100.0)
    said, closes = talk.transport.value(), talk.transport.disconnecting
    talk.hang_up()
    assert not talk.session._outstanding and not house.clock.getDelayedCalls()
    return said.count(b"\x30"), closes, len(house.tree)


@pytest.mark.parametrize("seed", range(25), ids=lambda seed: f"{seed}-server")
def test_a_server_answers_nonsense_the_same_however_it_is_cut(seed, logged_errors):
    pieces = noise(seed)
    stream = b"".join(pieces)
    whole = said_by_server([stream])
    assert whole[1:] == said_by_server([stream[at : at + 7] for at in range(0, len(stream), 7)])[1:]
    assert logged_errors.flush(Exception) == []


@pytest.mark.parametrize("seed", range(40), ids=lambda seed: f"{seed}-client")
def test_a_client_survives_nonsense_and_whoever_waits_is_told(seed, logged_errors):
    dice, talk, found = random.Random(seed), PlayedServer(), []
    asks = [
        lambda: talk.client.search("o=Doom", pageSize=2),
        lambda: talk.client.whoAmI(),
        lambda: talk.client.compare("o=Doom", "o", b"x"),
        lambda: talk.client.changePassword(),
        lambda: talk.client.login("Ann", b"secret"),
        lambda: talk.client.delete("o=x", read=["cn"]),
        lambda: talk.client.startTLS(object()),
    ]
    for _ in range(6):
        dice.choice(asks)().addBoth(found.append)
    for piece in noise(seed):
        talk.client.dataReceived(piece)
    talk.close()
    logged_errors.flush(Exception)
    assert len(found) == 6 and not talk.clock.getDelayedCalls()
    for outcome in found:
        if isinstance(outcome, Failure):
            assert not outcome.check(TypeError, AttributeError, AssertionError, RuntimeError), outcome


def changes_in(text):
    return [change._replace(id=0) for change in ldif.read_changes(text)]


@pytest.mark.parametrize("read", [DistinguishedName, parseFilter, lambda text: [*ldif.read(text)], changes_in])
def test_text_is_read_or_refused_by_a_value_error(read):
    dice = random.Random(5)
    alphabet = ["cn", "=", ",", "+", "\\", "\\2a", "#04", "(", ")", "&", "|", "!", "*", ":=", " ", "\n"]
    alphabet += ["dn: ", "\0", "é", "-", "\n-\n", "changetype: modify\n", "add: cn\n", "cn: ", "control: 1 true: x\n"]
    for _ in range(6000):
        text = "".join(dice.choices(alphabet, k=dice.randrange(12)))
        try:
            found = read(text)
        except ValueError as problem:
            assert str(problem)
            continue
        if read is DistinguishedName:
            assert DistinguishedName(str(found)) == found, text
        elif read is parseFilter:
            assert parseFilter(as_text(found)) == found, text
        elif read is changes_in:
            assert changes_in("".join(ldif.write_changes(found))) == found, text
