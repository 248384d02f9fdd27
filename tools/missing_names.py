"""Which modules of Twisted, and which public names of the others, `reactor` doesn't have, and why.

    .venv/bin/python tools/missing_names.py

compares every module of `reactor` that has a twin with the twin of the installed Twisted, and prints a line for each
name that is missing, with its reason from missing_names.txt beside this file; then a line for each module without a
twin. Exit status 1 when one has no reason. A reason that fits nothing is told too: that may be the age of the installed
Twisted. What classes have is not compared: there Twisted's inner parts outnumber its promises.

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
from reactor.port.names import ours, theirs  # noqa: E402


def public_names(source: str) -> set[str]:
    """The public names of a module with this text."""
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
    """For each module with a twin that can be imported: the names that only Twisted has. Prints those that can't."""
    found = {}
    for name in modules("reactor"):
        twin = find(theirs(name))
        if twin is None or twin.origin is None:
            continue
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as problem:  # the library of a window system
            print(f"{name:<50} NOT COMPARED: {problem.name} is not installed")
            continue
        names = public_names(Path(twin.origin).read_text(encoding="utf-8"))
        found[name.partition(".")[2]] = names - {*vars(module), *getattr(module, "__all__", ())}
    return found


def absent() -> list[str]:
    """The modules of Twisted without a twin, by the names that they would have here; of a package only itself."""
    found: list[str] = []
    for module in modules("twisted"):
        name = ours(module)
        inner = "test" in module.split(".") or any(name.startswith(f"{package}.") for package in found)
        if not inner and find(name) is None:
            found.append(name)
    return [name.partition(".")[2] for name in found]


def reasons() -> dict[str, str]:
    """Pattern of names → reason, in the order of the file."""
    lines = REASONS.read_text(encoding="utf-8").splitlines()
    return dict(line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))


def main() -> int:
    """Print the list. 1 when a name has no reason."""
    known = reasons()
    names = [f"{module}.{name}" for module, names in missing().items() for name in sorted(names)]
    whole = absent()
    fits = {name: next((one for one in known if fnmatch.fnmatchcase(name, one)), None) for name in [*names, *whole]}
    for name, pattern in fits.items():
        print(f"{name:<50} {known.get(pattern or '', 'NO REASON GIVEN')}")
    unexplained = [*fits.values()].count(None)
    idle = [pattern for pattern in known if pattern not in fits.values()]
    for pattern in idle:
        print(f"{pattern:<50} EXPLAINS NOTHING here: remove it, unless a newer Twisted has it")
    missed = f"{len(names)} names and {len(whole)} whole modules of Twisted {version('twisted')} are missing"
    print(f"{missed}, {unexplained} of them without a reason")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
