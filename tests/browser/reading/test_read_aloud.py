"""What a screen reader is given: landmarks, names, one heading; and what axe has to say about every kind of page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

AXE = Path(__file__).parents[3] / "site" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """() => axe.run({ resultTypes: ['violations'], preload: false }).then(({ violations }) => violations.map(
  ({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`))"""
SIGNS = ('class="wrong"', 'class="ask"', 'class="narrow"', 'class="sequence', "<table", "<img", 'class="remark"')
SAMPLE = 9  # every ninth page of the talk, and those with something special


@pytest.fixture(scope="module")
def axe() -> str:
    """The text of axe-core."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make site")
    return AXE.read_text(encoding="utf-8")


def sampled(site: Path) -> list[str]:
    """Pages with each kind of thing on them; and every so many of the others."""
    pages = sorted(path.name for path in site.glob("slide-*.html"))
    special = []
    for sign in (
        'class="wrong"',
        'class="ask"',
        'class="narrow"',
        'class="sequence',
        "<table",
        "<img",
        'class="remark"',
    ):
        special += [name for name in pages if sign in (site / name).read_text()][:1]
    return sorted({*pages[::SAMPLE], *special, "index.html"})


# What axe says of colours does not depend on the width: so each scheme on a narrow page and on a wide one.
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (390, "dark"), (1280, "dark"), (1920, "light")])
def test_axe_finds_nothing_on_any_page(talk, axe, width, scheme):
    viewport = {"width": width, "height": 740 if width < 600 else width * 9 // 16}
    page = talk.open("index.html", viewport=viewport, color_scheme=scheme, bypass_csp=True)
    wrong = {}
    for name in sampled(talk.folder):
        page.goto(talk.address + name)
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        page.evaluate(axe)
        if found := page.evaluate(RUN_AXE):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_the_script_shows(small, axe, scheme):
    page = small.open("slide-03.html", color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    page.keyboard.press("?")
    assert page.evaluate(RUN_AXE) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.help", state="hidden")
    page.keyboard.press("/")
    page.keyboard.type("echo")
    page.wait_for_selector(".search li")
    assert page.evaluate(RUN_AXE) == []
    page.keyboard.press("Enter")
    page.wait_for_selector(".found")
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE) == []
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("() => localStorage.length")
    page.keyboard.press("c")
    page.wait_for_selector(".toc .done")
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE) == []


def test_a_page_is_read_by_its_landmarks_and_its_one_heading(small):
    page = small.open("slide-03.html")
    tree = page.locator("body").aria_snapshot()
    top = [line for line in tree.splitlines() if not line.startswith(" ")]
    assert [line.removeprefix("- ").partition(":")[0] for line in top if "link" not in line] == ["main", "contentinfo"]
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["Echo"]
    assert page.get_by_role("navigation", name="Slides").count() == 1
    assert page.locator("[role=application]").count() == 0
    for name in ("Previous slide", "Next slide", "Contents; this is slide 3 of 5"):
        assert page.get_by_role("link", name=name).count() == 1, json.dumps(tree)


def test_the_first_tab_leads_past_everything_to_the_slide(small):
    page = small.open("slide-03.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the slide"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "slide"


def test_what_has_the_focus_is_never_behind_the_bar(small):
    page = small.open("slide-03.html", viewport={"width": 360, "height": 600})
    behind = """() => {
      const on = document.activeElement;
      const bar = document.querySelector('.bar');
      const hidden = on.getBoundingClientRect().top > bar.getBoundingClientRect().top - 4;
      return hidden && !bar.contains(on) && on !== document.body;
    }"""
    for _ in range(12):
        page.keyboard.press("Tab")
        assert not page.evaluate(behind)
