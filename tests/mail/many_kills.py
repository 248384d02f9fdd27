"""Kill -9 of servers of mail and news at random steps, while clients send, delete, append, expunge and post.

    python -m tests.mail.many_kills KILLS [SEED]

Ten servers, one after the other, keep what the one before has left. After each death: what a client was told is safe is
there, whole; what it was told is deleted is gone; what it wasn't told of is there whole or not at all; and nothing else
is missing. A letter to elsewhere is in the queue, or has arrived.
"""

import imaplib
import poplib
import smtplib
import socket
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from reactor.mail.folders import MaildirAccount
from reactor.mail.maildir import Maildir
from reactor.mail.queue import Queue
from reactor.news.database import NewsDatabase
from reactor.task import Clock
from tests.mail.killed_server import Place

SERVERS = 10
TIMEOUT_S = 30
TROUBLE = (OSError, EOFError, smtplib.SMTPException, poplib.error_proto, imaplib.IMAP4.error)


class Books:
    """What clients have been told of one kind of thing: name → text. sure: it is there. doubtful: nobody knows."""

    def __init__(self):
        self.sure, self.doubtful, self.gone = {}, {}, set()

    def deleting(self, names):
        """From now on these may go."""
        for name in names:
            self.doubtful[name] = self.sure.pop(name)

    def deleted(self, names):
        """They have gone."""
        for name in names:
            del self.doubtful[name]
        self.gone |= {*names}

    def adding(self, name, text):
        """From now on this may be there."""
        self.doubtful[name] = text

    def added(self, name):
        """It is there."""
        self.sure[name] = self.doubtful.pop(name)

    def compare(self, found, what):
        """Look at what there is: name → text."""
        lost, back = {*self.sure} - {*found}, self.gone & {*found}
        assert not lost, f"{what} lost: {sorted(lost)}"
        assert not back, f"{what} came back: {sorted(back)}"
        known = self.sure | self.doubtful
        for name, text in found.items():
            assert text == known[name], f"{what} {name} isn't whole: {text[:200]!r}"
        self.sure, self.doubtful = {name: known[name] for name in found}, {}


def letter(name, dice):
    lines = [f"line {number} of {name}" for number in range(dice.choice([0, 3, 500, 3000]))]
    return "\r\n".join([f"Subject: {name}", "", *lines, "end", ""]).encode()


def read(data):
    """Name and text of a letter, below the headers of those who have carried it."""
    text = data.replace(b"\r\n", b"\n")
    text = text[text.index(b"Subject: ") :]
    return text.partition(b"\n")[0].partition(b": ")[2].decode(), text.replace(b"\n", b"\r\n")


def letters_in(folder):
    """Pairs of name and text, of all letters in a Maildir."""
    maildir, found = Maildir(folder), []
    for one in maildir.letters():
        with maildir.open(one) as file:
            found.append(read(file.read()))
    return found


class Life:
    """A place, the servers that live and die in it, and their clients."""

    def __init__(self, seed, folder):
        self.dice = Random(seed)
        self.place = Place(folder)
        self.inbox, self.elsewhere, self.news = Books(), Books(), Books()
        self.peer = self.place.elsewhere()
        self.numbers, self.told = iter(range(10**6)), Counter()

    def run(self, count):
        """Let so many servers die. Returns how many did so at their step, and not afterwards."""
        try:
            return sum(self.one_server() for _ in range(count))
        finally:
            self.peer.end()

    def one_server(self):
        server = self.place.serve(step=int(10 ** self.dice.uniform(0, 3)))
        last = self.dice.randrange(4)
        for number in range(6):
            if number == last:
                server.doom()
            action = self.dice.choice([self.send, self.submit, self.retrieve, self.append, self.expunge, self.post])
            try:
                action()
            except ConnectionRefusedError:
                break
            except TROUBLE:  # it dies in the middle, or an earlier client isn't quite gone
                continue
            self.told[action.__name__] += 1
        has_died = server.end()
        self.look()
        return has_died

    def some(self, books):
        """Names and texts of new letters or articles, one after the other."""
        for _ in range(self.dice.randint(1, 6)):
            name = f"n{next(self.numbers)}"
            books.adding(name, text := letter(name, self.dice))
            yield name, text

    # --- what clients do

    def send(self):
        with smtplib.SMTP("127.0.0.1", self.place.ports["smtp"], "client", TIMEOUT_S) as client:
            for name, text in self.some(self.inbox):
                client.sendmail("eve@e.example", ["ann@us.example"], text)
                self.inbox.added(name)

    def submit(self):
        with smtplib.SMTP("127.0.0.1", self.place.ports["submission"], "client", TIMEOUT_S) as client:
            client.login("ann", "secret")
            for name, text in self.some(self.elsewhere):
                client.sendmail("ann@us.example", ["bob@b.example", "joe@j.example"], text)
                self.elsewhere.added(name)

    def retrieve(self):
        box = poplib.POP3("127.0.0.1", self.place.ports["pop3"], TIMEOUT_S)
        box.user("ann")
        box.pass_("secret")
        names = []
        for number in range(1, box.stat()[0] + 1):
            if self.dice.random() < 0.5:
                name, text = read(b"\r\n".join([*box.retr(number)[1], b""]))
                assert text == self.inbox.sure[name]
                box.dele(number)
                names.append(name)
        self.inbox.deleting(names)
        box.quit()
        self.inbox.deleted(names)

    def mailbox(self):
        mailbox = imaplib.IMAP4("127.0.0.1", self.place.ports["imap"], TIMEOUT_S)
        mailbox.login("ann", "secret")
        return mailbox

    def append(self):
        with self.mailbox() as mailbox:
            for name, text in self.some(self.inbox):
                if mailbox.append("INBOX", None, None, text)[0] == "OK":
                    self.inbox.added(name)

    def expunge(self):
        with self.mailbox() as mailbox:
            mailbox.select()
            names = []
            marked = mailbox.search(None, "DELETED")[1][0].split()  # by a session whose server died: they will go, too
            for number in mailbox.search(None, "ALL")[1][0].split():
                if number in marked or self.dice.random() < 0.5:
                    names.append(read(mailbox.fetch(number, "(BODY[])")[1][0][1])[0])
                    self.inbox.deleting(names[-1:])
                    mailbox.store(number, "+FLAGS", r"\Deleted")
            if mailbox.expunge()[0] == "OK":
                self.inbox.deleted(names)

    def post(self):
        head = "From: ann@us.example\r\nNewsgroups: doom.kitchen,doom.cellar\r\n"
        with socket.create_connection(("127.0.0.1", self.place.ports["nntp"]), TIMEOUT_S) as client:
            replies = client.makefile("rb")
            replies.readline()
            for name, text in self.some(self.news):
                client.sendall(b"POST\r\n")
                replies.readline()
                client.sendall(f"{head}Message-ID: <{name}@x>\r\n".encode() + text + b".\r\n")
                if not replies.readline().startswith(b"240"):
                    break
                self.news.added(name)

    # --- what there is after a death

    def look(self):
        inbox = letters_in(self.place.folder / "mail" / "ann")
        assert len({name for name, _ in inbox}) == len(inbox), "a letter is there twice"
        self.inbox.compare(dict(inbox), "a letter")
        MaildirAccount(self.place.folder / "mail" / "ann").select("INBOX").close()  # IMAP's index can be read
        bob, joe = (letters_in(self.place.folder / name) for name in ("bob", "joe"))
        self.elsewhere.compare(dict(self.queued()) | dict({*bob} & {*joe}), "a letter to elsewhere")
        self.news.compare(self.articles(), "an article")

    def queued(self):
        queue = Queue(self.place.folder / "queue")
        for message in queue.getWaiting():
            assert len(queue.getEnvelope(message).recipients) == 2
            with queue.open(message) as file:
                yield read(file.read())

    def articles(self):
        store = NewsDatabase(self.place.folder / "news", reactor=Clock())
        groups = [
            [store.articleRequest(name, number) for number in store.listGroupRequest(name, 1, 10**6)]
            for name in ("doom.kitchen", "doom.cellar")
        ]
        highest = [group.high for group in store.listRequest()]
        store.close()
        assert groups[0] == groups[1] and highest == [len(groups[0])] * len(highest)
        return dict(map(read, groups[0]))


def main(kills, first_seed=0):
    """Returns the exit status."""
    done, seed, told = 0, first_seed, Counter()
    while done < kills:
        with tempfile.TemporaryDirectory() as folder:
            life = Life(seed, Path(folder) / "life")
            try:
                done += life.run(SERVERS)
            except BaseException:
                print(f"seed {seed}, after {done} kills:", flush=True)
                raise
        told += life.told
        seed += 1
        print(f"seed {seed - 1}: {done} kills until now", flush=True)
    whole = ", ".join(f"{count} × {name}" for name, count in sorted(told.items()))
    print(f"{done} kills, nothing lost; told to be safe before: {whole}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
