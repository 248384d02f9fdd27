"""A deck in a real browser, from disk, with the network off: whatever asks for another host fails its test."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.browser import CHROMIUM, OPTIONS
from tests.support.firefox import FIREFOX, firefox

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "lecture" / "outputs" / "runtime"


# The package's, and no longer: while Playwright is there, nobody else in this thread can run a loop of asyncio.
@pytest.fixture(scope="package")
def chromium_browser():
    """The system's Chromium, started once."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium; .ci/gui installs one where there is apt")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make setup")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def firefox_browser(tmp_path_factory):
    """The system's Firefox, started once."""
    if FIREFOX is None:
        pytest.skip("there is no Firefox; .ci/gui installs one where there is apt")
    with firefox(tmp_path_factory.mktemp("firefox") / "profile") as browser:
        yield browser


@pytest.fixture(scope="package")
def sample(tmp_path_factory) -> Path:
    """The sample deck in a folder, as the build leaves a deck."""
    folder = tmp_path_factory.mktemp("deck")
    shutil.copy(HERE / "sample_deck.html", folder / "deck.html")
    shutil.copy(HERE / "sample_notes.js", folder / "notes.js")
    for bundle in ("deck.js", "deck.css"):
        shutil.copy(RUNTIME / bundle, folder)
    return folder


class Offline:
    """Opens pages of a deck in contexts whose requests are watched, and answered from this machine only."""

    def __init__(self, browser, folder: Path) -> None:
        self._browser = browser
        self.address = (folder / "deck.html").as_uri()
        self.context = None
        self.foreign: list[str] = []
        self.errors: list[str] = []

    def open(self, link: str = "", ready: str = "window.deck", timeout: int = 20_000, **options):
        """Load the deck in a context of its own; wait until `ready` is true there. Returns the page.

        timeout: milliseconds, for that and for all that is waited for later.
        """
        options = {"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce", **options}
        self.context = self._browser.new_context(**options)
        self.context.set_default_timeout(timeout)
        self.context.route("**/*", self._answer)
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.context.on("console", self._heard)
        page = self.context.new_page()
        page.goto(self.address + link)
        page.wait_for_function(f"() => {ready}")
        return page

    def _answer(self, route) -> None:
        if route.request.url.startswith(("file://", "http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def close(self) -> None:
        if self.context:
            self.context.close()
        assert not self.foreign, f"asked of other hosts: {self.foreign}"
        assert not self.errors, f"in the console: {self.errors}"


@pytest.fixture
def offline(chromium_browser, sample) -> Iterator[Offline]:
    """Opens the sample deck."""
    opener = Offline(chromium_browser, sample)
    yield opener
    opener.close()


@pytest.fixture
def deck(offline):
    """The sample deck at its first slide."""
    return offline.open()


@pytest.fixture
def served(sample) -> Iterator[str]:
    """The address of the sample deck over http."""
    handler = partial(QuietHandler, directory=str(sample))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/deck.html"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *_: object) -> None:
        pass
