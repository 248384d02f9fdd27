"""The reactor as a guest: what only happens when the loop is somebody else's."""

import select

import pytest

from tests.support import loops, oracle
from tests.support.loopback import Client, Server, run, run_until, turn

if not oracle.installed():
    from reactor import asyncioreactor

pytestmark = pytest.mark.own_promise("its loops are others")

on_foreign_loops = pytest.mark.parametrize("make_reactor", loops.here(without=loops.OWN), indirect=True)
on_loops_that_nest = pytest.mark.parametrize(
    "make_reactor", loops.here(without=[*loops.OWN, "asyncio", "looking", "uvloop"]), indirect=True
)


@on_foreign_loops
def test_the_end_of_the_hosts_loop_ends_the_run_with_a_shutdown(reactor):
    calls = []
    reactor.addSystemEventTrigger("before", "shutdown", calls.append, "before")
    reactor.addSystemEventTrigger("after", "shutdown", calls.append, "after")
    reactor.callLater(0, reactor._host.quit)
    run(reactor)
    assert calls == ["before", "after"] and not reactor.running


@on_foreign_loops
def test_a_shutdown_that_waits_is_waited_for_when_the_host_ended(reactor):
    from reactor.defer import Deferred

    waited = Deferred()
    reactor.addSystemEventTrigger("before", "shutdown", lambda: waited)
    reactor.addSystemEventTrigger("before", "shutdown", reactor.callLater, 0.01, waited.callback, None)
    reactor.callLater(0, reactor._host.quit)
    run(reactor)
    assert waited.called


@pytest.fixture
def host_calls(reactor):
    """Has the host call something while the reactor runs, as it calls the handler of a button."""

    def later(action):
        if isinstance(reactor._host, asyncioreactor.AsyncioHost):
            reactor.callWhenRunning(reactor._host._loop.call_later, 0.005, action)
        elif type(reactor._host).__name__ == "GLibHost":
            from gi.repository import GLib

            GLib.timeout_add(5, lambda: action() and False)
        else:
            from PySide6.QtCore import QTimer

            QTimer.singleShot(5, action)

    return later


@on_foreign_loops
def test_a_timer_set_outside_of_turns_runs(reactor, host_calls):
    host_calls(lambda: reactor.callLater(0.001, reactor.stop) and None)
    run(reactor)


@on_foreign_loops
def test_a_timer_brought_forward_outside_of_turns_runs(reactor, host_calls):
    far = reactor.callLater(1000, reactor.stop)
    host_calls(lambda: far.reset(0))
    run(reactor)


@on_foreign_loops
def test_a_write_outside_of_turns_leaves(reactor, connect, host_calls):
    pair = connect(server={"data": lambda talker, data: reactor.stop()})
    _, client = pair.establish()
    host_calls(lambda: client.transport.write(b"x"))
    run(reactor)


@on_foreign_loops
@pytest.mark.parametrize("end", ["stop", "crash"])
def test_the_run_can_be_ended_outside_of_turns(reactor, host_calls, end):
    host_calls(getattr(reactor, end))
    run(reactor)
    assert not reactor.running


@on_foreign_loops
def test_what_is_no_ordinary_error_gets_past_the_host(reactor):
    def interrupt():
        raise KeyboardInterrupt

    reactor.callLater(0, interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(reactor)
    assert not reactor.running
    for call in reactor.getDelayedCalls():
        call.cancel()


@on_foreign_loops
def test_startRunning_joins_a_loop_that_somebody_else_runs(reactor, listen):
    host = reactor._host
    server, client = Server("server"), Client("client", made=lambda talker: reactor.stop())
    reactor.connectTCP("127.0.0.1", listen(server).getHost().port, client)
    reactor.addSystemEventTrigger("after", "shutdown", host.quit)
    reactor.startRunning(installSignalHandlers=False)
    host.run()
    assert client.talker.reason is not None and not reactor.running
    turn(reactor)


@on_foreign_loops
def test_startRunning_twice_is_an_error(reactor):
    from reactor.error import ReactorAlreadyRunning

    reactor.startRunning(installSignalHandlers=False)
    with pytest.raises(ReactorAlreadyRunning):
        reactor.startRunning(installSignalHandlers=False)
    reactor.addSystemEventTrigger("after", "shutdown", reactor._host.quit)
    reactor.stop()
    reactor._host.run()


def dialog(reactor):
    """A dialog of the host's: returns what shows it, and waits, and what answers it."""
    if type(reactor._host).__name__ == "GLibHost":
        from gi.repository import GLib

        loop = GLib.MainLoop()
        return loop.run, loop.quit
    from PySide6.QtCore import QEventLoop

    loop = QEventLoop()
    return loop.exec, loop.quit


@on_loops_that_nest
@pytest.mark.parametrize("opened_by", ["a timer", "data", "the host"])
def test_while_a_dialog_is_open_the_network_goes_on(reactor, connect, host_calls, opened_by):
    """Timers, answers and writes of the handler that opened the dialog: nothing waits for the dialog to close."""
    seen = []
    show, answer = dialog(reactor)

    def open_dialog(*_):
        client.transport.write(b"written before it opened")
        reactor.callLater(0.001, client.transport.write, b", and while it was open")
        show()
        seen.append("closed")
        reactor.callLater(0, reactor.stop)

    def data(talker, data):
        if talker.received.endswith(b"open"):
            seen.append(bytes(talker.received))
            answer()

    pair = connect(server={"data": data})
    server, client = pair.establish()
    if opened_by == "a timer":
        reactor.callLater(0, open_dialog)
    elif opened_by == "data":
        client.hooks["data"] = open_dialog
        server.transport.write(b"go")
    else:
        host_calls(open_dialog)
    run(reactor)
    assert seen == [b"written before it opened, and while it was open", "closed"]


@on_loops_that_nest
def test_stop_while_a_dialog_is_open_ends_the_run_when_it_closes(reactor):
    show, answer = dialog(reactor)
    calls = []
    reactor.addSystemEventTrigger("during", "shutdown", calls.append, "shutdown")
    reactor.addSystemEventTrigger("after", "shutdown", answer)

    def open_dialog():
        reactor.callLater(0, reactor.stop)
        show()
        calls.append("closed")

    reactor.callLater(0, open_dialog)
    run(reactor)
    assert calls == ["shutdown", "closed"]


@on_loops_that_nest
def test_iterate_lets_the_host_do_its_work(reactor, host_calls):
    calls = []

    def call_twice():
        calls.append("host")
        reactor.callFromThread(lambda: None)

    host_calls(call_twice)
    run_until(reactor, lambda: calls)


@pytest.mark.parametrize("make_reactor", ["asyncio"], indirect=True)
def test_coroutines_run_beside_protocols(reactor):
    import asyncio

    calls = []

    async def wait_for_a_timer_of_ours():
        fired = asyncio.get_running_loop().create_future()
        reactor.callLater(0.001, fired.set_result, "ours")
        calls.append(await fired)
        reactor.stop()

    def begin():
        calls.append(asyncio.get_running_loop().create_task(wait_for_a_timer_of_ours()))

    reactor.callWhenRunning(begin)
    run(reactor)
    assert calls[1] == "ours"


@pytest.mark.skipif(not hasattr(select, "epoll"), reason="only epoll begins new sets")
@pytest.mark.parametrize("make_reactor", loops.here(without=[*loops.OWN, "looking"]), indirect=True)
def test_the_host_goes_on_watching_when_the_poller_begins_a_new_set(reactor, listen):
    """As epoll does for a descriptor that was closed while a copy of it was open."""
    server = Server("server", made=lambda talker: reactor.stop())
    reactor.connectTCP("127.0.0.1", listen(server).getHost().port, Client("client"))
    reactor.callWhenRunning(reactor._poller._poller._renew)
    run(reactor)
    assert server.talker is not None


@pytest.mark.parametrize("make_reactor", [loop for loop in loops.here() if loop == "qt"], indirect=True)
def test_looking_often_leaves_nothing_for_qt_to_delete(reactor):
    """Qt deletes only while it runs, and one thing after the other: thousands of them would hold it for seconds."""
    from PySide6.QtCore import QCoreApplication

    turn(reactor)
    before = len(QCoreApplication.instance().children())
    turn(reactor, 50)
    assert len(QCoreApplication.instance().children()) == before
