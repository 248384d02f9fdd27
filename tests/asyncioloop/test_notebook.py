"""The reactor in a loop that runs already, as a notebook's does: cells come and go, and protocols work between them."""

import asyncio

import pytest

import reactor as package
from reactor import error
from reactor.defer import Deferred
from tests.support.loopback import DEADLINE_S
from tests.support.twoworlds import NOT_TWISTED, echo_port, say

pytestmark = NOT_TWISTED


@pytest.fixture
def cells(monkeypatch):
    """Runs coroutine functions, the cells, one after the other in a loop that goes on between them."""
    monkeypatch.delitem(vars(package), "reactor", raising=False)

    def run(*cells):
        async def notebook():
            async with asyncio.timeout(DEADLINE_S):
                for cell in cells:
                    await cell()
                    await asyncio.sleep(0)

        asyncio.run(notebook())

    yield run
    vars(package).pop("reactor", None)


def test_protocols_work_between_the_cells_once_the_reactor_has_joined_the_loop(cells):
    answers = []

    async def first():
        from reactor import asyncioreactor

        asyncioreactor.install().startRunning(installSignalHandlers=False)

    async def second():
        from reactor import reactor

        _port, number = echo_port(reactor)
        answers.append(await say(number))

    async def third():
        from reactor import reactor

        stopped = Deferred()
        reactor.addSystemEventTrigger("after", "shutdown", stopped.callback, "stopped")
        reactor.stop()
        answers.append(await stopped.asFuture(asyncio.get_running_loop()))
        assert not reactor.running and reactor.getReaders() == []

    cells(first, second, third)
    assert answers == [b"hello\n", "stopped"]


def test_run_says_what_to_do_in_a_loop_that_runs_already_and_leaves_all_as_it_was(cells):
    calls = []

    async def cell():
        from reactor import asyncioreactor

        reactor = asyncioreactor.install()
        reactor.addSystemEventTrigger("before", "startup", calls.append, "startup")
        with pytest.raises(error.ReactorAlreadyRunning, match=r"as it does in a notebook: call reactor\.startRunning"):
            reactor.run()
        assert not reactor.running and calls == []
        reactor.startRunning(installSignalHandlers=False)
        with pytest.raises(error.ReactorAlreadyRunning, match="while the reactor runs"):
            reactor.run()
        reactor.stop()

    cells(cell)
    assert calls == ["startup"]
