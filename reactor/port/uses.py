"""Where a program uses the names that its imports bind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from reactor.port.library import lack
from reactor.port.names import Direction

_SCOPE = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, order=True)
class Problem:
    """Something that can't be ported. line: where. what: a few words."""

    line: int
    what: str


def unknown_names(tree: ast.Module, modules: dict[str, str], direction: Direction) -> Iterator[Problem]:
    """Uses of names that the target's modules lack. modules: what each imported name stands for."""
    for chain in uses(tree, frozenset(modules)):
        name, *rest = dotted(chain)
        old = ".".join([modules[name], *rest])
        if why := lack(direction.renamed(old)):
            yield Problem(chain[-1].lineno, f"{old}: {why}")


def uses(node: ast.AST, names: frozenset[str]) -> Iterator[list[ast.expr]]:
    """Every use of one of these names, as a chain of nodes: for `defer.Deferred.debug` its first name, two, and three.

    A variable of such a name is something else: nothing in the module or function that it belongs to counts.
    """
    if isinstance(node, _SCOPE):
        names -= bound(node)
    chain = _chain(node)
    if chain and dotted(chain)[0] in names:
        yield chain
    for child in [] if chain else ast.iter_child_nodes(node):
        yield from uses(child, names)


def _chain(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return [*before, node] if before else []
    return [node] if isinstance(node, ast.Name) else []


def dotted(chain: list[ast.expr]) -> list[str]:
    """The names in a chain."""
    return ast.unparse(chain[-1]).split(".")


def bound(scope: ast.AST) -> frozenset[str]:
    """The names that this module or function binds other than by imports: variables, parameters, functions."""
    nodes = [node for node in _own(scope) if not isinstance(node, ast.alias | ast.keyword)]
    variables = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return frozenset(variables | {str(getattr(node, name, "")) for node in nodes for name in ("name", "arg")})


def bound_anywhere(tree: ast.Module) -> frozenset[str]:
    """The names that a module and all functions in it bind other than by imports."""
    return frozenset().union(*(bound(node) for node in ast.walk(tree) if isinstance(node, _SCOPE)))


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a scope except those inside its functions."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, _SCOPE):
            yield from _own(child)
