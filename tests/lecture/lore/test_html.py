"""Pages: what Lore's classes mean stands in their place, and the rest is as it was."""

from xml.dom import minidom

import pytest

from lecture.errors import LectureError
from lecture.lore.html import Pages, page
from tests.lecture.lore.documents import read, write

HERE = Pages()


def body_of(tmp_path, body, pages=HERE, written=()):
    text = page(read(tmp_path, body), pages, written).decode()
    minidom.parseString(text)  # well-formed
    return text.partition('<main class="body">')[2].partition("</main>")[0].strip()


def test_plain_markup_stays(tmp_path):
    assert body_of(tmp_path, "<p>a &lt; b &mdash; <em>c</em><br/></p>") == "<p>a &lt; b — <em>c</em><br /></p>"


def test_the_template_gets_title_contents_and_body(tmp_path):
    template = tmp_path / "t.xhtml"
    slots = '<h1 class="title"/><b class="toc"/><i class="body"/>'
    template.write_text(f'<html><head><title/></head><body class="x">{slots}</body></html>')
    text = page(read(tmp_path, "<h2>A &amp; b</h2><h3>C</h3><h2>D</h2>"), Pages(template=template), ()).decode()
    assert text == (
        '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Soup</title></head><body class="x">'
        '<h1 class="title">Soup</h1><b class="toc"><ul><li><a href="#a-b">A &amp; b</a><ul><li><a href="#c">C</a></li>'
        '</ul></li><li><a href="#d">D</a></li></ul></b><i class="body">\n<h2 id="a-b">A &amp; b</h2><h3 id="c">C</h3>'
        '<h2 id="d">D</h2>\n</i></body></html>\n'
    )  # fmt: skip


def test_a_slot_without_content_is_left_out(tmp_path):
    text = page(read(tmp_path, "<p>a</p>"), HERE, ()).decode()
    assert 'class="toc"' not in text and 'class="prev"' not in text


def test_a_template_that_is_not_well_formed_is_an_error(tmp_path):
    (tmp_path / "t.xhtml").write_text("<html><body>")
    with pytest.raises(LectureError, match=r"t\.xhtml:1:13: the document is not well-formed"):
        page(read(tmp_path, "<p>a</p>"), Pages(template=tmp_path / "t.xhtml"), ())


def test_names_of_sections_stay_and_never_collide(tmp_path):
    body = '<h2>Salt</h2><h2>Salt</h2><h2 id="salt-2">Pepper</h2><h2>Crème brûlée!</h2><h2>汤</h2>'
    names = [section.name for section in read(tmp_path, body).sections.values()]
    assert names == ["salt", "salt-3", "salt-2", "creme-brulee", "section"]


def test_sections_are_numbered_on_request(tmp_path):
    body = "<h2>A</h2><h3>B</h3><h3>C</h3><h2>D</h2>"
    written = body_of(tmp_path, body, Pages(numbered=True))
    assert [part.partition("<")[0] for part in written.split('class="number">')[1:]] == ["1", "1.1", "1.2", "2"]


def test_footnotes_stand_at_the_end_and_lead_back(tmp_path):
    note = '<span class="footnote">b<span class="footnote">c</span></span>'
    assert body_of(tmp_path, f"<p>a{note}</p>").split("\n") == [
        '<p>a<sup><a class="footnote" id="mark-1" href="#footnote-1">1</a></sup></p>',
        "",
        '<ol class="footnotes">',
        '<li id="footnote-1">b<sup><a class="footnote" id="mark-2" href="#footnote-2">2</a></sup> '
        '<a class="back" href="#mark-1" aria-label="back">↑</a></li>',
        '<li id="footnote-2">c <a class="back" href="#mark-2" aria-label="back">↑</a></li>',
        "</ol>",
    ]


def test_names_of_an_api_lead_to_where_their_package_is_described(tmp_path):
    pages = Pages(api={"reactor": "https://a.example/%s", "reactor.web": "https://w.example/#%s"})
    names = ('<code class="API" base="reactor">run()</code>', '<code class="API">reactor.web.x</code>')
    body = f'<p>{"".join(names)}<code class="API">os</code></p>'
    written = body_of(tmp_path, body, pages)
    assert 'href="https://a.example/reactor.run" title="reactor.run"><code class="API">run()</code></a>' in written
    assert 'href="https://w.example/#reactor.web.x"' in written and '<code class="API">os</code></p>' in written


def test_a_listing_is_the_programs_own_text_with_its_lines_numbers(tmp_path):
    (tmp_path / "soup.py").write_text("import salt\n\n\nclass Soup:\n    pass\n")
    written = body_of(tmp_path, '<p>\n<a class="py-listing" href="soup.py#Soup">Our soup</a></p>', Pages(linkrel="../"))
    assert '<span class="line">   4</span> <span class="k">class</span> <span class="nf">Soup</span>:' in written
    assert '<figcaption><a href="../soup.py">Our soup</a></figcaption>' in written and "<p>" not in written


def test_markup_in_a_listing_is_text(tmp_path):
    (tmp_path / "soup.txt").write_text("<script>]]>&amp;</script>\n")
    written = body_of(tmp_path, '<a class="listing" href="soup.txt">x</a><pre class="html">&lt;b&gt;</pre>')
    assert "&lt;script&gt;]]&gt;&amp;amp;&lt;/script&gt;" in written and "<b>" not in written


def test_links_lead_to_pages_of_documents_that_are_written_and_else_to_the_sources(tmp_path):
    other = write(tmp_path, '<p id="x">x</p>', "other.xhtml", "Other")
    body = '<p><a href="other.xhtml#x">a</a> <a href="https://a.example/b.html">b</a> <a href="soup.xhtml">c</a></p>'
    written = body_of(tmp_path, body, Pages(".htm", linkrel="../src/"), [other])
    assert written == (
        '<p><a href="other.htm#x">a</a> <a href="https://a.example/b.html">b</a> <a href="../src/soup.xhtml">c</a></p>'
    )


def test_a_box_says_what_it_is(tmp_path):
    body = '<div class="note"><p>a</p></div><div class="boxed"><p>b</p></div>'
    assert body_of(tmp_path, body) == body.replace("<p>a", "<p><strong>Note</strong></p><p>a")
