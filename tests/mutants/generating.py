"""Mutants that others would write: Cosmic Ray's operators, and one that leaves out a statement.

A mutant is one change at one place. Changes that can't make a difference are none: those to annotations, which nothing
evaluates here. Where several operators could change the same place, one of them is drawn.
"""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Keyword

_NOT_WANTED = {
    *("VariableReplacer", "VariableInserter"),  # they need arguments
    *("ReplaceComparisonOperator_Is_Eq", "ReplaceComparisonOperator_IsNot_NotEq"),  # what is the same is equal, here
}
_FOR_TYPES = {"abstractmethod", "overload", "TypeVar", "ParamSpec"}  # without them the same happens
_OF_FIELDS = {"NamedTuple", "TypedDict"}
_STATEMENTS = {"expr_stmt", "atom_expr", "return_stmt", "raise_stmt", "del_stmt", "yield_expr"}


class LeaveOutStatement(Operator):  # type: ignore[misc]  # Cosmic Ray has no types
    """What is forgotten most easily, and what Cosmic Ray doesn't try: a statement of one line."""

    def mutation_positions(self, node):
        if node.type in _STATEMENTS and node.parent.type == "simple_stmt":
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        return Keyword("pass", node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls):
        return (Example("x = 1\nf(x)\n", "x = 1\npass\n", occurrence=1),)


_ALL = OperatorProvider()
OPERATORS = [*(_ALL[name]() for name in _ALL if name not in _NOT_WANTED), LeaveOutStatement()]


@dataclass(frozen=True)
class Change:
    """A mutant of the file at `path`: its whole source, before and after. line: where it differs, from 1."""

    path: Path
    line: int
    before: str
    after: str

    def diff(self) -> str:
        """Lines with - and +, as many as make the place unique in its file: as files of judged mutants have them."""
        old, new = self.before.splitlines(), self.after.splitlines()
        changes = [each for each in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if each[0] != "equal"]
        start, end, new_end = (
            changes[0][1],
            max(changes[-1][2], changes[0][1] + 1),
            len(new) - (len(old) - changes[-1][2]),
        )
        new_end = max(new_end, start + 1)
        while start and f"\n{self.before}".count("\n" + "".join(f"{line}\n" for line in old[start:end])) > 1:
            start -= 1
        return "".join(f"-{line}\n" for line in old[start:end]) + "".join(f"+{line}\n" for line in new[start:new_end])


@dataclass(frozen=True)
class Place:
    """Where a file can be changed, and how: operators, each with which of its occurrences this is."""

    path: Path
    line: int
    column: int
    ways: list[tuple[Operator, int]]

    def change(self, dice: random.Random) -> Change | None:
        """One of the mutants of this place; None if that one makes no difference."""
        before = self.path.read_text(encoding="utf-8")
        operator, occurrence = dice.choice(self.ways)
        try:
            after = mutate_code(before, operator, occurrence)
        except AttributeError:  # Cosmic Ray 8.7 expects no dots in the names behind `except`
            return None
        if after is None or _meaning(after) in (None, _meaning(before)):
            return None
        return Change(self.path, self.line, before, after)


def places_of(path: Path) -> list[Place]:
    """All places of a file, from its beginning to its end."""
    nodes = list(ast_nodes(parso.parse(path.read_text(encoding="utf-8"))))
    ways = defaultdict(list)
    for operator in OPERATORS:
        positions = (position for node in nodes for position in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(positions):
            ways[start].append((operator, occurrence))
    return [Place(path, *start, ways[start]) for start in sorted(ways)]


def _meaning(source: str) -> str | None:
    """What the interpreter sees of a source, without what is there for types; None for what it doesn't understand."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    tree.body = [node for node in tree.body if not _is_for_types(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not _has_fields(node):
            node.body = [each for each in node.body if not _is_for_types(each)]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
            node.decorator_list = [each for each in node.decorator_list if getattr(each, "id", "") not in _FOR_TYPES]
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def _is_for_types(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.AnnAssign(value=None) | ast.If(test=ast.Name("TYPE_CHECKING")):
            return True
        case ast.If(test=ast.UnaryOp(ast.Not(), ast.Name("TYPE_CHECKING"))):  # it imports what is imported anyhow
            return True
        case ast.Assign(value=ast.Call(ast.Name(name))):
            return name in _FOR_TYPES
        case ast.Assign(value=ast.Subscript(ast.Name("Callable"))):  # a name for annotations
            return True
        case ast.Assign(targets=[ast.Name("__all__")]):  # mypy watches over it
            return True
    return False


def _has_fields(node: ast.ClassDef) -> bool:
    """Whether annotations make a difference in this class: decorated, it may be a dataclass."""
    return bool(node.decorator_list) or any(getattr(each, "id", "") in _OF_FIELDS for each in node.bases)
