"""The program's reactor, for functions whose argument `reactor` may be left out.

The library gets its reactor as an argument wherever it can. Where Twisted's signature lets it be left out, as in
`deferToThread(f)` or `getProcessOutput(executable)`, the code asks `the_reactor`; nothing else in the library does
`from reactor import reactor`: the import contract in pyproject.toml ensures it.
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
