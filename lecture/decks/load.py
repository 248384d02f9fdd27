"""Finds the lecture in a deck, whichever way the deck is written, and turns what goes wrong there into an error that
names the deck's own line instead of a traceback through ours."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING

from lecture.errors import LectureError, Where

if TYPE_CHECKING:
    from lecture.slides import Lecture


_DOOM = Path(__file__).resolve().parents[1] / "doom"


def load_deck(deck: str) -> Lecture:
    """The lecture of a deck.

    deck: the name of a module ("lecture.doom"), or the path of a .py, .md or .xhtml file.
    Raises LectureError when there is no such deck, when it raises, or has no lecture or several.
    """
    path = deck_file(deck)
    if _is_module(deck):
        return _lecture_in(_import_module(deck, path), deck)
    if path.suffix == ".md":
        from lecture.decks.markdown import load_markdown

        return load_markdown(path)
    if path.suffix == ".xhtml":
        from lecture.decks.lore import load_lore

        return load_lore(path)
    return _lecture_in(_import_file(path.resolve()), deck)


def deck_file(deck: str) -> Path:
    """The file in which a deck begins. Raises LectureError when there is no such deck."""
    if _is_module(deck):
        try:
            spec = importlib.util.find_spec(deck)
        except (ImportError, ValueError) as error:
            raise LectureError(f"there is no deck {deck!r}: {error}") from error
        if spec is None or spec.origin is None:
            raise LectureError(f"there is no deck {deck!r}: name a .py, .md or .xhtml file, or a module")
        return Path(spec.origin)
    if not Path(deck).is_file():
        raise LectureError(f"there is no deck {deck}: name a .py, .md or .xhtml file, or a module")
    return Path(deck)


def _is_module(deck: str) -> bool:
    return Path(deck).suffix not in (".py", ".md", ".xhtml") and os.sep not in deck


def default_deck() -> str:
    """The deck that is meant where none is named: `talk.py` or `talk.md`, or the Tutorial of Doom in its own folder.

    Raises LectureError where another folder of examples, which that lecture knows nothing of, is nearer than its own.
    """
    for name in ("talk.py", "talk.md"):
        if Path(name).is_file():
            return name
    ours = _examples_above(_DOOM)
    nearest = _examples_above(Path.cwd()) or ours
    if ours is not None and nearest is not None and ours.samefile(nearest):
        return "lecture.doom"
    raise LectureError(
        "there is no talk.py or talk.md here: name the deck, or check the sessions alone with "
        "`lecture check --examples FOLDER`"
    )


def _examples_above(place: Path) -> Path | None:
    return next((above / "examples" for above in (place, *place.parents) if (above / "examples").is_dir()), None)


def deck_folder(lecture: Lecture) -> Path:
    """The folder of the deck's file, where the search for its examples begins."""
    return lecture.where.file.resolve().parent


def _import_module(name: str, file: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise _raised(error, file) from error


def _import_file(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.parent))
    _offer_slides()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    hidden = sys.modules.get(path.stem)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _raised(error, path) from error
    finally:
        if hidden is not None:
            sys.modules[path.stem] = hidden  # a deck called random.py must not replace the standard `random`
    return module


def _offer_slides() -> None:
    """Decks of 2003 say `from slides import …`; unless there is such a module, ours is meant."""
    if importlib.util.find_spec("slides") is None:
        sys.modules["slides"] = importlib.import_module("lecture.slides")


def _raised(error: BaseException, deck: Path) -> LectureError:
    where = _line_in_deck(error, deck)
    if isinstance(error, LectureError):
        error.where = error.where or where
        return error
    if isinstance(error, SyntaxError) and error.filename:
        where = Where(Path(error.filename), error.lineno or 1)
        return LectureError(f"the deck is not valid Python: {error.msg}", where=where)
    what = str(error)
    return LectureError(f"the deck raised {type(error).__name__}{': ' if what else ''}{what}", where=where)


def _line_in_deck(error: BaseException, deck: Path) -> Where:
    """The last frame of the traceback that is in the deck, or in a file beside it."""
    where = Where(deck, 1)
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file == deck or deck.parent in file.parents:
            where = Where(file, trace.tb_lineno)
        trace = trace.tb_next
    return where


def _lecture_in(module: ModuleType, deck: str) -> Lecture:
    from lecture.slides import Lecture

    where = Where(Path(module.__file__ or deck), 1)
    named = getattr(module, "lecture", None)
    if isinstance(named, Lecture):
        return named
    found = {id(value): value for value in vars(module).values() if isinstance(value, Lecture)}
    if not found:
        raise LectureError(f"the deck {deck} makes no Lecture: write `lecture = Lecture(title, slide, …)`", where=where)
    if len(found) > 1:
        raise LectureError(f"the deck {deck} makes {len(found)} lectures: call one of them `lecture`", where=where)
    return next(iter(found.values()))
