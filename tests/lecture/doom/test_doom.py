"""The lecture itself: the outline of 2003, told anew; and what a slide may ask of its audience."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lecture.doom import lecture
from lecture.outputs.deck.section import section
from lecture.programs import Examples, use
from lecture.programs.layout import is_wrong
from lecture.programs.session import read_session
from lecture.programs.wrong import differences
from lecture.slides import Ask, Bullet, Changes, Code, Cue, Notes, NumSlide, Session, Slide, TitleSlide, Wrong

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
Part 4: Further Bits and Pieces
Other twisted.internet Features
Deferreds
Protocol implementations
Frameworks
Perspective Broker
Lore
Reality
""".splitlines()

# Ours, each about a question that comes up as soon as people write programs of their own.
NEW_IN_PARTS_1_TO_3 = {
    "Letters Come in Bytes",
    "Hanging Up Halfway",
    "Speaking Without Being Asked",
    "Run It Again",
    "Last Orders, Please",
}

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


# What learners stumble over most, and the wrong programs that show it.
PAINS = {
    "messages come in pieces": ["03_echo/one_chunk", "05c_letters/chunk_by_chunk"],
    "several messages come at once": ["09b_half_close/one_chunk_one_price", "42_framing/rest_thrown_away"],
    "a loop can't be run inside itself": ["14b_run_again/run_in_a_handler", "55_two_worlds/two_loops"],
    "to speak to a connection from outside": ["13b_wake_up/new_object"],
    "writing to the dead is no error": ["04_chat/never_removed", "09b_half_close/end_for_end"],
    "where errors go": ["51_deferreds/errback_last", "51_deferreds/list_of_all", "20_log_errors/unhandled"],
    "a handler that blocks": ["02_event_loop/waits_for_one", "50_threads/in_the_loop", "50_threads/in_the_thread"],
    "a coroutine that nobody awaits": ["51_deferreds/nobody_eats", "47_endpoints/no_await"],
    "whose state it is": ["09b_half_close/bill_for_all", "05_server_factory/no_way_back"],
    "a reader who is slow": ["44_proxy/nobody_pauses", "11_pull_producer/as_push", "11_pull_producer/no_unregister"],
    "the end of a connection, and of a program": ["09_buffering/abort", "23b_last_orders/just_stops"],
    "time in tests": ["56_testing/its_own_clock"],
}


def elements(slide: Slide, kind: type) -> list:
    return [element for element in slide.walk() if isinstance(element, kind)]


each_slide = pytest.mark.parametrize("slide", lecture.slides, ids=lambda slide: slide.title)


def test_the_slides_of_2003_stand_in_their_order():
    assert [slide.title for slide in lecture.slides if slide.title in TITLES] == TITLES


def test_the_talk_ends_with_what_to_do_now():
    assert lecture.slides[-1].title == "What Now?"


def test_parts_1_to_3_have_no_other_slides_but_those_that_are_known_to_be_new():
    titles = [slide.title for slide in lecture.slides]
    first = titles[: titles.index("Part 4: Further Bits and Pieces")]
    assert set(first) - set(TITLES) == NEW_IN_PARTS_1_TO_3


@pytest.mark.parametrize(
    "rule",
    [
        "at most 70 lines each",
        "the first is a docstring",
        "at most six bullets, and listings of at most 24 lines of at most 80 characters",
        "60 to 180 words",
        "`Ask(question, answer",
        "`minutes=`",
        "in the order of their numbers",
        "`from reactor.module import …`",
    ],
)
def test_whoever_adds_an_example_can_read_what_is_tested_here(rule):
    contributing = (EXAMPLES.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert rule in " ".join(contributing.split())


def test_only_the_slide_that_was_numbered_is_numbered():
    assert [s.title for s in lecture.slides if isinstance(s, NumSlide)] == ["How To Not Implement A Protocol"]


def spoken(slide: Slide) -> list[Notes]:
    return [notes for notes in elements(slide, Notes) if not isinstance(notes, Cue)]


@each_slide
def test_a_slide_has_notes_that_can_be_spoken_in_a_minute_and_a_question_with_its_answer(slide):
    (notes,) = spoken(slide)
    assert 60 <= len(notes.text.split()) <= 180
    (ask,) = elements(slide, Ask)
    assert "?" in ask.question
    assert len(ask.answer.split()) >= 5


@each_slide
def test_what_a_reader_is_told_has_no_directions_for_the_speaker(slide):
    (notes,) = spoken(slide)
    assert not re.search(r"\b(Point (at|out)|Let them|Wait a moment|\*Ask)", notes.text)


def test_at_least_fifty_answers_are_proved_by_a_run():
    proved = [ask for slide in lecture.slides for ask in elements(slide, Ask) if ask.run]
    assert len(proved) >= 50


SPOKEN_WORDS_A_MINUTE = 130
READING_A_LINE_OF_CODE_S = 1.5
READING_A_LINE_OF_OUTPUT_S = 1.0


def minutes_of(slide: Slide) -> float:
    """What is said, asked and answered at a calm pace, and the time to read the programs and what they printed."""
    examples = Examples(EXAMPLES)
    told = [notes.text for notes in spoken(slide)]
    told += [text for ask in elements(slide, Ask) for text in (ask.question, ask.answer)]
    on_it = list(slide.children())
    read = [part.after if isinstance(part, Changes) else part for part in on_it]
    codes = [examples.excerpt(part.file, part.name).text for part in read if isinstance(part, Code)]
    sessions = [read_session(examples.session_path(part.example)) for part in on_it if isinstance(part, Session)]
    printed = sum(len(command.expected) + 1 for session in sessions for command in session.commands)
    read_s = sum(len(code.splitlines()) for code in codes) * READING_A_LINE_OF_CODE_S
    return len(" ".join(told).split()) / SPOKEN_WORDS_A_MINUTE + (read_s + printed * READING_A_LINE_OF_OUTPUT_S) / 60


@each_slide
def test_a_slide_says_honestly_how_long_it_takes(slide):
    assert slide.minutes == pytest.approx(minutes_of(slide), abs=0.3)


def test_the_short_way_takes_three_quarters_of_an_hour_and_tells_the_whole_story():
    short = [slide for slide in lecture.slides if slide.short]
    assert 40 <= sum(slide.minutes for slide in short) <= 45
    assert short[0] is lecture.slides[0] and short[-1] is lecture.slides[-1]
    titles = " ".join(slide.title for slide in short)
    for word in ("Reactor", "Transport", "Protocol", "Factor", "Client", "Producer", "Scheduling", "Deferred", "Test"):
        assert word in titles


@pytest.mark.parametrize("title", sorted(LISTINGS_OF_2003 | CLAIMS))
def test_what_was_a_listing_or_a_claim_in_2003_is_a_program_now(title):
    (slide,) = (slide for slide in lecture.slides if slide.title == title)
    assert elements(slide, Code)


@each_slide
def test_a_slide_holds_no_more_than_a_room_can_read(slide):
    assert len(elements(slide, Bullet)) <= 6
    excerpts = [Examples(EXAMPLES).excerpt(code.file, code.name) for code in elements(slide, Code)]
    listings = [excerpt.text.splitlines() for excerpt in excerpts]
    assert max(map(len, listings), default=0) <= 24
    assert max((len(line) for lines in listings for line in lines), default=0) <= 80


def test_every_example_is_shown_by_its_session_once():
    shown = [session.example for slide in lecture.slides for session in elements(slide, Session)]
    assert sorted(shown) == [name for name in Examples(EXAMPLES).names() if "/wrong/" not in name]


def test_a_wrong_program_is_the_right_one_but_for_a_few_lines():
    folders = [program.parent for program in PROGRAMS if is_wrong(program.parent)]
    assert len(set(folders)) >= 28
    for folder in folders:
        kinds = [line.kind for difference in differences(folder) for line in difference.lines]
        assert kinds.count("new") + kinds.count("gone") >= 1 and kinds.count("new") <= 5 and kinds.count("gone") <= 8


def test_a_wrong_program_says_what_is_wrong_in_a_title_and_what_goes_wrong_in_a_sentence():
    for wrong in (wrong for slide in lecture.slides for wrong in elements(slide, Wrong)):
        program = Examples(EXAMPLES).wrong(wrong.example, wrong.name)
        assert (program.title[0].isupper() or "()" in program.title) and len(program.title) <= 70
        assert 30 <= len(program.sentence) <= 130


@pytest.mark.parametrize("pain", PAINS)
def test_each_pain_of_learners_has_a_slide_with_a_program_and_a_wrong_one(pain):
    for name in PAINS[pain]:
        (slide,) = (s for s in lecture.slides if name in [f"{w.example}/{w.name}" for w in elements(s, Wrong)])
        assert elements(slide, Code) or elements(slide, Session)


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
        assert re.fullmatch(r"from reactor(\.[a-z\d]+)* import [\w, ]+", line)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_program_is_short_and_says_what_it_is(program):
    text = program.read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) <= 70


def test_the_contents_say_how_long_the_whole_day_is_and_the_short_way():
    found = re.fullmatch(r"(\d+) slides, (\d) h (\d+) min; the short way (\d+) slides, (\d+) min", lecture.times())
    slides, hours, minutes, short, short_minutes = map(int, found.groups())
    assert (slides, short) == (len(lecture.slides), sum(slide.short for slide in lecture.slides))
    assert 0 <= hours * 60 + minutes - sum(slide.minutes for slide in lecture.slides) < 1
    assert 40 <= short_minutes <= 45


def test_the_speaker_has_the_note_and_the_question_of_every_slide_titles_too():
    deck = [lecture.slides[0], TitleSlide("A title alone", Notes("said"), Ask("asked?", "answered"))]
    with use(Examples(EXAMPLES)):
        for slide in deck:
            ((_, _, note),) = section(slide, 1, "slide-01.html").notes
            assert "<p>" in note and 'class="question"' in note
