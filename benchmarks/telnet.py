"""Lines by telnet: what a server spends on each, beside twisted.conch.telnet. A million over it are lines a second.

A program echoes each line of 40 bytes. One person sends a line, waits for its echo, and sends the next; another pastes
many at once. Both programs are one but for their imports. What a person types is no load for either; what is pasted, or
comes from a program, is.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from _load import cpu_clock
from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns

LINE = b"a bowl of tomato soup and nothing else\r\n"
PROGRAM = """
from {package} import reactor
from {protocol} import ServerFactory
from {conch} import StatefulTelnetProtocol, TelnetTransport
class Echo(StatefulTelnetProtocol):
    state = "Line"
    def telnet_Line(self, line):
        self.transport.write(line + b"\\n")
factory = ServerFactory()
factory.noisy = False
factory.protocol = lambda: TelnetTransport(Echo)
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""
PROGRAMS = {
    "reactor": PROGRAM.format(package="reactor", protocol="reactor.protocol", conch="reactor.conch.telnet"),
    "twisted": PROGRAM.format(
        package="twisted.internet", protocol="twisted.internet.protocol", conch="twisted.conch.telnet"
    ),
}


@dataclass(frozen=True)
class Sample:
    """Microseconds of the server's CPU time for a line. typed: each waited for; pasted: all sent at once."""

    typed: float
    pasted: float


@contextmanager
def serving(contender: str, core: int) -> Iterator[tuple[int, int]]:
    """A server, alone on its core: its process id and its port."""
    command = [sys.executable, "-c", PROGRAMS[contender]]
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


def hear(person: socket.socket, size: int) -> None:
    """Take so many bytes of echo."""
    while size:
        piece = person.recv(2**20)
        assert piece, "the server has closed the connection"
        size -= len(piece)


def type_lines(person: socket.socket, count: int) -> None:
    """Send lines, and wait for the echo of each."""
    for _ in range(count):
        person.sendall(LINE)
        hear(person, len(LINE))


def paste_lines(person: socket.socket, count: int) -> None:
    """Send lines as fast as the server takes them, and take their echoes meanwhile."""
    sending = threading.Thread(target=person.sendall, args=(LINE * count,))
    sending.start()
    hear(person, len(LINE) * count)
    sending.join()


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core) as (pid, port), socket.create_connection(("127.0.0.1", port)) as person:
        type_lines(person, 20)  # to warm up
        clock = cpu_clock(pid)
        marks = [time.clock_gettime_ns(clock)]
        type_lines(person, count)
        marks.append(time.clock_gettime_ns(clock))
        paste_lines(person, count)
        marks.append(time.clock_gettime_ns(clock))
        return Sample((marks[1] - marks[0]) / count / 1e3, (marks[2] - marks[1]) / count / 1e3)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=20_000, help="how many lines a round, of each kind (20000)")
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
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}

    def table(figure: str) -> str:
        figures = {name: [one[figure] for one in series] for name, series in samples.items()}
        return comparison(figures, "µs of CPU", missing)

    sections = {
        f"A line that is waited for, of {arguments.count}": table("typed"),
        f"A line that is pasted, of {arguments.count}": table("pasted"),
        "Conditions": conditions(machine, arguments.rounds),
    }
    publish("Telnet", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
