"""A recorder comes and goes without a trace of its own, and watches reactors on real sockets too."""

import contextlib
import gc
import subprocess
import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no traces", allow_module_level=True)

from reactor import defer, protocol
from reactor.sim import World
from reactor.trace import Recorder
from tests.support import loops
from tests.support.traces import echo, outer, steps, the_step

on_real_loops = pytest.mark.parametrize("make_reactor", loops.here(), indirect=True)


def everything():
    """Every attribute of every module of the library and of every class in them, by place."""
    found = {}
    for name, module in list(sys.modules.items()):
        if name == "reactor" or name.startswith("reactor."):
            found.update(((name, key), value) for key, value in vars(module).items())
    for cls in [value for value in found.values() if isinstance(value, type)]:
        found.update(((cls.__module__, cls.__qualname__, key), value) for key, value in vars(cls).items())
    found.update(((stream,), getattr(sys, stream)) for stream in ("stdout", "stderr"))
    return found


@pytest.mark.parametrize("in_a_world", [False, True])
def test_after_stop_every_attribute_is_the_very_same_object(in_a_world):
    echo()  # so that all that is imported on the way is there
    before = everything()
    with World() as world:
        recorder = Recorder(world if in_a_world else None)
        recorder.start()
        changed = [place for place, value in everything().items() if before.get(place) is not value]
        recorder.stop()
    assert len(changed) > 30
    after = everything()
    assert [place for place in before if after[place] is not before[place]] == []
    assert set(after) == set(before)


@on_real_loops
def test_nothing_stays_in_the_objects_that_were_watched(reactor, connect):
    with Recorder():
        pair = connect()
        server, client = pair.establish()
        client.transport.registerProducer(producer := Idle(), True)
        assert "pauseProducing" in vars(producer)
        client.transport.write(b"x")
        pair.run_until(lambda: server.received)
    for one in (client, server, producer, client.transport, server.transport, reactor, reactor.timers):
        ours = [name for name, value in vars(one).items() if type(value).__module__.startswith("reactor.trace")]
        assert ours == []
    client.transport.unregisterProducer()


class Idle:
    def resumeProducing(self):
        pass

    pauseProducing = stopProducing = resumeProducing


def test_the_library_does_not_import_it():
    program = "import sys, reactor.main, reactor.protocol, reactor.debug; print('reactor.trace' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"


def test_there_is_one_recorder_at_a_time():
    with Recorder(), pytest.raises(RuntimeError, match="another recorder is at work"):
        Recorder().start()
    with Recorder():
        pass  # and the first one has gone


@on_real_loops
def test_words_on_real_sockets(reactor, connect):
    with Recorder() as recorder:
        pair = connect()
        server, client = pair.establish()
        client.transport.write(b"hello")
        pair.run_until(lambda: server.received)
        client.transport.loseConnection()
        pair.run_until_lost()
    timeline = recorder.timeline()
    timeline.check()
    assert timeline.world == {"kind": "real"}
    received = the_step(timeline, "data.received")
    assert received["data"] == "hello" and outer(timeline, received)[0] == "ready"
    cause = timeline.steps[received["because"][0]]
    assert cause["kind"] == "data.written" and cause["at"].startswith("test_recorder.py:")
    assert [step["text"].partition(":")[0] for step in steps(timeline, "connection.lost")] == ["ConnectionDone"] * 2


@on_real_loops
def test_what_a_thread_asks_for_is_told(reactor):
    with Recorder() as recorder:
        reactor.callFromThread(reactor.stop)
        reactor.run(installSignalHandlers=False)
    timeline = recorder.timeline()
    called = the_step(timeline, "thread.called")
    assert timeline.steps[called["because"][0]]["kind"] == "thread.asked"
    assert outer(timeline, the_step(timeline, "system.stop", text="reactor.stop()"))[0] == "thread.called"


@on_real_loops
def test_other_threads_are_left_alone(reactor):
    with Recorder() as recorder:
        reactor.callWhenRunning(reactor.callInThread, lambda: (defer.succeed(1), reactor.callFromThread(reactor.stop)))
        reactor.run(installSignalHandlers=False)
    recorder.timeline().check()
    assert steps(recorder.timeline(), "deferred.made") == []


@on_real_loops
def test_a_failing_handler_fails_with_the_same_traceback(reactor, connect, logged_errors):
    def tracebacks(watched):
        with Recorder() if watched else contextlib.nullcontext():
            pair = connect(server={"data": boom})
            pair.establish()[1].transport.write(b"x")
            pair.run_until(lambda: logged_errors.failures)
        story = [failure.getTraceback() for failure in logged_errors.failures]
        logged_errors.flush(ZeroDivisionError)
        return story

    def boom(*args):
        raise ZeroDivisionError("boom")

    assert tracebacks(True) == tracebacks(False) != []


def test_a_callback_that_raises_is_the_program_s_fault_alone():
    def boom(result):
        raise ZeroDivisionError("boom")

    stories = []
    with Recorder():
        defer.succeed(None).addCallback(boom).addErrback(lambda failure: stories.append(failure.getTraceback()))
    defer.succeed(None).addCallback(boom).addErrback(lambda failure: stories.append(failure.getTraceback()))
    assert stories[0] == stories[1]


def test_reactors_of_a_world_are_not_this_process_s():
    with Recorder() as recorder, World() as world:
        world.host("here")
        other = world.reactor("here")
        other.callLater(1, other.stop)
        other.callWhenRunning(lambda: None)
        other.run()
    timeline = recorder.timeline()
    assert steps(timeline, "timer.set") == [] and timeline.at(len(timeline.steps)).values == {}


def test_pcap_is_for_simulated_worlds(tmp_path):
    with Recorder() as recorder:
        pass
    with pytest.raises(ValueError, match="tcpdump"):
        recorder.write_pcap(tmp_path / "x.pcap")


def test_objects_are_let_go():
    class Mine(protocol.Protocol):
        pass

    with World() as world, Recorder(world):
        world.host("here")
        here = world.reactor("here")
        here.listenTCP(80, protocol.Factory.forProtocol(Mine))
        here.connectTCP("127.0.0.1", 80, protocol.ClientFactory.forProtocol(Mine))
        here.callLater(1, here.stop)
        here.run()
        assert len([one for one in gc.get_objects() if type(one) is Mine]) == 0
