"""Mailboxes as programs for Twisted have them: what is in Twisted's interfaces, Deferreds and all, and nothing more."""

import io

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("about our server", allow_module_level=True)

from reactor.defer import Deferred, succeed
from reactor.mail.imap4 import MemoryAccount
from tests.mail.imap4_doubles import House


class Text:
    """A part without parts."""

    def __init__(self, headers, body):
        self.headers, self.body = headers, body

    def getHeaders(self, negate, *names):
        return {name: value for name, value in self.headers.items() if (name in names) != negate}

    def getBodyFile(self):
        return io.BytesIO(self.body)

    def getSize(self):
        return 100

    def isMultipart(self):
        return False


class Letter(Text):
    def __init__(self, uid, flags, headers, body, parts=()):
        super().__init__(headers, body)
        self.uid, self.flags, self.parts = uid, flags, parts

    def getUID(self):
        return self.uid

    def getFlags(self):
        return self.flags

    def getInternalDate(self):
        return b"Mon, 30 Nov 2026 10:00:00 +0100"

    def isMultipart(self):
        return bool(self.parts)

    def getSubPart(self, part):
        return self.parts[part]


class Box:
    """A mailbox with a plain letter and one with parts."""

    def __init__(self):
        parts = [Text({"content-type": "text/plain"}, b"one"), Text({"content-type": "text/html"}, b"<p>two")]
        kind = {"subject": "parts", "content-type": "multipart/mixed; boundary=b"}
        self.letters = [Letter(7, [r"\Seen"], {"subject": "plain"}, b"body"), Letter(9, [], kind, b"", parts)]
        self.listeners, self.added, self.closed = [], [], 0

    def getFlags(self):
        return [r"\Seen", r"\Deleted"]

    def getHierarchicalDelimiter(self):
        return "."

    def getUIDValidity(self):
        return 77

    def getUIDNext(self):
        return 10

    def getUID(self, message):
        return self.letters[message - 1].uid

    def getMessageCount(self):
        return len(self.letters)

    def isWriteable(self):
        return True

    def requestStatus(self, names):
        return succeed(dict.fromkeys(names, 1))

    def addListener(self, listener):
        self.listeners.append(listener)

    def removeListener(self, listener):
        self.listeners.remove(listener)

    def addMessage(self, message, flags, date=None):
        self.added.append((message.read(), sorted(flags), date))
        return succeed(1)

    def fetch(self, messages, uid):
        if uid:
            messages.last = self.letters[-1].uid
        return succeed([(n, one) for n, one in enumerate(self.letters, 1) if (one.uid if uid else n) in messages])

    def store(self, messages, flags, mode, uid):
        found = [(n, one) for n, one in enumerate(self.letters, 1) if (one.uid if uid else n) in messages]
        for _, one in found:
            one.flags = sorted({*one.flags, *flags} if mode > 0 else {*one.flags} - {*flags} if mode < 0 else flags)
        return succeed({number: one.flags for number, one in found})

    def expunge(self):
        gone = [number for number, one in enumerate(self.letters, 1) if r"\Deleted" in one.flags]
        self.letters = [one for one in self.letters if r"\Deleted" not in one.flags]
        return succeed(gone)

    def close(self):
        self.closed += 1


class Account(MemoryAccount):
    extensions = ()

    def _emptyMailbox(self, name, id):
        return Box()


@pytest.fixture
def talk():
    return House(letters=[], account=Account).selected()


@pytest.fixture
def box(talk):
    box = talk.house.account.mailboxes["INBOX"]
    box.closed = 0  # by whoever set it up
    return box


def test_a_message_without_a_file_is_put_together_from_its_parts(talk):
    text = b"subject: parts\r\ncontent-type: multipart/mixed; boundary=b\r\n\r\n"
    text += (
        b"\r\n--b\r\ncontent-type: text/plain\r\n\r\none\r\n--b\r\ncontent-type: text/html\r\n\r\n<p>two\r\n--b--\r\n"
    )
    said = b"\r\n".join(talk.ask(b"FETCH 2 (BODY.PEEK[] BODY[2])")[0])
    assert said == b"* 2 FETCH (BODY[] {%d}\r\n%b BODY[2] {6}\r\n<p>two FLAGS (\\Seen))" % (len(text), text)
    assert talk.ask(b"FETCH 1 (INTERNALDATE BODY[TEXT])")[0] == [
        b'* 1 FETCH (INTERNALDATE "30-Nov-2026 10:00:00 +0100" BODY[TEXT] {4}',
        b"body)",
    ]


def test_searches_stores_and_expunges_by_number_and_UID(talk, box):
    assert talk.ask(b"UID SEARCH SUBJECT parts")[0] == [b"* SEARCH 9"]
    assert talk.ask(b"UID STORE 7 +FLAGS (\\Deleted)")[0] == [b"* 1 FETCH (UID 7 FLAGS (\\Deleted \\Seen))"]
    assert talk.ask(b"EXPUNGE")[0] == [b"* 1 EXPUNGE"]
    assert talk.ask(b"FETCH 1 UID")[0] == [b"* 1 FETCH (UID 9)"]


def test_news_come_from_its_listeners(talk, box):
    talk.say(b"i IDLE")
    box.letters.append(Letter(12, [], {}, b""))
    box.listeners[0].newMessages(3, 1)
    talk.house.clock.advance(0)
    assert talk.hear() == [b"* 3 EXISTS", b"* 0 RECENT"]
    box.letters[1].flags = [r"\Seen"]
    box.listeners[0].flagsChanged({2: [r"\Seen"]})
    talk.house.clock.advance(0)
    assert talk.hear() == [b"* 2 FETCH (UID 9 FLAGS (\\Seen))"]
    box.listeners[0].modeChanged(False)
    assert talk.hear() == [b"* OK [READ-ONLY]"]


def test_copies_by_adding_and_leaves_the_mailboxes_that_it_borrowed(talk, box):
    talk.ask(b"CREATE There")
    there = talk.house.account.mailboxes["There"]
    assert talk.ask(b"COPY 1 There") == ([], b"OK COPY is done")
    assert there.added == [(b"subject: plain\r\n\r\nbody", [r"\Seen"], b"Mon, 30 Nov 2026 10:00:00 +0100")]
    assert talk.ask(b'APPEND There (\\Seen) "17-Jul-1996 02:44:25 -0700" {1+}\r\nx') == ([], b"OK APPEND is done")
    assert there.added[1] == (b"x", [r"\Seen"], b"17-Jul-1996 02:44:25 -0700")
    assert talk.ask(b"STATUS There (MESSAGES)")[0] == [b'* STATUS "There" (MESSAGES 1)']
    assert there.closed == 3 and there.listeners == []
    talk.ask(b"UNSELECT")
    assert box.closed == 1 and box.listeners == []


@pytest.mark.parametrize(
    "command",
    [b"MOVE 1 INBOX", b"UID EXPUNGE 7", b"FETCH 1 MODSEQ", b"STORE 1 (UNCHANGEDSINCE 1) FLAGS ()", b"SEARCH MODSEQ 1",
     b"STATUS INBOX (SIZE)", b"SELECT INBOX (CONDSTORE)"],
)  # fmt: skip
def test_extensions_that_its_interface_has_no_words_for_are_not_there(talk, command):
    assert talk.ask(command)[1].startswith(b"BAD there is no ")
    assert b"MOVE" not in talk.ask(b"CAPABILITY")[0][0]


def test_a_session_that_is_lost_while_the_mailbox_thinks_leaves_it_in_the_end(talk, box):
    thinking = Deferred()
    box.expunge = lambda: thinking
    talk.say(b"x EXPUNGE")
    talk.hang_up()
    assert box.closed == 0
    thinking.callback([])
    assert box.closed == 1 and box.listeners == []
