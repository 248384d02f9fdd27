"""The same solutions, import lines aside, on Twisted: loaded into its reactor in memory, and some of them talked to."""

import json
import subprocess
import sys

import pytest

from lecture.exercises.folder import find_exercises
from lecture.programs.against_twisted import for_twisted
from tests.support.traces import ROOT

pytest.importorskip("twisted")

# What a guest says, and hears.
TALKS = {
    "02_the_waiter_who_waits": ("tea\r\n", "your tea\r\n"),
    "05_echo_nothing_more": ("hello", "hello"),
    "06_in_capitals": ("crème", "CRÈME"),
    "08_two_in_one": ("soup\r\nfish\r\n", "one soup\r\none fish\r\n"),
    "09_lines": ("soup\r\n\r\ncrab cakes\r\n", "4\r\n0\r\n10\r\n"),
    "10_lengths": ("\0\0\0\4soup\0\0\0\0", "\0\0\0\4puos\0\0\0\0"),
}
# What Twisted has under another name, or no more.
NOT_THERE = {
    "28_the_man_in_the_middle": "implementer is zope.interface's",
    "56_thread_them": "twisted.news was removed",
    "59_a_filter": "Twisted has no LDAP",
}
# What its reactor in memory can't do, or what needs a command line.
NOT_IN_MEMORY = ("listenUDP", "sys.argv[")
# Reads, for each program, its text from standard input; answers which ports it listens on, and what it says.
LOADER = """
import json, sys
from twisted.internet import main
from twisted.internet.testing import MemoryReactorClock, StringTransport

def tried(source, said):
    reactor = MemoryReactorClock()
    sys.modules.pop("twisted.internet.reactor", None)
    main.installReactor(reactor)
    sys.argv = ["program.py"]
    try:
        exec(compile(source, "program.py", "exec"), {"__name__": "__main__"})
    except SystemExit:
        pass
    if not said:
        return ""
    port, factory = reactor.tcpServers[0][:2]
    protocol, transport = factory.buildProtocol(None), StringTransport()
    protocol.makeConnection(transport)
    for n in range(len(said.encode())):
        protocol.dataReceived(said.encode()[n : n + 1])
    return transport.value().decode()

print(json.dumps([tried(*one) for one in json.load(sys.stdin)]), file=sys.__stdout__)
"""


def on_twisted(programs, folder):
    """Each answer, of programs as (source, what a guest says)."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", LOADER],
        input=json.dumps(programs),
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def ported(exercise):
    path = exercise.folder / "solution" / exercise.file
    return for_twisted(path.read_text(encoding="utf-8"), path)


EXERCISES = {one.name: one for one in find_exercises(ROOT / "exercises")}


def test_solutions_answer_on_twisted_as_they_do_here_byte_by_byte(tmp_path):
    programs = [(ported(EXERCISES[name]), said) for name, (said, _) in TALKS.items()]
    answers = on_twisted(programs, tmp_path)
    assert dict(zip(TALKS, answers, strict=True)) == {name: heard for name, (_, heard) in TALKS.items()}


def test_each_solution_without_files_of_its_own_loads_on_twisted(tmp_path):
    others = [one for name, one in EXERCISES.items() if name not in NOT_THERE and not one.given]
    alone = [one for one in others if not any(word in ported(one) for word in NOT_IN_MEMORY)]
    assert len(alone) > 25
    on_twisted([(ported(one), "") for one in alone], tmp_path)
