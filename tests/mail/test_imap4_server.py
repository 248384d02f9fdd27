"""The server's side of IMAP: RFC 3501's commands, one after the other."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's IMAP4 differs in what it refuses", allow_module_level=True)

from reactor.testing import check_dialogue
from tests.mail.imap4_doubles import LETTERS, House

CAPABILITIES = b"IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE NAMESPACE UNSELECT ESEARCH LIST-STATUS"


@pytest.fixture
def house():
    return House()


@pytest.fixture
def talk(house):
    return house.selected()


def dialogue(transcript, **options):
    """A transcript, each way with a house of its own."""
    houses = []

    def make():
        houses.append(House(**options))
        return houses[-1].session()

    check_dialogue(make, transcript, transport=lambda: houses[-1].transport())


def test_a_session_from_the_greeting_to_the_goodbye():
    dialogue(
        r"""
        S: * OK [CAPABILITY IMAP4rev1 [..] AUTH=CRAM-MD5 AUTH=PLAIN AUTH=LOGIN] ready
        C: a LOGIN alice {8}
        S: + go on
        C: a secret
        S: a OK [CAPABILITY [..]] LOGIN is done
        C: b select inbox
        S: * FLAGS (\Answered \Deleted \Draft \Flagged \Seen)
        S: * OK [PERMANENTFLAGS (\Answered \Deleted \Draft \Flagged \Seen \*)] these last
        S: * 3 EXISTS
        S: * 3 RECENT
        S: * OK [UNSEEN 1] the first
        S: * OK [UIDVALIDITY 1] UIDs hold
        S: * OK [UIDNEXT 4] the next one
        S: * OK [HIGHESTMODSEQ 4] the latest change
        S: b OK [READ-WRITE] SELECT is done
        C: c FETCH 2 (UID RFC822.SIZE BODY[TEXT])
        S: * 2 FETCH (UID 2 RFC822.SIZE 70 BODY[TEXT] {8}
        S: second
        S:  FLAGS (\Recent \Seen))
        S: c OK FETCH is done
        C: d STORE 1 +FLAGS (\Deleted work)
        S: * 1 FETCH (UID 1 FLAGS (\Deleted \Recent work))
        S: * FLAGS (\Answered \Deleted \Draft \Flagged \Seen work)
        S: d OK STORE is done
        C: e SEARCH UNSEEN UNDELETED
        S: * SEARCH 3
        S: e OK SEARCH is done
        C: f EXPUNGE
        S: * 1 EXPUNGE
        S: * FLAGS (\Answered \Deleted \Draft \Flagged \Seen)
        S: f OK EXPUNGE is done
        C: g LOGOUT
        S: * BYE until next time
        S: g OK LOGOUT is done
        """
    )


def test_commands_come_in_their_state_alone(house):
    talk = house.open()
    assert talk.ask(b"SELECT INBOX") == ([], b"BAD SELECT doesn't come while the session is NOT_AUTHENTICATED")
    talk = house.logged_in()
    assert talk.ask(b"FETCH 1 FLAGS") == ([], b"BAD FETCH doesn't come while the session is AUTHENTICATED")
    assert talk.ask(b"LOGIN a b")[1].startswith(b"BAD LOGIN doesn't come")
    assert talk.ask(b"UID NOOP") == ([], b"BAD UID NOOP is no command here")
    assert talk.say(b"") == [b"* BAD a tag is expected where the end is"]


def test_each_mailbox_command_does_what_it_says(house):
    talk = house.logged_in()
    assert talk.ask(b"CREATE Work.2026.") == ([], b"OK CREATE is done")
    assert talk.ask(b'LIST "" *')[0] == [
        b'* LIST () "." "INBOX"',
        b'* LIST () "." "Work"',
        b'* LIST () "." "Work.2026"',
    ]
    assert talk.ask(b'LIST "" %')[0] == [b'* LIST () "." "INBOX"', b'* LIST () "." "Work"']
    assert talk.ask(b'LIST "" ""')[0] == [b'* LIST (\\Noselect) "." ""']
    assert talk.ask(b"LIST Work. %")[0] == [b'* LIST () "." "Work.2026"']
    assert talk.ask(b"CREATE Work") == ([], b"NO [ALREADYEXISTS] there is a mailbox Work already")
    assert talk.ask(b"SUBSCRIBE Work.2026") == ([], b"OK SUBSCRIBE is done")
    assert talk.ask(b'LSUB "" *')[0] == [b'* LSUB () "." "Work.2026"']
    assert talk.ask(b"RENAME Work Play") == ([], b"OK RENAME is done")
    assert talk.ask(b'LIST "" P*')[0] == [b'* LIST () "." "Play"', b'* LIST () "." "Play.2026"']
    assert talk.ask(b"DELETE Play")[1] == b"NO [CANNOT] there are mailboxes below Play; delete them before"
    assert talk.ask(b"DELETE Play.2026") == ([], b"OK DELETE is done")
    assert talk.ask(b"DELETE INBOX")[1] == b"NO [CANNOT] INBOX can't be deleted"
    assert talk.ask(b"SELECT Play.2026")[1] == b"NO [NONEXISTENT] there is no such mailbox"
    assert talk.ask(b"UNSUBSCRIBE Work.2026")[1] == b"OK UNSUBSCRIBE is done"
    assert talk.ask(b'LSUB "" *')[0] == []


def test_a_rename_of_INBOX_moves_its_messages_and_leaves_it(house):
    talk = house.logged_in()
    talk.ask(b"RENAME INBOX Old")
    assert talk.ask(b"STATUS INBOX (MESSAGES)")[0] == [b'* STATUS "INBOX" (MESSAGES 0)']
    assert talk.ask(b"STATUS Old (MESSAGES)")[0] == [b'* STATUS "Old" (MESSAGES 3)']


def test_STATUS_counts(house):
    asked = b"MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN SIZE HIGHESTMODSEQ"
    size = b"%d" % sum(map(len, LETTERS))
    said = b"MESSAGES 3 RECENT 3 UIDNEXT 4 UIDVALIDITY 1 UNSEEN 3 SIZE " + size + b" HIGHESTMODSEQ 4"
    assert house.logged_in().ask(b"STATUS inbox (" + asked + b")")[0] == [b'* STATUS "INBOX" (' + said + b")"]


def test_mailbox_names_are_in_modified_utf7(house):
    talk = house.logged_in()
    assert talk.ask(b"CREATE Entw&APw-rfe")[1] == b"OK CREATE is done"
    assert "Entwürfe" in house.account.mailboxes
    assert talk.ask(b"CREATE &AGE-")[1].startswith(b"BAD ")
    assert talk.ask(b"CREATE {4+}\r\na\xfcbc")[1].startswith(b"BAD ")
    for name in (b"a..b", b"../x", b".a", b'"a/b"', b"x" * 201):
        assert talk.ask(b"CREATE " + name)[1].startswith(b"NO [CANNOT] ")


def test_APPEND_adds_a_message_with_its_flags_and_date(house):
    talk = house.selected()
    command = b'APPEND INBOX (\\Seen) "17-Jul-1996 02:44:25 -0700" {12+}\r\nSubject: 4\r\n'
    lines, last = talk.ask(command + b"")
    assert last == b"OK [APPENDUID 1 4] APPEND is done"
    assert lines == [b"* 4 EXISTS", b"* 4 RECENT"]
    lines, _ = talk.ask(b"FETCH 4 (FLAGS INTERNALDATE BODY.PEEK[])")
    assert lines[0].startswith(
        b'* 4 FETCH (FLAGS (\\Recent \\Seen) INTERNALDATE "17-Jul-1996 09:44:25 +0000" BODY[] {12}'
    )
    assert talk.ask(b"APPEND Nowhere {1+}\r\nx")[1] == b"NO [TRYCREATE] there is no such mailbox"
    assert talk.ask(b'APPEND INBOX "yesterday" {1+}\r\nx')[1].startswith(b"BAD b'yesterday' is no date such as")
    assert talk.ask(b'APPEND INBOX "x"')[1].startswith(b"BAD ")


def test_CHECK_CLOSE_UNSELECT_and_EXAMINE(house):
    talk = house.selected()
    assert talk.ask(b"CHECK") == ([], b"OK CHECK is done")
    talk.ask(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    assert talk.ask(b"UNSELECT") == ([], b"OK UNSELECT is done")
    lines, last = talk.ask(b"EXAMINE INBOX")
    assert last == b"OK [READ-ONLY] EXAMINE is done" and b"* 3 EXISTS" in lines
    assert b"* OK [PERMANENTFLAGS ()] these last" in lines
    for command in (b"STORE 1 FLAGS ()", b"EXPUNGE", b"MOVE 1 INBOX"):
        assert talk.ask(command)[1] == b"NO [READ-ONLY] this mailbox is open for reading alone"
    assert b"\\Seen" not in b"".join(talk.ask(b"FETCH 1 (FLAGS BODY[])")[0])
    assert talk.ask(b"CLOSE") == ([], b"OK CLOSE is done")
    talk.ask(b"SELECT INBOX")
    assert talk.ask(b"CLOSE") == ([], b"OK CLOSE is done")
    assert b"* 2 EXISTS" in talk.ask(b"SELECT INBOX")[0]


def test_COPY_and_MOVE_say_which_UIDs_became_which(house):
    talk = house.selected()
    talk.ask(b"CREATE There")
    talk.ask(b"STORE 2 FLAGS (\\Flagged word)")
    assert talk.ask(b"COPY 2:3 There")[1] == b"OK [COPYUID 2 2:3 1:2] COPY is done"
    assert talk.ask(b"UID MOVE 1,3 There")[0] == [
        b"* OK [COPYUID 2 1,3 3:4] they are there",
        b"* 3 EXPUNGE",
        b"* 1 EXPUNGE",
    ]
    assert talk.ask(b"COPY 1 Nowhere")[1] == b"NO [TRYCREATE] there is no such mailbox"
    assert talk.ask(b"UID COPY 77 There")[1] == b"OK UID COPY is done"
    talk.ask(b"SELECT There")
    assert talk.ask(b"FETCH 1 FLAGS")[0] == [b"* 1 FETCH (FLAGS (\\Flagged \\Recent word))"]


def test_UID_EXPUNGE_removes_what_is_deleted_among_these(house):
    talk = house.selected()
    talk.ask(b"STORE 1:3 +FLAGS.SILENT \\Deleted")
    assert talk.ask(b"UID EXPUNGE 2:9") == ([b"* 3 EXPUNGE", b"* 2 EXPUNGE"], b"OK UID EXPUNGE is done")


def test_STORE_sets_adds_takes_away_and_keeps_silent(talk):
    assert talk.ask(b"STORE 1:2 FLAGS (\\seen)")[0] == [
        b"* 1 FETCH (UID 1 FLAGS (\\Recent \\Seen))",
        b"* 2 FETCH (UID 2 FLAGS (\\Recent \\Seen))",
    ]
    assert talk.ask(b"UID STORE 1 -FLAGS.SILENT \\Seen") == ([], b"OK UID STORE is done")
    assert talk.ask(b"STORE 1 +FLAGS \\Seen \\Draft")[0] == [b"* 1 FETCH (UID 1 FLAGS (\\Draft \\Recent \\Seen))"]
    assert talk.ask(b"STORE 1 FLAGS \\Nonsense")[1] == b"NO [CANNOT] \\Nonsense is no flag"
    assert talk.ask(b"STORE 1 FLAX \\Seen")[1].startswith(b"BAD STORE changes FLAGS, not FLAX")
    assert talk.ask(b"STORE 1 +-FLAGS \\Seen")[1].startswith(b"BAD ")
    many = b" ".join(b"k%d" % number for number in range(60))
    assert talk.ask(b"STORE 1 FLAGS (" + many + b")")[1] == b"NO [CANNOT] a message has at most 50 keywords"


def test_ID_NAMESPACE_and_CAPABILITY(house):
    talk = house.open()
    assert talk.ask(b"ID NIL") == ([b'* ID ("name" "reactor")'], b"OK ID is done")
    assert talk.ask(b"CAPABILITY")[0][0].startswith(b"* CAPABILITY " + CAPABILITIES + b" AUTH=")
    talk = house.logged_in()
    assert talk.ask(b'ID ("name" "me")')[1] == b"OK ID is done"
    assert talk.ask(b"NAMESPACE") == ([b'* NAMESPACE (("" ".")) NIL NIL'], b"OK NAMESPACE is done")
    more = b" CONDSTORE MOVE SPECIAL-USE STATUS=SIZE UIDPLUS"
    assert talk.ask(b"CAPABILITY")[0] == [b"* CAPABILITY " + CAPABILITIES + more]


def test_LIST_with_options_says_status_subscriptions_children_and_special_uses(house):
    talk = house.logged_in()
    talk.ask(b"CREATE Sent.Old")
    talk.ask(b"SUBSCRIBE Sent")
    assert talk.ask(b'LIST (SPECIAL-USE) "" *')[0] == [b'* LIST (\\Sent) "." "Sent"']
    lines, _ = talk.ask(b'LIST (SUBSCRIBED) "" (INBOX Sent*) RETURN (CHILDREN STATUS (MESSAGES))')
    assert lines == [
        b'* LIST (\\Sent \\Subscribed \\HasChildren) "." "Sent"',
        b'* STATUS "Sent" (MESSAGES 0)',
    ]
    assert talk.ask(b'LIST (MAGIC) "" *')[1] == b"BAD LIST has no option MAGIC"
    assert talk.ask(b'LIST "" * RETURN (STATUS (MAGIC))')[1].startswith(b"BAD STATUS knows MESSAGES")


# --- several sessions at a mailbox


def test_EXPUNGE_of_another_session_comes_when_it_may_and_numbers_hold_until_then(house):
    one, other = house.selected(), house.selected()
    other.ask(b"STORE 1 +FLAGS (\\Deleted)")
    other.ask(b"EXPUNGE")
    assert one.ask(b"FETCH 2 UID") == ([b"* 2 FETCH (UID 2)"], b"OK FETCH is done")
    assert one.ask(b"SEARCH ALL") == ([b"* SEARCH 2 3"], b"OK SEARCH is done")
    assert one.ask(b"FETCH 1:2 UID") == (
        [b"* 2 FETCH (UID 2)"],
        b"NO [EXPUNGEISSUED] another session has removed some of them",
    )
    assert one.ask(b"STORE 2 +FLAGS.SILENT (\\Seen)")[0] == []
    assert one.ask(b"NOOP")[0] == [b"* 1 EXPUNGE"]
    assert one.ask(b"FETCH 1 UID")[0] == [b"* 1 FETCH (UID 2)"]


def test_flags_and_messages_of_another_session_are_told_with_the_next_command(house):
    one, other = house.selected(), house.selected()
    other.ask(b"STORE 2 FLAGS (\\Flagged)")
    other.ask(b"APPEND INBOX {1+}\r\nx")
    assert one.ask(b"NOOP")[0] == [b"* 4 EXISTS", b"* 3 RECENT", b"* 2 FETCH (UID 2 FLAGS (\\Flagged \\Recent))"]
    assert one.ask(b"NOOP")[0] == []


def test_a_message_is_recent_for_one_session(house):
    assert b"* 3 RECENT" in house.logged_in().ask(b"EXAMINE INBOX")[0]
    assert b"* 3 RECENT" in house.logged_in().ask(b"SELECT INBOX")[0]
    assert b"* 0 RECENT" in house.logged_in().ask(b"SELECT INBOX")[0]


def test_IDLE_tells_at_once_and_ends_with_DONE(house):
    one, other = house.selected(), house.selected()
    assert one.say(b"i IDLE") == [b"+ until you say DONE"]
    other.ask(b"APPEND INBOX {1+}\r\nx")
    house.clock.advance(0)
    assert one.hear() == [b"* 4 EXISTS", b"* 3 RECENT"]
    other.ask(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    other.ask(b"EXPUNGE")
    house.clock.advance(0)
    assert one.hear() == [b"* 1 FETCH (UID 1 FLAGS (\\Deleted \\Recent))", b"* 1 EXPUNGE"]
    assert one.say(b"DONE", b"j NOOP") == [b"i OK IDLE is done", b"j OK NOOP is done"]
    assert one.say(b"i IDLE", b"what?")[-1] == b"i BAD IDLE ends with DONE"
    assert [call for call in house.clock.getDelayedCalls() if call.func == one.session._look] == []


# --- CONDSTORE


def test_CONDSTORE_stores_unless_it_changed_and_fetches_what_did(house):
    one, other = house.selected(), house.selected()
    assert one.ask(b"ENABLE CONDSTORE X")[0] == [b"* ENABLED CONDSTORE"]
    assert one.ask(b"FETCH 1 MODSEQ")[0] == [b"* 1 FETCH (MODSEQ (2))"]
    other.ask(b"STORE 2 FLAGS (\\Seen)")
    lines, last = one.ask(b"STORE 1:3 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Flagged)")
    assert last == b"OK [MODIFIED 2] STORE is done"
    assert lines == [
        b"* 1 FETCH (UID 1 MODSEQ (6))",
        b"* 3 FETCH (UID 3 MODSEQ (6))",
        b"* 2 FETCH (UID 2 FLAGS (\\Recent \\Seen) MODSEQ (5))",
    ]
    assert one.ask(b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5)")[0] == [
        b"* 1 FETCH (UID 1 FLAGS (\\Flagged \\Recent) MODSEQ (6))",
        b"* 3 FETCH (UID 3 FLAGS (\\Flagged \\Recent) MODSEQ (6))",
    ]
    assert one.ask(b"SEARCH MODSEQ 6")[0] == [b"* SEARCH 1 3 (MODSEQ 6)"]
    assert one.ask(b"SEARCH RETURN (COUNT) MODSEQ 6")[0] == [b'* ESEARCH (TAG "x") COUNT 2 MODSEQ 6']
    assert b"* OK [HIGHESTMODSEQ 6] the latest change" in one.ask(b"SELECT INBOX (CONDSTORE)")[0]
