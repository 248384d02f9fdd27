"""Part 4, the last five slides of 2003: what stood on the reactor then, and how much of it stands on ours today.

Nothing here is promised by hand: a protocol or framework counts as present when its module can be found, and as tried
with a program when a test that speaks with that program has passed (peers.json; see tests/peers).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lecture.elements.element import Element, escape

_TRIED = Path(__file__).with_name("peers.json")

# The bullet of 2003, in its order, and the module that speaks the protocol. LDAP and the modems were never
# Twisted's; XML-RPC was, and had no room on the bullet.
PROTOCOLS = {
    "SSH": "reactor.conch.ssh",
    "HTTP": "reactor.web",
    "SMTP": "reactor.mail.smtp",
    "IRC": "reactor.words.protocols.irc",
    "POP3": "reactor.mail.pop3",
    "telnet": "reactor.conch.telnet",
    "FTP": "reactor.protocols.ftp",
    "TOC": "reactor.words.protocols.toc",
    "OSCAR": "reactor.words.protocols.oscar",
    "SOCKS": "reactor.protocols.socks",
    "finger": "reactor.protocols.finger",
    "DNS": "reactor.names.client",
    "NNTP": "reactor.news.nntp",
    "IMAP": "reactor.mail.imap4",
    "LDAP": "reactor.ldap.client",
    "GPS": "reactor.positioning.nmea",
    "XML-RPC": "reactor.web.xmlrpc",
    "PB": "reactor.spread.pb",
}


@cache
def is_here(module: str) -> bool:
    """Whether a module of this library is there; it is not imported."""
    parent = module.rpartition(".")[0]
    return (not parent or is_here(parent)) and find_spec(module) is not None


def to_come(protocols: Iterable[str]) -> list[str]:
    """Those whose modules are not there yet."""
    return [name for name in protocols if not is_here(PROTOCOLS[name])]


def tried() -> dict[str, Any]:
    """Protocol → what tests have tried it with; empty where the report is missing."""
    return json.loads(_TRIED.read_text(encoding="utf-8")) if _TRIED.is_file() else {}


class Implementations(Element):
    """The table of protocols that are there: their RFCs, our module, and the programs of others that spoke with it.

    part: the first, second or third part of it, as one slide has no room for all; None: the whole.
    """

    role = "exhibit"

    PARTS = 3

    def __init__(self, part: int | None = None) -> None:
        super().__init__()
        self.part = part

    def toHTML(self) -> str:
        report = tried()
        names = [name for name in PROTOCOLS if is_here(PROTOCOLS[name])]
        size = -(-len(names) // self.PARTS)
        shown = names if self.part is None else names[size * (self.part - 1) : size * self.part]
        rows = "".join(_row(name, report.get(name, {})) for name in shown)
        head = "<thead><tr><th>Protocol</th><th>RFC</th><th>Module</th><th>Tried with</th></tr></thead>"
        style = "overflow-wrap: normal; line-height: 1.2"  # in six rows of two lines
        return f'<table class="protocols" style="{style}">{head}<tbody>{rows}</tbody></table>\n'


def tried_with(name: str) -> str:
    """The programs that tests have tried a protocol with."""
    return ", ".join(_peers(tried().get(name, {}))) or "our own tests"


def _peers(report: dict[str, Any]) -> list[str]:
    return sorted({*report.get("client", ()), *report.get("server", ())})


def _row(name: str, report: dict[str, Any]) -> str:
    rfcs = [str(number) for number in report.get("rfcs", ())]
    module = report.get("module", PROTOCOLS[name])
    code = escape(module).replace(".", ".<wbr>")  # where a narrow screen may break it
    cells = (
        escape(name),
        _first_of(rfcs, 18),
        f"<code>{code}</code>",
        _first_of(_peers(report), 40) or "our own tests",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _first_of(names: list[str], width: int) -> str:
    """As many as one line of the slide has room for, and how many more; a pointer that rests there is told all."""
    shown = list(names)
    while len(shown) > 1 and len(", ".join(shown)) > width:
        shown.pop()
    left_out = len(names) - len(shown)
    text = escape(", ".join(shown))
    return f'<span title="{escape(", ".join(names))}">{text}, {left_out} more</span>' if left_out else text
