"""Which public names of Twisted's modules `reactor` doesn't have, and why.

    .venv/bin/python tools/missing_names.py

compares every module of `reactor` that has a twin with the twin of the installed Twisted, and prints a line for each
name that is missing, with its reason from missing_names.txt beside this file. Exit status 1 when a name has no reason.
A reason that fits no name is told too: that may be the age of the installed Twisted.

A public name of a module is one in its `__all__`, else one that its text defines at the top level without an
underscore. Twisted's modules are read and not imported: some start things, or want a library that isn't there.
"""

from __future__ import annotations

import ast
import fnmatch
import importlib
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REASONS = Path(__file__).with_suffix(".txt")
sys.path.insert(0, str(ROOT))

from reactor.port.library import find, modules  # noqa: E402  # found on the path set above
from reactor.port.names import theirs  # noqa: E402


def public_names(source: str) -> set[str]:
    """The names that a module with this text offers to others."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            defined = {target.id for target in targets if isinstance(target, ast.Name)}
            if "__all__" in defined and isinstance(node.value, ast.List | ast.Tuple):
                return set(ast.literal_eval(node.value))
            names |= defined
    return {name for name in names if name[0] != "_"}


def missing() -> dict[str, set[str]]:
    """For each module with a twin that can be imported: the names that only Twisted has. Prints which can't be."""
    found = {}
    for ours in modules("reactor"):
        twin = find(theirs(ours))
        if twin is None or twin.origin is None:
            continue
        try:
            module = importlib.import_module(ours)
        except ModuleNotFoundError as problem:  # the library of a window system
            print(f"{ours:<50} NOT COMPARED: {problem.name} is not installed")
            continue
        names = public_names(Path(twin.origin).read_text(encoding="utf-8"))
        found[ours.partition(".")[2]] = names - {*vars(module), *getattr(module, "__all__", ())}
    return found


def reasons() -> dict[str, str]:
    """Pattern of names → reason, in the order of the file."""
    lines = REASONS.read_text(encoding="utf-8").splitlines()
    return dict(line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))


def main() -> int:
    """Print the list. 1 when a name has no reason."""
    known = reasons()
    used = set()
    found = unexplained = 0
    for module, names in missing().items():
        for name in sorted(f"{module}.{name}" for name in names):
            pattern = next((pattern for pattern in known if fnmatch.fnmatchcase(name, pattern)), None)
            used.add(pattern)
            found += 1
            unexplained += pattern is None
            print(f"{name:<50} {known.get(pattern or '', 'NO REASON GIVEN')}")
    idle = [pattern for pattern in known if pattern not in used]
    for pattern in idle:
        print(f"{pattern:<50} EXPLAINS NOTHING here: remove it, unless a newer Twisted has it")
    print(f"{found} names of Twisted {version('twisted')} are missing, {unexplained} of them without a reason")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
