"""What opens over the deck, and what is done to it: keys, all slides, search, blank, zoom, copying, dark, running."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.browser.moves import STATUS, at, press, shown

KEYS_TABLE = Path(__file__).parents[2] / "site" / "src" / "deck" / "keys.ts"


def test_question_mark_lists_every_key_of_the_table(deck):
    press(deck, "?")
    rows = deck.locator("dialog tr").all()
    listed = {row.locator("td").inner_text(): row.locator("kbd").all_inner_texts() for row in rows}
    table = KEYS_TABLE.read_text(encoding="utf-8").partition("const KEYS")[2].partition("];\n")[0]
    bindings = re.findall(r'keys: (\[.*?\]), words: "(.*?)"(, only: "speaker")?', table)
    assert len(bindings) == table.count("action:")
    names = {" ": "Space", "ArrowRight": "→", "ArrowLeft": "←", "ArrowUp": "↑", "ArrowDown": "↓", "Escape": "Esc"}
    expected = {words: [names.get(key, key) for key in json.loads(keys)] for keys, words, only in bindings if not only}
    assert listed == {**expected, "go to the slide of this number": ["1", "2", "…", "Enter"]}
    press(deck, "Escape")
    assert deck.locator("dialog").count() == 0
    assert at(deck) == "s1/1"


@pytest.mark.parametrize("key", ["o", "Escape"])
def test_the_overview_shows_all_slides_and_leads_to_one_of_them(deck, key):
    press(deck, "ArrowRight", key)
    cards = deck.locator("dialog .grid > li > a")
    assert cards.count() == 6
    assert cards.nth(3).inner_text().strip().endswith("↓ Wrong: one read")
    assert deck.evaluate("document.activeElement.textContent.includes('2 Points in steps')")
    frame = deck.locator("dialog .mini").nth(1).bounding_box()
    heading = deck.locator("dialog .mini h1").nth(1).bounding_box()
    assert heading["height"] < 20 and heading["y"] < frame["y"] + frame["height"]
    assert press(deck, "ArrowRight", "ArrowRight", "Enter") == "s3w1/1"
    assert deck.locator("dialog").count() == 0


def test_escape_leaves_the_overview_where_one_was(deck):
    assert press(deck, "ArrowRight", "o", "ArrowRight", "Escape") == "s2/1"
    assert deck.locator("dialog").count() == 0


TYPED = {"5": "s5/1", "3/2": "s3/2", "s3w1": "s3w1/1", "teapot": "s2/1", "CAFE last": "s2/1", "good bye": "s3/1"}


@pytest.mark.parametrize("key", ["g", "/"])
def test_one_goes_to_a_slide_by_number_link_or_words(deck, key):
    for typed, found in TYPED.items():
        press(deck, key)
        deck.keyboard.type(typed)
        assert press(deck, "Enter") == found


def test_search_lists_what_it_found_and_does_not_look_into_notes(deck):
    press(deck, "g")
    deck.keyboard.type("session")
    assert deck.locator(".search [role=status]").inner_text() == "2 found"
    deck.keyboard.press("ArrowDown")
    deck.keyboard.press("ArrowDown")
    assert press(deck, "Enter") == "s4/1"
    press(deck, "g")
    deck.keyboard.type("morning")
    assert deck.locator(".search [role=status]").inner_text() == "0 found"
    press(deck, "Escape")
    assert at(deck) == "s4/1"


def test_one_escape_leaves_the_search_although_words_are_typed(deck):
    press(deck, "g")
    deck.keyboard.type("session")
    assert press(deck, "Escape") == "s1/1"
    assert deck.locator("dialog").count() == 0


def test_the_screen_goes_blank_and_comes_back(deck):
    blank = "getComputedStyle(document.body, '::after').backgroundColor"
    for key in ("b", "."):
        press(deck, key)
        assert deck.evaluate(blank) == "rgb(0, 0, 0)"
        press(deck, key)
        assert deck.evaluate(blank) != "rgb(0, 0, 0)"
    press(deck, "b", "Escape")
    assert deck.locator("dialog").count() == 0 and deck.evaluate(blank) != "rgb(0, 0, 0)"


def test_zoom_is_where_the_mouse_is_and_follows_it(deck):
    corner = "(() => { const {x, y} = document.querySelector('.reveal').getBoundingClientRect(); return [x, y]; })()"
    width = "document.querySelector('.reveal').getBoundingClientRect().width"
    deck.mouse.move(40, 60)
    press(deck, "z")
    assert deck.evaluate(corner) == pytest.approx([40 - 2.2 * 40, 60 - 2.2 * 60], abs=1)
    deck.mouse.move(0, 0)
    assert deck.evaluate(corner) == pytest.approx([0, 0], abs=1)
    press(deck, "Escape")
    assert deck.evaluate(width) == 1280
    deck.keyboard.down("Alt")
    deck.mouse.click(100, 100)
    deck.keyboard.up("Alt")
    assert deck.evaluate(width) > 2000


CODE = "class Echo(Protocol):\n    def dataReceived(self, data):\n        self.transport.write(data)\n"


def test_the_code_of_a_slide_is_copied_by_key_and_by_button(deck):
    deck.context.grant_permissions(["clipboard-read", "clipboard-write"])
    deck.evaluate("deck.go(3)")
    press(deck, "c")
    deck.wait_for_function(f"() => {STATUS} === 'Copied.'")
    assert deck.evaluate("navigator.clipboard.readText()") == CODE
    deck.evaluate("navigator.clipboard.writeText('')")
    deck.locator("#s3 .listing").hover()
    deck.get_by_role("button", name="Copy 03_echo/server.py").click()
    deck.wait_for_function(f"async () => await navigator.clipboard.readText() === {json.dumps(CODE)}")


def test_without_code_there_is_nothing_to_copy(deck):
    press(deck, "c")
    assert deck.evaluate(STATUS) == "There is no code to copy on this slide."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_d_overrules_the_scheme_of_the_system(offline, scheme):
    page = offline.open(color_scheme=scheme)
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    press(page, "d")
    assert page.evaluate(paper) != before
    press(page, "d")
    assert page.evaluate(paper) == before


def test_f_fills_the_screen_and_leaves_it(deck):
    press(deck, "f")
    deck.wait_for_function("() => document.fullscreenElement")
    press(deck, "f")
    deck.wait_for_function("() => !document.fullscreenElement")


def test_outputs_are_held_back_when_asked_until_they_are_wanted(deck):
    press(deck, "h")
    deck.evaluate("deck.go(3, 3)")
    assert press(deck, "ArrowRight") == "s3/4"
    assert shown(deck, "#s3 kbd") and not shown(deck, "#s3 samp")
    assert press(deck, "ArrowRight") == "s3/4"
    assert shown(deck, "#s3 samp")
    assert "hello and good bye" in deck.evaluate(STATUS).replace("\n", " ")
    assert press(deck, "ArrowRight", "ArrowLeft") == "s3/4"
    assert shown(deck, "#s3 samp")
    press(deck, "h")
    deck.evaluate("deck.go(3, 3)")
    press(deck, "ArrowRight")
    assert shown(deck, "#s3 samp")


def test_enter_shows_the_next_output_of_a_session_in_steps(deck):
    deck.evaluate("deck.go(4)")
    assert press(deck, "Enter") == "s4/2"
    assert press(deck, "Enter") == "s4/3"
    assert press(deck, "Enter") == "s4/3"


RECORDED = "This is the recorded run: what the program printed when the slides were built."


def test_run_plays_the_recorded_run_and_says_so(deck):
    deck.evaluate("deck.go(3)")
    assert deck.evaluate("deck.run()") == RECORDED
    assert at(deck) == "s3/4"
    assert deck.locator("#s3 samp").inner_text() == "hello\nand good bye"
    assert deck.locator(".told").inner_text() == RECORDED


def test_run_shows_all_of_a_session_in_steps(deck):
    deck.evaluate("deck.go(4)")
    assert deck.evaluate("deck.run()") == RECORDED
    assert at(deck) == "s4/3" and shown(deck, "#s4 pre:nth-child(2) samp")


def test_a_recorded_run_appears_line_by_line_and_moving_on_ends_it(offline):
    page = offline.open("#3/4", reduced_motion="no-preference")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.evaluate("window.over = false; deck.run().then(() => (window.over = true)); 0")
    assert page.evaluate("document.querySelector('#s3 samp').textContent") == ""
    page.clock.run_for(125)
    assert page.locator("#s3 samp").inner_text().strip() == "hello"
    press(page, "ArrowRight")
    assert page.evaluate("window.over")
    assert page.evaluate("document.querySelector('#s3 samp').textContent") == "hello\nand good bye"


def test_a_real_run_takes_the_place_of_the_recorded_one_if_it_begins_in_time(deck):
    deck.evaluate("deck.go(4, 3); deck.runner = async (example, session) => (session.dataset.ran = example, true); 0")
    assert deck.evaluate("deck.run('04_steps')") == "04_steps runs."
    assert deck.locator("#s4 .session").get_attribute("data-ran") == "04_steps"
    assert deck.locator(".told").inner_text() == "04_steps runs."


@pytest.mark.parametrize(
    "runner", ["new Promise(() => 0)", "Promise.reject(new Error('no'))", "Promise.resolve(false)"]
)
def test_a_real_run_that_does_not_come_in_two_seconds_is_given_up(deck, runner):
    deck.clock.install()
    deck.evaluate(f"deck.go(3, 4); deck.runner = (e, s, late) => (window.late = late, {runner}); 0")
    deck.evaluate("window.told = ''; deck.run().then((words) => (window.told = words)); 0")
    deck.clock.run_for(2100)
    assert deck.evaluate("[told, late.aborted]") == [RECORDED, True]


def test_a_slide_without_program_says_that_there_is_nothing_to_run(deck):
    press(deck, "r")
    assert deck.evaluate(STATUS) == "There is no program to run on this slide."
