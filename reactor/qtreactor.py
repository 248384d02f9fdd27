"""The reactor on Qt's event loop. `install()` makes it the program's own.

Qt's loop runs, the reactor is its guest: windows stay alive whatever happens on the network, even while a dialog waits
for its answer. Needs PySide6 (`pip install PySide6-Essentials`). A program with windows makes its QApplication first;
without one, a QCoreApplication is made. What ends Qt's loop, `app.quit()` or the last window, ends `reactor.run()`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from reactor import main
from reactor.core.guests.host import Undo
from reactor.core.guests.reactor import GuestReactor
from reactor.extras import installed_by

with installed_by("PySide6-Essentials"):
    from PySide6.QtCore import QCoreApplication, QEventLoop, QSocketNotifier, Qt, QThread, QTimer

__all__ = ["QtReactor", "install"]


class QtHost:
    """The event loop of Qt's main thread."""

    nests = True

    def __init__(self) -> None:
        self._application: Any = QCoreApplication.instance() or QCoreApplication([])
        self._alarm: Any = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._ring)
        self._on_alarm: Callable[[], object] = lambda: None
        self._notifier: Any = None
        self._on_readable: Callable[[], object] = lambda: None
        self._quit: Callable[[], object] = lambda: None

    def watch(self, fd: int, call: Callable[[], object]) -> Undo:
        self._on_readable = call
        if self._notifier is None or self._notifier.socket() != fd:
            self._make_notifier(fd)
        self._notifier.setEnabled(True)
        return self._unwatch

    def _make_notifier(self, fd: int) -> None:
        """Keep only one notifier: Qt would keep discarded ones until `run`, and then take long to delete them all."""
        if self._notifier is not None:
            self._notifier.deleteLater()
        # The application owns it, so that it can be discarded inside its own signal.
        self._notifier = QSocketNotifier(fd, QSocketNotifier.Type.Read, self._application)
        self._notifier.activated.connect(self._readable)

    def _readable(self, *_: object) -> None:
        self._on_readable()

    def _unwatch(self) -> None:
        self._notifier.setEnabled(False)

    def call_after(self, delay_s: float, call: Callable[[], object]) -> Undo:
        self._on_alarm = call
        self._alarm.start(math.ceil(delay_s * 1000))
        return self._alarm.stop  # type: ignore[no-any-return]  # Any: Qt has no types where it isn't installed

    def _ring(self) -> None:
        self._on_alarm()

    def run(self) -> None:
        if QThread.currentThread() != self._application.thread():  # else exec() would warn, and return at once
            raise RuntimeError("Qt's loop runs in one thread only, the one that made the application")
        self._quit = self._application.quit
        self._application.exec()

    def wait(self, delay_s: float) -> None:
        loop: Any = QEventLoop()
        if not delay_s:
            loop.processEvents()
            return
        self._quit = loop.quit
        timer: Any = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(loop.quit)
        timer.start(math.ceil(delay_s * 1000))
        loop.exec()
        timer.stop()

    def quit(self) -> None:
        self._quit()


class QtReactor(GuestReactor):
    """A reactor that is driven by Qt's event loop."""

    def __init__(self) -> None:
        super().__init__(QtHost())


def install() -> QtReactor:
    """Make this the reactor of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = QtReactor()
    main.installReactor(reactor)
    return reactor
