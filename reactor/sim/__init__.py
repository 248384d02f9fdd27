"""A simulated network and a virtual clock, for the same programs, protocols and transports as the real one.

A world has hosts and programs on them, and nothing happens in it unless the test lets it happen:

    from reactor.sim import World

    with World(seed=1) as world:
        world.host("home")
        world.host("office")
        world.link("home", "office", latency_s=0.03, loss=0.1)

        server = world.run("server.py", host="office")
        client = world.run("client.py", "office", host="home")
        world.run_until(lambda: not client.is_running)
        print(client.output)
        print(world.log)

A script needs no change: in it, `from reactor import reactor` is a reactor of this world. Its clock takes no real time,
a time-out of half a minute is over at once, and a run is the same every time: what is random comes from the seed.
Its plain sockets, standard streams and `random` are this world's too. DIFFERENCES.md lists what differs from reality.

How it is built: `clock.py` is time; `network.py`, `links.py` and `host.py` carry packets; `tcp.py`, `udp.py` and
`unix.py` are the kernel's side of these; sockets, `poller.py` and `system.py` are the kernel as a program sees it;
`streams.py`, `plain_sockets.py`, `signals.py`, `asyncio_loop.py` and `interpreter.py` are the interpreter, likewise;
`sim_reactor.py`, `splitting.py` and `program.py` let several programs share one thread; `world.py` joins it all.
"""

from __future__ import annotations

from reactor.sim.errors import NothingLeftToHappen, SimulationError
from reactor.sim.function_program import FunctionProgram
from reactor.sim.host import Host
from reactor.sim.links import Link
from reactor.sim.program import Program
from reactor.sim.sim_reactor import SimReactor
from reactor.sim.world import World

__all__ = [
    "FunctionProgram",
    "Host",
    "Link",
    "NothingLeftToHappen",
    "Program",
    "SimReactor",
    "SimulationError",
    "World",
]
