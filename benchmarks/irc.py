"""A room of IRC: what a server spends to bring a line to one of 99, beside ngircd and twisted.words.

A hundred people are in a room; one of them says lines, ten at a time, and says the next when all others have them. The
figure is the CPU time of the server for each line and each of those who get it.
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
from _mail import Client, cpu_of
from _measure import chosen, comparison, conditions, options, publish, take_turns

PEOPLE, AT_ONCE = 100, 10
SERVERS = {
    "reactor": """
from reactor import reactor
from reactor.words.service import InMemoryWordsRealm, IRCFactory, IRCUser
realm = InMemoryWordsRealm("us.example")
realm.createGroupOnRequest = True
IRCUser.burst = 1e9
factory = IRCFactory(realm, None, reactor)
factory.maxConnectionsPerPeer = None
""",
    "twisted": """
from twisted.cred.portal import Portal
from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword
from twisted.internet import reactor
from twisted.words.service import InMemoryWordsRealm, IRCFactory
from zope.interface import implementer
@implementer(ICredentialsChecker)
class Anybody:
    credentialInterfaces = (IUsernamePassword,)
    def requestAvatarId(self, credentials):
        return credentials.username
realm = InMemoryWordsRealm("them.example")
realm.createGroupOnRequest = True
factory = IRCFactory(realm, Portal(realm, [Anybody()]))
""",
}
LISTEN = "\nreactor.listenTCP(int(__import__('sys').argv[1]), factory, interface='127.0.0.1')\nreactor.run()\n"
NGIRCD = """
[Global]
Name = them.example
Info = measured
Listen = 127.0.0.1
Ports = {port}
[Limits]
MaxConnectionsIP = 0
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
"""


@dataclass(frozen=True)
class Sample:
    """delivery: microseconds of the server's CPU time for one line to one person."""

    delivery: float


@contextmanager
def serving(contender: str, core: int) -> Iterator[tuple[int, int]]:
    """A server alone on its core: the id of its session of processes, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        if contender == "ngircd":
            config = Path(folder, "ngircd.conf")
            config.write_text(NGIRCD.format(port=port))
            words = ["ngircd", "-n", "-f", str(config)]
        else:
            words = [sys.executable, "-c", SERVERS[contender] + LISTEN, str(port)]
        command = ["taskset", "-c", str(core), *words]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
            try:
                yield process.pid, port
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()


class Talker(Client):
    """Somebody in the room."""

    def __init__(self, port: int, nick: str, password: str) -> None:
        self._socket = _connected(port)
        self._socket.sendall(f"{password}NICK {nick}\r\nUSER {nick} 0 * :x\r\nJOIN #doom\r\n".encode())
        self.read(lambda answer: b" 366 " in answer)

    def say(self, first: int) -> None:
        """Some lines."""
        lines = [b"PRIVMSG #doom :%06d soup is ready, and so are we\r\n" % (first + it) for it in range(AT_ONCE)]
        self._socket.sendall(b"".join(lines))

    def hear(self, last: int) -> None:
        """All lines up to this one."""
        self.read(lambda answer: b":%06d soup" % last in answer and answer.endswith(b"\n"))


def _connected(port: int) -> socket.socket:
    for _ in range(500):
        try:
            return socket.create_connection(("127.0.0.1", port), 60)
        except ConnectionRefusedError:
            time.sleep(0.02)
    sys.exit("the server doesn't listen")


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    password = "PASS x\r\n" if contender == "twisted" else ""  # it wants one, and ngircd doesn't
    with serving(contender, core) as (session, port):
        speaker, *others = [Talker(port, f"n{number}", password) for number in range(PEOPLE)]

        def talk(begin: int, end: int) -> None:
            for first in range(begin, end, AT_ONCE):
                speaker.say(first)
                for one in others:
                    one.hear(first + AT_ONCE - 1)

        talk(0, AT_ONCE)  # to warm up
        before = cpu_of(session)
        talk(AT_ONCE, AT_ONCE + count)
        spent = cpu_of(session) - before
        for one in (speaker, *others):
            one.close()
        return Sample(spent / count / len(others) * 1e6)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=500, help="how many lines, ten at a time (500)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(("reactor", "twisted", "ngircd"), arguments.only)
    there = {"twisted": importable("twisted"), "ngircd": shutil.which("ngircd") is not None}
    missing = [name for name in wanted if not there.get(name, True)]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "twisted"])
    present = [name for name in wanted if name not in missing]
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()
    figures = {name: [one.delivery for one in series] for name, series in rounds.items()}
    sections = {
        "A line to one of 99": comparison(figures, "µs of CPU", missing),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("IRC: a room", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
