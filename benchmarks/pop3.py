"""RETR over POP3: what a server spends on a letter of 4 KiB out of a Maildir of 1,000, beside dovecot and twisted.mail.

One session fetches all letters, one after the other, each when it has the one before. The figure is the CPU time of all
processes of the server between the login and the last letter. `reactor` and `twisted` have the same Maildir and a
password in memory; `dovecot` has its index, and a process for the session, which begins before we look at the clock.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns

LETTER = (
    b"From: a@example.org\nSubject: a letter\n\n" + b"0123456789abcdef0123456789abcdef0123456789abcdef012345\n" * 74
)
SERVE = """
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""
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
DOVECOT = """
protocols = pop3
base_dir = {base}/run
log_path = {base}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {me}
default_login_user = {owner}
first_valid_uid = 1
mail_location = maildir:{base}/mail
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {port}
  }}
}}
"""


@dataclass(frozen=True)
class Sample:
    """letter: microseconds of the server's CPU time for one."""

    letter: float


def fill(base: Path, count: int) -> None:
    """Make a Maildir, base/mail, that a user other than root may own: dovecot serves no mail of root's."""
    base.chmod(0o755)
    for part in ("", "cur", "new", "tmp"):
        (base / "mail" / part).mkdir()
    for number in range(count):
        (base / "mail" / "cur" / f"17645{number:05}.M1P1Q{number}.host:2,").write_bytes(LETTER)
    owner = owner_of_mail()
    for path in [base, *base.rglob("*")]:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def owner_of_mail() -> pwd.struct_passwd:
    """Nobody, if we are root; else us."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def command(contender: str, base: Path) -> tuple[list[str], int]:
    """What starts a server, and its port; 0: it prints that."""
    if contender != "dovecot":
        return [sys.executable, "-c", PROGRAMS[contender] + SERVE, str(base / "mail")], 0
    owner, me = owner_of_mail(), pwd.getpwuid(os.getuid()).pw_name
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    values = {"base": base, "me": me, "owner": owner.pw_name, "uid": owner.pw_uid, "gid": owner.pw_gid, "port": port}
    (base / "dovecot.conf").write_text(DOVECOT.format(**values))
    return ["dovecot", "-F", "-c", str(base / "dovecot.conf")], port


@contextmanager
def serving(contender: str, core: int, count: int) -> Iterator[tuple[int, int]]:
    """A server with a Maildir of its own, alone on its core: the id of its session of processes, and its port."""
    base = Path(tempfile.mkdtemp(prefix="pop3-"))
    fill(base, count)
    words, port = command(contender, base)
    options = {"stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(["taskset", "-c", str(core), *words], **options) as process:  # type: ignore[call-overload]  # as above
        try:
            assert process.stdout is not None
            if not port:
                announced = process.stdout.readline()
                if not announced:
                    sys.exit(f"the {contender} server ended before it listened; its error stands above")
                port = int(announced)
            yield process.pid, port
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            shutil.rmtree(base, ignore_errors=True)


def cpu_of(session: int) -> float:
    """Seconds that all processes of a session have used, as exactly as the kernel's scheduler counts."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                total += int((stat.parent / "schedstat").read_text().split()[0])
        except OSError:
            continue  # it has ended
    return total / 1e9


class Client:
    """A session that is logged in."""

    def __init__(self, port: int) -> None:
        for _ in range(200):
            try:
                self._socket = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        self._read(b"\r\n")
        for command in (b"USER alice", b"PASS secret", b"STAT"):
            assert self.ask(command, b"\r\n").startswith(b"+OK"), command

    def ask(self, command: bytes, end: bytes) -> bytes:
        """Say something, and take the answer up to its end."""
        self._socket.sendall(command + b"\r\n")
        return self._read(end)

    def _read(self, end: bytes) -> bytes:
        answer = b""
        while not answer.endswith(end):
            piece = self._socket.recv(65_536)
            assert piece, f"the server closed after {answer!r:.100}"
            answer += piece
        return answer

    def fetch(self, count: int) -> None:
        """All letters."""
        size = len(LETTER) + LETTER.count(b"\n")
        for number in range(1, count + 1):
            answer = self.ask(b"RETR %d" % number, b"\r\n.\r\n")
            assert len(answer.partition(b"\r\n")[2]) == size + 3, answer[:100]

    def close(self) -> None:
        """Leave without a word: nothing is deleted."""
        self._socket.close()


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core, count) as (session, port):
        client = Client(port)
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
