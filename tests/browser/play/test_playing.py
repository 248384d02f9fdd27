"""Programs changed and run in the page: from disk with the network off, over http, in Chromium and in Firefox."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import Offline
from tests.browser.play.conftest import EXAMPLES, PATIENCE_MS
from tests.browser.reading.test_read_aloud import AXE, RUN_AXE
from tests.browser.windows import ChromiumWindow

STATUS = "document.getElementById('status').textContent"
VERDICT = "document.getElementById('verdict').textContent"
OUTPUT = "document.getElementById('terminal').textContent"
READY = f"window.playground && {STATUS} === 'Python is ready.'"
BUSY = "document.body.classList.contains('is-running')"
FOREVER = ("while True: pass", "import time\nwhile True: time.time()", "import re\nre.match('(a*)*b', 'a' * 40)")


def click(window, control: str) -> None:
    window.evaluate(f"document.getElementById({control!r}).click() ?? 0")


def write(window, text: str, file: str = "client.py") -> None:
    """Put a text in place of a program's, as typing does."""
    known = json.dumps({"client.py": text} if file == "client.py" else {file: text})
    window.evaluate(f"(playground.texts.open(playground.before(), 'test', {known}), playground.touched(), 0)")


def run(window) -> str:
    """Run, and wait for the verdict."""
    click(window, "run")
    window.wait_for(f"!{BUSY} && {VERDICT}")
    return window.evaluate(VERDICT)


def plays_and_stops(window) -> None:
    """What a reader does: run, change, run, stop, run again."""
    assert "It did what its session says." in run(window)
    assert "received hello world" in window.evaluate(OUTPUT)
    write(window, "print('changed')")
    assert "It did not do" in run(window)
    assert window.evaluate(OUTPUT).count("changed") == 2
    write(window, "print('so far')\nwhile True: pass")
    click(window, "run")
    window.wait_for(f"{OUTPUT}.includes('so far')")
    click(window, "stop")
    window.wait_for(f"!{BUSY}")
    assert window.evaluate(STATUS) == "Stopped. What was printed until then is here."
    assert "so far" in window.evaluate(OUTPUT)
    click(window, "reset")
    assert "It did what its session says." in run(window)


@pytest.fixture
def page(ready_page):
    """The playground as one finds it: in a window that is used again, since Python takes its time to load."""
    ready_page.evaluate(
        "() => (sessionStorage.clear(), history.replaceState(null, '', '#03_echo'), playground.openLink('#03_echo'))"
    )
    return ready_page


@pytest.fixture
def window(page):
    return ChromiumWindow(page)


def test_programs_run_change_and_stop_in_chromium_from_disk(window):
    plays_and_stops(window)


def test_programs_run_change_and_stop_in_firefox_from_disk(firefox_browser, site):
    window = firefox_browser.windows()[0]
    window.open((site / "play.html").as_uri() + "#03_echo")
    window.wait_for(READY)
    plays_and_stops(window)
    window.open("about:blank")


@pytest.mark.parametrize("program", FOREVER)
def test_stop_ends_a_program_whatever_it_does(window, program):
    write(window, f"print('busy')\n{program}")
    click(window, "run")
    window.wait_for(f"{OUTPUT}.includes('busy')")
    taken = (
        "(async () => { const begun = performance.now(); document.getElementById('stop').click();"
        f" while ({BUSY}) await new Promise((resolve) => setTimeout(resolve, 1));"
        " return performance.now() - begun; })()"
    )
    assert window.evaluate(taken) < 1000  # of the wall, on a busy machine; 0.1 s on one that is not
    click(window, "reset")
    assert "It did what its session says." in run(window)


def test_a_recursion_that_breaks_python_is_told_and_another_python_goes_on(playing, window):
    write(window, "deep = []\nfor _ in range(100_000):\n    deep = [deep]\nrepr(deep)")
    click(window, "run")
    window.wait_for(f"!{BUSY} && !{STATUS}.startsWith('Running')")
    told = window.evaluate(STATUS)
    assert told.startswith("A recursion was too deep") or "Ran in" in told
    playing.errors.clear()  # Pyodide has its say in the console
    click(window, "reset")
    assert "It did what its session says." in run(window)


def test_a_link_from_disk_brings_program_seed_and_faults_to_another_browser_over_http_and_the_same_run(
    page, window, offline, served
):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    text = (EXAMPLES / "03_echo" / "client.py").read_text("utf-8").replace("received", "heard")
    write(window, text)
    window.evaluate("(playground.controls.set(7, { cuts: 50, latency: 20 }), 0)")
    mine = run(window)
    click(window, "share")
    window.wait_for(f"{STATUS}.includes('nothing was sent')")
    link = page.url.partition("#")[2]
    assert len(link) <= 2000
    offline.address = served
    other = ChromiumWindow(offline.open(f"#{link}", ready=READY, timeout=PATIENCE_MS))
    assert run(other) == mine and "Timeline" in mine
    assert other.evaluate("playground.texts.now()['client.py']") == text
    other.page.goto(f"{served}#03_echo")
    other.evaluate("(sessionStorage.clear(), playground.openLink('#03_echo'))")
    plays_and_stops(other)


def test_a_program_too_long_for_a_link_is_offered_as_a_file_and_comes_back_from_it(page, window):
    text = "\n".join(f"print({n * n * 7919 % 10007}, {n**3 % 7507})" for n in range(900))
    write(window, text)
    click(window, "share")
    window.wait_for(f"{STATUS}.includes('save a file instead')")
    with page.expect_download() as saved:
        click(window, "save")
    click(window, "reset")
    page.set_input_files("#load", saved.value.path())
    window.wait_for(f"playground.texts.now()['client.py'] === {json.dumps(text)}")


def test_a_mission_is_broken_by_its_sliders_and_won_by_its_mended_program(page, window):
    page.goto(page.url.partition("#")[0] + "#03_echo&mission=one_chunk")
    window.wait_for("playground.quest?.mission.name === 'one_chunk'")
    assert "Move the sliders" in run(window)
    click(window, "show-breaking")
    assert "Broken!" in run(window)
    click(window, "show-mended")
    assert "Mended! It holds with the seeds 0 to 4." in run(window)


def test_a_finished_run_is_asked_at_a_line_and_stays_the_same(page, window):
    run(window)
    page.locator(".cm-line", has_text="self.received += data").click()
    page.fill("#expression", "len(data)")
    page.keyboard.press("Enter")
    window.wait_for(f"{STATUS}.includes('The run is the same, to the last step.')")
    assert window.evaluate("document.getElementById('values').textContent").endswith(": 11")
    page.fill("#expression", "self.transport.write(b'!')")
    page.keyboard.press("Enter")
    window.wait_for(f"{STATUS}.includes('Your expression has changed the run')")


def test_a_finished_run_opens_in_the_stepper_and_leaves_with_the_next_change(page, window):
    run(window)
    click(window, "step")
    window.wait_for("document.querySelector('#stepping [role=toolbar]')")
    assert "received" in window.evaluate("document.getElementById('stepping').textContent")
    page.locator(".cm-content").click()
    page.keyboard.type("# mine")
    window.wait_for("document.getElementById('stepping').textContent === ''")


def test_what_was_typed_is_there_after_going_away_and_back(page, window):
    page.locator(".cm-content").click()
    page.keyboard.type("# mine\n")
    text = window.evaluate("playground.texts.now()[playground.texts.file]")
    page.select_option("#program", "03_echo/wrong/one_chunk")
    window.wait_for("playground.program.name === '03_echo/wrong/one_chunk'")
    page.go_back()
    window.wait_for("playground.program.name === '03_echo'")
    assert "# mine" in text and window.evaluate("playground.texts.now()['client.py']") == text


def test_without_python_the_page_says_how_to_get_it(chromium_browser, without_python):
    opener = Offline(chromium_browser, without_python)
    opener.address = (without_python / "play.html").as_uri()
    page = opener.open("#03_echo", ready=f"{STATUS}.includes('make play')")
    assert page.locator(".cm-content").count() == 1
    opener.errors.clear()  # the browser itself tells that python.js isn't there
    opener.close()


def test_a_link_to_nowhere_says_so(page, window):
    page.goto(page.url.partition("#")[0] + "#99_nowhere")
    window.wait_for(f"{STATUS} === 'there is no program 99_nowhere here'")
    assert window.evaluate("playground.program.name") == "03_echo"


def test_a_program_with_a_long_name_makes_the_page_no_wider(offline):
    page = offline.open("#03_echo", ready="window.playground", viewport={"width": 390, "height": 844})
    page.evaluate("document.querySelector('#program option').textContent = 'a_program_with_a_name'.repeat(4)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_cut_and_axe_finds_nothing(offline, scheme, width):
    size = {"width": width, "height": 800}
    page = offline.open("#03_echo&mission=one_chunk", ready="window.playground", viewport=size, color_scheme=scheme)
    page.wait_for_selector(".cm-line")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make site")
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN_AXE) == []
