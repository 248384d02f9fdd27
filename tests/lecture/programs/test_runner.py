"""Running sessions: order, readiness, deadlines, and what may not be left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lecture.programs.processes import leftovers
from lecture.programs.processes.stage import Stopped, run_session, stop_all
from lecture.programs.session import read_session
from tests.support.example_folder import Folder, place

ECHO_SERVER = """\
    import socket
    listener = socket.create_server(("127.0.0.1", 7771))
    print("listening on port", listener.getsockname()[1])
    try:
        while True:
            connection, address = listener.accept()
            print("connection made with", address[0])
            while data := connection.recv(100):
                connection.sendall(data)
            print("connection was lost, alas")
            connection.close()
    except KeyboardInterrupt:
        listener.close()
        print("bye")
"""
ECHO_CLIENT = """\
    import socket
    with socket.create_connection(("localhost", 7771)) as connection:
        connection.sendall(b"hello world")
        print("received", connection.recv(100).decode())
"""


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    """Every session, however it ends, removes its scratch folder and all its processes."""
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    before = set(os.listdir("/dev/fd"))
    yield
    assert list(scratch.iterdir()) == []
    leftovers.await_end(_marked(scratch), 5)  # what was killed may still be on its way out
    assert _marked(scratch) == []
    assert set(os.listdir("/dev/fd")) == before


def _marked(scratch: Path) -> list[int]:
    """The processes that carry this scratch folder in their environment."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if str(scratch).encode() in _environment(path)]


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def test_what_stands_under_a_command_is_what_that_command_printed_whenever_it_did(folder):
    folder.write("echo", "$ python server.py &\n[..]\n$ python client.py\n[..]\n$ python client.py\n[..]\n",
                 server=ECHO_SERVER, client=ECHO_CLIENT)  # fmt: skip
    once = "connection made with 127.0.0.1\nconnection was lost, alas\n"
    assert folder.outputs("echo") == [
        f"listening on port 7771\n{once}{once}bye\n",
        "received hello world\n",
        "received hello world\n",
    ]


def test_a_program_sees_what_it_would_see_when_typed_by_hand(folder):
    program = """\
        import os, sys
        print(sys.argv, __name__, os.path.basename(os.getcwd()), sys.path[0] == os.getcwd(), sys.stdin.read() == "")
        print(os.path.basename(__file__), sorted(os.listdir()))
        print("naïve 🦊", file=sys.stderr)
    """
    folder.write("a", "$ python a.py 'two words'\n[..]\n", a=program)
    assert folder.outputs("a") == [
        "['a.py', 'two words'] __main__ a True True\na.py ['a.py', 'session.txt']\nnaïve 🦊\n"
    ]


def test_what_a_program_writes_into_its_folder_is_gone_afterwards(folder):
    path = folder.write("a", "$ python a.py\n", a="import b\nopen('log.txt', 'w').close()\n", b="")
    assert folder.outputs("a") == [""]
    assert sorted(file.name for file in path.iterdir()) == ["a.py", "b.py", "session.txt"]


def test_a_job_is_ready_when_it_listens_though_it_says_nothing(folder):
    server = """\
        import socket
        with socket.create_server(("127.0.0.1", 7771)) as listener:
            connection = listener.accept()[0]
            connection.sendall(connection.recv(100).upper())
            connection.close()
    """
    folder.write("a", "$ python server.py &\n$ python client.py\n[..]\n$ wait %1\n", server=server, client=ECHO_CLIENT)
    assert folder.outputs("a") == ["", "received HELLO WORLD\n", ""]


def test_a_job_that_ended_at_once_does_not_hold_up_the_session(folder):
    folder.write("a", "$ python a.py &\n$ python a.py\n", a="")
    assert folder.outputs("a") == ["", ""]


@pytest.mark.parametrize(("command", "status", "says"), [
    ("kill %1", 143, ""), ("kill -KILL %1", 137, ""), ("kill -INT %1", 0, "bye\n"), ("kill -SIGINT %1", 0, "bye\n"),
])  # fmt: skip
def test_kill_ends_a_job_and_waits_for_its_end(folder, command, status, says):
    exit_line = f"[exit {status}]\n" if status else ""
    folder.write("a", f"$ python server.py &\n[..]\n{exit_line}$ {command}\n$ python client.py\n[..]\n[exit 1]\n",
                 server=ECHO_SERVER, client=ECHO_CLIENT)  # fmt: skip
    server, _, client = folder.outputs("a")
    assert server == f"listening on port 7771\n{says}"
    assert client.endswith("ConnectionRefusedError: [Errno 111] Connection refused\n")


def test_jobs_get_ctrl_c_at_the_end_the_latest_first(folder):
    program = """\
        import signal, socket, sys
        other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        if sys.argv[1] == "first":
            other.bind(("127.0.0.1", 7771))
            print("up")
            try:
                print(other.recv(100).decode())
                other.recv(100)
            except KeyboardInterrupt:
                print("first ends")
        else:
            print("up")
            try:
                signal.pause()
            except KeyboardInterrupt:
                other.sendto(b"second ends", ("127.0.0.1", 7771))
        other.close()
    """
    folder.write("a", "$ python a.py first &\n[..]\n$ python a.py second &\n[..]\n", a=program)
    assert folder.outputs("a")[0] == "up\nsecond ends\nfirst ends\n"


def test_a_status_that_was_not_expected_fails(folder):
    folder.write("a", "$ python a.py\n", a="raise SystemExit(3)")
    error = folder.error("a")
    assert "`python a.py` ended with status 3 instead of 0" in error.message
    assert "+[exit 3]" in error.diff


def test_a_job_that_lets_ctrl_c_through_has_status_130(folder):
    folder.write("a", "$ python a.py &\nup\n[..]\nKeyboardInterrupt\n[exit 130]\n",
                 a="import signal\nprint('up')\nsignal.pause()\n")  # fmt: skip
    assert folder.outputs("a")[0].startswith("up\nTraceback")


def test_a_program_meant_to_fail_that_succeeds_fails_the_build(folder):
    folder.write("a", "$ python a.py\nfine\n[exit 1]\n", a="print('fine')")
    error = folder.error("a")
    assert "was meant to end with status 1, but succeeded" in error.message
    assert place(error) == ("session.txt", 3)


def test_output_that_differs_is_shown_as_a_diff_with_the_line(folder):
    folder.write("a", "# why\n$ python a.py\none\ntwo\n", a="print('one')\nprint('2')")
    error = folder.error("a")
    assert "`python a.py` printed something else" in error.message
    assert "lecture update a" in error.message
    assert place(error) == ("session.txt", 4)
    assert error.diff.endswith(" $ python a.py\n one\n-two\n+2")


def test_a_crash_looks_as_it_does_by_hand_but_for_the_folder(folder):
    path = folder.write("a", "$ python a.py\n[..]\n[exit 1]\n", a="def f():\n    raise ValueError('ono')\nf()\n")
    environment = os.environ | {"PYTHON_COLORS": "0"}
    words = [sys.executable, "a.py"]
    by_hand = subprocess.run(words, cwd=path, env=environment, stderr=subprocess.PIPE, text=True, check=False).stderr
    assert 'File "a.py", line 2, in f' in folder.outputs("a")[0]
    assert folder.outputs("a")[0] == by_hand.replace(f"{path}/", "")


def test_on_systems_without_pidfd_the_end_of_a_program_is_noticed_all_the_same(folder, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open")
    folder.write("echo", "$ python server.py &\n[..]\n$ python client.py\nreceived hello world\n",
                 server=ECHO_SERVER, client=ECHO_CLIENT)  # fmt: skip
    assert folder.outputs("echo")[0].endswith("bye\n")


def test_a_job_that_has_ended_cannot_be_killed(folder):
    folder.write("a", "$ python a.py &\n$ wait %1\n$ kill %1\n", a="")
    error = folder.error("a")
    assert "the job has ended by itself" in error.message
    assert place(error) == ("session.txt", 3)


def test_a_program_that_prints_without_end_is_stopped(folder):
    folder.write("a", "$ python a.py\n[..]\n", a="while True: print('x' * 60000)")
    assert "printed more than 1,000,000 bytes" in folder.error("a").message


@pytest.mark.parametrize("options", ["", ", start_new_session=True"])
def test_a_process_left_behind_fails_the_session_and_is_killed(folder, options, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_S", 0.01)
    program = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'input()'], stdin=-1{options})\n"
    program += "import os; os._exit(0)\n"
    program = program.replace("'input()'", "'import signal; signal.pause()'")
    folder.write("a", "$ python a.py\n", a=program)
    error = folder.error("a")
    assert "left behind: python" in error.message
    assert "import signal; signal.pause()" in error.message
    assert place(error) == ("session.txt", 1)


@pytest.mark.skipif(not leftovers.HAS_PROC, reason="only /proc shows the environment of a process")
def test_a_process_that_has_only_just_begun_is_seen_too():
    """Its parent goes on before the kernel shows what it was given."""
    for _ in range(20):
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env={**os.environ, "MARK": "ours"}) as just_begun:
            assert b"MARK=ours" in leftovers.environment(just_begun.pid).split(b"\0")


def test_on_systems_without_proc_a_process_left_in_the_group_is_found_all_the_same(folder, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_S", 0.01)
    monkeypatch.setattr(leftovers, "HAS_PROC", False)
    program = """\
        import os, subprocess, sys
        subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        os._exit(0)
    """
    folder.write("a", "$ python a.py\n", a=program)
    assert "left behind: a process of its group" in folder.error("a").message


def test_a_process_left_behind_with_a_port_and_another_environment_is_killed(folder, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_S", 0.01)
    program = """\
        import os, socket, subprocess, sys
        listener = socket.create_server(("127.0.0.1", 7771))
        wait = "import signal; signal.pause()"
        subprocess.Popen([sys.executable, "-c", wait], env={}, start_new_session=True, pass_fds=[listener.fileno()])
        os._exit(0)
    """
    folder.write("a", "$ python a.py\n", a=program)
    assert "left behind: python" in folder.error("a").message


def test_a_program_that_is_not_there_is_named_with_a_hint(folder):
    folder.write("a", "$ python server.py\n$ python cleint.py\n", server="", client="")
    error = folder.error("a")
    assert "no program 'cleint.py' in a; did you mean 'client.py'?" in error.message
    assert place(error) == ("session.txt", 2)


def test_a_tool_that_is_not_installed_is_named(folder):
    folder.write("a", "$ no-such-tool-here localhost:7771\n")
    error = folder.error("a")
    assert "this machine has no program 'no-such-tool-here'" in error.message
    assert place(error) == ("session.txt", 1)


def test_other_programs_get_the_real_port_and_show_the_one_that_was_typed(folder):
    words = "localhost:7771 port 7771, not 17771 or 127.0.0.1:7772"
    folder.write("a", f"$ python server.py &\n[..]\n$ /bin/echo {words}\n{words}\n$ python -c 'print(1)'\n1\n",
                 server=ECHO_SERVER)  # fmt: skip
    assert folder.outputs("a")[1] == f"{words}\n"


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_reaches_the_server_that_the_slide_names(folder):
    server = """\
        import http.server
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(("you asked " + self.headers["Host"] + "\\n").encode())
            def log_message(self, *arguments): print(self.headers["Host"])
        with http.server.HTTPServer(("127.0.0.1", 8080), Page) as server:
            server.handle_request()
    """
    session = "$ curl -s http://localhost:8080/\n[exit 7]\n$ python server.py &\n[..]\n$ curl -s http://localhost:8080/\n[..]\n"
    folder.write("a", f"{session}$ wait %1\n", server=server)
    assert folder.outputs("a") == ["", "localhost:8080\n", "you asked localhost:8080\n", ""]


def test_stopping_ends_every_session_that_runs(folder, tmp_path):
    os.mkfifo(tmp_path / "started")
    program = f"import signal\nopen({str(tmp_path / 'started')!r}, 'w').close()\nsignal.pause()\n"
    session = read_session(folder.write("a", "$ python a.py\n", a=program) / "session.txt")
    ended: list[BaseException] = []

    def run():
        try:
            run_session(session)
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    (tmp_path / "started").read_bytes()  # returns when the program has opened and closed it
    stop_all([thread])
    assert [type(error) for error in ended] == [Stopped]


def test_an_example_that_has_no_session_is_named(folder):
    folder.write("02_echo", "$ python a.py\n", a="")
    folder.write("03_chat", a="")
    assert "'03_chat' has no session.txt" in folder.error("03_chat").message
    assert "did you mean '02_echo'" in folder.error("2_echo").message


def test_a_session_runs_once_however_many_ask_for_it(folder):
    folder.write("a", "$ python a.py\n[..]\n", a="import os\nprint(os.urandom(8))\n")
    examples = folder.examples()
    seen = set()
    threads = [threading.Thread(target=lambda: seen.add(examples.verify("a").outcome.results)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1
