"""The audience's window and the speaker's, in Chromium and in Firefox, behind the same few calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.firefox import Firefox


class ChromiumWindow:
    """A page of Playwright's with the calls of tests.support.firefox.Window."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        return self.page.evaluate(f"() => ({expression})")

    def wait_for(self, condition: str) -> None:
        """Wait until a JavaScript expression is true."""
        self.page.wait_for_function(f"() => {condition}")

    def press(self, key: str) -> None:
        """Press and release a key."""
        self.page.keyboard.press(key)

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload()


class Pair:
    """Both windows of a talk."""

    def __init__(self, audience: Any, speaker: Any) -> None:
        self.audience = audience
        self.speaker = speaker

    def at(self, place: str) -> None:
        """Wait until the audience's window and the speaker's both show this place, "s2/1"."""
        slide, step = place.split("/")
        self.audience.wait_for(f"deck.at().slide === '{slide}' && deck.at().step === {step}")
        self.speaker.wait_for(f"document.querySelector('.where')?.dataset.place === '{place}'")


@contextmanager
def in_chromium(offline, address: str | None = None) -> Iterator[Pair]:
    """Open the deck and, by the key s, the speaker's window."""
    if address:
        offline.address = address
    page = offline.open()
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    pair = Pair(ChromiumWindow(page), ChromiumWindow(opened.value))
    pair.at("s1/1")
    yield pair


@contextmanager
def in_firefox(browser: Firefox, address: str) -> Iterator[Pair]:
    """Likewise."""
    window = browser.windows()[0]
    window.open(address)
    window.wait_for("window.deck")
    window.press("s")
    pair = Pair(window, browser.other_than(window))
    pair.at("s1/1")
    yield pair
    pair.speaker.close()
    window.open("about:blank")
