"""The deck: words and exhibits stand where they fit, panes take turns, and each step has its notes."""

from __future__ import annotations

import json

import pytest

from lecture.errors import LectureError
from lecture.outputs.pages import write_all
from lecture.slides import (
    HTML,
    PRE,
    Bullet,
    Lecture,
    Markdown,
    Notes,
    NumSlide,
    Slide,
    Step,
    SubBullet,
    TitleSlide,
)
from tests.support.page_reader import page, text_of

SHORT = PRE("print(1)\n", "python")
TALL = PRE("x = 1\n" * 16 + "y = " + "x" * 60, "python")
WIDE = PRE("x" * 90, "python")


@pytest.fixture
def deck(tmp_path):
    def written(*slides):
        site = write_all(Lecture("Doom & <Co>", *slides), tmp_path)
        return site, page(site.deck)

    return written


def only(deck, *things, **told):
    """The one slide of a deck: its Section, and its element."""
    site, tree = deck(Slide("S", *things, **told))
    return site.sections[0], tree.find(".//section")


def panes(element):
    found = [node for node in element.iter("div") if (node.get("class") or "").startswith("pane")]
    return [(node.get("data-from"), node.get("data-to")) for node in found]


def notes(folder):
    """Those of the first slide: first step, last step, HTML."""
    written = (folder / "notes.js").read_text("utf-8")
    return json.loads(written.removeprefix("notes(").removesuffix(");\n")).get("s1", [])


def test_a_section_says_what_the_talk_needs_to_know(deck):
    _, tree = deck(TitleSlide("One & all"), NumSlide("Two", Bullet("x"), minutes=2.5, short=True))
    one, two = tree.iter("section")
    assert (one.get("id"), one.get("class"), text_of(one.find(".//h1"))) == ("s1", "title", "One & all")
    assert (one.get("data-minutes"), one.get("data-short"), one.get("data-steps")) == ("1", None, "1")
    assert (two.get("id"), two.get("data-number"), two.get("data-minutes")) == ("s2", "2", "2.5")
    assert (two.get("data-short"), two.get("data-page")) == ("", "slide-02.html")
    assert two.find(".//ol") is not None
    body = tree.find("body")
    assert (body.get("class"), body.get("data-total"), body.get("data-title")) == ("deck", "2", "Doom & <Co>")


def test_the_deck_is_valid_and_names_only_files_that_are_there(deck, tmp_path):
    deck(Slide("S", Bullet("x", SubBullet("y")), Markdown("*a*"), TALL, SHORT), Slide("nothing"))
    tree = page(tmp_path / "deck.html")
    addresses = [node.get(name) for node in tree.iter() for name in ("href", "src") if node.get(name)]
    assert {"deck.js", "deck.css", "index.html"} <= set(addresses)
    assert all((tmp_path / address).is_file() for address in addresses)


def test_the_contents_lead_to_the_deck(deck, tmp_path):
    deck(Slide("S"))
    assert any(link.get("href") == "deck.html" for link in page(tmp_path / "index.html").iter("a"))


def test_words_stand_beside_a_narrow_listing_and_above_a_wide_one(deck):
    assert only(deck, Bullet("words"), SHORT)[0].layout.kind == "beside"
    assert only(deck, Bullet("words"), WIDE)[0].layout.kind == "below"
    assert only(deck, SHORT)[0].layout.kind == "exhibits"
    assert only(deck, Bullet("words"))[0].layout.kind == "words"


def test_no_name_is_cut_in_two_for_a_narrow_column_of_words(deck):
    listing = PRE("x = 1\n" * 20 + "y" * 50, "python")
    assert only(deck, Markdown("- a `LimitConnections`"), listing)[0].layout.kind == "beside"
    assert only(deck, Markdown("- a `LimitTotalConnectionsFactory`"), listing)[0].layout.kind == "turns"


def test_exhibits_that_fit_together_share_a_pane(deck):
    section, element = only(deck, Bullet("words"), SHORT, SHORT)
    assert panes(element) == [("1", None)]
    assert section.steps == 1


def test_exhibits_that_do_not_fit_together_take_turns_a_step_each(deck):
    section, element = only(deck, TALL, Bullet("words"), TALL, SHORT)
    assert panes(element) == [("1", "1"), ("2", "2"), ("3", None)] or panes(element) == [("1", "1"), ("2", None)]
    assert section.steps == len(panes(element))
    assert section.surely_fits
    assert element.find(".//div[@class='words']").get("data-to") is None


def test_words_and_a_listing_that_needs_the_whole_canvas_take_turns(deck):
    section, element = only(deck, *(Bullet(f"point {n}") for n in range(5)), PRE("x = 1\n" * 12 + "y" * 90, "python"))
    assert section.layout.kind == "turns"
    assert element.find(".//div[@class='words']").get("data-to") == "1"
    assert panes(element) == [("2", None)]
    assert section.surely_fits


def test_lines_are_lit_before_the_next_pane_comes(deck):
    lit = PRE(TALL.text, "python", highlight=[(1,), (2,)])
    section, element = only(deck, lit, TALL)
    assert panes(element) == [("1", "2"), ("3", None)]
    assert [line.get("data-lit") for line in element.iter("span") if line.get("class") == "line"][:3] == ["1", "2", ""]
    assert section.steps == 3


def test_a_pane_comes_with_the_step_that_asks_for_it(deck):
    section, element = only(deck, Bullet("a"), TALL, Step(), Bullet("b"), TALL)
    assert panes(element) == [("1", "1"), ("2", None)]
    assert [(text_of(li), li.get("data-from")) for li in element.iter("li")] == [("a", None), ("b", "2")]
    assert section.steps == 2


def test_an_exhibit_after_a_step_appears_in_its_pane(deck):
    _, element = only(deck, SHORT, Step(), SHORT)
    assert panes(element) == [("1", None)]
    assert [figure.get("data-from") for figure in element.iter("figure")] == [None, "2"]


def test_the_only_notes_of_a_slide_are_there_at_all_steps(deck, tmp_path):
    only(deck, Bullet("a"), Step(), Bullet("b"), Step(), Bullet("c"), Notes("*all* of it"))
    assert notes(tmp_path) == [[1, 3, "<p><em>all</em> of it</p>"]]


def test_notes_belong_to_the_step_of_what_they_follow(deck, tmp_path):
    only(deck, TALL, Notes("first"), TALL, Notes("second"), Notes("and third"), Step(), Bullet("b"))
    assert notes(tmp_path) == [[1, 1, "<p>first</p>"], [2, 3, "<p>second</p><p>and third</p>"]]


def test_what_only_the_speaker_says_is_not_in_what_the_audience_loads(deck, tmp_path):
    only(deck, Bullet("a"), Notes("a secret"))
    assert "a secret" not in (tmp_path / "deck.html").read_text("utf-8")


def test_a_talk_without_notes_has_an_empty_script_of_them(deck, tmp_path):
    only(deck, Bullet("a"))
    assert (tmp_path / "notes.js").read_text("utf-8") == "notes({});\n"


def test_a_slide_of_few_words_has_large_ones_and_one_of_many_small_ones(deck):
    few, many = (only(deck, *[Bullet("so many words in a row " * 4)] * count)[0].layout for count in (2, 6))
    assert few.sizes.words > 30 > 26 <= many.sizes.words
    assert many.lacks == 0


def test_a_slide_that_is_too_full_says_by_how_much(deck):
    section, _ = only(deck, PRE("x\n" * 40))
    assert not section.surely_fits
    assert 400 < section.layout.lacks < 800


class Foreign:
    title = "Theirs"

    def toHTML(self):
        return "<h1>Theirs</h1><p>a paragraph</p>"


def test_a_foreign_slide_stands_in_the_deck_as_it_draws_itself(deck):
    site, tree = deck(Foreign())
    assert text_of(tree.find(".//section//p")) == "a paragraph"
    assert len(list(tree.iter("h1"))) == 1
    assert not site.sections[0].surely_fits  # nobody knows its styles: a browser looks at it


def test_markup_of_an_author_is_left_to_a_browser_to_judge(deck):
    assert only(deck, Bullet("x"))[0].surely_fits
    assert not only(deck, Bullet(HTML("<b style='font-size: 300px'>x</b>")))[0].surely_fits


class Broken:
    def toHTML(self):
        raise LookupError("gone")


def test_a_slide_that_cannot_be_drawn_is_named(deck, tmp_path):
    with pytest.raises(LectureError, match="LookupError: gone") as raised:
        deck(Slide("fine"), Slide("The broken one", Bullet(Broken())))
    assert raised.value.slide == "The broken one"
    assert list(tmp_path.iterdir()) == []
