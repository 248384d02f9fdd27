"""One busy world from a seed, written to standard output: its log, what its programs printed, and its trace.

    python tests/sim/one_world.py SEED TIMES

Whatever runs it (an interpreter of another version, another PYTHONHASHSEED, Pyodide) must write the same bytes. With
TIMES, the world is made so often, and must be the same each time.
"""

import errno
import sys
import tempfile
from pathlib import Path

from reactor.sim import World
from reactor.trace import Recorder

SERVER = """
from reactor import reactor
from reactor.protocols.basic import LineReceiver
from reactor.protocol import DatagramProtocol, Factory

class Shop(LineReceiver):
    def lineReceived(self, line):
        print(f"{reactor.seconds():.6f}", "sells", line.decode())
        self.transport.write(bytes(int(line)))

class Bell(DatagramProtocol):
    def datagramReceived(self, data, address):
        print(f"{reactor.seconds():.6f}", "hears", data.decode())
        self.transport.write(b"answer to " + data, address)

reactor.listenTCP(80, Factory.forProtocol(Shop))
reactor.listenUDP(53, Bell())
reactor.run()
"""

CLIENT = """
import random, sys
from reactor import error, reactor
from reactor.protocol import DatagramProtocol, Protocol, ReconnectingClientFactory

class Customer(Protocol):
    left = 0

    def connectionMade(self):
        self.factory.resetDelay()
        self.setTimeout = reactor.callLater(5, self.transport.abortConnection)
        self.ask()

    def ask(self):
        self.left = random.randint(1, 40_000)
        self.transport.write(b"%d\\r\\n" % self.left)

    def dataReceived(self, data):
        self.setTimeout.reset(5)
        self.left -= len(data)
        if not self.left:
            reactor.callLater(random.random(), self.ask)

    def connectionLost(self, reason):
        if self.setTimeout.active():
            self.setTimeout.cancel()
        print(f"{reactor.seconds():.6f}", "lost", reason.type.__name__)

class Asker(DatagramProtocol):
    number = 0

    def startProtocol(self):
        self.ask()

    def ask(self):
        self.number += 1
        self.transport.write(b"question %d" % self.number, (sys.argv[2], 53))
        reactor.callLater(random.uniform(0.1, 0.5), self.ask)

    def datagramReceived(self, data, address):
        print(f"{reactor.seconds():.6f}", "gets", data.decode())

factory = ReconnectingClientFactory.forProtocol(Customer)
reactor.connectTCP(sys.argv[1], 80, factory, timeout=3)
reactor.callLater(0, reactor.listenUDP, 0, Asker())
reactor.run()
"""


def grow(world, folder):
    """Let happen what happens in the world."""
    for host in ("home", "office", "cafe"):
        world.host(host)
    world.link("home", "office", latency_s=0.03, jitter_s=0.01, loss=0.05, shred=0.3)
    world.link("cafe", "office", latency_s=0.2, bandwidth=50_000, loss=0.02, duplication=0.2, reordering=0.3)
    server = world.run(folder / "server.py", host="office")
    address = world.host("office").addresses[0]
    clients = [world.run(folder / "client.py", "office", address, host=host) for host in ("home", "cafe", "home")]
    world.advance(1)
    world.link("home", "office").cut()
    world.advance(4)
    world.link("home", "office").mend()
    world.advance(1)
    server.kill()
    world.advance(1)
    for program in clients:
        program.interrupt()
    world.run_until(lambda: not any(program.is_running for program in clients))


def history(seed, folder):
    """Everything that can be seen of the world that grows from this seed, by who doesn't look inside."""
    with World(seed) as world:
        grow(world, folder)
        return world.log + "".join(program.output for program in world.programs)


def trace(seed, folder):
    """The same, and what a recorder sees."""
    with World(seed) as world, Recorder(world) as recorder:
        grow(world, folder)
        seen = world.log + "".join(program.output for program in world.programs)
    text = recorder.timeline().to_json()
    # The one thing that is the platform's, see DIFFERENCES.md: WebAssembly has other numbers for errors.
    return seen + text.replace(f" {errno.ECONNREFUSED}: Connection refused", " ECONNREFUSED: Connection refused")


def main(seed=1, times=1):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for program, text in (("server", SERVER), ("client", CLIENT)):
            (folder / f"{program}.py").write_text(text, "utf-8")
        traced = trace(seed, folder)
        for number in range(times):
            assert traced.startswith(history(seed, folder)), f"run {number + 1} is another"
    return traced + "\n"


if __name__ == "__main__":
    sys.stdout.write(main(*map(int, sys.argv[1:])))
