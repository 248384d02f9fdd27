"""reactord in the background and the foreground: starts, serves, logs, stops, and leaves nothing."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from tests.support.reactord import DEADLINE_S, ECHO, reactord, wait_for

__all__ = ["reactord"]


def test_in_the_background_it_serves_until_it_is_killed(reactord):
    reactord.start("-y", "app.py")
    assert reactord.echo("hello") == "hello"
    assert os.getsid(reactord.pid) not in (os.getsid(0), reactord.pid)  # a session of its own, and not its leader
    reactord.stop()
    assert reactord.files().keys() == {"app.py", "reactord.log"}
    assert reactord.messages()[0] == "Log opened."
    assert reactord.messages()[-1] == "echo has stopped"
    assert not (reactord.folder / "echo").exists()


def test_its_files_are_for_its_user_alone_but_the_pid_file(reactord):
    reactord.start("-y", "app.py")
    modes = {name: stat.S_IMODE((reactord.folder / name).stat().st_mode) for name in ("reactord.log", "reactord.pid")}
    assert modes == {"reactord.log": 0o600, "reactord.pid": 0o644}


def test_umask_decides_otherwise(reactord):
    reactord.start("-y", "app.py", "--umask", "022")
    assert stat.S_IMODE((reactord.folder / "reactord.log").stat().st_mode) == 0o644


def test_a_second_start_is_refused_and_does_no_harm(reactord):
    reactord.start("-y", "app.py")
    second = reactord.run("-y", "app.py")
    assert second.returncode == 1
    assert second.stderr == (
        f"reactord: pid file reactord.pid: process {reactord.pid} runs already; kill {reactord.pid} stops it\n"
    )
    assert reactord.echo("still there") == "still there"
    reactord.stop()


def test_after_kill_9_the_next_start_takes_over(reactord):
    reactord.start("-y", "app.py")
    first = reactord.pid
    reactord.kill(signal.SIGKILL)
    reactord.wait()
    assert reactord.pid == first
    reactord.begin_again()
    reactord.start("-y", "app.py")
    assert reactord.pid != first
    assert any(f"process {first} ended without removing it" in message for message in reactord.messages())
    assert reactord.echo("again") == "again"
    reactord.stop()


def test_a_stale_pid_file_with_the_number_of_a_process_that_lives_is_taken_over(reactord):
    (reactord.folder / "reactord.pid").write_text(f"{os.getpid()}\n")  # it was another's before
    reactord.start("-y", "app.py")
    reactord.stop()


def test_what_it_prints_is_logged_and_nothing_is_lost_at_the_end(reactord):
    reactord.write(
        ECHO + "import atexit, sys\nprint('loaded')\nsys.stderr.write('no end')\natexit.register(print, 'late')\n"
    )
    reactord.start("-y", "app.py")
    reactord.stop()
    messages = reactord.messages()
    assert "loaded" in messages and messages[-1] == "no end"


def test_another_place_and_other_names(reactord):
    (reactord.folder / "run").mkdir()
    reactord.start("-y", "app.py", "-d", "run", "--pidfile", "here.pid", "-l", "here.log")
    assert reactord.echo("x", "run/echo") == "x"
    os.rename(reactord.folder / "here.pid", reactord.folder / "reactord.pid")
    reactord.kill()
    reactord.wait()
    assert "echo has stopped" in (reactord.folder / "here.log").read_text()


def test_without_a_pid_file(reactord):
    process = reactord.foreground("-y", "app.py", "--pidfile", "")
    wait_for(process.stdout, "echo runs")
    assert reactord.files().keys() == {"app.py"}
    process.terminate()
    assert process.wait(DEADLINE_S) == 0


def test_in_the_foreground_the_log_is_on_standard_output(reactord):
    process = reactord.foreground("-y", "app.py")
    wait_for(process.stdout, "echo runs")
    assert reactord.pid == process.pid
    assert reactord.echo("hello") == "hello"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, err) == (0, "")
    assert "received SIGINT, stopping" in out and out.endswith("echo has stopped\n")
    assert reactord.files().keys() == {"app.py"}


def test_the_log_as_lines_of_json(reactord):
    import json

    reactord.start("-y", "app.py", "--json", "-l", "log.json")
    reactord.stop()
    lines = [json.loads(line) for line in (reactord.folder / "log.json").read_text().splitlines()]
    assert lines[-1]["message"] == "echo has stopped"


def test_the_log_turns_over_and_old_ones_go(reactord):
    reactord.write(ECHO + "for number in range(50): print('x' * 90)\n")
    reactord.start("-y", "app.py", "--rotate", "1K", "--keep", "2")
    reactord.stop()
    assert {"reactord.log", "reactord.log.1", "reactord.log.2"} == {
        name for name in reactord.files() if name.startswith("reactord.log")
    }


@pytest.mark.parametrize("name", ["select", "poll", "asyncio"])
def test_the_reactor_is_the_one_asked_for(reactord, name):
    reactord.start("-y", "app.py", "-r", name)
    assert reactord.echo("hello") == "hello"
    reactord.stop()
    [message] = [message for message in reactord.messages() if "echo runs" in message]
    assert name in message.lower()


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="only Linux tells what another's descriptors are")
def test_with_standard_input_and_output_closed(reactord):
    """As a careless script starts it: the first descriptors that are opened would become the standard ones."""
    command = f"{sys.executable} -m reactor.application.runner -y app.py <&- >&- 2>&-"
    subprocess.run(**reactord.options("/bin/sh", "-c", command), timeout=DEADLINE_S, check=True)
    assert reactord.echo("hello") == "hello"
    assert {os.readlink(f"/proc/{reactord.pid}/fd/{fd}") for fd in range(3)} == {"/dev/null"}
    reactord.stop()


def test_an_application_that_stops_by_itself(reactord):
    reactord.write("from reactor import reactor\nreactor.callWhenRunning(reactor.callLater, 0, reactor.stop)\n" + ECHO)
    process = reactord.foreground("-y", "app.py")
    out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, err) == (0, "")
    assert out.endswith("echo has stopped\n")


def test_the_daemon_stops_when_the_one_who_started_it_is_gone(reactord):
    """The application kills the first process, which waits, while it is loaded."""
    reactord.write("import os, signal\nos.kill(int(os.environ['FIRST']), signal.SIGKILL)\n" + ECHO)
    source = "import os, sys; from reactor.application.runner import main\n"
    source += "os.environ['FIRST'] = str(os.getpid()); sys.exit(main())"
    options = reactord.options(sys.executable, "-c", source, "-y", "app.py")
    assert subprocess.run(**options, timeout=DEADLINE_S).returncode == -signal.SIGKILL
    reactord.wait()
    assert "who started it is gone: stopping" in reactord.messages()
    assert "reactord.pid" not in reactord.files()


def test_the_daemon_that_dies_while_it_starts_is_told_of(reactord):
    reactord.write("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    result = reactord.run("-y", "app.py")
    assert result.returncode == 1
    assert result.stderr == "reactord: it died while it started, without a word; its log may know more\n"
    reactord.wait()


def test_the_command_is_installed_under_its_name(reactord):
    from importlib.metadata import entry_points

    [script] = entry_points(group="console_scripts", name="reactord")
    assert script.value == "reactor.application.runner:main"
    from reactor.application.runner import command

    assert script.load() is command.main
