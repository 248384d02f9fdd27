"""How much a deck weighs, how soon it is seen, and whom it asks: nobody."""

from __future__ import annotations

import gzip

from tests.browser.conftest import RUNTIME

DECK_GZIPPED = 150 * 1024
FIRST_PAINT_S = 0.5


def test_script_and_stylesheet_of_the_deck_stay_small():
    sizes = {name: len(gzip.compress((RUNTIME / name).read_bytes())) for name in ("deck.js", "deck.css")}
    assert sum(sizes.values()) <= DECK_GZIPPED, sizes


def test_the_first_slide_is_painted_at_once_and_nobody_else_is_asked(offline):
    """In time of the processor, of all that the page's process did until then: others may keep this machine busy."""
    page = offline.open()
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    assert 0 < metrics["ProcessTime"] <= FIRST_PAINT_S, metrics
    requested = page.evaluate("performance.getEntriesByType('resource').map(({name}) => new URL(name).protocol)")
    assert set(requested) <= {"file:", "data:"}
