"""Endpoints whose other end is a program: a child process, or whoever started us."""

import os
import sys

import pytest

from reactor import error, log
from reactor.endpoints import ProcessEndpoint, StandardErrorBehavior, StandardIOEndpoint
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver
from tests.endpoints.test_endpoints import outcome
from tests.support.loopback import run_until
from tests.support.processes import no_child_left  # noqa: F401  # a fixture

pytestmark = [
    pytest.mark.own_promise("its children are reaped in run() only"),
    pytest.mark.not_only_sockets,
    pytest.mark.usefixtures("no_child_left"),
    pytest.mark.skipif(os.name != "posix", reason="no child processes on Windows"),
]

BY_SIGCHLD = "Twisted hears of a child's end in run() only"


class Lines(LineReceiver):
    delimiter = b"\n"
    reason = None

    def __init__(self):
        self.lines = []

    def lineReceived(self, line):
        self.lines.append(line)

    def connectionLost(self, reason):
        self.reason = reason


def started(reactor, script, **options):
    endpoint = ProcessEndpoint(reactor, "/bin/sh", ["sh", "-c", script], {"PATH": os.environ["PATH"]}, **options)
    return outcome(reactor, endpoint.connect(Factory.forProtocol(Lines)))


@pytest.mark.own_promise(BY_SIGCHLD)
def test_a_line_protocol_talks_to_a_child_that_ends_well(reactor):
    child = started(reactor, 'read name; echo "hello $name"; exec cat')
    child.sendLine(b"arthur")
    child.sendLine(b"more")
    run_until(reactor, lambda: len(child.lines) == 2)
    child.transport.loseConnection()
    run_until(reactor, lambda: child.reason)
    assert child.lines == [b"hello arthur", b"more"]
    assert child.reason.check(error.ConnectionDone)


@pytest.mark.own_promise(BY_SIGCHLD)
def test_a_child_that_fails_is_a_connection_lost_with_its_status(reactor):
    child = started(reactor, "exit 3")
    run_until(reactor, lambda: child.reason)
    assert child.reason.value.exitCode == 3


@pytest.mark.own_promise(BY_SIGCHLD)
@pytest.mark.parametrize("behaviour, heard", [("LOG", True), ("DROP", False)])
def test_what_the_child_says_on_standard_error_is_logged_or_dropped(reactor, behaviour, heard):
    messages = []
    log.addObserver(messages.append)
    try:
        child = started(reactor, "echo oops >&2", errFlag=getattr(StandardErrorBehavior, behaviour))
        run_until(reactor, lambda: child.reason)
    finally:
        log.removeObserver(messages.append)
    assert any("oops" in str(log.textFromEventDict(message)) for message in messages) is heard
    assert child.lines == []


def test_a_program_that_is_not_there_is_a_failure(reactor):
    connecting = ProcessEndpoint(reactor, "/no/such/program", ["x"]).connect(Factory.forProtocol(Lines))
    assert outcome(reactor, connecting).check(OSError)


def test_a_factory_that_builds_nothing_starts_nothing(reactor):
    class Nothing(Factory):
        def buildProtocol(self, address):
            assert address.executable == "/bin/true"

    assert outcome(reactor, ProcessEndpoint(reactor, "/bin/true", ["true"]).connect(Nothing())).check(error.NoProtocol)


# --- standard input and output

PROGRAM = """
from reactor.endpoints import StandardIOEndpoint, serverFromString
from reactor.protocol import Factory, Protocol
from reactor.selectreactor import SelectReactor

class Shout(Protocol):
    def dataReceived(self, data):
        self.transport.write(data.upper())
    def connectionLost(self, reason):
        reactor.stop()

reactor = SelectReactor()
endpoint = {endpoint}
endpoint.listen(Factory.forProtocol(Shout)).addErrback(lambda failure: failure.printTraceback())
reactor.run()
"""


@pytest.mark.parametrize("endpoint", ["StandardIOEndpoint(reactor)", 'serverFromString(reactor, "stdio:")'])
def test_a_program_serves_who_started_it(reactor, endpoint):
    command = ProcessEndpoint(reactor, sys.executable, [sys.executable, "-c", PROGRAM.format(endpoint=endpoint)], None)
    child = outcome(reactor, command.connect(Factory.forProtocol(Lines)))
    child.sendLine(b"hello")
    run_until(reactor, lambda: child.lines)
    child.transport.closeStdin()
    run_until(reactor, lambda: child.reason)
    assert child.lines == [b"HELLO"] and child.reason.check(error.ConnectionDone)


def test_a_factory_that_builds_nothing_leaves_standard_input_alone(reactor):
    class Nothing(Factory):
        def buildProtocol(self, address):
            return None

    assert outcome(reactor, StandardIOEndpoint(reactor).listen(Nothing())).check(error.NoProtocol)
