"""What a deck of so many slides costs to build, beside Marp and Slidev: the whole process, from Markdown to HTML.

The same Markdown for all: a heading, three points and a listing on each slide. Ours writes a page for each slide, the
deck and the search, and holds each slide to the canvas; Marp writes one HTML file; Slidev builds an application. The
others come from npm, `npm install --prefix FOLDER @marp-team/marp-cli @slidev/cli @slidev/theme-default`, and are found
by `--npm FOLDER`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from _machine import Watch
from _measure import OURS, Finished, chosen, comparison, conditions, options, positive, publish, run_process, take_turns

LECTURE = Path(sys.executable).with_name("lecture")
SLIDE = """# Slide {number}

- The first point of slide {number}
- The second point, with `code` in it
- The third point

```python
def handler_{number}(data):
    for line in data.split(b"\\n"):
        transport.write(line)
```
"""
FRONT_MATTER = {OURS: "", "marp": "---\nmarp: true\n---\n\n", "slidev": "---\ntheme: default\n---\n\n"}


def deck_of(contender: str, count: int) -> str:
    """The deck as this contender reads it."""
    return FRONT_MATTER[contender] + "\n---\n\n".join(SLIDE.format(number=n) for n in range(1, count + 1))


def command_of(contender: str, folder: Path, npm: Path) -> list[str]:
    """What builds `deck.md` in the folder."""
    programs = npm / "node_modules" / ".bin"
    if contender == "marp":
        return [str(programs / "marp"), "deck.md", "-o", "deck.html"]
    if contender == "slidev":
        return [str(programs / "slidev"), "build", "deck.md", "--out", "site"]
    return [str(LECTURE), "build", "deck.md", "--examples", "examples", "--cache", "cache", "--output", "site"]


def measure(contender: str, count: int, npm: Path) -> Finished:
    """Build in a new folder; what the contender may remember from another build isn't there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "examples").mkdir()
        if contender == "slidev":  # it looks for its theme in the folder of the deck
            (folder / "node_modules").symlink_to(npm / "node_modules")
        (folder / "deck.md").write_text(deck_of(contender, count), encoding="utf-8")
        environment = {**os.environ, "CI": "1", "NO_UPDATE_NOTIFIER": "1"}
        return run_process(command_of(contender, folder, npm), cwd=folder, env=environment)


def main() -> None:
    parser = options(__doc__, rounds=3)
    parser.add_argument("--counts", type=positive, nargs="*", default=[71, 1000], help="slides in the decks (71 1000)")
    parser.add_argument("--npm", type=Path, default=Path(".cache/decks"), help="where npm has put Marp and Slidev")
    arguments = parser.parse_args()
    npm = arguments.npm.resolve()
    wanted = chosen([*FRONT_MATTER], arguments.only)
    missing = [one for one in wanted if not shutil.which(command_of(one, Path(), npm)[0])]
    contenders = [one for one in wanted if one not in missing]
    watch = Watch(["tutorial-of-doom", "jinja2", "pygments", "markdown-it-py"])
    sections, raw = {}, {}
    for count in arguments.counts:
        samples = take_turns(contenders, arguments.rounds, lambda one, count=count: measure(one, count, npm))
        raw[str(count)] = {one: [asdict(finished) for finished in series] for one, series in samples.items()}
        for clock, unit in (("wall", "s"), ("cpu", "s of CPU")):
            figures = {one: [getattr(finished, clock) for finished in series] for one, series in samples.items()}
            sections[f"{count} slides, {unit}"] = comparison(figures, unit, missing)
    machine = watch.report()
    sections["Conditions"] = conditions(machine, arguments.rounds)
    result = {"unit": "s", "machine": machine, "samples": raw}
    publish("Building a deck (`reactor` is `lecture build`)", sections, result, arguments.json)


if __name__ == "__main__":
    main()
