"""The program's reactor, for what has a reactor as an argument that may be left out.

The library is handed its reactor wherever it can be. Where Twisted's signature lets it be left out, as in
`deferToThread(f)` or `getProcessOutput(executable)`, the code asks `the_reactor`, and nothing else of the library does
`from reactor import reactor`: the import contract in pyproject.toml sees to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import reactor as package

if TYPE_CHECKING:
    from reactor.core.reactor import Reactor

T = TypeVar("T")


def the_reactor(given: T | None = None) -> T | Reactor:
    """`given`, or else the program's reactor, which is chosen now if it has none yet.

    Call it when the reactor is needed, not when a module is imported: a program may still install another one.
    """
    return package.reactor if given is None else given
