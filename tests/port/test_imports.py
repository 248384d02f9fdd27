"""Every form of import, both ways: what is rewritten, what is left and why, and that lines keep their numbers."""

import ast
from pathlib import Path

import pytest

from reactor.port import TO_OURS, TO_TWISTED, port

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/**/*.py"))
twisted_is_there = pytest.mark.usefixtures("twisted")


@pytest.fixture
def twisted():
    pytest.importorskip("twisted")


def carried(source, direction=TO_OURS):
    text, problems = port(source, direction)
    assert problems == []
    assert text.count("\n") == source.count("\n")
    ast.parse(text)
    return text


def left(source, direction=TO_OURS):
    """The problems of a program of which no line could be carried over."""
    text, problems = port(source, direction)
    assert text == source
    return [f"{problem.line}: {problem.what}" for problem in problems]


BOTH_WAYS = [
    ("from twisted.protocols.basic import LineReceiver", "from reactor.protocols.basic import LineReceiver"),
    ("from twisted.application import internet, service", "from reactor.application import internet, service"),
    ("from twisted.internet import reactor, protocol\n", "from reactor import reactor, protocol\n"),
    ("from twisted.internet.protocol import Factory as F", "from reactor.protocol import Factory as F"),
    ("from twisted.python.failure import Failure", "from reactor.failure import Failure"),
    ("from twisted import web", "from reactor import web"),
    ("from twisted.web import server, static", "from reactor.web import server, static"),
    ("from twisted.internet.defer import *\n", "from reactor.defer import *\n"),
    ("def f():\n    from twisted.internet import task  # now\n", "def f():\n    from reactor import task  # now\n"),
    (
        "try:\n    from twisted.internet import epollreactor as best\nexcept ImportError:\n    best = None\n",
        "try:\n    from reactor import epollreactor as best\nexcept ImportError:\n    best = None\n",
    ),
    ("if 1: from twisted.internet import defer; x = 1\n", "if 1: from reactor import defer; x = 1\n"),
    (
        "from twisted.internet import (  # all\n    defer,  # Deferreds\n    task as t,\n)\nx = 1\n",
        "from reactor import (  # all\n    defer,  # Deferreds\n    task as t,\n)\nx = 1\n",
    ),
    ("from twisted.internet import defer, \\\n    task\n", "from reactor import defer, \\\n    task\n"),
    ("from  twisted.internet.defer\timport(Deferred)", "from  reactor.defer\timport(Deferred)"),
    ("from twisted.python import log; x = 'é'; y = 1\r\n", "from reactor import log; x = 'é'; y = 1\r\n"),
    (
        "from twisted.internet import defer; from twisted.python import failure, log; from twisted.internet import tcp",
        "from reactor import defer, failure, log, tcp",
    ),
    (
        "from twisted.internet import defer; \\\n    from twisted.python import log\n",
        "from reactor import defer, \\\n    log\n",
    ),
    ("import twisted.internet.defer as d, os\nd.Deferred()\n", "import reactor.defer as d, os\nd.Deferred()\n"),
    (
        "import os, twisted.internet.defer, twisted.python.log as l\ndef f(): l.msg(twisted.internet.defer.Deferred)\n",
        "import os, reactor.defer, reactor.log as l\ndef f(): l.msg(reactor.defer.Deferred)\n",
    ),
]


@twisted_is_there
@pytest.mark.parametrize(("theirs", "ours"), BOTH_WAYS)
def test_this_import_goes_both_ways(theirs, ours):
    assert carried(theirs) == ours
    assert carried(ours, TO_TWISTED) == theirs


TWO = "from twisted.internet import defer{}from twisted.{} import {}"
ONE_WAY = [
    (
        TWO.format("; ", "internet", "task"),
        "from reactor import defer; from reactor import task",
    ),  # they were never one
    (TWO.format("\n", "python", "log"), "from reactor import defer\nfrom reactor import log"),
    (TWO.format("; ", "python", "(log)"), "from reactor import defer; from reactor import (log)"),
    ("import twisted.internet.reactor\ntwisted.internet.reactor.run()", "import reactor\nreactor.reactor.run()"),
    ("import twisted.internet\nx = twisted.internet.defer\ndel x", "import reactor\nx = reactor.defer\ndel x"),
    ("from twisted.\\\ninternet import defer\nx = 1", "from reactor\\\n import defer\nx = 1"),
    ("import twisted.internet\nx = (twisted\n  .internet.defer)\n", "import reactor\nx = (reactor\n  .defer)\n"),
]


@pytest.mark.parametrize(("theirs", "ours"), ONE_WAY)
def test_this_import_comes_to_us(theirs, ours):
    assert carried(theirs) == ours


@twisted_is_there
def test_names_in_parentheses_get_several_homes_and_their_lines_stay():
    source = "from reactor import (\n    defer,  # one\n    log,  # two\n    task)\nx = 1\n"
    assert carried(source, TO_TWISTED) == (
        "from twisted.internet import (\n    defer,  # one\n    ); from twisted.python import (log,  # two\n"
        "    ); from twisted.internet import (task)\nx = 1\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "import socket\nprint('from twisted.internet import reactor')",
        "from . import twisted\nfrom .twisted import internet\nfrom ..twisted.internet import defer",
        "import twistedweb\nfrom twistedweb.internet import reactor",
        "twisted.internet.defer.Deferred()",
        "",
    ],
)
def test_what_is_not_an_import_of_twisted_stays(source):
    assert carried(source) == source


def test_a_missing_module_leaves_its_line_and_no_other():
    text, problems = port("from twisted.internet import reactor\nfrom twisted.python import log, nosuch\n", TO_OURS)
    assert text == "from reactor import reactor\nfrom twisted.python import log, nosuch\n"
    assert [(p.line, p.what) for p in problems] == [(2, "twisted.python.nosuch: reactor has no nosuch")]


def test_a_missing_name_is_told_with_the_line_that_it_stands_in():
    source = "from twisted.internet.defer import (\n    Deferred,\n    waitForever,\n)\n"
    assert left(source) == ["3: twisted.internet.defer.waitForever: reactor.defer has no waitForever"]


def test_a_missing_name_is_told_where_it_is_used():
    text, problems = port("from twisted.internet import defer as d\n\nd.Deferred.x; d.waitForever().x\n", TO_OURS)
    assert text.startswith("from reactor import defer as d\n")
    assert [(p.line, p.what) for p in problems] == [
        (3, "twisted.internet.defer.waitForever: reactor.defer has no waitForever")
    ]


def test_a_variable_of_the_name_of_a_module_is_not_the_module():
    carried("from twisted.internet import protocol\ndef f(protocol): protocol.x\ng = lambda protocol: protocol.y\n")
    carried("from twisted.internet import defer\ndef f():\n    for defer in []: defer.x\n")
    carried("from twisted.application import service\nservice = service.Service()\nservice.setServiceParent\n")


def test_a_variable_of_an_inner_function_hides_nothing_outside():
    source = "from twisted.internet import defer\ndef f():\n    defer.x\n    def g(defer): defer.y\n"
    assert [problem.line for problem in port(source, TO_OURS)[1]] == [3]


def test_the_name_of_an_argument_binds_nothing():
    source = "from twisted.internet import defer\ndef f(): g(defer=1); defer.waitForever\n"
    assert [problem.line for problem in port(source, TO_OURS)[1]] == [2]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import twisted", "1: import twisted: a package is more than one there"),
        ("from twisted import version", "1: twisted.version: reactor has no version"),
        ("from twisted import internet", "1: twisted.internet: a package is more than one there"),
        ("from twisted.internet import *", "1: twisted.internet.*: a package is more than one there"),
        ("from twisted.nosuch import *", "1: twisted.nosuch: reactor has no nosuch"),
        ("import twisted.nosuch.thing", "1: import twisted.nosuch.thing: reactor has no nosuch"),
        ("import twisted.internet.reactor as r", "1: import twisted.internet.reactor: reactor.reactor is no module"),
        ("x=1\n__import__('twisted.internet.defer')", "2: the string 'twisted.internet.defer' is left as it is"),
    ],
)
def test_this_is_left_and_told(source, problem):
    [told] = left(source)
    assert told.startswith(problem)


@pytest.mark.parametrize("other", ["from twisted.internet import reactor", "def f(reactor): 0", "import reactor"])
def test_a_dotted_import_never_takes_the_name_of_something_else(other):
    text, problems = port(f"import twisted.internet.defer\n{other}\ntwisted.internet.defer.x\n", TO_OURS)
    assert text.startswith("import twisted.internet.defer\n")
    assert "'reactor' is something else in this program" in problems[0].what


def test_a_dotted_import_is_not_carried_over_where_its_name_is_a_variable_too():
    [told] = left("import twisted.internet.defer\ntwisted = twisted.internet.defer\n")
    assert "'twisted' is something else in this program" in told


def test_the_implementer_of_zope_is_told_of_where_it_gets_an_interface_of_ours():
    zope = "from zope.interface import Interface, implementer\n"
    source = zope + "from twisted.internet import interfaces\n@implementer(interfaces.IPushProducer)\nclass A: 0\n"
    assert [problem.line for problem in port(source, TO_OURS)[1]] == [3]
    carried(zope + "from twisted.internet import defer\nclass IOwn(Interface): 0\n@implementer(IOwn)\nclass A: 0\n")


def test_one_use_that_is_missing_keeps_all_dotted_imports():
    source = "import twisted.internet.defer, twisted.python.log\ntwisted.python.log.msg()\ntwisted.web2\nf(twisted)\n"
    assert left(source) == ["3: twisted.web2: reactor has no web2", "4: twisted by itself is nothing in reactor"]


@twisted_is_there
@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import reactor", "1: import reactor: a package is more than one there"),
        ("from reactor import *", "1: reactor.*: a package is more than one there"),
        ("from reactor import sim", "1: reactor.sim: twisted.internet has no sim"),
        ("from reactor.port import port", "1: reactor.port: twisted.internet has no port"),
        ("from reactor.error import Nothing", "1: reactor.error.Nothing: twisted.internet.error has no Nothing"),
    ],
)
def test_this_has_no_twin_in_twisted(source, problem):
    [told] = left(source, TO_TWISTED)
    assert told.startswith(problem)


def test_names_that_a_module_makes_when_asked_are_there():
    carried("from twisted.internet.protocol import ClientCreator\nfrom twisted.python.log import PythonLoggingObserver")


@twisted_is_there
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_example_comes_back_from_twisted_as_it_was(path):
    source = path.read_text(encoding="utf-8")
    there, _ = port(source, TO_TWISTED)
    assert port(there, TO_OURS)[0] == source


@pytest.mark.parametrize("source", ["print 'two'", "x = (", "def f(:"])
def test_what_is_not_python_is_a_syntax_error(source):
    with pytest.raises(SyntaxError):
        port(source, TO_OURS)
