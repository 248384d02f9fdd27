"""What can't be run: one line that says what and where, a status, and nothing left behind."""

import os
import select
import signal
import socket
import subprocess
import sys

import pytest

from tests.support.reactord import DEADLINE_S, ECHO, reactord

__all__ = ["reactord"]

IN_BOTH = pytest.mark.parametrize("how", [[], ["-n"]], ids=["background", "foreground"])


def assert_refused(reactord, result, line, status=1):
    """It has said this, ended with that, and nothing is left: no process, no pid file, no socket."""
    assert (result.stderr, result.returncode) == (f"reactord: {line}\n", status)
    reactord.wait()
    left = {path.name for path in reactord.folder.iterdir()} - {"app.py", "reactord.log"}
    assert left - {"__pycache__", "log", "pid", "occupied"} == set()


@IN_BOTH
@pytest.mark.parametrize(
    ("source", "line"),
    [
        (None, "app.py: can't be read: No such file or directory"),
        ("x = 1\nprint(x y)\n", "app.py:2: is no Python: "),
        ("\n\nnonsense\n", "app.py:3: raises NameError: name 'nonsense' is not defined"),
        ("import sys\nsys.exit(3)\n", "app.py:2: raises SystemExit: 3"),
        ("x = 1\n", "app.py: defines no `application`: "),
        ("application = 5\n", "app.py: its `application` is 5, not an Application"),
    ],
)
def test_a_file_that_defines_no_application(reactord, how, source, line):
    (reactord.folder / "app.py").unlink()
    if source is not None:
        reactord.write(source)
    result = reactord.run(*how, "-y", "app.py")
    assert result.stderr.startswith(f"reactord: {line}")
    assert_refused(reactord, result, result.stderr.removeprefix("reactord: ").rstrip("\n"))
    assert "\n" not in result.stderr.rstrip("\n")


@IN_BOTH
def test_a_port_in_use(reactord, how):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        reactord.write(ECHO + f"application.listenTCP({port}, Factory.forProtocol(Echo), interface='127.0.0.1')\n")
        result = reactord.run(*how, "-y", "app.py")
    assert "can't start" in result.stderr and f":{port}" in result.stderr and "Address already in use" in result.stderr
    assert_refused(reactord, result, result.stderr.removeprefix("reactord: ").rstrip("\n"))


FAILING = (
    ECHO
    + """
from reactor.application.service import Service

class Careful(Service):
    def stopService(self):
        print("stopped again")
        return super().stopService()

class Broken(Service):
    def startService(self):
        raise OSError("no luck today")

first = Careful()
first.setServiceParent(application)
second = Broken()
second.setName("broken")
second.setServiceParent(application)
"""
)


@IN_BOTH
def test_a_service_that_cannot_start_and_those_before_it_are_stopped_again(reactord, how):
    reactord.write(FAILING)
    result = reactord.run(*how, "-y", "app.py", "-l", "log")
    assert_refused(reactord, result, "echo/broken can't start: no luck today")
    told = (reactord.folder / "log").read_text()
    assert "stopped again" in told and "no luck today" in told


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "nothing to run: give -y FILE, or the name of a plugin (try: reactord --help)"),
        (["-y", "app.py", "web"], "either -y app.py or 'web', not both"),
        (["--nonsense"], "unrecognized arguments: --nonsense (try: reactord --help)"),
        (["-y"], "argument -y/--python: expected one argument (try: reactord --help)"),
        (["-y", "app.py", "--umask", "9"], "argument --umask: '9' is no mask: write an octal number such as 027"),
        (["-y", "app.py", "--stop-timeout", "-1"], "argument --stop-timeout: '-1' is no time: write seconds"),
        (["-y", "app.py", "--stop-timeout", "soon"], "argument --stop-timeout: 'soon' is no time: write seconds"),
        (["-y", "app.py", "--rotate", "weekly"], "argument --rotate: 'weekly' is neither a size, such as 500K"),
        (["-y", "app.py", "--keep", "0"], "argument --keep: '0' is no number of files: write 1 or more"),
        (["-y", "app.py", "-l", "-"], "--logfile - is a terminal's, which something in the background has not: add -n"),
        (["-y", "app.py", "-l", "x", "--syslog"], "one log only: --logfile, --syslog or --journal"),
        (["-y", "app.py", "--json", "--syslog"], "--json is for a file or standard output; "),
        (["-y", "app.py", "--savestats"], "--savestats needs --profile FILE"),
        (["-y", "app.py", "-b", "-p", "x"], "either --debug or --profile, not both"),
        (["-y", "app.py", "-u", "nobody-here"], "there is no user 'nobody-here'"),
        (["-y", "app.py", "-g", "nobody-here"], "there is no group 'nobody-here'"),
        (["-y", "app.py", "-r", "perpetual"], "there is no reactor 'perpetual'; there are select, poll, epoll, "),
    ],
)
def test_a_command_line_that_asks_for_what_there_is_not(reactord, arguments, line):
    result = reactord.run(*arguments)
    assert result.stderr.startswith(f"reactord: {line}"), result.stderr
    assert_refused(reactord, result, result.stderr.removeprefix("reactord: ").rstrip("\n"), status=2)
    assert "reactord.log" not in reactord.files()


@IN_BOTH
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-l", "missing/log"], "log {folder}/missing/log: No such file or directory"),
        (["--pidfile", "missing/pid"], "pid file missing/pid: No such file or directory"),
        (
            ["--pidfile", "app.py"],
            "pid file app.py: holds 'from reactor.app imp', which is no process; name another file",
        ),
        (["-d", "missing"], "--rundir missing: No such file or directory"),
        (["-p", "missing/profile"], "profile missing/profile: No such file or directory"),
        (["-l", "."], "log {folder}: Is a directory"),
    ],
)
def test_files_that_cannot_be_written(reactord, how, arguments, line):
    result = reactord.run(*how, "-y", "app.py", *arguments)
    assert_refused(reactord, result, line.format(folder=reactord.folder))
    assert reactord.files()["app.py"] == ECHO


def test_a_reactor_that_this_machine_has_not(reactord):
    missing = "kqueue" if hasattr(select, "epoll") else "epoll"
    result = reactord.run("-y", "app.py", "-r", missing)
    assert_refused(reactord, result, result.stderr.removeprefix("reactord: ").rstrip("\n"))
    assert result.stderr.startswith(f"reactord: --reactor {missing} can't be had here: ")


def test_a_second_reactor_is_refused_by_its_name():
    source = """
from reactor.application.runner.errors import RunnerError
from reactor.application.runner.reactors import install
install("select")
try:
    install("poll")
except RunnerError as problem:
    print(problem)
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.startswith("--reactor poll: ") and "already" in done.stdout


def test_no_syslog_and_no_journal(reactord):
    if not os.path.exists("/dev/log"):
        result = reactord.run("-y", "app.py", "--syslog")
        assert_refused(reactord, result, "log /dev/log: No such file or directory")
    if not os.path.exists("/run/systemd/journal/socket"):
        reactord.begin_again()
        result = reactord.run("-y", "app.py", "--journal")
        assert_refused(reactord, result, "log /run/systemd/journal/socket: No such file or directory")


def test_ctrl_c_while_it_starts(reactord):
    reactord.write("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nos.getpid()\n" + ECHO)
    result = reactord.run("-n", "-y", "app.py")
    assert (result.returncode, result.stderr) == (130, "")
    assert "reactord.pid" not in reactord.files()


def test_ctrl_c_at_a_daemon_that_still_starts_ends_both(reactord):
    """The application interrupts the first process, which waits, and is loaded when that is gone."""
    reactord.write("import os, signal\nos.kill(int(os.environ['FIRST']), signal.SIGINT)\n" + ECHO)
    source = "import os, sys; from reactor.application.runner import main\n"
    source += "os.environ['FIRST'] = str(os.getpid()); sys.exit(main())"
    options = reactord.options(sys.executable, "-c", source, "-y", "app.py")
    with open(reactord.folder / "said", "w+") as said:
        status = subprocess.run(**options, stderr=said, timeout=DEADLINE_S).returncode
        reactord.wait()
        said.seek(0)
        assert (status, said.read()) == (130, "")
    assert "reactord.pid" not in reactord.files()


def test_a_pid_file_that_is_a_link_is_not_followed_and_what_is_no_pid_file_not_touched(reactord):
    (reactord.folder / "secret").write_text("precious\n")
    (reactord.folder / "secret").chmod(0o600)
    (reactord.folder / "link").symlink_to("secret")
    result = reactord.run("-y", "app.py", "--pidfile", "link")
    assert (result.returncode, result.stderr.startswith("reactord: pid file link: ")) == (1, True)
    result = reactord.run("-y", "app.py", "--pidfile", "secret")
    assert result.stderr == ("reactord: pid file secret: holds 'precious', which is no process; name another file\n")
    reactord.wait()
    assert (reactord.folder / "secret").read_text() == "precious\n"
    assert (reactord.folder / "secret").stat().st_mode & 0o777 == 0o600


CRASHING = """
import os, signal, sys

left = int(sys.argv.pop(1))
begun = False

def count(event, args):
    global left, begun
    begun = begun or event == "fcntl.flock"
    if begun and event in {"fcntl.flock", "open", "os.truncate", "socket.bind", "socket.__new__", "os.remove", "exec"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
from reactor import reactor
reactor.callWhenRunning(reactor.stop)
from reactor.application.runner import main
sys.exit(main())
"""


def test_killed_at_any_moment_it_leaves_nothing_that_stops_the_next_start(reactord):
    """It is killed at its first step that touches the system, at its second, and so on, until it lives through them."""
    status, step = -signal.SIGKILL, 0
    while status == -signal.SIGKILL:
        step += 1
        options = reactord.options(sys.executable, "-c", CRASHING, str(step), "-n", "-y", "app.py")
        crashed = subprocess.run(**options, capture_output=True, timeout=DEADLINE_S)
        status = crashed.returncode
        assert status in (0, -signal.SIGKILL), crashed.stderr
    assert step > 5
    assert {path.name for path in reactord.folder.iterdir()} == {"app.py"}


def test_a_pid_file_that_is_a_link_to_nothing_makes_nothing(reactord):
    (reactord.folder / "link").symlink_to("elsewhere")
    result = reactord.run("-y", "app.py", "--pidfile", "link")
    assert (result.returncode, result.stderr.startswith("reactord: pid file link: ")) == (1, True)
    reactord.wait()
    assert not (reactord.folder / "elsewhere").exists()
