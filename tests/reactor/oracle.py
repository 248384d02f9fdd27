"""Twisted as the oracle: lets it stand in for `reactor`, so that the same tests can ask it what is right.

The modules of `reactor` carry the names of Twisted's, so a table of aliases in `sys.modules` is all that is needed.
Only what these tests import is in the table. Run them so with an interpreter that has Twisted and pytest:

    pytest tests/reactor --oracle

`make oracle` does it, and CI with it: a test that Twisted fails is wrong, or says in an `own_promise` why it differs.
"""

import importlib
import os
import sys
from types import ModuleType

import pytest

TWISTED_NAMES = {
    "address": "twisted.internet.address",
    "application.service": "twisted.application.service",
    "application.internet": "twisted.application.internet",
    "application.strports": "twisted.application.strports",
    "protocols.basic": "twisted.protocols.basic",
    "context": "twisted.python.context",
    "defer": "twisted.internet.defer",
    "endpoints": "twisted.internet.endpoints",
    "epollreactor": "twisted.internet.epollreactor",
    "error": "twisted.internet.error",
    "failure": "twisted.python.failure",
    "interfaces": "twisted.internet.interfaces",
    "log": "twisted.python.log",
    "logfile": "twisted.python.logfile",
    "main": "twisted.internet.main",
    "protocols.policies": "twisted.protocols.policies",
    "pollreactor": "twisted.internet.pollreactor",
    "protocols.portforward": "twisted.protocols.portforward",
    "process": "twisted.internet.process",
    "protocol": "twisted.internet.protocol",
    "selectreactor": "twisted.internet.selectreactor",
    "ssl": "twisted.internet.ssl",
    "serialport": "twisted.internet.serialport",
    "protocols.stateful": "twisted.protocols.stateful",
    "stdio": "twisted.internet.stdio",
    "task": "twisted.internet.task",
    "testing": "twisted.internet.testing",
    "threadpool": "twisted.python.threadpool",
    "threads": "twisted.internet.threads",
    "utils": "twisted.internet.utils",
    "protocols.wire": "twisted.protocols.wire",
}


class OursIsAway:
    """A finder that stands before all others: what needs a module that Twisted has no counterpart of is skipped.

    A whole file of tests is, if it says so at its top.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name.startswith("reactor."):
            pytest.skip(f"Twisted has no {name}", allow_module_level=True)


def install() -> None:
    """Make `import reactor.X` mean Twisted's module from now on."""
    package = ModuleType("reactor")
    package.__path__ = []
    sys.modules["reactor"] = package
    sys.meta_path.insert(0, OursIsAway)
    for parent in ("application", "protocols"):
        sys.modules[f"reactor.{parent}"] = package.__dict__[parent] = ModuleType(parent)
        package.__dict__[parent].__path__ = []
    for name, twisted_name in TWISTED_NAMES.items():
        sys.modules[f"reactor.{name}"] = module = importlib.import_module(twisted_name)
        parent, _, name = f"reactor.{name}".rpartition(".")
        setattr(sys.modules[parent], name, module)
        vars(module).setdefault(
            "__path__", []
        )  # so that who asks for a part of ours, such as reactor.log.bridge, meets OursIsAway
    from twisted.test import iosim

    package.testing.connectedServerAndClient = iosim.connectedServerAndClient  # where Twisted's own tests have it
    from twisted.internet.tcp import _reservedFD

    _reservedFD.reserve()  # opened for the process at its first listenTCP; not a leak of the test that does it


def log_to_nobody() -> None:
    """Have Twisted keep no history of logged errors, whose tracebacks would keep sockets of the tests alive."""
    from twisted.logger import globalLogBeginner

    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False)


def installed() -> bool:
    """Is Twisted standing in for `reactor` in this process?"""
    return "twisted" in sys.modules and sys.modules["reactor"].__path__ == []


def python(source: str) -> list[str]:
    """The command that runs `source` in a fresh interpreter, with Twisted standing in there when it does so here."""
    prelude = ""
    if installed():
        prelude = f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r}); import oracle; oracle.install()\n"
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
