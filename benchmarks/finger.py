"""A finger query: what a server spends on it, from the connection to its end, beside twisted.protocols.finger.

A query is a connection of its own, so most of the figure is what a connection costs: to accept it, to read a line, to
look a name up, to answer, to close. `reactor` and `twisted` are one program but for its imports, a `Finger` whose
`getUser` answers; `factory` is ours as one would use it, `FingerFactory`, which also gives each guest a deadline.
"""

from __future__ import annotations

import os
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

ANSWER = b"cooks until ten\r\n"
SERVE = """
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""
TWISTED_STYLE = """
from {package} import reactor
from {protocol} import Factory
from {protocols}.finger import Finger
class Staff(Finger):
    def getUser(self, slash_w, user):
        self.transport.write({{b"alice": b"cooks until ten\\r\\n"}}[user])
        self.transport.loseConnection()
factory = Factory.forProtocol(Staff)
factory.noisy = False
"""
PROGRAMS = {
    "reactor": TWISTED_STYLE.format(package="reactor", protocol="reactor.protocol", protocols="reactor.protocols"),
    "factory": """
from reactor import reactor
from reactor.protocols.finger import FingerFactory
staff = {b"alice": b"cooks until ten"}
factory = FingerFactory(lambda user, more: staff.get(user), reactor=reactor)
factory.noisy = False
""",
    "twisted": TWISTED_STYLE.format(
        package="twisted.internet", protocol="twisted.internet.protocol", protocols="twisted.protocols"
    ),
}


@dataclass(frozen=True)
class Sample:
    """query: microseconds of the server's CPU time for a query."""

    query: float


@contextmanager
def serving(contender: str, core: int) -> Iterator[tuple[int, int]]:
    """A server, alone on its core: its process id and its port."""
    command = [sys.executable, "-c", PROGRAMS[contender] + SERVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            os.sched_setaffinity(process.pid, {core})
            assert process.stdout is not None
            announced = process.stdout.readline()
            if not announced:
                sys.exit(f"the {contender} server ended before it listened; its error stands above")
            yield process.pid, int(announced)
        finally:
            process.kill()


def ask(port: int, count: int) -> None:
    """So many queries, one after the other."""
    for _ in range(count):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"alice\r\n")
            answer = b""
            while piece := connection.recv(4096):
                answer += piece
        assert answer == ANSWER, f"the server answers {answer!r}"


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core) as (pid, port):
        ask(port, 20)  # to warm up
        clock = cpu_clock(pid)
        before = time.clock_gettime_ns(clock)
        ask(port, count)
        return Sample((time.clock_gettime_ns(clock) - before) / count / 1e3)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=5000, help="how many queries a round (5000)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(tuple(PROGRAMS), arguments.only)
    missing = [name for name in wanted if name == "twisted" and not importable("twisted")]
    present = [name for name in wanted if name not in missing]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "twisted"])
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()
    sections = {
        f"A query, of {arguments.count}": comparison(
            {name: [one.query for one in series] for name, series in rounds.items()}, "µs of CPU", missing
        ),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("A finger query", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
