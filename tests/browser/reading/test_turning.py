"""From page to page: keys, fingers, links; and what was read."""

from __future__ import annotations

import re

import pytest

FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } });"
READ = "Object.values(localStorage).join()"


def name(page) -> str:
    return page.url.rpartition("/")[2]


def turned(page, *keys: str) -> str:
    """Press keys, each of which turns the page; return where that leads."""
    for key in keys:
        with page.expect_navigation():
            page.keyboard.press(key)
    return name(page)


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowDown", "PageDown", " "])
def test_each_of_these_keys_turns_a_page_that_is_seen_whole(small, key):
    assert turned(small.open("slide-02.html"), key) == "slide-03.html"


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowUp", "PageUp", "Shift+ "])
def test_each_of_these_keys_turns_back(small, key):
    assert turned(small.open("slide-02.html"), key) == "slide-01.html"


def test_home_end_and_c(small):
    page = small.open("slide-02.html")
    assert turned(page, "End") == "slide-05.html"
    assert turned(page, "Home") == "slide-01.html"
    assert turned(page, "c") == "index.html"
    assert turned(page, "ArrowRight") == "slide-01.html"


def test_p_presents_this_slide_and_so_does_the_link(small):
    page = small.open("slide-02.html")
    second = re.compile(r"/deck\.html#s?2$")  # the deck writes it as it likes
    page.keyboard.press("p")
    page.wait_for_url(second)
    page.go_back()
    page.get_by_role("link", name="Present").click()
    page.wait_for_url(second)


def test_a_long_page_is_read_before_it_is_left(small):
    page = small.open("slide-03.html")
    page.keyboard.press(" ")
    page.wait_for_function("() => document.documentElement.scrollTop > 100")
    assert name(page) == "slide-03.html"
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert turned(page, " ") == "slide-04.html"


def test_keys_of_a_field_a_button_and_the_browser_are_theirs(small):
    page = small.open("slide-02.html")
    page.keyboard.press("/")
    page.keyboard.type("c? ")
    assert page.locator(".search input").input_value() == "c? "
    page.keyboard.press("Escape")
    page.keyboard.press("Control+ArrowRight")
    page.get_by_role("button", name="Search").focus()
    page.keyboard.press(" ")
    assert name(page) == "slide-02.html" and page.locator(".search").is_visible()


def test_the_help_lists_every_key_and_closes_by_its_key(small):
    page = small.open("slide-02.html")
    page.keyboard.press("?")
    listed = " ".join(page.locator("dialog.help dt").all_inner_texts())
    assert all(key in listed.split() for key in ("→", "←", "space", "PgDn", "PgUp", "Home", "End", "c", "/", "p", "?"))
    page.keyboard.press("?")
    assert not page.locator("dialog.help").is_visible()


SWIPE = """([across, down, selector]) => {
  const on = document.querySelector(selector);
  const touch = (x, y) => new Touch({ identifier: 1, target: on, clientX: x, clientY: y });
  on.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, touches: [touch(200, 200)] }));
  on.dispatchEvent(new TouchEvent('touchend', { bubbles: true, changedTouches: [touch(200 + across, 200 + down)] }));
}"""


def test_a_swipe_turns_the_page(small):
    page = small.open("slide-02.html", has_touch=True)
    with page.expect_navigation():
        page.evaluate(SWIPE, [-120, 10, "h1"])
    assert name(page) == "slide-03.html"


@pytest.mark.parametrize("swipe", [[-40, 0, "h1"], [-120, 100, "h1"], [-120, 0, ".listing pre"]])
def test_a_short_a_slanted_swipe_and_one_over_code_that_scrolls_turn_nothing(small, swipe):
    page = small.open("slide-03.html", has_touch=True, viewport={"width": 360, "height": 740})
    page.evaluate("addEventListener('pagehide', () => { window.left = true; })")
    page.evaluate(SWIPE, swipe)
    assert page.evaluate("!window.left") and name(page) == "slide-03.html"


def test_links_lead_there_and_back_without_script(small):
    page = small.open("slide-01.html", java_script_enabled=False, ready="true")
    page.get_by_role("link", name="Next slide").click()
    assert name(page) == "slide-02.html"
    page.get_by_role("link", name="Previous slide").click()
    page.get_by_role("link", name="Contents").click()
    assert name(page) == "index.html"
    page.get_by_role("link", name="End").click()
    assert page.locator("h1").inner_text() == "End"


# --- what was read


def test_a_slide_is_read_when_its_end_was_in_sight(small):
    page = small.open("slide-03.html")
    assert page.evaluate("localStorage.length") == 0
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("() => localStorage.length")
    assert page.evaluate(READ) == '["Echo"]'


def test_the_contents_tick_what_was_read_and_lead_on(small):
    page = small.open("slide-02.html")
    page.wait_for_function("() => localStorage.length")
    assert turned(page, "c") == "index.html"
    ticked = page.locator(".toc li:has(.done)").all_inner_texts()
    assert [text.split("\n")[0] for text in ticked] == ["Points"]
    assert page.get_by_role("img", name="read").count() == 1
    with page.expect_navigation():
        page.get_by_role("link", name="Continue: Echo").click()
    assert name(page) == "slide-03.html"


def test_of_two_slides_with_one_title_each_is_read_by_itself(small):
    page = small.open("slide-04.html")
    page.wait_for_function("() => localStorage.length")
    turned(page, "c")
    assert page.locator(".toc li:has(.done) a").get_attribute("href") == "slide-04.html"


def test_what_was_read_can_be_forgotten(small):
    page = small.open("slide-02.html")
    page.wait_for_function("() => localStorage.length")
    turned(page, "c")
    page.get_by_role("button", name="Forget").click()
    assert page.locator(".done, .progress").count() == 0
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("kept", ["not JSON", '{"a": 1}', "[1, null]"])
def test_a_memory_that_is_damaged_counts_as_none(small, kept):
    page = small.open("slide-02.html")
    page.wait_for_function("() => localStorage.length")
    page.evaluate("kept => localStorage.setItem(localStorage.key(0), kept)", kept)
    turned(page, "c")
    assert page.locator(".done").count() == 0


def test_where_a_browser_keeps_nothing_pages_work_and_show_nothing_as_read(chromium_browser, small):
    page = small.open("slide-02.html")
    small.context.add_init_script(FORBIDDEN)
    page.reload()
    assert turned(page, "ArrowRight") == "slide-03.html"
    assert turned(page, "c") == "index.html"
    assert page.locator(".done").count() == 0
