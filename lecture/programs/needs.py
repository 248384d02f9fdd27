"""What a session needs that not every machine has.

    # needs: gi, curl, display

A name is that of a Python module, or of a program; `display` stands for an invisible screen, which the runner
makes (Xvfb). Where one of them is missing, the session is not run, and its slide says so; but under CI that is an
error, since a session that runs on no machine is not known to hold.
"""

from __future__ import annotations

import importlib.util
import os
import shutil

from lecture.errors import LectureError, Where
from lecture.programs.session import SessionFile

DISPLAY = "display"


def missing(session: SessionFile) -> str:
    """Which of its needs this machine can't meet, for people to read; "" when it can be run.

    Raises LectureError for the same reason under CI.
    """
    lacking = [name for name in session.needs if not _is_here(name)]
    if lacking and os.environ.get("CI"):
        raise LectureError(
            f"the session needs {', '.join(lacking)}, which this machine lacks; `make loops` installs what ours need",
            where=Where(session.path, 1),
        )
    return ", ".join(lacking)


def _is_here(name: str) -> bool:
    return bool(shutil.which("Xvfb" if name == DISPLAY else name) or importlib.util.find_spec(name))
