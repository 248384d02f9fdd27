"""Writes notices, for the page and for paper."""

from html import escape

from reactor import reactor
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver


def page(kind, text):
    if kind != "note":
        return None
    return f'<div class="note"><b>Note</b> {escape(text, quote=False)}</div>'


def paper(kind, text):
    if kind != "note":
        return None
    text = "".join("\\" + one if one in "&%#_$" else one for one in text)
    return f"\\begin{{quote}}\\textbf{{Note}} {text}\\end{{quote}}"


OUTPUTS = {"page": page, "paper": paper}


class Board(LineReceiver):  # TODO: it knows no warnings
    def lineReceived(self, line):
        what, _, text = line.decode().partition(": ")
        output, _, kind = what.partition(" ")
        written = OUTPUTS[output](kind, text)
        self.sendLine((written or f"no notice of the kind {kind!r}").encode())


reactor.listenTCP(7765, ServerFactory.forProtocol(Board))
print("notices at port 7765")
reactor.run()
