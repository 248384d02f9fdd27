"""`reactord manhole` and `reactord telnet`: who gets the prompt, from where, with the programs that people have."""

from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's plugin is gone", allow_module_level=True)

import reactor as package
from reactor import log
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.service import Application, IServiceCollection
from reactor.application.starting import privilegedStart, startApplication
from reactor.conch import manhole_tap
from reactor.conch.telnet import ITelnetProtocol
from reactor.cred.stored_password import StoredPassword
from reactor.defer import gatherResults, maybeDeferred
from tests.conch.typed import AtATerminal
from tests.peers.daemons import free_ports
from tests.peers.programs import run_program
from tests.support.loopback import run_until


class Kitchen:
    greeting = "hello"


@pytest.fixture
def users(tmp_path):
    path = tmp_path / "users"
    path.write_text(f"ann:{StoredPassword.of(b'secret', rounds=4096)}\n")
    return path


@pytest.fixture
def serve(one_reactor, monkeypatch, users):
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    running = []

    def start(application, port):
        privilegedStart(application)
        startApplication(application, False, one_reactor)
        running.append(application)
        return port

    yield start
    stopping = gatherResults([maybeDeferred(IServiceCollection(one).stopService) for one in running])
    run_until(one_reactor, lambda: stopping.called)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.fixture
def by_plugin(serve, users):
    def start(*arguments):
        [port] = free_ports(1)
        words = ["--users", str(users), "--listen", f"tcp:{port}:interface=127.0.0.1", *arguments]
        return serve(Plugin("manhole", manhole_tap).makeApplication(words), port)

    return start


@pytest.fixture
def terminal(one_reactor):
    opened = []

    def start(*command):
        opened.append(AtATerminal(one_reactor, *command))
        for prompt, answer in ((b"Username: ", b"ann\r"), (b"Password: ", b"secret\r")):
            opened[-1].shows(prompt)
            opened[-1].types(answer)
        opened[-1].shows(b">>> ")
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.mark.peer("telnet", client="telnet")
def test_a_running_program_is_changed_by_telnet(one_reactor, serve, users, terminal):
    [port] = free_ports(1)
    options = manhole_tap.Options(users=users, listen=f"tcp:{port}:interface=127.0.0.1")
    application, kitchen = Application("doom"), Kitchen()
    manhole_tap.makeService(options, {"kitchen": kitchen}).setServiceParent(application)
    person = terminal("telnet", "127.0.0.1", serve(application, port))
    person.shows(b"\x1b[2J\x1b[H>>> ")  # the size is known, so keys come one by one by now
    person.types(b"kitchen.greeting = 'good evenung'")
    person.types(b"\x1b[D\x1b[D\x1b[D\x7fi\r")
    run_until(one_reactor, lambda: kitchen.greeting == "good evening")
    person.types(b"while True: pass\x03")
    person.shows(b"KeyboardInterrupt")
    person.types(b"print('\xc3\xa9' * 3)\r")
    person.shows("ééé".encode())
    person.types(b"\x1b[A\x7f\x7f4)\r")
    person.shows("éééé".encode())
    person.types(b"\x04")
    person.shows(b"Connection closed")
    person.ends()


@pytest.mark.peer("telnet", client="telnet")
def test_ctrl_C_interrupts_a_command_that_runs(one_reactor, by_plugin, terminal):
    person = terminal("telnet", "127.0.0.1", by_plugin())
    person.shows(b"\x1b[2J\x1b[H>>> ")
    person.types(b"import threading, os\r")
    person.shows(b">>> ")
    send = f"threading.Timer(0.2, os.write, ({person.master}, b'\\x03')).start()\r".encode()  # the loop stands still
    person.types(send)
    person.shows(b">>> ")
    person.types(b"while True: pass\r\r")
    person.shows(b"Interrupted: by ^C")
    person.shows(b"KeyboardInterrupt")
    person.types(b"6 * 7\r")
    person.shows(b"42")


@pytest.mark.peer("telnet", client="plink")
def test_plink_has_a_prompt_of_the_plugin(by_plugin, terminal):
    person = terminal("plink", "-telnet", "-P", by_plugin(), "127.0.0.1")
    person.types(b"type(reactor).__name__\r")
    person.shows(b"SelectReactor'")
    person.types(b"exit()\r")
    person.ends()


@pytest.mark.peer("telnet", client="curl")
def test_curl_has_one_too_though_it_knows_no_terminals(one_reactor, by_plugin):
    typed = b"ann\nsecret\n6 * 7\nexit()\n"
    done = run_program(one_reactor, "curl", "-sN", f"telnet://127.0.0.1:{by_plugin()}", input=typed)
    assert b"\r\n42\r\n>>> " in done.stdout, done


def test_too_many_connections_are_told_so(one_reactor, by_plugin, monkeypatch):
    monkeypatch.setattr(manhole_tap.TelnetFactory, "maxConnections", 0)
    done = run_program(one_reactor, "curl", "-sN", f"telnet://127.0.0.1:{by_plugin()}", input=b"")
    assert done.stdout == b"Too many are here.\r\n"


def test_who_has_the_prompt_is_logged():
    lines = []
    log.addObserver(lines.append)
    try:
        interface, prompt, leave = manhole_tap.ManholeRealm({}).requestAvatar(b"ann", None, ITelnetProtocol)
        leave()
    finally:
        log.removeObserver(lines.append)
    assert interface is ITelnetProtocol and prompt.protocolArgs[1] == {}
    said = ["".join(map(str, event["message"])) for event in lines]
    assert said == ["b'ann' has a Python prompt", "b'ann' has left the Python prompt"]
    with pytest.raises(NotImplementedError, match="telnet only"):
        manhole_tap.ManholeRealm({}).requestAvatar(b"ann", None, object)


@pytest.mark.parametrize(
    "arguments, problem",
    [
        ([], "--users"),
        (["--users", "nowhere"], "nowhere is no file"),
        (["--users", "users", "--network", "kitchen"], "kitchen"),
        (["--users", "users", "--listen", "soup:1"], "soup"),
        (["--users", "users", "--idle", "0"], "idle is a number of seconds, more than 0, and not 0"),
        (["--users", "users", "--idle", "nan"], "more than 0, and not nan"),
    ],
)
def test_options_that_make_no_sense_are_named(users, monkeypatch, arguments, problem):
    monkeypatch.chdir(users.parent)
    with pytest.raises(ConfigurationError, match=problem):
        Plugin("manhole", manhole_tap).makeApplication(arguments)


def test_a_file_of_users_that_can_t_be_read_is_told_at_once(users):
    users.write_text("ann\n")
    with pytest.raises(Exception, match="line 1"):
        manhole_tap.makeService(manhole_tap.Options(users=users))


def test_both_names_are_the_same_plugin():
    text = (Path(package.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    for name in ("manhole", "telnet"):
        assert f'{name} = "reactor.conch.manhole_tap"' in text
