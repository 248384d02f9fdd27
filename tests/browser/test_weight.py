"""How much a deck weighs, how soon it is seen, and whom it asks: nobody."""

from __future__ import annotations

import gzip

from tests.browser.conftest import RUNTIME

DECK_GZIPPED = 150 * 1024
FIRST_PAINT_MS = 500


def test_script_and_stylesheet_of_the_deck_stay_small():
    sizes = {name: len(gzip.compress((RUNTIME / name).read_bytes())) for name in ("deck.js", "deck.css")}
    assert sum(sizes.values()) <= DECK_GZIPPED, sizes


def test_the_first_slide_is_painted_at_once_and_nobody_else_is_asked(offline):
    """The quickest of three, since other tests may have the processor."""
    paints = []
    for _ in range(3):
        page = offline.open()
        page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        requested = page.evaluate("performance.getEntriesByType('resource').map(({name}) => new URL(name).protocol)")
        assert set(requested) <= {"file:", "data:"}
        offline.close()
    assert min(paints) <= FIRST_PAINT_MS, paints
