"""The two rules of names, both ways, and the lists that the way back needs."""

import importlib.util
import pkgutil

import pytest

from reactor.port.names import _BESIDE, _OF_PYTHON, ours, theirs

PAIRS = [
    ("twisted.internet.reactor", "reactor.reactor"),
    ("twisted.internet.protocol.Factory", "reactor.protocol.Factory"),
    ("twisted.python.log", "reactor.log"),
    ("twisted.python.failure.Failure", "reactor.failure.Failure"),
    ("twisted.protocols.basic", "reactor.protocols.basic"),
    ("twisted.application.service", "reactor.application.service"),
    ("twisted.application.internet", "reactor.application.internet"),
    ("twisted.internet.app", "reactor.app"),
    ("twisted.web", "reactor.web"),
    ("twisted.web.server.Site", "reactor.web.server.Site"),
    ("twisted.spread.pb", "reactor.spread.pb"),
    ("twisted.words.protocols.irc", "reactor.words.protocols.irc"),
    ("twisted.names.client", "reactor.names.client"),
]


@pytest.mark.parametrize(("twisted", "reactor"), PAIRS)
def test_a_name_has_one_place_here_and_one_there(twisted, reactor):
    assert ours(twisted) == reactor
    assert theirs(reactor) == twisted


def test_the_two_merged_packages_are_the_library_itself():
    assert ours("twisted.internet") == ours("twisted.python") == ours("twisted") == "reactor"
    assert theirs("reactor") == "twisted"


def test_a_module_that_twisted_does_not_have_would_be_in_its_internet():
    assert theirs("reactor.sim.World") == "twisted.internet.sim.World"


def public_modules(package):
    pytest.importorskip("twisted")
    places = importlib.util.find_spec(package).submodule_search_locations
    return {module.name for module in pkgutil.iter_modules(places) if not module.name.startswith("_")}


def test_the_list_of_python_is_what_the_installed_twisted_has():
    assert public_modules("twisted.python") - {"test"} <= {*_OF_PYTHON.split()}


def test_the_list_of_packages_is_what_the_installed_twisted_has():
    assert public_modules("twisted") - {"internet", "python"} <= {*_BESIDE.split()}


def test_no_name_falls_under_both_rules():
    internet = public_modules("twisted.internet") - {"test"}
    assert (
        not internet & {*_OF_PYTHON.split()}
        and not internet & {*_BESIDE.split()}
        and not {*_OF_PYTHON.split()} & {*_BESIDE.split()}
    )
