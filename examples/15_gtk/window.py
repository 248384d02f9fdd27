"""A window on the echo server: what is typed is sent, what comes back is shown."""

# [install]
from reactor import gireactor

gireactor.install()
# [/install]

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Calling(ClientFactory):
    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


# [talk]
class Talk(Protocol):
    def connectionMade(self):
        entry.connect("activate", self.send)
        self.transport.write(b"hello from a window")

    def send(self, entry):
        self.transport.write(entry.get_text().encode())

    def dataReceived(self, data):
        label.set_text(data.decode())
        print("the label says:", label.get_text())


# [/talk]


# [window]
window = Gtk.Window(title="Echo", default_width=320)
label, entry = Gtk.Label(label="nothing yet"), Gtk.Entry()
box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12, margin=12)
box.add(label)
box.add(entry)
window.add(box)
window.connect("destroy", lambda window: reactor.stop())
window.show_all()
reactor.connectTCP("127.0.0.1", 7799, Calling.forProtocol(Talk))
reactor.run()
# [/window]
