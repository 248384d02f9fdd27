"""An application written down in a TOML file."""

import pytest

import reactor as package
from reactor.application.configuration import read
from reactor.application.errors import ConfigurationError, PluginError
from reactor.testing import MemoryReactor


@pytest.fixture
def memory(monkeypatch):
    """A reactor that only remembers, as the program's."""
    reactor = MemoryReactor()
    monkeypatch.setitem(vars(package), "reactor", reactor)
    return reactor


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "site.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def ports_of(memory, application):
    application.startService()
    return [(port, interface) for port, _, _, interface in memory.tcpServers]


SITE = """
application = "the site"

[echo]
port = 7007

[[forward]]
to = "mail.example.com:25"

[[forward]]
port = "tcp:1119:interface=127.0.0.1"
to = "news.example.com:119"

[[forward]]
name = "web"
port = 8080
to = "[::1]:80"

[reactord]
logfile = "site.log"
umask = 0o22
"""


def test_a_file_says_which_services_there_are_and_what_they_are_told(memory, write):
    application = read(write(SITE)).makeApplication()
    assert application.name == "the site"
    assert list(application.namedServices) == ["echo", "forward", "forward-2", "web"]
    assert ports_of(memory, application) == [(7007, ""), (2525, ""), (1119, "127.0.0.1"), (8080, "")]
    assert application.getServiceNamed("web").factory.host == "::1"


def test_what_it_says_for_the_runner_is_left_to_the_runner(write):
    assert read(write(SITE)).runner == {"logfile": "site.log", "umask": 0o22}
    assert read(write("[echo]")).runner == {}


def test_an_application_without_a_name_has_that_of_its_file(memory, write):
    assert read(write("[echo]\n")).makeApplication().name == "site"


def test_one_plugin_takes_from_the_file_what_the_command_line_leaves_out(memory, write):
    path = write('[forward]\nname = "mail"\nport = 26\nto = "a:1"\n[echo]\nport = 7007\n')
    application = read(path).makeApplicationOf("forward", ["--to", "b:2"])
    assert [service.factory.host for service in application] == ["b"]
    assert list(application.namedServices) == ["mail"] and ports_of(memory, application) == [(26, "")]


def test_a_plugin_that_the_file_does_not_name_is_told_by_the_command_line_alone(memory, write):
    application = read(write("[reactord]\n")).makeApplicationOf("echo", ["--port", "7007"])
    assert application.name == "site" and ports_of(memory, application) == [(7007, "")]


def problem_with(write, text, plugin=None):
    with pytest.raises((ConfigurationError, PluginError)) as caught:
        path = write(text)
        configuration = read(path)
        if plugin:
            configuration.makeApplicationOf(plugin)
        else:
            configuration.makeApplication()
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(str(path), "site.toml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("application = 7", "site.toml: application is text, not 7"),
        ("application = ''", "site.toml: application is text, not ''"),
        ("reactord = 7", "site.toml: [reactord] is a table, not 7"),
        ("echo = 7", "site.toml: [echo] is a table, not 7"),
        ("echo = [7, 8]", "site.toml: [echo] number 1 is a table, not 7"),
        ("[echo]\nname = 7", "site.toml: [echo]: name is text, not 7"),
        ("[echo]\nport = true", "site.toml: [echo]: port is text, not True"),
        ("[echo]\nprot = 7", "site.toml: [echo]: there is no option 'prot'; there are port"),
        (
            "[echo]\nport = 70000",
            "site.toml: [echo]: port is a port number up to 65535, not 70000",
        ),
        ("[forward]", "site.toml: [forward]: say to = … (the server to go to, as HOST:PORT)"),
        (
            "[echo]\nname = 'a'\n[forward]\nname = 'a'\nto = 'b:1'",
            "site.toml: [forward]: cannot have two services with same name 'a' in site; give it a `name`",
        ),
    ],
)
def test_a_file_that_cannot_be_understood_is_told_why_and_where(memory, write, text, problem):
    assert problem_with(write, text) == problem


@pytest.mark.parametrize("text", ["[echo", "[echo]\nport = 1\nport = 2", '[echo]\nport = "\0"'])
def test_a_file_that_is_no_TOML_is_told_so(write, text):
    assert problem_with(write, text).startswith("site.toml: is no TOML: ")


def test_a_place_that_no_endpoint_knows_is_told_with_its_table(memory, write):
    problem = problem_with(write, "[echo]\nport = 'nowhere:1'")
    assert problem.startswith("site.toml: [echo]: Unknown endpoint type: 'nowhere'")


def test_a_file_that_names_no_plugin_is_no_application(memory, write):
    problem = problem_with(write, "")
    assert problem.startswith("site.toml: names no plugin; write [NAME] for one of ")
    assert {"echo", "forward"} <= set(problem.rpartition(" one of ")[2].split(", "))


def test_a_plugin_that_is_not_there_is_named(memory, write):
    assert problem_with(write, "[ecko]").startswith("there is no plugin 'ecko', did you mean 'echo'?")


def test_of_two_tables_for_one_plugin_the_command_line_cannot_mean_both(memory, write):
    problem = problem_with(write, SITE, plugin="forward")
    assert problem == "site.toml: has 3 tables [[forward]]: which one is meant?"


def test_a_file_that_cannot_be_read_is_named(tmp_path, write):
    with pytest.raises(ConfigurationError, match=r"none.toml: can't be read: No such file or directory"):
        read(tmp_path / "none.toml")
    with pytest.raises(ConfigurationError, match=r"is no TOML: .*utf-8"):
        read(write(b"\xff"))
