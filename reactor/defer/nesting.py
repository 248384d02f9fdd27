"""How deep chains are nested in each other.

A step that fires another Deferred may expect its chain to have run when `callback` returns, as in Twisted. So that
chain runs inside the first, perhaps a third inside the second. The stack can't hold the chains of thousands that fire
each other. So below a certain depth a chain is postponed: it runs when the chain that is nested deepest is through, in
the order of firing. `callback` returns before that; without this, Python would soon have raised RecursionError.
"""

from __future__ import annotations

from collections import deque
from threading import local
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reactor.defer.core import Deferred

NEST_AT_MOST = 30  # a level takes some ten frames, and Python allows a thousand


class Nesting(local):
    """The chains that run now in one thread. depth: how many. postponed: those that run when the deepest is through."""

    depth = 0

    def __init__(self) -> None:
        self.postponed: deque[Deferred[Any]] = deque()
