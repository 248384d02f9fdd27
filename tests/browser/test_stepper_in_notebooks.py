"""The output of a cell that begins with `%%world`, in browsers: the stepper where scripts run, else the picture."""

from __future__ import annotations

import pytest

from lecture.outputs.notebooks.stepping import with_stepper
from reactor.notebook.world import read_cell, run_cell
from tests.browser.conftest import Offline
from tests.notebook.test_world import ECHO

PICTURE = '<img alt="who sent what" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
FRAME = "document.querySelector('iframe')?.contentDocument"
STEP = f"{FRAME}?.querySelector('.st-said')?.textContent"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A page with two outputs, as a viewer of notebooks shows them."""
    folder = tmp_path_factory.mktemp("notebook")
    cell = read_cell(ECHO)
    run = run_cell(cell, folder, 0, {})
    output = with_stepper(PICTURE, run.timeline, cell.programs, 'echo "</script>"')
    page = folder / "notebook.html"
    page.write_text(f"<!doctype html><title>Notebook</title><h1>Mine</h1><p>{output}</p>{output}", "utf-8")
    return page


@pytest.fixture
def page(chromium_browser, notebook):
    opener = Offline(chromium_browser, notebook.parent)
    opener.address = notebook.as_uri()
    yield opener.open("", ready=f"{STEP}?.startsWith('Step ')")
    opener.close()


def test_each_output_has_its_stepper_below_the_picture(page):
    page.wait_for_function("() => document.querySelectorAll('iframe').length === 2")
    frames = page.frames[1:]
    frames[1].wait_for_selector(".st-said")
    frames[1].get_by_role("button", name="End").click()
    assert "soup" in frames[1].locator(".stepper").inner_text()
    assert frames[0].locator(".st-said").inner_text() != frames[1].locator(".st-said").inner_text()
    assert page.locator("iframe").first.get_attribute("title") == 'Step through echo "</script>"'


def test_it_shows_the_lines_of_the_programs_and_leaves_the_notebook_its_own_look(page):
    assert "self.transport.write(data)" in page.frames[1].locator(".stepper").inner_text()
    assert page.evaluate("document.querySelectorAll('head style').length") == 0
    height = page.locator("iframe").first.bounding_box()["height"]
    assert 200 < height <= 720


def test_keys_go_to_the_stepper_and_not_to_the_notebook(page):
    page.evaluate("addEventListener('keydown', () => (window.heard = true))")
    before = page.evaluate(STEP)
    page.frames[1].locator(".stepper").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"before => {STEP} !== before", arg=before)
    assert not page.evaluate("window.heard")


def test_of_a_verdict_it_opens_where_it_is_told_to(chromium_browser, tmp_path):
    cell = read_cell(ECHO)
    output = with_stepper(PICTURE, run_cell(cell, tmp_path, 0, {}).timeline, cell.programs, "echo", at=7)
    (tmp_path / "notebook.html").write_text(f"<!doctype html><title>Notebook</title>{output}", "utf-8")
    opener = Offline(chromium_browser, tmp_path)
    opener.address = (tmp_path / "notebook.html").as_uri()
    said = opener.open("", ready=f"{STEP}?.startsWith('Step ')").evaluate(STEP)
    opener.close()
    assert said.startswith("Step 7 of ")


def test_it_opens_in_firefox(firefox_browser, notebook):
    window = firefox_browser.windows()[0]
    window.open(notebook.as_uri())
    window.wait_for(f"{STEP}?.startsWith('Step ')")
    window.open("about:blank")


def test_without_scripts_the_picture_is_there_and_nothing_else(chromium_browser, notebook):
    context = chromium_browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(notebook.as_uri())
    assert page.locator("img").count() == 2 and page.locator("iframe").count() == 0
    assert page.locator("body").inner_text().strip() == "Mine"
    context.close()
