"""Watches a run of a program, and records it.

    from reactor.sim import World
    from reactor.trace import Recorder

    with World(seed=1) as world, Recorder(world) as recorder:
        world.host("home")
        world.run("server.py", host="home")
        client = world.run("client.py", host="home")
        world.run_until(lambda: not client.is_running)
    recorder.timeline().write("echo.json")

`Recorder()` without a world watches the reactors of this process, on real sockets; `python -m reactor.trace program.py`
does so for a program that knows nothing of recorders.

Three ideas. *The core doesn't know*: nothing in the loop, the transports or the Deferreds asks whether it is
watched. A recorder replaces some methods by functions of its own when it starts, and restores them when it
stops; so it costs nothing when it is off, and a reader of the core never meets it. *A run is a list of steps*: each
says what happened, to what, inside which other step, because of which earlier ones, at which line of the program,
and what it changed. *The state is the sum of the changes*: a flat table of names and values, so that a viewer with the
list can go forward and back in it, and need not know anything about reactors. FORMAT.md, beside this file, has the
details.

`patches.py` replaces and restores; `tape.py` records the steps; the files in `hooks/` say what to watch, one theme
each; `timeline.py` is the result, `perfetto.py`, `pcap.py`, `sequence.py` and `svg.py` are other forms of it.
"""

from __future__ import annotations

from reactor.trace.probe import Probe
from reactor.trace.recorder import Recorder
from reactor.trace.timeline import BadTimeline, State, Timeline

__all__ = ["BadTimeline", "Probe", "Recorder", "State", "Timeline"]
