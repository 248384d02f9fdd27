"""The Tutorial of Doom itself, as `make slides` wrote it last, walked through as a speaker does."""

from __future__ import annotations

import gzip
import json
import shutil

import pytest

from tests.browser.conftest import RUNTIME, Offline
from tests.browser.moves import at, press
from tests.browser.test_first_paint import FIRST_PAINT_S, processor_time
from tests.browser.test_reading_aloud import AXE, violations

DIST = RUNTIME.parents[2] / "site" / "dist"
MOST_BYTES = 118_000  # of the deck with its script and stylesheet, compressed, before anything is played
MOST_BYTES_OF_NOTES = 52_000  # which the speaker's window alone loads


@pytest.fixture(scope="package")
def written(tmp_path_factory):
    """The deck that was written last, with the bundles as they are now."""
    if not (DIST / "deck.html").exists():
        pytest.skip("there is no deck yet: make slides")
    folder = tmp_path_factory.mktemp("talk") / "dist"
    shutil.copytree(DIST, folder, ignore=shutil.ignore_patterns("docs", "slide-*"))
    for bundle in ("deck.js", "deck.css"):
        shutil.copy(RUNTIME / bundle, folder)
    return folder


@pytest.fixture
def talk(chromium_browser, written):
    """Opens the deck."""
    opener = Offline(chromium_browser, written)
    yield opener
    opener.close()


# At every step of every slide: what goes over the canvas, code that is too small, too many sizes of type.
MISFITS = """() => {
    const found = [];
    const sections = [...document.querySelectorAll("body > .reveal section:not(.stack)")];
    for (const section of sections) for (let step = 1; step <= Number(section.dataset.steps); step++) {
        deck.go(section.id, step);
        const canvas = section.getBoundingClientRect(), sizes = new Set();
        for (const element of section.querySelectorAll("*")) {
            const style = getComputedStyle(element), box = element.getBoundingClientRect();
            if (style.visibility !== "visible" || box.width === 0) continue;
            if (element.closest(".copy, .edit-and-run, svg *")) continue;
            const where = `${section.id}/${step} ${element.tagName}.${element.className}`;
            if (box.right > canvas.right + 1 || box.bottom > canvas.bottom + 1) found.push(`${where} is not all there`);
            if (element.closest("pre") && parseFloat(style.fontSize) < 20) found.push(`${where} is ${style.fontSize}`);
            if ([...element.childNodes].some(({data = ""}) => data.trim())) sizes.add(style.fontSize);
        }
        if (sizes.size > 3) found.push(`${section.id}/${step} has sizes ${[...sizes]}`);
    }
    return [...new Set(found)];
}"""


def test_every_step_of_every_slide_fits_the_canvas_with_code_of_20_pixels_in_three_sizes(talk):
    assert talk.open().evaluate(MISFITS) == []


def test_the_whole_talk_stays_small(written):
    names = ("deck.html", "deck.js", "deck.css", "notes.js")
    sizes = {name: len(gzip.compress((written / name).read_bytes())) for name in names}
    assert sizes.pop("notes.js") <= MOST_BYTES_OF_NOTES
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_the_right_arrow_leads_through_every_step_and_the_left_arrow_back(talk):
    page = talk.open()
    right = "[...document.querySelectorAll('section[data-steps]:not(.wrong)')]"
    steps = page.evaluate(f"{right}.reduce((sum, {{dataset}}) => sum + +dataset.steps, 0)")
    walk = "(key) => { const way = []; let last; do { last = deck.at(); way.push(last.slide + '/' + last.step);"
    walk += " document.dispatchEvent(new KeyboardEvent('keydown', {key})); } while (deck.at() !== last); return way; }"
    there = page.evaluate(walk, "ArrowRight")
    assert len(there) == steps
    assert page.evaluate(walk, "ArrowLeft") == there[::-1]


def test_the_short_path_takes_less_than_half_the_time(talk):
    slides = "[...document.querySelectorAll('section[data-minutes]')]"
    whole = f"{slides}.reduce((sum, {{dataset}}) => sum + +dataset.minutes, 0)"
    page = talk.open("?short&speaker=nobody", ready="document.querySelector('.passed')?.textContent")
    short = page.locator(".passed").inner_text().partition(" of ")[2]
    hours, minutes, _ = ("0:" + short if short.count(":") == 1 else short).split(":")
    assert 0 < int(hours) * 60 + int(minutes) < page.evaluate(whole) / 2


def test_each_slide_that_says_something_has_a_note_for_the_speaker_at_each_step(talk, written):
    notes = json.loads((written / "notes.js").read_text("utf-8").removeprefix("notes(").removesuffix(");\n"))
    slides = "[...document.querySelectorAll('section[data-number]:has(.content)')]"
    steps = talk.open().evaluate(f"{slides}.map(({{id, dataset}}) => [id, +dataset.steps])")
    assert len(steps) > 90
    for name, count in steps:
        told = {step for first, last, _ in notes[name] for step in range(first, last + 1)}
        assert told == set(range(1, count + 1)), name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_last_step_of_every_eighth_slide(talk, scheme):
    page = talk.open(color_scheme=scheme, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    last = int(page.get_attribute("body", "data-total"))
    sample = list(range(1 if scheme == "light" else 5, last + 1, 8))
    # Axe looks at every element, whether it is asked to or not: without the other slides it takes a tenth of the time.
    page.evaluate(
        """(kept) => document.querySelectorAll("body > .reveal section:not(.stack)")
            .forEach((each) => kept.includes(each.id) || each.replaceChildren())""",
        [f"s{number}" for number in sample],
    )
    for number in sample:
        page.evaluate(f"deck.go({number}, 99)")
        assert violations(page) == [], number


def test_lines_that_come_and_go_between_two_stages_can_be_read(talk):
    page = talk.open(color_scheme="light", bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    places = page.evaluate(
        """() => {
            const all = [...document.querySelectorAll("body > .reveal section:not(.stack)")];
            all.forEach((each) => each.querySelector(".stages") || each.replaceChildren());
            return all.filter((each) => each.querySelector(".stages")).map((each) =>
                [each.id, +(each.querySelector(".pane:has(.stages)").dataset.to ?? each.dataset.steps)]);
        }"""
    )
    assert len(places) > 4
    for slide, step in places:
        page.evaluate("([slide, step]) => deck.go(slide, step)", [slide, step])
        assert violations(page) == [], (slide, step)


def test_it_is_painted_at_once(talk):
    assert processor_time(talk.open(), "window.deck") <= FIRST_PAINT_S


def test_words_of_an_output_lead_to_its_slide(talk):
    page = talk.open()
    press(page, "g")
    page.keyboard.type("received hello world")
    press(page, "Enter")
    found = json.loads(page.evaluate("JSON.stringify(document.getElementById(deck.at().slide).innerText)"))
    assert "received hello world" in found, at(page)
