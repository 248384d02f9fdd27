"""Twisted's name for `reactor.glibreactor`: GTK 3, GTK 4 and whatever else PyGObject opens up run on that loop."""

from reactor.glibreactor import GLibReactor as GIReactor
from reactor.glibreactor import install

__all__ = ["GIReactor", "install"]
