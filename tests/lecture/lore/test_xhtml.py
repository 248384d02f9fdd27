"""Reading XHTML: every element knows its place, and nothing outside the document is read."""

import pytest

from lecture.errors import LectureError
from lecture.lore.xhtml import MOST_DEEP, read

PUBLIC = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'


def root(tmp_path, text):
    path = tmp_path / "a.xhtml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path)


def problem(tmp_path, text):
    with pytest.raises(LectureError) as raised:
        root(tmp_path, text)
    return str(raised.value).removeprefix(f"{tmp_path / 'a.xhtml'}:")


def test_elements_and_characters_know_line_and_column(tmp_path):
    html = root(tmp_path, "<html>\n  <p>soup <em>now</em></p></html>")
    places = [(node.name, node.where.line, node.where.column) for node in html.walk()]
    assert places == [("html", 1, 1), ("p", 2, 3), ("em", 2, 11)]
    assert [(one.text, one.where.column) for one in html.texts()][1:] == [("soup ", 6), ("now", 15)]


@pytest.mark.parametrize("doctype", ["", PUBLIC, "<!DOCTYPE html>", '<!DOCTYPE html SYSTEM "file:///etc/passwd">'])
def test_characters_are_known_by_htmls_names_whatever_dtd_is_named(tmp_path, doctype):
    html = root(tmp_path, f'{doctype}<html><p title="a&mdash;b">&eacute;&lt;&LT;&amp;&AMP;&nbsp;&#8364;</p></html>')
    assert html.children[0].attributes == {"title": "a—b"}
    assert "".join(one.text for one in html.texts()) == "é<<&&\xa0€"


def test_the_text_of_an_element_leaves_out_what_is_no_part_of_the_sentence(tmp_path):
    html = root(tmp_path, '<p>soup <em> of\n the</em> day<span class="footnote">not today</span></p>')
    assert html.text == "soup of the day"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html><p>soup</html>", "1:16: the document is not well-formed: mismatched tag; <p>, which 1:7 opens, is not"),
        ("<html>\n<p>soup", "2:8: the document is not well-formed: no element found; <p>, which 2:1 opens, is not"),
        ("", "1:1: the document is not well-formed: no element found"),
        ("<p a=1/>", "1:6: the document is not well-formed: not well-formed (invalid token)"),
        ("<p>&soup;</p>", "1:4: no character is called &soup; in HTML"),
        ('<p\n title="&soup;"/>', "2:9: no character is called &soup; in HTML"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "1:1: <svg> is of the namespace http://www.w3.org/2000/svg, and"),
        (b"<p>\n\xff</p>", "2: the document is not UTF-8 text: save it as UTF-8"),
        ("<q>" * (MOST_DEEP + 1) + "</q>" * (MOST_DEEP + 1), f"1:{3 * MOST_DEEP + 1}: <q> stands in more than 50"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path, text, message):
    assert problem(tmp_path, text).startswith(message)


def test_names_in_comments_and_quoted_sections_are_left_alone(tmp_path):
    assert root(tmp_path, "<p><!-- &soup; --><![CDATA[&soup;]]></p>").text == "&soup;"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LectureError, match=r"cannot read '.*none\.xhtml': No such file"):
        read(tmp_path / "none.xhtml")


@pytest.mark.parametrize(
    "declared", ['<!ENTITY a "aa">', '<!ENTITY % a SYSTEM "/etc/passwd">%a;', '<!ENTITY a SYSTEM "x">']
)
def test_a_document_declares_no_entities(tmp_path, declared):
    message = problem(tmp_path, f"<!DOCTYPE p [{declared}]><p>&lt;</p>")
    assert message.endswith("the document declares the entity 'a': write what it stands for")
