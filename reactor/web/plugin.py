"""Serve a folder over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reactor.application.internet.endpoint import StreamServerEndpointService
from reactor.application.options import option, place
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

    def __post_init__(self) -> None:
        self.path = self.path.absolute()  # a daemon changes its working directory
        if not self.path.exists():
            raise ValueError(f"path: nothing is at {self.path}")
        if self.log is not None:
            self.log = self.log.absolute()


class WebService(StreamServerEndpointService):
    """Serves a site, and opens its access log anew when told to reload."""

    factory: Site

    def reloadService(self) -> None:
        """Go on in a new access log, because a log rotator moved the old one away."""
        self.factory.reopenLog()


def makeService(options: Options) -> Service:
    """The service that listens and serves the files."""
    site = Site(File(options.path), logPath=options.log)
    return WebService(serverFromString(the_reactor(), options.port), site)
