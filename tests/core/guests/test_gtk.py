"""GTK 3 and 4 with the reactor as their guest: windows on a screen that nobody sees, and applications without any."""

import os
import signal
import subprocess
import sys

import pytest

from reactor.error import ReactorAlreadyRunning
from tests.support.loopback import Client, Server, run
from tests.support.screens import needs_a_screen, output_on_a_screen

pytest.importorskip("gi", reason="PyGObject is not installed")
pytestmark = [
    pytest.mark.own_promise("its loops are others"),
    pytest.mark.parametrize("make_reactor", ["glib"], indirect=True),
]


def new_application():
    """An application that asks nobody on this desktop whether it runs already."""
    from gi.repository import Gio

    application = Gio.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
    application.connect("activate", lambda application: None)  # GLib complains if nobody cares
    return application


@pytest.fixture(scope="module")
def after_the_first():
    """The first application opens what GLib keeps open for the whole process."""
    new_application().run(None)


@pytest.fixture
def application(after_the_first):
    return new_application()


def test_stop_ends_a_registered_application(reactor, application):
    calls = []
    for name in ("startup", "activate", "shutdown"):
        application.connect(name, lambda application, name=name: calls.append(name))
    reactor.registerGApplication(application)
    reactor.callWhenRunning(lambda: calls.append("running"))
    reactor.callLater(0.001, reactor.stop)
    run(reactor)
    assert calls == ["startup", "activate", "running", "shutdown"] and not reactor.running


def test_the_end_of_the_application_ends_the_run_with_a_shutdown(reactor, application):
    calls = []
    reactor.addSystemEventTrigger("before", "shutdown", calls.append, "before")
    reactor.addSystemEventTrigger("after", "shutdown", calls.append, "after")
    reactor.registerGApplication(application)
    reactor.callLater(0.001, application.quit)
    run(reactor)
    assert calls == ["before", "after"]


def test_the_network_runs_in_the_loop_of_the_application(reactor, application, listen):
    from gi.repository import GLib

    server = Server("server", data=lambda talker, data: reactor.stop())
    client = Client("client")
    reactor.connectTCP("127.0.0.1", listen(server).getHost().port, client)
    application.connect("activate", lambda application: GLib.timeout_add(5, click))

    def click():
        if client.talker is None:
            return True  # later
        client.talker.transport.write(b"clicked")
        return False

    reactor.registerGApplication(application)
    run(reactor)
    assert server.talker.received == b"clicked"


def test_a_signal_ends_the_application(reactor, application):
    reactor.registerGApplication(application)
    reactor.callLater(0.001, os.kill, os.getpid(), signal.SIGTERM)
    run(reactor)
    assert not reactor.running


def test_there_is_one_application_at_most(reactor, application):
    reactor.registerGApplication(application)
    with pytest.raises(RuntimeError, match=r"<Gio\.Application object .* is there already"):
        reactor.registerGApplication(application)


def test_an_application_comes_before_the_run(reactor, application):
    refused = []

    def too_late():
        with pytest.raises(ReactorAlreadyRunning) as caught:
            reactor.registerGApplication(application)
        refused.append(str(caught.value))
        reactor.stop()

    reactor.callWhenRunning(too_late)
    run(reactor)
    assert "the reactor runs already" in refused[0]


@pytest.mark.parametrize("thing", [None, "org.example.Editor", object])
def test_what_is_no_application_is_refused(reactor, thing):
    with pytest.raises(TypeError, match=f"takes a Gio.Application, not {thing!r}"):
        reactor.registerGApplication(thing)


# A window that connects to an echo server when it is on the screen, presses its own button, and closes when it has read
# the answer; GTK 3 shows it while a dialog waits.
ECHO = """
import sys
from reactor import gireactor
gireactor.install()
import gi
gi.require_version("Gtk", sys.argv[1])
from gi.repository import Gio, Gtk
from reactor import reactor
from reactor.protocol import ClientFactory, Factory, Protocol
from reactor.protocols.wire import Echo

class Talk(Protocol):
    def connectionMade(self):
        button.connect("clicked", lambda button: self.transport.write(b"pressed"))
        button.emit("clicked")
    def dataReceived(self, data):
        label.set_text(data.decode())
        print("the label says", label.get_text())
        if dialog is not None:
            dialog.response(Gtk.ResponseType.OK)
        over()

def connect(window):
    global dialog
    reactor.connectTCP("127.0.0.1", port.getHost().port, ClientFactory.forProtocol(Talk))
    if hasattr(Gtk.Dialog, "run"):  # a loop in the loop, as GTK 4 has none
        dialog = Gtk.Dialog(transient_for=window)
        print("the dialog gave", Gtk.ResponseType(dialog.run()).value_nick)

def show(window):
    (getattr(window, "add", None) or window.set_child)(button)  # GTK 3, GTK 4
    window.connect_after("map", lambda window: reactor.callLater(0, connect, window))
    (getattr(window, "show_all", None) or window.present)()

port = reactor.listenTCP(0, Factory.forProtocol(Echo), interface="127.0.0.1")
label, dialog = Gtk.Label(), None
button = Gtk.Button(label="press")
"""
WINDOW = """
over = reactor.stop
show(Gtk.Window(title="echo"))
"""
APPLICATION = """
def over():
    window.destroy()
    reactor.callLater(0.01, app.quit)  # the application is held: it is there without a window

def activate(app):
    global window
    window = Gtk.ApplicationWindow(application=app, title="echo")
    show(window)

app = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
app.connect("activate", activate)
reactor.registerGApplication(app)
"""
END = """
reactor.addSystemEventTrigger("after", "shutdown", print, "shut down")
reactor.run()
"""


def has_gtk(version):
    asked = f"import gi; gi.require_version('Gtk', {version!r})"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False).returncode == 0


@pytest.fixture(params=["3.0", "4.0"])
def gtk(request):
    """A version of GTK that is here."""
    if not has_gtk(request.param):
        pytest.skip(f"GTK {request.param} is not installed")
    return request.param


@needs_a_screen
@pytest.mark.parametrize("program", [WINDOW, APPLICATION], ids=["window", "application"])
def test_a_window_and_the_network_share_the_loop(make_reactor, gtk, program):
    dialog = ["the dialog gave ok"] if gtk == "3.0" else []
    said = output_on_a_screen(sys.executable, ECHO + program + END, gtk)
    assert said == ["the label says pressed", *dialog, "shut down"]
