"""An invisible screen for the sessions that need one: X's virtual frame buffer, Xvfb."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
from collections.abc import Iterator

from lecture.errors import LectureError, Where
from lecture.programs.needs import DISPLAY, missing
from lecture.programs.session import SessionFile

_START_S = 20.0
# Keeps GTK from looking for a desktop's services, and from complaining that there are none.
NO_DESKTOP = {"NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory", "GDK_BACKEND": "x11"}


@contextlib.contextmanager
def surroundings(session: SessionFile) -> Iterator[dict[str, str]]:
    """Provide what the session needs for the time of the block, and yield the environment variables that name it.

    Raises LectureError for what is missing.
    """
    lacking = missing(session)
    if lacking:
        raise LectureError(f"the session needs {lacking}, which this machine lacks", where=Where(session.path, 1))
    if DISPLAY not in session.needs:
        yield {}
        return
    with display() as name:
        yield {**NO_DESKTOP, "DISPLAY": name}


@contextlib.contextmanager
def display(size: str = "800x600") -> Iterator[str]:
    """Start an invisible screen for the time of the block, and yield its name, as for DISPLAY.

    Xvfb chooses a free number and reports it once the screen can be used. Raises LectureError when it reports none.
    """
    told, tell = os.pipe()
    try:
        # -noreset: else the server begins anew when its last client leaves, and drops one that comes in that moment. wx
        # opens its display twice.
        options = ["-displayfd", str(tell), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
        with open(os.devnull, "r+b") as nowhere:
            server = subprocess.Popen(
                ["Xvfb", *options],
                pass_fds=[tell],
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
                start_new_session=True,  # a Ctrl-C is for the build; the screen goes when the session has gone
            )
    finally:
        os.close(tell)
    try:
        ready, _, _ = select.select([told], [], [], _START_S)
        number = os.read(told, 20).decode().strip() if ready else ""
        if not number:
            raise LectureError("Xvfb could not make a screen: try `Xvfb -displayfd 1` by hand")
        yield f":{number}"
    finally:
        os.close(told)
        server.terminate()
        server.wait()
