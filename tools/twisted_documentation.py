"""Which of the programs in Twisted's documentation run on `reactor` after their imports are rewritten.

    pip download --no-deps --no-binary twisted twisted && tar xf twisted-*.tar.gz
    sudo unshare --net sh -c 'ip link set lo up; .venv/bin/python tools/twisted_documentation.py twisted-*/docs'

`reactor.port` ports every program. Programs that lack a name are listed with it, by line. The others run twice, as
they were on Twisted and ported on `reactor`, in copies of the folder: for a moment, then Ctrl-C. They are the same when
both ended by themselves with the same status, or both stayed, and wrote the same to standard output, times, addresses
and what the library logs of itself aside. A .tac has a runner whose log that is: of it only the ending counts. One runs
after the other, for the ports are theirs to choose. `unshare` keeps them from the network.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from reactor.port import TO_OURS, port  # noqa: E402  # found on the path set above

STAYS_S = 3.0  # enough for all programs that end by themselves, even on a slow machine
STOPS_S = 5.0
NO_TWISTED = "raise ModuleNotFoundError(\"No module named 'twisted'\")\n"  # hides the installed one
RUN_TAC = {
    "twisted": ["-c", "from twisted.scripts.twistd import run; run()", "-noy"],
    "reactor": ["-m", "reactor.application.runner", "-noy"],
}

# What differs between any two runs, and what the libraries log of themselves.
ODDITIES = [
    (re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[+-]\d{4} "), ""),
    (re.compile(r"\b0x[0-9a-f]+"), "0x"),
    (re.compile(r"\b(twisted\.(internet|python)|twisted|reactor)\.(?=\w)"), "reactor."),
    (re.compile(r"\d+(\.\d+)?(e-?\d+)?"), "1"),
]
OF_THE_LIBRARY = re.compile(
    r"^\s*$|^\[[^]]*\] (Log opened|Main loop|St(art|opp)ing factory|.* starting on |.* Closed\)|[Rr]eceived SIGINT)"
)


@dataclass
class Run:
    """The outcome of a run. status: its exit status; None if it had to be stopped."""

    status: int | None
    lines: list[str]
    last_error: str


def python_files(folder: Path) -> list[Path]:
    """All programs in it, by name."""
    return sorted(path for end in ("py", "tac", "rpy") for path in folder.rglob(f"*.{end}"))


def is_of_twisted(source: str) -> bool:
    """Whether it imports Twisted at all."""
    return re.search(r"^\s*(from|import)\s+twisted\b", source, re.MULTILINE) is not None


def run(program: Path, folder: Path, library: str) -> Run:
    """Run a program of this copy of the documentation for a moment."""
    command = [*(RUN_TAC[library] if program.suffix == ".tac" else []), program.name]
    places = [folder, program.parent.parent, ROOT]
    terminal, _ = ends = os.pipe()  # a standard input on which nothing is ever typed
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=program.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "PYTHONUNBUFFERED": "1"},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    stayed = False
    try:
        out, err = process.communicate(timeout=STAYS_S)
    except subprocess.TimeoutExpired:
        stayed = True
        os.killpg(process.pid, signal.SIGINT)
        try:
            out, err = process.communicate(timeout=STOPS_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
    for end in ends:
        os.close(end)
    error = err.decode("utf-8", "replace").strip().splitlines()
    lines = [] if program.suffix == ".tac" else normalised(out)
    return Run(None if stayed else process.returncode, lines, error[-1] if error else "")


def normalised(out: bytes) -> list[str]:
    """The lines of an output, without the parts that may differ."""
    lines = []
    for line in out.decode("utf-8", "replace").splitlines():
        for pattern, instead in ODDITIES:
            line = pattern.sub(instead, line)
        if not OF_THE_LIBRARY.search(line):
            lines.append(line)
    return lines


def compared(theirs: Run, ours: Run) -> tuple[str, str]:
    """Whether two runs are the same or differ, and how."""
    if "No module named 'twisted'" in ours.last_error:
        return "missing", "in a module of its own folder"
    if theirs.status != ours.status:
        return "differs", f"Twisted {ending(theirs)}; reactor {ending(ours)}"
    for their_line, our_line in zip(theirs.lines, ours.lines, strict=False):
        if their_line != our_line:
            return "differs", f"Twisted says {their_line!r}; reactor {our_line!r}"
    if len(theirs.lines) != len(ours.lines):
        longer = max(theirs.lines, ours.lines, key=len)
        rest = longer[min(len(theirs.lines), len(ours.lines))]
        return "differs", f"only {'Twisted' if longer is theirs.lines else 'reactor'} says {rest!r}"
    return "same", ending(theirs)


def ending(run: Run) -> str:
    """How it ended, in words."""
    if run.status is None:
        return "stayed"
    return f"ended with {run.status}" + (f" ({run.last_error})" if run.status and run.last_error else "")


def main() -> int:
    """Print the table."""
    documentation = Path(sys.argv[1]).resolve()
    counts, lacks = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="twisted-documentation-") as temporary:
        copies = {library: Path(temporary, library) for library in ("twisted", "reactor")}
        for copy in copies.values():
            shutil.copytree(documentation, copy)
        (copies["reactor"] / "twisted.py").write_text(NO_TWISTED, encoding="utf-8")
        carried = {path: carry(path) for path in python_files(copies["reactor"])}
        for path, (count, told) in carried.items():
            name = path.relative_to(copies["reactor"])
            if path.name != "twisted.py" and count is not None:
                verdict, why = judge(path, copies, told)
                counts[verdict] += 1
                lacks.update({line.rpartition(": ")[2] for line in told})
                print(f"{verdict:<8} {count:>2}  {name!s:<70} {why}", flush=True)
    for lack, count in lacks.most_common():
        print(f"{count:>3} programs: {lack}")
    print(f"{counts.total()} programs: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    return 0


def carry(path: Path) -> tuple[int | None, list[str]]:
    """Port one file in place: how many imports of Twisted it had, None for a file without; what is missing."""
    source = path.read_text(encoding="utf-8")
    if not is_of_twisted(source):
        return None, []
    try:
        text, problems = port(source, TO_OURS)
    except SyntaxError as problem:
        return 0, [f"{problem.lineno}: not Python 3"]
    path.write_text(text, encoding="utf-8")
    changed = sum(old != new for old, new in zip(source.splitlines(), text.splitlines(), strict=True))
    return changed, [f"{problem.line}: {problem.what}" for problem in problems]


def judge(path: Path, copies: dict[str, Path], told: list[str]) -> tuple[str, str]:
    """Whether a program is the same, differs or misses a name, and how; a web server's script is only read."""
    if told:
        return "missing", "; ".join(told)
    if path.suffix == ".rpy":
        return "ported", "not run: there is no server for it"
    original = copies["twisted"] / path.relative_to(copies["reactor"])
    return compared(run(original, copies["twisted"], "twisted"), run(path, copies["reactor"], "reactor"))


if __name__ == "__main__":
    sys.exit(main())
