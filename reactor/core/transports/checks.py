"""Checks of the arguments that programs pass to the reactor: done at the call, where the traceback shows the caller."""

from __future__ import annotations


def check_port(port: object) -> None:
    """Raises TypeError or ValueError for an invalid port."""
    _check_whole_number("a port", port)
    if not 0 <= port <= 65535:  # type: ignore[operator]  # it is a number, as was just checked
        raise ValueError(f"a port is between 0 and 65535, not {port}")


def check_host(host: object) -> None:
    """Raises TypeError for a host that isn't text."""
    if not isinstance(host, str):
        raise TypeError(f"a host is text, an address or a name, not {host!r}")


def check_interface(interface: object) -> None:
    """Raises TypeError for an interface that isn't text."""
    if not isinstance(interface, str):
        raise TypeError(f"an interface is the text of an address, not {interface!r}")


def check_bind_address(address: object) -> None:
    """Raises TypeError or ValueError for anything but None or an address and a port."""
    if address is None:
        return
    if not isinstance(address, (tuple, list)) or len(address) != 2 or not isinstance(address[0], str):
        raise TypeError(f"bindAddress is an address and a port, as ('127.0.0.1', 0), not {address!r}")
    check_port(address[1])


def check_timeout(timeout: float | None) -> None:
    """Raises ValueError or TypeError for an invalid time-out of a connection."""
    wrong = f"timeout is a number of seconds, 0 or more, or None; not {timeout!r}"
    try:
        fits = timeout is None or timeout >= 0
    except TypeError:
        raise TypeError(wrong) from None
    if not fits:
        raise ValueError(wrong)


def check_factory(factory: object) -> None:
    """Raises TypeError for an object that builds no protocols: usually a factory's class, or a protocol."""
    if isinstance(factory, type) or not hasattr(factory, "buildProtocol"):
        raise TypeError(f"protocols are built by a factory, an object of one, not by {factory!r}")


def check_backlog(backlog: object) -> None:
    """Raises TypeError for a backlog that isn't a whole number."""
    _check_whole_number("a backlog", backlog)


def check_pool_size(size: object) -> None:
    """Raises TypeError or ValueError for an invalid number of threads."""
    _check_whole_number("the size of a thread pool", size)
    if size < 0:  # type: ignore[operator]  # it is a number, as was just checked
        raise ValueError(f"a thread pool has 0 threads or more, not {size}")


def check_mode(mode: object) -> None:
    """Raises TypeError or ValueError for invalid permissions of a file."""
    _check_whole_number("a mode", mode)
    if not 0 <= mode <= 0o7777:  # type: ignore[operator]  # it is a number, as was just checked
        raise ValueError(f"a mode is between 0 and 0o7777, not {mode!r}")


def check_packet_size(size: object) -> None:
    """Raises TypeError or ValueError for an invalid size of a datagram to receive."""
    _check_whole_number("maxPacketSize", size)
    if not 1 <= size <= 2**31 - 1:  # type: ignore[operator]  # it is a number, as was just checked
        raise ValueError(f"maxPacketSize is a number of bytes, 1 or more, not {size!r}")


def check_datagram(datagram: object) -> None:
    """Raises TypeError for a datagram that isn't bytes."""
    if not isinstance(datagram, (bytes, bytearray, memoryview)):
        raise TypeError(f"a datagram is bytes, not {type(datagram).__name__}: encode text first")


def check_datagram_protocol(protocol: object) -> None:
    """Raises TypeError for an object that can't receive datagrams: usually a factory."""
    if isinstance(protocol, type) or not hasattr(protocol, "datagramReceived"):
        raise TypeError(f"a port for datagrams needs a DatagramProtocol, an object of one, not {protocol!r}")


def _check_whole_number(what: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{what} is a whole number, not {value!r}")
