"""How a page lies on a telephone and on a wide screen; and what it weighs."""

from __future__ import annotations

import gzip

import pytest

from tests.browser.test_first_paint import FIRST_PAINT_S, processor_time

PHONE = {"viewport": {"width": 360, "height": 740}}
MOST_BYTES = 40_000  # of a page with its stylesheet and script, compressed

# What is wider than the screen, or scrolls sideways although it is no code, or is cut.
TOO_WIDE = """() => {
  const root = document.documentElement;
  const wide = root.scrollWidth > innerWidth ? [`the page: ${root.scrollWidth}`] : [];
  const sideways = (it) => it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).overflowX !== 'visible';
  const seen = [...document.querySelectorAll('body *')].filter((it) => !it.matches('.unseen') && !it.closest('svg'));
  const scrolling = seen.filter((it) => sideways(it) && !it.matches('.listing pre') && !it.matches('.stage'));
  const cut = [...document.querySelectorAll('img, svg')].filter((it) => it.getBoundingClientRect().right > innerWidth);
  return [...wide, ...[...scrolling, ...cut].map((it) => `${it.tagName}.${it.getAttribute('class')}`)];
}"""
SMALL_WORDS = """() => [...document.querySelectorAll('svg text')]
  .filter((it) => it.getClientRects().length)
  .map((it) => [it.textContent, parseFloat(getComputedStyle(it).fontSize) * it.getScreenCTM().a])
  .filter(([, size]) => size < 11)"""
OUTSIDE = """() => [...document.querySelectorAll('svg text')]
  .filter((it) => it.getClientRects().length)
  .filter((it) => {
    const [words, picture] = [it.getBoundingClientRect(), it.closest('svg').getBoundingClientRect()];
    return words.left < picture.left - 1 || words.right > picture.right + 1;
  })
  .map((it) => it.textContent)"""
# Listings whose lines go on at the right, each with what tells a reader so.
SCROLLING = """() => [...document.querySelectorAll('.listing pre')].filter((it) => it.scrollWidth > it.clientWidth)
  .map((it) => ({
    name: it.getAttribute('aria-label'),
    stop: it.tabIndex,
    hint: parseFloat(getComputedStyle(it.parentElement, '::after').maxWidth),
  }))"""
WHOLE = """() => [...document.querySelectorAll('.listing pre')]
  .filter((it) => it.checkVisibility() && it.scrollWidth <= it.clientWidth)
  .map((it) => ({
    stop: it.tabIndex,
    hint: parseFloat(getComputedStyle(it.parentElement, '::after').maxWidth),
  }))"""


def names(site) -> list[str]:
    return ["index.html", *sorted(path.name for path in site.glob("slide-*.html"))]


def test_nothing_is_cut_or_scrolls_sideways_on_a_telephone_but_code(talk):
    page = talk.open("index.html", **PHONE)
    wrong = {}
    for name in names(talk.folder):
        page.goto(talk.address + name)
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        if found := page.evaluate(TOO_WIDE):
            wrong[name] = found
    assert wrong == {}


def test_the_words_of_all_pictures_are_read_on_a_telephone_and_stay_inside(talk):
    page = talk.open("index.html", **PHONE)
    pictures = [name for name in names(talk.folder) if "<svg" in (talk.folder / name).read_text()]
    assert len(pictures) >= 6
    for name in pictures:
        page.goto(talk.address + name)
        assert (page.evaluate(SMALL_WORDS), page.evaluate(OUTSIDE)) == ([], []), name
        assert page.locator("figure.drawing svg:visible").count() == page.locator("figure.drawing").count()


@pytest.mark.parametrize("width", [360, 1280])
def test_code_that_scrolls_says_so_and_is_reached_by_the_keyboard_and_other_code_is_no_stop(talk, width):
    page = talk.open("index.html", viewport={"width": width, "height": 740})
    scrolling = []
    for name in names(talk.folder)[:40]:
        page.goto(talk.address + name)
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        here = page.evaluate(SCROLLING)
        assert all(code["stop"] == 0 and code["name"] and code["hint"] > 10 for code in here), (name, here)
        assert all(code["stop"] == -1 and code["hint"] == 0 for code in page.evaluate(WHOLE)), name
        scrolling += here
    assert len(scrolling) > 10 or width > 360


def boxes(page, *selectors: str):
    return [page.locator(selector).first.bounding_box() for selector in selectors]


def test_on_a_telephone_all_of_a_page_stands_in_one_column_in_the_order_of_reading(small):
    page = small.open("slide-03.html", **PHONE)
    order = boxes(page, "h1", ".stage li", ".listing", ".session", ".drawing", ".prose > p", "details.ask")
    assert [box["y"] for box in order] == sorted(box["y"] for box in order)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in order)


@pytest.mark.parametrize("width", [1280, 1920])
def test_on_a_wide_screen_the_prose_stands_beside_the_slide(small, width):
    page = small.open("slide-03.html", viewport={"width": width, "height": 720})
    slide, prose = boxes(page, ".stage", ".prose")
    assert prose["x"] >= slide["x"] + slide["width"]
    assert abs(prose["y"] - slide["y"]) < 2


def test_without_script_everything_is_there(small):
    page = small.open("slide-03.html", java_script_enabled=False, ready="true", **PHONE)
    shown = page.locator("main").inner_text()
    assert all(words in shown for words in ("a server that answers", "reactor.listenTCP", "received hello", "One said"))
    page.get_by_text("Who waits?").click()
    assert page.get_by_text("the answer is a nightingale").is_visible()
    assert page.locator(".listing pre").first.get_attribute("tabindex") == "0"


def test_remarks_about_a_session_are_quiet(small):
    page = small.open("slide-03.html")
    size = "() => parseFloat(getComputedStyle(document.querySelector('%s')).fontSize)"
    page.evaluate("document.querySelector('.session').insertAdjacentHTML('beforeend', '<p class=remark>Not here.</p>')")
    assert page.evaluate(size % ".remark") < 0.8 * page.evaluate(size % ".stage li")


def test_on_paper_answers_are_unfolded(small):
    page = small.open("slide-03.html")
    seen = "document.querySelector('.ask .answer').checkVisibility()"
    assert not page.evaluate(seen)
    page.emulate_media(media="print")
    assert page.evaluate(seen)


def test_a_page_weighs_little_before_anything_is_opened(talk):
    shared = sum(len(gzip.compress((talk.folder / name).read_bytes())) for name in ("read.js", "lecture.css"))
    weights = {name: shared + len(gzip.compress((talk.folder / name).read_bytes())) for name in names(talk.folder)}
    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}
    assert len(gzip.compress((talk.folder / "read.js").read_bytes())) < 10_000
    asked = []
    page = talk.open("index.html")
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(talk.address + "slide-02.html")
    assert sorted(asked) == ["lecture.css", "read.js", "slide-02.html"]


def test_the_first_paint_comes_at_once(talk):
    """In time of the processor, of the page's own thread: others may keep this machine busy."""
    for name in ("slide-01.html", "slide-22.html", "index.html"):
        assert 0 < processor_time(talk.open(name)) < FIRST_PAINT_S, name
