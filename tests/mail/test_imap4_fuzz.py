"""Nonsense for a server of IMAP, from a seed: nothing is raised, the cuts don't matter, the mailbox survives.

A failure names its seed: `pytest tests/mail/test_imap4_fuzz.py -k SEED` shows it again.
"""

import random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's IMAP4 raises much", allow_module_level=True)

from reactor.mail.imap4 import MemoryAccount
from tests.mail.imap4_doubles import House
from tests.support.framing import noise

COMMANDS = [
    b"a LOGIN alice {8+}\r\na secret\r\n",
    b"a LOGIN {5}\r\n",
    b"a AUTHENTICATE PLAIN AGFsaWNlAGEgc2VjcmV0\r\n",
    b"a AUTHENTICATE PLAIN\r\n",
    b"*\r\n",
    b"b SELECT INBOX (CONDSTORE)\r\n",
    b"b EXAMINE inbox\r\n",
    b"c FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE BODY[1.MIME] BODY[HEADER.FIELDS (DATE {1+}\r\nX)]<0.5>)\r\n",
    b"c UID FETCH *:4294967295 FULL (CHANGEDSINCE 1)\r\n",
    b"d STORE 1:2 +FLAGS (\\Deleted $x)\r\n",
    b"d UID STORE 2 (UNCHANGEDSINCE 3) -FLAGS.SILENT \\Seen\r\n",
    b"e SEARCH RETURN (ALL COUNT) OR NOT (SEEN UID 1:*) TEXT {3+}\r\nfir SINCE 1-Jan-2001\r\n",
    b"f EXPUNGE\r\n",
    b"f UID EXPUNGE 1\r\n",
    b'g LIST (SUBSCRIBED) "" (* %) RETURN (STATUS (MESSAGES SIZE) CHILDREN)\r\n',
    b"g CREATE a.b\r\n",
    b"g RENAME a INBOX\r\n",
    b"g RENAME INBOX c\r\n",
    b"g DELETE a.b\r\n",
    b"h APPEND INBOX (\\Seen) {5+}\r\nx\r\ny\r\r\n",
    b"h COPY 1 a.b\r\n",
    b"h UID MOVE 1:2 a\r\n",
    b"i IDLE\r\n",
    b"DONE\r\n",
    b"j ENABLE CONDSTORE\r\n",
    b"j CLOSE\r\n",
    b"j LOGOUT\r\n",
    b"{7+}\r\n",
    b"k X {3+}\r\nabc\r\n",
    b'"\\',
    b"(" * 60,
    b"\r\n",
    b"\n",
    b"\0",
    b"\xff",
    b"x" * 300,
]


class Counted(MemoryAccount):
    """Its dates don't tell when the test ran."""

    def _emptyMailbox(self, name, id):
        mailbox = super()._emptyMailbox(name, id)
        add = mailbox._add
        mailbox._add = lambda place, size, flags, date: add(place, size, flags, 1e9)
        return mailbox


def said_by_server(pieces, begin):
    """What a server says to these pieces, whether it closes, and what is in the mailbox then."""
    house = House(account=Counted)
    talk, said = house.open(*begin), b""
    for piece in pieces:
        if talk.transport.disconnecting:
            break
        talk.session.dataReceived(piece)
        house.clock.advance(0)
        said += talk.transport.value()
        talk.transport.clear()
    talk.hang_up()
    texts = {name: [one.place for one in box._messages.values()] for name, box in house.account.mailboxes.items()}
    return said, talk.transport.disconnecting, texts


@pytest.mark.parametrize("seed", range(80))
def test_a_server_answers_nonsense_the_same_however_it_is_cut(seed, logged_errors):
    begin = [[], [b"a LOGIN alice {8+}\r\na secret", b"b SELECT INBOX"]][seed % 2]
    pieces = noise(seed, COMMANDS, 60)
    stream = b"".join(pieces)
    whole = said_by_server([stream], begin)
    assert (
        whole == said_by_server(pieces, begin) == said_by_server([stream[i : i + 1] for i in range(len(stream))], begin)
    )
    assert logged_errors.flush(Exception) == []


@pytest.mark.parametrize("seed", range(20))
def test_sessions_that_disturb_each_other_see_numbers_that_fit_the_mailbox_in_the_end(seed, logged_errors):
    dice, house = random.Random(seed), House(letters=[b"Subject: %d\r\n\r\n" % number for number in range(6)])
    talks = [house.selected() for _ in range(3)]
    counts = [6, 6, 6]

    def follow(who, lines):
        for line in lines:
            words = line.split()
            if words[2:] == [b"EXISTS"]:
                counts[who] = int(words[1])
            elif words[2:] == [b"EXPUNGE"]:
                assert 1 <= int(words[1]) <= counts[who]
                counts[who] -= 1
            elif words[2:3] == [b"FETCH"]:
                assert 1 <= int(words[1]) <= counts[who]

    for _ in range(150):
        who, number = dice.randrange(3), dice.randrange(1, 8)
        command = dice.choice(
            [b"STORE %d +FLAGS \\Deleted", b"EXPUNGE", b"FETCH %d FLAGS", b"APPEND INBOX {1+}\r\nx", b"NOOP",
             b"SEARCH ALL", b"UID STORE %d -FLAGS \\Deleted", b"MOVE %d INBOX"]
        )  # fmt: skip
        command = command % number if b"%d" in command else command
        lines, _ = talks[who].ask(command)
        if not command.startswith((b"STORE", b"FETCH", b"SEARCH")):
            follow(who, lines)
        else:
            assert not any(b"EXPUNGE" in line for line in lines)
            follow(who, lines)
    for who, talk in enumerate(talks):
        follow(who, talk.ask(b"NOOP")[0])
    assert counts == [house.account.select("INBOX").getMessageCount()] * 3
    assert all(talk.session.selected.uids == house.account.select("INBOX").uids() for talk in talks)
    assert logged_errors.flush(Exception) == []
