"""Writes a document as LaTeX that compiles without a warning.

Most elements are a pair of strings around what they hold: see the table. Listings are paragraphs of typewriter text and
no verbatim environment, so they can stand in footnotes and tables, and hold any character."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from urllib.parse import quote, urlsplit

from lecture.lore.characters import escaped
from lecture.lore.document import Document, Section, file_of, is_document, is_local, listing_in, listing_of
from lecture.lore.lint import cells_of, columns_of
from lecture.lore.subset import BOXES
from lecture.lore.xhtml import Node, Text


class Kind(Enum):
    """What a document becomes: a whole file, or a part of one that inputs it; and the commands of its headings."""

    ARTICLE = ("section", "subsection")
    SECTION = ("section", "subsection", "subsubsection")
    CHAPTER = ("chapter", "section", "subsection")


_PREAMBLE = r"""\documentclass{%s}
\usepackage[utf8]{inputenc}
\usepackage{amssymb}
\usepackage{array}
\usepackage{graphicx}
\usepackage{makeidx}
\usepackage[margin=25mm]{geometry}
\usepackage[hidelinks,unicode]{hyperref}
\hypersetup{pdftitle={%s}}
\makeindex
\setlength{\emergencystretch}{3em}
\raggedbottom
\setlength{\parindent}{0pt}
\setlength{\parskip}{.6em}
\hbadness=10000
\newsavebox{\drawn}
\newcommand{\widepicture}[1]{\sbox{\drawn}{\includegraphics{#1}}\ifdim\wd\drawn>\linewidth\resizebox{\linewidth}{!}{\usebox{\drawn}}\else\usebox{\drawn}\fi}
\newcommand{\listingline}[1]{\noindent\mbox{#1}\par}
\newenvironment{listing}{\par\medskip\begingroup\footnotesize\ttfamily\setlength{\parskip}{0pt}}{\endgroup\medskip}
"""
_AROUND = {
    "p": ("\n", "\n"), "em": (r"\emph{", "}"), "strong": (r"\textbf{", "}"), "b": (r"\textbf{", "}"),
    "i": (r"\textit{", "}"), "cite": (r"\textit{", "}"), "var": (r"\textit{", "}"), "dfn": (r"\textit{", "}"),
    "sup": (r"\textsuperscript{", "}"), "sub": (r"\textsubscript{", "}"), "abbr": ("", ""), "acronym": ("", ""),
    "ul": ("\n\\begin{itemize}\n", "\\end{itemize}\n"), "ol": ("\n\\begin{enumerate}\n", "\\end{enumerate}\n"),
    "li": ("\\item{} ", "\n"), "dl": ("\n\\begin{description}\n", "\\end{description}\n"),
    "dt": ("\\item[{", "}] "), "dd": ("", "\n"), "blockquote": ("\n\\begin{quote}\n", "\n\\end{quote}\n"),
    "br": ("\\newline\n", ""),
    "hr": ("\n\\noindent\\hrulefill\n", ""), "code": (r"\texttt{", "}"), "tt": (r"\texttt{", "}"),
    "kbd": (r"\texttt{", "}"), "samp": (r"\texttt{", "}"),
}  # fmt: skip
_TYPED = ("code", "tt", "kbd", "samp")
_BREAKS = re.compile(r"(?<=[._/])(?=\w)")


def label(path: Path, place: str) -> str:
    """The name of a place in a document, as `\\label` has it: unlike places of other documents in a book."""
    return re.sub(r"[^A-Za-z0-9:-]", lambda odd: f"-{ord(odd[0]):x}-", f"{path.stem}:{place}")


def latex(document: Document, kind: Kind, together: Iterable[Path] = (), linkrel: str = "") -> str:
    """A document as LaTeX: a whole file for Kind.ARTICLE, else one that another inputs.

    together: the documents in the same book; a link to one of them is a reference with the number of a page.
    linkrel: as in Pages, for pictures.
    """
    writer = _Writer(document, kind, {path.resolve() for path in (*together, document.path)}, linkrel)
    title, body = escaped(document.title), writer.flow(document.body)
    if kind is not Kind.ARTICLE:
        return f"{writer.heading(document.title, title, kind.value[0], '')}{body}"
    index = "\\printindex\n" if writer.has_terms else ""
    parts = (
        _PREAMBLE % ("article", title),
        "\\begin{document}\n",
        f"\\title{{{title}}}\\author{{}}\\date{{}}\\maketitle\n",
    )
    return "".join((*parts, body, index, "\\end{document}\n"))


def book(document: Document, chapters: Iterable[Path], together: Iterable[Path] = (), linkrel: str = "") -> str:
    """The file of a book: its own text, its contents, and each chapter's file by `\\input`; all lie in one folder.

    together, linkrel: as in `latex`.
    """
    writer = _Writer(document, Kind.CHAPTER, {path.resolve() for path in (*together, document.path)}, linkrel)
    own = [one for one in document.body if isinstance(one, Text) or (one.name, one.kind) != ("ul", "toc")]
    inputs = "".join(f"\\input{{{chapter.stem}}}\n" for chapter in chapters)
    title = escaped(document.title)
    return (
        f"{_PREAMBLE % ('book', title)}\\begin{{document}}\n\\title{{{title}}}\\author{{}}\\date{{}}\\maketitle\n"
        f"{writer.flow(own)}\\tableofcontents\n{inputs}\\printindex\n\\end{{document}}\n"
    )


class _Writer:
    """Writes one document. has_terms: whether it had an entry for the index."""

    def __init__(self, document: Document, kind: Kind, together: set[Path], linkrel: str) -> None:
        self._document = document
        self._linkrel = linkrel
        self._commands = kind.value if kind is Kind.ARTICLE else kind.value[1:]
        self._together = together
        self._quotes = 0
        self.has_terms = False
        self._special: dict[str, Callable[[Node], str]] = {
            "h2": self._section, "h3": self._section, "a": self._link, "img": self._image, "span": self._span,
            "q": self._quote, "table": self._table, "div": self._box,
        }  # fmt: skip

    def flow(self, children: Iterable[Node | Text], typed: bool = False) -> str:
        """LaTeX of elements and characters. typed: as typewriter text, which may be broken after `.`, `_`, `/`."""
        return "".join(self._text(one.text, typed) if isinstance(one, Text) else self._node(one) for one in children)

    def heading(self, plain: str, rich: str, command: str, place: str) -> str:
        """A heading, and the name by which links find it."""
        named = f"\\label{{{label(self._document.path, place)}}}"
        return f"\n\\{command}{{\\texorpdfstring{{{rich}}}{{{escaped(plain)}}}}}{named}\n"

    def _text(self, text: str, typed: bool) -> str:
        text = re.sub(r"[ \t\r\n]+", " ", text)
        if not typed:
            return escaped(text)
        return "\\allowbreak{}".join(escaped(piece, typed) for piece in _BREAKS.split(text))

    def _node(self, node: Node) -> str:
        if (listing := listing_in(node)) is not None:
            return self._listing(listing)
        target = (
            self._target(node.attributes["id"]) if node.attributes.get("id") and node.name not in ("h2", "h3") else ""
        )
        if special := self._special.get(node.name):
            return target + special(node)
        before, after = _AROUND[node.name]
        return before + target + self.flow(node.children, node.name in _TYPED) + after

    def _target(self, place: str) -> str:
        return f"\\phantomsection\\label{{{label(self._document.path, place)}}}"

    def _section(self, node: Node) -> str:
        section: Section = self._document.sections[id(node)]
        command = self._commands[len(section.number) - 1]
        return self.heading(node.text, self.flow(node.children), command, section.name)

    def _link(self, node: Node) -> str:
        target = self._target(node.attributes["name"]) if node.attributes.get("name") else ""
        text, address = self.flow(node.children), node.attributes.get("href", "")
        if not address:
            return target + text
        file, parts = file_of(self._document.path, address), urlsplit(address)
        if is_local(address) and file.resolve() in self._together:
            place = label(file, parts.fragment)
            return f"{target}\\hyperref[{place}]{{{text}}} (page~\\pageref{{{place}}})"
        if is_local(address) and is_document(address):
            address = parts._replace(path=f"{parts.path.rpartition('.')[0]}.pdf", fragment="").geturl()
        return f"{target}\\href{{{_address(address)}}}{{{text}}}"

    def _image(self, node: Node) -> str:
        return f"\\widepicture{{{self._linkrel}{node.attributes['src']}}}"

    def _quote(self, node: Node) -> str:
        self._quotes += 1
        inside = self.flow(node.children)
        self._quotes -= 1
        return f"`{inside}'" if self._quotes % 2 else f"``{inside}''"

    def _span(self, node: Node) -> str:
        if node.kind == "footnote":
            return f"\\footnote{{{self.flow(node.children).strip()}}}"
        if node.kind == "index":
            self.has_terms = True
            return f"\\index{{{term(node)}}}{self.flow(node.children)}"
        return self.flow(node.children)

    def _box(self, node: Node) -> str:
        word = f"\\textbf{{{BOXES[node.kind]}}}\n" if BOXES.get(node.kind) else ""
        return f"\n\\begin{{quote}}\n{word}{self.flow(node.children)}\n\\end{{quote}}\n"

    def _listing(self, node: Node) -> str:
        text, _, _ = listing_of(node, self._document)
        lines = "".join(f"\\listingline{{{_typed_line(line)}}}\n" for line in text.expandtabs().split("\n"))
        caption = f"\\begin{{center}}\\small {self.flow(node.children)}\\end{{center}}\n" if node.name == "a" else ""
        return f"\n\\begin{{listing}}\n{lines}\\end{{listing}}\n{caption}"

    def _table(self, node: Node) -> str:
        rows = [cells_of(row) for row in node.find("tr")]
        columns = max(sum(map(columns_of, row)) for row in rows)
        width = 0.9 / columns
        lines = "".join(self._row(row, width) for row in rows)
        captions = "".join(f"{self.flow(one.children)}\\\\[1ex]\n" for one in node.find("caption"))
        shape = "|" + f"p{{{width:.3f}\\linewidth}}|" * columns
        narrow = f"\\setlength{{\\tabcolsep}}{{{0.04 / columns:.3f}\\linewidth}}"
        table = f"\\begin{{tabular}}{{{shape}}}\n\\hline\n{lines}\\end{{tabular}}"
        return f"\n\\begin{{center}}\n{captions}{narrow}{table}\n\\end{{center}}\n"

    def _row(self, cells: list[Node], width: float) -> str:
        written = []
        for cell in cells:
            inside = "\\raggedright\\arraybackslash " + self.flow(cell.children).strip()
            if cell.name == "th":
                inside = f"\\bfseries {inside}"
            if (wide := columns_of(cell)) > 1:
                inside = f"\\multicolumn{{{wide}}}{{|p{{{width * wide:.3f}\\linewidth}}|}}{{{inside}}}"
            written.append(inside)
        return " & ".join(written) + " \\\\ \\hline\n"


def term(node: Node) -> str:
    """What an entry of the index says, as makeindex reads it: its own signs are quoted."""
    said = node.attributes.get("value") or node.text
    return re.sub(r'([!@|"])', r'"\1', escaped(said))


def _address(address: str) -> str:
    """An address for `\\href`, which takes these signs with a backslash; what no address may hold is written as %XX."""
    return re.sub(r"([%#&_~])", r"\\\1", quote(address, safe="!#$%&'()*+,-./:;=?@[]_~"))


def _typed_line(line: str) -> str:
    return (
        escaped(line, typed=True).replace("  ", "~ ").replace("  ", "~ ").replace(" ", "~")
        if line.strip()
        else "\\strut"
    )
