"""A deck as one Markdown file has the same elements as one in Python, each with its line."""

from __future__ import annotations

import pytest

from lecture.decks.markdown import NumSubBullet, load_markdown
from lecture.errors import LectureError
from lecture.outputs.pages import write_site
from lecture.slides import (
    PRE,
    Ask,
    Bullet,
    Code,
    Cue,
    Image,
    Markdown,
    Notes,
    NumSlide,
    Session,
    Slide,
    SubBullet,
    TitleSlide,
    toHTML,
)
from tests.support.page_reader import dangers, page, parse_fragment, text_of

DECK = """\
# The Tutorial of Doom

A subtitle, *in short*

## The event driven waiter
- One waiter, **all** tables
    - no queue
      in the kitchen
    - no thread

      ```python
      # not a heading
      x = 1
      ```
* Same list <script>alert(1)</script>

A paragraph
of two lines.

![The loop](loop.svg)

```python
## not a slide
def f(): pass
```

:::notes
Say *this*.

## And not a slide either
:::

## How not to
1. First
2. Second
    1. inner

## Programs
::code 02_echo/server.py
::code 02_echo/server.py Echo 2-3,5
::code 02_echo/server.py - "transport.write"
::session 02_echo

## Part 2 {.title}
## Counted {.numbered}
- a
"""


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        (tmp_path / "deck.md").write_text(text, encoding="utf-8")
        (tmp_path / "loop.svg").write_text("<svg/>")
        return load_markdown(tmp_path / "deck.md")

    return loaded


def line_of(part, deck=DECK):
    return next(number for number, line in enumerate(deck.splitlines(), 1) if part in line)


def found(lecture, kind):
    return [part for part in lecture.walk() if type(part) is kind]


def test_headings_are_the_lecture_and_its_slides(load):
    lecture = load(DECK)
    assert lecture.title == "The Tutorial of Doom"
    assert [(type(slide), slide.title) for slide in lecture.slides] == [
        (TitleSlide, "The Tutorial of Doom"),
        (Slide, "The event driven waiter"),
        (NumSlide, "How not to"),
        (Slide, "Programs"),
        (TitleSlide, "Part 2"),
        (NumSlide, "Counted"),
    ]


def test_a_deck_without_opening_words_has_no_title_slide(load):
    assert [slide.title for slide in load("\n# T\n\n## One\n## Two\n").slides] == ["One", "Two"]


def test_bullets_nest_and_hold_code(load):
    top = [part for part in load(DECK).slides[1].bullets if isinstance(part, Bullet)]
    assert [part.texts[0].text for part in top][1] == "Same list <script>alert(1)</script>"
    below = top[0].texts[1]
    assert type(below) is SubBullet
    assert [bullet.texts[0].text for bullet in below.bullets] == ["no queue\nin the kitchen", "no thread"]
    assert below.bullets[1].texts[1].text == "# not a heading\nx = 1\n"


def test_a_numbered_list_below_a_point_is_numbered(load):
    assert len(found(load(DECK), NumSubBullet)) == 1


def test_fences_are_quotations_in_their_language(load):
    fence = found(load(DECK), PRE)[1]
    assert (fence.text, fence.language) == ("## not a slide\ndef f(): pass\n", "python")


def test_images_notes_code_and_sessions_are_elements(load):
    lecture = load(DECK)
    assert [(image.path, image.alt) for image in found(lecture, Image)] == [("loop.svg", "The loop")]
    assert [note.text for note in found(lecture, Notes)] == ["Say *this*.\n\n## And not a slide either\n"]
    assert [(code.file, code.name, code.highlight) for code in found(lecture, Code)] == [
        ("02_echo/server.py", None, ()),
        ("02_echo/server.py", "Echo", [2, 3, 5]),
        ("02_echo/server.py", None, "transport.write"),
    ]
    assert [session.example for session in found(lecture, Session)] == ["02_echo"]


@pytest.mark.parametrize(
    ("kind", "which", "part"),
    [
        (Slide, 0, "## The event"),
        (TitleSlide, 1, "## Part 2"),
        (Bullet, 0, "- One waiter"),
        (Bullet, 1, "- no queue"),
        (PRE, 0, "      ```python"),
        (Markdown, 0, "A subtitle"),
        (Image, 0, "![The loop]"),
        (Notes, 0, ":::notes"),
        (Code, 1, "Echo 2-3"),
        (Session, 0, "::session"),
    ],
)
def test_every_element_knows_its_line(load, tmp_path, kind, which, part):
    where = found(load(DECK), kind)[which].where
    assert (where.file, where.line) == (tmp_path / "deck.md", line_of(part))


def test_a_question_is_its_first_paragraph_and_the_rest_its_answer(load):
    text = '# T\n## S\n:::ask 03_echo "hello\\nworld" "python client.py"\nWho\nspeaks?\n\nHe.\n\n- Or she\n:::\n'
    (ask,) = found(load(text), Ask)
    assert (ask.question, ask.answer) == ("Who\nspeaks?", "He.\n\n- Or she")
    assert (ask.run, ask.shows, ask.command) == ("03_echo", "hello\nworld", "python client.py")
    assert ask.where.line == 3
    (ask,) = found(load("# T\n## S\n:::ask\nWho?\n\nHe.\n:::\n"), Ask)
    assert (ask.question, ask.answer, ask.run) == ("Who?", "He.", "")


def test_a_comment_is_a_cue_which_readers_never_see(load, tmp_path):
    lecture = load("# T\n## S\nwords\n\n<!-- wait for it -->\n")
    assert [cue.text for cue in found(lecture, Cue)] == ["wait for it"]
    write_site(lecture, tmp_path / "site")
    assert not any("wait for it" in path.read_text() for path in (tmp_path / "site").glob("*.html"))


def test_a_paragraph_a_table_and_a_quotation_are_markdown(load):
    body = parse_fragment(toHTML(load("# T\n## S\n| a |\n|---|\n| 1 |\n\n> said\n\npara\n").slides[0])).find("body")
    assert body.find(".//table") is not None and body.find(".//blockquote") is not None
    assert text_of(body).split()[-1] == "para"


def test_html_in_a_deck_is_text(load):
    markup = toHTML(
        load("# T\n## <b>S</b>\n- <img src=x onerror=y>\n\n<script>1</script>\n\n[x](javascript:1)\n").slides[0]
    )
    assert dangers(markup) == []
    assert "<script>1</script>" in text_of(parse_fragment(markup))


def test_the_pages_of_a_markdown_deck_are_valid(load, tmp_path):
    text = DECK.replace("::code", "say").replace("::session", "say")
    write_site(load(text), tmp_path / "site")
    for path in (tmp_path / "site").glob("*.html"):
        page(path)
    assert len(list((tmp_path / "site" / "images").iterdir())) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "begins with its title"),
        ("words\n# T\n", 1, "begins with its title"),
        ("## Slide\n", 1, "begins with its title"),
        ("# T\n## S\n# Again\n", 3, "one title"),
        ("# T\n## S {.wrong}\n", 2, "wrong"),
        ("# T\n## S\n\n```python\nx\n", 4, "closes this code"),
        ("# T\n## S\n\n```python {2-x}\nx\n```\n", 4, "cannot understand '{2-x}': write {2-4,7} for lines"),
        ("# T\n## S\n:::notes\nx\n", 3, "closes these notes"),
        ("# T\n## S\n:::ask\nx?\n\ny\n", 3, "closes this question"),
        ("# T\n## S\n:::ask 03_echo\nx?\n\ny\n:::\n", 3, "with its proof :::ask EXAMPLE"),
        ('# T\n## S\n:::ask 03_echo "x\nx?\n\ny\n:::\n', 3, "No closing quotation"),
        ("# T\n## S\n:::ask\nx?\n:::\n", 3, "the answer of an Ask is ''"),
        ("# T\n## S\n::movie x\n", 3, "::movie x"),
        ("# T\n## S\n:::warning\n:::\n", 3, ":::warning"),
        ("# T\n## S\n- a\n  - b\n    ::code a b c d\n", 5, "::code a b c d"),
        ("# T\n## S\n::session a b\n", 3, "::session a b"),
        ('# T\n## S\n::code "open\n', 3, "quotation"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_line(load, tmp_path, text, line, words):
    with pytest.raises(LectureError) as caught:
        load(text)
    assert words in caught.value.message
    assert (caught.value.where.file, caught.value.where.line) == (tmp_path / "deck.md", line)


@pytest.mark.parametrize("part", ["![x](gone.png)", "- see ![x](gone.png)", "```klingon\nx\n```"])
def test_what_cannot_be_drawn_is_named_with_its_line_and_slide(load, tmp_path, part):
    with pytest.raises(LectureError) as caught:
        write_site(load(f"# T\n## Waiters\n\n{part}\n"), tmp_path / "site")
    assert (caught.value.slide, caught.value.where.line) == ("Waiters", 4)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "latin.md").write_bytes(b"# caf\xe9\n")
    for name in ("gone.md", "latin.md"):
        with pytest.raises(LectureError, match=name) as caught:
            load_markdown(tmp_path / name)
        assert caught.value.where.file == tmp_path / name


def test_a_deck_may_begin_with_a_byte_order_mark_and_end_lines_as_windows_does(tmp_path):
    (tmp_path / "deck.md").write_bytes("\ufeff# T\r\n## S\r\n- a\r\n".encode())
    assert load_markdown(tmp_path / "deck.md").slides[0].title == "S"
