"""Writes documents: those that are named, and those that they list.

A document that lists others, in a `<ul class="toc">`, is a book, and these are its chapters: as pages they lead to each
other and to an index, as LaTeX the book inputs them. Everything is made before the first file is written, and no file
is seen half-written: a mistake in the last chapter leaves the book of yesterday whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from lecture.errors import Failed, LectureError, Where
from lecture.lore.document import Document
from lecture.lore.html import Neighbours, Pages, index_page, page, term_name
from lecture.lore.latex import Kind, book, latex
from lecture.lore.lint import read_all
from lecture.programs.cache import write_atomically


@dataclass(frozen=True)
class Shelf:
    """Documents that are written together, and where to.

    documents: each book is followed by its chapters. places: the file that each becomes, by its own real path.
    """

    documents: list[Document]
    places: dict[Path, Path]

    def place(self, document: Document) -> Path:
        """Where it is written."""
        return self.places[document.path.resolve()]

    def chapters(self, document: Document) -> list[Document]:
        """The documents that it lists."""
        listed = [path.resolve() for path in document.chapters]
        return [one for path in listed for one in self.documents if one.path.resolve() == path]

    def way_to_sources(self, document: Document) -> str:
        """What leads from where it is written to where it lies: "" or a path that ends in a slash."""
        way = os.path.relpath(document.path.resolve().parent, self.place(document).resolve().parent)
        return "" if way == "." else f"{quote(way)}/"


def shelf(paths: list[Path], folder: Path | None, extension: str) -> Shelf:
    """Documents that are named, and their chapters. folder: where to write them; beside each, without.

    Raises Failed with all that is wrong with them, and for one that would be written over itself or outside the folder.
    """
    wanted = {path.resolve(): path for path in paths}
    documents = read_all(wanted.values())
    for document in documents:
        wanted |= {one.resolve(): one for one in document.chapters if one.resolve() not in wanted}
    documents = read_all(wanted.values())
    places, errors = dict[Path, Path](), list[LectureError]()
    for document in documents:
        try:
            places[document.path.resolve()] = _place(document.path, paths[0].parent, folder, extension)
        except LectureError as error:
            errors.append(error)
    if errors:
        raise Failed(errors)
    return Shelf(documents, places)


def _place(path: Path, root: Path, folder: Path | None, extension: str) -> Path:
    if folder is None:
        place = path.with_suffix(extension)
    else:
        way = Path(os.path.relpath(path.resolve(), root.resolve()))
        if way.parts[0] == "..":
            raise LectureError(f"it lies outside {str(root)!r}, and so would its page", where=Where(path, 1))
        place = (folder / way).with_suffix(extension)
    if place.resolve() == path.resolve():
        raise LectureError("it would be written over itself: say --into FOLDER", where=Where(path, 1))
    return place


def write_pages(paths: list[Path], folder: Path | None, pages: Pages) -> list[Path]:
    """Write documents as pages. Returns the files. Raises Failed or LectureError, and has written nothing then."""
    them = shelf(paths, folder, pages.extension)
    files: dict[Path, bytes] = {}
    for one in them.documents:
        place = them.place(one)
        own = replace(pages, linkrel=pages.linkrel or them.way_to_sources(one))
        files[place] = page(one, own, them.places, _neighbours(one, them))
        if terms := _terms(one, them):
            files[_index_of(place)] = index_page(terms, pages, Neighbours(up=(place.name, one.title)))
    return _written(files)


def write_latex(paths: list[Path], folder: Path | None, kind: Kind) -> list[Path]:
    """Write documents as LaTeX: books and their chapters as such, others as `kind`. As write_pages does."""
    them = shelf(paths, folder, ".tex")
    files: dict[Path, bytes] = {}
    chapters = {id(chapter) for one in them.documents for chapter in them.chapters(one)}
    for one in them.documents:
        if mine := them.chapters(one):
            for chapter in mine:
                if them.place(chapter).parent != them.place(one).parent:
                    wrong = f"LaTeX wants the chapters of {one.path.name!r} in the folder of the book: move it there"
                    raise LectureError(wrong, where=Where(chapter.path, 1))
            text = book(one, [them.place(chapter) for chapter in mine], them.places, them.way_to_sources(one))
        else:
            text = latex(one, Kind.CHAPTER if id(one) in chapters else kind, them.places, them.way_to_sources(one))
        files[them.place(one)] = text.encode()
    return _written(files)


def _written(files: dict[Path, bytes]) -> list[Path]:
    try:
        for path, content in files.items():
            write_atomically(path, content)
    except OSError as error:
        raise LectureError(f"cannot write {str(path)!r}: {error.strerror}") from error
    return list(files)


def _neighbours(document: Document, them: Shelf) -> Neighbours:
    """The pages around a chapter, and the first chapter of a book."""
    if mine := them.chapters(document):
        return Neighbours(next=_link(document, mine[0], them))
    for other in them.documents:
        chapters = them.chapters(other)
        if document in chapters:
            at = chapters.index(document)
            before = _link(document, chapters[at - 1], them) if at else None
            after = (
                _link(document, chapters[at + 1], them)
                if at + 1 < len(chapters)
                else _index_link(document, other, them)
            )
            return Neighbours(before, after, _link(document, other, them))
    return Neighbours()


def _link(here: Document, there: Document, them: Shelf) -> tuple[str, str]:
    return _address(them.place(there), them.place(here)), there.title


def _address(place: Path, here: Path) -> str:
    return quote(os.path.relpath(place.resolve(), here.resolve().parent))


def _index_of(place: Path) -> Path:
    return place.with_stem(f"{place.stem}-index")


def _index_link(here: Document, whole: Document, them: Shelf) -> tuple[str, str] | None:
    if not _terms(whole, them):
        return None
    return _address(_index_of(them.place(whole)), them.place(here)), "Index"


def _terms(whole: Document, them: Shelf) -> dict[str, list[tuple[str, str]]]:
    """The entries of a book's index: for each the address and the title of the places that speak of it."""
    terms: dict[str, list[tuple[str, str]]] = {}
    for chapter in them.chapters(whole):
        for number, said in enumerate(chapter.terms, 1):
            address = f"{_address(them.place(chapter), them.place(whole))}#{term_name(number)}"
            terms.setdefault(said, []).append((address, chapter.title))
    return terms


def checked(paths: Iterable[Path]) -> int:
    """Lint documents and the chapters that they list. Returns how many. Raises Failed with all mistakes."""
    them = list(paths)
    found = [chapter for one in read_all(them) for chapter in one.chapters]
    return len(read_all(dict.fromkeys([*them, *found])))
