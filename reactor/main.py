"""Which reactor is *the* reactor of this program: an attribute of the package, `reactor.reactor`.

A program that wants a certain kind says so first, with the `install()` of `reactor.selectreactor` or its sisters, which
registers it here; otherwise `from reactor import reactor` chooses one. Choosing after the fact is an error, because
half of the program would already hold the first one.

The library itself is handed its reactor wherever it can be. What has a default, because Twisted's signature has one
(`deferToThread(f)`, `getProcessOutput(executable)`), asks `the_reactor`, and nothing else does.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

import reactor as package
from reactor import error

if TYPE_CHECKING:
    from reactor.core.reactor import Reactor

CONNECTION_DONE = error.ConnectionDone("Connection done")
CONNECTION_LOST = error.ConnectionLost("Connection lost")

T = TypeVar("T")


def installReactor(reactor: Reactor) -> None:
    """Make this the reactor that `from reactor import reactor` gives. Raises ReactorAlreadyInstalledError."""
    if "reactor" in vars(package):
        raise error.ReactorAlreadyInstalledError(
            f"a reactor is installed already ({type(package.reactor).__name__}): "
            "install another before anything says `from reactor import reactor`"
        )
    package.reactor = reactor
    if os.environ.get("REACTOR_DEBUG", "") not in ("", "0"):
        from reactor import debug

        debug.watch(reactor)


def the_reactor(given: T | None = None) -> T | Reactor:
    """`given`, or else the program's reactor, which is chosen now if it has none yet.

    Call it when the reactor is needed, not when a module is imported: a program may still install another one.
    """
    return package.reactor if given is None else given
