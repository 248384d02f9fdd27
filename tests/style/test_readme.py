"""The README keeps its word: its programs run as pasted, its table is the examples', its numbers are checked."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEADLINE_S = 30.0

# Runs echo.py with one difference: whatever port it asks for, the system chooses one. Prints both once it listens.
ON_A_FREE_PORT = """
import runpy, socket
bind, listen, asked = socket.socket.bind, socket.socket.listen, {}
def bind_anywhere(self, address):
    asked[self] = address[1]
    bind(self, (address[0], 0, *address[2:]))
def listen_and_tell(self, *backlog):
    listen(self, *backlog)
    print(asked.pop(self), self.getsockname()[1], flush=True)
socket.socket.bind, socket.socket.listen = bind_anywhere, listen_and_tell
runpy.run_path("echo.py", run_name="__main__")
"""


def blocks(language: str, document: str = README) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)


@contextmanager
def running(*command: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A Python of its own, which is killed when it is not done at the deadline, or at the end of the block."""
    arguments = [sys.executable, *command]
    with subprocess.Popen(arguments, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = threading.Timer(DEADLINE_S, process.kill)
        deadline.start()
        try:
            yield process
        finally:
            deadline.cancel()
            deadline.join()
            process.kill()


def echo(port: int, data: bytes) -> bytes:
    """What a server answers to this much data, once it has seen all of it."""
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as connection:
        connection.sendall(data)
        received = b""
        while len(received) < len(data) and (chunk := connection.recv(65536)):
            received += chunk
    return received


def test_the_echo_server_runs_as_pasted_and_echoes(tmp_path):
    (tmp_path / "echo.py").write_text(blocks("python")[0])
    with running("-c", ON_A_FREE_PORT, cwd=tmp_path) as server:
        asked, got = (server.stdout.readline() or server.stderr.read()).split()
        assert asked == re.search(r"nc localhost (\d+)", README)[1]
        assert echo(int(got), b"doom " * 20_000) == b"doom " * 20_000
        server.send_signal(signal.SIGINT)
        assert server.communicate() == ("", "")
        assert server.returncode == 0


@pytest.fixture
def talk(tmp_path):
    """The deck of the README in a folder with the example that the README describes."""
    example = tmp_path / "examples" / "01_hello"
    example.mkdir(parents=True)
    (example / "hello.py").write_text('print("hello, world")\n')
    (example / "session.txt").write_text(blocks("console")[0])
    (tmp_path / "talk.py").write_text(blocks("python")[1])
    return tmp_path


def test_the_deck_of_the_readme_builds_with_the_command_beside_it(talk):
    arguments = re.search(r"`lecture (build talk\.py)`", README)[1].split()
    with running("-m", "lecture", *arguments, cwd=talk) as build:
        output, errors = build.communicate()
    assert build.returncode == 0, output + errors
    assert "hello, world" in all_pages(talk)


def test_the_deck_of_the_readme_renders_itself_as_a_program(talk):
    with running("talk.py", cwd=talk) as program:
        output, errors = program.communicate()
    assert program.returncode == 0, output + errors
    assert "hello, world" in all_pages(talk)


def test_the_check_of_the_readme_leaves_a_report(talk):
    arguments = re.search(r"^lecture (check talk\.py .*)$", README, re.MULTILINE)[1].split()
    with running("-m", "lecture", *arguments, cwd=talk) as check:
        output, errors = check.communicate()
    assert check.returncode == 0, output + errors
    assert "<testcase" in (talk / "report.xml").read_text()


def all_pages(folder: Path) -> str:
    """The text of every page written below a folder, without its tags."""
    pages = "".join(page.read_text(encoding="utf-8") for page in sorted(folder.rglob("*.html")))
    return re.sub(r"<[^>]+>", "", pages)


def test_the_table_of_examples_is_what_the_examples_say():
    printed = subprocess.run(
        [sys.executable, ROOT / "tools" / "examples_table.py"], capture_output=True, text=True, check=True
    ).stdout
    assert printed in README, "run python tools/examples_table.py --write"
    folders = {session.parent.name for session in ROOT.glob("examples/*/session.txt")}
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == folders


def test_every_folder_of_examples_has_a_session():
    folders = {program.parent for program in ROOT.glob("examples/*/*.py")}
    assert not [folder.name for folder in folders if not (folder / "session.txt").exists()]


def test_no_two_examples_share_a_port():
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\d ]*) \|$", README, re.MULTILINE)
    ports = [port for _, cell in rows for port in cell.split()]
    assert ports
    assert len(ports) == len(set(ports))


def links(document: str) -> list[str]:
    """The links and pictures that point into this repository."""
    return [target for target in re.findall(r"\]\(([^)#]+)\)", document) if "://" not in target]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_into_the_repository_leads_somewhere(document):
    broken = [link for link in links((ROOT / document).read_text(encoding="utf-8")) if not (ROOT / link).exists()]
    assert not broken


@pytest.mark.parametrize("picture", sorted(ROOT.glob("docs/*.png")), ids=lambda path: path.name)
def test_a_picture_is_a_small_png(picture):
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 200_000


def requires_python() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["requires-python"]


# Every number in the prose of the README, in its words, and what makes it true.
CLAIMS: dict[str, Callable[[], object]] = {
    "CPython 3.11 or newer": lambda: requires_python() == ">=3.11",
    "PyCon 2003": lambda: "2003" in (ROOT / "lecture" / "slides.py").read_text(encoding="utf-8"),
}


def prose() -> str:
    """The README without its blocks, tables, inline code and addresses."""
    text = re.sub(r"^```.*?^```$|^\|.*$|<!--.*?-->", "", README, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"`[^`]*`|\]\([^)]*\)", "", text))


def test_every_number_in_the_prose_is_a_claim_that_is_checked():
    text = prose()
    for claim, holds in CLAIMS.items():
        assert claim in text, f"the README no longer says “{claim}”: remove it here"
        assert holds(), claim
        text = text.replace(claim, "")
    assert not re.findall(r".{20}\b\d[\d.,]*\b.{20}", text)
