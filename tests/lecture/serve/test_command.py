"""The command `lecture serve` as its users see it: what it says, and that nothing is left when it ends."""

import re
import signal
import socket

import pytest

from lecture.programs.processes import leftovers
from tests.support.example_folder import Folder
from tests.support.serve_command import ENDS_S, LINK, Command
from tests.support.served import DECK


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
