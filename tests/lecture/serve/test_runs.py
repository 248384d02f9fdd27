"""Programs run for the speaker: real ones, on real sockets."""

import os
from pathlib import Path

import pytest

from lecture.programs.processes import leftovers
from lecture.serve import runs

WAITS = "import threading\nprint('waits', flush=True)\nthreading.Event().wait()\n"
STUBBORN = """\
import signal
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
"""
TALK = """\
from lecture.slides import Lecture, Slide, Code, Session
lecture = Lecture("T", Slide("1", Session("02_echo"), Code("02_echo/server.py"), Code("02_echo/client.py")))
"""


@pytest.fixture
def echo(served):
    """The deck shows a server and a client that talk to each other."""
    served.examples.write(
        "02_echo",
        """\
        $ python server.py &
        listening
        heard hello
        $ python client.py
        HELLO
        $ kill %1
        """,
        server=SERVER,
        client=CLIENT,
    )
    served.write(TALK)
    return served


SERVER = """\
import socket, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
listener = socket.create_server(("127.0.0.1", 7771))
print("listening")
while True:
    connection, _ = listener.accept()
    text = connection.recv(100)
    print("heard", text.decode())
    connection.sendall(text.upper())
    connection.close()
"""
CLIENT = """\
import socket
with socket.create_connection(("127.0.0.1", 7771)) as connection:
    connection.sendall(b"hello")
    print(connection.recv(100).decode())
"""


def lines(page):
    """What the page has seen: (command, text) of each piece of output."""
    return [(message["place"], message["text"]) for message in page.runs("output")]


def over(page):
    return [m["what"] for m in page.of("run") if m["what"] in ("held", "error", "stopped", "recorded")]


def spoiled(served, program):
    """A session that held when it was built, and whose program is another one now; nothing is built any more."""
    served.start()
    served.server.builds.watch.stop()
    served.examples.write("02_echo", server=program)
    return served


def test_a_session_runs_and_everybody_sees_it_line_by_line(echo):
    echo.start()
    speaker, follower = echo.speaker(), echo.follower()
    speaker.say(type="run", example="02_echo")
    echo.until(lambda: over(follower) and over(speaker))
    assert follower.of("run") == speaker.of("run")
    assert follower.of("run")[0] == {
        "type": "run", "run": 1, "what": "started", "example": "02_echo", "edited": False,
    }  # fmt: skip
    assert [message["place"] for message in speaker.runs("typed")] == [0, 1, 2]
    assert lines(speaker) == [(0, "listening\n"), (0, "heard hello\n"), (1, "HELLO\n")] or lines(speaker) == [
        (0, "listening\n"), (1, "HELLO\n"), (0, "heard hello\n"),
    ]  # fmt: skip
    assert [(m["place"], m["status"]) for m in speaker.runs("ended")] == [(1, 0), (0, 0)]
    assert speaker.runs("held") == [{"type": "run", "run": 1, "what": "held", "held": True}]


def test_who_comes_late_sees_the_last_run_from_its_beginning(echo):
    echo.start()
    speaker = echo.speaker()
    speaker.say(type="run", example="02_echo")
    echo.until(lambda: over(speaker))
    late = echo.follower()
    echo.until(lambda: over(late))
    assert late.of("run") == speaker.of("run")


def test_a_run_can_be_stopped_and_leaves_no_process(served):
    spoiled(served, STUBBORN + WAITS)
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: lines(speaker))
    programs = scratch_processes()
    assert programs
    speaker.say(type="stop")
    served.until(lambda: over(speaker) == ["stopped"])
    served.until(lambda: not any(map(leftovers.lives, programs)))
    speaker.say(type="stop")
    speaker.say(type="run", example="02_echo")
    served.until(lambda: len(speaker.runs("started")) == 2)


def scratch_processes():
    """The programs of sessions that run now, started by this process or below it."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            environment = Path("/proc", name, "environ").read_bytes()
            parent = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()[1]
            grand = Path("/proc", parent, "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"LECTURE_SCRATCH=" in environment and int(grand) == os.getpid():
            found.append(int(name))
    return found


def test_a_run_ends_with_the_connection_that_asked_for_it(served):
    spoiled(served, STUBBORN + WAITS)
    speaker, follower = served.speaker(), served.follower()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: lines(follower))
    programs = scratch_processes()
    speaker.transport.abortConnection()
    served.until(lambda: over(follower) == ["stopped"])
    served.until(lambda: not any(map(leftovers.lives, programs)))


def test_one_run_at_a_time(served):
    spoiled(served, WAITS)
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo")
    speaker.say(type="run", example="02_echo")
    served.until(lambda: speaker.of("refused") and lines(speaker))
    assert speaker.of("refused") == [{"type": "refused", "why": "a run is going on: stop it first"}]
    assert len(speaker.runs("started")) == 1


@pytest.mark.parametrize("example", ["03_unseen", "nonsense", "session.txt", "server.py"])
def test_only_examples_that_a_slide_shows_are_run(served, example):
    served.start()
    served.examples.write("03_unseen", "$ python x.py\n", x="open('ran', 'w')\n")
    served.server.builds.watch.stop()
    speaker = served.speaker()
    speaker.say(type="run", example=example)
    served.until(lambda: speaker.of("refused"))
    assert speaker.of("refused")[0]["why"] == f"no slide shows a session of {example!r}"


def test_a_program_that_prints_without_end_is_cut_and_stopped(served):
    spoiled(served, "import sys\nfor _ in range(100): sys.stdout.write(('x' * 99 + '\\n') * 10_000)\n")
    speaker, follower = served.speaker(), served.follower()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: over(follower))
    assert over(follower) == ["error"]
    assert "printed more than 1,000,000 bytes" in follower.runs("error")[0]["message"]
    assert sum(len(text) for _, text in lines(follower)) <= 65536
    assert len(follower.runs("cut")) == 1
    assert not speaker.has_gone and not follower.has_gone


def test_a_program_that_hangs_is_stopped_at_the_deadline_of_its_session(served):
    served.examples.write("02_echo", "# deadline: 1\n$ python server.py\nhi\n")
    spoiled(served, "print('begins', flush=True)\n" + STUBBORN + WAITS)
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: over(speaker))
    assert over(speaker) == ["error"]
    assert "did not end within the session's 1 s" in speaker.runs("error")[0]["message"]
    assert scratch_processes() == []


def test_when_nothing_is_there_in_two_seconds_the_recorded_run_is_to_be_shown(served, monkeypatch):
    monkeypatch.setattr(runs, "PATIENCE_S", 1.9)
    spoiled(served, "import threading\nthreading.Event().wait()\n")
    speaker, follower = served.speaker(), served.follower()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: over(follower))
    assert follower.runs("recorded")[0]["why"] == "it printed nothing for 2 seconds"
    served.until(lambda: scratch_processes() == [])


def test_when_it_cannot_begin_the_recorded_run_is_to_be_shown(served):
    served.start()
    served.server.builds.watch.stop()
    served.examples.write("02_echo", "$ no-such-program\n")
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: over(speaker))
    assert "no program 'no-such-program'" in speaker.runs("recorded")[0]["why"]


def test_a_run_that_did_something_else_than_the_session_says_is_told_so(served):
    spoiled(served, "print('ho')\n")
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: over(speaker))
    assert speaker.runs("held")[0]["held"] is False


def test_edited_programs_are_run_only_if_that_was_allowed(served):
    served.start()
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo", edits={"server.py": "print('mine')"})
    speaker.say(type="source", example="02_echo")
    served.until(lambda: len(speaker.of("refused")) == 2)
    assert all("--allow-edit" in refused["why"] for refused in speaker.of("refused"))
    assert speaker.of("run") == speaker.of("source") == []


def test_an_edited_program_runs_in_a_copy(served):
    served.start(allow_edit=True)
    speaker = served.speaker()
    assert speaker.heard[0]["edit"] is True
    speaker.say(type="source", example="02_echo")
    speaker.say(type="run", example="02_echo", edits={"other.py": "print('mine')"})
    speaker.say(type="run", example="02_echo", edits={"server.py": "print('mine')"})
    served.until(lambda: over(speaker) and speaker.of("refused"))
    assert speaker.of("source")[0]["programs"] == {"server.py": "print('hi')\n"}
    assert lines(speaker) == [(0, "mine\n")]
    assert speaker.runs("started")[0]["edited"] is True
    assert "has no program 'other.py'" in speaker.of("refused")[0]["why"]
    assert (served.examples.root / "02_echo" / "server.py").read_text() == "print('hi')\n"


def test_runs_and_builds_go_on_beside_each_other(served):
    served.start(allow_edit=True)
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo", edits={"server.py": WAITS})
    served.until(lambda: lines(speaker))
    served.replace('"Echo"', '"Other"')
    served.until(lambda: len(speaker.of("built")) == 2)
    assert over(speaker) == []


def test_a_run_ends_with_the_server(served):
    spoiled(served, STUBBORN + WAITS)
    speaker = served.speaker()
    speaker.say(type="run", example="02_echo")
    served.until(lambda: lines(speaker))
    programs = scratch_processes()
    served.close()
    served.server = None
    assert programs and not any(map(leftovers.lives, programs))


def test_when_the_speakers_deck_has_given_up_waiting_all_pages_show_the_recorded_run(served):
    spoiled(served, WAITS)
    speaker, follower = served.speaker(), served.follower()
    speaker.say(type="run", example="02_echo")
    speaker.say(type="stop", late=True)
    served.until(lambda: over(follower))
    assert over(follower) == ["recorded"]
