"""A real browser, without a window: a page and all that belongs to it, a WebSocket, and server-sent events."""

import json

import pytest

from reactor.web.events import EventSource
from reactor.web.static import File
from reactor.web.websocket import WebSocketResource, WebSocketServerFactory
from tests.support.browser import CHROMIUM, chromium
from tests.support.loopback import run_until
from tests.support.web_doubles import Page
from tests.support.websocket_doubles import EchoSocket

DEADLINE_S = 30.0

BROWSER_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><link rel=stylesheet href="style.css">
<script src="code.js"></script></head><body><img src="dot.svg"></body></html>"""
BROWSER_CODE = """
const told = {};
function tell(what, value) {
    told[what] = value;
    if (Object.keys(told).length === 5) fetch("/report", {method: "POST", body: JSON.stringify(told)});
}
const socket = new WebSocket(`ws://${location.host}/ws`);
socket.onopen = () => socket.send("hällo");
socket.onmessage = event => { tell("socket", event.data); socket.close(1000); };
socket.onclose = event => tell("closed", event.code);
const source = new EventSource("/news");
source.addEventListener("weather", event => { tell("news", event.data); source.close(); });
addEventListener("load", () => {
    tell("image", document.querySelector("img").naturalWidth);
    tell("style", getComputedStyle(document.body).color);
});
"""


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_chromium_loads_a_page_with_all_that_belongs_to_it(one_reactor, served, tmp_path):
    """Page, style, script and picture; a WebSocket, and server-sent events; then it tells what it has seen."""
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "index.html").write_text(BROWSER_PAGE, encoding="utf-8")
    (folder / "code.js").write_text(BROWSER_CODE, encoding="utf-8")
    (folder / "style.css").write_text("body { color: rgb(1, 2, 3) }", encoding="utf-8")
    (folder / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>', encoding="utf-8")
    reports = []

    class News(EventSource):
        def listenerCame(self, stream):
            stream.send("it rains\nand rains", event="weather")

    def report(request):
        reports.append(json.loads(request.content.read()))
        return b""

    root = File(str(folder))
    root.putChild(b"ws", WebSocketResource(WebSocketServerFactory.forProtocol(EchoSocket)))
    root.putChild(b"news", News())
    root.putChild(b"report", Page(report, ["POST"]))
    with chromium(f"http://{served(root)}/", tmp_path / "profile"):
        run_until(one_reactor, lambda: reports, DEADLINE_S)
    assert reports[0] == {
        "socket": "hällo",
        "closed": 1000,
        "news": "it rains\nand rains",
        "image": 7,
        "style": "rgb(1, 2, 3)",
    }
