"""Registering *the* reactor of this program: it becomes an attribute of the package, `reactor.reactor`.

A program that wants a certain kind calls `install()` of `reactor.selectreactor` or one of its sisters first, which
registers it here; otherwise `from reactor import reactor` chooses one. Choosing after the fact is an error, because
half of the program would already hold the first one.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from reactor import error

if TYPE_CHECKING:
    from reactor.core.reactor import Reactor

CONNECTION_DONE = error.ConnectionDone("Connection done")
CONNECTION_LOST = error.ConnectionLost("Connection lost")

# Only a place to write to. An import would be the way back up: the package chooses among kinds that register here.
_package = vars(sys.modules["reactor"])


def installReactor(reactor: Reactor) -> None:
    """Make this the reactor that `from reactor import reactor` gives. Raises ReactorAlreadyInstalledError."""
    if "reactor" in _package:
        raise error.ReactorAlreadyInstalledError(
            f"a reactor is installed already ({type(_package['reactor']).__name__}): "
            "install another before anything says `from reactor import reactor`"
        )
    _package["reactor"] = reactor
    if os.environ.get("REACTOR_DEBUG", "") not in ("", "0"):
        from reactor import debug

        debug.watch(reactor)
