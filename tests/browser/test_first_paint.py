"""How soon a deck is seen, and whom it asks: nobody."""

from __future__ import annotations

FIRST_PAINT_S = 0.5


def processor_time(page, ready: str = "true") -> float:
    """Seconds that the page's own thread works, loaded again, until its first paint and until `ready` is true there.

    Seconds of the processor: others may keep this machine busy.
    """
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.reload()
    page.wait_for_function(f"() => {ready} && performance.getEntriesByName('first-contentful-paint').length")
    metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    return metrics["ThreadTime"]


def test_the_first_slide_is_painted_at_once_and_nobody_else_is_asked(offline):
    page = offline.open()
    assert 0 < processor_time(page, "window.deck") <= FIRST_PAINT_S
    requested = page.evaluate("performance.getEntriesByType('resource').map(({name}) => new URL(name).protocol)")
    assert set(requested) <= {"file:", "data:"}
