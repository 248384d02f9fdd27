"""`lecture serve`: puts the parts together, prints the links, and leaves nothing behind.

    a file is saved  →  Watch  →  a worker builds  →  the site's folder is replaced  →  all pages load themselves again
    Run is pressed   →  a worker runs the session  →  its lines go to all pages

Everything here runs in the loop of one reactor, and no part of it waits.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import lecture.outputs
from lecture.errors import LectureError
from lecture.programs.processes import leftovers
from lecture.programs.temporary import abandoned_folders, temporary_folder
from lecture.serve.audience import Audience
from lecture.serve.door import Door
from lecture.serve.live import Live
from lecture.serve.pages import LIVE, SCRIPT, STYLESHEET, LiveSite, Pages
from lecture.serve.rebuilding import Builds
from lecture.serve.runs import Run
from lecture.serve.workers import Answer, Workers
from reactor.defer import Deferred, maybeDeferred
from reactor.error import CannotListenError
from reactor.web.static import Data

LOOPBACK = "127.0.0.1"
_BACKLOG = 512  # all of a large audience may load the page again at the same moment
RUNTIME = Path(lecture.outputs.__file__).parent / "runtime"


@dataclass(frozen=True)
class Options:
    """What the command line said. deck: see load_deck; deck_file: where it begins. port: 0 for any that is free."""

    deck: str
    deck_file: Path
    port: int = 8000
    examples: Path | None = None
    cache: Path | None = None
    allow_edit: bool = False
    audience_at: str = ""


class Server:
    """A deck that is served, from `start` to `stop`.

    folder: for the site; it must not exist yet. say: prints a line.
    Raises LectureError when the port can't be had.
    """

    def __init__(self, reactor: Any, options: Options, folder: Path, say: Callable[[str], object] = print) -> None:
        self._reactor, self._options, self._folder, self._say = reactor, options, folder, say
        self._builds_until_now = 0
        self._began = 0.0
        self.audience = Audience(self._start_run, options.allow_edit)
        self._pages = Pages(folder)
        self._site = LiveSite(self._pages, reactor)
        self._port = self._listen(options.port)
        self.door = self._site.door = Door(self._port.getHost().port, options.audience_at)
        self._pages.putChild(LIVE.encode(), Live(self.audience, self.door))
        for name, kind in ((SCRIPT, "text/javascript"), (STYLESHEET, "text/css")):
            self._pages.putChild(name.encode(), Data((RUNTIME / name).read_bytes(), kind))
        self._workers = Workers(reactor)
        deck_file = str(options.deck_file.resolve())
        self.builds = Builds(reactor, self._workers, self._order(), deck_file, self._built)

    def _listen(self, port: int) -> Any:
        try:
            return self._reactor.listenTCP(port, self._site, backlog=_BACKLOG, interface=LOOPBACK)
        except CannotListenError as problem:
            why = getattr(problem.socketError, "strerror", None) or problem.socketError
            raise LectureError(
                f"cannot listen on port {port}: {why}; name another with --port, or 0 for any that is free"
            ) from problem

    def _order(self) -> Answer:
        examples, cache = (folder and str(folder.resolve()) for folder in (self._options.examples, self._options.cache))
        return {"deck": self._options.deck, "output": str(self._folder), "examples": examples, "cache": cache}

    def start(self) -> None:
        """Build for the first time, and watch."""
        self.builds.begin()
        self.builds.watch.start()

    def stop(self) -> Deferred[Any]:
        """End everything. Fires when no process and no port of ours is left."""
        self.builds.watch.stop()
        self.audience.close()
        return maybeDeferred(self._port.stopListening).addCallback(lambda _: self._workers.stop())

    def _built(self, answer: Answer) -> None:
        is_first = not self._pages.build and not self._pages.errors
        self._pages.errors = answer["errors"]
        if answer["errors"]:
            stays = "; the slides stay as they were" if self._pages.build else ""
            self._say(f"{_count(len(answer['errors']), 'error')}{stays}")
            self.audience.broken(answer["errors"])
        else:
            self._say(f"{_count(answer['slides'], 'slide')} in {answer['seconds']:.2f} s")
            self._builds_until_now += 1
            self._pages.build = f"{self._builds_until_now}-{self.door.server_id}"
            self.audience.built(self._pages.build, answer["folder"], answer["shown"])
        if is_first:
            self._show_links()

    def _show_links(self) -> None:
        page = "deck.html" if (self._folder / "deck.html").is_file() else ""
        self._say(f"\nto speak:  {self.door.speakers_link(page)}\nto follow: {self.door.audience_link(page)}\n")
        self._say("Whoever has the first link can run the lecture's programs on this machine. Ctrl-C ends it.")

    def _start_run(self, tell: Callable[[Answer], object], *about: Any) -> Run:
        return Run(self._workers, self._reactor, tell, *about)


def serve(reactor: Any, options: Options) -> None:
    """Serve until Ctrl-C, or a SIGTERM or SIGHUP."""
    with temporary_folder("served") as folder:
        server = Server(reactor, options, folder / "site", say=lambda line: print(line, flush=True))
        reactor.callWhenRunning(server.start)
        reactor.addSystemEventTrigger("before", "shutdown", server.stop)
        with _hanging_up_stops(reactor):
            reactor.run()
    for left in abandoned_folders():  # of a worker that had to be killed
        leftovers.kill(leftovers.processes(left, ()))


@contextlib.contextmanager
def _hanging_up_stops(reactor: Any) -> Iterator[None]:
    """Take the terminal's end for Ctrl-C."""

    def stop(number: int, frame: FrameType | None) -> None:
        reactor.callFromThread(lambda: reactor.stop() if reactor.running else None)

    before = signal.signal(signal.SIGHUP, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
