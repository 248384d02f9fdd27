"""What rendering alone takes: `renderHTML` beside a bare loop of jinja2 and pygments over the same slides.

A slide is a title and four bullets; every third one also shows a listing of 20 lines, distinct from all others. Both
sides colour it with pygments, escape all text and write a page for each slide. The bare loop has one template, compiled
once, and no notion of a slide; ours adds elements, navigation and a contents page.

A measurement is a process of its own. Rendering is its CPU time from the finished lecture to the last page written,
with every library imported before; the whole process adds the start, the imports and making the slides.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from _machine import Watch
from _measure import conditions, number, options, publish, ratios, run_process, spread, table, take_turns
from jinja2 import Environment
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

OURS, BARE = "lecture.slides", "bare loop"
WORKER = "--worker"
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="main.css"></head>
<body>
<h1>{{ title }}</h1>
<ul>
{%- for bullet in bullets %}
<li>{{ bullet }}</li>
{%- endfor %}
</ul>
{{ listing }}
</body>
</html>
"""
FUNCTION = """\
def step_{n}_{part}(value, factor={part}):
    # step {part} of program {n}
    return value * factor + {n}

"""
CALLS = """\
total = {n}
for value in range({n} % 7):
    total += step_{n}_0(value)
print("{n}", total)
"""


@dataclass(frozen=True)
class Content:
    """What one slide says. listing: a program in Python, or None."""

    title: str
    bullets: tuple[str, ...]
    listing: str | None


def contents(count: int) -> list[Content]:
    return [
        Content(
            f"Slide {n}: what <is> & isn't",
            tuple(f"Point {bullet} of slide {n}, with a few more words to read" for bullet in range(4)),
            listing(n) if n % 3 == 0 else None,
        )
        for n in range(count)
    ]


def listing(n: int) -> str:
    """Twenty lines of Python that no other slide shows."""
    return "".join(FUNCTION.format(n=n, part=part) for part in range(4)) + CALLS.format(n=n)


def render_ours(slides: Sequence[Content], output: Path) -> float:
    """Returns seconds of CPU."""
    from lecture.slides import PRE, Bullet, Lecture, Slide

    import_module("lecture.outputs.pages")  # renderHTML would import it, and that is not rendering

    lecture = Lecture(
        "A long talk",
        *(
            Slide(slide.title, *map(Bullet, slide.bullets), *([PRE(slide.listing, "python")] if slide.listing else []))
            for slide in slides
        ),
    )
    start = time.process_time()
    lecture.renderHTML(str(output), "slide-%04d.html", css="main.css")
    return time.process_time() - start


def render_bare(slides: Sequence[Content], output: Path) -> float:
    """Returns seconds of CPU."""
    start = time.process_time()
    template = Environment(autoescape=True).from_string(PAGE)
    lexer, formatter = PythonLexer(), HtmlFormatter()
    for n, slide in enumerate(slides):
        coloured = Markup(highlight(slide.listing, lexer, formatter)) if slide.listing else ""
        page = template.render(title=slide.title, bullets=slide.bullets, listing=coloured)
        (output / f"slide-{n:04}.html").write_text(page)
    return time.process_time() - start


def work(contender: str, count: int) -> None:
    """One turn of one contender: what the worker process does."""
    with tempfile.TemporaryDirectory() as output:
        render = render_ours if contender == OURS else render_bare
        print(json.dumps(render(contents(count), Path(output))))


def measure(count: int, contender: str) -> dict[str, float]:
    done = run_process([sys.executable, __file__, WORKER, contender, str(count)])
    return {"rendering": float(done.output), "process": done.cpu, "wall": done.wall}


def row(count: int, contender: str, series: list[dict[str, float]], rivals: list[dict[str, float]]) -> list[str]:
    rendering = [sample["rendering"] for sample in series]
    against = ratios(rendering, [sample["rendering"] for sample in rivals]) if contender == OURS else ("", "")
    per_slide = number(1000 * min(rendering) / count)
    process = number(min(sample["process"] for sample in series))
    return [f"{count:,} slides, {contender}", number(min(rendering)), spread(rendering), per_slide, *against, process]


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--slides", default="61,1000,5000", help="sizes of the lecture (61,1000,5000)")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.slides.split(",")]
    watch = Watch(["tutorial-of-doom", "jinja2", "pygments"])
    samples = {count: take_turns([OURS, BARE], arguments.rounds, partial(measure, count)) for count in sizes}
    machine = watch.report()
    header = ("", "CPU, best, s", "median (range)", "ms a slide", "÷ bare, best", "in each round", "whole process, s")
    rows = [row(count, name, both[name], both[BARE]) for count, both in samples.items() for name in both]
    sections = {"": table(header, rows), "Conditions": conditions(machine, arguments.rounds)}
    result = {"unit": "s of CPU", "machine": machine, "samples": samples}
    publish("Rendering alone", sections, result, arguments.json)


if __name__ == "__main__":
    if sys.argv[1:2] == [WORKER]:
        work(sys.argv[2], int(sys.argv[3]))
    else:
        main()
