"""LaTeX: compiles without a warning, and prints what the document says."""

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest

from lecture.lore.book import write_latex
from lecture.lore.characters import escaped
from lecture.lore.latex import Kind, latex
from tests.lecture.lore.documents import read, write
from tests.peers.packages import why_missing

DOCS = Path(__file__).parents[3] / "docs" / "lore"
ALL = "<p>{}</p><p><code>{}</code></p>"


def body_of(tmp_path, body, kind=Kind.SECTION):
    return latex(read(tmp_path, body), kind).partition("\n\\section")[2].partition("\n")[2].strip()


def compiled(folder, name, times=3):
    """Run pdflatex, and makeindex. Returns what it complained about, and the text of the pages."""
    for _ in range(times):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=60)
        subprocess.run(["makeindex", "-q", f"{name}.idx"], cwd=folder, capture_output=True, timeout=60)
    log = (folder / f"{name}.log").read_text(errors="replace")
    complaints = [line for line in log.splitlines() if re.search(r"Warning|^!|^Overfull|Missing character", line)]
    assert done.returncode == 0, complaints
    text = subprocess.run(["pdftotext", "-layout", f"{name}.pdf", "-"], cwd=folder, capture_output=True, timeout=60)
    return complaints, text.stdout.decode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>50 % &amp; $x_1$ #2 {a} ~ ^ \\x</p>", None),
        ("<p>the <q>soup of <q>the</q> day</q></p>", "the ``soup of `the' day''"),
        ("<p><em>a</em> <strong>b</strong> x<sup>2</sup></p>", r"\emph{a} \textbf{b} x\textsuperscript{2}"),
        ('<p>a<span class="footnote">b</span></p>', r"a\footnote{b}"),
        ('<p>a<span class="index" value="salt!"/></p>', 'a\\index{salt"!}'),
        ("<ul><li>a</li></ul>", "\\begin{itemize}\n\\item{} a\n\\end{itemize}"),
        ('<div class="note"><p>a</p></div>', "\\begin{quote}\n\\textbf{Note}\n\na\n\n\\end{quote}"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "\\begin{description}\n\\item[{a}] b\n\\end{description}"),
        ("<p><code>reactor.defer</code></p>", r"\texttt{reactor.\allowbreak{}defer}"),
        ('<p><a href="https://a.example/x_y?b=%20#c">a</a></p>', r"\href{https://a.example/x\_y?b=\%20\#c}{a}"),
        ('<p><a href="https://a.example/}\\input{x">a</a></p>', r"\href{https://a.example/\%7D\%5Cinput\%7Bx}{a}"),
    ],
)
def test_markup_becomes_commands(tmp_path, body, expected):
    written = body_of(tmp_path, body)
    assert written == expected if expected else not re.search(r"(?<!\\)[%#$~^]", written)


def test_a_section_has_a_heading_a_plain_one_for_the_bookmarks_and_a_label(tmp_path):
    written = latex(read(tmp_path, "<h2>The <code>x_1</code></h2>"), Kind.CHAPTER)
    assert "\\chapter{\\texorpdfstring{Soup}{Soup}}\\label{soup:}" in written
    assert "\\section{\\texorpdfstring{The \\texttt{x" in written and "}\\label{soup:the-x-1}" in written


def test_no_character_of_a_document_is_a_command(tmp_path):
    for one in map(chr, {*range(0x20, 0x250)} - {0xA0}):  # ~ is LaTeX's own for a space that doesn't break
        assert not re.search(r"(?<!\\)[#$%&_~^]", escaped(one)), one
    assert escaped("\\{}") == r"{\textbackslash}{\{}{\}}"
    assert escaped("\\{", typed=True) == r"{\char92{}}{\char123{}}"


def test_what_cannot_be_printed_is_its_code_point():
    assert escaped("Жé汤") == r"\texttt{U+0416}{\'e}\texttt{U+6C64}"


@pytest.fixture
def tex():
    """Skips the test where LaTeX is not installed."""
    for program in ("pdflatex", "makeindex", "pdftotext"):
        if missing := why_missing(program):
            pytest.skip(missing)


def test_every_character_is_printed_without_a_warning(tmp_path, tex):
    numbers = [*range(0x21, 0x3000), *range(0xFB00, 0xFB07), *range(0x1D400, 0x1D7FF), 0x1F600, 0x4E00]
    printed = [one for one in map(chr, numbers) if unicodedata.category(one)[0] in "LMNPS" and one not in '"&<']
    lines = ["&#32;".join(printed[at : at + 20]) for at in range(0, len(printed), 20)]
    write(tmp_path, "".join(ALL.format(line, line) for line in lines))
    write_latex([tmp_path / "soup.xhtml"], None, Kind.ARTICLE)
    complaints, _ = compiled(tmp_path, "soup", times=2)
    assert [line for line in complaints if not line.startswith("Overfull")] == []


def test_the_book_about_lore_compiles_without_a_warning(tmp_path, tex):
    write_latex([DOCS / "index.xhtml"], tmp_path, Kind.ARTICLE)
    complaints, text = compiled(tmp_path, "index")
    assert complaints == [] and "is a small language for documents" in text and "Pages, paper and slides" in text


def test_a_book_compiles_without_a_warning_and_has_all_in_it(tmp_path, tex):
    (tmp_path / "soup.py").write_text('def soup():\n    return {"salt": r"\\n" \'x\' `~^%#&$}\n')
    (tmp_path / "dot.png").write_bytes(DOT)
    one = (
        '<h2>Salt &amp; <code>pepper_1</code></h2><p id="p">x<span class="footnote">n<pre>a_b {\n  \\c</pre></span></p>'
        '<p>See <a href="two.xhtml#deep">deep</a>, <a href="two.xhtml">two</a>, '
        '<a href="https://a.example/?a=1&amp;b=%20#c_d">out</a>'
        '<span class="index" value="salt"/></p><a class="py-listing" href="soup.py">Soup</a>'
        "<h3>B</h3><p><q>quoted</q></p>"
        '<table><caption>Prices</caption><tr><th>What</th><th>Price</th></tr><tr><td>soup</td><td>3</td></tr>'
        '<tr><td colspan="2"><pre>x</pre></td></tr></table><ol><li>1<ul><li>2</li></ul></li></ol><hr/>'
        '<p><img src="dot.png" alt="a dot"/></p><div class="note"><p>careful</p></div><dl><dt>t</dt><dd>d</dd></dl>'
    )  # fmt: skip
    write(tmp_path, one, "one.xhtml", "One")
    write(tmp_path, '<h2>Deep</h2><p><a href="one.xhtml#p">back</a></p>', "two.xhtml", "Two")
    links = '<li><a href="one.xhtml">One</a></li><li><a href="two.xhtml">Two</a></li>'
    write(tmp_path, f'<ul class="toc">{links}</ul>', "book.xhtml", "A book")
    write_latex([tmp_path / "book.xhtml"], tmp_path / "out", Kind.ARTICLE)
    complaints, text = compiled(tmp_path / "out", "book")
    assert complaints == []
    for words in ("A book", "Chapter 1", "1.1 Salt & pepper_1", "deep (page 7)", "“quoted”", "Prices", "salt, 5"):
        assert words in re.sub(r"[ \n]+", " ", text), words
    assert 'return {"salt": r"\\n" \'x\' `~^%#&$}' in text and "a_b {" in text


DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6360000000020001" "e221bc330000000049454e44ae426082"
)  # fmt: skip
