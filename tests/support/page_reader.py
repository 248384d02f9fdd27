"""Reading pages in tests as a browser reads them: strictly, and asking what in them could run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import html5lib

# Elements that run, embed or refer to something else by being there.
ACTIVE = {"script", "iframe", "object", "embed", "base", "form", "meta", "link", "style", "applet", "frame"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"}
HARMLESS_SCHEME = re.compile(r"(https?|mailto|ftp|irc|ircs|news|nntp|tel|xmpp|ssh|git):", re.IGNORECASE)


def parse(markup: str) -> Any:
    """The tree of a whole page. Raises html5lib's ParseError for anything that is not valid syntax."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(markup)


def parse_fragment(markup: str) -> Any:
    """The tree of what stands inside a <div> of a page, read as strictly."""
    return parse(f"<!doctype html><html><head><title>t</title></head><body><div>{markup}</div></body></html>")


def page(path: Path) -> Any:
    return parse(path.read_text(encoding="utf-8"))


def text_of(node: Any) -> str:
    return "".join(node.itertext())


def dangers(markup: str) -> list[str]:
    """Everything in a fragment that could run script or load something by itself, as a browser would understand it."""
    tree = html5lib.parse(f"<div>{markup}</div>", namespaceHTMLElements=False)
    found = []
    for node in tree.find("body").iter():
        if node.tag in ACTIVE:
            found.append(f"<{node.tag}>")
        for name, value in node.attrib.items():
            if str(name).lower().startswith("on") or name == "srcdoc":
                found.append(f"{name}={value}")
            scheme = re.match(r"[^/?#]*?:", re.sub(r"[\x00-\x20\x7f-\xa0]", "", value))
            if name in ADDRESSES and scheme and not HARMLESS_SCHEME.match(scheme.group()):
                found.append(f"{name}={value}")
    return found
