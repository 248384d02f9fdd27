"""What the estimate lets pass, a browser lets pass; and what doesn't fit is named with slide, step and pixels."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lecture.decks.load import load_deck
from lecture.outputs import chromium
from lecture.outputs.fit import measure
from lecture.outputs.fit.check import misfits
from lecture.outputs.fit.letters import Run, lines, width
from lecture.outputs.fit.measure import measured
from lecture.outputs.pages import write_all
from lecture.programs import Examples, use
from lecture.slides import HTML, PRE, Bullet, Heading, Lecture, Markdown, NumSlide, Slide, Step, SubBullet

ROOT = Path(__file__).parents[4]
WORDS = (
    "a",
    "the",
    "reactor",
    "connectionLost",
    "WWWWWWWW",
    "illicit",
    "Größe",
    "naïve",
    "日本語",
    "данные",
    "–",
    "“so”",
)


@pytest.fixture(scope="module")
def browser():
    if chromium.browser() is None:
        pytest.skip("no Chromium is installed")


class Author:
    """Writes slides by chance: words of all lengths, lists in lists, Markdown, code, more of it than is good."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, most=14):
        words = [self.random.choice(WORDS) for _ in range(self.random.randint(1, most))]
        if self.random.random() < 0.1:
            words.append("x" * self.random.randint(20, 90))
        return " ".join(words)

    def bullet(self, depth=0):
        inside = [self.text()]
        if depth < 2 and self.random.random() < 0.25:
            inside.append(SubBullet(*(self.bullet(depth + 1) for _ in range(self.random.randint(1, 3)))))
        if self.random.random() < 0.2:
            inside.append(Markdown(f"**{self.text(4)}** and `{self.text(2)}`"))
        return Bullet(*inside)

    def code(self):
        lines = ["x" * self.random.randint(0, 84) for _ in range(self.random.randint(1, 22))]
        return PRE("\n".join(lines), self.random.choice(["", "python"]))

    def markdown(self):
        row = f"| {self.text(5)} | {self.text(2)} | {self.text(8)} |\n"
        return Markdown(
            self.random.choice(
                [
                    self.text(40),
                    f"{self.text()}\n\n{self.text()}\n\n> {self.text()}",
                    f"| a | b | c |\n|---|---|---|\n{row * self.random.randint(1, 4)}",
                    f"1. {self.text()}\n2. {self.text()}\n   - {self.text()}\n",
                    f"{self.text()} $x^2$ {self.text()}\n\n```python\n{self.text(5)}\nx = 1\n```\n",
                ]
            )
        )

    def slide(self, number):
        things = [self.bullet() for _ in range(self.random.randint(0, 5))]
        things += [self.code() for _ in range(self.random.choice([0, 0, 1, 1, 2, 3]))]
        if self.random.random() < 0.3:
            things.append(self.markdown())
        if self.random.random() < 0.1:
            things.append(Heading(2, self.text(3)))
        if self.random.random() < 0.3:
            things.insert(len(things) // 2, Step())
        return self.random.choice([Slide, NumSlide])(f"{number} {self.text(6)}", *things)


def written(lecture, folder):
    return write_all(lecture, folder / "site")


def overrules(site, cache):
    """The slides of which the estimate said that they fit, and a browser says that they don't."""
    found = measured(site.deck, cache)
    sure = {section.id for section in site.sections if section.surely_fits}
    return [misfit for misfit in found if misfit.id in sure], sure, {misfit.id for misfit in found}


@pytest.fixture(scope="module")
def of_200_slides(browser, tmp_path_factory):
    """What the estimate and a browser say of 200 slides that nobody has written."""
    author, folder = Author(seed=12), tmp_path_factory.mktemp("slides")
    return overrules(written(Lecture("T", *(author.slide(number) for number in range(200))), folder), folder)


def test_the_estimate_is_never_more_generous_than_a_browser_on_200_slides(of_200_slides):
    wrong, sure, unfit = of_200_slides
    assert wrong == []
    assert len(sure) > 100 and len(unfit) > 20, "the slides are all of one kind, and prove little"


def test_the_estimate_is_not_much_less_generous_either(of_200_slides):
    _, sure, unfit = of_200_slides
    needless = 200 - len(sure) - len(unfit - sure)
    assert needless <= 30


def test_every_step_of_the_talk_fits_by_estimate_and_in_a_browser(browser, tmp_path):
    with use(Examples(ROOT / "examples")):
        site = written(load_deck("lecture.doom"), tmp_path)
    wrong, _, unfit = overrules(site, tmp_path)
    assert wrong == []
    assert unfit == set()


def errors(lecture, tmp_path):
    site = written(lecture, tmp_path)
    return misfits(lecture, site.sections, site.deck, tmp_path / "cache")


def test_what_does_not_fit_is_named_with_its_slide_and_how_much(browser, tmp_path):
    (error,) = errors(Lecture("T", Slide("fine", Bullet("a")), Slide("full", PRE("x\n" * 30))), tmp_path)
    assert error.slide == "full"
    assert error.where.file == Path(__file__)
    assert "a listing is 250 px over the lower edge of the canvas: show a part of it, or make two slides" in str(error)


def test_what_does_not_fit_is_named_with_its_step(browser, tmp_path):
    (error,) = errors(Lecture("T", Slide("full", PRE("x\n" * 12), PRE("x\n" * 30))), tmp_path)
    assert "at step 2 of 2, a listing is" in error.message


def test_lines_that_are_too_long_are_named(browser, tmp_path):
    (error,) = errors(Lecture("T", Slide("wide", PRE("x" * 120))), tmp_path)
    assert "px over the right edge of the canvas: break its longest lines" in error.message


def test_letters_of_a_drawing_that_nobody_can_read_are_named(browser, tmp_path):
    class Drawing(HTML):
        role = "exhibit"

    svg = '<svg viewBox="0 0 4000 2000"><style>text { font-size: 20px }</style><text x="9" y="90">small</text></svg>'
    drawing = Drawing(f'<figure class="drawing">{svg}</figure>')
    (error,) = errors(Lecture("T", Slide("drawn", drawing)), tmp_path)
    assert "letters in a drawing are 5 px high: draw less, or on a slide of its own" in error.message


def test_a_slide_of_more_than_three_sizes_of_type_is_named(browser, tmp_path):
    sizes = HTML("".join(f'<b style="font-size: {size}px">x</b>' for size in (20, 24, 28)))
    (error,) = errors(Lecture("T", Slide("loud", sizes)), tmp_path)
    assert "there are 4 sizes of type (" in error.message


def test_a_lecture_that_surely_fits_asks_no_browser(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "_ask", None)
    assert errors(Lecture("T", Slide("fine", Bullet("a"), PRE("x\n" * 5))), tmp_path) == []


def test_without_a_browser_the_estimate_names_the_slide(tmp_path, monkeypatch):
    monkeypatch.setattr(chromium, "browser", lambda: None)
    (error,) = errors(Lecture("T", Slide("full", PRE("x\n" * 30))), tmp_path)
    assert error.slide == "full"
    assert "by an estimate, the slide is 2" in error.message


def test_an_unchanged_deck_is_not_measured_again(browser, tmp_path, monkeypatch):
    lecture = Lecture("T", Slide("full", PRE("x\n" * 30)))
    before = [error.message for error in errors(lecture, tmp_path)]
    monkeypatch.setattr(measure, "_ask", None)
    assert [error.message for error in errors(lecture, tmp_path)] == before


@pytest.mark.parametrize(
    "script, said", [("exit 0", "gave no measure of the deck"), ("sleep 60", "wasn't done with deck.html")]
)
def test_a_browser_that_does_not_answer_is_an_error_that_says_what_to_do(tmp_path, monkeypatch, script, said):
    browser = tmp_path / "chromium"
    browser.write_text(f"#!/bin/sh\n{script}\n")
    browser.chmod(0o755)
    monkeypatch.setattr(chromium, "browser", lambda: str(browser))
    monkeypatch.setattr(chromium, "DEADLINE_S", 0.2 if "sleep" in script else 60.0)
    with pytest.raises(Exception, match=f"{said}.*--no-measure"):
        errors(Lecture("T", Slide("full", PRE("x\n" * 30))), tmp_path)


def test_words_break_at_blanks_and_long_ones_between_letters():
    assert lines([Run("aaa bbb ccc")], 100) == 1
    assert lines([Run("aaa bbb ccc")], width("aaa bbb") + 0.1) == 2
    assert lines([Run("aaa "), Run("bbb", "bold")], width("bbb", "bold")) == 2
    assert lines([Run("x" * 100)], 20) >= 3
