"""Running the reactor under the profiler, or under pdb."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable
from typing import Any

from reactor import log
from reactor.application.runner.errors import RunnerError
from reactor.application.runner.files import open_only_name, reason
from reactor.log.events import Event


class Profile:
    """Runs a function under cProfile, and writes where its time went into a file.

    as_text: write the functions, by the time in them and in what they called; else what `pstats.Stats(path)` reads.
    Raises RunnerError when the file can't be written. It is opened now: after the run a bad path would cost the result.
    """

    def __init__(self, path: str, as_text: bool) -> None:
        self._as_text = as_text
        try:
            fd = open_only_name(path, os.O_WRONLY | os.O_CREAT)
        except OSError as problem:
            raise RunnerError(f"profile {path}: {reason(problem)}") from problem
        os.truncate(fd, 0)  # only now: O_TRUNC would empty a file before we have looked at it
        self._file: Any = open(fd, "w" if as_text else "wb")  # noqa: SIM115  # closed by run()

    def run(self, function: Callable[..., object]) -> None:
        """Call the function, and write the file, however the call ends."""
        import cProfile
        import pstats

        profile = cProfile.Profile()
        try:
            profile.runcall(function)
        finally:
            with self._file as file:
                if self._as_text:
                    pstats.Stats(profile, stream=file).sort_stats("cumulative").print_stats()
                else:
                    profile.create_stats()
                    marshal.dump(profile.stats, file)


def run_under_pdb(reactor: Any) -> None:
    """Run the reactor under pdb, which stops at its first line, and where an error that is logged was raised.

    `c` continues, Ctrl-C stops wherever the program is, `q` stops all services and ends it.
    """
    import bdb
    import pdb

    def show(event: Event) -> None:
        failure = event.get("failure")
        if failure is not None and failure.tb is not None:
            print(log.textFromEventDict(event))
            pdb.post_mortem(failure.tb)

    log.addObserver(show)
    try:
        pdb.Pdb().runcall(reactor.run)
    except bdb.BdbQuit:
        reactor.callWhenRunning(reactor.stop)
        reactor.run()
    finally:
        log.removeObserver(show)
