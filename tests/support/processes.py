"""A child process whose every word is noted, and a loop that runs until it has ended."""

import os

import pytest

from reactor.protocol import ProcessProtocol
from tests.support.loopback import run

NAMES = {0: "in", 1: "out", 2: "err"}


class Noting(ProcessProtocol):
    """Notes what it is told in `events`, collects output in `received`, and stops the reactor at the end.

    `hooks` are the test's, named as the callbacks are: made(), data(fd, data), lost(fd), exited(reason), ended(reason),
    each called with this protocol first.
    """

    def __init__(self, reactor, **hooks):
        self.reactor, self.hooks = reactor, hooks
        self.events = []
        self.received = {}
        self.reasons = {}

    def note(self, event, hook, *args):
        self.events.append(event)
        if hook in self.hooks:
            self.hooks[hook](self, *args)

    def connectionMade(self):
        self.note("made", "made")

    def childDataReceived(self, childFD, data):
        self.received[childFD] = self.received.get(childFD, b"") + data
        if "data" in self.hooks:
            self.note(f"data {childFD}", "data", childFD, data)

    def childConnectionLost(self, childFD):
        self.note(f"lost {NAMES.get(childFD, childFD)}", "lost", childFD)

    def processExited(self, reason):
        self.reasons["exited"] = reason.value
        self.note("exited", "exited", reason)

    def processEnded(self, reason):
        self.reasons["ended"] = reason.value
        self.reactor.stop()
        self.note("ended", "ended", reason)

    @property
    def out(self):
        return self.received.get(1, b"")

    @property
    def err(self):
        return self.received.get(2, b"")


def run_process(reactor, *command, hooks=None, **options):
    """Run a program until it has ended. Returns the protocol that noted everything."""
    protocol = Noting(reactor, **(hooks or {}))
    reactor.spawnProcess(protocol, command[0], command, **options)
    run(reactor)
    return protocol


def shell(reactor, script, *args, **options):
    """Run a script in a shell until it has ended; args are its $1, $2, …; the commands of the system are found."""
    options.setdefault("env", {"PATH": os.environ["PATH"]})
    return run_process(reactor, "/bin/sh", "-c", script, "sh", *args, **options)


def has_children():
    """Whether this process has a child, be it a zombie."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


@pytest.fixture
def no_child_left():
    """The test must leave no child behind, not even a zombie."""
    yield
    assert not has_children()
