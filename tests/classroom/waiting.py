"""Waiting for programs of others to be there, which can only be looked for."""

from __future__ import annotations

import socket
import time

DEADLINE_S = 300


def free_port() -> int:
    """A port that was free a moment ago; servers of others don't say which they took."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def until(condition, told=lambda: ""):
    """Look until it is so. Returns what the condition returns; `told()` is what a failure says."""
    end = time.monotonic() + DEADLINE_S
    while not (found := condition()):
        assert time.monotonic() < end, told()
        time.sleep(0.2)
    return found
