"""The README's table of how to run each example by hand, made from the examples themselves.

    python tools/examples_table.py            prints it
    python tools/examples_table.py --write    puts it into README.md, between its two markers

What an example shows is the comment that opens its session.txt, and what to type are the commands under it, in their
order: a command in the background keeps its terminal. The ports are those in the programs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lecture.programs.session import SessionFile, read_session

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- examples: written by tools/examples_table.py --write -->"
END = "<!-- /examples -->"

# The examples keep to the ports from 7770 to 7819, and 8080; elsewhere such a number is not a port.
PORT = re.compile(r"\b(?:77[7-9]\d|78[01]\d|8080)\b")

BROUGHT = {"h11", "serial", "display"}  # by `make`; whoever runs an example by hand has a display
CALLED = {"gi": "GTK"}  # what a session needs, where people call it something else


def purpose(session: SessionFile) -> str:
    """What the example shows: its opening comment, without the lines that set something."""
    comment = [line.removeprefix("#").strip() for line in session.preamble]
    said = " ".join(line for line in comment if line and not re.match(r"(not on Twisted|[a-z]+): ", line))
    needs = " and ".join(CALLED.get(name, name) for name in session.needs if name not in BROUGHT)
    return f"{said} Needs {needs}." if needs else said


def terminals(session: SessionFile) -> list[tuple[int, list[str]]]:
    """What to type, in order: the number of a terminal, and the commands to type there before the next one's turn.

    A command goes to the first terminal in which none is running; a `kill` of a job is a Ctrl-C in the job's terminal.
    """
    turns: list[tuple[int, list[str]]] = []
    jobs: list[int] = []  # the terminal of each
    busy: set[int] = set()
    for place, command in enumerate(session.commands):
        typed = command.text.removesuffix("&").strip()
        if command.job is None:
            terminal = next(number for number in range(1, len(busy) + 2) if number not in busy)
        else:
            terminal, typed = jobs[command.job - 1], "Ctrl-C"
            busy.discard(terminal)
        if command.background:
            jobs.append(terminal)
            busy.add(terminal)
        if command.job is not None and place == len(session.commands) - 1:
            break  # it ends like all others, by the Ctrl-C of who has seen enough
        if not turns or turns[-1][0] != terminal:
            turns.append((terminal, []))
        turns[-1][1].append(typed)
    return turns


def in_terminals(turns: list[tuple[int, list[str]]]) -> str:
    """These turns in a cell of the table; terminals have numbers where there are several."""
    lines = [(f"{number}: ", " then ".join(map(as_code, commands))) for number, commands in turns]
    return "<br>".join(number * (len({number for number, _ in turns}) > 1) + typed for number, typed in lines)


def as_code(command: str) -> str:
    """A command as Markdown shows it, backquotes included; Ctrl-C is no command."""
    if command == "Ctrl-C":
        return command
    return f"`` {command} ``" if "`" in command else f"`{command}`"


def ports(programs: Iterable[Path]) -> list[str]:
    """The ports that these programs name, each once, in order."""
    return sorted({port for program in programs for port in PORT.findall(program.read_text(encoding="utf-8"))})


def row(folder: Path) -> str:
    """The line of the table for one example."""
    session = read_session(folder / "session.txt")
    typed = in_terminals(terminals(session))
    cells = [f"`{folder.name}`", purpose(session), typed, " ".join(ports(sorted(folder.glob("*.py"))))]
    return "| " + " | ".join(cells) + " |"


def table() -> str:
    """The whole table, in Markdown."""

    def lines() -> Iterator[str]:
        yield "| Folder | What happens | What to type, in which terminal | Ports |"
        yield "|---|---|---|---|"
        yield from (row(session.parent) for session in sorted(ROOT.glob("examples/*/session.txt")))

    return "\n".join(lines())


def with_table(readme: str) -> str:
    """The README with a new table between its markers."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md has lost its markers: put {BEGIN} and {END} where the table belongs")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        readme = ROOT / "README.md"
        readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())
