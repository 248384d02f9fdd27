"""A lecture that is a Lore document."""

import pytest

from lecture.decks.load import load_deck
from lecture.elements.element import HTML, Bullet, SubBullet
from lecture.elements.images import Image
from lecture.elements.listings import PRE, Code
from lecture.errors import Failed
from lecture.slides import Notes, TitleSlide, toHTML
from tests.lecture.lore.documents import write


def test_each_section_is_a_slide_and_what_comes_first_is_the_opening(tmp_path):
    lecture = load_deck(str(write(tmp_path, "<p>By a waiter.</p><h2>Salt</h2><p>a</p><h3>b</h3><h2>Pepper</h2>")))
    assert lecture.title == "Soup" and [slide.title for slide in lecture.slides] == ["Soup", "Salt", "Pepper"]
    assert isinstance(lecture.slides[0], TitleSlide)
    assert [toHTML(one) for one in lecture.slides[1].bullets] == ["<p>a</p>", '<h3 id="b">b</h3>']
    assert str(lecture.slides[2].where).endswith("soup.xhtml:3:51")


def test_lists_listings_and_pictures_become_what_a_deck_has_for_them(tmp_path):
    (tmp_path / "examples" / "01_soup").mkdir(parents=True)
    (tmp_path / "examples" / "01_soup" / "soup.py").write_text("class Soup: pass\n")
    (tmp_path / "own.py").write_text("x = 1\n")
    (tmp_path / "dot.png").touch()
    body = (
        '<h2>Salt<span class="footnote">slowly</span></h2><ul><li>a <em>b</em><span class="footnote">loud</span>'
        '<ul><li>c</li></ul></li></ul><a class="py-listing" href="examples/01_soup/soup.py#Soup">x</a>'
        '<a class="py-listing" href="own.py">x</a><pre class="shell">$ ls</pre><p><img src="dot.png" alt="a dot"/></p>'
        "<ol><li>d</li></ol>"
    )  # fmt: skip
    [slide] = load_deck(str(write(tmp_path, body))).slides
    kinds = [type(thing) for thing in slide.bullets]
    assert kinds == [Bullet, SubBullet, Notes, Code, PRE, PRE, Image, HTML, Notes]
    bullet, _, loud, code, own, shell, image, ordered, slowly = slide.bullets
    assert toHTML(bullet) == '<li dir="auto">a <em>b</em></li>\n' and (loud.text, slowly.text) == ("loud", "slowly")
    assert (code.file, code.name) == ("01_soup/soup.py", "Soup") and (own.text, own.language) == ("x = 1", "python")
    assert (shell.text, shell.language) == ("$ ls", "console") and (image.path, image.alt) == ("dot.png", "a dot")
    assert toHTML(ordered) == "<ol><li>d</li></ol>"


def test_a_deck_with_mistakes_is_refused_with_all_of_them(tmp_path):
    with pytest.raises(Failed) as raised:
        load_deck(str(write(tmp_path, "<p><u>a</u><u>b</u></p>")))
    assert len(raised.value.errors) == 2
