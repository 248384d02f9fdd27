import pytest

from lecture.serve import runs
from reactor.pollreactor import PollReactor
from tests.support.served import DECK, PATIENCE_S, Served


@pytest.fixture
def served(tmp_path, monkeypatch, logged_errors):
    """A folder with a deck to be served."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(runs, "PATIENCE_S", PATIENCE_S)  # a busy machine needs more than an audience has
    served = Served(PollReactor(), tmp_path)
    served.examples.write("02_echo", "$ python server.py\nhi\n", server="print('hi')\n")
    served.write(DECK)
    yield served
    served.close()
    assert list(served.reactor.getDelayedCalls()) == []
