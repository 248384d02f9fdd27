"""Exercises in the page: tasks, hints, verdicts, progress; from disk, over http, in Chromium and in Firefox."""

from __future__ import annotations

import json
from functools import cache

import pytest

from lecture.exercises.beliefs import belief_behind
from lecture.exercises.confined import end_idle_processes, grade_confined
from lecture.exercises.folder import Exercise
from lecture.exercises.telling import told
from tests.browser.conftest import Offline
from tests.browser.play.conftest import EXAMPLES, PATIENCE_MS
from tests.browser.reading.test_read_aloud import AXE, RUN_AXE
from tests.browser.windows import ChromiumWindow

ORDERS = Exercise(EXAMPLES.parent / "exercises" / "08_two_in_one")
STATUS = "document.getElementById('status').textContent"
VERDICT = "document.getElementById('verdict')"
READY = f"window.exercises && {STATUS} === 'Python is ready.'"
BUSY = "document.body.classList.contains('is-running')"
RENEWED = "exercises.runs.spareReady().then(() => true)"


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left():
    yield
    end_idle_processes()


def click(window, control: str) -> None:
    window.evaluate(f"document.getElementById({control!r}).click() ?? 0")


def write(window, text: str) -> None:
    """Put a text in place of the student's program, as typing does."""
    window.evaluate(f"(exercises.texts.edit({json.dumps(text)}), 0)")


def check(window) -> str:
    click(window, "check")
    window.wait_for(f"!{BUSY} && !{VERDICT}.hidden")
    return window.evaluate(f"{VERDICT}.textContent")


@cache  # it takes 55 worlds
def in_the_terminal(program) -> str:
    verdict = grade_confined(ORDERS, program)
    return told(ORDERS, verdict, belief_behind(ORDERS, verdict))


def solves(window) -> None:
    """What a student does: fails, believes something, looks into the run, mends it, and sees the solution."""
    window.evaluate("(localStorage.clear(), 0)")
    assert check(window) == in_the_terminal(ORDERS.folder / ORDERS.file)
    write(window, ORDERS.wrong["one_chunk"].read_text("utf-8"))
    assert window.evaluate(f"{VERDICT}.hidden")
    assert check(window) == in_the_terminal(ORDERS.wrong["one_chunk"])
    assert window.evaluate("document.getElementById('solution').hidden && !window.exerciseSolutions")
    click(window, "step")
    window.wait_for("document.querySelector('#stepping [role=toolbar]')")
    assert "fish" in window.evaluate("document.getElementById('stepping').textContent")
    write(window, (ORDERS.folder / "solution" / ORDERS.file).read_text("utf-8"))
    assert window.evaluate("document.getElementById('stepping').textContent") == ""
    assert check(window).startswith("Passed: 55 worlds")
    assert window.evaluate("document.getElementById('progress').textContent").startswith("1 of ")
    click(window, "solution")
    window.wait_for("document.querySelector('#solved pre').textContent.includes('class Kitchen')")


@pytest.fixture(scope="module")
def opened(chromium_browser, site):
    """The page from disk with the network off, Python there: it takes its time to load, so many tests use it."""
    opener = Offline(chromium_browser, site)
    opener.address = (site / "exercises.html").as_uri()
    opener.page = opener.open(f"#{ORDERS.name}", ready=READY, timeout=PATIENCE_MS)
    yield opener
    opener.close()


@pytest.fixture
def page(opened):
    """The page as one finds it."""
    opened.page.evaluate("localStorage.clear()")
    opened.page.goto(opened.address + "#main")
    opened.page.goto(opened.address + f"#{ORDERS.name}")
    opened.page.evaluate("(exercises.progress.noted = {}, exercises.reset(), exercises.draw())")
    return opened.page


@pytest.fixture
def window(page):
    return ChromiumWindow(page)


def test_an_exercise_is_failed_looked_into_and_solved_in_chromium_from_disk(window):
    solves(window)


def test_an_exercise_is_failed_looked_into_and_solved_in_firefox_from_disk(firefox_browser, site):
    window = firefox_browser.windows()[0]
    window.open((site / "exercises.html").as_uri() + f"#{ORDERS.name}")
    window.wait_for(READY)
    solves(window)
    window.open("about:blank")


def test_an_exercise_is_failed_looked_into_and_solved_over_http(offline, served):
    offline.address = served.replace("play.html", "exercises.html")
    solves(ChromiumWindow(offline.open(f"#{ORDERS.name}", ready=READY, timeout=PATIENCE_MS)))


def test_a_program_that_never_ends_is_ended_and_its_line_is_named(window):
    text = ORDERS.wrong["one_chunk"].read_text("utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "def dataReceived" in one) + 1
    lines = text.splitlines()
    lines[line - 1 :] = ["        while True:", "            pass", *lines[line - 1 :]]
    write(window, "\n".join(lines))
    said = check(window)
    at = said.partition("it never comes to an end: after 5 seconds it was still busy in server.py:")[2].split()[0]
    assert int(at) in (line, line + 1)
    assert window.evaluate("document.getElementById('step').hidden")
    write(window, (ORDERS.folder / "solution" / ORDERS.file).read_text("utf-8"))
    assert check(window).startswith("Passed")


def test_a_program_that_python_itself_cannot_interrupt_is_ended(window):
    write(window, "import re\nre.match('(a*)*b', 'a' * 40)")
    assert "it never comes to an end: after 5 seconds it was still busy" in check(window)


def test_stop_ends_a_check_and_there_is_no_verdict(window):
    write(window, "while True: pass")
    click(window, "check")
    window.wait_for(f"{STATUS}.includes('world 1')")
    click(window, "stop")
    window.wait_for(f"!{BUSY} && {STATUS} === 'Stopped. There is no verdict.'")
    assert window.evaluate(f"{VERDICT}.hidden")


DOORS = ("import js", "import pyodide.code", "from pyodide.ffi import run_sync", "import _pyodide_core")


@pytest.mark.parametrize("door", DOORS)
def test_a_program_finds_no_way_to_the_page(window, door):
    write(window, door)
    assert "Error" in check(window)


def test_what_a_program_spoils_is_whole_for_the_next_one(window):
    spoils = "from lecture.exercises.peers import Peer\nPeer.hears = Peer.is_closed = lambda *args, **more: None\n"
    write(window, spoils + ORDERS.wrong["one_chunk"].read_text("utf-8"))
    check(window)
    write(window, ORDERS.wrong["one_chunk"].read_text("utf-8"))
    assert check(window) == in_the_terminal(ORDERS.wrong["one_chunk"])


def test_a_program_cannot_read_what_it_is_held_to(window):
    looks = "from pathlib import Path\nprint(1 / len([*Path('/tmp').rglob('check.py'), *Path('/').glob('solution*')]))"
    write(window, looks)
    assert "ZeroDivisionError" in check(window)


def test_hints_come_one_after_the_other_and_stay(page):
    hints = page.locator(f"[id='{ORDERS.name}'] .hint:not([hidden])")
    page.reload()
    page.wait_for_function("() => window.exercises")
    assert hints.count() == 1
    hints.first.locator("summary").click()
    page.wait_for_function("() => exercises.progress.hints(exercises.name) === 1")
    assert hints.count() == 2
    page.reload()
    page.wait_for_function("() => window.exercises")
    assert hints.count() == 2


def test_what_was_typed_and_solved_is_there_after_the_browser_comes_back(opened, page):
    page.locator(".cm-content").click()
    page.keyboard.type("# mine\n")
    page.evaluate("exercises.progress.note('08_two_in_one', { solved: true })")
    page.reload()
    page.wait_for_function("() => window.exercises?.texts.now()['server.py'].includes('# mine')")
    assert page.locator(".tasks [data-solved]").count() == 1
    page.click("#reset")
    assert not page.evaluate("Object.keys(localStorage).some((key) => key.includes(': 08'))")


def test_the_file_that_a_task_gives_can_only_be_read(opened, page):
    page.goto(opened.address + "#27_somebody_left")
    page.wait_for_function("() => exercises.name === '27_somebody_left'")
    page.get_by_role("button", name="menu.py").click()
    before = page.evaluate("exercises.texts.now()['menu.py']")
    page.locator(".cm-content").click()
    page.keyboard.type("# mine\n")
    assert page.evaluate("exercises.texts.now()['menu.py']") == before


def test_the_keyboard_goes_from_the_list_to_a_task_and_checks(page):
    page.locator(".tasks a", has_text="Two in one").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => exercises.name === '08_two_in_one'")
    page.locator(".tasks a", has_text="Lengths").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.textContent === 'Lengths'")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(f"() => !{VERDICT}.hidden", timeout=PATIENCE_MS)


def test_a_page_and_a_deck_lead_to_the_exercise(site):
    assert '<a href="exercises.html#08_two_in_one">Two in one</a>' in (site / "slide-01.html").read_text()
    assert 'href="exercises.html#08_two_in_one"' in (site / "deck.html").read_text()
    assert "exercises.html" not in (site / "slide-02.html").read_text()


def test_without_python_tasks_and_hints_are_there_and_the_page_says_how_to_get_it(chromium_browser, without_python):
    opener = Offline(chromium_browser, without_python)
    opener.address = (without_python / "exercises.html").as_uri()
    page = opener.open(f"#{ORDERS.name}", ready=f"{STATUS}.includes('make play')")
    assert page.locator("article:visible .rules dt").all_text_contents() == ["R1", "R2", "R3"]
    page.locator("article:visible summary").first.click()
    assert page.get_by_text("TCP has no messages.").is_visible()
    page.click("#check")
    page.wait_for_function(f"() => {STATUS}.includes('make play')")
    opener.errors.clear()  # the browser itself tells that python.js isn't there
    opener.close()


def test_without_any_script_all_tasks_can_be_read(chromium_browser, site):
    context = chromium_browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "exercises.html").as_uri())
    assert page.locator("article:visible").count() == page.locator(".tasks a").count() > 40
    context.close()


def test_a_verdict_comes_into_view_on_a_phone(offline, site):
    offline.address = (site / "exercises.html").as_uri()
    page = offline.open(f"#{ORDERS.name}", ready="window.exercises", viewport={"width": 390, "height": 844})
    page.locator("#check").scroll_into_view_if_needed()
    page.evaluate(
        "exercises.show(exercises.name, {}, { passed: false, text: 'Not yet.\\n\\nIt fails.', failure: null })"
    )
    place = page.locator("#verdict").bounding_box()
    assert place["y"] >= 0 and place["y"] + place["height"] < 845


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_nothing_is_cut_and_axe_finds_nothing(offline, site, scheme, width):
    offline.address = (site / "exercises.html").as_uri()
    size = {"width": width, "height": 800}
    page = offline.open(f"#{ORDERS.name}", ready="window.exercises", viewport=size, color_scheme=scheme)
    page.wait_for_selector(".cm-line")
    shown = "text => exercises.show(exercises.name, {}, { passed: true, text, failure: null })"
    page.evaluate(shown, in_the_terminal(ORDERS.wrong["one_chunk"]))
    page.click("#solution")
    page.wait_for_function("() => document.querySelector('#solved pre').textContent")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make site")
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN_AXE) == []
