"""Runs of a session in other worlds, to be looked at beside its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from lecture.errors import LectureError
from lecture.programs import Examples
from lecture.programs.beside import besides
from lecture.programs.session import parse_session

EXAMPLES = Path(__file__).parents[3] / "examples"
SEEN = ("output", "data.received", "datagram.received")

SERVER = """from reactor import reactor
from reactor.protocol import Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        print(len(data))
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()

reactor.listenTCP(7700, Factory.forProtocol(Echo))
print("listening")
reactor.run()
"""
CLIENT = """from reactor import reactor
from reactor.protocol import ClientFactory, Protocol

class Say(Protocol):
    def connectionMade(self):
        self.transport.write(b"x" * 20)

    def connectionLost(self, reason):
        reactor.stop()

class SayFactory(ClientFactory):
    protocol = Say

reactor.connectTCP("localhost", 7700, SayFactory())
reactor.run()
"""


def session(beside):
    return parse_session(f"# A title.\n# beside: {beside}\n$ python server.py\n", Path("01_say/session.txt"))


@pytest.fixture
def say(tmp_path):
    """Writes an example with these lines about other worlds, and returns what is known of the runs in its script."""

    def written(*lines, deadline_s=20):
        folder = tmp_path / "examples" / "01_say"
        folder.mkdir(parents=True)
        (folder / "server.py").write_text(SERVER)
        (folder / "client.py").write_text(CLIENT)
        head = "".join(f"# beside: {line}\n" for line in lines)
        (folder / "session.txt").write_text(
            f"{head}# deadline: {deadline_s}\n$ python server.py &\nlistening\n20\n$ python client.py\n"
        )
        return Examples(tmp_path / "examples", tmp_path / "cache")

    return written


def printed(timeline):
    return "".join(step["data"] for step in timeline.steps if step["kind"] == "output")


def runs(examples):
    return {name: printed(timeline) for name, timeline, _ in examples._runs_of("01_say")}


def test_words_seed_and_sliders_are_read():
    (found,) = besides(session("cut: at random: cuts=60 seed=3"))
    assert (found.words, found.seed, dict(found.sliders)) == ("cut: at random", 3, {"cuts": 60})
    assert (found.where.file, found.where.line) == (Path("01_say/session.txt"), 2)


@pytest.mark.parametrize("said", ["cuts=60", "words", "words: cuts", "words: cuts=many", ": cuts=1", "words: seed=0.5"])
def test_what_can_not_be_read_is_quoted(said):
    with pytest.raises(LectureError, match=r"cannot understand .*: write `# beside: words for the reader"):
        besides(session(said))


def test_two_runs_have_different_words():
    with pytest.raises(LectureError, match="two runs beside the session are called 'cut': give each its words"):
        besides(session("cut: seed=1\n# beside: cut: seed=2"))


def test_the_same_session_runs_in_each_world_and_is_remembered(say):
    examples = say("cut: cuts=100 seed=1", "cut elsewhere: cuts=100 seed=2")
    found = runs(examples)
    assert list(found) == ["01_say", "01_say: cut", "01_say: cut elsewhere"]
    assert found["01_say"] == "listening\n20\n"
    assert len(set(found.values())) == 3
    again = Examples(examples.root, examples.cache.folder)
    assert runs(again) == found


def test_a_slider_that_is_not_there_is_named_with_the_line(say):
    with pytest.raises(
        LectureError, match="beside it, 'hail': there is no slider 'hail': there are latency,"
    ) as raised:
        runs(say("hail: hail=3"))
    assert raised.value.where.line == 1


def test_a_world_in_which_the_session_hangs_is_named(say):
    with pytest.raises(LectureError, match=r"beside it, 'a long way': in 1 simulated seconds .* did not end"):
        runs(say("a long way: latency=2000", deadline_s=1))


def test_every_run_beside_one_of_the_lecture_shows_something_else():
    examples = Examples(EXAMPLES)
    names = [
        name
        for name in examples.names()
        if examples.is_simulated(name) and "\n# beside:" in session_text(examples, name)
    ]
    assert len(names) >= 3
    for name in names:
        seen = [[step for step in run.steps if step["kind"] in SEEN] for run in examples._recorded(name)]
        said = [[(step["kind"], step.get("data")) for step in steps] for steps in seen]
        assert all(said.count(one) == 1 for one in said), name


def session_text(examples, name):
    return examples.session_path(name).read_text("utf-8")
