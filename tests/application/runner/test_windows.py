"""An application as a Windows service, with a service manager that is a fake."""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.reactord import DEADLINE_S, reactord

__all__ = ["reactord"]

ROOT = str(Path(__file__).parents[3])

MANAGE = f"""
import json, os, sys
sys.path.insert(0, {ROOT!r})
from tests.support.fakes import pywin32
manager = pywin32.install()
from reactor.application.runner import windows
statuses = [windows.main(json.loads(command)) for command in sys.argv[1:]]
os.chdir("/")  # Windows starts it wherever it likes
for name in list(manager.services):
    manager.start(name)
statuses.append(windows.main(["remove"]) if "reactord" in manager.services else None)
print(json.dumps([statuses, manager.reports, manager.errors, list(manager.services)]), file=sys.__stdout__)
"""
RUNNING, STOP_PENDING, STOPPED = 4, 3, 1


def manage(reactord, *commands):
    """Exit statuses, what the service reported, what the event log has, which services are left; and standard error."""
    options = reactord.options(sys.executable, "-c", MANAGE, *map(json.dumps, commands))
    result = subprocess.run(**options, capture_output=True, timeout=DEADLINE_S)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout), result.stderr


def test_a_service_is_installed_started_stopped_and_removed(reactord):
    found, said = manage(reactord, ["install", "-y", "app.py"])
    assert found == [[0, 0], [RUNNING, STOP_PENDING, STOPPED], [], []]
    assert said == ""
    assert reactord.messages()[-1] == "echo has stopped"
    assert reactord.files().keys() == {"app.py", "reactord.log"}


def test_a_service_of_another_name(reactord):
    found, _ = manage(reactord, ["--name", "echo", "install", "-l", "echo.log", "-y", "app.py"])
    assert found == [[0, None], [RUNNING, STOP_PENDING, STOPPED], [], ["echo"]]
    assert (reactord.folder / "echo.log").exists()


def test_a_service_that_cannot_start_says_so_in_the_event_log(reactord):
    reactord.write("nonsense\n")
    [_, reports, [error], _], _ = manage(reactord, ["install", "-y", "app.py"])
    assert reports == [STOPPED]
    assert error.startswith("reactord: ") and "app.py:1: raises NameError" in error


def test_what_reactord_would_not_take_is_not_installed(reactord):
    found, said = manage(reactord, ["install", "--nonsense"], ["sell"])
    assert found == [[2, 2, None], [], [], []]
    assert "reactord: unrecognized arguments: --nonsense" in said and "reactord: write: python -m" in said


def test_without_pywin32_it_says_what_to_do(reactord):
    command = reactord.options(sys.executable, "-m", "reactor.application.runner.windows", "install", "-y", "app.py")
    result = subprocess.run(**command, capture_output=True, timeout=DEADLINE_S)
    assert result.returncode == 1
    assert result.stderr.startswith("reactord: a service needs pywin32, on Windows: pip install pywin32")
