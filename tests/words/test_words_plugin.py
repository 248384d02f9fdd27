"""`reactord words`: its options, and somebody who comes in."""

import pytest

from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.service import IServiceCollection
from reactor.cred.credentials import IAnonymous
from reactor.cred.stored_password import StoredPassword
from reactor.words import plugin
from reactor.words.plugin import Options, makeService
from reactor.words.service import IRCFactory


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "users").write_text(f"Ann:{StoredPassword.of(b'secret', rounds=4096)}\n")
    (tmp_path / "motd").write_text("Soup.\n")
    (tmp_path / "operators").write_text("# who\nboss secret\n")
    return tmp_path


def application(*words):
    return Plugin("words", plugin).makeApplication(["--irc", "tcp:0:interface=127.0.0.1", *words])


def factory_of(service):
    [port] = list(service)
    return port.factory


def test_all_options_reach_the_door(folder):
    words = ["--users", "users", "--motd", "motd", "--operators", "operators", "--group", "#doom", "--group", "hall"]
    words += ["--name", "us.example", "--rooms", "no", "--connections", "7", "--connections-per-peer", "3"]
    [port] = next(iter(IServiceCollection(application(*words))))
    irc = port.factory
    assert isinstance(irc, IRCFactory) and irc.realm.name == "us.example" and irc.motd == ["Soup."]
    assert [*irc.realm.groups] == ["doom", "hall"] and not irc.realm.createGroupOnRequest
    assert irc.operators == {"boss": "secret"} and (irc.maxConnections, irc.maxConnectionsPerPeer) == (7, 3)
    assert irc.realm.isReserved("ann") and not irc.realm.isReserved("bob")


def test_guests_come_in_unless_they_may_not(folder):
    assert IAnonymous in factory_of(makeService(Options())).portal.listCredentialsInterfaces()
    members = factory_of(makeService(Options(users=folder / "users", guests=False)))
    assert IAnonymous not in members.portal.listCredentialsInterfaces()


@pytest.mark.parametrize(
    "words, problem",
    [
        (["--guests", "no"], "nobody could come in"),
        (["--users", "nowhere"], "is no file"),
        (["--group", "a b"], "a name such as doom"),
        (["--guests", "maybe"], "yes or no"),
        (["--connections", "0"], "a whole number from 1 on"),
        (["--operators", "users"], "a line is NAME PASSWORD"),
    ],
)
def test_bad_options_are_named(folder, words, problem):
    with pytest.raises((ConfigurationError, ValueError), match=problem):
        application(*words)
