"""Twisted's name for `reactor.glibreactor`, for programs written for GTK 3."""

from reactor.glibreactor import GLibReactor as Gtk3Reactor
from reactor.glibreactor import install

__all__ = ["Gtk3Reactor", "install"]
