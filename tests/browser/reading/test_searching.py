"""The search: opened from anywhere, over words, code and outputs, and each result leads to its place."""

from __future__ import annotations

import pytest

MARKED = "[...(CSS.highlights.get('found') ?? [])].map(String)"


def search(page, words: str):
    """Type words into the search; wait until there is an answer."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.wait_for_function("() => document.querySelector('.search [role=status]').textContent")


def results(page) -> list[str]:
    return page.locator(".search li").all_inner_texts()


def test_the_button_and_the_slash_open_it_and_escape_goes_back_to_the_page(small):
    page = small.open("slide-02.html")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".search input").evaluate("it => it === document.activeElement")
    page.keyboard.press("Escape")
    assert not page.locator(".search").is_visible()
    page.keyboard.press("/")
    assert page.locator(".search").is_visible()


def test_the_contents_have_it_too(small):
    page = small.open("index.html")
    page.get_by_role("button", name="Search").click()
    page.keyboard.type("nightingale")
    page.wait_for_selector(".search li")
    page.keyboard.press("Enter")
    page.wait_for_url("**/slide-03.html#**")


@pytest.mark.parametrize(
    ("words", "kind"),
    [("second point", "words"), ("listenTCP", "code"), ("received hello", "output"), ("Opening", "title")],
)
def test_words_code_outputs_and_titles_are_found(small, words, kind):
    page = small.open("slide-05.html")
    search(page, words)
    assert page.locator(".search .kind").first.inner_text() == kind
    assert page.locator(".search mark").first.inner_text().lower() in words.lower()


def test_arrows_go_through_the_results_and_enter_leads_to_the_place(small):
    page = small.open("slide-01.html")
    search(page, "one said")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/slide-0*.html#found=**")
    focused = page.evaluate("document.activeElement.innerText")
    assert focused.startswith("One said it")
    assert page.locator(".found").count() == 1
    assert {text.lower() for text in page.evaluate(MARKED)} == {"one", "said"}
    assert page.locator(".found").evaluate("it => it.getBoundingClientRect().top < innerHeight")


def test_words_of_code_are_marked_over_the_ends_of_their_colours(small):
    page = small.open("slide-05.html")
    search(page, "self.transport.write(data)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/slide-03.html#**")
    assert "self.transport.write(data)" in page.evaluate(MARKED)


def test_a_long_line_of_code_is_scrolled_to_the_word_on_a_telephone(small):
    page = small.open("slide-05.html", viewport={"width": 360, "height": 740})
    search(page, "getPeer().host")
    page.keyboard.press("Enter")
    page.wait_for_url("**/slide-03.html#**")
    inside = """() => {
      const code = document.querySelector('.found');
      const word = [...CSS.highlights.get('found')].find((range) => code.contains(range.startContainer));
      return word.getBoundingClientRect().right <= code.getBoundingClientRect().right + 1
        && word.getBoundingClientRect().bottom <= innerHeight;
    }"""
    assert page.evaluate(inside)


def test_what_is_found_in_a_folded_answer_is_unfolded(small):
    page = small.open("slide-03.html")
    search(page, "nightingale")
    page.keyboard.press("Enter")
    page.wait_for_selector("details.ask[open]")
    assert "nightingale" in page.locator(".found").inner_text()
    assert not page.locator(".search").is_visible()


def test_a_picture_is_found_by_what_it_tells(small):
    page = small.open("slide-01.html")
    search(page, '"client.py 2 to server.py"')
    page.keyboard.press("Enter")
    page.wait_for_url("**/slide-03.html#**")
    assert page.locator("figure.drawing.found").count() == 1


def test_nothing_found_is_said(small):
    page = small.open("slide-01.html")
    search(page, "xylophone")
    assert "Nothing found" in page.locator(".search [role=status]").inner_text()
    assert results(page) == []


def test_the_number_of_places_is_announced(small):
    page = small.open("slide-01.html")
    search(page, "nightingale")
    assert page.locator(".search [role=status]").inner_text() == "1 place on 1 slide"


def test_an_address_that_leads_nowhere_leaves_the_page_as_it_is(small):
    for link in ("#found=999:x", "#found=1:%E0%A4%A", "#found=", "#found=1:" + "x" * 5000):
        page = small.open(f"slide-02.html{link}")
        assert page.locator("h1").inner_text() == "Points"
        small.context.close()


def test_words_that_are_markup_stay_words(small):
    page = small.open("slide-01.html")
    search(page, "<img src=x onerror=alert(1)>")
    assert results(page) == [] and page.locator(".search img").count() == 0


def test_the_text_is_asked_for_when_somebody_searches_and_not_before(small):
    page = small.open("slide-01.html")
    assert page.locator("script[src='slide-search.js']").count() == 0
    search(page, "echo")
    assert page.locator("script[src='slide-search.js']").count() == 1
