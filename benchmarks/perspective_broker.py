"""Perspective Broker: what a server spends on a call, beside twisted.spread and Pyro5.

The call has a small dictionary, which comes back. Fifty calls wait at a time; the client is one for both that speak
PB: it sends bytes that were written before, so that only the server is measured. Pyro5 speaks a protocol of its own,
and its client has one call under way at a time.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from _load import cpu_clock
from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns

from reactor.spread.banana import NOTHING, Banana, Bounds, Decoder, encode
from reactor.spread.jelly import jelly, unjelly

AT_A_TIME = 50
FOOD = {"name": "soup", "price": 5, "hot": True, "weight": 1.5}
PB_STYLE = """
from {package} import reactor
from {root}.spread import pb
class Kitchen(pb.Root):
    def remote_echo(self, food):
        return food
factory = pb.PBServerFactory(Kitchen())
factory.noisy = False
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""
PROGRAMS = {
    "reactor": PB_STYLE.format(package="reactor", root="reactor"),
    "pyro5": """
import Pyro5.server
@Pyro5.server.expose
class Kitchen:
    def echo(self, food):
        return food
daemon = Pyro5.server.Daemon(host="127.0.0.1")
daemon.register(Kitchen(), "kitchen")
print(daemon.locationStr.rpartition(":")[2], flush=True)
daemon.requestLoop()
""",
    "twisted": PB_STYLE.format(package="twisted.internet", root="twisted"),
}


@dataclass(frozen=True)
class Sample:
    """call: microseconds of the server's CPU time for a call."""

    call: float


@contextmanager
def serving(contender: str, core: int) -> Iterator[tuple[int, int]]:
    """A server, alone on its core: its process id and its port."""
    with subprocess.Popen([sys.executable, "-c", PROGRAMS[contender]], stdout=subprocess.PIPE, text=True) as process:
        try:
            os.sched_setaffinity(process.pid, {core})
            assert process.stdout is not None
            announced = process.stdout.readline()
            if not announced:
                sys.exit(f"the {contender} server ended before it listened; its error stands above")
            yield process.pid, int(announced)
        finally:
            process.kill()


class PBClient:
    """A connection that has chosen the dialect with the vocabulary."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._decoder = Decoder(Bounds())
        self._next()
        self._decoder.vocabulary = Banana.incomingVocabulary
        words = {word: bytes([number]) + b"\x87" for word, number in Banana.outgoingVocabulary.items()}
        call = [1, b"root", b"echo", 1, jelly((FOOD,)), jelly({})]
        self._calls = encode([b"message", *call], words) * AT_A_TIME
        self._socket.sendall(encode(b"pb") + encode([b"version", 6], words))
        self._next()

    def _next(self) -> list[object]:
        while (expression := self._decoder.read()) is NOTHING:
            self._decoder.feed(self._socket.recv(2**16))
        return expression  # type: ignore[no-any-return]  # a list, as the protocol has it

    def call(self, count: int) -> None:
        """So many calls."""
        for _ in range(count // AT_A_TIME):
            self._socket.sendall(self._calls)
            for _ in range(AT_A_TIME):
                answer = self._next()
        assert answer[0] == b"answer" and unjelly(answer[2]) == FOOD, answer


def client_of(contender: str, port: int) -> Callable[[int], None]:
    """Makes so many calls."""
    if contender != "pyro5":
        return PBClient(port).call
    from Pyro5.client import Proxy

    kitchen = Proxy(f"PYRO:kitchen@127.0.0.1:{port}")

    def call(count: int) -> None:
        for _ in range(count):
            answer = kitchen.echo(FOOD)
        assert answer == FOOD, answer

    return call


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core) as (pid, port):
        call = client_of(contender, port)
        call(AT_A_TIME * 2)  # to warm up
        clock = cpu_clock(pid)
        before = time.clock_gettime_ns(clock)
        call(count)
        return Sample((time.clock_gettime_ns(clock) - before) / count / 1e3)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=5000, help="how many calls a round (5000)")
    arguments = parser.parse_args()
    require_linux()
    count = max(arguments.count // AT_A_TIME, 1) * AT_A_TIME
    wanted = chosen(tuple(PROGRAMS), arguments.only)
    needs = {"pyro5": "Pyro5", "twisted": "twisted"}
    missing = [name for name in wanted if name in needs and not importable(needs[name])]
    present = [name for name in wanted if name not in missing]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "Pyro5", "twisted"])
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, count))
    machine = watch.report()
    sections = {
        f"A call, of {count} on one connection": comparison(
            {name: [one.call for one in series] for name, series in rounds.items()}, "µs of CPU", missing
        ),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("Perspective Broker", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
