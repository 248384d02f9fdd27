"""Twisted as the oracle: lets it stand in for `reactor`, so that the same tests can ask it what is right.

The modules of `reactor` carry the names of Twisted's, so an import of one can give the other. Which stands for which,
the rules of `reactor.port` say. Run the tests so with an interpreter that has Twisted and pytest:

    pytest --oracle

`make oracle` does it, and CI with it: a test that Twisted fails is wrong, or says in an `own_promise` why it differs.
"""

import importlib
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from reactor.port.library import find
from reactor.port.names import theirs

# What Twisted has under these names promises other things; and its one reactor of the process can't run twice.
NOT_STOOD_IN_FOR = ("reactor.application.runner", "reactor.reactor", "reactor.syslog", "reactor.systemd", "reactor.web")


class StandIns:
    """A finder that stands before all others: `reactor.X` is Twisted's module of that name.

    What needs a module that Twisted has no counterpart of is skipped; a whole file of tests, if it says so at its top.
    """

    @classmethod
    def find_spec(cls, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if not name.startswith("reactor."):
            return None
        if name.startswith(NOT_STOOD_IN_FOR) or find(theirs(name)) is None:
            pytest.skip(f"Twisted has no {name}", allow_module_level=True)
        return ModuleSpec(name, cls)

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(theirs(spec.name))
        vars(module).setdefault("__path__", [])  # where ours is a package, this asks here for the modules in it
        return module

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        module.__spec__ = find(module.__name__)  # the import system has just said that it is one of `reactor`'s


def install() -> None:
    """Make `import reactor.X` mean Twisted's module from now on."""
    package = ModuleType("reactor")
    package.__path__ = []
    sys.modules["reactor"] = package
    sys.meta_path.insert(0, StandIns)
    from twisted.test import iosim

    from reactor import testing

    testing.connectedServerAndClient = iosim.connectedServerAndClient  # where Twisted's own tests have it
    from twisted.internet.tcp import _reservedFD

    _reservedFD.reserve()  # opened for the process at its first listenTCP; not a leak of the test that does it


def log_to_nobody() -> None:
    """Have Twisted keep no history of logged errors, whose tracebacks would keep sockets of the tests alive."""
    from twisted.logger import globalLogBeginner

    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False)


def installed() -> bool:
    """Is Twisted standing in for `reactor` in this process?"""
    return "twisted" in sys.modules and getattr(sys.modules.get("reactor"), "__path__", None) == []


def python(source: str) -> list[str]:
    """The command that runs `source` in a fresh interpreter, with Twisted standing in there when it does so here."""
    prelude = ""
    if installed():
        root = str(Path(__file__).parents[2])
        prelude = f"import sys; sys.path.insert(0, {root!r}); from tests.support import oracle; oracle.install()\n"
    return [sys.executable, "-c", prelude + source]


def implements(interface):
    """A class decorator that says which of `reactor.interfaces` a class provides, in the way of either library."""
    if installed():
        from zope.interface import implementer
    else:
        from reactor.interfaces import implementer
    return implementer(interface)


def let_tls_wait_in(reactor) -> None:
    """Twisted gathers small writes over TLS by the clock of its global reactor: have it take this one's."""
    if installed():
        from twisted.protocols import tls

        tls._get_default_clock = lambda: reactor


def dispose(reactor) -> None:
    """Close what one of Twisted's reactors keeps open for itself: its poller and its wake-up channel.

    It has no public way to get rid of one reactor of several, so this knows its attributes. Ours keeps nothing open.
    """
    if not installed():
        return
    if reactor.threadpool is not None:
        reactor._stopThreadPool()
    for reader in list(reactor._internalReaders):
        reactor._removeInternalReader(reader)
        reader.connectionLost(None)
    if hasattr(reactor, "_poller") and hasattr(reactor._poller, "close"):
        reactor._poller.close()
