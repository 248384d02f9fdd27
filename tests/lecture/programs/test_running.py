"""Programs from their texts, run in a simulated world: what pages, notebooks and exercises ask for."""

import pytest

from lecture.errors import LectureError
from lecture.programs.simulation.running import run_files
from reactor.sim import SimulationError
from tests.support.traces import EXAMPLES

ECHO = {name: (EXAMPLES / "03_echo" / name).read_text("utf-8") for name in ("server.py", "client.py")}
PLAN = "$ python server.py &\n$ python client.py\n"


def test_it_gives_what_each_command_printed_how_it_ended_and_each_step():
    run = run_files(ECHO, PLAN)
    assert run.output[1] == "received hello world\n" and run.output[0].startswith("listening on port 7771\n")
    assert run.exits == (0, 0) and run.problem == ""
    assert [step["at"] for step in run.timeline.steps if step["kind"] == "line"][:2] == ["server.py:1", "server.py:3"]


def test_the_same_is_the_same_and_another_seed_another_run():
    link = {"latency_s": 0.01, "jitter_s": 0.05}
    runs = [run_files(ECHO, PLAN, seed=seed, link=link).timeline.to_json() for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_reads_end_where_one_says():
    run = run_files(ECHO, PLAN, reads=(3, 4))
    received = [(step["program"], step["data"]) for step in run.timeline.steps if step["kind"] == "data.received"]
    for program in (0, 1):
        assert [data for number, data in received if number == program] == ["hel", "lo w", "orld"]


def test_what_was_printed_before_a_program_hung_is_kept():
    hangs = "print('so far')\nfrom reactor import reactor\nreactor.run()\nprint('never')\n"
    run = run_files({"hangs.py": hangs, "other.py": "print('not reached')"}, "$ python hangs.py\n$ python other.py\n")
    assert run.output == ("so far\n", "") and run.exits == (None, None)
    assert run.problem.startswith("in 20 simulated seconds `python hangs.py` did not end. Until then:")


def test_a_program_that_never_waits_is_stopped_and_named():
    source = "from reactor import reactor\ndef tick():\n    reactor.callLater(0, tick)\ntick()\nreactor.run()\n"
    run = run_files({"busy.py": source}, "$ python busy.py\n", most_steps=100)
    said = "a program took 10,002 turns and never waited: tick (busy.py:2) asks for itself again, and `python busy.py`"
    assert run.problem.startswith(said) and run.exits == (None,)


def test_a_program_that_raises_shows_its_traceback():
    run = run_files({"bad.py": "1 / 0\n"}, "$ python bad.py\n")
    assert run.exits == (1,) and run.problem == ""
    assert run.output[0].splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_files_may_be_in_folders_and_read_each_other():
    source = "import pathlib, parts.words\nprint(parts.words.word, pathlib.Path('parts/text').read_text())\n"
    files = {"show.py": source}
    files |= {"parts/__init__.py": "", "parts/words.py": "word = 'read:'", "parts/text": "hello"}
    assert run_files(files, "$ python show.py\n").output == ("read: hello\n",)


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../outside.py", "a/../../b", "a\0b"])
def test_a_name_outside_is_refused(name):
    with pytest.raises(LectureError, match="can't be the name of a file"):
        run_files({name: ""}, "$ python a.py\n")


def test_a_plan_that_cannot_be_read_is_an_error_with_its_line():
    with pytest.raises(LectureError, match="needs a shell") as raised:
        run_files(ECHO, "$ python server.py &\n$ python client.py | sort\n")
    assert raised.value.where.line == 2


def test_a_link_has_no_other_fields():
    with pytest.raises(SimulationError, match="a link has no 'speed'"):
        run_files(ECHO, PLAN, link={"speed": 3})


def test_a_program_that_is_not_there_is_a_problem():
    run = run_files({}, "$ python nowhere.py\n")
    assert run.problem == "there is no program 'nowhere.py'" and run.exits == (None,)
