"""reactord's signals: stopping in time or by force, reloading, opening the log anew."""

import os
import pty
import signal
import subprocess

from tests.support.reactord import DEADLINE_S, ECHO, Manager, reactord, wait_for

__all__ = ["reactord"]

SLOW = (
    ECHO
    + """
from reactor.application.service import Service
from reactor.defer import Deferred
from reactor import reactor

class Slow(Service):
    def stopService(self):
        print("asked to stop")
        stopped = Deferred()
        {when}
        return stopped

Slow().setServiceParent(application)
"""
)


def test_a_stop_waits_for_the_services(reactord):
    reactord.write(SLOW.format(when="reactor.callLater(0.05, lambda: (print('done'), stopped.callback(None)))"))
    reactord.start("-y", "app.py")
    reactord.stop()
    messages = reactord.messages()
    assert messages.index("asked to stop") < messages.index("done") < messages.index("echo has stopped")


def test_a_stop_that_takes_too_long_is_forced_and_leaves_nothing(reactord):
    reactord.write(SLOW.format(when="pass"))
    process = reactord.foreground("-y", "app.py", "--stop-timeout", "0.1")
    wait_for(process.stdout, "echo runs")
    process.terminate()
    out, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1
    assert "it has not stopped within 0.1 s, and is forced to" in out
    assert "reactord.pid" not in reactord.files()


def test_a_handler_that_never_returns_does_not_keep_it_from_stopping(reactord):
    reactord.write(
        "def hang():\n    print('hanging')\n    while True: pass\n\nfrom reactor import reactor\n"
        "reactor.callWhenRunning(reactor.callLater, 0, hang)\n" + ECHO
    )
    process = reactord.foreground("-y", "app.py", "--stop-timeout", "0.1")
    wait_for(process.stdout, "hanging")
    process.terminate()
    out, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1
    assert "is forced to" in out
    assert "reactord.pid" not in reactord.files()


def test_a_thread_that_never_returns_does_not_keep_it_from_stopping(reactord):
    reactord.write(
        "import threading\nfrom reactor import reactor\n"
        "reactor.callWhenRunning(reactor.callInThread, threading.Event().wait)\n" + ECHO
    )
    reactord.start("-y", "app.py", "--stop-timeout", "0.1")
    reactord.stop()
    assert any("is forced to" in message for message in reactord.messages())
    assert reactord.files().keys() == {"app.py", "reactord.log"}


def test_a_thread_of_its_own_that_never_returns_does_not_keep_it_from_stopping(reactord):
    """Python waits for such a thread at its very end, when all else has stopped."""
    reactord.write("import threading\nthreading.Thread(target=threading.Event().wait).start()\n" + ECHO)
    process = reactord.foreground("-y", "app.py", "--stop-timeout", "0.2")
    wait_for(process.stdout, "echo runs")
    process.terminate()
    out, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1
    assert "echo has stopped" in out
    assert "reactord.pid" not in reactord.files()


def test_a_second_ctrl_c_does_not_wait(reactord):
    reactord.write(SLOW.format(when="pass"))
    process = reactord.foreground("-y", "app.py")
    for text in ("echo runs", "asked to stop"):
        wait_for(process.stdout, text)
        process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1
    assert "it was interrupted again, and is forced to" in out


RELOADING = (
    ECHO
    + """
from reactor.application.service import Service
from reactor.defer import Deferred
from reactor import reactor

class Reloading(Service):
    def reloadService(self):
        print("reloaded")
        told = open("told", "w")  # a FIFO: the test waits for it
        told.write("x")
        told.close()

class Broken(Service):
    def reloadService(self):
        raise ValueError("can't be reloaded")

Broken().setServiceParent(application)
Reloading().setServiceParent(application)
"""
)


def reload(reactord):
    """Send SIGHUP, and wait until the service has reloaded."""
    os.kill(reactord.pid, signal.SIGHUP)
    with open(reactord.folder / "told") as told:
        assert told.read() == "x"


def test_a_hangup_reopens_the_log_and_reloads_the_services(reactord):
    os.mkfifo(reactord.folder / "told")
    reactord.write(RELOADING)
    reactord.start("-y", "app.py")
    os.rename(reactord.folder / "reactord.log", reactord.folder / "old.log")
    reload(reactord)
    assert reactord.echo("still there") == "still there"
    reload(reactord)
    os.unlink(reactord.folder / "told")
    reactord.stop()
    assert "echo runs" in (reactord.folder / "old.log").read_text()
    messages = reactord.messages()
    assert messages[0] == "reloading" and messages[-1] == "echo has stopped"
    assert messages.count("reloaded") == 2
    assert any("ValueError: can't be reloaded" in message for message in messages)


def test_a_log_that_cannot_be_opened_again_goes_on(reactord):
    os.mkfifo(reactord.folder / "told")
    reactord.write(RELOADING)
    (reactord.folder / "logs").mkdir()
    reactord.start("-y", "app.py", "-l", "logs/log")
    (reactord.folder / "logs").rename(reactord.folder / "moved")
    reload(reactord)
    os.unlink(reactord.folder / "told")
    reactord.stop()
    text = (reactord.folder / "moved" / "log").read_text()
    assert "the log can't be opened again, and goes on in the old file" in text and text.endswith("has stopped\n")


def test_in_the_foreground_a_hangup_of_the_terminal_stops_it(reactord):
    ours, its = pty.openpty()
    manager = Manager(str(reactord.folder / "notify"))
    options = reactord.options(NOTIFY_SOCKET=str(reactord.folder / "notify"))
    options["args"] += ["-n", "-y", "app.py", "-l", "log"]
    with subprocess.Popen(**options, stdin=its, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        reactord.processes.append(process)
        assert manager.hear()["READY"] == "1"
        process.send_signal(signal.SIGHUP)
        assert process.wait(DEADLINE_S) == 0
    os.close(its)
    os.close(ours)
    manager.socket.close()
    assert "received SIGHUP, stopping" in (reactord.folder / "log").read_text()


def test_state_is_kept_when_it_stops_and_there_again_when_it_starts(reactord):
    reactord.write(
        ECHO
        + """
from reactor.application.service import Service

class Counter(Service):
    keeps = ("starts",)
    starts = 0
    def startService(self):
        super().startService()
        self.starts += 1
        print("start number", self.starts)

counter = Counter()
counter.setName("counter")
counter.setServiceParent(application)
"""
    )
    for options in ([], ["--no-save"], []):
        reactord.start("-y", "app.py", *options)
        reactord.stop()
        reactord.begin_again()
    starts = [message for message in reactord.messages() if message.startswith("start number")]
    assert starts == ["start number 1", "start number 1", "start number 2"]
