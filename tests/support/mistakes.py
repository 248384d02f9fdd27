"""Wrong solutions by seed: a known mistake in other words, often with a slip elsewhere that has nothing to do with it.

Nobody writes our wrong solutions letter by letter. So each is written anew: names changed, methods in another order,
statements without effect between the others; and two of three get a slip in a line that the right solution has, too: a
number that is one too large, a comparison that is turned round, a statement that was forgotten. The mistake itself is
left as it is, so it is known which one a grader should name.

A slip can hide the mistake. `Mistake.slip_alone` is the right solution with the same slip: where both fail first in the
same way, it is the slip that the student is shown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from lecture.exercises.folder import Exercise

SLIPS_OF_THREE = 2


@dataclass(frozen=True)
class Mistake:
    """exercise, wrong: which known mistake it is. source: the program. slip: in words; "" for none.

    slip_alone: see above.
    """

    exercise: Exercise
    wrong: str
    source: str
    slip: str
    slip_alone: str


def mistakes(exercises: list[Exercise], seed: int) -> Iterator[Mistake]:
    """One after the other, without an end; the same for the same seed."""
    dice = Random(seed)
    known = [(exercise, name) for exercise in exercises for name in exercise.wrong]
    while True:
        exercise, name = dice.choice(known)
        wrong = exercise.wrong[name].read_text(encoding="utf-8")
        right = (exercise.folder / "solution" / exercise.file).read_text(encoding="utf-8")
        slip = ""
        if dice.randrange(3) < SLIPS_OF_THREE and (found := _slipped(wrong, right, dice)):
            wrong, right, slip = found
        yield Mistake(exercise, name, _in_other_words(wrong, dice), slip, right)


# --- slips


def _slipped(wrong: str, right: str, dice: Random) -> tuple[str, str, str] | None:
    """Both programs with one slip in a line that they share, and what it is; None if there is no place for one."""
    lines = right.splitlines()
    shared = [n for n, line in enumerate(wrong.splitlines(), 1) if lines.count(line) == 1 and not _opens(line)]
    places = [(n, kind) for n in shared for kind in _SLIPS]
    dice.shuffle(places)
    for number, kind in places:
        text = wrong.splitlines()[number - 1]
        once, twice = (_SLIPS[kind](source, source.splitlines().index(text) + 1) for source in (wrong, right))
        if once is not None and twice is not None:
            return once, twice, f"{kind}: {text.strip()}"
    return None


def _opens(line: str) -> bool:
    return line.strip().startswith(("from ", "import ", '"""', "reactor.run", "reactor.listen", "reactor.connect"))


def _one_more(source: str, line: int) -> str | None:
    def change(node: ast.AST) -> bool:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value += 1
            return True
        return False

    return _changed(source, line, change)


def _turned_round(source: str, line: int) -> str | None:
    turned = {ast.Lt: ast.GtE, ast.Gt: ast.LtE, ast.LtE: ast.Lt, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}

    def change(node: ast.AST) -> bool:
        if isinstance(node, ast.Compare) and type(node.ops[0]) in turned:
            node.ops[0] = turned[type(node.ops[0])]()
            return True
        return False

    return _changed(source, line, change)


def _misspelt(source: str, line: int) -> str | None:
    def change(node: ast.AST) -> bool:
        if isinstance(node, ast.Constant) and isinstance(node.value, (bytes, str)) and len(node.value) > 3:
            node.value = node.value[:1] + node.value[2:]
            return True
        return False

    return _changed(source, line, change)


def _forgotten(source: str, line: int) -> str | None:
    def change(node: ast.AST) -> bool:
        for name in ("body", "orelse"):
            body = getattr(node, name, None)
            for n, one in enumerate(body if isinstance(body, list) else []):
                if isinstance(one, (ast.Expr, ast.AugAssign)) and one.lineno == one.end_lineno == line:
                    body[n] = ast.copy_location(ast.Pass(), one)
                    return True
        return False

    return _changed(source, None, change)


_SLIPS: dict[str, Callable[[str, int], str | None]] = {
    "one more": _one_more,
    "turned round": _turned_round,
    "misspelt": _misspelt,
    "forgotten": _forgotten,
}


def _changed(source: str, line: int | None, change: Callable[[ast.AST], bool]) -> str | None:
    """The program after `change` has changed the first node (of this line) that it can; None if there is none."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (line is None or getattr(node, "lineno", None) == line) and change(node):
            return ast.unparse(ast.fix_missing_locations(tree))
    return None


# --- other words


def _in_other_words(source: str, dice: Random) -> str:
    """A program that does the same."""
    tree = _Renamed(_own_names(source), dice).visit(ast.parse(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            node.body = _shuffled_methods(node.body, dice)
        if isinstance(node, ast.FunctionDef) and dice.random() < 0.3:
            node.body.insert(len(node.body) and isinstance(node.body[0], ast.Expr), ast.parse("seen = None").body[0])
    return ast.unparse(ast.fix_missing_locations(tree))


def _own_names(source: str) -> set[str]:
    """Attributes that the program sets on `self` and that nothing but its own code can know."""
    tree = ast.parse(source)
    stored = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    named |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    return stored - named - texts - keywords - _OF_THE_LIBRARY


# The library reads, or sets, attributes of these names.
_OF_THE_LIBRARY = {
    *("transport", "factory", "protocol", "delimiter", "line_mode", "noisy", "clock", "connector", "timeOut"),
    *("delay", "continueTrying", "maxDelay", "initialDelay", "factor", "jitter", "maxRetries", "retries"),
}


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: set[str], dice: Random) -> None:
        self._names = {name: f"{name}_{dice.choice('abcdef')}" for name in sorted(names)}

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        self.generic_visit(node)
        node.attr = self._names.get(node.attr, node.attr)
        return node


def _shuffled_methods(body: list[ast.stmt], dice: Random) -> list[ast.stmt]:
    methods = [deepcopy(one) for one in body if isinstance(one, ast.FunctionDef) and not one.decorator_list]
    are_methods = [isinstance(one, ast.FunctionDef) for one in body]
    if are_methods != sorted(are_methods):  # something is made of a method, and has to stand below it
        return body
    dice.shuffle(methods)
    rest = [one for one in body if not isinstance(one, ast.FunctionDef) or one.decorator_list]
    return [*rest, *methods]
