"""The command `lecture serve` as its users see it: what it says, and that nothing is left when it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lecture.programs.processes import leftovers
from tests.support.example_folder import Folder
from tests.support.served import DECK

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/\S*\?token=\S+")
ENDS_S = 30.0


class Command:
    """`lecture serve` in a process of its own, in a folder with a deck; its temporary files are in another."""

    def __init__(self, folder, *words):
        (folder / "temporary").mkdir()
        environment = {**os.environ, "TMPDIR": str(folder / "temporary"), "HOME": str(folder)}
        environment.pop("CI", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lecture", "serve", *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        self.temporary = folder / "temporary"

    def read_until(self, pattern):
        """Read what it says until a line fits; the match."""
        watchdog = threading.Timer(ENDS_S, self.process.kill)
        watchdog.start()
        try:
            while True:
                line = self.process.stdout.readline()
                assert line, self.said
                self.said += line
                if match := re.search(pattern, line):
                    return match
        finally:
            watchdog.cancel()
            watchdog.join()

    def workers(self):
        """The processes that it has started, and theirs."""
        found = [self.process.pid]
        for parent in found:
            children = Path(f"/proc/{parent}/task/{parent}/children")
            found += map(int, children.read_text().split() if children.exists() else ())
        return found[1:]

    def end(self, number):
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=ENDS_S)[0]
        return self.process.returncode


@pytest.fixture
def command(tmp_path):
    examples = Folder(tmp_path)
    examples.write("02_echo", "$ python server.py\nhi\n", server="print('hi')\n")
    (tmp_path / "talk.py").write_text(DECK)
    commands = []

    def start(*words):
        commands.append(Command(tmp_path, *words))
        return commands[-1]

    yield start
    for one in commands:
        one.process.kill()
        one.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_prints_its_links_and_ends_without_a_trace(command, number):
    serve = command("--port", "0")
    port = int(serve.read_until(LINK)[1])
    assert "1 slide in " in serve.said
    serve.read_until("Ctrl-C ends it")
    assert re.search(rf"to follow: http://127.0.0.1:{port}/\S*\n", serve.said)
    workers = serve.workers()
    assert workers
    assert serve.end(number) == 0
    assert not any(map(leftovers.lives, workers))
    assert list(serve.temporary.iterdir()) == []
    assert "Traceback" not in serve.said
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_ctrl_c_in_the_middle_of_a_build_leaves_nothing(command, tmp_path):
    looping = tmp_path / "looping"
    (tmp_path / "talk.py").write_text(f"print('looping', flush=True)\nwhile True: pass\n{DECK}")
    serve = command("--port", "0")
    serve.read_until("looping")
    workers = serve.workers()
    assert serve.end(signal.SIGINT) == 0
    assert not any(map(leftovers.lives, workers)) and not looping.exists()
    assert list(serve.temporary.iterdir()) == []


def test_a_worker_that_takes_no_notice_is_killed(command, tmp_path):
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    (tmp_path / "talk.py").write_text(f"print('looping', flush=True)\n{stubborn}{DECK}")
    serve = command("--port", "0")
    serve.read_until("looping")
    workers = serve.workers()
    assert serve.end(signal.SIGINT) == 0
    assert not any(map(leftovers.lives, workers))


def test_workers_end_when_the_server_is_killed(command, tmp_path):
    (tmp_path / "talk.py").write_text(f"print('looping', flush=True)\nwhile True: pass\n{DECK}")
    serve = command("--port", "0")
    serve.read_until("looping")
    workers = serve.workers()
    serve.end(signal.SIGKILL)
    assert leftovers.await_end(workers, ENDS_S)


def test_a_port_that_is_taken_is_a_clear_error(command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        serve = command("--port", str(port))
        said = serve.process.communicate(timeout=ENDS_S)[0]
    assert serve.process.returncode == 1
    assert f"error: cannot listen on port {port}: Address already in use; name another with --port" in said
    assert "Traceback" not in said and list(serve.temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["nothing.py"], "there is no deck nothing.py"),
        (["no.such.deck"], "there is no deck 'no.such.deck'"),
        (["--audience-at", "talk"], "'talk' is no address of a site"),
    ],
)
def test_what_cannot_be_served_is_a_clear_error(command, words, error):
    serve = command(*words)
    said = serve.process.communicate(timeout=ENDS_S)[0]
    assert serve.process.returncode == 1
    assert error in said and "Traceback" not in said
