"""Answer finger queries with what is in a folder: a file for each user."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reactor.application import strports
from reactor.application.options import option, place
from reactor.application.service import Service
from reactor.protocols.finger import FingerFactory, plans
from reactor.vfs import Folder


@dataclass
class Options:
    """The options of `reactord finger`."""

    port: str = option("tcp:79:interface=127.0.0.1", "where to listen: an endpoint, or a port for all to ask", place)
    path: Path = option(Path(), "the folder; who asks for alice gets its file alice, or alice/.plan")

    def __post_init__(self) -> None:
        self.path = self.path.absolute()  # a daemon changes its working directory
        if not self.path.is_dir():
            raise ValueError(f"path: {self.path} is no folder")


def makeService(options: Options) -> Service:
    """A service that listens, and answers."""
    return strports.service(options.port, FingerFactory(plans(Folder(options.path, readOnly=True))))
