"""Tk and wx beside the reactor: windows, timers and sockets in one thread, also while a dialog is open.

Tk is tried without a display: its interpreter has events, timers and nested loops even if it draws nothing. wx is
Debian's, for the system's Python, and draws on a display that nobody sees.
"""

import os
import subprocess
import sys

import pytest

from tests.support import loops
from tests.support.loopback import run, turn
from tests.support.screens import ROOT, needs_a_screen, output_on_a_screen

pytestmark = pytest.mark.own_promise("its support for Tk can't have dialogs")

SYSTEM_PYTHON = "/usr/bin/python3"
on_one_loop = pytest.mark.parametrize("make_reactor", ["select"], indirect=True)


@pytest.fixture(scope="module")
def interpreter():
    """One for all tests: Tcl opens a pipe for the whole process when it first waits."""
    tkinter = pytest.importorskip("tkinter", reason="this Python was built without Tk")
    interpreter = tkinter.Tcl()
    interpreter.tk.eval("after 1 {set waited 1}; vwait waited")
    return interpreter


@pytest.fixture
def tk(interpreter, reactor):
    from reactor import tksupport

    tksupport.install(interpreter, ms=1, reactor=reactor)
    yield interpreter
    tksupport.uninstall()


@on_one_loop
def test_tk_does_its_work_while_the_reactor_runs(reactor, tk):
    tk.after(1, reactor.stop)
    run(reactor)


@on_one_loop
def test_the_network_goes_on_while_a_tk_dialog_is_open(reactor, tk, connect):
    import tkinter

    answered = tkinter.BooleanVar(tk)
    seen = []

    def open_dialog():
        client.transport.write(b"please")
        tk.tk.call("vwait", str(answered))  # how a dialog waits
        seen.append("closed")
        reactor.stop()

    def answer(talker, data):
        seen.append(data)
        answered.set(True)

    pair = connect(server={"data": answer})
    _, client = pair.establish()
    tk.after(1, open_dialog)
    run(reactor)
    assert seen == [b"please", "closed"]


@on_one_loop
def test_after_uninstall_tk_is_left_alone(reactor, tk):
    from reactor import tksupport

    tksupport.uninstall()
    turn(reactor, 3)
    assert reactor.getDelayedCalls() == []


@on_one_loop
def test_an_application_that_is_destroyed_is_left_alone(reactor):
    import tkinter

    from reactor import tksupport

    class Destroyed:
        """A window of an application that is over, in Tk's words."""

        def update(self):
            raise tkinter.TclError('can\'t invoke "update" command: application has been destroyed')

        def after(self, ms, call):
            raise tkinter.TclError('can\'t invoke "after" command: application has been destroyed')

    tksupport.install(Destroyed(), ms=0, reactor=reactor)
    turn(reactor, 3)
    assert reactor.getDelayedCalls() == []
    tksupport.uninstall()


@on_one_loop
def test_other_errors_of_tk_are_logged(reactor, logged_errors):
    import tkinter

    from reactor import tksupport

    class Broken:
        def update(self):
            raise tkinter.TclError("no such thing")

        def after(self, ms, call):
            return "after#1"

        def after_cancel(self, number):
            pass

    tksupport.install(Broken(), ms=0, reactor=reactor)
    turn(reactor, 3)
    assert len(logged_errors.flush(tkinter.TclError)) == 1
    tksupport.uninstall()


WX_PROGRAM = """
import wx
from reactor import reactor, wxsupport
from reactor.protocol import ClientFactory, Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

class Client(Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")
    def dataReceived(self, data):
        print("received", data.decode(), "while the dialog was", "open" if dialog.IsModal() else "closed")
        dialog.EndModal(wx.ID_OK)

def show_dialog():
    reactor.connectTCP("127.0.0.1", port.getHost().port, ClientFactory.forProtocol(Client))
    dialog.ShowModal()
    print("closed")
    frame.Close()

def close(event):
    frame.Destroy()
    wxsupport.uninstall()
    reactor.stop()

app = wx.App()
frame = wx.Frame(None, title="echo")
dialog = wx.Dialog(frame, title="wait")
frame.Bind(wx.EVT_CLOSE, close)
frame.Show()
wxsupport.install(app)
port = reactor.listenTCP(0, Factory.forProtocol(Echo), interface="127.0.0.1")
wx.CallAfter(show_dialog)
reactor.run()
print("done")
"""


def has_wx():
    asked = [SYSTEM_PYTHON, "-c", "import sys, wx; sys.exit(sys.version_info < (3, 11))"]
    return os.path.exists(SYSTEM_PYTHON) and subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_wx(), reason="the system's Python has no wx: python3-wxgtk4.0 on Debian")
@needs_a_screen
def test_wx_windows_and_dialogs_live_beside_the_network():
    said = output_on_a_screen(SYSTEM_PYTHON, WX_PROGRAM)
    assert said == ["received hello while the dialog was open", "closed", "done"]


@pytest.mark.parametrize("name", [*loops.OWN, *loops.FOREIGN])
def test_this_machine_has(name):
    """The suite runs on the loops that are here; this says, where it can't be overlooked, which are not."""
    if lacking := loops.missing(name):
        pytest.skip(lacking)
    assert name in loops.here()


def test_what_is_missing_for_a_loop_is_said():
    said = subprocess.run([sys.executable, "-m", loops.__name__], capture_output=True, text=True, check=False, cwd=ROOT)
    assert [line.split()[0] for line in said.stdout.splitlines()] == [*loops.OWN, *loops.FOREIGN]
