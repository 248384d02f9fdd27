"""reactord under the profiler and under the debugger, and what stands in a configuration file."""

import os
import pstats

import pytest

from reactor.application.runner import options
from reactor.application.runner.errors import UsageError
from tests.support.reactord import DEADLINE_S, ECHO, reactord

__all__ = ["reactord"]

STOPPING = (
    ECHO
    + """
from reactor import reactor

def the_work():
    sum(range(1000))
    reactor.stop()

reactor.callWhenRunning(reactor.callLater, 0, the_work)
"""
)


def run_to_its_end(reactord, *arguments, stdin=None):
    process = reactord.foreground("-y", "app.py", *arguments)
    out, err = process.communicate(stdin, timeout=DEADLINE_S)
    assert (process.returncode, err) == (0, "")
    return out


def test_a_profile_as_text(reactord):
    reactord.write(STOPPING)
    run_to_its_end(reactord, "-p", "profile")
    text = (reactord.folder / "profile").read_text()
    assert "Ordered by: cumulative time" in text and "(the_work)" in text and "(run)" in text


def test_a_profile_for_pstats(reactord):
    reactord.write(STOPPING)
    run_to_its_end(reactord, "-p", "profile", "--savestats")
    functions = {name for _, _, name in pstats.Stats(str(reactord.folder / "profile")).stats}
    assert {"the_work", "run"} <= functions


def test_the_debugger_begins_at_the_first_line_of_run(reactord):
    reactord.write(STOPPING)
    out = run_to_its_end(reactord, "-b", stdin="w\nc\n")
    assert "reactor/core/loop/core.py" in out and "(Pdb)" in out
    assert out.endswith("echo has stopped\n")


def test_the_debugger_shows_where_an_error_was_raised(reactord):
    reactord.write(STOPPING.replace("sum(range(1000))", "secret = 41 + 1\n    reactor.stop()\n    secret.nonsense"))
    out = run_to_its_end(reactord, "-b", stdin="c\np ('seen', secret)\nq\n")
    assert "AttributeError: 'int' object has no attribute 'nonsense'" in out
    assert "('seen', 42)" in out
    assert out.endswith("echo has stopped\n")


def test_quitting_the_debugger_stops_the_services(reactord):
    out = run_to_its_end(reactord, "-b", stdin="q\n")
    assert out.endswith("echo has stopped\n")
    assert reactord.files().keys() == {"app.py"}


def test_a_plugin_with_its_options(reactord):
    reactord.start("--logfile", "log", "echo", "--port", "unix:echo")
    assert reactord.echo("hello") == "hello"
    reactord.stop()
    assert "echo runs" in (reactord.folder / "log").read_text()


def test_a_plugin_explains_itself(reactord):
    result = reactord.run("echo", "--help")
    assert result.returncode == 0 and result.stdout.startswith("usage: reactord echo")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["no-such"], "there is no plugin 'no-such'"),
        (["echo", "--nonsense"], "echo: unrecognized arguments: --nonsense"),
        (["echo", "--port", "http"], "echo: --port is a port number, or an endpoint"),
        (["-c", "missing.toml"], "missing.toml: can't be read: No such file or directory"),
        (["-c", "app.py"], "app.py: is no TOML: "),
        (["-c", "x", "-y", "app.py"], "either -y app.py or -c x, not both"),
    ],
)
def test_a_plugin_or_a_file_that_cannot_be(reactord, arguments, line):
    result = reactord.run(*arguments)
    assert result.returncode == 2
    assert result.stderr.startswith(f"reactord: {line}") and result.stderr.count("\n") == 1
    reactord.wait()


CONFIGURATION = """
application = "site"

[echo]
port = "unix:echo"

[reactord]
logfile = "site.log"
umask = 0o022
json = true
syslog = false
stop-timeout = 5
"""


def test_a_configuration_file_says_what_to_run_and_how(reactord):
    reactord.write(CONFIGURATION, "site.toml")
    reactord.start("-c", "site.toml")
    assert reactord.echo("hello") == "hello"
    reactord.stop()
    assert '"message": "site runs' in (reactord.folder / "site.log").read_text()
    assert (reactord.folder / "site.log").stat().st_mode & 0o777 == 0o644


def test_the_command_line_goes_before_the_file(reactord):
    reactord.write(CONFIGURATION, "site.toml")
    reactord.start("-c", "site.toml", "-l", "mine.log", "echo", "--port", "unix:other")
    assert reactord.echo("hello", "other") == "hello"
    reactord.stop()
    assert "mine.log" in reactord.files() and "site.log" not in reactord.files()


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("colour = 'red'", "there is no option 'colour'; there are those of reactord --help, in full"),
        ("python = 'app.py'", "there is no option 'python'; "),
        ("umask = 'nine'", "argument --umask: 'nine' is no mask: "),
    ],
)
def test_a_configuration_file_that_says_what_cannot_be(reactord, table, line):
    reactord.write(f"[echo]\n[reactord]\n{table}\n", "site.toml")
    result = reactord.run("-c", "site.toml")
    assert result.returncode == 2
    assert result.stderr.startswith(f"reactord: site.toml: [reactord]: {line}")


def test_the_help_fits_a_screen_and_names_every_option():
    parser = options._parser()
    lines = parser.format_help().splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    spelled = {flag for action in parser._actions for flag in action.option_strings}
    unsaid = {flag for flag in spelled if flag not in parser.format_help()}
    assert unsaid == {"--no_save"}  # as twistd spells it


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_who_asks_for_help_gets_it_whatever_else_is_asked(flag, capsys):
    with pytest.raises(SystemExit) as ended:
        options.parse([flag, "--nonsense"])
    assert not ended.value.code
    assert capsys.readouterr().out == options._parser().format_help()


def test_paths_are_meant_where_they_were_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = options.parse(["-y", "app.py", "-d", "elsewhere", "-l", "log"])
    assert (found.python, found.logfile) == (str(tmp_path / "app.py"), str(tmp_path / "log"))
    assert found.pidfile == "reactord.pid"  # there
    assert options.parse(["-y", "app.py"]).python == "app.py"


def test_where_there_is_no_background_it_has_to_be_told_to_stay(monkeypatch):
    monkeypatch.setattr(os, "name", "nt")
    with pytest.raises(UsageError, match="there is no background on this system: add -n, or see python -m"):
        options.parse(["-y", "app.py"])
    for flag in ("-n", "-b"):
        found = options.parse([flag, "-y", "app.py"])
        assert found.nodaemon and found.pidfile == ""


@pytest.mark.parametrize("text", ["-0.1", "1e6", "inf", "nan", "soon", ""])
def test_what_is_no_time_to_stop_in(text):
    with pytest.raises(UsageError, match="is no time: write seconds, such as 30"):
        options.parse(["-y", "x", f"--stop-timeout={text}"])


@pytest.mark.parametrize("text", ["0", "0.5", "999999"])
def test_what_is_a_time_to_stop_in(text):
    assert options.parse(["-y", "x", f"--stop-timeout={text}"]).stop_timeout == float(text)


@pytest.mark.parametrize(
    ("text", "when"), [("500", 500), ("10K", 10_000), ("2M", 2_000_000), ("daily", "daily"), ("never", None)]
)
def test_when_a_log_turns_over(text, when):
    assert options.parse(["-y", "x", "--rotate", text]).rotate == when


@pytest.mark.parametrize("text", ["", "M", "-1", "1.5M", "10m", "1KM", "0", "٣"])
def test_what_is_no_size(text):
    with pytest.raises(UsageError):
        options.parse(["-y", "x", f"--rotate={text}"])
