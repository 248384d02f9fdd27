"""Files that the running program itself keeps: its log, its pid file, what configures it.

The runner claims them, and so does a service that writes a file. A service that gives files away asks here: these tell
a stranger what the program does and how it is set up, and may lie in the folder that is served.
"""

from __future__ import annotations

import os

_claimed: set[str] = set()


def claim(*paths: str | os.PathLike[str] | None) -> None:
    """Say that these are the program's own, whether they exist yet or not. None and "" stand for no file."""
    _claimed.update(_spelled(os.path.realpath(path)) for path in paths if path is not None and os.fspath(path))


def is_own(path: str) -> bool:
    """Whether the file at `path`, which has no links in it, was claimed, or is an older one that stands beside it.

    A log that is full goes on in a new file, and the old one gets a longer name: `app.log.1`, `app.log-20261130.gz`.
    """
    spelled = _spelled(path)
    return any(spelled.startswith(own) and spelled[len(own) : len(own) + 1] in ("", ".", "-") for own in _claimed)


def _spelled(path: str) -> str:
    """The path as it is compared: on some systems the case of a name doesn't matter."""
    return path.casefold()
