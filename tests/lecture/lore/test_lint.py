"""Lint tells every mistake of a document, and where it is."""

import pytest

from lecture.lore.lint import read_all
from tests.lecture.lore.documents import failures, said, write

MISTAKES = [
    ("<blink>soup</blink>", "3:1: Lore knows no element <blink>"),
    ("<script>alert()</script>", "3:1: Lore knows no element <script>"),
    ('<p onclick="x()">soup</p>', "3:1: <p> has no attribute 'onclick' in Lore"),
    ('<p style="color: red">soup</p>', "3:1: <p> has no attribute 'style' in Lore"),
    ('<p class="big">soup</p>', "3:1: <p> knows no class 'big': it has none"),
    ('<pre class="cobol">x</pre>', "3:1: <pre> knows no class 'cobol': it may have 'python', "),
    ("soup", "3:1: 'soup' stands directly in <body>: put it into an element"),
    ("<p>a<p>b</p></p>", "3:5: <p> can't stand in <p>"),
    ("<ul><p>b</p></ul>", "3:5: <p> can't stand in <ul>"),
    ('<a href="http://a.example/">b</a>', "3:1: a link can't stand in <body>: put it into a paragraph"),
    ('<p><img src="soup.png"/></p>', "3:4: <img> lacks its 'alt'"),
    ("<h3>Salt</h3>", "3:1: <h3> follows no <h2>: a section has no part before it begins"),
    ("<h2> </h2>", "3:1: <h2> is empty"),
    ("<h2>A</h2><h1>Soup</h1>", "3:11: a document has one <h1>, this has 2"),
    ('<p id="a">a</p><p id="a">b</p>', "3:16: the name 'a' is already that of <p> at 3:1"),
    ('<p id="a">a</p><p><a name="a">b</a></p>', "3:19: the name 'a' is already that of <p> at 3:1"),
    ('<p>the "best" soup</p>', "3:8: 'the \"best\" soup' has quotation marks: write <q>…</q>"),
    ("<pre>" + "x" * 81 + "</pre>", "3:1: line 1 of the listing has 81 columns, a page has 80"),
    ('<p><a href="none.xhtml">x</a></p>', "3:4: 'none.xhtml' leads nowhere: there is no file 'none.xhtml' there"),
    ('<p><a href="#none">x</a></p>', "3:4: '#none' leads nowhere: soup.xhtml has no place called 'none'"),
    ('<p><a href="javascript:x()">x</a></p>', "3:4: 'javascript:x()' is of the scheme 'javascript', which no"),
    ('<p><a href="JavaScript:x()">x</a></p>', "3:4: 'JavaScript:x()' is of the scheme 'javascript', which no"),
    ('<p><img src="data:image/png,x" alt="x"/></p>', "3:4: 'data:image/png,x' is of the scheme 'data', which no"),
    ('<a class="py-listing" href="../../etc/passwd">x</a>', "3:1: '../../etc/passwd' is neither beside the"),
    ('<a class="py-listing" href="none.py">x</a>', "3:1: "),
    ("<table/>", "3:1: <table> has no rows"),
    ("<table><tr><td>1</td><td>2</td></tr><tr><td>1</td><td>2</td></tr><tr><td>1</td></tr></table>",
     "3:66: this row has 1 columns, the others have 2"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_a_mistake_is_told(tmp_path, body, message):
    assert any(one.startswith(message) for one in said(write(tmp_path, body))), said(write(tmp_path, body))


def test_a_listing_that_names_no_part_of_its_program_is_told_where_the_document_asks(tmp_path):
    (tmp_path / "soup.py").write_text("class Soup: pass\n")
    [message] = said(write(tmp_path, '<a class="py-listing" href="soup.py#Salad">x</a>'))
    assert message.startswith("3:1: ") and "Salad" in message


def test_title_and_heading_say_the_same(tmp_path):
    path = tmp_path / "a.xhtml"
    path.write_text("<html><head><title>Soup</title></head><body><h1>Salad</h1></body></html>")
    assert said(path) == ["1:45: <h1> is 'Salad', and <title> is 'Soup': make them equal"]
    path.write_text("<html><head/><body/></html>")
    assert said(path) == ["1:1: a document has one <title>, this has 0", "1:1: a document has one <h1>, this has 0"]
    path.write_text("<soup/>")
    assert said(path)[0] == "1:1: a document is <html>, this is <soup>"


def test_all_mistakes_of_all_documents_are_told_in_one_run(tmp_path):
    one = write(tmp_path, "<blink/>\n<p><u>soup</u></p>", "one.xhtml")
    two = tmp_path / "two.xhtml"
    two.write_text("<p>")
    lines = failures(read_all, [one, two])
    assert [line.removeprefix(f"{tmp_path}/").partition(" ")[0] for line in lines] == [
        "two.xhtml:1:4:", "one.xhtml:3:1:", "one.xhtml:4:4:",
    ]  # fmt: skip


def test_places_of_other_documents_are_looked_for_there(tmp_path):
    write(tmp_path, '<h2>The salt</h2><p id="x">x</p>', "other.xhtml", "Other")
    good = '<p><a href="other.xhtml#the-salt">a</a> <a href="other.xhtml#x">b</a> <a href="other.xhtml">c</a></p>'
    assert said(write(tmp_path, good)) == []
    [message] = said(write(tmp_path, '<p><a href="other.xhtml#pepper">a</a></p>'))
    assert message == "3:4: 'other.xhtml#pepper' leads nowhere: other.xhtml has no place called 'pepper'"


def test_a_document_that_says_all_that_lore_can_say_has_no_mistake(tmp_path):
    (tmp_path / "soup.png").write_bytes(b"")
    body = (
        '<h2 id="a">A</h2><p>soup <q>now</q> <code class="API" base="reactor">x</code><br/><a name="b">b</a>'
        '<span class="footnote">or <pre>x "y"</pre></span><span class="index" value="soup"/> <kbd>"x"</kbd></p>'
        '<h3>B</h3><div class="note"><p>n</p></div><ul class="toc"><li>a<ol><li><p>b</p></li></ol></li></ul>'
        '<table><caption>c</caption><thead><tr><th>a</th><th>b</th></tr></thead>'
        '<tbody><tr><td colspan="2">c</td></tr></tbody></table><dl><dt>a</dt><dd>b</dd></dl><hr/>'
        '<blockquote><p>x<sup>2</sup></p></blockquote><p><img src="soup.png" alt="soup"/></p>'
        '<pre class="python">print("soup")</pre><p><a href="mailto:a@b.example">m</a> <a href="//c.example/">n</a></p>'
    )  # fmt: skip
    assert said(write(tmp_path, body)) == []
