"""Sentences for steps, their causes, and a walk through a timeline in a terminal."""

import io
import random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no traces", allow_module_level=True)

from reactor.trace.command import main
from reactor.trace.stepping import Stepper
from reactor.trace.stepping import main as step
from reactor.trace.words import SENTENCES, sentence, why
from tests.support import traces
from tests.support.traces import EXAMPLES, echo, recorded, steps, the_step

FOLDER = EXAMPLES / "03_echo"
RUNS = {
    "echo": lambda: echo(lines=True),
    "reconnecting": lambda: recorded("06_reconnect", ("reconnect.py",), lines=True),
    "push producer": lambda: recorded("12_push_producer", ("garbage.py",)),
    "datagrams": lambda: recorded("40_udp", ("server.py",), ("client.py",), lines=True),
    "Deferreds": lambda: recorded("51_deferreds", ("await_it.py",), lines=True),
}


@pytest.fixture(scope="module")
def timeline():
    return echo(lines=True).timeline()


@pytest.fixture(scope="module", params=RUNS)
def any_timeline(request):
    return RUNS[request.param]().timeline()


def test_every_kind_of_step_has_a_sentence():
    assert SENTENCES.keys() == set(traces.schema()["$defs"]["step"]["properties"]["kind"]["enum"])


def test_no_sentence_has_a_gap(any_timeline):
    for number in range(len(any_timeline.steps)):
        said = sentence(any_timeline, number)
        assert said == " ".join(said.split()), said
        assert not said.endswith((":", ",")) and "[" not in said.partition("(")[0], said


def test_an_unknown_kind_is_named(timeline):
    timeline = type(timeline)(**vars(timeline) | {"steps": [{"time": 0, "kind": "moon.rises"}]})
    assert sentence(timeline, 0) == "moon.rises"


def said(timeline, step):
    return [sentence(timeline, number) for number in why(timeline, timeline.steps.index(step))]


def test_a_line_of_output_leads_back_to_the_write_that_caused_it(timeline):
    output = the_step(timeline, "output", data="received hello world\n")
    causes = said(timeline, output)
    assert causes[0].startswith("client.py receives b'hello world' from c1 (Hello) in Hello.dataReceived")
    assert causes[1] == "server.py writes b'hello world' to c2 (Echo) (server.py:12)"
    assert "client.py writes b'hello world' to c1 (Hello) (client.py:10)" in causes
    assert causes[-1] == "client.py on here begins"


def test_the_end_of_a_connection_leads_back_to_who_closed_it(timeline):
    lost = the_step(timeline, "connection.lost", thing="c2")
    assert "client.py calls loseConnection() of c1 (Hello) (client.py:16)" in said(timeline, lost)


def test_causes_come_before_and_end_with_a_program_or_the_world(any_timeline):
    for number in range(len(any_timeline.steps)):
        chain = why(any_timeline, number)
        assert chain == sorted(chain, reverse=True) and (not chain or chain[0] <= number)


# --- walking


@pytest.fixture
def stepper(timeline):
    return Stepper(timeline, FOLDER)


def test_by_line_event_turn_packet_and_output_forwards_and_back(stepper, timeline):
    for command, kind in (("n", "line"), ("t", "turn"), ("p", "packet.sent"), ("o", "output")):
        stepper.move("g 1")
        assert stepper.move(command) and timeline.steps[stepper.position - 1]["kind"] == kind
    there = stepper.position
    assert stepper.move("O") is False and stepper.position == there  # there is none before the first
    assert stepper.move("o") and stepper.move("O") and stepper.position == there


def test_1000_random_jumps_give_the_state_of_a_fresh_replay(stepper, timeline):
    fresh = [timeline.at(position).state_hash for position in range(len(timeline.steps) + 1)]
    dice = random.Random(1)
    for _ in range(1000):
        command = dice.choice(["n", "b", "e", "E", "t", "T", "p", "P", "o", "O", f"g {dice.randrange(len(fresh))}"])
        stepper.move(command)
        assert stepper.state.state_hash == fresh[stepper.position]


def test_a_line_is_found_by_its_number(stepper):
    assert stepper.move("l server.py:12")
    shown = "\n".join(stepper.shown())
    assert "server.py is about to run server.py:12" in shown and "  >   12         self.transport.write(data)" in shown
    assert "  p0.locals: data = b'hello world'" in shown
    assert not stepper.move("l server.py:99")


def test_a_timeline_without_lines_is_walked_by_events():
    stepper = Stepper(echo().timeline(), FOLDER)
    assert stepper.move("n") and "server.py on here begins" in next(stepper.shown())


def test_the_command_walks_a_file(tmp_path, timeline, capsys):
    timeline.write(tmp_path / "run.json")
    typed = io.StringIO("o\nw\ng 999\nnonsense\nq\n")
    assert step([str(tmp_path / "run.json"), "--source", str(FOLDER)], typed) == 0
    shown = capsys.readouterr().out
    assert "server.py prints 'listening on port 7771\\n' (server.py:24)" in shown
    assert "  because server.py on here begins  [step 1]" in shown
    assert "there is no such step" in shown and "go to step 41" in shown


def test_without_the_source_the_place_is_named_all_the_same(tmp_path, timeline, capsys):
    timeline.write(tmp_path / "run.json")
    step([str(tmp_path / "run.json")], io.StringIO("l server.py:12\n"))
    shown = capsys.readouterr().out
    assert "server.py is about to run server.py:12" in shown and "self.transport" not in shown


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), ("{", "it isn't even JSON")])
def test_what_is_no_timeline_is_named(tmp_path, capsys, content, said):
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SystemExit) as ending:
        main(["step", str(path)])
    assert ending.value.code == 2 and said in capsys.readouterr().err


def test_outputs_are_steps_too(timeline):
    assert len(steps(timeline, "output")) == 4
