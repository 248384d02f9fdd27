"""Watches a run, and writes it down.

    from reactor.sim import World
    from reactor.trace import Recorder

    with World(seed=1) as world, Recorder(world) as recorder:
        world.host("home")
        world.run("server.py", host="home")
        client = world.run("client.py", host="home")
        world.run_until(lambda: not client.is_running)
    recorder.timeline().write("echo.json")

`Recorder()` without a world watches the reactors of this process, on real sockets; `python -m reactor.trace program.py`
does so for a program that knows nothing of it.

Three ideas. *It is somebody else's business*: nothing in the loop, the transports or the Deferreds asks whether it is
watched. A recorder puts its own functions in the place of some methods when it starts, and the old ones back when it
stops; so it costs nothing when it is off, and a reader of the core never meets it. *A run is a list of steps*: each
says what happened, to whom, inside of which other step, because of which earlier ones, at which line of the program,
and what it changed. *The state is the sum of the changes*: a flat table of names and values, so that whoever has the
list can go forward and back in it, and needs to know nothing about reactors. FORMAT.md, beside this file, has the
details.

`patches.py` changes and restores; `tape.py` takes the steps down; the files in `hooks/` say what to watch, a theme
each; `timeline.py` is the result, `perfetto.py`, `pcap.py`, `sequence.py` and `svg.py` are other shapes of it.
"""

from __future__ import annotations

from reactor.trace.recorder import Recorder
from reactor.trace.timeline import BadTimeline, State, Timeline

__all__ = ["BadTimeline", "Recorder", "State", "Timeline"]
