"""The client's side of IMAP: what it sends, what it makes of answers, and what it hears besides.

The shapes of results are Twisted's: its client says the same of the same lines.
"""

import io

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client sends one command after the other", allow_module_level=True)

from reactor.mail.imap4 import IllegalIdentifierError, IMAP4Exception, MessageSet, NegativeResponse
from tests.mail.imap_doubles import Talk
from tests.support.outcomes import failure_of, result_of

DONE = ([], b"OK done")
SEEN = r"\Seen"


@pytest.fixture
def talk():
    return Talk()


@pytest.mark.parametrize(
    "ask, sends, lines, result",
    [
        (lambda it: it.create("a b\u00e4&"), b'CREATE "a b&AOQ-&-"', [], DONE),
        (lambda it: it.delete('a"\\'), b'DELETE "a\\"\\\\"', [], DONE),
        (lambda it: it.rename("a", "b"), b'RENAME "a" "b"', [], DONE),
        (lambda it: it.subscribe("a"), b'SUBSCRIBE "a"', [], DONE),
        (lambda it: it.unsubscribe("a"), b'UNSUBSCRIBE "a"', [], DONE),
        (lambda it: it.check(), b"CHECK", [], DONE),
        (lambda it: it.close(), b"CLOSE", [], DONE),
        (lambda it: it.unselect(), b"UNSELECT", [], DONE),
        (lambda it: it.copy("1:2", "x", True), b'UID COPY 1:2 "x"', [], DONE),
        (
            lambda it: it.list("", "*"),
            b'LIST "" "*"',
            [
                b'* LIST (\\Noselect) "/" ~/Mail/foo',
                b"* LIST () NIL [x]",
                b'* LIST () "." "a &AOQ- b" ("CHILDINFO" ())',
            ],
            [(("\\Noselect",), "/", "~/Mail/foo"), ((), None, "[x]"), ((), ".", "a \u00e4 b")],
        ),
        (lambda it: it.lsub("", "%"), b'LSUB "" "%"', [b'* LSUB () "/" {5}\r\nINBOX'], [((), "/", "INBOX")]),
        (
            lambda it: it.namespace(),
            b"NAMESPACE",
            [b'* NAMESPACE (("" "/")) NIL (("#a." ".")("#b" NIL "X" ("y")))'],
            [[["", "/"]], [], [["#a.", "."], ["#b", None]]],
        ),
        (lambda it: it.namespace(), b"NAMESPACE", [], [[], [], []]),
        (
            lambda it: it.status("x", "MESSAGES", "UIDNEXT", "UNSEEN"),
            b'STATUS "x" (MESSAGES UIDNEXT UNSEEN)',
            [b"* STATUS x (MESSAGES 2 UIDNEXT 5 UNSEEN 0)"],
            {"MESSAGES": 2, "UIDNEXT": b"5", "UNSEEN": 0},
        ),
        (lambda it: it.expunge(), b"EXPUNGE", [b"* 3 EXPUNGE", b"* 3 EXPUNGE"], [3, 3]),
        (lambda it: it.expunge("7:9"), b"UID EXPUNGE 7:9", [b"* 3 EXPUNGE"], [3]),
        (lambda it: it.search("ALL"), b"SEARCH ALL", [b"* SEARCH 2 3", b"* SEARCH 6 (MODSEQ 9)"], [2, 3, 6]),
        (lambda it: it.search("ALL", "NEW", uid=True), b"UID SEARCH ALL NEW", [b"* SEARCH "], []),
        (
            lambda it: it.getCapabilities(useCache=False),
            b"CAPABILITY",
            [b"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN IDLE"],
            {b"IMAP4rev1": None, b"AUTH": [b"PLAIN", b"LOGIN"], b"IDLE": None},
        ),
    ],
)
def test_a_command_has_the_answer_that_it_asks_for(talk, ask, sends, lines, result):
    asked = ask(talk.client)
    talk.answer(sends, *lines)
    assert result_of(asked) == result and talk.client.timeOut is None


@pytest.mark.parametrize(
    "ask, sends, line, result",
    [
        (lambda it: it.fetchUID("1"), b"(UID)", b"(UID 22)", {"UID": "22"}),
        (lambda it: it.fetchFlags("1"), b"(FLAGS)", b"(FLAGS (\\Seen x))", {"FLAGS": ["\\Seen", "x"]}),
        (
            lambda it: it.fetchInternalDate("1"),
            b"(INTERNALDATE)",
            b'(INTERNALDATE "17-Jul-1996 02:44:25 -0700")',
            {"INTERNALDATE": "17-Jul-1996 02:44:25 -0700"},
        ),
        (
            lambda it: it.fetchEnvelope("1"),
            b"(ENVELOPE)",
            b'(ENVELOPE ("d" "s \\"q\\"" (("n" NIL "m" "h")) NIL))',
            {"ENVELOPE": ["d", 's "q"', [["n", None, "m", "h"]], None]},
        ),
        (
            lambda it: it.fetchBodyStructure("1"),
            b"(BODYSTRUCTURE)",
            b'(BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" 12 1))',
            {"BODYSTRUCTURE": ["TEXT", "PLAIN", ["CHARSET", "UTF-8"], None, None, "7BIT", "12", "1"]},
        ),
        (
            lambda it: it.fetchSimplifiedBody("1"),
            b"(BODY)",
            b'(BODY (("TEXT" "PLAIN")("TEXT" "HTML") "MIXED"))',
            {"BODY": [["TEXT", "PLAIN"], ["TEXT", "HTML"], "MIXED"]},
        ),
        (lambda it: it.fetchMessage("1"), b"(RFC822)", b"(RFC822 {7}\r\na\r\n\xe4({1)", {"RFC822": "a\r\n\xe4({1"}),
        (lambda it: it.fetchHeaders("1"), b"(RFC822.HEADER)", b"(rfc822.header {0}\r\n)", {"RFC822.HEADER": ""}),
        (lambda it: it.fetchBody("1"), b"(RFC822.TEXT)", b'(RFC822.TEXT "abc")', {"RFC822.TEXT": "abc"}),
        (lambda it: it.fetchSize("1"), b"(RFC822.SIZE)", b"(RFC822.SIZE 12)", {"RFC822.SIZE": "12"}),
        (
            lambda it: it.fetchFast("1"),
            b"(FLAGS INTERNALDATE RFC822.SIZE)",
            b'(FLAGS () INTERNALDATE "x" RFC822.SIZE 1)',
            {"FLAGS": [], "INTERNALDATE": "x", "RFC822.SIZE": "1"},
        ),
        (
            lambda it: it.fetchAll("1"),
            b"(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)",
            b"(FLAGS () ENVELOPE ())",
            {"FLAGS": [], "ENVELOPE": []},
        ),
        (
            lambda it: it.fetchFull("1"),
            b"(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY)",
            b"(FLAGS () BODY ())",
            {"FLAGS": [], "BODY": []},
        ),
        (
            lambda it: it.fetchFlags("1", changedSince=12),
            b"(FLAGS) (CHANGEDSINCE 12)",
            b"(FLAGS () MODSEQ (13))",
            {"FLAGS": [], "MODSEQ": ["13"]},
        ),
    ],
)
def test_what_is_fetched_comes_by_number_and_item(talk, ask, sends, line, result):
    asked = ask(talk.client)
    talk.answer(b"FETCH 1 " + sends, b"* 1 FETCH " + line)
    assert result_of(asked) == {1: result} and talk.client.news == []


@pytest.mark.parametrize(
    "words, sends, line, result",
    [
        ({}, b"FETCH 7 BODY[]", b"(BODY[] {3}\r\nabc)", ["BODY", [], "abc"]),
        (
            {"headerType": "HEADER.FIELDS", "headerArgs": ["From", "to"], "peek": True, "uid": True},
            b'UID FETCH 7 BODY.PEEK[HEADER.FIELDS ("From" "to")]',
            b'(UID 7 BODY[HEADER.FIELDS (From "to")] NIL)',
            ["UID", "7", "BODY", ["HEADER.FIELDS", ["From", "to"]], None],
        ),
        (
            {"headerType": "TEXT", "headerNumber": [2, 1], "offset": 5, "length": 10},
            b"FETCH 7 BODY[2.1.TEXT]<5.10>",
            b'(BODY[2.1.TEXT]<5> "abc" FLAGS (\\Seen))',
            ["BODY", ["2.1.TEXT"], "<5>", "abc"],
        ),
        (
            {"headerType": "MIME", "headerNumber": 3},
            b"FETCH 7 BODY[3.MIME]",
            b'(BODY[3.MIME] "a")',
            ["BODY", ["3.MIME"], "a"],
        ),
    ],
)
def test_a_part_comes_with_what_it_is_a_part_of(talk, words, sends, line, result):
    asked = talk.client.fetchSpecific("7", **words)
    talk.answer(sends, b"* 7 FETCH " + line)
    assert result_of(asked) == {7: [result]}


def test_a_mailbox_that_is_selected_says_what_is_in_it(talk):
    asked = talk.client.select("INBOX", condstore=True)
    lines = [b"* 3 EXISTS", b"* 1 RECENT", b"* OK [UIDVALIDITY 7] x", b"* OK [UIDNEXT 9] x", b"* OK [UNSEEN 2] x"]
    lines += [
        b"* FLAGS (\\Seen)",
        b"* OK [PERMANENTFLAGS (\\Seen \\*)] ok",
        b"* OK [HIGHESTMODSEQ 8] x",
        b"* OK [new (x] y",
    ]
    talk.answer(b'SELECT "INBOX" (CONDSTORE)', *lines, end=b"OK [READ-ONLY] done")
    assert result_of(asked) == {
        "READ-WRITE": False,
        "EXISTS": 3,
        "RECENT": 1,
        "UIDVALIDITY": 7,
        "UIDNEXT": 9,
        "UNSEEN": 2,
        "HIGHESTMODSEQ": 8,
        "FLAGS": (SEEN,),
        "PERMANENTFLAGS": (SEEN, r"\*"),
    }
    assert talk.client.news == []
    asked = talk.client.examine("x")
    talk.answer(b'EXAMINE "x"')
    assert result_of(asked) == {"READ-WRITE": False}


def test_flags_are_stored_and_come_back_unless_silent(talk):
    asked = talk.client.setFlags("1:5", [r"\Answered", "x"])
    talk.answer(rb"STORE 1:5 FLAGS.SILENT (\Answered x)")
    assert result_of(asked) == {}
    asked = talk.client.addFlags(1, [SEEN], silent=False, uid=True)
    talk.answer(rb"UID STORE 1 +FLAGS (\Seen)", rb"* 4 FETCH (FLAGS (\Seen) UID 1)")
    assert result_of(asked) == {4: {"FLAGS": [SEEN], "UID": "1"}}
    asked = talk.client.removeFlags("1", [SEEN])
    talk.answer(rb"STORE 1 -FLAGS.SILENT (\Seen)", b"* 1 FETCH (FLAGS (y))")
    assert result_of(asked) == {} and talk.client.news == [("flags", {1: ["y"]})]


def test_flags_are_stored_only_where_nothing_has_changed_if_asked_for(talk):
    asked = talk.client.addFlags("1,7", ["x"], silent=False, unchangedSince=12)
    end = b"OK [MODIFIED 7] some have changed"
    talk.answer(b"STORE 1,7 (UNCHANGEDSINCE 12) +FLAGS (x)", b"* 1 FETCH (MODSEQ (13) FLAGS (x))", end=end)
    assert result_of(asked) == ({1: {"MODSEQ": ["13"], "FLAGS": ["x"]}}, MessageSet(7))
    asked = talk.client.addFlags("1", ["x"], unchangedSince=13)
    talk.answer(b"STORE 1 (UNCHANGEDSINCE 13) +FLAGS.SILENT (x)")
    assert result_of(asked) == ({}, MessageSet())


@pytest.mark.parametrize(
    "ask, error, says",
    [
        (lambda it: it.fetchFlags("1 (UID)"), IllegalIdentifierError, "no message number"),
        (lambda it: it.fetchFlags(MessageSet()), IllegalIdentifierError, "no message number"),
        (lambda it: it.addFlags("1", ["a)"]), ValueError, r"'a\)' can't be a flag"),
        (lambda it: it.fetchSpecific(1, headerType="X] UID"), ValueError, "no section"),
        (lambda it: it.fetchSpecific(1, headerNumber="1] UID"), ValueError, "invalid literal"),
        (lambda it: it.status("x", "MESSAGE"), ValueError, "Unknown names: {'MESSAGE'}"),
    ],
)
def test_what_would_be_another_command_is_refused_before_it_is_sent(talk, ask, error, says):
    with pytest.raises(error, match=says):
        ask(talk.client)
    assert talk.hear() == b""


def test_a_name_or_a_query_that_has_lines_in_it_is_a_literal_that_waits_for_the_server(talk):
    asked = talk.client.search('SUBJECT {9}\r\na "ñ"\r\n\r\n', "SEEN")
    assert talk.hear() == b"0001 SEARCH CHARSET UTF-8 SUBJECT {9}\r\n" and not asked.called
    talk.say(b"+ go on")
    assert talk.hear() == 'a "ñ"\r\n\r\n SEEN\r\n'.encode()
    talk.say(b"* SEARCH 4", b"0001 OK done")
    assert result_of(asked) == [4]


def test_a_refused_literal_is_not_sent(talk):
    asked = talk.client.search("SUBJECT {2}\r\nñ")
    other = talk.client.search("ALL")
    talk.hear()
    talk.say(b"0001 NO [BADCHARSET (US-ASCII)] what?")
    error = failure_of(asked, NegativeResponse).value
    assert (error.status, error.code) == (b"NO", [b"BADCHARSET", [b"US-ASCII"]])
    assert error.args == (b"[BADCHARSET (US-ASCII)] what?",)
    assert talk.hear() == b"0002 SEARCH ALL\r\n" and not other.called


# --- messages in and out


def test_a_message_is_appended_when_the_server_wants_it(talk):
    asked = talk.client.append("x", io.BytesIO(b"a: b\r\n"), [SEEN, "y"], "17-Jul-1996 02:44:25 -0700")
    other = talk.client.noop()
    assert talk.hear() == b'0001 APPEND "x" (\\Seen y) "17-Jul-1996 02:44:25 -0700" {6}\r\n'
    talk.say(b"+ go")
    assert talk.hear() == b"a: b\r\n\r\n0002 NOOP\r\n"
    talk.say(b"0001 OK [APPENDUID 7 12] done", b"0002 OK done")
    assert result_of(asked).code == [b"APPENDUID", b"7", b"12"] and result_of(other) == []


def test_a_file_that_grows_is_sent_as_long_as_it_was_and_one_that_shrinks_ends_the_connection(talk):
    file = io.BytesIO(b"12345")
    asked = talk.client.append("x", file)
    file.seek(0, 2), file.write(b"6789"), file.seek(0)
    talk.hear()
    talk.say(b"+ go")
    assert talk.hear() == b"12345\r\n"
    talk.say(b"0001 OK done")
    assert result_of(asked) == DONE
    asked = talk.client.append("x", file)
    file.truncate(2)
    talk.hear()
    talk.say(b"+ go")
    talk.hear()
    assert talk.transport.disconnecting
    talk.close()
    assert "ends 7 bytes before" in str(failure_of(asked, IMAP4Exception).value)


def test_a_move_is_a_copy_where_the_server_has_no_MOVE():
    talk = Talk(capabilities=b"UIDPLUS")
    asked = talk.client.move("7:9", "x", True)
    talk.answer(b'UID COPY 7:9 "x"', end=b"OK [COPYUID 1 7:9 1:3] done")
    talk.answer(rb"UID STORE 7:9 +FLAGS.SILENT (\Deleted)")
    talk.answer(b"UID EXPUNGE 7:9", b"* 1 EXPUNGE")
    assert result_of(asked).code[0] == b"COPYUID" and talk.client.news == [("gone", 1)]
    failure_of(talk.client.move("7:9", "x", False), IMAP4Exception)
    talk = Talk(capabilities=b"MOVE")
    asked = talk.client.move("1", "x", False)
    talk.answer(b'MOVE 1 "x"', b"* OK [COPYUID 1 7 1] moved", b"* 1 EXPUNGE")
    assert result_of(asked).code == [b"COPYUID", b"1", b"7", b"1"] and talk.client.news == [("gone", 1)]
    talk = Talk(capabilities=b"IDLE")
    assert "no MOVE" in str(failure_of(talk.client.move("7:9", "x", True), IMAP4Exception).value)


# --- what others do


def test_what_others_do_is_heard_with_any_answer_or_without(talk):
    talk.say(b"* 5 EXISTS", b"* 2 RECENT", b"* 4 EXPUNGE", b"* 3 FETCH (FLAGS (\\Seen))", b"* OK [READ-ONLY] now")
    news = [("new", 5, None), ("new", None, 2), ("gone", 4), ("flags", {3: [SEEN]}), ("mode", False)]
    assert talk.client.news == news
    asked = talk.client.search("ALL")
    talk.answer(b"SEARCH ALL", b"* 6 EXISTS", b"* SEARCH 1", b"* OK [ALERT] fire!", b"* XNEWS what (is) this")
    assert result_of(asked) == [1] and talk.client.news[5:] == [("new", 6, None), ("alert", b"fire!")]


def test_noop_asks_for_news_and_also_returns_them(talk):
    asked = talk.client.noop()
    talk.answer(b"NOOP", b"* 5 EXISTS", b"* 2 EXPUNGE", b"* 1 FETCH (FLAGS (x))")
    assert result_of(asked) == [[b"5", b"EXISTS"], [b"2", b"EXPUNGE"], [b"1", b"FETCH", [b"FLAGS", [b"x"]]]]
    assert talk.client.news == [("new", 5, None), ("gone", 2), ("flags", {1: ["x"]})]


def test_flags_of_other_messages_than_those_asked_for_are_news(talk):
    asked = talk.client.fetchFlags("1:2,9")
    talk.answer(b"FETCH 1:2,9 (FLAGS)", b"* 9 FETCH (FLAGS (a))", b"* 3 FETCH (FLAGS (b))", b"* 4 FETCH (UID 3)")
    assert result_of(asked) == {9: {"FLAGS": ["a"]}} and talk.client.news == [("flags", {3: ["b"]})]
    asked = talk.client.fetchSize("1:*")
    talk.answer(b"FETCH 1:* (RFC822.SIZE)", b"* 1 FETCH (FLAGS (c))", b"* 1 FETCH (RFC822.SIZE 8)")
    assert result_of(asked) == {1: {"RFC822.SIZE": "8"}} and talk.client.news[1:] == [("flags", {1: ["c"]})]


def test_a_client_is_nowhere_before_the_greeting_and_then_where_it_says():
    talk = Talk(greeting=b"")
    assert talk.client.state is None
    talk.say(b"* OK hello")
    assert talk.client.state == "unauth"
    talk.close()


def test_a_section_is_a_key_that_can_be_looked_up(talk):
    asked = talk.client.fetchSize(4)
    talk.answer(b"FETCH 4 (RFC822.SIZE)", b"* 4 FETCH (RFC822.SIZE 9 BODY[HEADER.FIELDS (DATE)]<0> {2}\r\nhi)")
    assert result_of(asked) == {4: {"RFC822.SIZE": "9", ("BODY", ("HEADER.FIELDS", ("DATE",)), "<0>"): "hi"}}
