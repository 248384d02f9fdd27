"""The scripts from which pages show runs step by step."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lecture.elements.attachments import collecting
from lecture.elements.element import toHTML
from lecture.programs import Examples, use
from lecture.programs.packed_steps import Packer
from lecture.programs.packed_words import told_things
from lecture.programs.run_script import run_script
from lecture.slides import Session
from reactor.trace import Timeline

EXAMPLES = Path(__file__).parents[3] / "examples"
MOST_GZIPPED = 180_000  # bytes of all runs
MOST_GZIPPED_A_RUN = 1600  # on average, so that there is room for more of them


@pytest.fixture(scope="module")
def examples(tmp_path_factory) -> Examples:
    """The lecture's, with the timelines that are remembered, or others."""
    return Examples(EXAMPLES)


def contents(script: bytes):
    """What the script hands to the function that it calls."""
    return json.loads(script.decode().removeprefix("timelines(").removesuffix(");\n"))


def run(*steps, things=None):
    """A timeline of these steps."""
    return Timeline(world={"kind": "real"}, programs=[], things=things or {}, limits={}, steps=list(steps))


def rows(*steps):
    """The rows of these steps."""
    return list(Packer({}).rows(run(*steps)))


def test_a_step_says_only_what_does_not_go_without_saying():
    line = {"kind": "line", "time": 0.5, "program": 0, "at": "a.py:7"}
    assert rows(line, line | {"at": "a.py:9"}, line | {"at": "a.py:9", "in": 1}, line | {"at": "a.py:9", "in": 1}) == [
        [0, "a.py:7", 0, 0, 0, 0.5, 2],
        [0, 2],
        [0, "", 1],
        [0, ""],
    ]


def test_a_packet_that_arrives_is_the_one_that_was_sent():
    sent = {"kind": "packet.sent", "time": 0, "thing": "k1", "text": "TCP a:1 > b:2 SYN"}
    arrived = {"kind": "packet.arrived", "time": 0.25, "thing": "k1", "because": [0], "text": "TCP a:1 > b:2 SYN at b"}
    assert rows(sent, arrived, sent | {"thing": "k2"}, sent | {"thing": "k5"}) == [
        [0, 0, 0, 1, "TCP a:1 > b:2 SYN", 0, 1],
        [1, 0, 0, 1, " at b", 0.25, 0, 1],
        [0, 0, 0, 1, "TCP a:1 > b:2 SYN", -0.25],
        [0, 0, 0, "k5", "TCP a:1 > b:2 SYN"],
    ]


def packet(thing, text, **more):
    """A step that sends a packet."""
    return {"kind": "packet.sent", "time": 0, "thing": thing, "text": f"TCP {text}"} | more


def words(*steps):
    """What the rows of these packets say."""
    return [row[4] for row in rows(*steps)]


def test_a_packet_of_a_conversation_says_its_way_and_flags_and_no_number_that_can_be_counted():
    assert words(
        packet("k1", "a:1 > b:2 SYN seq=0 ack=0"),
        packet("k2", "b:2 > a:1 SYN ACK seq=0 ack=1"),
        packet("k3", "a:1 > b:2 ACK seq=1 ack=1"),
        packet("k4", "a:1 > b:2 ACK seq=1 ack=1 5 bytes", data="hello", size=5),
        packet("k5", "b:2 > a:1 ACK seq=1 ack=6 40 bytes", data="so", size=40),
        packet("k6", "b:2 > a:1 FIN ACK seq=41 ack=6"),
        packet("k7", "a:1 > b:2 ACK seq=6 ack=42"),
    ) == ["TCP a:1 > b:2 SYN seq=0 ack=0", "<SYN ACK", "<ACK", ">ACK", "<ACK", ">FIN ACK", "<ACK"]


def test_a_number_that_cannot_be_counted_stands_in_the_packets_words():
    assert words(
        packet("k1", "a:1 > b:2 ACK seq=7 ack=9"),
        packet("k2", "a:1 > b:2 ACK seq=8 ack=9"),
        packet("k3", "b:2 > a:1 ACK seq=9 ack=7"),
    ) == ["TCP a:1 > b:2 ACK seq=7 ack=9", ">ACK seq=8 ack=9", "<ACK seq=9 ack=7"]


def test_a_packet_of_another_conversation_or_with_other_words_or_of_another_size_is_written_whole():
    whole = [
        "TCP a:1 > b:2 ACK seq=0 ack=0",
        "TCP c:3 > b:2 ACK seq=0 ack=0",
        "TCP c:3 > b:2 ACK seq=0 ack=0 5 bytes",
        "TCP b:2 > c:3 ACK seq=0 ack=5 and so on",
    ]
    assert words(*(packet("k1", text.removeprefix("TCP ")) for text in whole)) == whole


def test_a_thing_is_said_again_only_after_another_of_the_same_program():
    step = {"kind": "ready", "time": 0, "program": 0, "thing": "c1"}
    other = {"program": 1, "thing": "c2"}
    told = rows(step, step | other, step, step | other, step | {"thing": "c3"}, step)
    assert [row[3] for row in told] == ["c1", "c2", 2, 2, "c3", "c1"]


def test_times_in_the_state_are_so_much_later_than_the_step():
    changes = {"t1.due": 60.25, "p0.sleeps": 0.5, "k1.arrives": [0.25, 1.25], "s1.due": "60.25", "p0.turn": None}
    (row,) = rows({"kind": "turn", "time": 0.25, "program": 0, "set": changes})
    assert row[-1] == {"t1.due": 60, "sleeps": 0.25, "k1.arrives": [0, 1], "s1.due": "60.25", "turn": None}
    assert rows({"kind": "turn", "time": 0, "set": {"p0.sleeps": "for ever"}})[0][-1] == {"p0.sleeps": "for ever"}


def test_what_no_page_shows_is_left_out_of_the_state():
    changes = {"p0.printed": 5, "c1.reading": True, "s1.reading": "yes"}
    assert rows({"kind": "turn", "time": 0, "program": 0, "set": changes})[0][-1] == {"s1.reading": "yes"}


@pytest.mark.parametrize(
    ("until", "text", "said"),
    [
        (30.02, "nobody is ready: sleeps until 30.02 s", []),
        (60.0, "nobody is ready: sleeps until 60 s", []),
        ("for ever", "nobody is ready: sleeps until somebody is", []),
        (30.02, "nobody is ready: sleeps well", ["nobody is ready: sleeps well"]),
    ],
)
def test_a_loop_that_sleeps_says_nothing_that_is_in_the_state(until, text, said):
    (row,) = rows({"kind": "sleep", "time": 0, "program": 0, "text": text, "set": {"p0.sleeps": until}})
    assert [field for field in row[:-1] if isinstance(field, str)] == said


def test_packets_stand_among_the_things_only_if_their_first_step_does_not_tell_their_ends():
    there = {"host": "a", "here": "a:1", "there": "b:2"}
    timeline = run(packet("k1", "a:1 > b:2 SYN"), things={"k1": there, "k2": there, "c1": there})
    assert list(told_things(timeline)) == ["k2", "c1"]


def test_things_leave_out_what_their_first_step_tells_and_what_no_page_shows():
    step = {"kind": "timer.set", "time": 0, "program": 0, "thing": "t1", "text": "Shy.hang_up"}
    timer = {"name": "Shy.hang_up", "program": 0}
    things = {
        "t1": timer,
        "t2": timer,
        "c1": {"host": "a", "here": "a:1", "there": "b:2", "name": "Echo #0 on 7", "protocol": "Echo", "program": 1},
        "c2": {"host": "a", "here": "b:2", "there": "a:1"},
    }
    assert told_things(run(step, step | {"program": 1}, step | {"thing": "c1"}, things=things)) == {
        "t2": timer,
        "c1": {"here": "a:1", "there": "b:2", "protocol": "Echo", "program": 1},
        "c2": {"here": "b:2", "there": "a:1"},
    }


def test_names_of_the_state_go_on_from_the_thing_and_the_program_of_the_step():
    step = {"kind": "turn", "time": 0, "program": 1, "thing": "c1"}
    first = {"p1.turn": 4, "c1.buffer": [2, "hi"], "c2.tcp": None, "p0.sleeps": 3}
    assert [
        row[-1]
        for row in rows(step | {"set": first}, step | {"set": {"p1.turn": 6}}, step | {"set": {"p1.turn": None}})
    ] == [
        {"turn": 4, ".buffer": [2, "hi"], "c2.tcp": None, "p0.sleeps": 3},
        {"turn": 2},
        {"turn": None},
    ]


def test_what_two_runs_have_in_common_is_written_once(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    steps = [{"kind": "line", "time": 0, "program": 0, "at": f"a.py:{line}"} for line in (1, 4, 2, 8, 5)]
    one, other = run(*steps), run(*steps[:4], steps[1])
    found = contents(
        run_script((name, run, {"a.py": tmp_path / "a.py"}) for name, run in (("a", one), ("a/wrong/b", other)))
    )
    assert found["texts"] == ["x = 1\n"] and found["kinds"] == ["line"]
    assert [(each["name"], each["files"]) for each in found["runs"]] == [("a", {"a.py": 0}), ("a/wrong/b", {"a.py": 0})]
    assert found["runs"][1]["steps"] == [[-4, 5], [0, -4]]


def test_a_run_that_repeats_itself_copies_from_its_own_beginning():
    steps = [{"kind": "line", "time": 0, "program": 0, "at": "a.py:1"}] * 20
    found = contents(run_script([("a", run(*steps), {})]))
    assert found["runs"][0]["steps"] == [[0, "a.py:1", 0, 0, 0, 0, 2], [0, ""], [-18, 1]]


def test_what_html_would_take_for_its_own_is_escaped():
    step = {"kind": "output", "time": 0, "program": 0, "data": "</script><!--", "size": 13}
    script = run_script([("a", run(step), {})])
    assert b'"<\\/script><\\!--"' in script and b"</" not in script and b"<!--" not in script


def test_a_session_that_is_simulated_says_that_its_run_is_there_and_brings_it(examples):
    with use(examples), collecting() as files:
        markup = toHTML(Session("03_echo/wrong/one_chunk"))
    assert 'data-example="03_echo/wrong/one_chunk" data-run ' in markup
    runs = contents(files["timelines/03_echo.js"])["runs"]
    names = [each["name"] for each in runs]
    assert names[:3] == ["03_echo", "03_echo: the network cuts elsewhere", "03_echo/wrong/one_chunk"]
    assert all("client.py" in each["files"] for each in runs)


def test_one_that_is_not_simulated_has_no_run(examples):
    with use(examples), collecting() as files:
        assert "data-run" not in toHTML(Session("50_threads"))
    assert not files


def test_no_run_is_attached_where_no_site_is_written(examples):
    with use(examples):
        assert "data-run" not in toHTML(Session("03_echo"))


def test_all_runs_together_stay_small_and_so_does_each_on_average(examples):
    names = [name for name in examples.names() if examples.is_simulated(name)]
    examples.record(names)
    scripts = dict(examples.run_script(name) for name in names)
    assert len(names) >= 80 and all(scripts.values())
    size = sum(len(gzip.compress(script)) for script in scripts.values())
    assert size <= min(MOST_GZIPPED, len(names) * MOST_GZIPPED_A_RUN)


def test_a_run_ends_with_its_programs_however_long_it_is(examples):
    for name in ("44_proxy", "09_buffering"):
        steps = examples.timeline(name).steps
        assert any(step["kind"] == "program.ended" for step in steps[-40:])
        assert any(step["kind"] == "skipped" for step in steps)


def test_what_tls_encrypts_is_left_out_as_it_is_different_each_time(tmp_path):
    first, second = (Examples(EXAMPLES, tmp_path / name).timeline("05b_any_transport") for name in ("one", "other"))
    assert first.to_json() == second.to_json()
    packets = [step["text"] for step in first.steps if step["kind"] == "packet.sent"]
    assert packets and not any("7784" in packet for packet in packets)
