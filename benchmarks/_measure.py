"""What all benchmarks share: turns, figures, ratios and tables.

Two ideas. Contenders take turns, A B C A B C …, because a machine has fast and slow phases that no contender should
have to itself. And noise only ever adds: the best round is the fairest single figure, while the median and its range
say how far to trust it. Ratios are given the same two ways: best over best, and the median of the ratios inside each
round. Anything under 4 % is noise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

T = TypeVar("T")
OURS = "reactor"
NOISE = "Differences under 4 % are noise. Ratios below 1 mean that ours took less."


def take_turns(contenders: Iterable[str], rounds: int, measure: Callable[[str], T]) -> dict[str, list[T]]:
    """Call `measure(contender)` for each contender in each round. Returns every contender's results, a round each."""
    results: dict[str, list[T]] = {contender: [] for contender in contenders}
    for _ in range(rounds):
        for contender, series in results.items():
            series.append(measure(contender))
    return results


@dataclass(frozen=True)
class Finished:
    """What a process cost from start to end. wall, cpu: seconds; cpu includes the children it waited for."""

    wall: float
    cpu: float
    output: str


def run_process(command: Sequence[str], **options: Any) -> Finished:
    """Run a program to its end and measure it whole.

    command: program and arguments. options: for subprocess.Popen, such as cwd and env.
    Raises SystemExit, with what the program printed, when its status is not 0.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    assert process.stdout is not None  # it is a pipe
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with status {process.returncode}:\n{output}")
    return Finished(wall, usage.ru_utime + usage.ru_stime, output)


def spread(samples: Sequence[float]) -> str:
    """The median with its range: "6.4 (6.2–7.1)"."""
    return f"{number(median(samples))} ({number(min(samples))}–{number(max(samples))})"


def number(value: float) -> str:
    """Three figures, never an exponent: 0.123, 1.23, 12.3, 1,230."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.3g}"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[str, str]:
    """Ours over theirs: from the best rounds, and the median of the ratios inside each round with its range."""
    if min(theirs) <= 0:
        return "–", "–"
    in_turn = [mine / other for mine, other in zip(ours, theirs, strict=True) if other > 0]
    return f"{min(ours) / min(theirs):.2f}", f"{median(in_turn):.2f} ({min(in_turn):.2f}–{max(in_turn):.2f})"


def comparison(samples: Mapping[str, Sequence[float]], unit: str, missing: Iterable[str] = ()) -> str:
    """A Markdown table with a line for each contender, and ours over each of the others.

    samples: a figure for each round, by contender. missing: contenders that are not installed.
    """
    rows = []
    for contender, series in samples.items():
        against = ("", "")
        if OURS in samples and contender != OURS:
            against = ratios(samples[OURS], series)
        rows.append((contender, number(min(series)), spread(series), *against))
    rows += [(contender, "missing", "", "", "") for contender in missing]
    return table(("", f"best, {unit}", "median (range)", "ours ÷ it, best", "in each round"), rows)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def conditions(machine: Mapping[str, object], rounds: int) -> str:
    """The sentence under a table that says where its figures come from."""
    versions = machine["versions"]
    assert isinstance(versions, dict)
    named = "".join(f"; {name} {version}" for name, version in versions.items())
    turns = "1 round" if rounds == 1 else f"{rounds} rounds in turns"
    return (
        f"{machine['python']} ({machine['build']}){named}; {machine['system']}, {machine['processor']}, "
        f"{machine['cores']} cores; {turns}, {machine['seconds']} s, meanwhile other processes used "
        f"{machine['others_used_percent']} % of the machine. {NOISE}"
    )


def options(theory: str | None, rounds: int) -> argparse.ArgumentParser:
    """The options that every benchmark has. theory: the module's docstring, shown by --help."""
    parser = argparse.ArgumentParser(description=theory, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=positive, default=rounds, help=f"turns for each contender ({rounds})")
    parser.add_argument("--only", metavar="NAMES", help="contenders to run, separated by commas (all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample and the conditions there")
    return parser


def positive(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def chosen(contenders: Sequence[str], only: str | None) -> list[str]:
    """The contenders that --only names, in our order; all without it. A name nobody knows ends the program."""
    if only is None:
        return list(contenders)
    names = only.split(",")
    unknown = sorted(set(names) - set(contenders))
    if unknown:
        sys.exit(f"--only: no contender is called {', '.join(unknown)}; there are {', '.join(contenders)}")
    return [contender for contender in contenders if contender in names]


def publish(title: str, sections: Mapping[str, str], result: Mapping[str, object], file: Path | None) -> None:
    """Print the report as Markdown, and write `result` as JSON when there is a file for it.

    sections: heading → Markdown; an empty heading continues the text above it.
    """
    print(f"## {title}")
    for heading, text in sections.items():
        if heading:
            print(f"\n### {heading}")
        print(f"\n{text}")
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"title": title, **result}, indent=1, ensure_ascii=False) + "\n")
