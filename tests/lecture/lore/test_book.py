"""Documents are written together, whole, or not at all."""

import pytest
from click.testing import CliRunner

from lecture.cli import commands
from lecture.errors import Failed, LectureError
from lecture.lore.book import write_latex, write_pages
from lecture.lore.html import Pages
from lecture.lore.latex import Kind
from tests.lecture.lore.documents import failures, write


def book(folder, one="<p>1</p>", two="<p>2</p>"):
    write(folder, one, "part/one.xhtml", "One")
    write(folder, two, "two.xhtml", "Two")
    links = '<li><a href="part/one.xhtml">1</a></li><li><a href="two.xhtml">2</a></li>'
    return write(folder, f'<ul class="toc">{links}</ul>', "book.xhtml", "Book")


def test_a_document_is_written_beside_itself(tmp_path):
    assert write_pages([write(tmp_path, "<p>soup</p>")], None, Pages()) == [tmp_path / "soup.html"]


def test_the_chapters_of_a_book_are_written_with_it_and_lead_to_each_other(tmp_path):
    term = '<p>1<span class="index" value="Salt"/></p>'
    files = write_pages([book(tmp_path / "in", one=term)], tmp_path / "out", Pages())
    assert [str(file.relative_to(tmp_path / "out")) for file in files] == [
        "book.html", "book-index.html", "part/one.html", "two.html",
    ]  # fmt: skip
    one = (tmp_path / "out/part/one.html").read_text()
    assert '<span class="up"><a href="../book.html">Book</a></span>' in one and 'class="prev"' not in one
    assert '<span class="next"><a href="../two.html">Two</a></span>' in one
    two = (tmp_path / "out/two.html").read_text()
    assert '<span class="prev"><a href="part/one.html">One</a></span>' in two
    assert '<span class="next"><a href="book-index.html">Index</a></span>' in two
    index = (tmp_path / "out/book-index.html").read_text()
    assert '<li>Salt: <a href="part/one.html#term-1">One</a></li>' in index and '<span id="term-1"></span>' in one


def test_links_to_pictures_lead_back_to_the_sources(tmp_path):
    (tmp_path / "dot.png").touch()
    write_pages([write(tmp_path, '<p><img src="dot.png" alt="."/></p>')], tmp_path / "a b/out", Pages())
    assert '<img src="../../dot.png" alt="." />' in (tmp_path / "a b/out/soup.html").read_text()


def test_a_mistake_in_a_chapter_leaves_all_as_it_was(tmp_path):
    path = book(tmp_path, two="<p><u>2</u></p>")
    [message] = failures(write_pages, [path], tmp_path / "out", Pages())
    assert message.endswith("two.xhtml:3:4: Lore knows no element <u>") and not (tmp_path / "out").exists()


def test_a_chapter_that_is_missing_is_told_where_the_book_lists_it(tmp_path):
    path = book(tmp_path)
    (tmp_path / "two.xhtml").unlink()
    [message] = failures(write_pages, [path], None, Pages())
    assert "book.xhtml:3:" in message and "'two.xhtml' leads nowhere" in message


def test_nothing_is_written_over_its_own_source_or_outside_the_folder(tmp_path):
    page = write(tmp_path, "<p>soup</p>", "soup.html")
    with pytest.raises(Failed):
        write_pages([page], None, Pages())
    assert failures(write_pages, [page], None, Pages()) == [
        f"{page}:1: it would be written over itself: say --into FOLDER"
    ]
    other = write(tmp_path / "sub", '<ul class="toc"><li><a href="../soup.html">a</a></li></ul>', "book.xhtml", "Book")
    [message] = failures(write_pages, [other], tmp_path / "out", Pages())
    assert "it lies outside" in message


def test_as_latex_the_chapters_of_a_book_lie_beside_it(tmp_path):
    """Whoever inputs a file from another folder looks for its pictures in the wrong place."""
    with pytest.raises(LectureError, match=r"one\.xhtml:1: LaTeX wants the chapters of 'book\.xhtml' in the folder"):
        write_latex([book(tmp_path / "in")], tmp_path / "out", Kind.ARTICLE)
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(LectureError, match=r"cannot write '.*out/soup\.html'"):
        write_pages([write(tmp_path, "<p>soup</p>")], tmp_path / "out", Pages())


def lore(*words):
    done = CliRunner().invoke(commands, ["lore", *map(str, words)])
    return done.exit_code, done.output, done.exception


def test_the_command_writes_pages_latex_and_lints(tmp_path):
    path = book(tmp_path)
    assert lore(path, "--into", tmp_path / "out")[:2] == (
        0, "".join(f"{tmp_path}/out/{name}\n" for name in ("book.html", "part/one.html", "two.html")),
    )  # fmt: skip
    status, output, _ = lore("--output", "latex", "--as", "section", path.with_name("two.xhtml"))
    assert (status, output) == (0, f"{tmp_path}/two.tex\n")
    assert (tmp_path / "two.tex").read_text().startswith("\n\\section{")
    status, output, _ = lore("--output", "lint", path)
    assert (status, output.strip()) == (0, "documents without a mistake: 3")


def test_the_command_says_how_an_api_is_named(tmp_path):
    status, output, _ = lore("--api", "reactor", write(tmp_path, "<p>soup</p>"))
    assert status == 2 and "'reactor': write PACKAGE=ADDRESS, with %s where the name stands" in output


def test_the_command_tells_every_mistake(tmp_path):
    _, _, raised = lore("--output", "lint", write(tmp_path, "<p><u>1</u><u>2</u></p>"))
    assert isinstance(raised, Failed) and len(raised.errors) == 2
