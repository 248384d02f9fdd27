"""Every loop that the suite runs on here: our own pollers, and the loops of others in which the reactor is a guest.

`python tests/reactor/loops.py` says which those are on this machine, and what is missing for the rest.
"""

import importlib
import select
import sys

# Ours, with the class in reactor.<name>reactor. The last two have doubles of the kernel's part where it is missing.
OWN = {
    "epoll": "EPollReactor",
    "poll": "PollReactor",
    "select": "SelectReactor",
    "kq": "KQueueReactor",
    "win32": "Win32Reactor",
}
DOUBLES = {"kq": not hasattr(select, "kqueue"), "win32": sys.platform != "win32"}


def missing(name):
    """Why this loop can't be had on this machine; "" if it can."""
    if name in DOUBLES or hasattr(select, name):
        return ""
    return f"select.{name} isn't there"


def here():
    """The names of the loops that the suite runs on."""
    from oracle import installed

    return [name for name in OWN if not missing(name) and not (installed() and name in DOUBLES)]


def make(name, at_the_end):
    """A new reactor on this loop.

    at_the_end: called with a function and its arguments, for what must be tidied up after the test.
    """
    module = importlib.import_module(f"reactor.{name}reactor")
    if DOUBLES.get(name):
        play_the_kernel(name, at_the_end)
    return getattr(module, OWN[name])()


def play_the_kernel(name, at_the_end):
    """Let a double stand in for the kernel's part until the end of the test."""
    from fakes import kqueue as fake_kqueue
    from fakes import winselect

    from reactor.pollers import kqueue
    from reactor.pollers import select as select_poller

    module, attribute, double = {
        "kq": (kqueue, "_kernel", fake_kqueue),
        "win32": (select_poller, "select", winselect),
    }[name]
    at_the_end(setattr, module, attribute, select)
    setattr(module, attribute, double)


if __name__ == "__main__":
    for each in OWN:
        print(f"{each:8} {missing(each) or 'here'}{', against a double' * DOUBLES.get(each, False)}")
    sys.exit(any(map(missing, OWN)))
