"""Holds documents to the table of `subset`, and to what a table can't say. Every mistake is told, with its place.

What lint lets through can be written as a page and as LaTeX: so both begin with it, and neither has cases of its own
for documents that make no sense.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from lecture.errors import Failed, LectureError
from lecture.lore.document import Document, file_of, is_document, is_local, listing_in, listing_of
from lecture.lore.subset import ANYWHERE, LISTINGS, MOST_WIDE, RULES, SECTIONS, holds_characters, may_hold
from lecture.lore.xhtml import Node, Text
from lecture.programs.examples import find_folder

SCHEMES = ("", "http", "https", "ftp", "mailto", "news", "irc")
_AS_TYPED = ("pre", "code", "kbd", "samp", "tt", "title", "h1")  # elements in which `"` may be meant


def read_all(paths: Iterable[Path]) -> list[Document]:
    """Documents without a mistake. Raises Failed with all mistakes of all of them."""
    documents, errors = list[Document](), list[LectureError]()
    for path in paths:
        try:
            documents.append(Document.of(path))
        except LectureError as error:
            errors.append(error)
    known = {document.path.resolve(): document for document in documents}
    for document in documents:
        errors += mistakes(document, known)
    if errors:
        raise Failed(errors)
    return documents


def mistakes(document: Document, known: dict[Path, Document]) -> list[LectureError]:
    """What is wrong with a document, in the order of its lines. known: others that were read; more are put there."""
    rules: tuple[Callable[[Document], Iterator[LectureError]], ...] = (
        _structure, _titles, _order, _names, _quotes, _tables, _listings, lambda one: _links(one, known),
    )  # fmt: skip
    errors = [error for rule in rules for error in rule(document)]
    return sorted(errors, key=lambda error: (error.where.line, error.where.column) if error.where else (0, 0))


def _error(node: Node, message: str) -> LectureError:
    return LectureError(message, where=node.where)


# --- by the table


def _structure(document: Document) -> Iterator[LectureError]:
    if document.root.name != "html":
        yield _error(document.root, f"a document is <html>, this is <{document.root.name}>")
    for node in document.root.walk():
        if node.name in RULES:
            yield from _attributes(node)
            for child in node.children:
                yield from _child(node, child)
        elif node is not document.root:
            yield _error(node, f"Lore knows no element <{node.name}>")


def _attributes(node: Node) -> Iterator[LectureError]:
    rule = RULES[node.name]
    for name in node.attributes.keys() - ANYWHERE - {*rule.may, *rule.needs}:
        yield _error(node, f"<{node.name}> has no attribute {name!r} in Lore")
    for name in rule.needs:
        if name not in node.attributes:
            yield _error(node, f"<{node.name}> lacks its {name!r}")
    if node.kind and node.kind not in rule.kinds:
        known = f"it may have {', '.join(map(repr, rule.kinds))}" if rule.kinds else "it has none"
        yield _error(node, f"<{node.name}> knows no class {node.kind!r}: {known}")


def _child(node: Node, child: Node | Text) -> Iterator[LectureError]:
    rule = RULES[node.name]
    if isinstance(child, Text):
        if child.text.strip() and not holds_characters(rule):
            place = child.place(len(child.text) - len(child.text.lstrip()))
            wrong = f"{_cut(child.text)} stands directly in <{node.name}>: put it into an element"
            yield LectureError(wrong, where=place)
    elif child.name in RULES and child.name not in may_hold(rule):
        yield _error(child, f"<{child.name}> can't stand in <{node.name}>")
    elif child.name == "a" and rule.holds == "flow" and listing_in(child) is None:
        yield _error(child, f"a link can't stand in <{node.name}>: put it into a paragraph")


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= 40 else words[:39] + "…")


# --- headings and names


def _titles(document: Document) -> Iterator[LectureError]:
    titles, headings = list(document.root.find("title")), list(document.root.find("h1"))
    for name, found in (("title", titles), ("h1", headings)):
        if len(found) != 1:
            yield _error(found[1] if found else document.root, f"a document has one <{name}>, this has {len(found)}")
        elif not found[0].text:
            yield _error(found[0], f"<{name}> is empty")
    if len(titles) == len(headings) == 1 and titles[0].text != headings[0].text:
        yield _error(headings[0], f"<h1> is {headings[0].text!r}, and <title> is {titles[0].text!r}: make them equal")


def _order(document: Document) -> Iterator[LectureError]:
    before = 0
    for node in document.root.walk():
        if node.name == "h1" and before:
            yield _error(node, "<h1> stands below another heading: it is the first one")
        depth = SECTIONS.get(node.name, 0)
        if depth > before + 1:
            yield _error(node, f"<{node.name}> follows no <h{depth}>: a section has no part before it begins")
        if node.name in SECTIONS and not node.text:
            yield _error(node, f"<{node.name}> is empty")
        before = depth or before


def _names(document: Document) -> Iterator[LectureError]:
    seen: dict[str, Node] = {}
    for node in document.root.walk():
        names = {node.attributes.get("id", ""), node.attributes.get("name", "") if node.name == "a" else ""} - {""}
        for name in sorted(names):
            if name in seen:
                place = seen[name].where
                yield _error(
                    node, f"the name {name!r} is already that of <{seen[name].name}> at {place.line}:{place.column}"
                )
            seen.setdefault(name, node)


# --- what tables can't say


def _quotes(document: Document) -> Iterator[LectureError]:
    def in_prose(node: Node) -> Iterator[Text]:
        for child in node.children:
            if isinstance(child, Text):
                yield child
            elif child.name not in _AS_TYPED:
                yield from in_prose(child)

    for text in in_prose(document.root):
        if (at := text.text.find('"')) >= 0:
            wrong = f"{_cut(text.text[max(at - 12, 0) :])} has quotation marks: write <q>…</q>"
            yield LectureError(wrong, where=text.place(at))


def _tables(document: Document) -> Iterator[LectureError]:
    for table in document.root.find("table"):
        wide = [(row, sum(columns_of(cell) for cell in cells_of(row))) for row in table.find("tr")]
        if not wide:
            yield _error(table, "<table> has no rows")
        usual = Counter(count for _, count in wide).most_common(1)[0][0] if wide else 0
        for row, count in wide:
            if count != usual:
                yield _error(row, f"this row has {count} columns, the others have {usual}")


def cells_of(row: Node) -> list[Node]:
    """The cells of a row."""
    return [child for child in row.children if isinstance(child, Node) and child.name in ("th", "td")]


def columns_of(cell: Node) -> int:
    """How many columns a cell takes."""
    given = cell.attributes.get("colspan", "1")
    return int(given) if re.fullmatch(r"[1-9][0-9]?", given) else 1


def _listings(document: Document) -> Iterator[LectureError]:
    for node in document.root.walk():
        if node.name == "a" and node.kind in LISTINGS and not _may_be_shown(node, document):
            yield _error(
                node, f"{node.attributes.get('href', '')!r} is neither beside the document nor in its examples"
            )
        elif node.name == "pre" or (node.name == "a" and node.kind in LISTINGS):
            try:
                text, _, first = listing_of(node, document)
            except LectureError as error:
                yield error
                continue
            for number, line in enumerate(text.expandtabs().split("\n"), first):
                if len(line) > MOST_WIDE:
                    yield _error(node, f"line {number} of the listing has {len(line)} columns, a page has {MOST_WIDE}")
                    break


def _may_be_shown(link: Node, document: Document) -> bool:
    file = file_of(document.path, link.attributes.get("href", "")).resolve()
    folders = [document.path.parent.resolve()]
    try:
        folders.append(find_folder(document.path.parent.resolve()).resolve())
    except LectureError:
        pass  # there are no examples near
    return any(file.is_relative_to(folder) for folder in folders)


def _links(document: Document, known: dict[Path, Document]) -> Iterator[LectureError]:
    for node in document.root.walk():
        if node.name == "a" and node.kind in LISTINGS:
            continue
        for attribute in ("href", "src"):
            address = node.attributes.get(attribute, "")
            if (scheme := urlsplit(address).scheme.lower()) not in SCHEMES:
                yield _error(node, f"{_cut(address)} is of the scheme {scheme!r}, which no document leads to")
            elif is_local(address):
                yield from _local(node, address, document, known)


def _local(node: Node, address: str, document: Document, known: dict[Path, Document]) -> Iterator[LectureError]:
    file, place = file_of(document.path, address).resolve(), urlsplit(address).fragment
    if not file.is_file():
        yield _error(node, f"{address!r} leads nowhere: there is no file {file.name!r} there")
    elif place and is_document(file.name):
        try:
            other = document if file == document.path.resolve() else known.get(file) or Document.of(file)
        except LectureError as error:
            yield _error(node, f"{address!r} leads to a document that can't be read: {error}")
            return
        known.setdefault(file, other)
        if place not in other.places:
            yield _error(node, f"{address!r} leads nowhere: {file.name} has no place called {place!r}")
