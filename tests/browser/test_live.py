"""A deck that is served, in a real browser: it loads itself again, an audience follows, programs run before it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Offline
from tests.browser.moves import at, press
from tests.support.example_folder import Folder
from tests.support.serve_command import LINK, Command

DECK = """\
from lecture.slides import Bullet, Code, Lecture, Session, Slide, Step
lecture = Lecture(
    "A Talk",
    Slide("First", Bullet("one"), Step(), Bullet("two")),
    Slide("Echo", Bullet("It runs:"), Session("02_echo")),
    Slide("Code", Code("02_echo/server.py")),
)
"""
SERVER = "import sys\nprint('listening', flush=True)\nprint('bye')\n"
WAITS = "import threading\nprint('waits', flush=True)\nthreading.Event().wait()\n"
SILENT = "import threading\nthreading.Event().wait()\n"
OUTPUT = "document.querySelector('section.present samp').textContent"
TOLD = "document.querySelector('.told').textContent"


class Talk:
    """The deck in a folder, its server, and the pages that are open in it."""

    def __init__(self, folder, browser) -> None:
        self.folder = folder
        self.examples = Folder(folder)
        self.examples.write("02_echo", "$ python server.py\nlistening\nbye\n", server=SERVER)
        (folder / "talk.py").write_text(DECK)
        self._browser = browser
        self._openers: list[Offline] = []

    def serve(self, *options: str) -> Talk:
        self.command = Command(self.folder, "--port", "0", *options)
        self.link = self.command.read_until(LINK)[0]
        self.command.listen()
        return self

    def replace(self, old: str, new: str, name: str = "talk.py") -> None:
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new))

    def _open(self, address: str, ready: str):
        self._openers.append(Offline(self._browser, self.folder))
        self._openers[-1].address = address
        return self._openers[-1].open(ready=ready)

    def speaker(self):
        page = self._open(self.link, "window.deck")
        page.wait_for_function("() => !location.search.includes('token')")
        return page

    def follower(self, rest: str = ""):
        return self._open(self.link.partition("?")[0] + rest, "window.deck")

    def page(self, name: str):
        """A reading page."""
        return self._open(self.link.partition("?")[0].replace("deck.html", name), "document.body")

    def close(self) -> None:
        for opener in self._openers:
            opener.close()
        self.command.close()


@pytest.fixture
def talk(tmp_path, chromium_browser):
    talk = Talk(tmp_path, chromium_browser)
    yield talk
    talk.close()


def wait(page, condition: str) -> None:
    page.wait_for_function(f"() => {condition}")


def test_a_save_is_seen_at_once_and_the_page_keeps_slide_and_step(talk):
    speaker = talk.serve().speaker()
    assert press(speaker, "ArrowRight") == "s1/2"
    talk.replace('"First"', '"The very first"')
    wait(speaker, "document.querySelector('#s1 h1')?.textContent === 'The very first' && window.deck")
    assert at(speaker) == "s1/2"
    assert "token" not in speaker.url
    wait(speaker, "deck.go(2) && !document.querySelector('.deck-bar button[title=r]').hidden")


def test_a_reading_page_is_loaded_again_too(talk):
    page = talk.serve().page("slide-02.html")
    talk.replace('"Echo"', '"Another echo"')
    wait(page, "document.querySelector('h1').textContent === 'Another echo'")


def test_a_mistake_stands_in_a_banner_until_it_is_mended(talk):
    speaker = talk.serve().speaker()
    talk.replace("lecture =", "nonsense\nlecture =")
    banner = speaker.locator(".live-banner")
    banner.wait_for()
    assert "talk.py:2" in banner.inner_text() and "NameError" in banner.inner_text()
    assert speaker.locator("#s1 h1").inner_text() == "First"
    talk.replace("nonsense\n", "")
    banner.wait_for(state="detached")


def test_a_follower_follows_wanders_off_and_comes_back(talk):
    speaker = talk.serve().speaker()
    follower = talk.follower()
    press(speaker, "ArrowRight", "ArrowRight")
    wait(follower, "deck.at().slide === 's2'")
    back = follower.locator(".live-back")
    assert back.is_hidden()
    press(follower, "Home")
    back.wait_for()
    press(speaker, "End")
    late = talk.follower()
    wait(late, "deck.at().slide === 's3'")
    assert at(follower) == "s1/1"
    back.click()
    assert at(follower) == "s3/1" and back.is_hidden()
    assert at(speaker) == "s3/1"


def test_who_opens_a_link_to_a_slide_is_not_dragged_away(talk):
    speaker = talk.serve().speaker()
    reader = talk.follower("#3")
    press(speaker, "ArrowRight")
    reader.locator(".live-back").wait_for()
    assert at(reader) == "s3/1"


def test_a_program_runs_and_its_output_comes_in_on_all_pages(talk):
    speaker = talk.serve().speaker()
    follower = talk.follower()
    press(speaker, "2", "Enter")
    wait(follower, "deck.at().slide === 's2'")
    press(speaker, "r")
    for page in (speaker, follower):
        wait(page, f"{TOLD} === 'It ran just now, as it was recorded.'")
        assert page.evaluate(OUTPUT) == "listening\nbye\n"
        assert page.locator("section.present .terminal.is-live").count() == 1
    press(speaker, "ArrowLeft")
    assert speaker.locator(".is-live").count() == 0


def test_the_speakers_window_runs_and_stops(talk):
    talk.serve("--allow-edit")
    speaker = talk.speaker()
    follower = talk.follower()
    press(speaker, "2", "Enter")
    with speaker.expect_popup() as opened:
        press(speaker, "s")
    window = opened.value
    window.locator(".do-run").click()
    wait(follower, f"{TOLD} === 'It ran just now, as it was recorded.'")
    edit(speaker, WAITS)
    wait(follower, f"{OUTPUT} === 'waits\\n'")
    window.locator(".do-stop").click()
    wait(follower, f"{TOLD} === 'Stopped.'")
    wait(speaker, f"{TOLD} === 'Stopped.'")


def edit(speaker, text: str) -> None:
    speaker.get_by_role("button", name="Edit").click()
    dialog = speaker.locator(".live-editor")
    dialog.locator("textarea").fill(text)
    dialog.get_by_role("button", name="Run").click()


def test_an_edited_program_is_said_to_be_one(talk):
    speaker = talk.serve("--allow-edit").speaker()
    press(speaker, "2", "Enter")
    edit(speaker, "print('mine')\n")
    wait(speaker, f"{OUTPUT} === 'mine\\n'")
    wait(speaker, f"{TOLD} === 'It ran just now, and printed something else than was recorded.'")
    assert (talk.folder / "examples" / "02_echo" / "server.py").read_text() == SERVER


def test_a_program_that_shows_nothing_gives_way_to_the_recorded_run_and_the_page_says_so(talk):
    talk.examples.write("02_echo", server=SILENT_ON_THE_SECOND_RUN)
    talk.serve()
    speaker, follower = talk.speaker(), talk.follower()
    press(speaker, "2", "Enter")
    wait(follower, "deck.at().slide === 's2'")
    (talk.folder / "silent").touch()
    press(speaker, "r")
    for page in (speaker, follower):
        wait(page, f"{TOLD}.startsWith('This is the recorded run')")
        wait(page, f"{OUTPUT}.trim() === 'listening\\nbye'")
        assert page.locator(".is-live").count() == 0


SILENT_ON_THE_SECOND_RUN = """\
import os, pathlib, threading
if (pathlib.Path(os.environ["HOME"]) / "silent").exists():
    threading.Event().wait()
print("listening")
print("bye")
"""


def test_the_page_of_an_unserved_deck_connects_to_nothing(talk):
    """The build holds no part of this: what connects a page is added when it is served."""
    talk.serve()
    served = talk.follower()
    assert served.evaluate("document.querySelector('meta[name=lecture-live]').content") == "/live"
    site = next((talk.command.temporary).glob("lecture-served-*/site"))
    assert "lecture-live" not in (site / "deck.html").read_text()
    assert "connect-src" not in (site / "deck.html").read_text()
    assert not (site / "live.js").exists()
