"""Which modules a library has, and which names these have: found out from its files.

Nothing is imported, for an import acts: `twisted.internet.reactor` installs a reactor, `reactor.gireactor` wants GLib.
What can't be seen counts as there, as a wrong "missing" is worse than one too few: names of a module that isn't
written in Python or exchanges itself in `sys.modules`, and all of a library that isn't installed.
"""

from __future__ import annotations

import ast
import importlib.util
import pkgutil
import symtable
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path


@cache
def find(module: str) -> ModuleSpec | None:
    """The module of that dotted name, not imported; None if there is none."""
    package, _, _ = module.rpartition(".")
    if not package:
        return importlib.util.find_spec(module)
    parent = find(package)
    places = parent.submodule_search_locations if parent else None
    return PathFinder.find_spec(module, places) if places else None


def modules(package: str) -> Iterator[str]:
    """The dotted names of all public modules in this package and in those below."""
    spec = find(package)
    for module in pkgutil.iter_modules(spec.submodule_search_locations or [] if spec else []):
        if not module.name.startswith("_"):
            yield f"{package}.{module.name}"
            yield from modules(f"{package}.{module.name}")


def lack(name: str) -> str | None:
    """Why this dotted name doesn't exist, such as "reactor has no words"; None if it does.

    Looks for its module, and for one name in it, but not into classes.
    """
    module, _, rest = name.partition(".")
    if find(module) is None:
        return None
    while rest and find(f"{module}.{rest.partition('.')[0]}"):
        first, _, rest = rest.partition(".")
        module += f".{first}"
    first, names = rest.partition(".")[0], names_of(module)
    return None if not first or names is None or first in names else f"{module} has no {first}"


@cache
def names_of(module: str) -> frozenset[str] | None:
    """All names that this module's text binds at its top level, also inside `if` and `try`; None if unknown."""
    spec = find(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    text = Path(spec.origin).read_text(encoding="utf-8")
    if f'sys.modules["{module}"]' in text:
        return None
    symbols = symtable.symtable(text, spec.origin, "exec").get_symbols()
    bound = (s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace())
    package = module if spec.submodule_search_locations is not None else module.rpartition(".")[0]
    return frozenset({"__doc__", "__file__", "__name__", "__path__", *bound, *_unbound(ast.parse(text), package)})


def _unbound(tree: ast.Module, package: str) -> Iterator[str]:
    """The names that come by `*` from another module, and those in `__all__` and a `__getattr__`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            home = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            yield from names_of(home) or ()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.Assign) and {"__getattr__", "__all__"} & _names(node):
            yield from (c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str))


def _names(node: ast.FunctionDef | ast.Assign) -> set[str]:
    return {node.name} if isinstance(node, ast.FunctionDef) else {ast.unparse(target) for target in node.targets}
