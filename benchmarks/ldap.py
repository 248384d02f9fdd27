"""Searches over LDAP: what a server spends on finding one entry of 1,000 by its name, beside slapd and ldaptor.

One session asks for all entries, one after the other, each when it has the one before. The figure is the CPU time of
all processes of the server between the bind and the last entry. All three have the entries in memory, slapd by its
memory-mapped file.
"""

from __future__ import annotations

import os
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
from _mail import SERVE, cpu_of
from _measure import chosen, comparison, conditions, options, publish, take_turns

PROGRAMS = {
    "reactor": """
import sys
from reactor import reactor
from reactor.ldap import LDAPServerFactory, LDIFTree
factory = LDAPServerFactory(LDIFTree(sys.argv[1]))
""",
    "ldaptor": """
import sys, warnings
warnings.simplefilter("ignore")
from ldaptor.inmemory import fromLDIFFile
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter
class Factory(ServerFactory):
    protocol = LDAPServer
    noisy = False
factory = Factory()
with open(sys.argv[1], "rb") as file:
    fromLDIFFile(file).addCallback(lambda root: registerAdapter(lambda _: root, Factory, IConnectedLDAPEntry))
""",
}
SLAPD = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
threads 2
database mdb
maxsize 104857600
suffix "o=Doom"
directory {base}
"""


def ldif(count: int) -> str:
    """The entries of all contenders."""
    people = (
        f"dn: cn=p{number},o=Doom\nobjectClass: inetOrgPerson\ncn: p{number}\nsn: Doe\nuid: p{number}\n"
        f"mail: p{number}@doom.example\ntelephoneNumber: +45 {number:08}\ndescription: one of many\n\n"
        for number in range(count)
    )
    return "dn: o=Doom\nobjectClass: organization\no: Doom\n\n" + "".join(people)


@dataclass(frozen=True)
class Sample:
    """search: microseconds of the server's CPU time for one."""

    search: float


def element(tag: int, content: bytes) -> bytes:
    """Of BER; at most 127 bytes."""
    assert len(content) < 128
    return bytes((tag, len(content))) + content


class Asker:
    """A session, anonymous."""

    def __init__(self, port: int) -> None:
        for _ in range(500):
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), 60)
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        self.ask(256, element(0x60, b"\2\1\3\4\0\x80\0"), b"\x61")

    def ask(self, number: int, operation: bytes, last: bytes) -> bytes:
        """Send a request, and take all until the response that ends it."""
        id = b"\2\2" + number.to_bytes(2, "big")
        self._socket.sendall(element(0x30, id + operation))
        answer = b""
        while id + last not in answer:
            piece = self._socket.recv(65536)
            assert piece, f"the server closed after {answer!r:.100}"
            answer += piece
        return answer

    def find(self, count: int) -> None:
        """Each entry by its name."""
        fields = bytes.fromhex("0a01000a0100020100020100010100870b") + b"objectClass" + b"\x30\0"
        for number in range(count):
            name = b"cn=p%d,o=Doom" % number
            answer = self.ask(256 + number % 30_000, element(0x63, element(4, name) + fields), b"\x65")
            assert b"p%d@doom.example" % number in answer, answer[:100]

    def close(self) -> None:
        """Leave without a word."""
        self._socket.close()


@contextmanager
def serving(program: str | None, core: int, count: int) -> Iterator[tuple[int, int]]:
    """A server, alone on its core: the id of its session of processes, and its port. program: None for slapd."""
    base, port = Path(tempfile.mkdtemp(prefix="ldap-")), 0
    (base / "book.ldif").write_text(ldif(count))
    words = [sys.executable, "-c", (program or "") + SERVE, str(base / "book.ldif")]
    if program is None:
        (base / "slapd.conf").write_text(SLAPD.format(base=base))
        subprocess.run(["slapadd", "-q", "-f", base / "slapd.conf", "-l", base / "book.ldif"], check=True)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        words = ["slapd", "-d", "0", "-f", str(base / "slapd.conf"), "-h", f"ldap://127.0.0.1:{port}"]
    popen = ["taskset", "-c", str(core), *words]
    with subprocess.Popen(popen, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            yield process.pid, port or int(process.stdout.readline())
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            shutil.rmtree(base, ignore_errors=True)


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(PROGRAMS.get(contender), core, count) as (session, port):
        asker = Asker(port)
        asker.find(min(count, 100))  # to warm up
        before = cpu_of(session)
        asker.find(count)
        spent = cpu_of(session) - before
        asker.close()
        return Sample(spent / count * 1e6)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=1000, help="how many entries (1000)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(("reactor", "ldaptor", "slapd"), arguments.only)
    there = {"ldaptor": importable("ldaptor"), "slapd": shutil.which("slapd") is not None}
    missing = [name for name in wanted if not there.get(name, True)]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "twisted", "ldaptor"])
    present = [name for name in wanted if name not in missing]
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()
    figures = {name: [one.search for one in series] for name, series in rounds.items()}
    sections = {
        f"One entry of {arguments.count}, by its name": comparison(figures, "µs of CPU", missing),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("LDAP: searches of a name", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
