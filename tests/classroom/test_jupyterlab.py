"""The notebooks in JupyterLab, in a real browser: opened, run, interrupted, worked in.

`make classroom` brings JupyterLab, and runs this; CI does so at night.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("jupyterlab", reason="`make classroom` installs JupyterLab")
playwright = pytest.importorskip("playwright.sync_api", reason="`make classroom` installs Playwright")

from tests.classroom.waiting import free_port, until  # noqa: E402  # above, tests that can't run leave
from tests.notebook.test_world import ECHO  # noqa: E402
from tests.support.browser import CHROMIUM, OPTIONS  # noqa: E402

ROOT = Path(__file__).parents[2]
DEADLINE_MS = 90_000
# JupyterLab draws cells a few at a time, and those alone that are in sight
ALL_ARE_THERE = "number => document.querySelectorAll('.jp-Notebook .jp-Cell').length >= Math.min(number, 10)"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab over a copy of the notebooks, with no set-up but the environment."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_DIR": str(folder / "config")}
    options = [
        *(f"--port={port}", "--no-browser", "--allow-root"),
        *("--IdentityProvider.token=soup", f"--notebook-dir={folder}"),
    ]
    with open(folder / "log", "w+b") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            until(lambda: answers(f"{address}/api"), lambda: (folder / "log").read_text())
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def answers(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def open_notebook(lab, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 3000})
    context.set_default_timeout(DEADLINE_MS)

    def open_notebook(name):
        page = context.new_page()
        page.goto(f"{lab}/lab/tree/notebooks/{name}.ipynb?token=soup&reset")
        page.wait_for_function(
            ALL_ARE_THERE, arg=len(json.loads((ROOT / f"notebooks/{name}.ipynb").read_text())["cells"])
        )
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
        return page

    yield open_notebook
    context.close()


def menu(page, first: str, second: str) -> None:
    page.click(f".lm-MenuBar-itemLabel:text-is('{first}')")
    page.click(f".lm-Menu-itemLabel:text-is('{second}')")


def add_cell(page, text: str) -> None:
    """A cell at the end of the notebook, run."""
    page.locator(".jp-Notebook .jp-Cell").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")


def shows(page, text: str) -> None:
    page.locator(".jp-OutputArea-output", has_text=re.compile(text)).last.wait_for()


def test_the_live_notebook_runs_from_top_to_bottom_and_again_in_the_same_kernel(open_notebook):
    page = open_notebook("live")
    for _ in range(2):
        menu(page, "Edit", "Clear Outputs of All Cells")
        menu(page, "Run", "Run All Cells")
        shows(page, "b'ONE SOUP!'")
        shows(page, "a tenth of a second later")
        shows(page, "b'one soup'")
    assert page.locator(".jp-OutputArea-output", has_text="Error").count() == 0


def test_a_notebook_that_is_not_trusted_yet_shows_the_pictures_of_its_runs(open_notebook):
    page = open_notebook("protocols")
    picture = page.locator(".jp-OutputArea-output img[src^='data:image/svg']").first
    picture.scroll_into_view_if_needed()
    assert picture.bounding_box()["height"] > 100
    assert "server.py" in picture.get_attribute("alt")
    assert page.locator(".jp-OutputArea-output iframe").count() == 0


def test_a_world_that_was_run_is_gone_through_in_the_stepper_whose_keys_are_not_the_notebooks(open_notebook):
    page = open_notebook("live")
    add_cell(page, "%reload_ext lecture.notebook")
    add_cell(page, f"%%world echo\n{ECHO}")
    page.locator(".jp-OutputArea-output iframe[title='Step through echo']").wait_for()
    stepper = page.frame_locator("iframe[title='Step through echo']").locator(".stepper")
    stepper.locator(".st-said", has_text="Step ").wait_for()
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    before = stepper.locator(".st-said").inner_text()
    stepper.focus()
    for key in ("b", "b", "ArrowRight", "ArrowRight"):  # b adds a cell where a notebook hears it
        page.keyboard.press(key)
    stepper.get_by_role("button", name="End").click()
    stepper.get_by_text("soup").first.wait_for()
    assert stepper.locator(".st-said").inner_text() != before
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_a_cell_that_never_ends_is_named_and_Interrupt_ends_it(open_notebook):
    page = open_notebook("live")
    add_cell(page, "%reload_ext lecture.notebook")
    add_cell(page, "while True: pass")
    shows(page, "line 1, has held the loop for more than a second: while True: pass")
    menu(page, "Kernel", "Interrupt Kernel")
    shows(page, "KeyboardInterrupt")
    add_cell(page, "from reactor import reactor; reactor.running, 'still'")
    shows(page, r"\(True, 'still'\)")


def test_an_exercise_puts_its_program_into_a_cell_that_is_graded_there(open_notebook):
    page = open_notebook("live")
    add_cell(page, "%reload_ext lecture.notebook")
    add_cell(page, "%exercise 7")
    shows(page, "One write is one read")
    below = page.locator(".jp-Cell-inputArea", has_text="%%check 07_one_write_is_one_read").last
    below.click()
    page.keyboard.press("Control+Enter")
    shows(page, r"Not yet\. In \d+ of \d+ worlds")


def test_a_cell_is_put_back_to_what_the_lecture_has(open_notebook):
    page = open_notebook("framing")
    add_cell(page, "%reload_ext lecture.notebook")
    add_cell(page, "%%original\n%%world 42b_lengths\nmine = 1")
    page.locator(".jp-Cell.jp-mod-active .cm-content", has_text="$ python lengths.py").wait_for()
    assert "mine = 1" not in page.locator(".jp-Cell.jp-mod-active .cm-content").inner_text()


def test_the_first_ten_exercises_are_solved_there(open_notebook):
    page = open_notebook("live")
    add_cell(page, "%reload_ext lecture.notebook")
    for exercise in sorted((ROOT / "exercises").iterdir())[:10]:
        add_cell(page, f"%exercise {exercise.name}")
        below = page.locator(".jp-Cell", has=page.locator(".cm-content", has_text=f"%%check {exercise.name}"))
        [solution] = (exercise / "solution").glob("*.py")
        below.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(f"%%check {exercise.name}\n{solution.read_text()}")
        page.keyboard.press("Control+Enter")
        below.locator(".jp-OutputArea-output", has_text=re.compile(r"Passed: \d+ worlds")).wait_for()
