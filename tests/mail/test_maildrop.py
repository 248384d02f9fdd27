"""What one session sees of a store, and the store in memory."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no such class", allow_module_level=True)

from reactor.cred.checkers import ANONYMOUS
from reactor.cred.error import LoginDenied
from reactor.mail.interfaces import IMailboxPOP3
from reactor.mail.maildir import Maildir
from reactor.mail.maildrop import InUse, Mailboxes, Maildrop, MemoryStore, wire_size


@pytest.fixture(params=["memory", "maildir"])
def store(request, tmp_path):
    store = MemoryStore() if request.param == "memory" else Maildir(tmp_path)
    for number in range(3):
        store.deliver(b"Subject: %d\r\n\r\n" % number + b"x" * number + b"\r\n")
    return store


def read(mailbox, index):
    with mailbox.getMessage(index) as file:
        return file.read().replace(b"\r", b"")


def test_sizes_texts_and_names_are_those_of_the_store(store):
    mailbox = Maildrop(store)
    assert mailbox.listMessages() == [16, 17, 18]
    assert mailbox.listMessages(1) == 17
    assert read(mailbox, 2) == b"Subject: 2\n\nxx\n"
    assert len({mailbox.getUidl(index) for index in range(3)}) == 3


def test_a_deleted_message_keeps_its_place_and_is_there_for_the_next_session_unless_synced(store):
    mailbox = Maildrop(store)
    mailbox.deleteMessage(1)
    assert mailbox.listMessages() == [16, 0, 18] and mailbox.listMessages(1) == 0
    assert len(Maildrop(store).listMessages()) == 3
    mailbox.sync()
    assert Maildrop(store).listMessages() == [16, 18]


def test_what_was_undeleted_stays(store):
    mailbox = Maildrop(store)
    mailbox.deleteMessage(0)
    mailbox.undeleteMessages()
    mailbox.sync()
    assert len(Maildrop(store).listMessages()) == 3


@pytest.mark.parametrize("index", [-1, 3, 10**12])
@pytest.mark.parametrize("method", ["listMessages", "getMessage", "getUidl", "deleteMessage"])
def test_an_index_that_isnt_there_is_a_ValueError(store, method, index):
    with pytest.raises(ValueError, match=f"there is no message {index}"):
        getattr(Maildrop(store), method)(index)


@pytest.mark.parametrize("method", ["getMessage", "deleteMessage"])
def test_a_deleted_message_is_neither_read_nor_deleted_again(store, method):
    mailbox = Maildrop(store)
    mailbox.deleteMessage(0)
    with pytest.raises(ValueError, match="message 0 is deleted"):
        getattr(mailbox, method)(0)


def test_a_letter_that_cant_be_removed_keeps_none_of_the_others(store, monkeypatch):
    mailbox = Maildrop(store)
    for index in range(3):
        mailbox.deleteMessage(index)
    remove, stuck = store.remove, store.letters()[0].unique

    def refusing(letter):
        if letter.unique == stuck:
            raise PermissionError("stuck")
        remove(letter)

    monkeypatch.setattr(store, "remove", refusing)
    with pytest.raises(PermissionError, match="stuck"):
        mailbox.sync()
    assert [letter.unique for letter in store.letters()] == [stuck]


def test_letters_that_come_meanwhile_are_for_the_next_session(store):
    mailbox = Maildrop(store)
    store.deliver(b"late\r\n")
    mailbox.sync()
    assert len(mailbox.listMessages()) == 3 and len(Maildrop(store).listMessages()) == 4


def test_a_letter_of_nothing_is_one_empty_line(store):
    store.deliver(b"")
    mailbox = Maildrop(store)
    assert mailbox.listMessages(3) == 2 and read(mailbox, 3) == b"\n"


def test_a_letter_that_is_gone_from_memory_is_not_found():
    store = MemoryStore()
    store.deliver(b"x\r\n")
    mailbox = Maildrop(store)
    store.remove(store.letters()[0])
    with pytest.raises(FileNotFoundError, match="letter 1 is gone"):
        mailbox.getMessage(0)


def test_who_logs_in_has_the_mailbox_alone_until_they_leave(store):
    realm = Mailboxes({b"alice": store})
    interface, mailbox, logout = realm.requestAvatar(b"alice", None, IMailboxPOP3)
    assert interface is IMailboxPOP3 and len(mailbox.listMessages()) == 3
    with pytest.raises(InUse):
        realm.requestAvatar(b"alice", None, IMailboxPOP3)
    logout()
    realm.requestAvatar(b"alice", None, IMailboxPOP3)[2]()


@pytest.mark.parametrize("name", [b"bob", ANONYMOUS])
def test_who_has_no_mailbox_is_denied(store, name):
    with pytest.raises(LoginDenied, match="has no mailbox"):
        Mailboxes({b"alice": store}).requestAvatar(name, None, IMailboxPOP3)


def test_a_realm_of_mailboxes_has_nothing_else(store):
    with pytest.raises(NotImplementedError):
        Mailboxes({b"alice": store}).requestAvatar(b"alice", None, dict)


def test_a_mailbox_that_cant_be_read_is_not_locked_for_ever(store, monkeypatch):
    realm = Mailboxes({b"alice": store})
    with monkeypatch.context() as patch:
        patch.setattr(store, "letters", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            realm.requestAvatar(b"alice", None, IMailboxPOP3)
    realm.requestAvatar(b"alice", None, IMailboxPOP3)[2]()


@pytest.mark.parametrize(
    "text, size", [(b"", 2), (b"\r\n", 2), (b"\n", 2), (b"\r", 2), (b"a", 3), (b"a\r\r\n", 5), (b"\n\n\r\n", 6)]
)
def test_a_text_is_as_long_as_it_is_sent(text, size):
    assert wire_size(text) == size
