"""A process that carries out one order of the server: it builds the site, or runs a session.

Why a process, and not a thread of the server's: a deck is a program that anybody wrote. It may take as long as it
likes, must be imported anew each time, and nothing in Python ends a thread that doesn't want to. Drawing is also plain
computing, for which threads would make the server wait.

The order is a line of JSON on standard input, which stays open as a leash: when the server has gone, however it went,
the leash ends and the worker tidies up. Answers are lines of JSON on descriptor 3; what the deck prints goes to the
server's terminal. A worker has a session (setsid) of its own, so a Ctrl-C at the terminal reaches the server alone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

ANSWERS_FD = 3

Tell = Callable[[dict[str, Any]], None]


def main() -> None:
    """Get ready, wait for the order, carry it out. Does not return: a thread that the deck started doesn't keep us."""
    os.setsid()
    os.set_inheritable(ANSWERS_FD, False)
    signal.signal(signal.SIGTERM, _end)
    status = 1
    try:
        _import_what_every_build_needs()
        line = sys.stdin.buffer.readline()
        if line:
            _hold_leash()
            _carry_out(json.loads(line))
        status = 0
    except KeyboardInterrupt:  # `_end`: everything is tidied up on the way here
        status = 128 + signal.SIGTERM
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def _carry_out(order: dict[str, Any]) -> None:
    if order["do"] == "build":
        from lecture.serve.build_once import build

        build(order, _tell)
    else:
        from lecture.serve.run_once import run

        run(order, _tell)


def _tell(answer: dict[str, Any]) -> None:
    data = json.dumps(answer).encode() + b"\n"
    while data:
        data = data[os.write(ANSWERS_FD, data) :]


def _import_what_every_build_needs() -> None:
    """The libraries take longer than all the rest of a small build, and they are the same each time."""
    import jinja2  # noqa: F401
    import markdown_it  # noqa: F401
    import pygments.formatters  # noqa: F401

    import lecture.outputs.pages
    import lecture.programs.against_simulation
    import lecture.programs.processes.stage  # noqa: F401


def _hold_leash() -> None:
    """End this process when standard input ends. The deck finds nothing to read there."""
    leash = os.dup(0)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)

    def watch() -> None:
        os.read(leash, 1)  # nothing is ever written there
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what tidies up must not be interrupted
    raise KeyboardInterrupt
