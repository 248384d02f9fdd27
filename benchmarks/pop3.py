"""RETR over POP3: what a server spends on a letter of 4 KiB out of a Maildir of 1,000, beside dovecot and twisted.mail.

One session fetches all letters, one after the other, each when it has the one before. The figure is the CPU time of all
processes of the server between the login and the last letter. `reactor` and `twisted` have the same Maildir and a
password in memory; `dovecot` has its index, and a process for the session, which begins before we look at the clock.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass

from _machine import Watch, importable, require_linux, server_and_load_core
from _mail import Client, cpu_of, serving
from _measure import chosen, comparison, conditions, options, publish, take_turns

LETTER = (
    b"From: a@example.org\nSubject: a letter\n\n" + b"0123456789abcdef0123456789abcdef0123456789abcdef012345\n" * 74
)
PROGRAMS = {
    "reactor": """
import sys
from reactor import reactor
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.maildir import Maildir
from reactor.mail.maildrop import Mailboxes
from reactor.mail.pop3 import POP3Factory
boxes = Mailboxes({b"alice": Maildir(sys.argv[1])})
factory = POP3Factory(Portal(boxes, [InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")]), reactor=reactor)
""",
    "twisted": """
import sys
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor
from twisted.internet.protocol import Factory
from twisted.mail.maildir import MaildirMailbox
from twisted.mail.pop3 import POP3, IMailbox
from zope.interface import implementer
class BytesMailbox(MaildirMailbox):  # as it comes, it opens letters as text, and POP3 sends bytes
    def getMessage(self, i):
        return open(self.list[i], "rb")
@implementer(IRealm)
class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return IMailbox, BytesMailbox(sys.argv[1].encode()), lambda: None
factory = Factory.forProtocol(POP3)
factory.noisy = False
POP3.portal = Portal(Realm(), [InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")])
""",
}


@dataclass(frozen=True)
class Sample:
    """letter: microseconds of the server's CPU time for one."""

    letter: float


class Reader(Client):
    """A session that is logged in."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        for command in (b"USER alice", b"PASS secret", b"STAT"):
            assert self.ask(command, lambda answer: answer.endswith(b"\r\n")).startswith(b"+OK"), command

    def fetch(self, count: int) -> None:
        """All letters. Nothing is deleted."""
        size = len(LETTER) + LETTER.count(b"\n")
        for number in range(1, count + 1):
            answer = self.ask(b"RETR %d" % number, lambda answer: answer.endswith(b"\r\n.\r\n"))
            assert len(answer.partition(b"\r\n")[2]) == size + 3, answer[:100]


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving("pop3", PROGRAMS.get(contender), core, [LETTER] * count) as (session, port):
        client = Reader(port)
        client.fetch(min(count, 20))  # to warm up
        before = cpu_of(session)
        client.fetch(count)
        spent = cpu_of(session) - before
        client.close()
        return Sample(spent / count * 1e6)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=1000, help="how many letters (1000)")
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
    figures = {name: [one.letter for one in series] for name, series in rounds.items()}
    sections = {
        f"A letter of 4 KiB, of {arguments.count}": comparison(figures, "µs of CPU", missing),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("POP3: RETR", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
