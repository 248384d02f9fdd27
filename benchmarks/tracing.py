"""What a recorder costs: an echo of 64 bytes, server and client in one process, on real sockets and one loop.

The first two ways are the claim: it costs nothing when it is off, whether it was ever imported or not, and after it has
been on. The last is what watching costs; it takes down some eight steps for each round trip.
"""

from __future__ import annotations

import sys

from _machine import Watch
from _measure import (
    chosen,
    conditions,
    number,
    options,
    positive,
    publish,
    ratios,
    run_process,
    spread,
    table,
    take_turns,
)

NEVER = "never imported"
WAYS = {
    NEVER: "",
    "imported, off": "from reactor import trace",
    "was on, is off": "from reactor.trace import Recorder\nwith Recorder(): echo(100)",
    "on": "from reactor.trace import Recorder\nRecorder(most_steps=100 * ROUND_TRIPS).start()",
}
PROGRAM = """
import time
from reactor import reactor
from reactor.protocol import ClientFactory, Factory, Protocol

ROUND_TRIPS = {round_trips}

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

class Ask(Protocol):
    def connectionMade(self):
        self.left = self.factory.round_trips
        self.transport.write(b"x" * 64)

    def dataReceived(self, data):
        self.left -= 1
        if self.left:
            self.transport.write(data)
        else:
            self.transport.loseConnection()
            reactor.stop()

def echo(round_trips):
    port = reactor.listenTCP(0, Factory.forProtocol(Echo), interface="127.0.0.1")
    asking = ClientFactory.forProtocol(Ask)
    asking.round_trips = round_trips
    reactor.connectTCP("127.0.0.1", port.getHost().port, asking)
    begun = time.process_time()
    reactor.run()
    return (time.process_time() - begun) / round_trips * 1e6

echo(100)
{preparation}
print(echo(ROUND_TRIPS))
"""


def measure(way: str, round_trips: int) -> float:
    """CPU time of one round trip in a process of its own, in µs."""
    program = PROGRAM.format(round_trips=round_trips, preparation=WAYS[way])
    return float(run_process([sys.executable, "-c", program]).output)


def main() -> None:
    parser = options(__doc__, rounds=15)
    parser.add_argument("--round-trips", type=positive, default=20_000, help="in each measurement (20,000)")
    arguments = parser.parse_args()
    ways = chosen(tuple(WAYS), arguments.only)
    watch = Watch(["tutorial-of-doom"])
    samples = take_turns(ways, arguments.rounds, lambda way: measure(way, arguments.round_trips))
    machine = watch.report()
    rows = []
    for way, series in samples.items():
        against = ratios(series, samples[NEVER]) if NEVER in samples and way != NEVER else ("", "")
        rows.append((way, number(min(series)), spread(series), *against))
    header = ("", "best, µs", "median (range)", f"÷ {NEVER}, best", "in each round")
    sections = {
        "": table(header, rows),
        "Conditions": f"{arguments.round_trips} round trips. " + conditions(machine, arguments.rounds),
    }
    result = {"unit": "µs of CPU for a round trip, both ends", "machine": machine, "samples": samples}
    publish("What a recorder costs", sections, result, arguments.json)


if __name__ == "__main__":
    main()
