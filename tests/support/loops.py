"""Every loop that the suite runs on here: our own pollers, and the loops of others in which the reactor is a guest.

`python -m tests.support.loops` says which those are on this machine, and what is missing for the rest.
"""

import contextlib
import functools
import importlib
import importlib.util
import select
import sys

from tests.support import simulated

# Ours, with the class in reactor.<name>reactor. The last two have doubles of the kernel's part where it is missing.
OWN = {
    "epoll": "EPollReactor",
    "poll": "PollReactor",
    "select": "SelectReactor",
    "kq": "KQueueReactor",
    "win32": "Win32Reactor",
}
DOUBLES = {"kq": not hasattr(select, "kqueue"), "win32": sys.platform != "win32"}

# Those of others, with the module that they need.
FOREIGN = {"asyncio": "asyncio", "looking": "asyncio", "uvloop": "uvloop", "glib": "gi", "qt": "PySide6"}


def missing(name):
    """Why this loop can't be had on this machine; "" if it can."""
    if name in FOREIGN:
        return "" if importlib.util.find_spec(FOREIGN[name]) else f"{FOREIGN[name]} is not installed"
    if name == "kq" and DOUBLES[name]:
        return "" if hasattr(select, "epoll") else "neither select.kqueue is there nor the epoll that its double needs"
    if name in DOUBLES or hasattr(select, name):
        return ""
    return f"select.{name} isn't there"


def here(without=()):
    """The names of the loops that the suite runs on, for `parametrize("make_reactor", here(…), indirect=True)`.

    without: those that this test is not for.
    """
    from tests.support.oracle import installed

    if installed():
        without = [*without, *DOUBLES, *FOREIGN]
    return [name for name in [*OWN, *FOREIGN] if name not in without and not missing(name)]


def prepare(name):
    """Have opened what this loop opens once for the whole process; that is no leak of the test that comes first."""
    if name in FOREIGN:
        with contextlib.ExitStack() as cleanup:
            make(name, cleanup.callback).iterate()


def maker(name, at_the_end):
    """A function that makes reactors on this loop, or in the simulated world. at_the_end: as for `make`."""
    return simulated.reactors(at_the_end) if name == simulated.NAME else functools.partial(make, name, at_the_end)


def make(name, at_the_end):
    """A new reactor on this loop.

    at_the_end: called with a function and its arguments, for what must be tidied up after the test.
    """
    if name in FOREIGN:
        return globals()[f"on_{name}"](at_the_end)
    if DOUBLES.get(name):
        play_the_kernel(name, at_the_end)
    return getattr(importlib.import_module(f"reactor.{name}reactor"), OWN[name])()


def play_the_kernel(name, at_the_end):
    """Let a double stand in for the kernel's part until the end of the test."""
    from reactor.core.pollers import kqueue
    from reactor.core.pollers import select as select_poller
    from tests.support.fakes import kqueue as fake_kqueue
    from tests.support.fakes import winselect

    module, attribute, double = {
        "kq": (kqueue, "_kernel", fake_kqueue),
        "win32": (select_poller, "select", winselect),
    }[name]
    at_the_end(setattr, module, attribute, select)
    setattr(module, attribute, double)


def on_asyncio(at_the_end):
    import asyncio

    from reactor.asyncioreactor import AsyncioSelectorReactor

    eventloop = asyncio.new_event_loop()
    at_the_end(eventloop.close)
    return AsyncioSelectorReactor(eventloop)


def on_looking(at_the_end):
    """asyncio, and a poller without a descriptor, as on Windows."""
    import asyncio

    from reactor.asyncioreactor import AsyncioHost
    from reactor.core.guests.reactor import GuestReactor
    from reactor.core.pollers.select import SelectPoller

    eventloop = asyncio.new_event_loop()
    at_the_end(eventloop.close)
    return GuestReactor(AsyncioHost(eventloop), SelectPoller())


def on_uvloop(at_the_end):
    import uvloop

    from reactor.asyncioreactor import AsyncioSelectorReactor

    eventloop = uvloop.new_event_loop()
    at_the_end(eventloop.close)
    go_round_once(eventloop)
    return AsyncioSelectorReactor(eventloop)


def go_round_once(eventloop):
    """uvloop takes its descriptors for signals when it first runs, and does not survive it if there are none."""
    eventloop.call_soon(eventloop.stop)
    eventloop.run_forever()


def on_glib(at_the_end):
    from reactor.glibreactor import GLibReactor

    return GLibReactor()


def on_qt(at_the_end):
    from reactor.qtreactor import QtReactor

    return QtReactor()


if __name__ == "__main__":
    for each in [*OWN, *FOREIGN]:
        print(f"{each:8} {missing(each) or 'here'}{', against a double' * DOUBLES.get(each, False)}")
    sys.exit(any(map(missing, [*OWN, *FOREIGN])))
