"""Plugins: found by their entry points, told their options, and made into services; and the ones that come along."""

import sys
import textwrap

import pytest

import reactor as package
from reactor.application.errors import ConfigurationError, PluginError
from reactor.application.plugins import Plugin, available, described, find
from reactor.application.service import IService
from reactor.application.starting import privilegedStart, startApplication
from tests.support.loopback import Client, Server, run, run_until

DAYTIME = '''
"""Say what time it is.

And no more."""
from dataclasses import dataclass
from reactor.application.plugins import option
from reactor.application.service import Service

@dataclass
class Options:
    zone: str = option("UTC", "whose time")
    hours: int = option(24, "how many there are")

    def __post_init__(self):
        if self.hours not in (12, 24):
            raise ValueError(f"a clock has 12 or 24 hours, not {self.hours}")

class Daytime(Service):
    def __init__(self, options):
        self.options = options

def makeService(options):
    if options.zone == "nowhere":
        raise OSError("no such zone: nowhere")
    return Daytime(options)
'''


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package of these modules, with these entry points, as an installer would."""
    modules = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def install(distribution, entry_points, **sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
        folder = tmp_path / f"{distribution}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[reactor.plugins]\n{entry_points}\n")

    yield install
    for name in set(sys.modules) - modules:
        del sys.modules[name]


@pytest.fixture
def program_reactor(reactor, monkeypatch):
    """The reactor of this test as the one of the program, which a plugin's services ask for."""
    monkeypatch.setitem(vars(package), "reactor", reactor)
    return reactor


def problem_of(function, *arguments):
    with pytest.raises((PluginError, ConfigurationError)) as caught:
        function(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_installed_is_found_by_name_and_described(install):
    install("some-package", "daytime_of_test = daytime_of_test", daytime_of_test=DAYTIME)
    assert "daytime_of_test" in available() and {"echo", "forward"} <= set(available())
    assert dict(described())["daytime_of_test"] == "Say what time it is."


def test_a_plugin_makes_a_service_of_what_it_is_told(install):
    install("some-package", "daytime_of_test = daytime_of_test", daytime_of_test=DAYTIME)
    application = find("daytime_of_test").makeApplication(["--zone", "CET"])
    service = application.getServiceNamed("daytime_of_test")
    assert application.name == "daytime_of_test" and (service.options.zone, service.options.hours) == ("CET", 24)


def test_an_entry_point_may_name_a_class(install):
    source = (
        DAYTIME
        + "\nclass Clock:\n    'Of a class.'\n    Options = Options\n    makeService = staticmethod(makeService)"
    )
    install("some-package", "clock_of_test = daytime_of_test:Clock", daytime_of_test=source)
    assert find("clock_of_test").description == "Of a class."
    assert IService(find("clock_of_test").makeApplication()).running == 0


def test_options_that_contradict_each_other_are_refused_by_the_plugin(install):
    install("some-package", "daytime_of_test = daytime_of_test", daytime_of_test=DAYTIME)
    plugin = find("daytime_of_test")
    assert problem_of(plugin.makeApplication, ["--hours", "13"]) == (
        "daytime_of_test: a clock has 12 or 24 hours, not 13"
    )
    assert problem_of(plugin.makeApplication, ["--zone", "nowhere"]) == ("daytime_of_test: no such zone: nowhere")


def test_a_name_that_nobody_has_is_compared_with_those_there_are():
    assert problem_of(find, "ecko").startswith("there is no plugin 'ecko', did you mean 'echo'? there are ")
    assert problem_of(find, "xyzzy").startswith("there is no plugin 'xyzzy'; there are ")


def test_a_plugin_that_cannot_be_loaded_says_why_and_where(install, tmp_path):
    install("some-package", "broken_of_test = broken_of_test", broken_of_test="\nimport no_such_module\n")
    problem = problem_of(find, "broken_of_test")
    assert problem == (
        "plugin 'broken_of_test' (broken_of_test of some-package) can't be loaded: "
        f"ModuleNotFoundError: No module named 'no_such_module' ({tmp_path / 'broken_of_test.py'}:2)"
    )
    assert dict(described())["broken_of_test"] == f"({problem})"


def test_a_plugins_options_have_no_help_of_their_own_and_may_not_be_shortened(install):
    install("first", "daytime_of_test = daytime_of_test", daytime_of_test=DAYTIME)
    plugin = find("daytime_of_test")
    assert "--help" in problem_of(plugin.configure, ["--help"])
    assert "--zon" in problem_of(plugin.configure, ["--zon", "UTC"])


def test_two_plugins_of_one_name_are_told_apart_by_neither(install):
    install("first", "daytime_of_test = daytime_of_test", daytime_of_test=DAYTIME)
    install("second", "daytime_of_test = other_of_test", other_of_test=DAYTIME)
    problem = problem_of(find, "daytime_of_test")
    assert problem.startswith("there are two plugins 'daytime_of_test': ")
    assert "daytime_of_test of first" in problem and "other_of_test of second" in problem


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("Options = 1", r"has no makeService\(options\)"),
        ("makeService = 1", "has no Options"),
        ("makeService = 1\nOptions = int", "<class 'int'> is no dataclass"),
    ],
)
def test_what_is_no_plugin_is_told_what_it_lacks(install, source, missing):
    install("some-package", "lacking_of_test = lacking_of_test", lacking_of_test=source)
    with pytest.raises(PluginError, match=f"plugin 'lacking_of_test' can't be used: .*{missing}"):
        find("lacking_of_test")


def test_what_makeService_returns_must_be_a_service(install):
    source = DAYTIME.replace("return Daytime(options)", "return 42")
    install("some-package", "daytime_of_test = daytime_of_test", daytime_of_test=source)
    assert problem_of(find("daytime_of_test").makeApplication).endswith("its makeService returned 42")


def test_an_option_that_must_be_given_is_asked_for():
    assert problem_of(find("forward").makeApplication) == ("forward: say --to TO (the server to go to, as HOST:PORT)")


def test_help_names_the_plugin_and_its_options():
    shown = find("forward").help()
    assert shown.startswith("usage: reactord forward ") and "--to TO" in shown and "(default: 2525)" in shown


@pytest.mark.parametrize("to", ["host", "host:", ":25", "host:0", "host:65536", "host:smtp"])
def test_a_destination_that_is_none_is_refused(to):
    problem = problem_of(find("forward").makeApplication, ["--to", to])
    assert problem == f"forward: --to is HOST:PORT, as in mail.example.com:25, not {to!r}"


def test_an_IPv6_address_may_be_a_destination():
    assert find("forward").configure(["--to", "[::1]:25"]).to == ("::1", 25)


def test_a_place_that_no_endpoint_knows_is_refused(program_reactor):
    assert problem_of(find("echo").makeApplication, ["--port", "nowhere:1"]).startswith(
        "echo: Unknown endpoint type: 'nowhere'"
    )


# --- those that come along, on a real network


def started(reactor, name, *arguments):
    application = find(name).makeApplication(arguments)
    application.reactor = reactor
    privilegedStart(application)
    startApplication(application, False, reactor)
    return application.getServiceNamed(name).getHost().port


def talk(reactor, port, said):
    client = Client("client")
    reactor.connectTCP("127.0.0.1", port, client)
    run_until(reactor, lambda: client.talker and client.talker.is_made)
    client.talker.transport.write(said)
    return client


def finish(reactor):
    reactor.callWhenRunning(reactor.stop)
    run(reactor)


def test_echo_sends_back_what_comes(program_reactor):
    port = started(program_reactor, "echo", "--port", "tcp:0:interface=127.0.0.1")
    said = bytes(range(256)) * 1000
    client = talk(program_reactor, port, said)
    run_until(program_reactor, lambda: client.talker.received == said)
    finish(program_reactor)


def test_forward_hands_on_what_comes_and_what_is_answered(program_reactor, listen):
    server = Server("server", data=lambda talker, data: talker.transport.write(data.upper()))
    to = f"127.0.0.1:{listen(server).getHost().port}"
    port = started(program_reactor, "forward", "--to", to, "--port", "tcp:0:interface=127.0.0.1")
    client = talk(program_reactor, port, b"hello")
    run_until(program_reactor, lambda: client.talker.received == b"HELLO")
    finish(program_reactor)


def test_a_plugin_can_be_made_of_anything_with_the_two():
    class Both:
        __doc__ = None
        from reactor.application.builtin.echo import Options, makeService

    assert Plugin("both", Both).description == ""


def test_a_folder_that_is_not_there_cannot_be_served(program_reactor, tmp_path):
    path = tmp_path / "none"
    assert problem_of(find("web").makeApplication, ["--path", str(path)]) == f"web: path: nothing is at {path}"
