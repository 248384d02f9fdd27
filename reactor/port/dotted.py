"""`import twisted.internet.defer`: all imports of this kind in a program, and all uses of the name they bind.

They are carried over together or not at all, for `twisted` is one name, and can't be both here and there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from reactor.port.edits import Text
from reactor.port.library import find, lack
from reactor.port.names import Direction
from reactor.port.uses import Problem, bound_anywhere, dotted, unknown_names, uses


def carry_dotted(tree: ast.Module, text: Text, direction: Direction) -> list[Problem]:
    """Change the text, unless there are problems. Returns them."""
    old, new = direction.source, direction.target
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = [(node, alias) for node in nodes for alias in node.names]
    imports = [alias for node, alias in imported if isinstance(node, ast.Import) and alias.name.split(".")[0] == old]
    modules = {alias.asname or old: alias.name if alias.asname else old for alias in imports}
    others = {alias.asname or alias.name.partition(".")[0] for _, alias in imported if alias not in imports}
    taken = sorted({old, new} & {*bound_anywhere(tree), *others})
    shared = list(uses(tree, frozenset({old} & modules.keys())))
    problems = list(unknown_names(tree, modules, direction))
    problems += [Problem(a.lineno, f"import {a.name}: {why}") for a in imports for why in _against(a, direction, taken)]
    problems += [Problem(use[0].lineno, f"{old} by itself is nothing in {new}") for use in shared if len(use) == 1]
    if not problems:
        _carry(imports, shared, text, direction)
    return problems


def _against(alias: ast.alias, direction: Direction, taken: list[str]) -> Iterator[str]:
    """Why this import can't be ported. taken: what else the program uses the two names for."""
    new = direction.renamed(alias.name)
    if alias.name == direction.source:
        yield "a package is more than one there: import modules by their names"
    elif why := lack(new):
        yield why
    elif alias.asname and _module(new) != new:
        yield f"{new} is no module: import it from {_module(new)}"
    elif not alias.asname and taken:
        yield f"{taken[0]!r} is something else in this program: write `from … import …`"


def _module(new: str) -> str:
    """The module to import for this name: itself, or the one that has it, such as `reactor` for `reactor.reactor`."""
    return new if find(new) or not find(new.partition(".")[0]) else new.rpartition(".")[0]


def _carry(imports: list[ast.alias], chains: list[list[ast.expr]], text: Text, direction: Direction) -> None:
    for alias in imports:
        start, end = text.span(alias)
        name = text.bytes[start:end].split(b" as")[0].rstrip()
        text.replace(start, start + len(name), _module(direction.renamed(alias.name)))
    for chain in chains:
        old = dotted(chain)
        new = direction.renamed(".".join(old)).split(".")
        while min(len(old), len(new)) > 1 and old[-1] == new[-1]:  # what is the same in both is left alone
            del old[-1], new[-1]
        text.replace(text.span(chain[0])[0], text.span(chain[len(old) - 1])[1], ".".join(new))
