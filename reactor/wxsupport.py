"""wx windows beside the reactor. There is no reactor for wx: the reactor's loop lets wx have its turns.

    app = wx.App()
    wxsupport.install(app)
    frame.Bind(wx.EVT_CLOSE, lambda event: reactor.stop())
    reactor.run()

Never call `MainLoop()`. Dialogs that wait for an answer may be used; the network goes on meanwhile. Needs wxPython
(Debian: python3-wxgtk4.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.core.guests.pump import Pump, Undo
from reactor.default import the_reactor

__all__ = ["install", "uninstall"]

_MOST_EVENTS = 100  # at a time, so that a busy window doesn't keep the network waiting
_pumps: list[Pump] = []


def install(app: Any, ms: int = 10, reactor: Any = None) -> None:
    """Let wx handle its events from the reactor's loop, until `uninstall()`.

    app: the wx.App. ms: how often. reactor: the program's if left out.
    """
    import wx

    loop = wx.GUIEventLoop()

    def serve() -> bool:
        active = wx.EventLoopActivator(loop)
        for _ in range(_MOST_EVENTS):
            if not loop.Pending():
                break
            loop.Dispatch()
        app.ProcessPendingEvents()
        loop.ProcessIdle()
        del active  # this makes the previous loop active again
        return True

    def after(delay_s: float, call: Callable[[], object]) -> Undo:
        return wx.CallLater(round(delay_s * 1000), call).Stop  # type: ignore[no-any-return]  # wx has no types here

    _pumps.append(Pump(the_reactor(reactor), ms / 1000, serve, after))


def uninstall() -> None:
    """Stop calling wx."""
    while _pumps:
        _pumps.pop().stop()
