"""What a screen reader gets: the accessibility tree of the deck, where the focus is, what is announced, and axe."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.browser.moves import STATUS, press

AXE = Path(__file__).parents[2] / "site" / "node_modules" / "axe-core" / "axe.min.js"
FOCUSED = "document.activeElement.textContent"


def told(page) -> str:
    """The accessibility tree, as lines of role and name."""
    return page.locator("body").aria_snapshot()


# What is heard at each key: the heading that is focused, or what the live region says.
READING = [
    ("ArrowRight", "Points in steps", "Slide 2 of 5, 3 steps."),
    ("ArrowRight", "Points in steps", "Step 2 of 3. The teapot comes second"),
    ("ArrowRight", "Points in steps", "Step 3 of 3. The café comes last"),
    ("ArrowRight", "Code and session", "Slide 3 of 5, 4 steps."),
    ("ArrowRight", "Code and session", "Step 2 of 4. class Echo(Protocol):"),
    ("ArrowRight", "Code and session", "Step 3 of 4. def dataReceived(self, data): self.transport.write(data)"),
    ("ArrowRight", "Code and session", "Step 4 of 4. $ python client.py hello and good bye"),
    ("w", "Wrong: one read", "Slide 3 of 5, 2 steps."),
    ("ArrowRight", "Wrong: one read", "Step 2 of 2. Here is why."),
    ("ArrowRight", "A session in steps", "Slide 4 of 5, 3 steps."),
    ("ArrowRight", "A session in steps", "Step 2 of 3. one $ python two.py"),
    ("End", "The end", "Slide 5 of 5."),
]


def test_five_slides_are_heard_heading_by_heading_and_step_by_step(deck):
    assert deck.evaluate(FOCUSED) == "A sample"
    assert deck.evaluate(STATUS) == "Slide 1 of 5."
    for key, heading, words in READING:
        press(deck, key)
        assert (deck.evaluate(FOCUSED), deck.evaluate(STATUS)) == (heading, words)


def test_only_this_slide_and_this_step_are_in_the_accessibility_tree(deck):
    press(deck, "ArrowRight", "ArrowRight")
    tree = told(deck)
    assert re.findall(r'heading "(.*?)"', tree) == ["Points in steps"]
    assert "The teapot comes second" in tree and "The café comes last" not in tree
    assert "- main:" in tree and "application" not in tree
    assert "note" not in tree and "Say good morning" not in tree


def test_hidden_slides_cannot_be_reached_with_the_tab_key(deck):
    press(deck, "ArrowRight")
    focused = set()
    for _ in range(12):
        deck.keyboard.press("Tab")
        focused.add(deck.evaluate("document.activeElement.closest('section')?.id ?? 'bar'"))
    assert focused <= {"bar", "s2"}


def test_without_script_all_slides_and_every_step_can_be_read(offline):
    page = offline.open(ready="document.querySelector('noscript a')", java_script_enabled=False)
    for text in ("The café comes last", "self.transport.write(data)", "hello", "two", "That was all."):
        assert page.get_by_text(text).first.is_visible()
    tops = [page.locator(f"#s{number} h1").bounding_box()["y"] for number in (1, 2, 3, 4, 5)]
    assert tops == sorted(tops) and len(set(tops)) == 5
    assert page.get_by_role("link", name="The slides as pages to read").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_step_of_the_deck_nor_in_what_opens_over_it(offline, scheme):
    page = offline.open(color_scheme=scheme, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert violations(page) == []
    while True:
        before = page.url
        press(page, "ArrowRight")
        if page.url == before:
            break
        assert violations(page) == [], page.url
    page.evaluate("deck.go('s3w1', 2)")
    assert violations(page) == []
    for key in ("?", "g", "o"):
        page.keyboard.press(key)
        assert violations(page) == [], key
        page.keyboard.press("Escape")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_speakers_window(offline, scheme):
    page = offline.open(color_scheme=scheme, bypass_csp=True)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    speaker.wait_for_function("() => document.querySelector('.where')?.dataset.place")
    speaker.evaluate(AXE.read_text(encoding="utf-8"))
    for _ in range(6):
        assert violations(speaker) == []
        press(page, "ArrowRight")


def violations(page) -> list[str]:
    """What axe finds, with all its rules, in words."""
    page.evaluate("document.getAnimations().forEach((each) => each.finish())")
    found = json.loads(page.evaluate("axe.run({preload: false}).then(({violations}) => JSON.stringify(violations))"))
    return [f"{each['id']}: {node['html'][:150]}" for each in found for node in each["nodes"]]
