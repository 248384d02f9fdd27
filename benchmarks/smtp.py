"""A letter by SMTP: what a server spends on taking one and throwing it away, beside smtp-sink, aiosmtpd, twisted.mail.

The load is postfix's `smtp-source`: letters of 4 KiB, 20 sessions at a time, over a connection each, and over
connections that are kept. `reactor` and `twisted` are one program but for its imports; `smtp-sink` is postfix's, in C.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from _load import cpu_clock
from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns

TWISTED_STYLE = """
import sys
from {package} import reactor
from {package}.defer import succeed
from {mail} import smtp
class Letter:
    def lineReceived(self, line):
        pass
    def eomReceived(self):
        return succeed(None)
    def connectionLost(self):
        pass
class Delivery:
    def receivedHeader(self, helo, origin, recipients):
        return b"Received: from somewhere"
    def validateFrom(self, helo, origin):
        return origin
    def validateTo(self, user):
        return Letter
class Factory(smtp.SMTPFactory):
    noisy = False
    def buildProtocol(self, addr):
        server = smtp.ESMTP()
        server.noisy, server.delivery, server.factory = False, Delivery(), self
        return server
reactor.listenTCP(int(sys.argv[1]), Factory(), interface="127.0.0.1")
reactor.run()
"""
PROGRAMS = {
    "reactor": TWISTED_STYLE.format(package="reactor", mail="reactor.mail"),
    "twisted": TWISTED_STYLE.format(package="twisted.internet", mail="twisted.mail"),
    "aiosmtpd": """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Throwing:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
async def main():
    serve = lambda: SMTP(Throwing(), hostname="localhost")
    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
""",
    "smtp-sink": "",
}
SIZE_BYTES, SESSIONS = 4096, 20
_PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"


@dataclass(frozen=True)
class Sample:
    """each, kept: microseconds of the server's CPU time for a letter, over a connection each, and over kept ones."""

    each: float
    kept: float


def free_port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(contender: str, core: int) -> Iterator[tuple[int, int]]:
    """A server, alone on its core: its process id and its port."""
    port = free_port()
    command = [sys.executable, "-c", PROGRAMS[contender], str(port)]
    if contender == "smtp-sink":
        command = [str(shutil.which("smtp-sink", path=_PLACES)), "-u", "root", f"127.0.0.1:{port}", "100"]
    with subprocess.Popen(command) as process:
        try:
            os.sched_setaffinity(process.pid, {core})
            while process.poll() is None and not listens(port):
                time.sleep(0.05)
            if process.poll() is not None:
                sys.exit(f"the {contender} server ended before it listened; its error stands above")
            yield process.pid, port
        finally:
            process.kill()


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def send(port: int, count: int, *more: str) -> None:
    """So many letters."""
    words = ["-s", str(min(SESSIONS, count)), "-m", str(count), "-l", str(SIZE_BYTES), "-f", "a@b", "-t", "c@d", *more]
    subprocess.run([str(shutil.which("smtp-source", path=_PLACES)), *words, f"inet:127.0.0.1:{port}"], check=True)


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core) as (pid, port):
        send(port, 20)  # to warm up
        clock = cpu_clock(pid)
        spent = []
        for more in ([], ["-d"]):
            before = time.clock_gettime_ns(clock)
            send(port, count, *more)
            spent.append((time.clock_gettime_ns(clock) - before) / count / 1e3)
        return Sample(*spent)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=2000, help="how many letters a round, of each kind (2000)")
    arguments = parser.parse_args()
    require_linux()
    if shutil.which("smtp-source", path=_PLACES) is None:
        sys.exit("smtp-source is not installed: it is in postfix's package")
    wanted = chosen(tuple(PROGRAMS), arguments.only)
    missing = [name for name in wanted if name in ("twisted", "aiosmtpd") and not importable(name)]
    present = [name for name in wanted if name not in missing]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "twisted", "aiosmtpd"])
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()
    titles = {"each": "A letter, a connection each", "kept": "A letter, over kept connections"}
    sections = {
        f"{title}, of {arguments.count}": comparison(
            {name: [getattr(one, kind) for one in series] for name, series in rounds.items()}, "µs of CPU", missing
        )
        for kind, title in titles.items()
    }
    sections["Conditions"] = conditions(machine, arguments.rounds)
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("A letter by SMTP", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
