"""Porting programs from Twisted to `reactor`, and back: `python -m reactor.port FILE…`

    from reactor.port import TO_OURS, port

    text, problems = port("from twisted.internet import reactor, defer\n", TO_OURS)

Only imports change, and uses of dotted names; every line keeps its number. `names.py` has the two rules of names.
"""

from reactor.port.imports import port
from reactor.port.names import TO_OURS, TO_TWISTED, Direction, ours, theirs
from reactor.port.uses import Problem

__all__ = ["TO_OURS", "TO_TWISTED", "Direction", "Problem", "ours", "port", "theirs"]
