"""Slides as Markdown: read back by a reader of CommonMark, they say what the slide says, and nothing else."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from lecture.errors import LectureError
from lecture.outputs.notebooks.authored import as_authored
from lecture.outputs.notebooks.prose import folded, prose
from lecture.slides import (
    HTML,
    PRE,
    URL,
    Ask,
    Bullet,
    Center,
    Code,
    Element,
    Heading,
    Image,
    Markdown,
    Notes,
    NumSlide,
    Session,
    Slide,
    SubBullet,
)

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def read(markdown: str) -> str:
    """HTML of Markdown, as a reader of notebooks would make it."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


def page(*things: object, slide: type[Slide] = Slide) -> str:
    return read(prose(slide("x", *things)))


def text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


@pytest.mark.parametrize("words", [
    "plain", "a *b* _c_ **d** __e__ ~~f~~ `g`", "<script>alert(1)</script>", "&amp; &lt; &copy; <!-- x -->",
    "[a](http://b) ![c](d) [e]: f", "# no heading", "- no list", "+ no list", "* no list", "1. no list", "12) no list",
    "> no quotation", "=== ---", "---", "a | b", "| a | b |", "$x$ $$y$$ \\(z\\) \\[w\\] \\begin{x}",
    "back\\slash \\* \\\\",
    "“quotes” 'and' \"more\"", "👋🏽 עברית العربية", "C:\\new\\_folder", "```", "~~~", "https://example.org/?a=b&c=d",
    "a  b",
    "\x1b[31mred", "    no code", "<a@b.c>", "{braces}", "!", "no | table\n--|--",
])  # fmt: skip
@pytest.mark.parametrize("wrap", [lambda words: words, Bullet], ids=["text", "bullet"])
def test_a_string_is_text_to_the_letter(words, wrap):
    markup = page(wrap(words))
    shown = " ".join(words.replace("\x1b", "␛").split())
    assert text(markup) == shown
    assert set(re.findall(r"<(\w+)", markup)) <= {"p", "ul", "li"}


def test_dollars_and_backslashes_never_reach_a_reader_of_formulas():
    assert not set(prose(Slide("x", "$x$ \\(y\\)", Markdown("costs $5 or $6"), Bullet(Foreign("<b>$</b>"))))) & set(
        "$\\"
    )


def test_lists_nest_as_on_the_slide():
    words = prose(Slide(
        "x",
        Bullet("a", SubBullet(Bullet("b", SubBullet("c")), Bullet("d"))),
        Bullet("e", SubBullet("Problems:", Bullet("f"))),
        SubBullet(Bullet("g")),
        "between",
        Bullet("h"),
    ))  # fmt: skip
    assert words.split("\n") == [
        "- a", "  - b", "    - c", "  - d", "- e", "  Problems:", "", "  - f", "  - g", "", "between", "", "- h",
    ]  # fmt: skip


def test_a_numbered_slide_counts_on_after_an_interruption():
    assert prose(NumSlide("x", Bullet("a"), Bullet("b"), "text", Bullet("c"))) == "1. a\n2. b\n\ntext\n\n3. c"


def test_a_list_below_the_last_of_ten_stays_below_it():
    words = prose(NumSlide("x", *[Bullet(str(n)) for n in range(1, 11)], SubBullet(Bullet("a"))))
    assert words.endswith("\n9. 9\n10. 10\n    - a")
    assert "<li>10\n<ul>\n<li>a</li>" in read(words)


def test_words_and_links_in_a_row_are_one_sentence():
    assert page("See ", URL("http://a.b/c_d", "the *page*"), ".") == (
        '<p>See <a href="http://a.b/c_d">the *page*</a>.</p>\n'
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "java\tscript:x", "data:text/html,x", "http://a\n<b>"])
def test_an_address_that_could_run_script_is_no_link(address):
    assert "<a" not in page(URL(address, "x"))


def test_a_quotation_keeps_its_lines_and_fences_inside_it_do_not_end_it():
    markup = page(Bullet("Look:", PRE("```\n\n  <b> $x$\n```", "python")))
    assert '<pre><code class="language-python">```\n\n  &lt;b&gt; $x$\n```\n</code></pre>' in markup


def test_headings_and_centred_text_and_raw_html():
    markup = page(Heading(1, "h*1*"), Center("mid"), HTML("<details>\n<p>*raw*</p>\n\n<pre>a\n\nb</pre>\n</details>"))
    assert "<h3>h*1*</h3>" in markup and "<p>mid</p>" in markup
    assert text(markup).endswith("*raw*\n\na\n\nb")


class Foreign:
    """An author's own kind of thing."""

    def __init__(self, markup):
        self.markup = markup

    def toHTML(self):
        return self.markup


def test_foreign_markup_stays_in_its_sentence_and_its_words_are_not_read_as_markdown():
    assert page(Bullet("a ", Foreign('<b class="x">*b*</b>'), " c")) == (
        '<ul>\n<li>a <b class="x">*b*</b> c</li>\n</ul>\n'
    )


def test_a_foreign_slide_is_shown_by_its_html():
    class Own:
        title = "x"

        def toHTML(self):
            return "<div>own</div>"

    assert prose(Own()) == "<div>own</div>"


def test_programs_sessions_and_notes_are_not_prose():
    assert prose(Slide("x", Code("a/b.py"), Session("a"), Notes("n"), Ask("q?", "a"), Bullet("y"))) == "- y"


def test_a_question_has_its_answer_and_its_proof_in_a_fold():
    ask = Ask("Is `a` < *b*?", "Yes, <b>.\n\n- And $1", run="03_echo", shows="a < b")
    assert folded(ask) == (
        "<details><summary><b>Is <code>a</code> &lt; <em>b</em>?</b></summary>\n\n"
        "Yes, &lt;b>.\n\n- And &#36;1\n\n"
        "As 03\\_echo printed:\n\n```\na < b\n```\n\n</details>"
    )
    assert folded(Ask("Why?", "So.")) == "<details><summary><b>Why?</b></summary>\n\nSo.\n\n</details>"


def test_what_raises_names_its_line():
    class Broken(Element):
        role = "block"

    with pytest.raises(LectureError) as caught:
        prose(Slide("x", Bullet(Broken())))
    assert caught.value.where.file == Path(__file__)


def picture_in(markup: str) -> tuple[str, bytes]:
    found = re.search(r'<img alt="([^"]*)" src="data:image/[\w+]+;base64,([^"]*)">', markup)
    return html.unescape(found[1]), base64.b64decode(found[2])


def test_a_picture_is_inside_the_text(tmp_path):
    (tmp_path / "my_cat.png").write_bytes(PNG)
    image = Image(str(tmp_path / "my_cat.png"))
    assert picture_in(page(image)) == ("my cat", PNG)
    assert picture_in(read(as_authored("![a *cat*](my_cat.png 'title')", tmp_path))) == ("a *cat*", PNG)


def test_a_drawing_becomes_a_picture_on_light_paper():
    svg = '<svg style="width: 3em" viewBox="0 0 1 1"><title>A &lt; B</title><desc>Both.</desc>\n\n<path/></svg>'
    alt, content = picture_in(page(Foreign(f"<figure>{svg}</figure>")))
    assert alt == "A < B. Both."
    assert content.startswith(
        b'<svg xmlns="http://www.w3.org/2000/svg" style="color:#1c2430;background:#fff;width: 3em"'
    )
    assert b"background:#fff" in picture_in(page(Foreign("<svg><path style='x'/></svg>")))[1]


@pytest.mark.parametrize(("written", "meant"), [
    ("*a* <b>c</b>", "<p><em>a</em> &lt;b&gt;c&lt;/b&gt;</p>"),
    ("`<b> $x$` and $x$", "<p><code>&lt;b&gt; $x$</code> and $x$</p>"),
    ("``a ` <b>``", "<p><code>a ` &lt;b&gt;</code></p>"),
    ("```html\n<b>\n```\n<i>", '<pre><code class="language-html">&lt;b&gt;\n</code></pre>\n<p>&lt;i&gt;</p>'),
    ("~~~\n<b> $\n~~~", "<pre><code>&lt;b&gt; $\n</code></pre>"),
    ("a\n\n    <code> $x\n\nb", "<p>a</p>\n<pre><code>&lt;code&gt; $x\n</code></pre>\n<p>b</p>"),
    ("- a\n\n    <i>b</i>\n\nc", "<ul>\n<li>\n<p>a</p>\n<p>&lt;i&gt;b&lt;/i&gt;</p>\n</li>\n</ul>\n<p>c</p>"),
    ("<http://a.b/?c=d>", '<p><a href="http://a.b/?c=d">http://a.b/?c=d</a></p>'),
    ("[a](http://b.c) > d", '<p><a href="http://b.c">a</a> &gt; d</p>'),
    ("[a](javascript:b)", '<p><a href="#">a</a></p>'),
    ("[a]\n\n[a]: javascript:b", '<p><a href="#">a</a></p>'),
    ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
    ("costs \\$5", "<p>costs $5</p>"),
    ("$a<b$ and $$\nc\n$$", "<p>$a\\lt b$ and $$\nc\n$$</p>"),
    ("|a|\n|-|\n|<b>|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>&lt;b&gt;</td>\n</tr>"
                        "\n</tbody>\n</table>"),
])  # fmt: skip
def test_the_authors_markdown_is_obeyed_and_html_in_it_is_shown(written, meant, tmp_path):
    assert read(as_authored(written, tmp_path)).strip() == meant
