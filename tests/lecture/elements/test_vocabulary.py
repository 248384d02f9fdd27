"""The vocabulary of a talk: what each kind of thing becomes, in any nesting."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lecture.slides import (
    HTML,
    PRE,
    URL,
    Bullet,
    Center,
    Element,
    Heading,
    Lecture,
    Markdown,
    Notes,
    NumSlide,
    Slide,
    SubBullet,
    TitleSlide,
    toHTML,
)
from tests.support.page_reader import parse_fragment, text_of


class Bad:
    def __init__(self, text):
        self.text = text

    def toHTML(self):
        return f"<em>{toHTML(self.text)}</em>"


def outline(node):
    """Lists as nested Python lists: each item is its own words, followed by the items below it."""
    items = []
    for item in node.findall("li"):
        inner = item.findall("ul") + item.findall("ol") + item.findall("div/ul") + item.findall("div/ol")
        below = [entry for inner_list in inner for entry in outline(inner_list)]
        words = (item.text or "").strip()
        items.append([words, *below] if below else words)
    return items


def lists_of(thing):
    body = parse_fragment(toHTML(thing)).find("body")
    return next(outline(node) for node in body.iter() if node.tag in ("ul", "ol"))


def test_a_slide_has_its_title_as_heading_and_its_bullets_as_one_list():
    body = parse_fragment(toHTML(Slide("Waiters", Bullet("one"), Bullet("two")))).find("body")
    assert text_of(body.find(".//h1")) == "Waiters"
    assert lists_of(Slide("Waiters", Bullet("one"), Bullet("two"))) == ["one", "two"]


def test_a_numbered_slide_has_a_numbered_list():
    body = parse_fragment(toHTML(NumSlide("How not to", Bullet("one"), Bullet("two")))).find("body")
    assert outline(body.find(".//ol")) == ["one", "two"]


def test_a_numbered_list_goes_on_counting_after_code_in_between():
    body = parse_fragment(toHTML(NumSlide("Steps", Bullet("a"), Bullet("b"), PRE("x"), Bullet("c")))).find("body")
    assert [node.get("start") for node in body.iter("ol")] == [None, "3"]


def test_a_sub_bullet_inside_a_bullet_is_a_list_below_it():
    assert lists_of(Slide("t", Bullet("x", SubBullet(Bullet("y"), Bullet("z"))))) == [["x", "y", "z"]]


def test_a_sub_bullet_after_a_bullet_belongs_to_it():
    assert lists_of(Slide("t", Bullet("x"), SubBullet(Bullet("y")), Bullet("z"))) == [["x", "y"], "z"]


def test_a_sub_bullet_of_words_only_is_one_point():
    assert lists_of(Slide("t", Bullet("x", SubBullet("y"), SubBullet("z")))) == [["x", "y", "z"]]


def test_the_opening_words_of_a_sub_bullet_stand_before_its_list():
    body = parse_fragment(toHTML(Slide("t", SubBullet("Problems:", Bullet("cost"), Bullet("care"))))).find("body")
    assert text_of(body.find(".//div[@class='sub']/div")) == "Problems:"
    assert outline(body.find(".//ul")) == ["cost", "care"]


def test_bullets_nest_three_deep_and_directly_inside_each_other():
    deep = Slide("t", Bullet("a", SubBullet(Bullet("b", SubBullet(Bullet("c"))))))
    assert lists_of(deep) == [["a", ["b", "c"]]]
    assert lists_of(Slide("t", Bullet("a", Bullet("b")))) == [["a", "b"]]


def test_code_may_stand_in_a_bullet():
    body = parse_fragment(toHTML(Slide("t", Bullet("An object", PRE("while 1:\n    run()\n"))))).find("body")
    assert text_of(body.find(".//li//pre")) == "while 1:\n    run()"


def test_plain_strings_are_paragraphs_of_a_slide():
    body = parse_fragment(toHTML(Slide("t", "some ", Bad("bad"), " words", Bullet("x"), "more"))).find("body")
    assert [text_of(node).strip() for node in body.findall(".//div[@class='text']")] == ["some bad words", "more"]


def test_anything_with_toHTML_may_stand_where_text_may():
    slide = Slide(
        "t", Bullet(Bad("Threads"), " are ", Bad(Bad("bad"))), SubBullet(Bad("p"), Bullet(Bad("q"))), Bad("r")
    )
    body = parse_fragment(toHTML(slide)).find("body")
    assert [text_of(node) for node in body.iter("em")] == ["Threads", "bad", "bad", "p", "q", "r"]


def test_an_authors_own_kind_of_bullet_joins_the_list():
    class Own:
        def toHTML(self):
            return '<li class="own">mine</li>'

    assert lists_of(Slide("t", Bullet("a"), Own(), SubBullet(Bullet("below")), Bullet("b"))) == [
        "a",
        ["mine", "below"],
        "b",
    ]


def test_subclasses_of_every_kind_render_with_their_own_toHTML():
    class Red(Bullet):
        def toHTML(self):
            return super().toHTML().replace("<li", '<li class="red"')

    class Loud(Slide):
        def toHTML(self):
            return super().toHTML().upper()

    markup = toHTML(Loud("t", Red("x")))
    assert '<LI CLASS="RED"' in markup


def test_an_element_keeps_the_line_of_the_call_that_made_it_even_through_a_subclass():
    class Warned(Bullet):
        def __init__(self, text):
            super().__init__("warning: ", text)

    here = sys._getframe().f_lineno
    plain, warned = Bullet("x"), Warned("y")
    assert (plain.where.line, warned.where.line) == (here + 1, here + 1)
    assert plain.where.file.name == warned.where.file.name == "test_vocabulary.py"


def test_walk_gives_the_element_and_everything_inside_in_order():
    a, c, note = Bullet("a"), PRE("c"), Notes("n")
    b = Bullet("b", c)
    slide = Slide("t", a, SubBullet("text", b), note)
    assert next(slide.walk()) is slide
    assert [type(part).__name__ for part in Lecture("l", slide).walk()] == [
        "Lecture", "Slide", "Bullet", "SubBullet", "Bullet", "PRE", "Notes",
    ]  # fmt: skip


def test_walk_finds_elements_inside_an_authors_own_wrapper_and_survives_a_circle():
    shown = PRE("x")
    wrapper = Bad(Bad([shown]))
    wrapper.myself = wrapper
    assert shown in list(Bullet(wrapper).walk())


def test_notes_are_not_on_the_slide():
    assert "secret" not in toHTML(Slide("t", Bullet("x", Notes("secret")), Notes("secret")))


def test_headings_and_centred_text():
    body = parse_fragment(toHTML(Slide("t", Heading(3, "Under"), Center(Bad("mid"))))).find("body")
    assert text_of(body.find(".//h3")) == "Under"
    assert text_of(body.find(".//div[@class='center']/em")) == "mid"


def test_raw_markup_passes_only_through_HTML():
    assert toHTML(HTML("<b>x</b>")) == "<b>x</b>"
    assert toHTML("<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"
    assert toHTML(Markdown("<b>x</b>")) == "&lt;b&gt;x&lt;/b&gt;"


def test_markdown_of_one_paragraph_can_stand_in_a_sentence():
    assert toHTML(Bullet("a ", Markdown("**b**"))) == '<li dir="auto">a <strong>b</strong></li>\n'
    assert toHTML(Markdown("a\n\nb")) == "<p>a</p>\n<p>b</p>"


def test_markdown_in_a_deck_may_be_indented_like_the_code_around_it():
    note = Notes("""First line.

        - a
        - b
    """)
    assert [text_of(item) for item in parse_fragment(toHTML(note)).iter("li")] == ["a", "b"]


@pytest.mark.parametrize(
    "text", ["<", "&amp;", "\"quotes\" and 'quotes'", "🦊 👩‍👩‍👧", "שלום", "a < b && c > d", "</li></ul>"]
)
def test_text_renders_as_itself_everywhere(text):
    slide = Slide(
        text, text, Bullet(text, SubBullet(text, Bullet(text))), PRE(text), PRE(text, "python"), URL("x", text)
    )
    body = parse_fragment(toHTML(slide)).find("body")
    assert text_of(body.find(".//h1")) == text
    assert [text_of(node) for node in body.iter("pre")] == [text, text]
    assert text_of(body).count(text) == 8


def test_text_may_be_written_from_right_to_left():
    body = parse_fragment(toHTML(Slide("שלום", "א", Bullet("ב", SubBullet("ג", Bullet("ד"))), PRE("ה")))).find("body")
    for tag in ("h1", "li", "pre"):
        assert {node.get("dir") for node in body.iter(tag)} == {"auto"}


def test_control_characters_are_shown_as_pictures():
    assert toHTML("a\x00b\x1b[31m\x7f") == "a␀b␛[31m␡"
    assert "\x1b" not in toHTML(PRE("\x1b[1m", "python")) + toHTML(Markdown("\x1b"))


def test_a_quotation_keeps_its_spaces_its_first_line_break_and_its_blank_lines():
    for language in ("", "python", "text"):
        body = parse_fragment(toHTML(PRE("\n  x\n\n\ty\n\n", language))).find("body")
        assert text_of(body.find(".//pre")) == "\n  x\n\n\ty\n"


def test_title_slides_are_slides():
    assert isinstance(TitleSlide("t"), Slide)
    assert isinstance(TitleSlide("t"), Element)


def test_importing_the_library_imports_none_of_the_libraries_it_draws_with():
    program = "import sys, lecture.slides; print([m for m in sys.modules if m.split('.')[0] in set(sys.argv[1:])])"
    heavy = ["pygments", "markdown_it", "mdit_py_plugins", "latex2mathml", "nbformat", "jinja2", "rich", "click"]
    done = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_lecture_says_how_long_it_takes_and_its_short_way():
    assert Lecture("L", Slide("a"), Slide("b")).times() == "2 slides"
    assert Lecture("L", Slide("a")).times() == "1 slide"
    assert Lecture("L", Slide("a", minutes=2.25), Slide("b")).times() == "2 slides, 4 min"
    long = [Slide("a", minutes=70, short=True), Slide("b", minutes=2, short=True), Slide("c", minutes=50)]
    assert Lecture("L", *long).times() == "3 slides, 2 h 2 min; the short way 2 slides, 1 h 12 min"


def test_a_foreign_slide_takes_a_minute():
    class Own:
        title = "x"

        def toHTML(self):
            return "x"

    assert Lecture("L", Own(), Slide("a", minutes=2)).times() == "2 slides, 3 min"
