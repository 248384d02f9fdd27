"""`python -m reactor.trace program.py`, as somebody types it."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no traces", allow_module_level=True)

from reactor.trace import Timeline
from tests.support import packet_reader
from tests.support.traces import EXAMPLES, ROOT, steps

ECHO = [EXAMPLES / "03_echo/server.py", "--and", EXAMPLES / "03_echo/client.py"]


@pytest.fixture
def trace(tmp_path):
    """Runs the command in a folder of its own."""

    def run(*arguments, status=0):
        done = subprocess.run(
            [sys.executable, "-m", "reactor.trace", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == status, done.stderr
        return done

    return run


@pytest.fixture
def program(tmp_path):
    """Writes a program."""

    def write(text):
        (tmp_path / "program.py").write_text(text)
        return "program.py"

    return write


STOPS = "from reactor import reactor\nreactor.callLater(0, reactor.stop)\nreactor.run()\n"


def test_a_program_runs_as_it_would_by_itself(trace, program, tmp_path):
    done = trace(
        program("import sys, other\n" + STOPS + "print(sys.argv, __name__)\nsys.exit(3)"), "-x", "--and", status=1
    )
    assert "No module named 'other'" in done.stderr
    (tmp_path / "other.py").touch()
    done = trace(
        program("import sys, other\n" + STOPS + "print(sys.argv, __name__)\nsys.exit(3)"), "-x", "--and", status=3
    )
    assert (done.stdout, done.stderr) == ("['program.py', '-x', '--and'] __main__\n", "")
    timeline = Timeline.read(tmp_path / "trace.json")
    assert timeline.programs == [{"name": "program.py"}]
    assert [step["at"] for step in steps(timeline, "timer.set")] == ["program.py:3"]
    assert steps(timeline, "output")[0]["at"] == "program.py:5"


def test_a_program_that_raises_leaves_its_trace_and_its_own_traceback(trace, program, tmp_path):
    done = trace(program(STOPS + "raise ValueError('too late')"), status=1)
    assert done.stderr == (
        'Traceback (most recent call last):\n  File "program.py", line 4, in <module>\n'
        "    raise ValueError('too late')\nValueError: too late\n"
    )
    assert steps(Timeline.read(tmp_path / "trace.json"), "timer.fired")


@pytest.mark.parametrize(
    ("ending", "status"), [("", 0), ("raise SystemExit('why')", 1), ("raise KeyboardInterrupt", 130)]
)
def test_the_exit_status_is_the_program_s(trace, program, ending, status):
    trace(program(STOPS + ending), status=status)


def test_all_that_can_be_written_of_a_simulated_world(trace, tmp_path):
    options = ("-o", "t.json", "--perfetto", "p.json", "--svg", "s.svg", "--pcap", "w.pcap")
    done = trace("--simulate", *options, *ECHO)
    assert done.stdout.splitlines()[-1] == "received hello world"
    assert Timeline.read(tmp_path / "t.json").world == {"kind": "simulated", "seed": 0}
    assert json.loads((tmp_path / "p.json").read_text())["traceEvents"]
    assert ET.parse(tmp_path / "s.svg").getroot().get("role") == "img"
    assert any(packet.data == b"hello world" for packet in packet_reader.read(tmp_path / "w.pcap"))


ODD = """
import sys
print("bell \\x07 escape \\x1b[2J null \\x00 half \\udc80 <b>&")
"""


def test_every_character_that_is_printed_can_be_said_in_each_format(trace, program, tmp_path):
    done = trace("--simulate", "-o", "t.json", "--perfetto", "p.json", "--svg", "s.svg", program(ODD))
    assert "half \\udc80 <b>&" in done.stdout
    picture = ET.parse(tmp_path / "s.svg").getroot()
    [said] = [one.text for one in picture.iter() if one.get("class") == "printed"]
    assert said.startswith("bell \\x07 escape \\x1b[2J")
    for name in ("t.json", "p.json"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    Timeline.read(tmp_path / "t.json")


ENDS_BEFORE_ITS_CHILD = """
import os
alive, held = os.pipe()
if os.fork():
    print("the parent")
else:
    os.close(held)
    os.read(alive, 1)
    print("the child")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_a_child_that_the_program_forks_does_not_write_the_trace_again(trace, program, tmp_path):
    done = trace(program(ENDS_BEFORE_ITS_CHILD))
    assert done.stdout == "the parent\nthe child\n"
    said = [step["data"] for step in Timeline.read(tmp_path / "trace.json").steps if step["kind"] == "output"]
    assert said == ["the parent\n"]


def test_only_what_was_asked_for_is_written(trace, program, tmp_path):
    trace("--svg", "s.svg", program(STOPS))
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["program.py", "s.svg"]


def test_a_simulated_program_that_waits_for_ever_is_stopped(trace, program):
    done = trace("--simulate", program("from reactor import reactor\nreactor.run()"), status=1)
    assert "nothing more happens" in done.stderr


def test_what_was_left_out_is_said(trace):
    assert "the trace ends after" in trace("--simulate", "--most-steps", "10", *ECHO).stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere.py"], "there is no program 'nowhere.py' to run"),
        (["--pcap", "x", *ECHO], "--pcap needs --simulate"),
        (["--seed", "1", *ECHO], "--seed needs --simulate"),
        (["--simulate", ECHO[0], "--and"], "--and wants a program behind it"),
        (["--simulate", ECHO[0], "--and", "nowhere.py"], "there is no program 'nowhere.py'"),
        (["--most-steps", "0", ECHO[0]], "0 is less than 1"),
        (["--data-bytes", "few", ECHO[0]], "invalid number value: 'few'"),
        (["--simulate", "-o", "no/such/folder/x", *ECHO], "the trace can't be written"),
        ([], "the following arguments are required: program"),
    ],
)
def test_what_cannot_be_done_is_said(trace, arguments, complaint):
    assert complaint in trace(*arguments, status=2).stderr
