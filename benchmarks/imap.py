"""IMAP: flags of a Maildir of 10,000 letters, a body of 1 MiB, STORE and APPEND, beside dovecot and twisted.mail.

One session selects the mailbox and asks; the figure is the CPU time of all processes of the server meanwhile.
`reactor` and `dovecot` have the same Maildir and an index of it, made before we look at the clock. Twisted has no
mailbox to serve: `twisted` has its MemoryAccount, and messages that are files and have their flags in memory. So it has
no figures for STORE and APPEND, which the other two write to the disk.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass

from _machine import Watch, importable, require_linux, server_and_load_core
from _mail import Client, cpu_of, serving
from _measure import chosen, comparison, conditions, options, publish, take_turns

BIG = b"Subject: big\n\n" + b"0123456789abcdef0123456789abcdef0123456789abcdef012345678901234\n" * 16_384
SMALL = b"Subject: small\r\n\r\nhello\r\n"
CHANGES = 50
PROGRAMS = {
    "reactor": """
import sys
from reactor import reactor
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import Accounts, IMAP4Factory
accounts = Accounts(lambda name: MaildirAccount(sys.argv[1]))
factory = IMAP4Factory(Portal(accounts, [InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")]), reactor=reactor)
""",
    "twisted": """
import os, sys
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor
from twisted.internet.protocol import Factory
from twisted.mail import imap4
from zope.interface import implementer
@implementer(imap4.IMessage, imap4.IMessageFile)
class Message:
    def __init__(self, uid, path):
        self.uid, self.path, self.flags = uid, path, []
    def getUID(self):
        return self.uid
    def getFlags(self):
        return self.flags
    def getSize(self):
        return os.path.getsize(self.path)
    def open(self):
        return open(self.path, "rb")
@implementer(imap4.IMailbox)
class Mailbox:
    def __init__(self, folder):
        names = sorted(os.listdir(folder))
        self.messages = [Message(n, os.path.join(folder, name)) for n, name in enumerate(names, 1)]
    def getFlags(self):
        return []
    def getMessageCount(self):
        return len(self.messages)
    def getRecentCount(self):
        return 0
    def getUIDValidity(self):
        return 1
    def isWriteable(self):
        return True
    def addListener(self, listener):
        pass
    removeListener = addListener
    def fetch(self, messages, uid):
        messages.last = len(self.messages)
        return [(n, self.messages[n - 1]) for n in messages]
@implementer(IRealm)
class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        account = imap4.MemoryAccount("alice")
        account.addMailbox("INBOX", Mailbox(os.path.join(sys.argv[1], "cur")))
        return imap4.IAccount, account, lambda: None
factory = Factory.forProtocol(imap4.IMAP4Server)
factory.noisy = False
imap4.IMAP4Server.portal = Portal(Realm(), [InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")])
""",
}


@dataclass(frozen=True)
class Sample:
    """CPU time of the server. flags: microseconds for those of one letter. The others: milliseconds of a command."""

    flags: float
    body: float
    store: float | None = None
    append: float | None = None


class Reader(Client):
    """A session with a mailbox open; the last letter is the big one."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.do(b"LOGIN alice secret")
        self.do(b"SELECT INBOX")

    def do(self, command: bytes) -> bytes:
        """Ask, and take all up to the tagged OK."""
        return self.ask(b"x1 " + command, lambda answer: b"\r\nx1 OK" in b"\r\n" + answer and answer.endswith(b"\r\n"))


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    letters = [b"Subject: %d\n\nhello\n" % number for number in range(count - 1)]
    with serving("imap", PROGRAMS.get(contender), core, [*letters, BIG]) as (session, port):
        client = Reader(port)
        for command in (b"FETCH 1:* (FLAGS)", b"FETCH %d (BODY.PEEK[])" % count):  # to warm up
            said = client.do(command)
            assert said.count(b" FETCH (") == (count if b"FLAGS" in command else 1) and len(said) > 20 * count, said[
                :100
            ]

        def cost_ms(commands: list[bytes]) -> float:
            before = cpu_of(session)
            for command in commands:
                client.do(command)
            return (cpu_of(session) - before) / len(commands) * 1e3

        flags = cost_ms([b"FETCH 1:* (FLAGS)"] * 3) / count * 1e3
        body = cost_ms([b"FETCH %d (BODY.PEEK[])" % count] * 20)
        if contender == "twisted":
            sample = Sample(flags, body)
        else:
            store = cost_ms([b"STORE %d +FLAGS (\\Flagged)" % (1 + change % count) for change in range(CHANGES)])
            append = cost_ms([b"APPEND INBOX {%d+}\r\n%b" % (len(SMALL), SMALL)] * CHANGES)
            sample = Sample(flags, body, store, append)
        client.close()
        return sample


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=10_000, help="how many letters (10,000)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(("reactor", "twisted", "dovecot"), arguments.only)
    there = {"twisted": importable("twisted"), "dovecot": shutil.which("dovecot") is not None}
    missing = [name for name in wanted if not there.get(name, True)]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "twisted"])
    present = [name for name in wanted if name not in missing]
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()
    flags = {name: [one.flags for one in series] for name, series in rounds.items()}
    bodies = {name: [one.body for one in series] for name, series in rounds.items()}
    changes = {
        f"{name.upper()} in a mailbox of {arguments.count:,}": {
            contender: [getattr(one, name) for one in series]
            for contender, series in rounds.items()
            if contender != "twisted"
        }
        for name in ("store", "append")
    }
    sections = {
        f"FETCH 1:* (FLAGS), a letter of {arguments.count:,}": comparison(flags, "µs of CPU", missing),
        "FETCH of a body of 1 MiB": comparison(bodies, "ms of CPU", missing),
        **{title: comparison(samples, "ms of CPU", missing) for title, samples in changes.items()},
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("IMAP", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
