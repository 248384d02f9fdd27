"""How a script that calls `reactor.run()` can stop there, while other scripts have their turn, without a thread.

A coroutine can stop in the middle, and go on later. So a script becomes one: its top level is compiled as Python's own
interactive asyncio prompt compiles what is typed there (`PyCF_ALLOW_TOP_LEVEL_AWAIT`), and each call at the top level
that might be `reactor.run()` becomes `await __in_steps__(reactor.run)`. Only at run time is it known what is called;
any other function is simply called.

Many scripts have a `main()` in which they run the reactor. For a function or method of the script that contains such a
call we make a *twin*, an `async def` with the same body, changed likewise, and a call of the function at a place that
can wait becomes a call of its twin. The function itself stays as it is, for all other callers.

The library has such functions too, `task.react` and `Application.run`, and so has asyncio. They get their twins when
they are called.

No line is moved: a traceback shows the script as it was written.
"""

from __future__ import annotations
import __future__

import ast
import inspect
import textwrap
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from types import CodeType, FunctionType, MethodType
from typing import Any, TypeVar

from reactor.core.loop.core import Loop

IN_STEPS = "__in_steps__"
LINK = "__link_steps__"

# reactor.run(), and task.react(), which ends in it; asyncio.run() and Runner.run(), which end in the two after them.
_RUNNERS = {"run", "react", "run_until_complete", "run_forever"}
_ASYNCIO = {"asyncio.runners", "asyncio.base_events"}  # where these are

N = TypeVar("N", bound=ast.AST)


@lru_cache(maxsize=64)  # a grader runs one program in a hundred worlds, and this was a quarter of its time
def split(source: str, filename: str) -> CodeType:
    """The script, compiled so that it stops where it runs the reactor; a coroutine's code if there is such a place.

    It expects the names `IN_STEPS` and `LINK` to be built in. Raises SyntaxError.
    """
    tree = ast.parse(source, filename)
    tree = _Splitter(_names_that_run(tree)).visit(tree)
    ast.fix_missing_locations(tree)
    code = compile(tree, filename, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(code, CodeType)
    return code


def is_split(code: CodeType) -> bool:
    """Whether the script has a place where it stops."""
    return bool(code.co_flags & inspect.CO_COROUTINE)


def link(function: FunctionType, twin: FunctionType) -> None:
    """Attach its twin to a function; the twin has the same name in tracebacks. Called by split scripts."""
    code = function.__code__
    twin.__code__ = twin.__code__.replace(co_name=code.co_name, co_qualname=code.co_qualname)
    function.__dict__[IN_STEPS] = twin


def twin_of(function: Any) -> tuple[Any, tuple[Any, ...]] | None:
    """The twin of a function or bound method, and the arguments to prepend; None if it has no twin."""
    plain, first = (function.__func__, (function.__self__,)) if isinstance(function, MethodType) else (function, ())
    if not isinstance(plain, FunctionType):
        return None
    twin = getattr(plain, IN_STEPS, None) or _twin_in_library(plain)
    return None if twin is None else (twin, first)


def _twin_in_library(function: FunctionType) -> FunctionType | None:
    """The twin of a function of ours or asyncio's that runs a loop, by its name and source; made at the first call."""
    if function.__name__ not in _RUNNERS or not _is_known(function) or function.__closure__:
        return None
    if function is Loop.run:  # the reactor's own has a way to be run in steps
        return None
    [node] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    if not isinstance(node, ast.FunctionDef) or not _can_have_twin(node) or not _calls(node, _RUNNERS):
        return None
    code = function.__code__
    twin = ast.fix_missing_locations(ast.Module([_Splitter(_RUNNERS).twin(node)], []))
    ast.increment_lineno(twin, code.co_firstlineno - 1)
    made: dict[str, FunctionType] = {}
    flags = __future__.annotations.compiler_flag
    exec(compile(twin, code.co_filename, "exec", flags, dont_inherit=True), function.__globals__, made)
    link(function, *made.values())
    return getattr(function, IN_STEPS)  # type: ignore[no-any-return]  # set just now


def _is_known(function: FunctionType) -> bool:
    return function.__module__ in _ASYNCIO or function.__module__.partition(".")[0] == __name__.partition(".")[0]


def _names_that_run(tree: ast.AST) -> set[str]:
    """The functions that might run the reactor, by the last part of their names."""
    names = set(_RUNNERS)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _can_have_twin(node)]
    before = 0
    while len(names) > before:  # until there is no function left that calls one of those found so far
        before = len(names)
        names |= {function.name for function in functions if _calls(function, names)}
    return names


def _can_have_twin(function: ast.FunctionDef) -> bool:
    generates = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _in_its_own_scope(function))
    return not function.decorator_list and not generates


def _calls(function: ast.FunctionDef, names: set[str]) -> bool:
    return any(isinstance(node, ast.Call) and _last_name(node) in names for node in _in_its_own_scope(function))


def _in_its_own_scope(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Everything in the body that runs when the function runs."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def _last_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


class _Splitter(ast.NodeTransformer):
    """Makes twins, and changes the calls at every place that can wait, where `await` is allowed."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if _last_name(node) not in self._names:
            return node
        steps = ast.Call(ast.Name(IN_STEPS, ast.Load()), [node.func, *node.args], node.keywords)
        return ast.copy_location(ast.Await(ast.copy_location(steps, node)), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef | list[ast.stmt]:
        if not _can_have_twin(node) or not _calls(node, self._names):
            return node
        twin = self.twin(node)
        both = ast.Call(ast.Name(LINK, ast.Load()), [ast.Name(n, ast.Load()) for n in (node.name, twin.name)], [])
        return [twin, node, ast.copy_location(ast.Expr(both), node)]

    def twin(self, node: ast.FunctionDef) -> ast.AsyncFunctionDef:
        """Make a twin of the function, which stops where it runs the reactor."""
        body = [changed for statement in node.body for changed in _as_list(self.visit(deepcopy(statement)))]
        values = dict(ast.iter_fields(node))
        return ast.copy_location(
            ast.AsyncFunctionDef(**{**values, "name": f"_steps_of_{node.name}", "body": body}), node
        )

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """A class's methods may have twins; its body itself can't wait."""
        changed = [self.visit(one) if isinstance(one, ast.FunctionDef) else one for one in node.body]
        node.body = [statement for one in changed for statement in _as_list(one)]
        return node

    def _leave(self, node: N) -> N:
        """Nothing in here can wait."""
        return node

    visit_AsyncFunctionDef = visit_Lambda = visit_GeneratorExp = _leave
    visit_ListComp = visit_SetComp = visit_DictComp = _leave


def _as_list(one: Any) -> list[Any]:
    return one if isinstance(one, list) else [one]
