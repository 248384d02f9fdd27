"""The README's table of how to run each example by hand, made from the examples themselves.

    python tools/examples_table.py            prints it
    python tools/examples_table.py --write    puts it into README.md, between its two markers

What an example shows is the comment that opens its session.txt. A command in the background gets a terminal of its
own; all others share the last one. The ports are those in the programs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- examples: written by tools/examples_table.py --write -->"
END = "<!-- /examples -->"

# The examples keep to the ports from 7770 to 7809, and 8080; elsewhere such a number is not a port.
PORT = re.compile(r"\b(?:77[7-9]\d|780\d|8080)\b")


def purpose(session: str) -> str:
    """What the example shows: its opening comment, without the lines that set something."""
    comment = [
        line.removeprefix("#").strip() for line in session.partition("\n$ ")[0].splitlines() if line.startswith("#")
    ]
    return " ".join(line for line in comment if line and not re.match(r"(not on Twisted|[a-z]+): ", line))


def terminals(session: str) -> list[list[str]]:
    """The commands to type, a list for each terminal, in the order in which to open them."""
    commands = dict.fromkeys(re.findall(r"^\$ ((?:python|reactord|curl) .*)$", session, re.MULTILINE))
    background = [[command.removesuffix("&").strip()] for command in commands if command.endswith("&")]
    foreground = [command for command in commands if not command.endswith("&")]
    return [*background, foreground] if foreground else background


def ports(programs: Iterable[Path]) -> list[str]:
    """The ports that these programs name, each once, in order."""
    return sorted({port for program in programs for port in PORT.findall(program.read_text(encoding="utf-8"))})


def row(folder: Path) -> str:
    """The line of the table for one example."""
    session = (folder / "session.txt").read_text(encoding="utf-8")
    opened = terminals(session)
    typed = [" then ".join(f"`{command}`" for command in commands) for commands in opened]
    cells = [f"`{folder.name}`", purpose(session), "<br>".join(typed), " ".join(ports(sorted(folder.glob("*.py"))))]
    return "| " + " | ".join(cells) + " |"


def table() -> str:
    """The whole table, in Markdown."""

    def lines() -> Iterator[str]:
        yield "| Folder | What happens | A terminal each | Ports |"
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
