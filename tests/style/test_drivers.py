"""What drives or watches the loop does so by the methods that the loop has for that, never by its private names.

There are several: the guests of other loops, the simulated world's reactor, asyncio's selector, the debug mode, the
recorder's hooks. A private name that one of them used would be a second interface, and break unseen.
"""

from __future__ import annotations

import ast
import pathlib

import reactor
from reactor.core.guests.reactor import GuestReactor
from reactor.core.loop.core import Loop
from reactor.core.reactor import Reactor
from reactor.core.tcp import TCPReactor

PACKAGE = pathlib.Path(reactor.__file__).parent
LOOP = PACKAGE / "core" / "loop" / "core.py"
KINDS = {kind.__name__ for kind in (Loop, TCPReactor, Reactor, GuestReactor)} | {"SimReactor"}
KNOWN_DRIVERS = {
    "asyncioloop/loop.py",
    "asyncioloop/selector.py",
    "asyncioreactor.py",
    "core/guests/reactor.py",
    "debug.py",
    "sim/sim_reactor.py",
    "trace/hooks/loop.py",
}


def private_names_of_the_loop() -> set[str]:
    """Its methods and attributes with an underscore in front, as its source has them."""
    (loop,) = (one for one in ast.parse(LOOP.read_text()).body if isinstance(one, ast.ClassDef) and one.name == "Loop")
    names = {one.name for one in loop.body if isinstance(one, ast.FunctionDef)}
    names |= {one.attr for one in ast.walk(loop) if isinstance(one, ast.Attribute) and _is_self(one.value)}
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def drivers() -> dict[str, ast.Module]:
    """Every module outside of `core/loop` that names a kind of loop, parsed, by its path in the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent != LOOP.parent:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(
                alias.name in KINDS
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            ):
                found[path.relative_to(PACKAGE).as_posix()] = tree
    return found


def private_uses(tree: ast.Module, private: set[str]) -> list[str]:
    """Where these names stand: as attributes, as methods of a kind of loop, or in the strings of patches."""
    own = {
        id(node)
        for kind in ast.walk(tree)
        if isinstance(kind, ast.ClassDef)
        and not any(isinstance(base, ast.Name) and base.id in KINDS for base in kind.bases)
        for node in ast.walk(kind)
        if isinstance(node, ast.FunctionDef) or (isinstance(node, ast.Attribute) and _is_self(node.value))
    }
    return [
        f"line {node.lineno}: {name}"
        for node in ast.walk(tree)
        if id(node) not in own and (name := _name(node)) in private and hasattr(node, "lineno")
    ]


def _name(node: ast.AST) -> object:
    match node:
        case ast.Attribute(attr=name) | ast.FunctionDef(name=name) | ast.Constant(value=name):
            return name
    return None


def test_the_drivers_are_found() -> None:
    assert set(drivers()) >= KNOWN_DRIVERS


def test_no_driver_touches_a_private_name_of_the_loop() -> None:
    private = private_names_of_the_loop()
    assert "_from_threads" in private and "_end" in private
    found = {path: uses for path, tree in drivers().items() if (uses := private_uses(tree, private))}
    assert not found


def test_a_private_name_is_found_in_each_way_to_use_it() -> None:
    program = """
class Mine(Reactor):
    def _end(self):
        self._serving = True
def watch(reactor, patches):
    reactor._from_threads.clear()
    patches.around(Loop, "_make_calls_from_threads")
class Another:
    def _end(self):
        self._serving = reactor._serving
"""
    found = private_uses(ast.parse(program), private_names_of_the_loop())
    assert sorted(found) == [
        "line 10: _serving",
        "line 3: _end",
        "line 4: _serving",
        "line 6: _from_threads",
        "line 7: _make_calls_from_threads",
    ]
