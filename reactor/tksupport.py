"""Tk windows beside the reactor. There is no reactor for Tk: the reactor's loop lets Tk have its turns.

    root = tkinter.Tk()
    tksupport.install(root)
    root.protocol("WM_DELETE_WINDOW", reactor.stop)
    reactor.run()

Never call `mainloop()`. Dialogs that wait for an answer may be used; the network goes on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.core.guests.pump import Pump, Undo
from reactor.default import the_reactor

__all__ = ["install", "uninstall"]

_pumps: list[Pump] = []


def install(widget: Any, ms: int = 10, reactor: Any = None) -> None:
    """Let Tk handle its events from the reactor's loop.

    widget: the root window, or any other of the application. ms: how often. reactor: the program's if left out.
    It ends with `uninstall()`, or when the application is destroyed.
    """
    from tkinter import TclError

    def update() -> bool:
        try:
            widget.update()
        except TclError as problem:
            if "has been destroyed" not in str(problem):
                raise
            return False
        return True

    def after(delay_s: float, call: Callable[[], object]) -> Undo:
        try:
            number = widget.after(round(delay_s * 1000), call)
        except TclError:
            return lambda: None  # it has been destroyed: update() will see that
        return lambda: _forget(widget, number)

    _pumps.append(Pump(the_reactor(reactor), ms / 1000, update, after))


def _forget(widget: Any, number: str) -> None:
    from tkinter import TclError

    try:
        widget.after_cancel(number)
    except TclError:
        pass  # the window was destroyed meanwhile, and its timers with it


def uninstall() -> None:
    """Stop calling Tk."""
    while _pumps:
        _pumps.pop().stop()
