"""A deck as they were written in 2003, in words of our own: it renders unchanged once `slides` means our library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.page_reader import page, text_of

DECK = '''\
#!/usr/bin/python
from slides import Lecture, Slide, Image, Bullet, PRE, URL, SubBullet, NumSlide, TitleSlide, toHTML
import os


class Bad:
    """Shows the text in red."""

    def __init__(self, text):
        self.text = text

    def toHTML(self):
        return '<font color="red">%s</font>' % toHTML(self.text)


class Lecture(Lecture):

    def getFooter(self):
        return '<div class="footer"><hr noshade />Given by <b>The Waiters&nbsp;</b></div>'


LOOP_CODE = """\\
# a loop
class Loop:
    def run(self):
        while 1:
            event = self.next()
            event.run()
"""

CLIENT_CODE = """\\
if x < 3 and y > 4:
    print "<&>"
"""

lecture = Lecture(
    "A Lecture on <Waiting>",

    Slide("Part 1 - Hunger"),

    # there are several ways
    Slide("How to be served",
          Bullet("By one who is told"),
          Bullet(Bad("By one for each")),
          Bullet("Not at all (vending machines, fasting, ...)")),

    Slide("One each (a caricature)",
          Bullet(Bad("A waiter per table")),
          SubBullet("Trouble:",
                    Bullet(Bad("Wages")),
                    Bullet(Bad("They collide & fall")),
                    )),

    Slide("The whole house",
          Image("house.png")),

    Slide("Facts",
          Bullet("URL: ", URL("http://example.org/?a=1&b=2")),
          Bullet("Names map ('example.org') to numbers"),
          Bullet("Started in January"),),

    Slide("Definition",
          Bullet("A thing that waits for all of us",
                 PRE(LOOP_CODE))),

    NumSlide("How not to cook",
             Bullet("Order in"),
             Bullet("Go out")),

    Slide("A client",
          PRE(CLIENT_CODE)),

    Slide("Steps",
          Bullet("Changes come from the guests",
                 SubBullet("They wave"),
                 SubBullet("They shout"),
                 )),

    TitleSlide("Thank you", "Questions?", Bullet("no refunds")),
)

if __name__ == '__main__':
    lecture.renderHTML(".", "waiting-%02d.html", css="main.css")
'''


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the old deck, after it was run there as a program of its own."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "waiting.py").write_text(DECK)
    (folder / "slides.py").write_text("from lecture.slides import *\n")
    (folder / "house.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(16))
    (folder / "main.css").write_text("/* the author's own */")
    subprocess.run([sys.executable, "-W", "error", "waiting.py"], cwd=folder, check=True)
    return folder


def test_the_pages_have_the_names_they_always_had(site):
    pages = sorted(path.name for path in site.glob("waiting-*.html"))
    assert pages == [f"waiting-{number:02d}.html" for number in range(11)]


def test_every_page_is_valid(site):
    for path in site.glob("*.html"):
        page(path)


def test_number_zero_is_the_contents(site):
    links = page(site / "waiting-00.html").find(".//ol").iter("a")
    entries = [(link.get("href"), text_of(link)) for link in links]
    assert entries[0] == ("waiting-01.html", "Part 1 - Hunger")
    assert entries[-1] == ("waiting-10.html", "Thank you")
    assert len(entries) == 10


def test_the_footer_of_the_authors_lecture_is_on_every_slide(site):
    for number in range(1, 11):
        assert "The Waiters" in text_of(page(site / f"waiting-{number:02d}.html"))


def test_the_authors_red_text_is_red_and_escaped(site):
    fonts = list(page(site / "waiting-03.html").iter("font"))
    assert [text_of(font) for font in fonts] == ["A waiter per table", "Wages", "They collide & fall"]


def test_code_and_links_are_what_they_were(site):
    assert text_of(page(site / "waiting-08.html").find(".//pre")) == 'if x < 3 and y > 4:\n    print "<&>"'
    assert page(site / "waiting-05.html").find(".//li/a").get("href") == "http://example.org/?a=1&b=2"
    assert "event = self.next()" in text_of(page(site / "waiting-06.html").find(".//li//pre"))


def test_the_authors_stylesheet_is_used_and_left_alone(site):
    assert (site / "main.css").read_text() == "/* the author's own */"
    assert page(site / "waiting-01.html").find(".//link[@rel='stylesheet']").get("href") == "main.css"


def test_a_base_class_may_be_asked_for_its_header_and_footer():
    import lecture.slides as slides

    class Framed(slides.Lecture):
        def getHeader(self):
            return slides.Lecture.getHeader(self) + "<hr>"

        def getFooter(self):
            return "<hr>" + slides.Lecture.getFooter(self) + self.name

    assert (Framed("a<b").getHeader(), Framed("a<b").getFooter()) == ("<hr>", "<hr>a&lt;ba<b")
