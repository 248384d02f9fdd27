"""What the tests of the reactor as an asyncio loop share: the loop, and both kinds of echo."""

import asyncio
import contextlib

import pytest

from reactor.protocol import Factory, Protocol
from tests.support import loops
from tests.support.loopback import DEADLINE_S

# For `pytestmark`, in files whose tests all have a loop: once on each poller of our own, or on the best one only. (Not
# on the one for Windows, which has nothing but sockets.)
NOT_TWISTED = pytest.mark.own_promise("it is no asyncio loop")
OWN_POLLERS = [name for name in loops.OWN if name in loops.here() and name != "win32"]
ON_EVERY_POLLER = [NOT_TWISTED, pytest.mark.parametrize("make_reactor", OWN_POLLERS, indirect=True)]
ON_THE_BEST_POLLER = [NOT_TWISTED, pytest.mark.parametrize("make_reactor", OWN_POLLERS[:1], indirect=True)]


class Echo(Protocol):
    """The reactor's side: says everything back."""

    def dataReceived(self, data):
        self.transport.write(data)


class Collected:
    """An asyncio exception handler that keeps what it is told."""

    def __init__(self):
        self.contexts = []

    def __call__(self, loop, context):
        self.contexts.append(context)

    def flush(self):
        contexts, self.contexts = self.contexts, []
        return contexts


def make_loop(reactor):
    from reactor.asyncioloop import ReactorEventLoop

    loop = ReactorEventLoop(reactor)
    loop.set_debug(True)
    loop.set_exception_handler(Collected())
    return loop


@contextlib.contextmanager
def two_worlds(reactor):
    """A loop on this reactor. At the end it is closed, and must have had no error that the test didn't flush."""
    loop = make_loop(reactor)
    try:
        yield loop
        if not loop.is_closed():
            finish(loop, loop.shutdown_asyncgens())
            finish(loop, loop.shutdown_default_executor())
    finally:
        loop.close()
    assert loop.get_exception_handler().flush() == []


def finish(loop, awaitable):
    """Run the loop until this is through; its result. Raises TimeoutError if it takes too long."""

    async def in_time():
        async with asyncio.timeout(DEADLINE_S):
            return await awaitable

    return loop.run_until_complete(in_time())


def echo_port(reactor, protocol=Echo):
    """A port of the reactor's own that echoes, and its number."""
    port = reactor.listenTCP(0, Factory.forProtocol(protocol), interface="127.0.0.1")
    return port, port.getHost().port


async def say(number, words=b"hello\n"):
    """As an asyncio client: what a server on this port answers, a line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    writer.write(words)
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return answer
