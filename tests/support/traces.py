"""What the tests of traces share: runs of the examples in a world, and a reader for what was written down."""

import json
from pathlib import Path

from reactor.sim import World
from reactor.trace import Recorder

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def recorded(folder, *programs, seed=1, hosts=("here",), **limits):
    """Run programs of an example, each started when the one before waits, until the last has ended."""
    with World(seed=seed) as world, Recorder(world, **limits) as recorder:
        for host in hosts:
            world.host(host)
        started = [
            world.run(EXAMPLES / folder / name, *arguments, host=hosts[number % len(hosts)])
            for number, (name, *arguments) in enumerate(programs)
        ]
        world.run_until(lambda: not started[-1].is_running)
        for program in started:
            if program.is_running:
                program.interrupt()
        world.run_until(lambda: not any(program.is_running for program in started))
    return recorder


def echo(**options):
    """The recorder of the echo example."""
    return recorded("03_echo", ("server.py",), ("client.py",), **options)


def steps(timeline, kind):
    """All steps of a kind."""
    return [step for step in timeline.steps if step["kind"] == kind]


def the_step(timeline, kind, **fields):
    """The only step of this kind with these values."""
    found = [step for step in steps(timeline, kind) if all(step.get(name) == value for name, value in fields.items())]
    assert len(found) == 1, f"{len(found)} steps are {kind} with {fields}"
    return found[0]


def outer(timeline, step):
    """The kinds of the steps that this one is inside of, the innermost first."""
    kinds = []
    while "in" in step:
        step = timeline.steps[step["in"]]
        kinds.append(step["kind"])
    return kinds


def schema():
    """The JSON Schema that is shipped."""
    return json.loads((ROOT / "reactor/trace/timeline.schema.json").read_text("utf-8"))
