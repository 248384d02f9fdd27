"""The stepper of the pages says what the one of the terminal says."""

from tools.stepper_words import COPY, expected


def test_the_stepper_of_the_pages_has_the_same_sentences():
    assert COPY.read_text("utf-8") == expected(), "run python tools/stepper_words.py --write, and make site"
