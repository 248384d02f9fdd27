"""What systemd and a service tell each other: the sockets that systemd has opened for us, and how we are.

    descriptors = inherited().inheritedDescriptors()        # [3, 4], if there are two sockets
    notifier = Notifier.fromEnvironment()
    notifier.notify(READY=1)

The words are those of sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3). Without systemd there are no sockets,
notifications go nowhere, and nothing here fails. `reactord` does all of this by itself.
"""

from __future__ import annotations

import functools
import os
import socket
from collections.abc import Mapping, MutableMapping, Sequence

__all__ = ["FIRST", "ListenFDs", "Notifier", "inherited"]

FIRST = 3
"""The first descriptor that is passed on; the others follow."""


class ListenFDs:
    """The sockets that were opened for this process.

    descriptors: their numbers. names: what the unit calls each (FileDescriptorName=), "unknown" unless it says.
    """

    def __init__(self, descriptors: Sequence[int], names: Sequence[str] = ()) -> None:
        self._descriptors = list(descriptors)
        self._names = [*names, *["unknown"] * len(self._descriptors)][: len(self._descriptors)]

    @classmethod
    def fromEnvironment(cls, environ: Mapping[str, str] | None = None, start: int = FIRST) -> ListenFDs:
        """The sockets that LISTEN_FDS counts, if LISTEN_PID says that they are ours. start: the first descriptor."""
        found = os.environ if environ is None else environ
        try:
            number = int(found["LISTEN_FDS"]) if int(found["LISTEN_PID"]) == os.getpid() else 0
        except (KeyError, ValueError):
            number = 0
        names = found.get("LISTEN_FDNAMES") if number else None
        return cls(range(start, start + number), names.split(":") if names else ())

    def inheritedDescriptors(self) -> list[int]:
        """Their numbers, in the order of the unit file."""
        return list(self._descriptors)

    def inheritedNamedDescriptors(self) -> dict[str, int]:
        """The number for each name; the last one, if several have the same."""
        return dict(zip(self._names, self._descriptors, strict=True))


@functools.cache
def inherited() -> ListenFDs:
    """The sockets that systemd has opened for this program. Its children get neither them nor their variables.

    Ask before the program forks: the sockets are for one process.
    """
    found = ListenFDs.fromEnvironment()
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        os.environ.pop(name, None)
    for fd in found.inheritedDescriptors():
        os.set_inheritable(fd, False)
    return found


class Notifier:
    """Tells the service manager the state of this service.

    address: of the manager's socket; "@…" is an abstract one; None without a manager.
    watchdog_s: the manager wants to hear from us at least this often, in seconds; None if it doesn't watch.
    """

    def __init__(self, address: str | None, watchdog_s: float | None = None) -> None:
        self.watchdog_s = watchdog_s
        self._socket = self._connected(address) if address else None

    @classmethod
    def fromEnvironment(cls, environ: MutableMapping[str, str] | None = None) -> Notifier:
        """From NOTIFY_SOCKET and WATCHDOG_USEC; these are removed, since they are not for our children."""
        found = os.environ if environ is None else environ
        for_us = found.pop("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        micros = found.pop("WATCHDOG_USEC", "")
        address = found.pop("NOTIFY_SOCKET", None)
        return cls(address, int(micros) / 1e6 if for_us and micros.isdigit() and int(micros) else None)

    @staticmethod
    def _connected(address: str) -> socket.socket | None:
        new = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        new.setblocking(False)  # losing a notification is better than waiting
        try:
            new.connect("\0" + address[1:] if address[0] == "@" else address)
        except OSError:
            new.close()
            return None
        return new

    def notify(self, **state: object) -> bool:
        """Tell the manager: `notify(READY=1)`. Returns whether it was sent; does nothing without a manager."""
        if self._socket is None:
            return False
        message = "\n".join(f"{name}={str(value).replace(chr(10), ' ')}" for name, value in state.items())
        try:
            self._socket.send(message.encode("utf-8", "replace"))
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Close the socket: no more notifications are sent."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
