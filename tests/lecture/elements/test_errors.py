"""A deck that can't be drawn says why, and where the author would mend it."""

from __future__ import annotations

import sys

import pytest

from lecture.errors import LectureError
from lecture.slides import PRE, URL, Bullet, Center, Heading, Image, Lecture, Notes, Slide, SubBullet, toHTML


class Raising:
    def toHTML(self):
        raise ValueError("the kitchen is closed")


class Numeric:
    def toHTML(self):
        return 42


def problem(action):
    with pytest.raises(LectureError) as caught:
        action()
    return caught.value


def line():
    return sys._getframe(1).f_lineno


@pytest.mark.parametrize("value", [None, 5, b"bytes", ["list"], object, Bullet])
def test_what_is_neither_text_nor_has_toHTML_is_named_with_its_slide_and_line(value):
    here = line() + 1
    found = problem(lambda: Slide("Waiters", Bullet("x", SubBullet(value))))
    assert getattr(value, "__name__", repr(value)) in found.message
    assert (found.slide, found.where.line, found.where.file.name) == ("Waiters", here, "test_errors.py")


@pytest.mark.parametrize("holder", [Bullet, SubBullet, Center])
def test_a_bad_child_is_found_wherever_it_stands(holder):
    assert "5" in problem(lambda: Slide("t", holder(5))).message


@pytest.mark.parametrize("title", [None, 5, Bullet("x"), b"t"])
def test_the_title_of_a_slide_and_of_a_lecture_must_be_text(title):
    here = line() + 1
    for found in (problem(lambda: Slide(title)), problem(lambda: Lecture(title))):
        assert repr(title)[:8] in found.message
        assert found.where.line == here


@pytest.mark.parametrize("thing", [None, "text", 5, Slide, Lecture("inner")])
def test_what_is_no_slide_cannot_be_in_a_lecture(thing):
    found = problem(lambda: Lecture("t", Slide("ok"), thing))
    assert "no slide" in found.message
    assert found.where.file.name == "test_errors.py"


def test_a_bullet_that_stands_in_a_lecture_is_named_by_its_own_line():
    stray = Bullet("x")
    here = line() - 1
    found = problem(lambda: Lecture("t", stray))
    assert "Bullet(…) is no slide" in found.message
    assert found.where.line == here


def test_an_object_with_title_and_toHTML_is_a_slide():
    class Raw:
        title = "raw"

        def toHTML(self):
            return "<p>x</p>"

    assert "<p>x</p>" in Lecture("t", Raw()).toHTML()


def test_a_toHTML_that_raises_is_named_with_the_place_in_the_deck_and_its_cause(tmp_path):
    here = line() + 1
    deck = Lecture("t", Slide("Waiters", Bullet("fine"), Bullet("x", Raising())))
    found = problem(lambda: deck.renderHTML(tmp_path, "t-%d.html"))
    assert found.message == "Raising.toHTML() raised ValueError: the kitchen is closed"
    assert (found.slide, found.where.line, found.where.file.name) == ("Waiters", here, "test_errors.py")
    assert isinstance(found.__cause__, ValueError)
    assert list(tmp_path.iterdir()) == []


def test_a_toHTML_that_returns_no_text_is_named(tmp_path):
    deck = Lecture("t", Slide("Waiters", Numeric()))
    found = problem(lambda: deck.renderHTML(tmp_path, "t-%d.html"))
    assert "Numeric.toHTML() returned 42" in found.message
    assert found.slide == "Waiters"


@pytest.mark.parametrize("method", ["getHeader", "getFooter", "getIndexFooter"])
def test_a_header_or_footer_that_raises_or_returns_no_text_is_named(tmp_path, method):
    broken = type("Broken", (Lecture,), {method: lambda self: 1 / 0})("t", Slide("s"))
    silent = type("Silent", (Lecture,), {method: lambda self: None})("t", Slide("s"))
    found = problem(lambda: broken.renderHTML(tmp_path, "t-%d.html"))
    assert "ZeroDivisionError" in found.message and found.where is not None
    assert method in problem(lambda: silent.renderHTML(tmp_path, "t-%d.html")).message


@pytest.mark.parametrize(
    "pattern", ["slide.html", "slide-%s-%d.html", "%d", "slide-%d.txt", "a/%d.html", "%d%%d", "%q.html"]
)
def test_a_name_that_cannot_number_pages_is_refused(tmp_path, pattern):
    found = problem(lambda: Lecture("t", Slide("s")).renderHTML(tmp_path, pattern))
    assert repr(pattern) in found.message
    assert found.where is not None
    assert list(tmp_path.iterdir()) == []


def test_a_missing_image_is_named_with_its_slide(tmp_path):
    here = line() + 1
    deck = Lecture("t", Slide("Picture", Bullet("x", Image("nowhere.png"))))
    found = problem(lambda: deck.renderHTML(tmp_path, "t-%d.html"))
    assert "nowhere.png" in found.message
    assert (found.slide, found.where.line) == ("Picture", here)


@pytest.mark.parametrize("css", ["https://example.org/x.css", "style.txt", "../gone.css", 5, "/etc/x.css"])
def test_an_unknown_stylesheet_is_refused(tmp_path, css):
    found = problem(lambda: Lecture("t", Slide("s")).renderHTML(tmp_path, "t-%d.html", css=css))
    assert repr(css) in found.message
    assert found.where is not None


def test_a_missing_picture_in_the_notes_is_named(tmp_path):
    deck = Lecture("t", Slide("Picture", Notes("![x](gone.png)")))
    found = problem(lambda: deck.renderHTML(tmp_path, "t-%d.html"))
    assert (found.slide, found.where.file.name) == ("Picture", "test_errors.py")


@pytest.mark.parametrize(
    "thing", [PRE(5), PRE("x", "klingon"), Heading(7, "x"), Image("movie.mp4"), Image("http://x/y.png")]
)
def test_other_bad_arguments_are_named_when_drawn(thing):
    assert problem(lambda: toHTML(thing)).where.file.name == "test_errors.py"


def test_an_address_that_is_no_text_is_named():
    assert "URL.toHTML()" in problem(lambda: toHTML(URL(5, "x"))).message


def test_an_error_that_already_knows_its_place_keeps_it():
    first = problem(lambda: toHTML(Bullet(Raising())))
    assert first.where is not None
    again = problem(lambda: toHTML(Slide("t", Again(first))))
    assert again is first


class Again:
    def __init__(self, error):
        self.error = error

    def toHTML(self):
        raise self.error


def test_a_directory_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    assert "file" in problem(lambda: Lecture("t", Slide("s")).renderHTML(tmp_path / "file", "t-%d.html")).message
