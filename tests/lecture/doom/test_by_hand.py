"""The examples, run by hand as the README says, by people who mistype, forget a server, or come to it a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lecture.programs.session import Command, SessionFile, read_session
from lecture.programs.simulation.stage import replay
from lecture.programs.verify import script_of

EXAMPLES = Path(__file__).parents[3] / "examples"
CLIENT = re.compile(r"\.connect(TCP|UNIX|SSL)\(")
SERVER = re.compile(r"\.listen(TCP|UNIX|SSL)\(|create_server|gireactor")  # both ends, or a window


def sessions() -> list[SessionFile]:
    return [read_session(path) for path in sorted(EXAMPLES.glob("*/session.txt"))]


def clients() -> Iterator[object]:
    """Each command that starts a client of the reactor, alone in its session."""
    for session in sessions():
        for command in session.commands:
            if is_client(session.path.parent, command):
                alone = replace(command, background=False)
                name = f"{session.example}: {' '.join(command.argv[1:])}"
                yield pytest.param(replace(session, commands=(alone,)), id=name)


def is_client(folder: Path, command: Command) -> bool:
    script = script_of(command)
    text = (folder / script).read_text(encoding="utf-8") if script else ""
    return bool(CLIENT.search(text)) and not SERVER.search(text)


@pytest.mark.parametrize("session", list(clients()))
def test_a_client_whose_server_is_not_there_says_so_and_ends(session):
    (result,) = replay(session).results
    assert re.search(r"(?m)^(nobody there|failed): \w*Error$", result.output)
    assert result.status == 0


@pytest.mark.parametrize(("imports", "needs"), [("reactor.web", "h11"), ("reactor.serialport", "serial")])
def test_a_session_whose_programs_need_an_extra_says_so(imports, needs):
    users = [
        session
        for session in sessions()
        if any(f"from {imports}" in path.read_text(encoding="utf-8") for path in session.path.parent.glob("*.py"))
    ]
    assert users
    assert [session.example for session in users if needs not in session.needs] == []
