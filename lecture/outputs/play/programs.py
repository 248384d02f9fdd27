"""The programs that the playground has: those of the slides' sessions that a page can run, and the missions."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator
from dataclasses import asdict, dataclass

from lecture.elements.element import Element
from lecture.elements.listings import Session
from lecture.elements.wrong import Wrong
from lecture.programs import Examples, current_examples
from lecture.programs.files import example_files
from lecture.programs.layout import wrong_name
from lecture.programs.missions import Mission
from lecture.programs.not_simulated import read_exceptions, uses_the_reactor
from lecture.slides import Bullet, Lecture

# What Pyodide has not, by the words of programs that need it.
MISSING = {
    "SSL": "Pyodide's ssl can't encrypt",
    "ssl": "Pyodide's ssl can't encrypt",
    "web.xmlrpc": "it stands on h11, a package from elsewhere",
    "asyncssh": "a package from elsewhere, and cryptography below it",
    "h11": "a package from elsewhere, which the page would have to fetch",
}


@dataclass(frozen=True)
class Playable:
    """A program as the page has it.

    name: of its example. title, number, page: of the slide that shows it first. files: texts by name.
    """

    name: str
    title: str
    number: int
    page: str
    files: dict[str, str]
    session: str


def playable(examples: Examples, name: str, not_simulated: Container[str]) -> dict[str, str] | None:
    """The files of an example that a page can run, by name; None for any other.

    not_simulated: the names of those that can't be simulated.
    """
    path = examples.session_path(name)
    if name in not_simulated or not path.is_file() or not uses_the_reactor(path):
        return None
    try:
        files = {name: file.read_text("utf-8") for name, file in example_files(path).items()}
    except UnicodeDecodeError:
        return None  # a picture, say: there is no editor for it
    words = "".join(text for name, text in files.items() if name.endswith((".py", ".txt")))
    return None if any(word in words for word in MISSING) else files


@dataclass(frozen=True)
class Played:
    """The programs of a lecture, in the order of the talk.

    places: the name of the program that a slide offers, by the slide's id in the deck: "s20", "s20w1" below it.
    """

    programs: list[Playable]
    places: dict[str, str]


def on_slides(lecture: Lecture, page: Callable[[int], str]) -> Played:
    """What can be played. page: the reading page of a slide, by its number."""
    found: dict[str, Playable | None] = {}
    places: dict[str, str] = {}
    not_simulated: frozenset[str] = frozenset()
    for number, slide in enumerate(lecture.slides, 1):
        for place, name in _sessions(slide, f"s{number}"):
            if name not in found:
                examples = current_examples()
                not_simulated = not_simulated or frozenset(read_exceptions(examples.root, examples.names()))
                files = playable(examples, name, not_simulated)
                session = files.pop("session.txt") if files else ""
                found[name] = Playable(name, slide.title, number, page(number), files, session) if files else None
            if found[name]:
                places.setdefault(place, name)
    return Played([one for one in found.values() if one], places)


def _sessions(slide: object, place: str) -> Iterator[tuple[str, str]]:
    """Where the deck shows the sessions of a slide, and the example of each."""
    below = 0
    for element in Bullet(slide).walk() if isinstance(slide, Element) else ():
        if isinstance(element, Session):
            yield place, element.example
        elif isinstance(element, Wrong):
            below += 1
            yield f"{place}w{below}", wrong_name(element.example, element.name)


def programs_script(programs: list[Playable], missions: tuple[Mission, ...], examples: Examples) -> bytes:
    """The script with both. A mission whose example is on no slide is left out."""
    known = {one.name for one in programs}
    data = {
        "programs": [asdict(one) for one in programs],
        "missions": [_mission(one, examples) for one in missions if one.program in known],
    }
    return f"playPrograms = {json.dumps(data, ensure_ascii=False)};\n".encode()


def _mission(mission: Mission, examples: Examples) -> dict[str, object]:
    files = {kind: mission.files(kind, examples) for kind in ("fragile", "mended")}
    return {
        "name": mission.name,
        "title": mission.title,
        "task": mission.task,
        "program": mission.program,
        "seed": mission.seed,
        "sliders": dict(mission.sliders),
        "files": {name: text for name, text in files["fragile"].items() if name != "session.txt"},
        "session": mission.session(examples),
        "mended": {name: text for name, text in files["mended"].items() if name != "session.txt"},
    }
