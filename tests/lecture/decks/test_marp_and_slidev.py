"""Decks that were written for Marp or Slidev."""

from __future__ import annotations

import pytest

from lecture.decks.markdown import load_markdown
from lecture.errors import LectureError
from lecture.outputs.pages import write_site
from lecture.slides import PRE, Bullet, Image, Notes, NumSlide, Slide, TitleSlide, toHTML
from tests.support.page_reader import page, parse_fragment, text_of

MARP = """\
---
marp: true
theme: gaia
paginate: true
title: Event loops
---

<!-- _class: lead -->
# <!-- fit --> Event loops

Who waits for whom

<!--
Say hello.

---

Wait for silence.
-->

---

# The waiter

- One waiter <!-- him --> for all tables
- No queue

![bg right:40% w:300](loop.svg)

<style scoped>
h1 { color: red; }
</style>

---

## Code

```js {2|3-4}
const a = 1;
const b = 2;

---
```

1<br>2

***

$$
x = \\frac{a}{b}
$$
"""
SLIDEV = """\
---
theme: seriph
title: Slides of theirs
lang: de
layout: cover
---

# Loops

by somebody

<!--
The last comment is the note.
-->

---
layout: two-cols
class: text-center
---

# Two columns

left

::right::

right

---
layout: section
---

# Part two

---

1. first
2. second

---
src: ./pages/more.md
---
"""


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        (tmp_path / "deck.md").write_text(text, encoding="utf-8")
        (tmp_path / "loop.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        return load_markdown(tmp_path / "deck.md")

    return loaded


def found(thing, kind):
    return [part for part in thing.walk() if isinstance(part, kind)]


def shown(slide):
    return text_of(parse_fragment(toHTML(slide)))


def test_three_dashes_divide_the_slides_of_marp_and_other_rules_do_too(load):
    lecture = load(MARP)
    assert lecture.title == "Event loops"
    assert [(type(slide), slide.title) for slide in lecture.slides[:3]] == [
        (TitleSlide, "Event loops"),
        (Slide, "The waiter"),
        (Slide, "Code"),
    ]
    assert len(lecture.slides) == 4


def test_comments_are_notes_and_are_never_shown_to_the_audience(load):
    lecture = load(MARP)
    assert [note.text for note in found(lecture, Notes)] == ["Say hello.\n\n---\n\nWait for silence.", "him"]
    assert [note.where.line for note in found(lecture, Notes)] == [13, 25]
    for words in ("Say hello", "silence", "him", "fit", "_class", "lead", "color: red", "<!--"):
        assert words not in "".join(map(shown, lecture.slides))


def test_code_pictures_and_formulas_of_marp(load):
    lecture = load(MARP)
    (code,) = found(lecture, PRE)
    assert (code.language, code.highlight, code.text.count("---")) == ("js", [[2], [3, 4]], 1)
    (picture,) = found(lecture, Image)
    assert (picture.path, picture.alt) == ("loop.svg", "")
    assert "<mfrac>" in toHTML(lecture.slides[3])
    assert [node.tag for node in parse_fragment(toHTML(lecture.slides[2])).iter("br")] == ["br"]


def test_the_pages_of_marp_decks_are_valid(load, tmp_path):
    write_site(load(MARP), tmp_path / "site")
    for path in (tmp_path / "site").glob("*.html"):
        page(path)
        assert "hello" not in path.read_text()
    assert '<h1 class="unseen" dir="auto">Slide 4</h1>' in (tmp_path / "site" / "slide-04.html").read_text()


def test_settings_of_slidev_are_no_text(load):
    lecture = load(SLIDEV.replace("---\nsrc: ./pages/more.md\n---\n", ""))
    assert (lecture.title, lecture.lang) == ("Slides of theirs", "de")
    assert [(type(slide).__name__, slide.title) for slide in lecture.slides[:3]] == [
        ("TitleSlide", "Loops"),
        ("Slide", "Two columns"),
        ("TitleSlide", "Part two"),
    ]
    assert len(found(lecture.slides[3], Bullet)) == 2
    audience = "".join(map(shown, lecture.slides))
    for words in ("layout", "class", "theme", "::right::", "last comment"):
        assert words not in audience
    assert "left" in audience and "right" in audience
    assert [note.text for note in found(lecture, Notes)] == ["The last comment is the note."]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (SLIDEV, 41, "slides in another file are not read"),
        ("# A\n\n---\n\n```mermaid\ngraph TD\n```\n", 5, "a diagram in mermaid can't be drawn"),
        ("# A\n\n---\n\n```plantuml {scale: 0.8}\nx\n```\n", 5, "a diagram in plantuml"),
        ("# A\n\n---\n\n<Tweet id='1' />\n", 5, "\"<Tweet id='1' />\" can't be shown"),
        ("# A\n\n---\n\ntext\nand <kbd>x</kbd>\n", 6, "'<kbd>' can't be shown"),
        ("# A\n\n---\n\ntext <!-- open\n", 5, "a comment begins here and is never closed"),
        ("# A\n\n---\n\n<!-- open\n\n---\n\n# B\n", 5, "a comment begins here and is never closed"),
        ("# A\n\n---\n\n![bg](https://example.org/x.png)\n", 5, "is no picture file"),
        ("# A\n\n---\n\n<!-- a -->\n\n<div>x</div> <!-- b", 7, "never closed"),
    ],
)
def test_what_cannot_be_shown_is_named_with_its_line(load, tmp_path, text, line, words):
    with pytest.raises(LectureError) as caught:
        write_site(load(text), tmp_path / "site")
    assert words in caught.value.message
    assert (caught.value.where.file, caught.value.where.line) == (tmp_path / "deck.md", line)


@pytest.mark.parametrize("front", ["", "---\nmarp: true\n---\n\n"])
def test_a_slide_whose_first_line_follows_its_rule_directly_is_no_settings(load, front):
    lecture = load(f"{front}# A\n\n---\n# B\n- x\n\n---\n- y\n- z\n\n---\nNote: w\n\n---\n")
    assert [slide.title for slide in lecture.slides][:2] == ["A", "B"]
    assert all(word in "".join(map(shown, lecture.slides)) for word in "xyzw")


def test_headings_divide_where_marp_is_told_so(load):
    front = "---\nmarp: true\nheadingDivider: 2\n---\n\n# One\n\ntext\n\n## Two\n\n### Below\n\n# Three\n"
    assert [slide.title for slide in load(front).slides] == ["One", "Two", "Three"]
    front = front.replace("headingDivider: 2", "headingDivider: [2]")
    assert [slide.title for slide in load(front).slides] == ["One", "Two"]


def test_a_single_slide_of_marp_is_one(load):
    lecture = load("---\nmarp: true\n---\n\n## Only\n\n- a\n")
    assert (lecture.title, [slide.title for slide in lecture.slides]) == ("Only", ["Only"])


def test_our_own_deck_may_have_front_matter_and_comments(load):
    lecture = load(
        "---\nauthor: me\n---\n<!-- first -->\n# T\n<!-- second -->\n## One\n- a <!-- third -->\n> x <!-- fourth -->\n"
    )
    assert [slide.title for slide in lecture.slides] == ["One"]
    assert [note.text for note in found(lecture, Notes)] == ["first", "second", "third", "fourth"]
    assert "first" not in shown(lecture.slides[0]) and "<!--" not in shown(lecture.slides[0])


def test_what_marp_would_obey_is_a_note_in_our_own_deck(load):
    lecture = load("# T\n## One\n<!-- title: wait for silence -->\n\n<!-- fit -->\n")
    assert [note.text for note in found(lecture, Notes)] == ["title: wait for silence", "fit"]


def test_a_comment_in_code_is_code(load):
    lecture = load("# T\n## One\n`<!-- a -->`\n\n```html\n<!-- b -->\n```\n")
    assert found(lecture, Notes) == []
    assert "<!-- a -->" in shown(lecture.slides[0]) and "<!-- b -->" in shown(lecture.slides[0])


def test_a_numbered_slide_of_theirs_is_numbered(load):
    assert isinstance(load("# A\n\n---\n\n# B\n\n1. x\n2. y\n").slides[1], NumSlide)
