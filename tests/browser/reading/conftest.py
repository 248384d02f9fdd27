"""Pages to read: of a small lecture with a bit of everything, and of the Tutorial of Doom itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lecture.doom import lecture as doom
from lecture.outputs.pages import write_all
from lecture.programs import Examples, use
from lecture.slides import Ask, Bullet, Code, Lecture, Notes, Sequence, Session, Slide, TitleSlide
from tests.browser.conftest import Offline

EXAMPLES = Path(__file__).parents[3] / "examples"
SAID = "One said it, and then another one. " * 20

SMALL = Lecture(
    "A small talk",
    TitleSlide("Opening", Bullet("words"), Notes("Welcome, all of you.")),
    Slide("Points", Bullet("first point"), Bullet("second point"), Notes("Short.")),
    Slide(
        "Echo",
        Bullet("a server that answers"),
        Code("03_echo/server.py"),
        Session("03_echo"),
        Sequence("03_echo"),
        Notes(SAID * 3),
        Ask("Who waits?", "The kitchen, and *nobody* else: the answer is a nightingale."),
    ),
    Slide("Echo", Bullet("the same title again"), Notes(SAID)),
    Slide("End", Bullet("the last words")),
)


class Pages(Offline):
    """Opens pages of a site, as `Offline` does those of a deck."""

    def __init__(self, browser, folder: Path) -> None:
        super().__init__(browser, folder)
        self.folder = folder
        self.address = f"{folder.as_uri()}/"

    def open(self, link: str = "", ready: str = "document.readyState === 'complete'", **options):
        """Load a page, "slide-03.html", in a context of its own."""
        return super().open(link, ready, **options)


def _written(lecture: Lecture, folder: Path) -> Path:
    with use(Examples(EXAMPLES)):
        write_all(lecture, folder)
    return folder


@pytest.fixture(scope="package")
def small_site(tmp_path_factory) -> Path:
    """The small lecture, written."""
    return _written(SMALL, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="package")
def doom_site(tmp_path_factory) -> Path:
    """The Tutorial of Doom, written. Sessions that held and are remembered don't run again."""
    return _written(doom, tmp_path_factory.mktemp("doom"))


@pytest.fixture
def small(chromium_browser, small_site) -> Iterator[Pages]:
    """Opens pages of the small lecture."""
    pages = Pages(chromium_browser, small_site)
    yield pages
    pages.close()


@pytest.fixture
def talk(chromium_browser, doom_site) -> Iterator[Pages]:
    """Opens pages of the Tutorial of Doom."""
    pages = Pages(chromium_browser, doom_site)
    yield pages
    pages.close()
