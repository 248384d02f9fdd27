"""The speaker's window, from disk and over http, in Chromium and in Firefox."""

from __future__ import annotations

import shutil

import pytest

from tests.browser.windows import ChromiumWindow, in_chromium, in_firefox

NOTE = "document.querySelector('.note-frame').innerText.trim()"
STATE = "document.querySelector('.state').textContent"
PACE = "document.querySelector('.clock').innerText.replace(/\\s+/g, ' ')"
NOW, NEXT = (f"document.querySelector('{place} .mini')" for place in (".now", ".then"))


@pytest.fixture(params=["Chromium from disk", "Chromium over http", "Firefox from disk", "Firefox over http"])
def pair(request):
    """Both windows at the first slide."""
    over_http = request.param.endswith("http")
    address = request.getfixturevalue("served" if over_http else "sample")
    address = address if over_http else (address / "deck.html").as_uri()
    if request.param.startswith("Chromium"):
        opened = in_chromium(request.getfixturevalue("offline"), address)
    else:
        opened = in_firefox(request.getfixturevalue("firefox_browser"), address)
    with opened as windows:
        yield windows


@pytest.fixture
def chromium_pair(offline):
    """Both windows at the first slide, in Chromium, from disk."""
    with in_chromium(offline) as windows:
        yield windows


def visible(picture: str, selector: str) -> str:
    return f"getComputedStyle({picture}.querySelector('{selector}')).visibility === 'visible'"


def test_the_speaker_sees_the_note_of_this_step_and_this_and_the_next_step(pair):
    speaker = pair.speaker
    assert speaker.evaluate(NOTE) == "Say good morning."
    pair.audience.press("ArrowRight")
    pair.at("s2/1")
    assert speaker.evaluate(NOTE) == "The note of the first step."
    assert speaker.evaluate("document.querySelector('.where').textContent") == "2 / 5 · step 1 of 3"
    assert not speaker.evaluate(visible(NOW, "li:nth-child(2)"))
    assert speaker.evaluate(visible(NEXT, "li:nth-child(2)"))
    pair.audience.press("ArrowRight")
    pair.at("s2/2")
    assert speaker.evaluate(NOTE) == "The note of the later steps."
    pair.audience.press("ArrowRight")
    pair.at("s2/3")
    assert speaker.evaluate("document.querySelector('.then h2').textContent") == "Next: Code and session"
    width = f"[{NEXT}, {NEXT}.querySelector('section')].map((each) => Math.round(each.getBoundingClientRect().width))"
    frame, slide = speaker.evaluate(f"{width}.join()").split(",")
    assert abs(int(frame) - int(slide)) <= 2


def test_only_the_speakers_window_loads_the_notes(chromium_pair):
    scripts = "[...document.scripts].map((script) => script.src.split('/').at(-1)).join()"
    assert chromium_pair.audience.evaluate(scripts) == "deck.js"
    assert chromium_pair.speaker.evaluate(scripts) == "deck.js,notes.js"


def test_notes_that_are_not_beside_the_deck_are_named_and_the_window_works_without(offline, sample, tmp_path):
    shutil.copytree(sample, tmp_path / "copy", ignore=shutil.ignore_patterns("notes.js"))
    with in_chromium(offline, (tmp_path / "copy" / "deck.html").as_uri()) as pair:
        assert pair.speaker.evaluate(NOTE) == "notes.js is not there: it belongs beside deck.html."
        pair.speaker.press("ArrowRight")
        pair.at("s2/1")
    assert [error for error in offline.errors if "ERR_FILE_NOT_FOUND" not in error] == []
    offline.errors.clear()


def test_keys_in_the_speakers_window_drive_the_audiences(pair):
    for key, place in [("ArrowRight", "s2/1"), (" ", "s2/2"), ("ArrowLeft", "s2/1"), ("Home", "s1/1")]:
        pair.speaker.press(key)
        pair.at(place)
    pair.speaker.press("3")
    pair.speaker.press("Enter")
    pair.at("s3/1")
    pair.speaker.press("w")
    pair.at("s3w1/1")
    pair.speaker.press("b")
    pair.speaker.wait_for(f'{STATE} === "The audience\'s screen is blank."')
    assert pair.audience.evaluate("document.documentElement.classList.contains('is-blank')")


def test_an_output_stays_hidden_until_the_speaker_shows_it(pair):
    output = "getComputedStyle(document.querySelector('#s3 samp')).visibility"
    pair.speaker.evaluate("document.querySelector('#holding').checked")
    pair.audience.evaluate("deck.go(3, 4)")
    pair.at("s3/4")
    pair.speaker.wait_for(f"{STATE}.startsWith('The output is held back')")
    assert pair.audience.evaluate(output) == "hidden"
    assert pair.speaker.evaluate("document.querySelector('.then h2').textContent") == "Next: the output"
    pair.speaker.evaluate("document.querySelector('.do-output').click()")
    pair.audience.wait_for(f"{output} === 'visible'")
    pair.at("s3/4")


def test_run_in_the_speakers_window_runs_before_the_audience(pair):
    pair.audience.evaluate("deck.go(3)")
    pair.at("s3/1")
    pair.speaker.evaluate("document.querySelector('.do-run').click()")
    pair.speaker.wait_for(f"{STATE}.startsWith('This is the recorded run')")
    pair.at("s3/4")
    assert pair.audience.evaluate("document.querySelector('.told').textContent").startswith("This is the rec")


def test_a_long_note_in_large_letters_leaves_the_clock_where_it_is(pair):
    pair.audience.evaluate("deck.go(5)")
    pair.at("s5/1")
    clock = "JSON.stringify(document.querySelector('.clock').getBoundingClientRect())"
    before = pair.speaker.evaluate(clock)
    for _ in range(9):
        pair.speaker.press("+")
    assert pair.speaker.evaluate(clock) == before
    assert pair.speaker.evaluate("document.querySelector('.clock').getBoundingClientRect().top >= 0")
    assert pair.speaker.evaluate("document.documentElement.scrollHeight <= innerHeight")
    note = "document.querySelector('.note-frame')"
    assert pair.speaker.evaluate(f"{note}.scrollHeight > {note}.clientHeight")


def test_the_size_of_notes_and_the_layout_are_kept(pair):
    size = "getComputedStyle(document.querySelector('.note-frame')).fontSize"
    layout = "document.documentElement.dataset.layout"
    before = pair.speaker.evaluate(size), pair.speaker.evaluate(layout)
    pair.speaker.press("-")
    pair.speaker.press("l")
    after = pair.speaker.evaluate(size), pair.speaker.evaluate(layout)
    assert before[0] != after[0] and before[1] != after[1]
    pair.speaker.reload()
    pair.at("s1/1")
    assert (pair.speaker.evaluate(size), pair.speaker.evaluate(layout)) == after


def test_both_windows_find_each_other_again_after_each_is_loaded_anew(pair):
    pair.audience.press("ArrowRight")
    pair.at("s2/1")
    pair.audience.reload()
    pair.audience.wait_for("window.deck")
    pair.at("s2/1")
    pair.speaker.press("ArrowRight")
    pair.at("s2/2")
    pair.speaker.reload()
    pair.at("s2/2")
    pair.speaker.press("ArrowRight")
    pair.at("s2/3")


def test_pace_is_told_in_words_against_the_minutes_of_the_slides(chromium_pair):
    pair = chromium_pair
    clock = pair.speaker.page.clock
    clock.install(time=0)
    pair.speaker.page.reload()
    pair.at("s1/1")
    clock.pause_at(100_000)
    assert "not started" in pair.speaker.evaluate(PACE) and "0:00 of 9:00" in pair.speaker.evaluate(PACE)
    pair.speaker.press("ArrowRight")
    pair.at("s2/1")
    clock.run_for(60_000)
    assert "1:00 of 9:00 on time Stop" in pair.speaker.evaluate(PACE)
    clock.run_for(4 * 60_000)
    assert "5:00 of 9:00 3 min behind" in pair.speaker.evaluate(PACE)
    pair.speaker.press("End")
    pair.at("s5/1")
    assert "3 min ahead" in pair.speaker.evaluate(PACE)
    pair.speaker.press("t")
    clock.run_for(60_000)
    assert "5:00" in pair.speaker.evaluate(PACE) and "Go on" in pair.speaker.evaluate(PACE)
    pair.speaker.page.reload()
    pair.at("s5/1")
    assert "5:00" in pair.speaker.evaluate(PACE)
    pair.speaker.evaluate("document.querySelector('.reset').click()")
    assert "not started" in pair.speaker.evaluate(PACE)


def test_another_tab_with_the_same_deck_is_neither_driven_nor_followed(chromium_pair, offline):
    other = offline.context.new_page()
    other.goto(offline.address)
    other.wait_for_function("() => window.deck")
    other.keyboard.press("End")
    chromium_pair.speaker.press("ArrowRight")
    chromium_pair.at("s2/1")
    assert other.evaluate("deck.at().slide") == "s5"


def test_search_and_overview_open_before_the_speaker_alone_and_lead_both(chromium_pair):
    speaker = chromium_pair.speaker
    speaker.press("g")
    speaker.page.keyboard.type("teapot")
    speaker.press("Enter")
    chromium_pair.at("s2/1")
    speaker.press("o")
    speaker.wait_for("document.querySelector('.overview')")
    assert chromium_pair.audience.evaluate("document.querySelector('dialog')") is None
    speaker.press("ArrowRight")
    speaker.press("Enter")
    chromium_pair.at("s3/1")


def test_s_brings_back_the_window_that_is_open_and_says_when_it_may_not_open_one(chromium_pair, offline):
    audience = chromium_pair.audience
    audience.press("s")
    assert len(offline.context.pages) == 2
    chromium_pair.speaker.page.close()
    audience.evaluate("(window.open = (...what) => (window.asked = what, null), 0)")
    for _ in range(1000):  # until the browser has told this window that the other one is closed
        audience.press("s")
        if audience.evaluate("window.asked"):
            break
    told = audience.evaluate("document.querySelector('.told').textContent")
    assert told.startswith("The browser lets no window open from here")


def test_after_a_click_on_a_button_space_is_the_next_step_again(chromium_pair):
    chromium_pair.speaker.page.get_by_role("button", name="Blank").click()
    chromium_pair.speaker.press(" ")
    chromium_pair.at("s2/1")
    assert chromium_pair.audience.evaluate("document.documentElement.classList.contains('is-blank')")


def test_a_closed_deck_is_told_and_holding_ends_with_the_speakers_window(chromium_pair):
    pair = chromium_pair
    pair.audience.wait_for("deck.holding")
    pair.speaker.page.close()
    pair.audience.wait_for("!deck.holding")
    with pair.audience.page.expect_popup() as opened:
        pair.audience.press("s")
    pair.speaker = ChromiumWindow(opened.value)
    pair.at("s1/1")
    pair.audience.page.close()
    pair.speaker.wait_for(f'{STATE}.startsWith("The audience\'s window was closed")')


def test_a_window_that_no_deck_opened_says_what_to_do(offline):
    page = offline.open("?speaker=nobody", ready="document.querySelector('.state')?.textContent")
    assert page.locator(".state").inner_text().startswith("No deck answers. Open deck.html, and press s there")


def test_without_storage_the_speakers_window_works_and_forgets(chromium_browser, offline):
    page = offline.open()
    refusing = "Object.defineProperty(window, '%s', {get() { throw new Error('no'); }});"
    offline.context.add_init_script(refusing % "localStorage" + refusing % "sessionStorage")
    page.reload()
    page.wait_for_function("() => window.deck")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    speaker.wait_for_function("() => document.querySelector('.where')?.textContent")
    speaker.keyboard.press("ArrowRight")
    page.wait_for_function("() => deck.at().slide === 's2'")
    speaker.keyboard.press("+")
