"""Lines, calls and variables of the programs: what a stepper shows."""

import json
import subprocess
import sys
import threading

import jsonschema
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no traces", allow_module_level=True)

from reactor.sim import World
from reactor.trace import Recorder
from tests.support import traces
from tests.support.traces import ROOT, echo, recorded, steps, the_step

CLOSELY = ("line", "call", "sleep")


@pytest.fixture(scope="module")
def timeline():
    return echo(lines=True).timeline()


def run_script(tmp_path, source, **options):
    """The timeline of a script in a world of its own."""
    script = tmp_path / "script.py"
    script.write_text(source, encoding="utf-8")
    with World() as world, Recorder(world, lines=True, **options) as recorder:
        world.host("here")
        program = world.run(script, host="here")
        world.run_until(lambda: not program.is_running)
    return recorder.timeline()


def lines_of(timeline):
    return [step["at"] for step in steps(timeline, "line")]


def test_each_line_is_a_step_before_it_runs_and_carries_what_the_one_before_has_changed(tmp_path):
    timeline = run_script(tmp_path, "a = 1\nb = [a, 2]\ndel a\nprint(b)\n")
    assert lines_of(timeline) == ["script.py:1", "script.py:2", "script.py:3", "script.py:4"]
    state, seen = timeline.state(), []
    while state.position < len(timeline.steps):
        if state.apply()["kind"] == "line":
            seen.append(state.values.get("p0.locals"))
    assert seen == [None, {"a": "1"}, {"a": "1", "b": "[1, 2]"}, {"b": "[1, 2]"}]


def test_code_that_names_a_file_which_is_none_is_not_the_programs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where a relative name would be the program's neighbour
    source = "exec(compile('reactor.callLater(1, print)', 'kit/loader.py', 'exec'))"
    timeline = run_script(tmp_path, f"from reactor import reactor\n{source}\nc = 2\n")
    assert lines_of(timeline) == ["script.py:1", "script.py:2", "script.py:3"]
    assert the_step(timeline, "timer.set")["at"] == "script.py:2"


def test_a_function_is_a_step_with_its_lines_inside_and_its_variables_while_it_runs(tmp_path):
    timeline = run_script(tmp_path, "def double(n):\n    m = 2 * n\n    return m\nx = double(4)\ny = x\n")
    call = the_step(timeline, "call", text="double", at="script.py:1")
    inside = [step for step in timeline.steps if step.get("in") == timeline.steps.index(call)]
    assert [step["at"] for step in inside] == ["script.py:2", "script.py:3"]
    assert call["set"]["p0.locals"] == {"n": "4"} and inside[1]["set"]["p0.locals"] == {"n": "4", "m": "8"}
    assert timeline.at(len(timeline.steps)).values["p0.locals"] == {"x": "8", "y": "8"}


def test_the_handler_that_runs_is_inside_of_the_event_that_calls_it(timeline):
    call = the_step(timeline, "call", text="Echo.dataReceived")
    event = timeline.steps[call["in"]]
    assert event["kind"] == "data.received" and event["data"] == "hello world"
    assert call["set"] == {"p0.locals": {"data": "b'hello world'"}}


def test_attributes_of_a_protocol_stand_under_its_connections_name_also_when_that_is_lost(timeline):
    changes = [(name, value) for step in timeline.steps for name, value in step.get("set", {}).items()]
    received = [(name, value) for name, value in changes if name.endswith(".received")]
    assert received == [("c1.protocol.received", "b''"), ("c1.protocol.received", "b'hello world'")]


def test_attributes_of_the_factory_stand_under_a_name_of_its_own():
    timeline = recorded("04_chat", ("server.py",), ("guest.py", "ann"), ("guest.py", "bob"), lines=True).timeline()
    changes = [(name, value) for step in timeline.steps for name, value in step.get("set", {}).items()]
    guests = [value for name, value in changes if name == "f1.guests"]
    assert guests == ["[]", "[<Guest>]", "[<Guest>, <Guest>]", "[<Guest>]", "[]"]
    assert timeline.things["f1"]["name"] == "Room"


def test_a_loop_that_goes_to_sleep_says_until_when(timeline):
    said = {(step["program"], step["text"]) for step in steps(timeline, "sleep")}
    assert said == {
        (0, "nobody is ready: sleeps until somebody is"),
        (1, "nobody is ready: sleeps until 30 s"),  # the time-out of connectTCP
    }
    state = timeline.state()
    while state.apply()["kind"] != "sleep":
        pass
    assert state.values["p0.sleeps"] == "for ever"
    state.go_to(len(timeline.steps))
    assert "p0.sleeps" not in state.values


def test_everything_else_is_as_without(timeline):
    """Steps are numbered differently, so only what happened when, and to what, is compared."""

    def rest(one):
        left_out = {one.steps.index(step) for step in one.steps if step["kind"] in CLOSELY}
        return [
            (step["time"], step["kind"], step.get("thing"), step.get("text"), step.get("at"))
            for step in one.steps
            if step["kind"] not in CLOSELY and step["kind"] != "end" and step.get("of") not in left_out
        ]

    assert rest(timeline) == rest(echo().timeline())


def test_it_fits_the_schema_and_goes_back(timeline):
    timeline.check()
    jsonschema.Draft202012Validator(traces.schema()).validate(json.loads(timeline.to_json()))
    state, hashes = timeline.state(), []
    for _ in timeline.steps:
        hashes.append(state.state_hash)
        state.apply()
    while hashes:
        state.rewind()
        assert state.state_hash == hashes.pop()


def test_a_function_that_raises_has_an_end(tmp_path):
    timeline = run_script(tmp_path, "def f():\n    1 / 0\ntry:\n    f()\nexcept ZeroDivisionError:\n    x = 1\n")
    call = the_step(timeline, "call", text="f")
    assert the_step(timeline, "end", of=timeline.steps.index(call))
    assert lines_of(timeline)[-2:] == ["script.py:5", "script.py:6"]


def test_a_coroutine_is_entered_again_after_each_wait(tmp_path):
    timeline = run_script(
        tmp_path,
        "from reactor import reactor\nfrom reactor.defer import ensureDeferred\nfrom reactor.task import deferLater\n"
        "async def work():\n    for n in range(2):\n        await deferLater(reactor, 1)\n    reactor.stop()\n"
        "ensureDeferred(work())\nreactor.run()\n",
    )
    calls = [step for step in steps(timeline, "call") if step["text"] == "work"]
    assert [step["time"] for step in calls] == [0, 1, 2]
    assert [step["set"]["p0.locals"] for step in calls[1:]] == [{"n": "0"}, {"n": "1"}]


def test_bodies_of_classes_are_passed_over(tmp_path):
    assert lines_of(run_script(tmp_path, "class A:\n    x = 1\n    y = 2\na = A()\n")) == ["script.py:1", "script.py:4"]


def test_only_the_programs_own_files_are_watched(tmp_path):
    (tmp_path / "beside.py").write_text("def f():\n    return 1\n")
    timeline = run_script(tmp_path, "import json, beside\njson.dumps([1])\nbeside.f()\n")
    assert {at.partition(":")[0] for at in lines_of(timeline)} == {"script.py", "beside.py"}


def test_values_are_words_without_addresses_and_bounded(tmp_path):
    source = "class A:\n    pass\na = A()\nb = b'x' * 10000\nc = list(range(10**6))\nimport os\nd = os\n" + "".join(
        f"v{n} = {n}\n" for n in range(50)
    )
    timeline = run_script(tmp_path, source)
    variables = timeline.at(len(timeline.steps)).values["p0.locals"]
    assert len(variables) == 20 and all(len(value) <= 120 for value in variables.values())
    assert variables["a"] == "<A>" and "d" not in variables and "os" not in variables
    assert " at 0x" not in timeline.to_json()


def test_lines_end_with_the_limit_like_all_steps(tmp_path):
    timeline = run_script(tmp_path, "for n in range(1000):\n    m = n\n", most_steps=50)
    assert len(timeline.steps) == 50 and timeline.left_out > 1900
    timeline.check()


def test_nothing_is_left_of_it(timeline):
    assert sys.gettrace() is None or "lines.py" not in sys.gettrace().__code__.co_filename
    if sys.version_info >= (3, 12):
        assert sys.monitoring.get_tool(4) is None


def test_other_threads_are_not_written_down(tmp_path):
    """In this process, and the real one, where there are threads."""
    script = tmp_path / "script.py"
    script.write_text("def work():\n    x = 1\n    return x\nhere = work()\n")
    recorder = Recorder(name="script.py", lines=True)
    recorder.add_folder(tmp_path)
    code = compile(script.read_text(), str(script), "exec")
    with recorder:
        thread = threading.Thread(target=exec, args=(code, {}))
        thread.start()
        thread.join()
        exec(code, {"__name__": "__main__"})
    assert lines_of(recorder.timeline()) == [f"script.py:{n}" for n in (1, 4, 2, 3)]


def test_every_python_of_this_machine_writes_the_same(tmp_path):
    """`sys.settrace` and `sys.monitoring` say the same."""
    found = subprocess.run([ROOT / "tools" / "pythons"], capture_output=True, text=True, check=False).stdout
    pythons = [line.split(" ", 1)[1] for line in found.splitlines()]
    written = {}
    for number, python in enumerate(pythons):
        output = tmp_path / f"{number}.json"
        command = [python, "-m", "reactor.trace", "--simulate", "--lines", "-o", str(output)]
        folder = ROOT / "examples" / "04_chat"
        command += ["server.py", "--and", "guest.py", "ann", "--and", "guest.py", "bob"]
        environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        written[python] = output.read_bytes()
    assert len(set(written.values())) == 1, {python: len(text) for python, text in written.items()}
    assert b'"kind":"line"' in next(iter(written.values()))
