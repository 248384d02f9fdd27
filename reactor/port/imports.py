"""Porting a program's imports from Twisted to `reactor` or back.

Each `from twisted.internet import reactor, protocol` is treated by itself: it is ported whole, or left alone with a
problem for each reason. Only its package is replaced, so comments and parentheses stay. On the way back its names
may have several homes; then it becomes several statements with `;` between them, in the same order, as an import runs
code. Ported again, such statements are joined. dotted.py has `import twisted.internet`.

Uses are checked too: after `from twisted.internet import defer`, a `defer.waitForever` that doesn't exist is a problem
of its line. So is a string that is a module's name, since the program may import it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from reactor.port.dotted import carry_dotted
from reactor.port.edits import Text
from reactor.port.library import lack
from reactor.port.names import Direction
from reactor.port.uses import Problem, unknown_names

_FROM = re.compile(rb"from[\s\\]*(.+?)[\s\\]*\bimport\b[\s\\]*(\(?)", re.DOTALL)
_NEXT_STATEMENT = re.compile(rb"(?:[ \t\f]|\\\r?\n)*;(?:[ \t\f]|\\\r?\n)*")  # on the same line


def port(source: str, direction: Direction) -> tuple[str, list[Problem]]:
    """The program with its imports ported, and the problems, by line. Every line keeps its number.

    Raises SyntaxError when `source` isn't Python, ValueError when it has a NUL byte, RecursionError or MemoryError when
    it is nested too deeply.
    """
    tree, text = ast.parse(source), Text(source)
    froms = _FromImports(tree, text, direction)
    problems = {*froms.carry(), *carry_dotted(tree, text, direction)}
    problems |= {*unknown_names(tree, froms.names(), direction), *_strings(tree, direction)}
    problems |= {*_implementers(tree, froms.names(), direction)}
    return text.edited(), sorted(problems)


def _strings(tree: ast.Module, direction: Direction) -> Iterator[Problem]:
    dotted = re.compile(rf"{direction.source}(\.[A-Za-z_]\w*)+")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and dotted.fullmatch(node.value):
            yield Problem(node.lineno, f"the string {node.value!r} is left as it is")


def _implementers(tree: ast.Module, names: dict[str, str], direction: Direction) -> Iterator[Problem]:
    """Problems where zope.interface's `implementer` would get an interface of ours, which it can't handle."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and direction.target == "reactor"]
    for call in calls:
        arguments = {ast.unparse(argument).partition(".")[0] for argument in call.args}
        if ast.unparse(call.func).rpartition(".")[2] == "implementer" and not arguments.isdisjoint(names):
            yield Problem(call.lineno, "implementer: take the one of reactor.interfaces, not zope.interface's")


class _FromImports:
    """All `from twisted.… import …` of a program."""

    def __init__(self, tree: ast.Module, text: Text, direction: Direction) -> None:
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level and node.module]
        self._nodes = sorted((n for n in nodes if str(n.module).split(".")[0] == direction.source), key=text.span)
        self._text, self._direction = text, direction

    def names(self) -> dict[str, str]:
        """The names that the statements bind → what they stand for, as far as the target has it."""
        names = {a.asname or a.name: f"{node.module}.{a.name}" for node in self._nodes for a in node.names}
        return {name: old for name, old in names.items() if not lack(self._direction.renamed(old))}

    def carry(self) -> list[Problem]:
        """Change the text. Returns the problems."""
        problems = {node: list(self._problems(node)) for node in self._nodes}
        carried = [node for node in self._nodes if not problems[node]]
        joined = {after for before, after in pairwise(carried) if self._were_one(before, after)}
        for node in carried:
            self._carry(node, node in joined)
        return [problem for found in problems.values() for problem in found]

    def _problems(self, node: ast.ImportFrom) -> Iterator[Problem]:
        for alias in node.names:
            old, home = f"{node.module}.{alias.name}", self._home(node, alias)
            if not home or (alias.name == "*" and "." not in home):
                yield Problem(alias.lineno, f"{old}: a package is more than one there: import modules by their names")
            elif why := lack(home):
                yield Problem(node.lineno, f"{node.module}: {why}")
            elif alias.name != "*" and (why := lack(self._direction.renamed(old))):
                yield Problem(alias.lineno, f"{old}: {why}")

    def _home(self, node: ast.ImportFrom, alias: ast.alias) -> str:
        """The module to import this name of the statement from; none if it is a whole library."""
        if alias.name == "*":
            return self._direction.renamed(str(node.module))
        return self._direction.renamed(f"{node.module}.{alias.name}").rpartition(".")[0]

    def _were_one(self, before: ast.ImportFrom, after: ast.ImportFrom) -> bool:
        """Whether these two may come from one statement that was ported to Twisted."""
        between = self._text.bytes[self._text.span(before)[1] : self._text.span(after)[0]]
        return (
            _NEXT_STATEMENT.fullmatch(between) is not None
            and before.module != after.module
            and self._home(before, before.names[-1]) == self._home(after, after.names[0])
            and not any(node.names[0].name == "*" or self._head(node)[2] for node in (before, after))
        )

    def _head(self, node: ast.ImportFrom) -> tuple[int, int, bool]:
        """Where the module begins and ends in the text, and whether the names are in parentheses."""
        head = _FROM.match(self._text.bytes, self._text.span(node)[0])
        assert head is not None, "ast.parse found a `from` statement there"
        return *head.span(1), bool(head[2])

    def _carry(self, node: ast.ImportFrom, is_joined: bool) -> None:
        text = self._text
        start, end, has_parentheses = self._head(node)
        homes = [(home, list(aliases)) for home, aliases in groupby(node.names, lambda alias: self._home(node, alias))]
        if is_joined:
            separator = text.bytes.rindex(b";", 0, start)
            text.replace(separator, separator + 1, ",")
            text.replace(text.span(node)[0], text.span(node.names[0])[0], "")
        else:
            text.replace(start, end, homes[0][0])
        for (_, before), (home, aliases) in pairwise(homes):
            first = text.span(aliases[0])[0]
            if not has_parentheses:
                separator = text.bytes.index(b",", text.span(before[-1])[1])
                text.replace(separator, separator + 1, ";")
            text.replace(first, first, f"); from {home} import (" if has_parentheses else f"from {home} import ")
