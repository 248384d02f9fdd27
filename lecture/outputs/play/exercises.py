"""The exercises in the page: tasks to read without any script, and what the page's grader needs to know of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lecture.elements.markup import markdown_to_html
from lecture.errors import LectureError
from lecture.exercises.folder import CHECK, TASK, Exercise, find_exercises
from lecture.outputs.publish import Content, own_file
from lecture.slides import Lecture

if TYPE_CHECKING:
    import jinja2

NO_MODULES = ("reactor.web",)  # stands on h11, a package from elsewhere
EXERCISES = "exercises.html"
RUNTIME = "exercises.js"
_TAGS = re.compile(r"</?p>")


@dataclass(frozen=True)
class Practised:
    """The exercises that a page can grade, in their order, and which of them each slide leads to, by its number."""

    exercises: list[Exercise]
    slides: dict[int, list[Exercise]]


def practised(lecture: Lecture) -> Practised:
    """The lecture's own exercises, or those in the folder `exercises` beside the deck.

    Raises LectureError for a slide that names one which isn't there.
    """
    found = list(lecture.exercises) or find_exercises(lecture.where.file.parent / "exercises")
    named: dict[object, Exercise] = {one.name: one for one in found}
    named |= {int(number): one for one in found if (number := one.name.partition("_")[0]).isdecimal()}
    slides: dict[int, list[Exercise]] = {}
    for place, slide in enumerate(lecture.slides, 1):
        for name in getattr(slide, "exercises", ()):
            if name not in named:
                raise LectureError(f"there is no exercise {name!r}", where=slide.where, slide=slide.title)
            if runs_in_a_page(named[name]):
                slides.setdefault(place, []).append(named[name])
    return Practised([one for one in found if runs_in_a_page(one)], slides)


def runs_in_a_page(exercise: Exercise) -> bool:
    """Whether its programs need nothing that Pyodide has not."""
    return not any(word in path.read_text("utf-8") for path in exercise.folder.glob("*.py") for word in NO_MODULES)


@dataclass(frozen=True)
class Task:
    """An exercise as the page shows it; all but names, numbers and titles is HTML.

    slides: number, title and page of those that lead to it.
    """

    name: str
    title: str
    text: str
    rules: dict[str, str]
    hints: list[str]
    slides: list[tuple[int, str, str]]


def exercise_files(
    lecture: Lecture,
    known: Practised,
    page: Callable[[int], str],
    policy: str,
    contents: str,
    markup: jinja2.Environment,
) -> dict[str, Content]:
    """The page and its scripts. page: the reading page of a slide, by its number. Raises LectureError."""
    tasks = [_task(lecture, one, known, page) for one in known.exercises]
    whole = markup.get_template(EXERCISES).render(lecture=lecture, policy=policy, contents=contents, tasks=tasks)
    return {
        EXERCISES: whole.encode("utf-8", "replace"),
        RUNTIME: own_file(RUNTIME),
        "tasks.js": _script("exerciseTasks", {one.name: _texts(one) for one in known.exercises}),
        "mistakes.js": _script("exerciseMistakes", {one.name: _mistakes(one) for one in known.exercises}),
        "solutions.js": _script("exerciseSolutions", {one.name: _solution(one) for one in known.exercises}),
    }


def _task(lecture: Lecture, one: Exercise, known: Practised, page: Callable[[int], str]) -> Task:
    slides = [
        (number, lecture.slides[number - 1].title, page(number))
        for number, exercises in known.slides.items()
        if one in exercises
    ]
    rules = {name: _line(one, rule) for name, rule in one.rules.items()}
    text, hints = markdown_to_html(one.text, one.folder), [_line(one, hint) for hint in one.hints]
    return Task(one.name, one.title, text, rules, hints, slides)


def _line(one: Exercise, text: str) -> str:
    return _TAGS.sub("", markdown_to_html(text, one.folder)).strip()


def _texts(one: Exercise) -> dict[str, object]:
    """What the grader is given, and the program that a student begins with."""
    programs = [one.folder / one.file, *one.given]
    return {
        "file": one.file,
        "programs": {path.name: path.read_text("utf-8") for path in programs},
        "files": {name: (one.folder / name).read_text("utf-8") for name in (TASK, CHECK)},
    }


def _mistakes(one: Exercise) -> dict[str, dict[str, str]]:
    """How those fail who believe something wrong, by what they believe."""
    return {one.belief(name): fingerprint for name, fingerprint in one.fingerprints.items()}


def _solution(one: Exercise) -> str:
    return (one.folder / "solution" / one.file).read_text("utf-8")


def _script(name: str, value: object) -> bytes:
    return f"{name} = {json.dumps(value, ensure_ascii=False)};\n".encode()


def titles(exercises: Iterable[Exercise]) -> str:
    """What a link to these exercises says."""
    names = [one.title for one in exercises]
    return f"Exercise: {names[0]}" if len(names) == 1 else f"Exercises: {', '.join(names)}"
