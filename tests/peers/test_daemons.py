"""The daemons of tests, tried with servers of a few lines."""

import signal
import sys

import pytest

from tests.peers.daemons import Daemon, free_ports
from tests.peers.packages import LIST, path_of, programs, why_missing

LISTEN = "import socket; s = socket.create_server(('127.0.0.1', @PORT@)); print('ready', flush=True); "


def test_a_daemon_is_started_when_it_takes_connections_and_stopped_after_the_test(daemon):
    server = daemon(sys.executable, "-c", LISTEN + "\nwhile True: s.accept()")
    assert server.process.poll() is None
    server.stop()
    assert server.process.returncode == -signal.SIGTERM


def test_a_daemon_that_ignores_the_request_is_killed(daemon):
    ignoring = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + LISTEN + "signal.pause()"
    deaf = daemon(sys.executable, "-c", ignoring, ready="ready")
    deaf.process.wait = impatient(deaf.process.wait)
    deaf.stop()
    assert deaf.process.returncode == -signal.SIGKILL


def impatient(wait):
    return lambda timeout: wait(min(timeout, 0.2))


def test_its_files_are_written_with_the_ports_and_the_folder_in_them(daemon):
    reading = "exec(open('server.py').read())"
    text = LISTEN + "print('@FOLDER@ @PORT2@', flush=True); s.accept()[0].recv(1)"
    server = daemon(sys.executable, "-c", reading, files={"server.py": text}, ready=" ")
    assert server.output().split() == ["ready", str(server.folder), str(server.ports[1])]


def test_a_daemon_that_ends_fails_the_test_with_what_it_said(tmp_path):
    with pytest.raises(AssertionError, match="doesn't run; it says: no such option"):
        Daemon(tmp_path, [sys.executable, "-c", "print('no such option')"], {})


def test_a_daemon_whose_port_was_taken_meanwhile_gets_another(tmp_path):
    once = "import pathlib, sys; p = pathlib.Path('tried')\nif not p.exists(): p.touch(); sys.exit('address in use')\n"
    server = Daemon(tmp_path, [sys.executable, "-c", once + LISTEN + "s.accept()[0].recv(1)"], {}, ready="ready")
    server.stop()


def test_free_ports_are_different_ones():
    assert len(set(free_ports(20))) == 20


def test_every_package_has_one_line_and_a_program_one_package():
    lines = [line.partition("#")[0].split() for line in LIST.read_text().splitlines()]
    packages = [words[0] for words in lines if words]
    assert sorted(packages) == sorted(set(packages))
    assert sum(len(words) - 1 for words in lines if words) == len(programs())


def test_a_missing_program_says_which_package_to_install(monkeypatch):
    assert programs()["in.fingerd"] == "fingerd"
    monkeypatch.setattr("tests.peers.packages.path_of", lambda program: None)
    assert why_missing("curl") == "curl is not installed: apt-get install curl, or .ci/gui for all"


def test_a_distribution_of_Pythons_is_a_peer_too_and_a_wrong_name_is_an_error():
    assert why_missing("pytest") is None
    with pytest.raises(LookupError, match=r"'no-such-thing' is no program of packages\.txt"):
        why_missing("no-such-thing")


def test_an_administrators_programs_are_found():
    assert path_of("sh")
