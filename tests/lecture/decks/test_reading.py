"""Markdown is read as CommonMark has it; what decks and notes add to it is the library's too."""

from __future__ import annotations

import pytest

from lecture.decks.markdown import NumSubBullet, load_markdown
from lecture.errors import LectureError
from lecture.slides import PRE, Bullet, Markdown, Notes, NumSlide, toHTML
from tests.support.page_reader import parse_fragment, text_of

# Number in the CommonMark specification 0.31.2, what is written, what comes of it.
COMMONMARK = [
    (12, "- `one\n- two`", "<ul>\n<li>`one</li>\n<li>two`</li>\n</ul>"),
    (62, "# foo", "<h1>foo</h1>"),
    (192, '[foo]: /url "title"\n\n[foo]', '<p><a href="/url" title="title">foo</a></p>'),
    (219, "aaa\n\nbbb", "<p>aaa</p>\n<p>bbb</p>"),
    (303, "Foo\n- bar\n- baz", "<p>Foo</p>\n<ul>\n<li>bar</li>\n<li>baz</li>\n</ul>"),
    (304, "The number of windows in my house is\n14.  The number of doors is 6.",
     "<p>The number of windows in my house is\n14.  The number of doors is 6.</p>"),
    (267, "10) foo\n    - bar", '<ol start="10">\n<li>foo\n<ul>\n<li>bar</li>\n</ul>\n</li>\n</ol>'),
    (350, "*foo bar*", "<p><em>foo bar</em></p>"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text", "expected"), COMMONMARK)
def test_examples_of_the_standard_give_what_the_standard_says(number, text, expected):
    assert toHTML(Markdown(f"{text}\n\n_")) == f"{expected}\n<p>_</p>"


@pytest.fixture
def slide(tmp_path):
    def slide_of(text):
        (tmp_path / "deck.md").write_bytes(f"# T\n\n## S\n\n{text}\n".encode())
        (slide,) = load_markdown(tmp_path / "deck.md").slides
        return slide

    return slide_of


def shown(thing):
    return parse_fragment(toHTML(thing)).find("body")


def test_two_paragraphs_are_two_paragraphs(slide):
    assert [text_of(node) for node in shown(slide("one\ntwo\n\nthree")).iter("p")] == ["one\ntwo", "three"]


def test_two_paragraphs_of_a_point_are_two_paragraphs(slide):
    assert [text_of(node) for node in shown(slide("- one\n\n  two\n- three")).iter("p")] == ["one", "two"]


def test_a_paragraph_after_a_list_stands_below_it(slide):
    parts = slide("- a\n- b\n\nafter").bullets
    assert [type(part) for part in parts] == [Bullet, Bullet, Markdown]


def test_a_line_without_indent_goes_on_with_the_point_before_it(slide):
    assert slide("- a\nb").bullets[0].texts[0].text == "a\nb"


@pytest.mark.parametrize("text", ["\tx\n\t\ty\n", "a\x0cb\n", "a\x0b\x1c\u2028b\n"])
def test_tabs_and_form_feeds_in_code_stay(slide, text):
    assert slide(f"```\n{text}```").bullets[0].text == text
    assert "\tx" in toHTML(Markdown("```\n\tx\n```")) and "\tx" in toHTML(Notes("```\n\tx\n```"))


def test_a_wrapped_line_that_begins_with_a_year_stays_text(slide):
    assert [type(part) for part in slide("It was in\n2003. The talk was\n1. of three").bullets] == [
        Markdown,
        *[Bullet] * 1,
    ]
    assert slide("It was in\n2003. The talk").bullets[0].text == "It was in\n2003. The talk"


def test_a_list_begins_with_its_number(slide):
    (ordered,) = shown(slide("3. c\n4. d")).iter("ol")
    assert ordered.get("start") == "3"
    (ordered,) = shown(slide("- a\n\n  3. c\n  4. d")).iter("ol")
    assert ordered.get("start") == "3"


def test_two_numbered_lists_begin_with_their_own_numbers(slide):
    made = slide("1. a\n2. b\n\nBetween\n\n1. c")
    assert isinstance(made, NumSlide)
    assert [node.get("start") for node in shown(made).iter("ol")] == [None, None]
    assert [node.get("start") for node in shown(slide("1. a\n\nBetween\n\n2. b")).iter("ol")] == [None, "2"]


def test_a_list_of_another_kind_is_not_below_the_last_point(slide):
    body = shown(slide("1. a\n2. b\n\n- c\n"))
    assert [len(node) for node in body.iter("ol")] == [2]
    assert not list(body.find(".//ol").iter("ul"))


@pytest.mark.parametrize(
    ("fence", "language", "highlight"),
    [
        ("```python", "python", ()),
        ("``` python title=x", "python", ()),
        ("~~~~python", "python", ()),
        ("```js {2|3-4}", "js", [[2], [3, 4]]),
        ("```js{1,3}", "js", [1, 3]),
        ("```ts {all|2|4}{lines:true}", "ts", [[], [2], [4]]),
        ("```ts {monaco}", "ts", ()),
        ("```ts {none}", "ts", []),
        ("```", "", ()),
    ],
)
def test_a_fence_has_a_language_and_lines_that_stand_out(slide, fence, language, highlight):
    end = fence.strip()[0] * 5
    (code,) = slide(f"{fence}\na\nb\nc\nd\n{end}").bullets
    assert (code.text, code.language, list(code.highlight)) == ("a\nb\nc\nd\n", language, list(highlight))
    lines = {line for group in highlight for line in (group if isinstance(group, list) else [group])}
    assert len(list(shown(code).iter("mark"))) == len(lines)


def test_a_line_to_highlight_that_is_not_there_is_named(slide):
    with pytest.raises(LectureError, match="cannot highlight line 7 of the quotation: it has lines 1 to 1") as caught:
        toHTML(slide("```js {7}\na\n```"))
    assert caught.value.where.line == 5


def test_a_shorter_fence_within_a_longer_one_is_code(slide):
    (code,) = slide("````md\n```\nx\n```\n````").bullets
    assert code.text == "```\nx\n```\n"


def test_indented_code_is_code(slide):
    (code,) = slide("    x = 1\n\n    y").bullets
    assert isinstance(code, PRE) and code.text == "x = 1\n\ny\n"


def test_an_address_may_stand_on_another_slide(tmp_path):
    (tmp_path / "deck.md").write_text("# T\n## One\nSee [it][r].\n## Two\n[r]: https://example.org/x\n")
    slides = load_markdown(tmp_path / "deck.md").slides
    assert shown(slides[0]).find(".//a").get("href") == "https://example.org/x"
    assert text_of(shown(slides[1])).strip() == "Two"


def test_a_footnote_stands_at_the_end_of_its_slide(tmp_path):
    (tmp_path / "deck.md").write_text("# T\n## One\nx[^a]\n\n[^a]: first\n## Two\ny[^a]\n\n[^a]: second\n")
    one, two = load_markdown(tmp_path / "deck.md").slides
    assert "first" in text_of(shown(one)) and "second" in text_of(shown(two))
    ids = [node.get("id") for slide in (one, two) for node in shown(slide).iter() if node.get("id")]
    assert len(ids) == len(set(ids)) > 0


def test_definitions_quotations_tables_and_rules(slide):
    body = shown(slide("Reactor\n: waits\n\n> said\n\n| a |\n|:-:|\n| 1 |\n\n***\n\n~~no~~"))
    assert {"dl", "dt", "dd", "blockquote", "table", "hr", "s"} <= {node.tag for node in body.iter()}


def test_a_class_may_be_given_and_nothing_else():
    assert 'class="big"' in toHTML(Markdown("[x](https://example.org){.big onclick=y}"))


def test_headings_below_the_slides_stay_headings(slide):
    assert text_of(shown(slide("### Under\n\nwords")).find(".//h3")) == "Under"


def test_a_title_is_text(tmp_path):
    (tmp_path / "deck.md").write_text("# The `T` *talk* #\n\nOne\n===\n\nTwo  \nlines\n---\n\n")
    with pytest.raises(LectureError, match="one title"):
        load_markdown(tmp_path / "deck.md")
    (tmp_path / "deck.md").write_text("# The `T` *talk* #\n\nTwo & <b>lines</b>\n---\n\n")
    lecture = load_markdown(tmp_path / "deck.md")
    assert lecture.title == "The T talk"
    assert [slide.title for slide in lecture.slides] == ["Two & <b>lines</b>"]


# Formulas


@pytest.mark.parametrize("text", ["$\\frac{a}{b}$", "x $a_1$ y", "$$\n\\sum_{i=1}^n i\n$$", "| $x$ |\n|---|\n| 1 |"])
def test_a_formula_becomes_mathml(slide, text):
    for thing in (slide(text), Markdown(text), Bullet(Markdown(text)), Notes(text)):
        assert "<math" in toHTML(thing)
        assert [node.tag for node in shown(thing).iter() if node.tag.endswith("}mrow")]


@pytest.mark.parametrize("text", ["$5 and $6", "a $ b $ c", "`$x$`", "\\$x\\$", "$PATH and $HOME", "5$ or 6$"])
def test_a_dollar_is_a_dollar(text):
    assert "<math" not in toHTML(Markdown(text))


@pytest.mark.parametrize(
    ("text", "words"), [("$\\frac{$", "cannot typeset the formula"), ("a\nb $\\nosuch$", "\\nosuch")]
)
def test_a_formula_that_cannot_be_typeset_is_named_with_its_line(slide, text, words):
    with pytest.raises(LectureError) as caught:
        toHTML(slide(text))
    assert words in caught.value.message
    assert caught.value.where.line == 5 + text.count("\n")


def test_the_line_of_a_picture_that_is_missing_is_its_own(slide):
    with pytest.raises(LectureError) as caught:
        toHTML(slide("one\n\ntwo\nthree ![x](gone.png)"))
    assert caught.value.where.line == 8


def test_a_numbered_list_with_a_number_knows_it(slide):
    (point,) = slide("- a\n\n  5. b").bullets
    assert isinstance(point.texts[1], NumSubBullet) and point.texts[1].start == 5
