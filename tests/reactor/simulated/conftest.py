"""The suite of the reactor in the simulated world: the same tests, on a simulated host instead of each real poller."""

import sys
from pathlib import Path

import pytest
from oracle import installed

SUITE = Path(__file__).parents[1]
pytest.register_assert_rewrite("loopback", *(path.stem for path in SUITE.glob("test_*.py")))

if installed():  # Twisted has no simulated world
    collect_ignore_glob = ["test_*.py"]

NO_FILES = "it looks at files on the disk; a simulated host keeps the names of its sockets to itself"
NO_RESOLVER = "it makes the machine's own resolver hang, which is not asked here"
LEFT_OUT = {
    "test_the_mode_is_the_files_whatever_the_umask_is": NO_FILES,
    "test_the_mode_is_the_files": NO_FILES,
    "test_everybody_may_connect_unless_said_otherwise": NO_FILES,
    "test_stopListening_removes_the_file": NO_FILES,
    "test_a_file_that_somebody_removed_is_no_error": NO_FILES,
    "test_a_file_that_somebody_else_has_put_there_is_left_alone": NO_FILES,
    "test_a_path_that_is_taken_cannot_be_listened_on": NO_FILES,
    "test_a_factory_that_got_no_port_is_not_started": NO_FILES,
    "test_a_path_that_cannot_be_is_CannotListenError": NO_FILES,
    "test_the_timeout_of_an_attempt_includes_the_lookup": NO_RESOLVER,
    "test_stopConnecting_during_a_lookup_leaves_no_timer": NO_RESOLVER,
}


def pytest_collection_modifyitems(items):
    here = str(Path(__file__).parent)
    items[:] = [item for item in items if not (str(item.path).startswith(here) and item.originalname in LEFT_OUT)]


@pytest.fixture
def world():
    from reactor.sim import World

    with World() as made:
        made.host("alone")
        yield made


@pytest.fixture(autouse=True)
def plain_sockets(request, world, monkeypatch):
    """What the test finds when it says `socket`: see plain_sockets.py."""
    from plain_sockets import PlainSockets

    plain = PlainSockets(world, world.host("alone"))
    monkeypatch.setitem(sys.modules, "socket", plain)
    if "socket" in request.function.__globals__:
        monkeypatch.setitem(request.function.__globals__, "socket", plain)
    return plain


@pytest.fixture
def make_reactor(world, plain_sockets):
    """Makes reactors on one simulated host, and checks that the test tidied up."""
    made = plain_sockets.reactors

    def make():
        made.append(world.reactor("alone"))
        return made[-1]

    yield make
    for reactor in made:
        assert [*reactor.getReaders(), *reactor.getWriters(), *reactor.getDelayedCalls()] == []
        assert len(reactor.system.descriptors) == 0
