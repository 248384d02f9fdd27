"""The reactor on GLib's main loop, and so GTK's, 3 and 4. `install()` makes it the program's own.

GLib's loop runs, and the reactor is its guest: windows stay alive whatever happens on the network, even while a dialog
waits for its answer. Needs PyGObject (Debian: python3-gi; GTK itself: gir1.2-gtk-3.0 or gir1.2-gtk-4.0).

What ends GTK's loop ends `reactor.run()`: `Gtk.main_quit()` in a program for GTK 3, or `quit()` of the application that
was registered with `registerGApplication`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

from reactor import error, main
from reactor.core.guests.host import Undo
from reactor.core.guests.reactor import GuestReactor
from reactor.extras import installed_by

with installed_by("PyGObject<3.51"):  # later ones need a library that Debian 12 lacks
    from gi.repository import Gio, GLib

__all__ = ["GLibReactor", "install"]

_LOOKS = 10  # how often to ask for pending work; bounded, since an animation always has some


class GLibHost:
    """GLib's default main context.

    application: a Gio.Application whose own `run` is to be the loop; it can run once.
    """

    nests = True

    def __init__(self) -> None:
        self.application: Any = None
        self._context = GLib.MainContext.default()
        self._quit: Callable[[], object] = lambda: None
        self._is_over = False

    def watch(self, fd: int, call: Callable[[], object]) -> Undo:
        def readable(*_: object) -> bool:
            call()
            return True  # go on watching

        awaited = GLib.IOCondition.IN | GLib.IOCondition.ERR | GLib.IOCondition.HUP
        number = GLib.io_add_watch(fd, GLib.PRIORITY_DEFAULT, awaited, readable)
        self._context.find_source_by_id(number).set_can_recurse(True)  # also called from a nested loop
        return lambda: GLib.source_remove(number)

    def call_after(self, delay_s: float, call: Callable[[], object]) -> Undo:
        def due() -> bool:
            call()
            return False  # not again

        number = GLib.timeout_add(math.ceil(delay_s * 1000), due)
        return lambda: GLib.source_remove(number)

    def run(self) -> None:
        application, self.application = self.application, None
        if application is not None:
            self._quit = application.quit
            application.run(None)
            return
        gtk = sys.modules.get("gi.repository.Gtk")
        if hasattr(gtk, "main"):  # GTK 3, whose programs end this loop, by Gtk.main_quit()
            self._quit = gtk.main_quit  # type: ignore[union-attr]  # hasattr has seen that it is no None
            gtk.main()  # type: ignore[union-attr]  # the same
        else:
            self._iterate()

    def wait(self, delay_s: float) -> None:
        if not delay_s:
            for _ in range(_LOOKS):
                if not self._context.iteration(False):
                    return
            return
        timer = GLib.timeout_add(math.ceil(delay_s * 1000), self._end)
        self._iterate()
        GLib.source_remove(timer)

    def _iterate(self) -> None:
        # Not GLib.MainLoop().run(): PyGObject's handles SIGINT, and that is not the loop's decision.
        self._is_over = False
        self._quit = self._end
        while not self._is_over:
            self._context.iteration(True)

    def _end(self) -> bool:
        self._is_over = True
        return True  # as a timer, stay there until it is removed

    def quit(self) -> None:
        self._quit()


class GLibReactor(GuestReactor):
    """A reactor that is driven by GLib's main loop."""

    def __init__(self) -> None:
        self._glib = GLibHost()
        super().__init__(self._glib)

    def registerGApplication(self, app: Any) -> None:
        """Have `run()` run this Gio.Application or Gtk.Application, once; its `startup` and `activate` come as usual.

        The run ends when the application quits, and with `stop()` it does. It is held: the network goes on when its
        last window is closed. A program that is over then has that window's handler call `stop()`.

        Raises TypeError for anything else, RuntimeError for a second one, and ReactorAlreadyRunning.
        """
        if not isinstance(app, Gio.Application):
            raise TypeError(f"registerGApplication() takes a Gio.Application, not {app!r}")
        if self._poller.is_hosted:
            raise error.ReactorAlreadyRunning("can't register an application: the reactor runs already")
        if self._glib.application is not None:
            raise RuntimeError(f"can't register {app!r}: {self._glib.application!r} is there already")
        app.connect("startup", Gio.Application.hold)  # not at once: who only calls another process has nothing to hold
        self._glib.application = app


def install() -> GLibReactor:
    """Make this the reactor of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = GLibReactor()
    main.installReactor(reactor)
    return reactor
