"""The lecture itself: the outline of 2003, told anew; and what a slide may ask of its audience."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lecture.doom import lecture
from lecture.programs import Examples
from lecture.slides import Bullet, Code, Notes, NumSlide, Session, Slide, Wrong

EXAMPLES = Path(__file__).parents[3] / "examples"
PROGRAMS = sorted([*EXAMPLES.glob("*/*.py"), *EXAMPLES.glob("*/wrong/*/*.py")])

TITLES = """\
Part 1 – Introduction
Choosing a networking paradigm for the enterprise
Applied Bistromathics 101
The event driven waiter
Threads (a caricature)
When do we want threads?
Twisted: The Framework of Your Internet
Project Stats
Part 2 – Basic Networking With Twisted
Internet!
Basic Definitions – Reactor
Basic Definitions – Transport
Basic Definitions – Protocol
All Together Now
How To Implement A Protocol
How To Not Implement A Protocol
How To Really Implement A Protocol
Factories
A Server Factory
Connecting A Factory To A TCP Port
Transport Independence
Client Side Protocol
Client Side Factories
Client Side Factories 2
Connection API
Buffering
Factory Resources
Factory Resources 2
Producers and Consumers
Producers
Consumers
Sample Pull Producer
Sample Push Producer
Scheduling
Choosing a Reactor – Why?
Choosing a Reactor
Example GTK Program
Learning more about networking and scheduling
Part 3 – Building Applications With Twisted
Applications
Services
Services 2
Logging
Logging Errors
twistd – Application Runner
twistd Features
Making a runnable application
Running twistd
""".splitlines()

LISTINGS_OF_2003 = {
    "Basic Definitions – Reactor",
    "How To Really Implement A Protocol",
    "A Server Factory",
    "Connecting A Factory To A TCP Port",
    "Client Side Protocol",
    "Client Side Factories 2",
    "Connection API",
    "Factory Resources 2",
    "Sample Pull Producer",
    "Sample Push Producer",
    "Scheduling",
    "Services 2",
    "Logging",
    "Logging Errors",
    "Making a runnable application",
}

# What the talk of 2003 only said; now a program shows it.
CLAIMS = {
    "The event driven waiter",
    "Threads (a caricature)",
    "Factories",
    "Client Side Factories",
    "Buffering",
    "Choosing a Reactor",
    "Applications",
    "Services",
    "twistd – Application Runner",
    "twistd Features",
}


def elements(slide: Slide, kind: type) -> list:
    return [element for element in slide.walk() if isinstance(element, kind)]


each_slide = pytest.mark.parametrize("slide", lecture.slides, ids=lambda slide: slide.title)


def test_parts_1_to_3_have_the_slides_of_2003_in_their_order():
    assert [slide.title for slide in lecture.slides][: len(TITLES)] == TITLES


@pytest.mark.parametrize(
    "rule",
    [
        "at most 70 lines each",
        "the first is a docstring",
        "at most six bullets and 24 lines of code of at most 80 characters",
        "60 to 180 words",
        "`*Ask:*`",
        "in the order of their numbers",
        "`from reactor.module import …`",
    ],
)
def test_whoever_adds_an_example_can_read_what_is_tested_here(rule):
    contributing = (EXAMPLES.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert rule in " ".join(contributing.split())


def test_only_the_slide_that_was_numbered_is_numbered():
    assert [s.title for s in lecture.slides if isinstance(s, NumSlide)] == ["How To Not Implement A Protocol"]


@each_slide
def test_a_slide_has_notes_that_can_be_spoken_in_a_minute_and_end_in_a_question(slide):
    (notes,) = elements(slide, Notes)
    assert 60 <= len(notes.text.split()) <= 180
    assert "*Ask:*" in notes.text
    assert "?" in notes.text.partition("*Ask:*")[2]


@pytest.mark.parametrize("title", sorted(LISTINGS_OF_2003 | CLAIMS))
def test_what_was_a_listing_or_a_claim_in_2003_is_a_program_now(title):
    (slide,) = (slide for slide in lecture.slides if slide.title == title)
    assert elements(slide, Code)


@each_slide
def test_a_slide_holds_no_more_than_a_room_can_read(slide):
    assert len(elements(slide, Bullet)) <= 6
    excerpts = [Examples(EXAMPLES).excerpt(code.file, code.name) for code in elements(slide, Code)]
    lines = [line for excerpt in excerpts for line in excerpt.text.splitlines()]
    assert len(lines) <= 24
    assert max(map(len, lines), default=0) <= 80


def test_every_example_is_shown_by_its_session_once():
    shown = [session.example for slide in lecture.slides for session in elements(slide, Session)]
    assert sorted(shown) == [name for name in Examples(EXAMPLES).names() if "/wrong/" not in name]


def test_every_wrong_program_is_shown_once():
    shown = [f"{wrong.example}/wrong/{wrong.name}" for slide in lecture.slides for wrong in elements(slide, Wrong)]
    names = [name for name in Examples(EXAMPLES).names() if "/wrong/" in name]
    assert sorted(shown) == [name for name in names if not name.endswith("/right.txt")]


def test_examples_are_numbered_in_the_order_in_which_the_talk_comes_to_them():
    programs = [code.file.partition("/")[0] for slide in lecture.slides for code in elements(slide, Code)]
    sessions = [session.example for slide in lecture.slides for session in elements(slide, Session)]
    assert sessions == sorted(sessions, key=sessions.index)
    assert list(dict.fromkeys(sessions)) == ordered_but_for(sessions, late="03_echo")
    assert programs[0] == "01_restaurant"


def ordered_but_for(sessions: list[str], late: str) -> list[str]:
    """The sessions in order, but for one whose program comes in parts, and is run only when all of it was seen."""
    others = sorted(set(sessions) - {late})
    at = sessions.index(late)
    return [*others[:at], late, *others[at:]]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_program_becomes_a_program_for_twisted_by_its_import_lines(program):
    imports = re.findall(r"^.*\breactor\b.*import.*$", program.read_text(encoding="utf-8"), re.MULTILINE)
    for line in imports:
        assert re.fullmatch(r"from reactor(\.[a-z]+)* import [\w, ]+", line)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_program_is_short_and_says_what_it_is(program):
    text = program.read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) <= 70
