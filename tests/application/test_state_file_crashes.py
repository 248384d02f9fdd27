"""State when the program is killed while it saves, and files that were cut anywhere."""

import subprocess
import sys
import textwrap
from pathlib import Path

from reactor.app import Application
from reactor.application.errors import StateError
from reactor.application.service import Service
from reactor.application.state_file import State

ROOT = Path(__file__).parents[2]


class Counter(Service):
    keeps = ("visits",)
    visits = 0

    def __init__(self):
        self.setName("counter")


def state_in(folder):
    application, counter = Application("web"), Counter()
    counter.setServiceParent(application)
    return State(application, folder / "state.json"), counter


# Saves 1, 2, 3 … in turn; each time a child process does it, and is gone at its next system call that changes a file,
# before or after it. Prints what was there before each attempt, and how many attempts there were.
KILLED = """
import os, pathlib, sys
sys.path.insert(0, sys.argv[2])
from tests.application.test_state_file_crashes import state_in
NAMES = ["open", "unlink", "fsync", "replace", "close"]
folder = pathlib.Path(sys.argv[1])
state, counter = state_in(folder)
state.save()

def dying_at(step):
    def wrapped(function):
        def call(*arguments, **named):
            nonlocal step
            if step == 0:
                os._exit(9)
            result = function(*arguments, **named)
            if step == 1:
                os._exit(9)
            step -= 2
            return result
        return call
    for name in NAMES:
        setattr(os, name, wrapped(getattr(os, name)))

for step in range(1000):
    child = os.fork()
    if not child:
        dying_at(step)
        state, counter = state_in(folder)
        counter.visits = step + 1
        state.save()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    state, counter = state_in(folder)
    state.restore()
    print(step, status, counter.visits)
    if status == 0:
        break
"""


def test_a_program_killed_at_any_step_of_saving_leaves_the_old_state_or_the_new(tmp_path):
    (tmp_path / "state").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path / "state", ROOT],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    attempts = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(attempts) > 8
    before = 0
    for step, status, visits in attempts:
        assert status == (0 if step == attempts[-1][0] else 9)
        assert visits in (before, step + 1)
        before = visits
    assert attempts[-1][2] == attempts[-1][0] + 1
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["state.json"]


def test_a_file_cut_anywhere_is_set_aside_and_not_half_believed(tmp_path, logged_errors):
    state, counter = state_in(tmp_path)
    counter.visits = 7
    state.save()
    whole = state.path.read_bytes()
    for length in range(len(whole)):
        state.path.write_bytes(whole[:length])
        state, counter = state_in(tmp_path)
        state.restore()
        if length < len(whole) - 1:  # all but the last line end is all of it
            assert counter.visits == 0 and not state.path.exists(), whole[:length]
            tmp_path.joinpath("state.json.damaged").unlink()
    assert counter.visits == 7
    assert len(logged_errors.flush(StateError)) == len(whole) - 1


def test_a_program_killed_outright_starts_again_with_the_state_of_its_last_clean_stop(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent("""
        import os, signal, sys
        from reactor import app, reactor

        class Counter(app.ApplicationService):
            keeps = ("starts",)
            starts = 0

            def startService(self):
                super().startService()
                self.starts += 1
                print(self.starts, flush=True)
                reactor.callWhenRunning(os.kill, os.getpid(), getattr(signal, sys.argv[1]))

        application = app.Application("counting")
        Counter("counter", application)
        application.run()
        """)
    )
    shown = []
    for ending in ["SIGTERM", "SIGTERM", "SIGKILL", "SIGKILL", "SIGTERM"]:
        done = subprocess.run(
            [sys.executable, program, ending], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.stderr == ""
        shown.append(done.stdout.strip())
    assert shown == ["1", "2", "3", "3", "3"]
