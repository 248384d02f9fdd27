"""docs/running.md: its program, its commands and its unit file are what they say."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from reactor.application.runner import options
from tests.support.reactord import DEADLINE_S, reactord

__all__ = ["reactord"]

DOCUMENT = (Path(__file__).parents[3] / "docs" / "running.md").read_text(encoding="utf-8")


def block(language):
    """The first block of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)[0]


def test_its_commands_run_its_program(reactord):
    reactord.write(block("python").replace("listenTCP(7771,", "listenTCP(0,"), "echo.py")
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    commands = reactord.options("/bin/sh", "-e", "-c", block("sh"), PATH=path)
    result = subprocess.run(**commands, capture_output=True, timeout=DEADLINE_S)
    assert (result.returncode, result.stderr) == (0, "")
    reactord.wait()
    assert int(result.stdout) > 1
    assert "reactord.pid" not in reactord.files()
    assert reactord.messages()[-1] == "echo has stopped"


def test_its_unit_starts_what_there_is():
    [command] = re.findall("^ExecStart=(.*)$", block("ini"), re.MULTILINE)
    found = options.parse(shlex.split(command)[1:])
    assert (found.nodaemon, found.python, found.pidfile, found.journal) == (True, "echo.py", "", True)
