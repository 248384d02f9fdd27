"""Serve a folder over HTTP."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from reactor.application import own_files
from reactor.application.internet.endpoint import StreamServerEndpointService
from reactor.application.options import option, place
from reactor.application.runner.files import open_only_name
from reactor.application.service import Service
from reactor.default import the_reactor
from reactor.endpoints import serverFromString
from reactor.web.server import Site
from reactor.web.static import File


@dataclass
class Options:
    """The options of `reactord web`."""

    port: str = option("8080", "where to listen: a port, or an endpoint such as tcp:80:interface=127.0.0.1", place)
    path: Path = option(Path(), "the folder to serve, or one file")
    log: Path | None = option(None, "a file for the access log; left out, it goes where all else is logged")
    hidden: bool = option(False, "serve hidden files too, whose names begin with a dot; lists leave them out")

    def __post_init__(self) -> None:
        self.path = self.path.absolute()  # a daemon changes its working directory
        if not self.path.exists():
            raise ValueError(f"path: nothing is at {self.path}")
        if self.log is not None:
            self.log = self.log.absolute()


_PUBLIC = ".well-known"
"""A hidden name that is for the public: certificates are asked for there, and more (RFC 8615)."""


class ServedFile(File):
    """A file or folder of which no file of the program's own is served, and hidden ones only if asked."""

    serves_hidden = False

    def createSimilarFile(self, path: str) -> File:
        """As File does it."""
        similar = super().createSimilarFile(path)
        similar.serves_hidden = self.serves_hidden  # type: ignore[attr-defined]  # it is one of these
        return similar

    def mayServe(self, name: str, path: str) -> bool:
        """Whether it is neither the program's own, nor hidden, by its name or on the way that a link leads."""
        if own_files.is_own(path):
            return False
        below = os.path.relpath(path, os.path.realpath(self._root)).split(os.sep)
        return self.serves_hidden or not any(map(_is_hidden, (name, *below)))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name not in (os.curdir, _PUBLIC)


class WebService(StreamServerEndpointService):
    """Serves a site, and opens its access log anew when told to reload."""

    factory: Site

    def reloadService(self) -> None:
        """Go on in a new access log, because a log rotator moved the old one away."""
        self.factory.reopenLog()


def makeService(options: Options) -> Service:
    """The service that listens and serves the files."""
    own_files.claim(options.log)
    root = ServedFile(options.path)
    root.serves_hidden = options.hidden
    root.isLeaf = not options.path.is_dir()
    site = Site(root, logPath=options.log)
    site.logOpener = open_only_name  # as reactord opens its own log: perhaps as root, where other users may write
    return WebService(serverFromString(the_reactor(), options.port), site)
