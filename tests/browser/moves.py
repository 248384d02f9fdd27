"""What the tests of the deck do and ask all the time. `page` is Playwright's."""

from __future__ import annotations

STATUS = "document.querySelector('[role=status]').textContent"


def at(page) -> str:
    """Where the deck is: "s2/1"."""
    return page.evaluate("(({slide, step}) => `${slide}/${step}`)(deck.at())")


def press(page, *keys: str) -> str:
    """Press keys, one after the other; return where the deck is then."""
    for key in keys:
        page.keyboard.press(key)
    return at(page)


def shown(page, selector: str) -> bool:
    """Whether the first of these elements can be seen."""
    return page.locator(selector).first.is_visible()
