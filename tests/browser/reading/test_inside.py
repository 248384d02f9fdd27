"""Runs step by step: below a session on a page, and over a slide in the deck."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lecture.outputs.export.write import write_single
from lecture.programs import Examples, use
from reactor.trace.abridging import without_ends
from reactor.trace.words import sentence, why
from tests.browser.reading.conftest import EXAMPLES, SMALL, Pages
from tests.browser.reading.test_layout import PHONE, TOO_WIDE
from tests.browser.reading.test_read_aloud import AXE, RUN_AXE

ECHO = "slide-03.html"
UNSEEN = re.compile(r"p\d+\.printed|c\d+\.reading")  # of the state: no page shows it
SAID = "document.querySelector('.st-said').textContent"
HEARD = "document.querySelector('.stepper > [role=status]').textContent"
NOW = "document.querySelector('.st-line.is-now').textContent"
POSITION = "Number(document.querySelector('.stepper input').value)"


def opened(pages, link: str = "", **options):
    """The page with its first run open."""
    page = pages.open(ECHO + link, **options)
    if not link:
        page.get_by_role("button", name="Step through this run").click()
    page.wait_for_selector(".st-said")
    return page


def last(page) -> int:
    return int(page.locator(".stepper input").get_attribute("max"))


def test_the_stepper_is_fetched_when_it_is_asked_for_and_begins_at_the_first_line(small):
    page = small.open(ECHO)
    assert page.evaluate("window.stepper") is None
    page.get_by_role("button", name="Step through this run").click()
    page.wait_for_selector(".st-said")
    assert page.evaluate(NOW).startswith("1")
    assert page.evaluate(SAID).endswith("client.py is about to run client.py:1.")
    assert page.evaluate("document.activeElement.closest('.stepper') !== null")


def test_keys_go_by_line_event_turn_packet_and_output_and_each_step_is_heard(small):
    page = opened(small)
    for key, words in {
        "e": "begins to connect",
        "t": "takes a turn",
        "p": "the kernel sends",
        "o": "prints",
        "ArrowRight": "is about to run",
    }.items():
        page.keyboard.press(key)
        assert words in page.evaluate(HEARD), key
    before = page.evaluate(POSITION)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(POSITION) == before
    page.keyboard.press("End")
    assert page.evaluate(POSITION) == last(page)
    page.keyboard.press("o")
    assert page.evaluate(HEARD) == "There is no output after this step."
    page.keyboard.press("Home")
    assert page.evaluate(SAID) == "Nothing has happened yet."


SCRUBBED = """(() => {
    const box = document.querySelector(".stepper input"), words = () => document.querySelector(".st-said").textContent;
    const at = (place) => { box.value = place; box.dispatchEvent(new Event("input")); return words(); };
    const all = [...Array(1 + Number(box.max)).keys()], there = all.map(at);
    return there.every((said, place) => said.startsWith(place ? `Step ${place} of` : "Nothing"))
        && String(all.reverse().map(at).reverse()) === String(there);
})()"""


def test_in_firefox_a_run_from_disk_is_stepped_and_scrubbed_asked_why_and_set_beside_another(
    firefox_browser, doom_site
):
    window = firefox_browser.windows()[0]
    window.open(f"{doom_site.as_uri()}/slide-20.html")
    window.evaluate("[...document.querySelectorAll('button')].find((it) => it.textContent.startsWith('Step')).click()")
    window.wait_for("document.querySelector('.st-said')")
    for key, words in {
        "e": "begins to connect",
        "p": "the kernel sends",
        "o": "prints",
        "ArrowRight": "is about to run",
    }.items():
        window.press(key)
        assert words in window.evaluate(HEARD), key
    before = window.evaluate(POSITION)
    window.press("ArrowLeft")
    assert window.evaluate(POSITION) < before
    assert window.evaluate(SCRUBBED)
    window.press("w")
    assert window.evaluate("document.querySelector('.st-panel').textContent")
    choose = "(box) => { box.selectedIndex = 1; box.dispatchEvent(new Event('change')); }"
    window.evaluate(f"({choose})(document.querySelector('.st-beside select'))")
    assert window.evaluate("document.querySelector('.st-difference').textContent") == "Here they differ first."
    step = window.evaluate(POSITION)
    assert window.evaluate("location.hash") == f"#t{step}"
    window.press("Escape")
    window.open(f"{doom_site.as_uri()}/deck.html#20@t{step}")
    window.wait_for("document.querySelector('dialog .st-said')")
    assert window.evaluate(SAID).startswith(f"Step {step} of ")
    window.open("about:blank")


PARTS = "[...document.querySelectorAll('.st-panels :is(h3, h4), .st-buffer')].map((it) => it.textContent)"
EXPECTED = (
    "server.py on here",
    "Variables",
    "Packets on their way",
    "(Echo) open, established",
    "kernel, to be read11 bytes: b'hello world'",
)


def test_buffers_variables_timers_and_packets_are_seen_where_they_are(small):
    page = opened(small)
    seen = set()
    while not page.evaluate(HEARD).startswith("There is no event"):
        seen.update(page.evaluate(PARTS))
        page.keyboard.press("e")
    text = " / ".join(seen)
    assert [words for words in EXPECTED if words not in text] == []


def test_the_address_names_each_step_and_leads_there_and_back_undoes_a_jump(small):
    page = opened(small)
    page.keyboard.press("End")
    step = page.evaluate(POSITION)
    assert page.evaluate("location.hash") == f"#t{step}"
    page.locator(".st-output button").first.click()
    jumped = page.evaluate(POSITION)
    assert jumped < step and page.evaluate("location.hash") == f"#t{jumped}"
    page.go_back()
    page.wait_for_function(f"() => {POSITION} === {step}")
    page.goto(f"{small.address}{ECHO}#t7")
    page.reload()
    page.wait_for_selector(".st-said")
    assert page.evaluate(SAID).startswith("Step 7 of ")
    page.keyboard.press("Escape")
    assert page.locator(".stepper").count() == 0 and page.evaluate("location.hash") == ""


def test_why_leads_from_an_output_back_to_the_write_at_the_other_end(small):
    page = opened(small)
    page.keyboard.press("End")
    page.get_by_role("button", name="received hello world").click()
    page.keyboard.press("w")
    causes = page.locator(".st-panel li")
    assert "writes b'hello world'" in " ".join(causes.all_inner_texts())
    assert "begins" in causes.last.inner_text()
    causes.last.locator("button").click()
    assert "begins" in page.evaluate(SAID)


def test_a_line_leads_to_when_it_runs(small):
    page = opened(small)
    page.keyboard.press("l")
    page.keyboard.press("ArrowDown")
    line = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.evaluate(NOW).startswith(line)


def test_what_happens_next_is_asked_and_the_score_is_kept(small):
    page = opened(small)
    for expected in (1, 2):
        page.keyboard.press("n")
        choices = page.locator(".st-choices button")
        assert choices.count() >= 5
        choices.first.click()
        assert page.locator(".st-panel [role=status]").inner_text().endswith(f"of {expected} so far.")
        assert page.locator(".st-choices .is-right").count() == 1
        page.keyboard.press("n")
    page.reload()
    assert page.evaluate("JSON.parse(localStorage.getItem('lecture.score'))[1]") == 2


def test_question_mark_lists_every_key(small):
    page = opened(small)
    page.keyboard.press("?")
    rows = page.locator(".st-panel tr").all_inner_texts()
    assert len(rows) >= 18 and any("what happens next?" in row for row in rows)
    page.keyboard.press("Escape")
    assert page.locator(".st-panel").is_hidden() and page.locator(".stepper").count() == 1


def test_playing_goes_on_until_it_is_stopped(small):
    page = opened(small)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"() => {POSITION} > 3")
    page.get_by_role("button", name="Stop").click()
    assert page.get_by_role("button", name="Play").count() == 1


def test_a_wrong_program_stands_beside_the_right_one_at_the_first_difference(talk):
    page = talk.open("slide-22.html", viewport={"width": 1280, "height": 900})
    page.locator("details.wrong summary").first.click()
    page.locator("details.wrong").first.get_by_role("button", name="Step through this run").first.click()
    page.get_by_label("Beside it").select_option("the right program")
    assert page.locator(".st-difference").inner_text() == "Here they differ first."
    assert page.locator(".st-view.is-different").count() == 2
    one, other = page.locator(".st-said").all_inner_texts()
    assert one.partition(": ")[2] != other.partition(": ")[2]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("deck.html#20", "the network cuts elsewhere"),
        ("slide-20.html", "the network cuts elsewhere"),
    ],
)
def test_the_same_program_in_another_world_stands_beside_it_at_the_first_difference(talk, link, words):
    page = talk.open(
        link, ready="window.deck || document.querySelector('button')", viewport={"width": 1280, "height": 900}
    )
    if "deck" in link:
        page.keyboard.press("i")
    else:
        page.get_by_role("button", name="Step through this run").first.click()
    page.get_by_label("Beside it").select_option(words)
    assert page.locator(".st-difference").inner_text() == "Here they differ first."
    one, other = page.locator(".st-said").all_inner_texts()
    assert "hello world" in one and "hello world" not in other
    page.get_by_label("Beside it").select_option("nothing")
    assert page.locator(".st-said").count() == 1


def told(step):
    """A step as pages have it: the last cause only, neither chain nor duration, and of the state what they show."""
    kept = {name: value for name, value in step.items() if name not in ("chain", "took", "of", "set")}
    changes = {name: value for name, value in step.get("set", {}).items() if not UNSEEN.fullmatch(name)}
    return (
        kept | ({"because": kept["because"][-1:]} if "because" in kept else {}) | ({"set": changes} if changes else {})
    )


def ends(timeline):
    """The things that are drawn, and the ends and the program of each."""
    shown = sorted((name, thing) for name, thing in timeline.things.items() if not name.startswith("x"))
    return [[name, *(thing.get(what) for what in ("here", "there", "program"))] for name, thing in shown]


def test_the_stepper_has_every_run_as_it_was_recorded_and_says_what_python_says_of_it(talk):
    page = talk.open("slide-03.html")
    page.add_script_tag(url="stepper.js")
    examples = Examples(EXAMPLES)
    names = [name for name in examples.names() if examples.is_simulated(name)]
    examples.record(names)
    read = """([file, name]) => stepper.runs(file).then((runs) => {
        const { timeline } = runs.get(name);
        const said = timeline.steps.map((_, n) => [stepper.sentence(timeline, n), stepper.why(timeline, n)]);
        const shown = Object.keys(timeline.things).filter((name) => !name.startsWith("x")).sort();
        const end = (name) => ["here", "there", "program"].map((what) => timeline.things[name][what] ?? null);
        return [timeline.steps, shown.map((name) => [name, ...end(name)]), said];
    })"""
    for name in names:
        timeline = without_ends(examples.timeline(name))
        said = [[sentence(timeline, n), why(timeline, n)] for n in range(len(timeline.steps))]
        expected = [[told(step) for step in timeline.steps], ends(timeline), said]
        assert page.evaluate(read, [examples.run_script(name)[0], name]) == expected, name


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_it_is_read_on_a_telephone_in_the_dark_and_aloud(small, scheme, width):
    if not Path(AXE).is_file():
        pytest.skip("axe-core is not installed: make site")
    page = opened(small, color_scheme=scheme, **(PHONE | {"viewport": {"width": width, "height": 740}}))
    page.evaluate(AXE.read_text())
    for keys in ("oow", "n", "?"):
        for key in keys:
            page.keyboard.press(key)
        page.locator(".stepper summary").click()
        assert page.evaluate(RUN_AXE) == []
    scrolls = (".st-code", ".st-log", ".st-output")
    assert [wide for wide in page.evaluate(TOO_WIDE) if not wide.endswith(tuple(name[1:] for name in scrolls))] == []


def test_in_the_deck_a_key_opens_it_over_the_slide_and_the_address_tells_where(small):
    page = small.open("deck.html#3", ready="window.deck")
    page.keyboard.press("i")
    page.wait_for_selector("dialog .st-said")
    page.keyboard.press("ArrowRight")
    step = page.evaluate(POSITION)
    assert page.evaluate("location.hash") == f"#3@t{step}"
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog')")
    assert page.evaluate("location.hash") == "#3"
    page.goto(f"{small.address}deck.html#3@t{step}")
    page.reload()
    page.wait_for_selector("dialog .st-said")
    assert page.evaluate(POSITION) == step
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog')")
    assert page.evaluate("deck.at().slide") == "s3"


def test_a_slide_without_a_run_says_so(small):
    page = small.open("deck.html#2", ready="window.deck")
    page.keyboard.press("i")
    page.wait_for_function("() => document.querySelector('.told').textContent.startsWith('There is no run')")
    assert page.locator("dialog").count() == 0


def test_the_speakers_window_drives_the_audiences_stepper_and_reads_each_step(small):
    page = small.open("deck.html#3", ready="window.deck")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    speaker.wait_for_function("() => document.querySelector('.where')?.dataset.place?.startsWith('s3')")
    speaker.get_by_role("button", name="Inside").click()
    page.wait_for_selector("dialog .st-said")
    state = "document.querySelector('.state').textContent"
    speaker.wait_for_function(f"() => {state}.startsWith('Step ')")
    before = page.evaluate(POSITION)
    speaker.keyboard.press("o")
    page.wait_for_function(f"() => {POSITION} > {before}")
    speaker.wait_for_function(f"() => {state}.includes('prints')")
    speaker.get_by_role("button", name="Next ›").click()
    page.wait_for_function("() => document.querySelector('.st-said').textContent.includes('is about to run')")
    speaker.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('dialog')")


def test_a_question_whose_answer_a_run_proves_can_be_guessed_first(talk):
    page = talk.open("slide-02.html")
    names = [path.name for path in sorted(talk.folder.glob("slide-*.html")) if "data-shows" in path.read_text()]
    assert len(names) >= 8
    page.goto(talk.address + names[0])
    page.get_by_role("button", name="Guess first, in the run").first.click()
    page.wait_for_selector(".st-choices")
    assert page.locator(".st-choices button").count() >= 5
    assert page.locator("details.ask[data-shows]").first.get_attribute("open") is None
    page.locator(".st-choices button").first.click()
    answer = page.locator("details.ask[data-shows]").first.get_attribute("data-shows")
    assert answer[:20] in page.locator(".st-output").inner_text()


def test_a_deck_in_one_file_has_it_from_disk_under_its_policy(chromium_browser, tmp_path):
    with use(Examples(EXAMPLES)):
        write_single(SMALL, tmp_path / "deck.html")
    pages = Pages(chromium_browser, tmp_path)
    page = pages.open("deck.html#3", ready="window.deck")
    page.keyboard.press("i")
    page.wait_for_selector("dialog .st-said")
    assert "is about to run client.py:1" in page.evaluate(SAID)
    pages.close()
