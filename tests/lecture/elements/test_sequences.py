"""Sequence diagrams on slides, and the timelines beside the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from lecture.decks.markdown import load_markdown
from lecture.errors import LectureError
from lecture.outputs.pages import write_site
from lecture.programs import Examples, use
from lecture.slides import Lecture, Sequence, Slide
from reactor.trace import Timeline

SERVER = """\
from reactor import reactor
from reactor.protocol import Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

reactor.listenTCP(7000, Factory.forProtocol(Echo))
print("ready")
reactor.run()
"""
CLIENT = """\
from reactor import reactor
from reactor.protocol import ClientFactory, Protocol

class Hello(Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")

    def dataReceived(self, data):
        self.transport.loseConnection()
        reactor.stop()

reactor.connectTCP("127.0.0.1", 7000, ClientFactory.forProtocol(Hello))
reactor.run()
"""
SESSION = "$ python server.py &\nready\n$ python client.py\n"


@pytest.fixture
def examples(tmp_path: Path) -> Examples:
    """One example, of an echo; and one that can't be simulated."""
    echo, child = tmp_path / "examples/01_echo", tmp_path / "examples/02_child"
    for folder, files in (
        (echo, {"server.py": SERVER, "client.py": CLIENT, "session.txt": SESSION}),
        (child, {"x.py": "import subprocess\nsubprocess.run(['true'])\n", "session.txt": "$ true\n"}),
    ):
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)
    return Examples(tmp_path / "examples")


def lecture(*slides: Slide) -> Lecture:
    return Lecture("A talk", *slides)


def test_the_diagram_is_on_the_page_and_the_timeline_beside_it(examples: Examples, tmp_path: Path) -> None:
    with use(examples):
        write_site(lecture(Slide("Echo", Sequence("01_echo", "Who says hello"))), tmp_path / "site")
    page = (tmp_path / "site/slide-01.html").read_text()
    assert '<title id="sequence-01-echo-title">Who says hello</title>' in page
    assert "client.py to server.py: hello" in page and 'href="timelines/01_echo.json"' in page
    timeline = Timeline.read(tmp_path / "site/timelines/01_echo.json")
    assert [program["name"] for program in timeline.programs] == ["server.py", "client.py"]


def test_where_no_site_is_written_there_is_no_link(examples: Examples) -> None:
    with use(examples):
        markup = Sequence("01_echo").toHTML()
    assert "href" not in markup and "simulated: " in markup


def test_a_timeline_is_remembered_until_something_changes(
    examples: Examples, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = examples.timeline("01_echo")
    with monkeypatch.context() as nothing_runs:
        nothing_runs.setattr("subprocess.run", None)
        assert Examples(examples.root).timeline("01_echo") == first
    client = examples.root / "01_echo/client.py"
    client.write_text(CLIENT.replace("hello", "good evening"))
    assert "good evening" in Examples(examples.root).timeline("01_echo").to_json()


def test_a_timeline_that_somebody_has_removed_or_spoilt_is_made_anew(examples: Examples) -> None:
    first = examples.timeline("01_echo")
    (file,) = (examples.cache.folder / "timelines").glob("*.timeline")
    for spoil in (file.unlink, lambda: file.write_text("{")):
        spoil()
        assert Examples(examples.root).timeline("01_echo") == first


def test_what_cannot_be_simulated_cannot_be_drawn(examples: Examples) -> None:
    with pytest.raises(LectureError, match=r"no timeline of it to show: in the simulated world, 'true' can't be"):
        examples.timeline("02_child")


def test_an_example_that_is_not_there_is_said_with_the_slide(examples: Examples, tmp_path: Path) -> None:
    with use(examples), pytest.raises(LectureError, match="'01_ecko' has no session") as caught:
        write_site(lecture(Slide("Echo", Sequence("01_ecko"))), tmp_path / "site")
    assert caught.value.slide == "Echo"


def test_a_deck_in_markdown_has_them_too(tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text("# Talk\n\n## Echo\n::sequence 01_echo\n")
    (slide,) = load_markdown(deck).slides
    (sequence,) = [part for part in slide.walk() if isinstance(part, Sequence)]
    assert sequence.example == "01_echo"
