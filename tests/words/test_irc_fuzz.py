"""Nonsense for both sides of IRC, from a seed: nothing is raised, the cuts don't matter, and nothing is left over.

A failure names its seed: `pytest tests/words/test_irc_fuzz.py -k "seed-SIDE"` shows it again.
"""

import random

import pytest

from reactor.words.protocols.irc import IRCClient, wire
from tests.support.framing import noise
from tests.words.test_irc_client import Client
from tests.words.words_doubles import House, Person

SAID = (
    "CAP LS 302|CAP REQ :echo-message labeled-response message-tags|CAP END|NICK bob|NICK ann|"
    "USER a 0 * :A|JOIN #doom|JOIN #a,#b k|JOIN 0|PART #doom|PRIVMSG #doom,ann :x|NOTICE ann :x|"
    "@label=1;+a=b TAGMSG #doom|MODE #doom +ob-v x|MODE #doom +b|MODE bob +i|TOPIC #doom :t|"
    "TOPIC #doom|KICK #doom bob|INVITE ann #doom|WHO|WHO #doom|WHOIS ann|WHOWAS x|LIST >0|NAMES|"
    "ISON ann|USERHOST ann|MONITOR + ann|MONITOR C|AWAY :x|SETNAME :x|OPER a b|KILL ann :x|PING|"
    "AUTHENTICATE PLAIN|MOTD|LUSERS|@label=x PING y| :x|:a|@|@a|NICK|JOIN|PRIVMSG|MODE|"
    "MODE #doom|_do|handle x|PASS"
)
COMMANDS = [line.encode() + b"\r\n" for line in SAID.split("|")]
COMMANDS += [b"\r\n", b"\n", b"\r", b"\0", b"\xff", b" ", b":", b"x" * 600, b"\xc3\xa4\n"]
ANSWERS = (
    "001 irc :x|005 irc NICKLEN=a PREFIX=( CHANMODES=,,,,, -X :x|CAP * LS :sasl|AUTHENTICATE +|"
    "433 * a :x|PING :x y|PING|:a JOIN #d|:a PRIVMSG irc :\1PING x\1\1DCC SEND a b c\1|"
    ":a NOTICE irc :\1PING x\1|:a MODE #d +o|:a MODE #d|JOIN|PRIVMSG|:a KICK #d|:a NICK|332 x|"
    "004 x|372 x|376 x|254 x|:a PRIVMSG irc :|:a PRIVMSG #d :x|QUIT|:a TOPIC|CAP"
)
REPLIES = [line.encode() + b"\r\n" for line in ANSWERS.split("|")]
REPLIES += [b"\r\n", b"\n", b"\0", b"\xff", b":", b"@", b"\x10", b"\1"]


def said_by_server(pieces):
    house = House()
    ann, one = house.person("ann", "JOIN #doom"), Person(house)
    ann.hear()
    heard = []
    for piece in pieces:
        if one.transport.disconnecting:
            break
        heard += one.send(piece)
    told = ann.hear()
    for person in (one, ann):
        person.hang_up()
    house.clock.advance(0)
    assert not house.realm.users and not house.realm.groups and not house.clock.getDelayedCalls()
    return heard, told


@pytest.mark.parametrize("seed", range(60), ids=lambda seed: f"{seed}-server")
def test_a_server_answers_nonsense_the_same_however_it_is_cut(seed, logged_errors, monkeypatch):
    monkeypatch.setattr("reactor.words.service.realm.time", lambda: 1.7e9)
    for module in ("rooms", "irc_rooms", "irc_people", "rules"):
        monkeypatch.setattr(f"reactor.words.service.{module}.time", lambda: 1.7e9)
    monkeypatch.setattr("reactor.words.service.irc_people.ctime", lambda: "today")
    pieces = noise(seed, COMMANDS, 60)
    stream = b"".join(pieces)
    whole = said_by_server([stream])
    assert whole == said_by_server([stream[i : i + 1] for i in range(len(stream))])
    assert logged_errors.flush(Exception) == []


@pytest.mark.parametrize("seed", range(60), ids=lambda seed: f"{seed}-client")
def test_a_client_survives_nonsense(seed, logged_errors):
    client = Client(lineRate=random.Random(seed).choice([None, 1.0]))
    for piece in noise(seed, REPLIES, 60):
        client.dataReceived(piece)
    client.hang_up()
    assert isinstance(client, IRCClient)
    logged_errors.flush(Exception)  # what methods raised for want of parameters: logged, as Twisted does


def test_a_message_is_read_or_refused_and_what_is_read_can_be_written():
    dice = random.Random(4)
    for _ in range(5000):
        line = "".join(dice.choices(["@a=b;c", ":", "x", " ", "  ", "PING", "\\s", ";", "=", "ä"], k=dice.randrange(9)))
        try:
            message = wire.read_message(line)
        except wire.IRCBadMessage as problem:
            assert str(problem)
            continue
        if not message.command.startswith((":", "@")) and ":" not in message.prefix + "".join(message.params[:-1]):
            again = wire.read_message(wire.write_message(message.command, message.params, message.prefix))
            assert again[:3] == message[:3]
