"""The same seed gives the same world, to the last byte, whatever runs it; and nothing of the machine is used for it."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sim import one_world

ROOT = Path(__file__).parents[2]
PYODIDE = ROOT / ".cache" / "pyodide" / "node_modules" / "pyodide"
ONE_WORLD = "tests/sim/one_world.py"


def run(*command, **surroundings):
    """What a program of its own writes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **surroundings}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def world():
    """The history of the world with seed 1, made in this process."""
    return one_world.main(1)


def test_the_world_is_worth_it(world):
    """Whatever can happen by chance happens: else it would prove nothing that it is the same."""
    for what in ("(lost)", "(again)", "(the link is cut)", "RST", "port unreachable", "sells", "gets", "lost "):
        assert what in world, what
    assert len(world.splitlines()) > 500


def test_another_seed_is_another_world(world):
    assert one_world.main(2) != world


def test_the_trace_is_part_of_it(world):
    assert world.count('"kind":"ready"') > 100 and '"kind":"connect.failed"' in world


def test_100_runs_in_other_processes_with_other_hashes_are_the_same(world):
    def twenty(number):
        return run(sys.executable, ONE_WORLD, "1", "20", PYTHONHASHSEED=str(number))

    with ThreadPoolExecutor(2) as two:
        assert {*two.map(twenty, range(5))} == {world}


def test_every_python_of_this_machine_makes_the_same_world(world):
    found = subprocess.run([ROOT / "tools" / "pythons"], capture_output=True, text=True, check=False).stdout
    pythons = [line.split(" ", 1)[1] for line in found.splitlines()]
    assert pythons, "not even the one that runs this"
    assert {python: run(python, ONE_WORLD, "1") == world for python in pythons} == dict.fromkeys(pythons, True)


def test_the_world_is_the_same_in_pyodide(world):
    if not (PYODIDE / "pyodide.mjs").exists() or shutil.which("node") is None:
        pytest.skip("Pyodide is not installed: tools/pyodide does it")
    assert run("node", "tests/sim/pyodide.mjs", str(PYODIDE), str(ROOT), ONE_WORLD, "1") == world


FORBIDDEN = """
import runpy, select, signal, socket, subprocess, sys, threading

def refuse(what):
    def refused(*args, **kwargs):
        raise AssertionError(f"{what} was used")
    return refused

for module, names in {
    socket: ["create_connection", "create_server", "socketpair", "fromfd", "getaddrinfo", "gethostbyname"],
    signal: ["signal", "set_wakeup_fd", "setitimer"],
    select: ["select", "poll", "epoll"],
}.items():
    for name in names:
        setattr(module, name, refuse(name))
socket.socket.__init__ = refuse("socket")
subprocess.Popen.__init__ = refuse("Popen")
threading.Thread.start = refuse("Thread")
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_no_thread_socket_signal_poller_or_process_is_used(world):
    assert run(sys.executable, "-c", FORBIDDEN, ONE_WORLD, "1") == world


def test_the_real_world_knows_nothing_of_the_simulated_one():
    """What isn't there costs nothing: no module of it is loaded."""
    program = "import sys; from reactor import reactor; reactor.callLater(0, reactor.stop); reactor.run()"
    loaded = run(sys.executable, "-c", f"{program}; print(*sys.modules)").split()
    assert "reactor.core.transports.stream" in loaded
    assert [name for name in loaded if name.startswith(("reactor.sim", "reactor.trace"))] == []
