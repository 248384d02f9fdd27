"""`reactord ldap`: its options, and an entry's way from a file through a change into the file again."""

from functools import partial

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no such plugin", allow_module_level=True)

import reactor as package
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.service import IServiceCollection
from reactor.application.starting import privilegedStart, startApplication
from reactor.defer import ensureDeferred, maybeDeferred
from reactor.ldap import Change, LDAPError, LDIFTree, SQLiteTree, connectToLDAPEndpoint, ldif, plugin
from reactor.ldap.messages import Entry
from reactor.ssl import Certificate, optionsForClientTLS
from tests.ldap.ldap_doubles import ADMIN, PEOPLE, book
from tests.peers.daemons import free_ports
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

ANN = f"cn=Ann,{PEOPLE}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    entries = [Entry(entry.dn.getText(), entry.attributes) for entry in book()._entries.values()]
    (tmp_path / "book.ldif").write_text("".join(ldif.write(entries)))
    return tmp_path


@pytest.fixture
def serve(one_reactor, monkeypatch, folder):
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    running = []

    def start(*arguments):
        [port] = free_ports(1)
        words = [*map(str, arguments), "--listen", f"tcp:{port}:interface=127.0.0.1"]
        application = Plugin("ldap", plugin).makeApplication(words)
        privilegedStart(application)
        startApplication(application, False, one_reactor)
        running.append(application)
        return port

    def stop():
        while running:
            stopping = maybeDeferred(IServiceCollection(running.pop()).stopService)
            run_until(one_reactor, partial(getattr, stopping, "called"), 30)

    start.stop = stop
    yield start
    stop()
    run_until(one_reactor, lambda: len(one_reactor.getDelayedCalls()) == 1, 30)


async def change(reactor, port, folder):
    client = await connectToLDAPEndpoint(reactor, f"tcp:127.0.0.1:{port}")
    [certificate] = folder.glob("*.pem") or [None]
    await client.startTLS(optionsForClientTLS("localhost", Certificate.loadPEM(certificate.read_bytes())))
    await client.login("Ann", b"secret")
    try:
        await client.delete(ANN)
    except LDAPError as problem:
        assert problem.code == 50
    await client.bind(ADMIN, b"secret")
    await client.modify(ANN, [(Change.replace, "sn", [b"Andersen"])])
    client.unbind()


@pytest.mark.parametrize("name, kind", [("tree.ldif", LDIFTree), ("tree.sqlite", SQLiteTree)])
def test_a_change_is_in_the_file(one_reactor, serve, folder, name, kind):
    port = serve("--tree", name, "--load", "book.ldif", "--writer", ADMIN, "--names", f"cn={{}},{PEOPLE}")
    done = outcomes(ensureDeferred(change(one_reactor, port, folder)))
    run_until(one_reactor, lambda: done)
    assert done == [None]
    serve.stop()
    tree = kind(name)
    assert {entry["sn"] for entry in tree._entries.values() if "sn" in entry} == {
        (b"Andersen",),
        (b"Builder",),
        (b"Doe",),
    }
    assert len(tree) == 6 and (folder / name).stat().st_mode & 0o077 == 0
    tree.close()


@pytest.mark.parametrize(
    "words, problem",
    [
        ([], "tree"),
        (["--tree", "x.ldif", "--load", "none.ldif"], "none.ldif is no file"),
        (["--tree", "x.ldif", "--anonymous", "write"], "nothing, read"),
        (["--tree", "x.ldif", "--writer", "nobody"], "nobody"),
        (["--tree", "x.ldif", "--listen", "tcp:x"], "x"),
        (["--tree", "x.ldif", "--connections", "0"], "connections"),
        (["--tree", "x.ldif", "--connections-per-peer", "x"], "connections-per-peer"),
    ],
)
def test_an_option_that_makes_no_sense_is_told(folder, words, problem):
    with pytest.raises((ConfigurationError, SystemExit)) as caught:
        Plugin("ldap", plugin).makeApplication(words)
    assert problem in str(caught.value)


def test_so_many_clients_come_from_one_address_and_no_more(one_reactor, serve):
    port = serve("--tree", "book.ldif", "--connections", "7", "--connections-per-peer", "1")
    first = outcomes(connectToLDAPEndpoint(one_reactor, f"tcp:127.0.0.1:{port}"))
    run_until(one_reactor, lambda: first)
    who = outcomes(first[0].whoAmI())
    run_until(one_reactor, lambda: who)
    second = outcomes(connectToLDAPEndpoint(one_reactor, f"tcp:127.0.0.1:{port}"))
    run_until(one_reactor, lambda: second)
    refused = outcomes(second[0].whoAmI())
    run_until(one_reactor, lambda: refused)
    assert "too many connections" in str(refused[0].value)
    first[0].unbind()


def test_a_file_that_is_no_ldif_is_told_with_its_line(folder):
    (folder / "tree.ldif").write_text("dn: o=Doom\nobjectClass organization\n")
    with pytest.raises(ConfigurationError, match="line 2: 'objectClass organization'"):
        Plugin("ldap", plugin).makeApplication(["--tree", "tree.ldif"])
