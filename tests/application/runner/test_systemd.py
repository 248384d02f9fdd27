"""systemd, played by sockets of the test's own: notifications, the watchdog, sockets that it has opened."""

import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from reactor.systemd import ListenFDs, Notifier
from tests.support.reactord import DEADLINE_S, ECHO, Manager, reactord, wait_for

__all__ = ["reactord"]


@pytest.fixture
def manager(tmp_path):
    made = Manager(str(tmp_path / "notify"))
    yield made
    made.socket.close()


def test_systemd_hears_when_it_runs_reloads_and_stops(reactord, manager):
    reactord.start("-y", "app.py", NOTIFY_SOCKET=str(reactord.folder / "notify"))
    assert manager.hear() == {"READY": "1", "MAINPID": str(reactord.pid), "STATUS": "echo runs"}
    reactord.kill(signal.SIGHUP)
    reloading = manager.hear()
    assert reloading["RELOADING"] == "1" and reloading["MONOTONIC_USEC"].isdigit()
    assert manager.hear() == {"READY": "1"}
    reactord.stop()
    assert manager.hear() == {"STOPPING": "1"}


def test_systemd_hears_nothing_of_one_that_does_not_start(reactord, manager):
    reactord.write("nonsense\n")
    assert reactord.run("-y", "app.py", NOTIFY_SOCKET=str(reactord.folder / "notify")).returncode == 1
    manager.socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        manager.hear()


def test_the_watchdog_hears_from_the_loop(reactord, manager):
    environment = {"NOTIFY_SOCKET": str(reactord.folder / "notify"), "WATCHDOG_USEC": "20000"}
    process = reactord.foreground("-y", "app.py", **environment)
    for _ in range(3):
        assert manager.hear_of("WATCHDOG") == {"WATCHDOG": "1"}
    process.terminate()
    assert process.wait(DEADLINE_S) == 0


def test_what_systemd_says_is_kept_from_children(reactord, manager):
    reactord.write(
        ECHO + "import os\nprint('left:', [name for name in os.environ if 'WATCHDOG' in name or 'NOTIFY' in name])\n"
    )
    reactord.start("-y", "app.py", NOTIFY_SOCKET=str(reactord.folder / "notify"), WATCHDOG_USEC="20000000")
    reactord.stop()
    assert "left: []" in reactord.messages()


def test_a_notifier_without_anybody_to_tell(tmp_path):
    assert not Notifier.fromEnvironment({}).notify(READY=1)
    assert not Notifier(str(tmp_path / "missing")).notify(READY=1)


def test_an_abstract_address(tmp_path):
    if sys.platform != "linux":
        pytest.skip("abstract names are Linux's")
    name = f"reactor-test-{os.getpid()}"
    manager = Manager("\0" + name)
    notifier = Notifier("@" + name)
    assert notifier.notify(STATUS="two\nlines", READY=1)
    assert manager.hear() == {"STATUS": "two lines", "READY": "1"}
    manager.socket.close()
    assert not notifier.notify(READY=1)
    notifier.close()


@pytest.mark.parametrize(
    ("environment", "watchdog_s"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_when_the_watchdog_wants_to_hear(environment, watchdog_s):
    assert Notifier.fromEnvironment(environment).watchdog_s == watchdog_s
    assert environment == {}


@pytest.mark.parametrize(
    ("environment", "descriptors", "names"),
    [
        ({}, [], {}),
        ({"LISTEN_FDS": "2", "LISTEN_PID": "1"}, [], {}),
        ({"LISTEN_FDS": "two", "LISTEN_PID": str(os.getpid())}, [], {}),
        ({"LISTEN_FDS": "2", "LISTEN_PID": str(os.getpid())}, [3, 4], {"unknown": 4}),
        (
            {"LISTEN_FDS": "2", "LISTEN_PID": str(os.getpid()), "LISTEN_FDNAMES": "http:https"},
            [3, 4],
            {"http": 3, "https": 4},
        ),
    ],
)
def test_which_sockets_were_opened_for_us(environment, descriptors, names):
    found = ListenFDs.fromEnvironment(environment)
    assert found.inheritedDescriptors() == descriptors
    assert found.inheritedNamedDescriptors() == names


ACTIVATED = """
from reactor.application import strports
from reactor.app import Application
from reactor.protocol import Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

application = Application("echo")
strports.service("systemd:domain={domain}:index=0", Factory.forProtocol(Echo)).setServiceParent(application)
"""

AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, "-m", "reactor.application.runner", *sys.argv[2:]])
"""


@pytest.mark.parametrize("how", [["-n"], []], ids=["foreground", "background"])
@pytest.mark.parametrize("domain", ["INET", "UNIX"])
def test_a_socket_that_systemd_has_opened_is_served(reactord, how, domain):
    """A client connects before the server is there, as socket activation has it."""
    reactord.write(ACTIVATED.format(domain=domain))
    listener = socket.socket(socket.AF_INET if domain == "INET" else socket.AF_UNIX)
    listener.bind(("127.0.0.1", 0) if domain == "INET" else str(reactord.folder / "activated"))
    listener.listen()
    with listener, socket.socket(listener.family) as client:
        client.settimeout(DEADLINE_S)
        client.connect(listener.getsockname())
        client.sendall(b"early")
        options = reactord.options(sys.executable, "-c", AS_SYSTEMD, str(listener.fileno()), *how, "-y", "app.py")
        options["pass_fds"].append(listener.fileno())
        process = subprocess.Popen(**options, stdout=subprocess.DEVNULL)
        reactord.processes.append(process)
        assert client.recv(100) == b"early"
        if not how:
            assert process.wait(DEADLINE_S) == 0
        reactord.stop()
    if domain == "UNIX":
        assert (reactord.folder / "activated").exists()  # it is systemd's


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="systemd-socket-activate is not installed")
def test_systemds_own_tool_activates_it(reactord):
    reactord.write(ACTIVATED.format(domain="UNIX"))
    path = str(reactord.folder / "activated")
    reactord_command = [sys.executable, "-m", "reactor.application.runner", "-n", "-y", "app.py"]
    command = ["systemd-socket-activate", "-l", path, *reactord_command]
    process = subprocess.Popen(**reactord.options(*command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    reactord.processes.append(process)
    wait_for(process.stderr, "Listening on")
    assert reactord.echo("hello", "activated") == "hello"
    process.terminate()
    assert process.wait(DEADLINE_S) == 0
