"""What `lecture build` takes, as a whole process: cold, with nothing changed, and with one program changed.

The lecture is generated: a slide for each program with its code and its session. Plain programs print a line; the
others run the reactor for a turn or two. Each round starts from an empty cache and builds three times. For scale stand
bare starts of the interpreter, as many as programs, two at a time: nobody who runs every program can go below that.

Both clocks count the whole of it, every child process included.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from _machine import Watch
from _measure import Finished, conditions, number, options, positive, publish, run_process, spread, table, take_turns

LECTURE = Path(sys.executable).with_name("lecture")
BARE = "bare starts, two at a time"
PLAIN = """\
def greet(name):
    return f"hello {{name}}, from program {number}"


print(greet("{name}"))
"""
ON_REACTOR = """\
from reactor import reactor


def greet(name):
    print(f"hello {{name}}, from program {number}")
    reactor.stop()


reactor.callLater(0, greet, "{name}")
reactor.run()
"""
KINDS = {"plain programs": PLAIN, "programs on the reactor": ON_REACTOR}
DECK = """\
from lecture.slides import Bullet, Code, Lecture, Session, Slide

lecture = Lecture(
    "Many small programs",
    *[
        Slide(f"Program {{n}}", Bullet("It says hello"), Code(f"{{n:03}}_hello/hello.py"), Session(f"{{n:03}}_hello"))
        for n in range({count})
    ],
)

if __name__ == "__main__":
    lecture.renderHTML(".", "slide-%03d.html")
"""


class Project:
    """A lecture of `count` programs in a folder of its own, not built yet."""

    def __init__(self, folder: Path, program: str, count: int) -> None:
        self._folder, self._program = folder, program
        folder.mkdir()
        (folder / "deck.py").write_text(DECK.format(count=count))
        for n in range(count):
            self.write(n, "world")

    def write(self, n: int, name: str) -> None:
        """Write one program so that it greets `name`, and the session that says so."""
        example = self._folder / "examples" / f"{n:03}_hello"
        example.mkdir(parents=True, exist_ok=True)
        (example / "hello.py").write_text(self._program.format(number=n, name=name))
        (example / "session.txt").write_text(f"$ python hello.py\nhello {name}, from program {n}\n")

    def build(self) -> Finished:
        places = {"--examples": "examples", "--output": "site", "--cache": "cache"}
        arguments = [part for option, place in places.items() for part in (option, str(self._folder / place))]
        return run_process([str(LECTURE), "build", str(self._folder / "deck.py"), *arguments], cwd=self._folder)


def build_thrice(program: str, count: int) -> dict[str, Finished]:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "talk", program, count)
        cold, unchanged = project.build(), project.build()
        project.write(0, "moon")
        return {"cold": cold, "nothing changed": unchanged, "one program changed": project.build()}


def bare_starts(count: int) -> dict[str, Finished]:
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as two:
        all_of_them = list(two.map(lambda _: run_process([sys.executable, "-c", "pass"]), range(count)))
    return {"": Finished(time.perf_counter() - start, sum(one.cpu for one in all_of_them), "")}


def measure(kind: str, count: int) -> dict[str, Finished]:
    return bare_starts(count) if kind == BARE else build_thrice(KINDS[kind], count)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=positive, default=30, help="programs in the lecture (30)")
    arguments = parser.parse_args()
    if not LECTURE.exists():
        sys.exit(f"there is no {LECTURE}; install this repository into the same environment: pip install -e .[bench]")
    kinds = [BARE, *KINDS]
    run_process([str(LECTURE), "--help"])  # compiles its modules, which a cold build need not count
    watch = Watch(["tutorial-of-doom", "jinja2", "pygments"])
    samples = take_turns(kinds, arguments.rounds, lambda kind: measure(kind, arguments.count))
    machine = watch.report()
    rows = []
    for kind, series in samples.items():
        for step in series[0]:
            wall, cpu = [one[step].wall for one in series], [one[step].cpu for one in series]
            name = f"{arguments.count} {kind}{': ' if step else ''}{step}"
            rows.append((name, number(min(wall)), spread(wall), number(min(cpu)), spread(cpu)))
    header = ("", "wall, best, s", "median (range)", "CPU, best, s", "median (range)")
    sections = {"": table(header, rows), "Conditions": conditions(machine, arguments.rounds)}
    raw = {
        kind: [{step: asdict(finished) for step, finished in one.items()} for one in series]
        for kind, series in samples.items()
    }
    result = {"unit": "s", "machine": machine, "count": arguments.count, "samples": raw}
    publish("Building a lecture, whole process", sections, result, arguments.json)


if __name__ == "__main__":
    main()
