"""What the guide to the HTTP API says beside its session: of methods, sizes and origins; and its page in a browser."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

import reactor
from reactor.selectreactor import SelectReactor
from tests.support import oracle
from tests.support.browser import CHROMIUM, chromium
from tests.support.loopback import run_until, stop_listening
from tests.support.web_doubles import Page, Talk, request

PROGRAM = Path(__file__).parents[2] / "docs" / "guides" / "programs" / "http_api" / "server.py"
DEADLINE_S = 30.0
JSON = "Content-Type: application/json"

# Tells the test each list that the page shows. When the page is live it adds an item: a name as somebody wicked has it.
SPY = """<script>
const items = document.getElementById("items");
function report() {
  const lines = [...items.children].map(line => line.textContent);
  fetch("/report", {method: "POST", body: JSON.stringify(lines)});
  const headers = {"content-type": "application/json"}, body = JSON.stringify({name: "<b>eggs</b>", amount: 6});
  if (lines.length === 0) fetch("/api/items", {method: "POST", headers, body});
}
new MutationObserver(report).observe(items, {childList: true});
new MutationObserver(() => { if (document.getElementById("state").textContent === "live") report(); })
  .observe(document.getElementById("state"), {childList: true});
</script>"""


@pytest.fixture
def loop():
    made = SelectReactor()
    yield made
    oracle.dispose(made)


@pytest.fixture
def site(monkeypatch, loop):
    """The program's site, made with a reactor of the test's own."""
    monkeypatch.setitem(vars(reactor), "reactor", loop)
    spec = importlib.util.spec_from_file_location("shopping_server", PROGRAM)
    program = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "shopping_server", program)
    spec.loader.exec_module(program)
    return program.site()


@pytest.fixture
def talk(site):
    return Talk(None, site=site)


def posted(body):
    """The bytes of a request to add an item."""
    return request("/api/items", "POST", JSON, f"Content-Length: {len(body)}", body=body)


def test_a_method_that_this_resource_lacks_is_answered_with_those_it_has(talk):
    answer = talk.get("/api/items/1", "POST")
    assert answer.code == 405
    assert set(answer.headers[b"allow"].split(b", ")) == {b"GET", b"HEAD", b"DELETE"}


def test_a_method_that_the_site_does_not_know_is_not_implemented(talk):
    assert talk.get("/api/items", "PUT").code == 501


def test_a_body_that_is_too_long_is_refused(talk, site):
    assert talk.send(posted(b" " * (site.maxBodyBytes + 1))).answer().code == 413


def test_a_full_list_takes_no_more(talk):
    assert {talk.send(posted(b'{"name": "x"}')).answer().code for _ in range(1000)} == {201}
    assert talk.send(posted(b'{"name": "x"}')).answer().code == 409


@pytest.mark.parametrize(
    "body", [b"[]", b"[" * 5000, b'{"name": 1}', b'{"name": "x", "amount": true}', b"\xff", b"NaN", b""]
)
def test_whatever_is_no_item_gets_a_400_with_a_reason(talk, body):
    answer = talk.send(posted(body)).answer()
    assert answer.code == 400
    assert json.loads(answer.body)["error"]


@pytest.mark.parametrize("target", ["/api/items/7", "/api/items/x", "/api/items/" + "9" * 5000, "/api/items/%D9%A3"])
def test_what_is_not_on_the_list_is_not_found(talk, target):
    assert talk.get(target).code == 404


@pytest.mark.parametrize(("origin", "code"), [("http://x", 101), ("https://elsewhere.example", 403)])
def test_only_pages_of_this_host_open_the_websocket(talk, origin, code):
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13", "Origin": origin}
    headers["Sec_WebSocket_Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    talk.send(request("/live", "GET", *lines))
    assert talk.taken().startswith(b"HTTP/1.1 %d " % code)


def test_what_a_resource_raises_is_logged_and_stays_on_the_server(talk, site, logged_errors):
    def fail(request):
        raise LookupError("a secret")

    site.resource.putChild(b"fail", Page(fail))
    answer = talk.get("/fail")
    assert answer.code == 500
    assert b"secret" not in answer.body
    assert len(logged_errors.flush(LookupError)) == 1


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_the_page_shows_each_change_in_chromium_and_takes_no_name_for_markup(loop, site, tmp_path):
    shown = []

    def report(request):
        shown.append(json.load(request.content))
        return b""

    page = PROGRAM.with_name("page.html").read_bytes() + SPY.encode()
    site.resource.putChild(b"report", Page(report, ["POST"]))
    site.resource.putChild(b"watched", Page(lambda request: page))
    port = loop.listenTCP(0, site, interface="127.0.0.1")
    try:
        with chromium(f"http://127.0.0.1:{port.getHost().port}/watched", tmp_path / "profile"):
            run_until(loop, lambda: any(shown), DEADLINE_S)
    finally:
        stop_listening(loop, port)
        for transport in list(loop.transports):
            transport.abortConnection()
        run_until(loop, lambda: not loop.transports)
    assert next(filter(None, shown)) == ["6 × <b>eggs</b>"]
