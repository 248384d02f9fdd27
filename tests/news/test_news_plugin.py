"""`reactord news`: its options, and a post's way from a login over TLS to a reader, another server, a moderator."""

import io
import ssl
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's plugin is gone", allow_module_level=True)

import reactor as package
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.service import IServiceCollection, Service
from reactor.application.starting import privilegedStart, startApplication
from reactor.cred.stored_password import StoredPassword
from reactor.defer import gatherResults, maybeDeferred
from reactor.mail.smtp import ESMTP
from reactor.news import plugin
from reactor.news.database import NewsDatabase
from reactor.news.interfaces import Group, Rights
from reactor.news.news import NNTPFactory, UsenetServerFactory
from reactor.protocol import Factory
from tests.mail.conftest import Letters
from tests.peers.daemons import free_ports
from tests.peers.programs import meanwhile
from tests.support.loopback import run_until

GROUPS = "doom.kitchen y what is cooked\n\n# and\ndoom.board m boss@b.example announcements\ndoom.mirror n\n"
POST = "From: ann@a.example\nNewsgroups: {}\nSubject: soup\nMessage-ID: {}\n\n.It is ready.\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "users").write_text(f"ann:{StoredPassword.of(b'secret', rounds=4096)}\n")
    (tmp_path / "groups").write_text(GROUPS)
    return tmp_path


@pytest.fixture
def serve(one_reactor, monkeypatch, folder):
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    monkeypatch.chdir(folder)
    running = []

    def start(*arguments):
        [port] = free_ports(1)
        words = ["--groups", "groups", "--users", "users", "--name", "us.example", *map(str, arguments)]
        application = Plugin("news", plugin).makeApplication([*words, "--listen", f"tcp:{port}:interface=127.0.0.1"])
        privilegedStart(application)
        startApplication(application, False, one_reactor)
        running.append(application)
        return port

    yield start
    # what is left then is the deadline of run_until itself
    stopping = gatherResults([maybeDeferred(IServiceCollection(one).stopService) for one in running])
    run_until(one_reactor, lambda: stopping.called and len(one_reactor.getDelayedCalls()) == 1, 30)


class Mail(Factory):
    noisy = False

    def buildProtocol(self, addr):
        server = ESMTP()
        server.delivery, server.noisy = self.delivery, False
        return server


def read_and_post(port, cafile):
    import nntplib

    context = ssl.create_default_context(cafile=cafile)
    with nntplib.NNTP("localhost", port) as client:
        with pytest.raises(nntplib.NNTPTemporaryError, match="480"):
            client.post(io.BytesIO(POST.format("doom.kitchen", "<0@a.example>").encode()))
        client.starttls(context)
        client.login("ann", "secret")
        for group, id in (("doom.kitchen", "<1@a.example>"), ("doom.board", "<2@a.example>")):
            client.post(io.BytesIO(POST.format(group, id).encode()))
    with nntplib.NNTP("localhost", port) as client:
        client.group("doom.kitchen")
        return client.body("<1@a.example>")[1].lines


@pytest.mark.filterwarnings("ignore:'nntplib' is deprecated")
def test_a_post_goes_all_the_way(one_reactor, serve, folder):
    letters, elsewhere = Letters(), NewsDatabase(host="elsewhere.example")
    elsewhere.addGroup("doom.kitchen")
    mail = Mail()
    mail.delivery = letters
    ports = [
        one_reactor.listenTCP(0, factory, interface="127.0.0.1")
        for factory in (NNTPFactory(elsewhere, anonymous=Rights(feed=True), reactor=one_reactor), mail)
    ]
    nntp, smtp = (port.getHost().port for port in ports)
    port = serve("--feed", f"127.0.0.1:{nntp}=doom.*", "--mail", f"127.0.0.1:{smtp}")
    assert meanwhile(one_reactor, read_and_post, port, folder / "development.pem") == [b".It is ready."]
    assert letters.taken[0][0] == b"boss@b.example" and b"Newsgroups: doom.board" in letters.taken[0][1]
    run_until(one_reactor, lambda: elsewhere.articleExistsRequest("<1@a.example>"), 30)
    closing = gatherResults([maybeDeferred(one.stopListening) for one in ports])
    run_until(one_reactor, lambda: closing.called, 30)


@pytest.mark.parametrize(
    "arguments, problem",
    [
        ((), "--groups"),
        (("--groups", "nowhere"), "is no file"),
        (("--groups", "groups", "--certificate", "nowhere"), "is no file, and no folder"),
        (("--groups", "groups", "--anonymous", "all"), "nothing, read, post"),
        (("--groups", "groups", "--feed", ":x=doom.*"), "a server such as"),
        (("--groups", "groups", "--mail", "mx:x"), "a server such as"),
        (("--groups", "groups", "--listen", "x"), "a port number"),
        (("--groups", "groups", "--connections-per-peer", "0"), "from 1 on, not '0'"),
    ],
)
def test_bad_options_are_named(folder, monkeypatch, arguments, problem):
    monkeypatch.chdir(folder)
    with pytest.raises(ConfigurationError) as raised:
        Plugin("news", plugin).configure(arguments)
    assert problem in str(raised.value)


@pytest.mark.parametrize("line", ["doom kitchen", "doom.* y all", "doom.board m announcements", "doom.x q"])
def test_a_group_that_cannot_be_read_ends_it_at_the_start(folder, line):
    (folder / "groups").write_text(f"doom.kitchen y\n{line}\n")
    with pytest.raises(ValueError, match=r"groups, line 2: '.*' isn't NAME y\|m\|n"):
        plugin.read_groups(folder / "groups")


def test_groups_are_read_with_their_moderators(folder):
    assert plugin.read_groups(folder / "groups") == [
        Group("doom.kitchen", "what is cooked", "y"),
        Group("doom.board", "announcements", "m", "boss@b.example"),
        Group("doom.mirror", "", "n"),
    ]


def test_who_may_bring_articles_is_known_by_address(folder):
    from reactor.address import IPv4Address

    factory = UsenetServerFactory(NewsDatabase(), anonymous=Rights(False, False))
    factory.remoteHosts = ("192.0.2.7",)
    assert factory.buildProtocol(IPv4Address("TCP", "192.0.2.7", 1)).rights.feed
    assert factory.buildProtocol(IPv4Address("TCP", "192.0.2.8", 1)).rights == Rights(False, False)


def test_the_factory_has_the_limits_that_the_options_say(folder, monkeypatch, one_reactor):
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    made = []
    monkeypatch.setattr(plugin.strports, "service", lambda where, factory: made.append(factory) or Service())
    options = plugin.Options(groups=folder / "groups", store=folder / "x.sqlite", connections=7, connections_per_peer=3)
    plugin.makeService(options)
    assert [(factory.maxConnections, factory.maxConnectionsPerPeer) for factory in made] == [(7, 3)]


def test_old_articles_go_and_a_store_that_is_locked_keeps_them_for_now(folder, logged_errors):
    from tests.news.news_doubles import House, article

    house = House([article("<1@a.example>")])
    news = plugin.NewsService(house.store, [], keep_s=10)
    house.clock.advance(11)
    news._expire()
    assert house.store.groupRequest("doom.kitchen").size == 0

    def locked(oldest):
        raise OSError("locked")

    house.store.expire = locked
    news._expire()
    assert len(logged_errors.flush(OSError)) == 1


def test_paths_are_absolute_as_a_daemon_changes_its_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    options = plugin.Options(groups=Path("groups"))
    assert (options.groups, options.store, options.users) == (folder / "groups", folder / "news.sqlite", None)
