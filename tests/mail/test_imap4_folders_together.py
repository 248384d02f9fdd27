"""Two sessions and another program change the same Maildirs, from seeds: a little later each sees what is there."""

import io
import os
import sqlite3
import time
from contextlib import contextmanager
from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no IMAP mailbox in a Maildir", allow_module_level=True)

from reactor.mail import folder
from reactor.mail.folder import LATER_S, LETTERS
from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import MemoryMailbox, MessageSet
from reactor.mail.maildir import Maildir

SEEDS = 12
STEPS = 60
FLAGS = [*LETTERS.values(), "work", "$Junk"]


class Together:
    """What they do. texts: UIDVALIDITY and UID → text, of all that anybody has seen."""

    def __init__(self, path, seed):
        self.dice, self.path, self.texts, self.problems = Random(seed), path, {}, []
        self.accounts = [MaildirAccount(path), MaildirAccount(path)]
        self.accounts[0].create("There")
        self.sessions = [{name: account.select(name) for name in ("INBOX", "There")} for account in self.accounts]
        self.places = [path, path / ".There"]

    def close(self):
        for mailbox in [mailbox for session in self.sessions for mailbox in session.values()]:
            mailbox.shut()
        for account in self.accounts:
            account.close()

    def some(self, mailbox):
        return self.dice.sample(uids := mailbox.uids(), min(len(uids), self.dice.randint(0, 3)))

    def step(self):
        session = self.dice.choice(self.sessions)
        mailbox, other = self.dice.sample([*session.values()], 2)
        doing = self.dice.choice([self.append, self.store, self.store, self.expunge, self.copy, self.outside])
        doing(mailbox, other)
        self.look_at(mailbox)

    def append(self, mailbox, other):
        text = b"Subject: %d\n\n" % self.dice.getrandbits(30)
        adding = mailbox.addMessage(io.BytesIO(text), self.dice.sample(FLAGS, self.dice.randint(0, 2)))
        adding.addErrback(self.problems.append)

    def store(self, mailbox, other):
        uids = [(uid, uid) for uid in self.some(mailbox)]
        mailbox.store(MessageSet(uids), self.dice.sample(FLAGS, 2), self.dice.choice([-1, 0, 1]), True)

    def expunge(self, mailbox, other):
        mailbox.expunge(self.dice.choice([None, self.some(mailbox)]))

    def copy(self, mailbox, other):
        mailbox.copyTo(self.some(mailbox), self.dice.choice([mailbox, other]), move=self.dice.random() < 0.5)

    def outside(self, mailbox, other):
        place = self.dice.choice(self.places)
        names = sorted(os.listdir(place / "cur"))
        doing = self.dice.choice(["deliver", "flag", "remove"])
        if doing == "deliver":
            Maildir(place).deliver(b"Subject: out %d\n\n" % self.dice.getrandbits(30))
        elif names and doing == "flag":
            name = self.dice.choice(names)
            info = "".join(sorted(self.dice.sample("DFRST", 2)))
            os.rename(place / "cur" / name, place / "cur" / f"{name.partition(':')[0]}:2,{info}")
        elif names:
            os.unlink(place / "cur" / self.dice.choice(names))

    def look_at(self, mailbox):
        """UID → name and flags. A UID stands for one text for ever."""
        found = {}
        for uid in mailbox.uids():
            message = mailbox._messages[uid]
            try:
                with message.open() as file:
                    text = file.read()
            except FileNotFoundError:
                continue
            assert self.texts.setdefault((mailbox.getUIDValidity(), uid), text) == text
            assert message.getSize() == len(text)
            found[uid] = message.place[0], sorted(message.flags)
        assert [*found] == sorted(found)
        return found


def run(path, seed, monkeypatch):
    """One seed. Raises AssertionError if somebody sees what isn't there."""
    later, now = [0.0], time.time
    monkeypatch.setattr(folder.time, "time", lambda: now() + later[0])
    together = Together(path, seed)
    try:
        for _ in range(STEPS):
            together.step()
        later[0] = 2 * LATER_S
        for name, place in zip(("INBOX", "There"), together.places, strict=True):
            views = [together.look_at(session[name]) for session in together.sessions]
            fresh = MaildirAccount(path)
            views.append(together.look_at(anew := fresh.select(name)))
            anew.close()
            fresh.close()
            assert views[0] == views[1] == views[2] and not together.problems
            there = [name.partition(":2,") for part in ("new", "cur") for name in os.listdir(place / part)]
            assert {unique: {LETTERS[one] for one in info} for unique, _, info in there} == {
                unique: {*flags} & {*LETTERS.values()} for unique, flags in views[0].values()
            }
    finally:
        monkeypatch.undo()
        together.close()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_in_the_end_each_session_sees_what_is_there(tmp_path, seed, monkeypatch):
    run(tmp_path / "mail", seed, monkeypatch)


@contextmanager
def _never_looks_again(mailbox):
    yield
    mailbox._seen, mailbox._again_at = mailbox._state(), float("inf")


def _renames_by_the_index(mailbox, message, path, modseq):
    message.place = message.place[0], path


@pytest.mark.parametrize(
    ("method", "defect"),
    [
        ("_own_change", _never_looks_again),
        ("_found_elsewhere", _renames_by_the_index),
        ("_set_flags", MemoryMailbox._set_flags),
    ],
)
def test_a_spoiled_folder_is_found_out(tmp_path, monkeypatch, method, defect):
    for seed in range(SEEDS):
        monkeypatch.setattr(folder.Folder, method, defect)
        try:
            run(tmp_path / str(seed), seed, monkeypatch)
        except (AssertionError, KeyError, sqlite3.Error):
            return
    raise AssertionError(f"nobody notices {defect.__name__}")
