"""A print after the fact: what an expression is, each time a line is about to run."""

import json

import pytest

from reactor.sim import World
from reactor.trace import Probe, Recorder
from tests.support.traces import EXAMPLES

CLIENT = EXAMPLES / "03_echo" / "client.py"
LINE = CLIENT.read_text("utf-8").splitlines().index("        self.received += data") + 1


def recorded(probe=None, **link):
    with World(seed=3) as world, Recorder(world, lines=True, probe=probe) as recorder:
        world.host("here")
        world.link("here", "here", **link)
        world.run(CLIENT.with_name("server.py"), host="here")
        client = world.run(CLIENT, host="here")
        world.run_until(lambda: not client.is_running)
    return recorder.timeline().to_json()


def test_it_is_asked_each_time_before_its_line_and_the_run_stays_as_it_was():
    cut = {"shred": 1.0, "latency_s": 0.01, "jitter_s": 0.01}
    probe = Probe("client.py", LINE, "self.received, data")
    before = recorded(**cut)
    assert recorded(probe, **cut) == before
    received = b""
    steps = json.loads(before)["steps"]
    for number, value in probe.values:
        assert steps[number]["kind"] == "line" and steps[number]["at"] == f"client.py:{LINE}"
        so_far, data = eval(value)
        assert so_far == received and data
        received += data
    assert received == b"hello world" and len(probe.values) > 1


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("nobody", "NameError: name 'nobody' is not defined"),
        ("sum(byte in data for byte in self.received)", "0"),
        ("self", "<Hello>"),
        ("  len(data) ", "11"),
    ],
)
def test_names_are_those_of_the_line_and_an_exception_is_a_value(expression, value):
    probe = Probe("client.py", LINE, expression)
    recorded(probe)
    assert [said for _, said in probe.values] == [value]


def test_an_expression_that_does_something_gives_another_run():
    assert recorded(Probe("client.py", LINE, "self.transport.write(b'!')")) != recorded()


def test_what_it_calls_is_no_step_of_the_run():
    own = Probe("client.py", LINE, "HelloFactory().buildProtocol(None)")
    assert recorded(own) == recorded() and own.values[0][1] == "<Hello>"


def test_a_line_that_never_runs_has_no_values():
    probe = Probe("client.py", 10_000, "1")
    recorded(probe)
    assert probe.values == []


def test_what_is_no_expression_is_refused():
    with pytest.raises(SyntaxError):
        Probe("client.py", LINE, "x = 1")
