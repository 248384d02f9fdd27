"""XML-RPC: what a server spends on a call, on a connection that is kept, beside the standard library and twisted.web.

The call has a text, a number and a list of two, and all of them come back. The client is one for all: http.client with
a call that was written before, so that only the server is measured. `standard library` is its SimpleXMLRPCServer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from xmlrpc.client import dumps, loads

from _load import cpu_clock
from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns

VALUES = ("soup", 2, [1.5, {"hot": True}])
TWISTED_STYLE = """
from {package} import reactor
from {web}.server import Site
from {web}.xmlrpc import XMLRPC
class Kitchen(XMLRPC):
    def xmlrpc_echo(self, *values):
        return list(values)
site = Site(Kitchen())
site.noisy = False
port = reactor.listenTCP(0, site, interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""
PROGRAMS = {
    "reactor": TWISTED_STYLE.format(package="reactor", web="reactor.web"),
    "standard library": """
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer
class Keeping(SimpleXMLRPCRequestHandler):
    protocol_version = "HTTP/1.1"
server = SimpleXMLRPCServer(("127.0.0.1", 0), Keeping, logRequests=False)
server.register_function(lambda *values: list(values), "echo")
print(server.server_address[1], flush=True)
server.serve_forever()
""",
    "twisted": TWISTED_STYLE.format(package="twisted.internet", web="twisted.web"),
}


@dataclass(frozen=True)
class Sample:
    """call: microseconds of the server's CPU time for a call."""

    call: float


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


def call(connection: HTTPConnection, count: int) -> None:
    """So many calls, each when the one before it is answered."""
    body = dumps(VALUES, "echo").encode()
    for _ in range(count):
        connection.request("POST", "/RPC2", body, {"Content-Type": "text/xml"})
        answer = connection.getresponse().read()
    assert loads(answer)[0][0] == list(VALUES), answer


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core) as (pid, port):
        connection = HTTPConnection("127.0.0.1", port)
        call(connection, 20)  # to warm up
        clock = cpu_clock(pid)
        before = time.clock_gettime_ns(clock)
        call(connection, count)
        spent = time.clock_gettime_ns(clock) - before
        connection.close()
        return Sample(spent / count / 1e3)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=3000, help="how many calls a round (3000)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(tuple(PROGRAMS), arguments.only)
    needs = {"reactor": "defusedxml", "twisted": "twisted"}
    missing = [name for name in wanted if name in needs and not importable(needs[name])]
    present = [name for name in wanted if name not in missing]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "defusedxml", "twisted"])
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()
    sections = {
        f"A call, of {arguments.count} on one connection": comparison(
            {name: [one.call for one in series] for name, series in rounds.items()}, "µs of CPU", missing
        ),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("XML-RPC", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
