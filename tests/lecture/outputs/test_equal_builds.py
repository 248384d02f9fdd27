"""Two builds of the same files are the same bytes: elsewhere, by somebody else, in another year's order of sets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from lecture.outputs.folder import MARK
from reactor.trace import Timeline

ROOT = Path(__file__).parents[3]
BUILDER = "import os, sys; os.umask(int(sys.argv.pop(1), 8)); from lecture.cli import main; main()"
SERVER = '''\
"""Greets, and tells when, where it is, and who it is."""

import os
import time

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Greeter(Protocol):
    def connectionMade(self):
        self.transport.write(b"welcome")
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


print("at", time.strftime("%c %Z"), "as", os.getpid())
print("with", object(), {"a", "b", "c", "d"})
reactor.listenTCP(7815, Factory.forProtocol(Greeter))
reactor.run()
'''
CLIENT = """\
from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Guest(Protocol):
    def dataReceived(self, data):
        print(data.decode())

    def connectionLost(self, reason):
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7815, ClientFactory.forProtocol(Guest))
reactor.run()
"""
SESSION = "$ python server.py &\nat [..] as [..]\nwith <object object at [..]> {[..]}\n$ python client.py\nwelcome\n"
TALK = """\
# A talk

## The server

- greets
- ![Somebody](somebody.svg)

::code 01_greet/server.py Greeter
::code 01_greet/client.py
::session 01_greet
::sequence 01_greet

It speaks[^1] for itself: $a^2$.

[^1]: Not for long.

:::notes
Listen. It is **quick**.
:::

## The server

Again, under the same title.
"""


def write_talk(folder: Path) -> Path:
    examples = folder / "examples" / "01_greet"
    examples.mkdir(parents=True)
    for name, text in (("server.py", SERVER), ("client.py", CLIENT), ("session.txt", SESSION)):
        (examples / name).write_text(text)
    (folder / "somebody.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    (folder / "talk.md").write_text(TALK, encoding="utf-8")
    return folder


def build(
    source: Path, folder: Path, deck: str, umask: str, output: Path, remembers: bool = False, **environment: str
) -> dict[str, bytes]:
    """Build in a process of its own. source: where the library is. remembers: what was built before there."""
    surroundings = {**os.environ, "PYTHONPATH": str(source), **environment}
    command = [sys.executable, "-c", BUILDER, umask, "build", deck, "--output", str(output)]
    if not remembers:
        command += ["--cache", str(output.with_name(output.name + "-cache"))]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


HERE = {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C"}
ELSEWHERE = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8", "COLUMNS": "40", "HOME": "/nowhere"}


def test_a_talk_of_ones_own_is_the_same_wherever_it_is_built(tmp_path):
    here, there = write_talk(tmp_path / "here"), write_talk(tmp_path / "somewhere" / "else entirely")
    one = build(ROOT, here, "talk.md", "022", tmp_path / "one", **HERE)
    other = build(ROOT, there, "talk.md", "077", tmp_path / "other", **ELSEWHERE)
    assert differing(one, other) == []
    page, timeline = one["slide-01.html"].decode(), one["timelines/01_greet.json"].decode()
    assert "with &lt;object object at …&gt; {…}</samp>" in page and ">at … as …</text>" in page
    printed = [step["data"] for step in Timeline.from_json(timeline).steps if step["kind"] == "output"]
    assert printed[:2] == ["at … as …\n", "…\n"]
    assert not any(str(tmp_path).encode() in content for content in one.values())


def test_the_tutorial_of_doom_is_the_same_in_another_clone_that_remembers_nothing(tmp_path):
    clone = tmp_path / "another clone"
    clone.mkdir()
    for name in ("lecture", "reactor", "examples", "exercises", "missions", "docs", "tests"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", clone)
    if (ROOT / ".git").exists():
        (clone / ".git").write_text(f"gitdir: {ROOT / '.git'}\n")  # the same history
    one = build(ROOT, ROOT, "lecture.doom", "022", tmp_path / "one", remembers=True, **HERE)
    other = build(clone, clone, "lecture.doom", "077", tmp_path / "other", **ELSEWHERE)
    for files in (one, other):
        files.pop("python.js", None)  # is fetched, not made: one takes it from what is remembered, one from a wheel
    assert MARK in one and len(one) > 80
    assert differing(one, other) == []
