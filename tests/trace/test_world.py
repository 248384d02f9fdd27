"""What a recorder writes down of a simulated world: everything, the same each time, and so that one can go back."""

import gzip
import json
import os
import re
import subprocess
import sys

import jsonschema
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no traces", allow_module_level=True)

from reactor import defer, protocol
from reactor.sim import World
from reactor.trace import BadTimeline, Recorder, Timeline
from tests.support import traces
from tests.support.traces import echo, outer, recorded, steps, the_step

RUNS = {  # examples with much of a kind: connections, refusals, producers, datagrams, timers, Deferreds
    "echo": echo,
    "cut short": lambda: echo(most_steps=30, data_bytes=4),
    "two hosts": lambda: recorded("40_udp", ("server.py",), ("client.py",), hosts=("here",), seed=7),
    "chat": lambda: recorded("04_chat", ("server.py",), ("guest.py", "ann"), ("guest.py", "bob")),
    "reconnecting": lambda: recorded("06_reconnect", ("reconnect.py",)),
    "buffers": lambda: recorded("09_buffering", ("buffering.py",)),
    "pull producer": lambda: recorded("11_pull_producer", ("server.py",), ("reader.py",)),
    "push producer": lambda: recorded("12_push_producer", ("garbage.py",)),
    "datagrams": lambda: recorded("40_udp", ("server.py",), ("client.py",)),
    "groups": lambda: recorded("41_multicast", ("table.py", "ann"), ("table.py", "bob"), ("bell.py",), hosts="abc"),
    "Deferreds": lambda: recorded("51_deferreds", ("await_it.py",)),
}


@pytest.fixture(scope="module", params=RUNS)
def run(request):
    """The timeline of one of the runs above."""
    return RUNS[request.param]().timeline()


def test_every_step_fits_to_the_others_and_to_the_schema(run):
    run.check()
    jsonschema.Draft202012Validator(traces.schema()).validate(json.loads(run.to_json()))


def test_a_timeline_reads_as_it_was_written(run, tmp_path):
    run.write(tmp_path / "run.json")
    assert Timeline.read(tmp_path / "run.json") == run


def test_going_back_restores_every_state(run):
    state = run.state()
    hashes = [state.state_hash]
    for _ in run.steps:
        state.apply()
        hashes.append(state.state_hash)
    with pytest.raises(IndexError, match="all have been made"):
        state.apply()
    for expected in reversed(hashes):
        assert state.state_hash == expected
        if state.position:
            state.rewind()
    with pytest.raises(IndexError, match="beginning"):
        state.rewind()


def test_a_state_can_be_gone_to_from_anywhere(run):
    state, last = run.state(), len(run.steps)
    for position in (last, 1, last // 2, 0, last // 3, last):
        state.go_to(position)
        assert (state.position, state.state_hash) == (position, run.at(position).state_hash)
    with pytest.raises(IndexError, match="none can be at"):
        state.go_to(last + 1)


def test_nothing_is_in_it_that_differs_from_machine_to_machine(run):
    text = run.to_json()
    assert str(traces.ROOT) not in text and os.path.expanduser("~") not in text
    assert not re.search(r"0x[0-9a-f]{6,}", text)


WRITE_TWICE = """
import sys
from tests.support.traces import echo, recorded
sys.stdout.write(echo().timeline().to_json())
sys.stdout.write(recorded("04_chat", ("server.py",), ("guest.py", "ann"), ("guest.py", "bob")).timeline().to_json())
sys.stdout.write(recorded("51_deferreds", ("await_it.py",)).timeline().to_json())
"""


def test_another_process_writes_the_same_bytes():
    written = {
        subprocess.run(
            [sys.executable, "-c", WRITE_TWICE],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(traces.ROOT)},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(written) == 1 and written.pop().count(b"reactor-trace") == 3


def test_another_seed_is_another_run():
    timelines = []
    for seed in (1, 2):
        with World(seed=seed) as world, Recorder(world) as recorder:
            for name in ("a", "b"):
                world.host(name)
            world.link("a", "b", jitter_s=0.1)
            world.run(traces.EXAMPLES / "03_echo/server.py", host="a")
            world.advance(5)
        timelines.append(recorder.timeline())
    assert [timeline.world["seed"] for timeline in timelines] == [1, 2]


# --- what an echo leaves


@pytest.fixture(scope="module")
def told():
    """The timeline of the echo example."""
    return echo().timeline()


def test_bytes_that_come_are_there_because_they_were_written(told):
    there, back = steps(told, "data.received")
    assert [told.steps[number]["data"] for number in there["because"]] == ["hello world"]
    assert told.steps[there["because"][0]]["at"].startswith("client.py:")
    assert there["at"].startswith("server.py:") and there["text"] == "Echo.dataReceived"
    answer = told.steps[back["because"][0]]
    assert told.steps[answer["in"]] is there


def test_steps_are_inside_of_what_led_to_them(told):
    assert outer(told, the_step(told, "data.received", program=0)) == ["ready", "turn"]
    assert outer(told, the_step(told, "data.written", program=1))[:1] == ["connection.begun"]


def test_buffers_are_seen_to_fill_and_to_empty(told):
    state, held = told.state(), []
    for _ in told.steps:
        state.apply()
        held.append(tuple(state.values.get(f"c1.{what}") for what in ("buffer", "kernel_in")))
    hello = [11, "hello world"]
    assert (hello, None) in held and (None, hello) in held
    assert held[-1] == (None, None)


def test_a_connection_ends_with_its_reason(told):
    assert [step["text"].partition(":")[0] for step in steps(told, "connection.lost")] == ["ConnectionDone"] * 2


def test_what_is_printed_is_told_with_its_line(told):
    said = [(step["at"].partition(":")[0], step["data"]) for step in steps(told, "output")]
    assert said == [
        ("server.py", "listening on port 7771\n"),
        ("server.py", "connection made with 127.0.0.1\n"),
        ("client.py", "received hello world\n"),
        ("server.py", "connection was lost, alas\n"),
    ]


def test_programs_have_names_hosts_and_exit_codes(told):
    assert told.programs == [
        {"name": "server.py", "host": "here", "exit": 0},
        {"name": "client.py", "host": "here", "exit": 0},
    ]


def test_packets_arrive_because_they_were_sent(told):
    for step in steps(told, "packet.arrived"):
        (cause,) = step["because"]
        assert told.steps[cause]["thing"] == step["thing"]
        assert told.steps[cause]["kind"] == "packet.sent"


def test_a_packet_is_under_way_for_as_long_as_the_link_takes():
    timeline = recorded("40_udp", ("server.py",), ("client.py",)).timeline()
    for step in steps(timeline, "packet.arrived"):
        assert step["time"] >= timeline.steps[step["because"][0]]["time"]


# --- bounds


def test_what_there_is_no_room_for_is_counted():
    whole, short = echo().timeline(), echo(most_steps=30).timeline()
    assert 0 < short.left_out <= len(whole.steps) - 30
    kept = [step for step in short.steps if step["kind"] != "end"]
    assert len(kept) <= 30 and short.steps[:30] == whole.steps[:30]


def test_long_data_is_cut_and_says_how_long_it_was():
    for step in steps(echo(data_bytes=4).timeline(), "data.written"):
        assert (step["data"], step["size"]) == ("hell", 11)


# --- things that happen in programs


def traced(program, seed=0):
    """The timeline of a function that is given a reactor in a world of its own, which then runs."""
    with World(seed=seed) as world, Recorder(world) as recorder:
        world.host("here")
        world.host("there")
        here = world.reactor("here")
        program(here, world)
        here.run()
    return recorder.timeline()


def test_a_timer_is_set_moved_cancelled_and_goes_off():
    def program(reactor, world):
        kept = reactor.callLater(1, reactor.stop)
        reactor.callLater(5, print).cancel()
        kept.reset(2)

    timeline = traced(program)
    fired = the_step(timeline, "timer.fired")
    assert fired["time"] == 2 and timeline.steps[fired["because"][0]]["kind"] == "timer.moved"
    assert the_step(timeline, "timer.cancelled")["thing"] == "t2"
    assert timeline.at(len(timeline.steps)).values.get("t1.due") is None


def test_a_deferred_tells_its_chain_and_what_came_of_it():
    def program(reactor, world):
        waited_for, outer_one = defer.Deferred(), defer.Deferred()
        outer_one.addCallback(lambda _: waited_for).addCallback(fail).addErrback(lambda _: 42)
        reactor.callLater(1, outer_one.callback, "first")
        reactor.callLater(2, waited_for.callback, "second")
        reactor.callLater(3, reactor.stop)

    def fail(result):
        raise ValueError(result)

    timeline = traced(program)
    fired = the_step(timeline, "deferred.fired", text="'first'")
    assert len(fired["chain"]) == 3 and fired["chain"][1].endswith("fail / –")
    name = fired["thing"]
    values = [step["set"][f"{name}.state"] for step in timeline.steps if f"{name}.state" in step.get("set", {})]
    assert values[0] == "waiting" and any(value.startswith("waits for d") for value in values)
    assert values[-2:] == ["failed", "fired"]
    assert timeline.at(len(timeline.steps)).values[f"{name}.result"] == "42"


class Flood(protocol.Protocol):
    """Writes much more than fits, from a producer that is told to wait."""

    def connectionMade(self):
        self.transport.registerProducer(self, True)
        self.resumeProducing()

    def resumeProducing(self):
        self.transport.write(b"x" * 400_000)

    def pauseProducing(self):
        self.transport.unregisterProducer()
        self.transport.loseConnection()

    def stopProducing(self):
        pass


def test_producers_are_seen_being_told_to_wait_and_buffers_being_full():
    def program(reactor, world):
        other = world.reactor("there")
        sink = protocol.Factory.forProtocol(protocol.Protocol)
        other.listenTCP(80, sink)
        reactor.connectTCP("there", 80, protocol.ClientFactory.forProtocol(Flood))
        reactor.callLater(1, reactor.stop)

    timeline = traced(program)
    assert the_step(timeline, "producer.paused")["text"] == "Flood.pauseProducing"
    state = timeline.state()
    fullest = 0
    for _ in timeline.steps:
        state.apply()
        fullest = max(fullest, *(state.values.get(f"{name}.buffer", [0])[0] for name in timeline.things))
    assert fullest >= 400_000


def test_a_refusal_is_the_end_of_an_attempt():
    def program(reactor, world):
        factory = protocol.ClientFactory.forProtocol(protocol.Protocol)
        factory.clientConnectionFailed = lambda connector, reason: reactor.stop()
        reactor.connectTCP("there", 81, factory)

    timeline = traced(program)
    failed = the_step(timeline, "connect.failed")
    assert failed["text"].startswith("ConnectionRefusedError")
    assert timeline.steps[failed["because"][0]]["kind"] == "connect.begun"


def test_a_lost_packet_is_told():
    class Shout(protocol.DatagramProtocol):
        def startProtocol(self):
            self.transport.write(b"anybody?", ("10.0.0.2", 9))

    def program(reactor, world):
        world.link("here", "there").cut()
        reactor.listenUDP(0, Shout())
        reactor.callLater(1, reactor.stop)

    assert the_step(traced(program), "packet.lost")["text"] == "the link is cut"


def test_a_function_is_a_program_too():
    def stroll(reactor):
        reactor.callLater(1, reactor.stop)

    with World() as world, Recorder(world) as recorder:
        world.host("here")
        program = world.start(stroll, host="here")
        world.run_until(lambda: not program.is_running)
    timeline = recorder.timeline()
    assert timeline.programs == [{"name": "stroll", "host": "here", "exit": 0}]
    assert the_step(timeline, "timer.set")["at"].startswith("test_world.py:")
    assert the_step(timeline, "program.ended")["program"] == the_step(timeline, "timer.fired")["program"] == 0


# --- reading


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "isn't even JSON"),
        ("[]", "a timeline says"),
        ('{"format": "reactor-trace", "version": 99}', "version 99, and 1 is what"),
        ('{"format": "reactor-trace", "version": 1}', "has no 'world'"),
    ],
)
def test_what_is_no_timeline_is_refused_with_the_reason(text, complaint):
    with pytest.raises(BadTimeline, match=complaint):
        Timeline.from_json(text)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"time": -1}, "the one before it"),
        ({"because": [9999]}, "which come later"),
        ({"in": 0}, "is not open then"),
        ({"kind": "end", "of": 77}, "is the end of step 77"),
        ({"thing": "c99"}, "of which nothing is known"),
        ({"time": None}, "is not as it should be"),
    ],
)
def test_steps_that_do_not_fit_are_refused(change, complaint):
    timeline = echo().timeline()
    closed = next(number for number, step in enumerate(timeline.steps) if step["kind"] == "output")
    assert closed > 0
    timeline.steps[-1] = {**timeline.steps[-1], **change}
    if "in" in change:
        timeline.steps[-1]["in"] = next(s["of"] for s in timeline.steps if s["kind"] == "end")
    with pytest.raises(BadTimeline, match=complaint):
        Timeline.from_json(timeline.to_json())


def test_a_timeline_is_as_small_as_its_format_says(told):
    said = (traces.ROOT / "reactor/trace/FORMAT.md").read_text("utf-8")
    count, plain, packed = map(int, re.search(r"some (\d+) steps in (\d+) KB, (\d+) KB when compressed", said).groups())
    text = told.to_json().encode()
    assert abs(len(told.steps) - count) <= 5
    assert [round(len(data) / 1000) for data in (text, gzip.compress(text, 9))] == [plain, packed]


def test_datagrams_over_IPv6_and_to_groups_are_traced():
    class Listener(protocol.DatagramProtocol):
        def startProtocol(self):
            self.transport.joinGroup("ff02::114")

        def datagramReceived(self, datagram, sender):
            self.reactor.stop()

    def program(reactor, world):
        listener = Listener()
        listener.reactor = reactor
        port = reactor.listenMulticast(9000, listener, interface="::", listenMultiple=True)
        reactor.callLater(0.5, port.write, b"ring", ("ff02::114", 9000))

    received = the_step(traced(program), "datagram.received")
    assert received["data"] == "ring" and len(received["because"]) == 1
