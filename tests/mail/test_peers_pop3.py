"""POP3 with programs that others wrote: their clients fetch from our server, our client from their servers."""

import poplib
import ssl
import subprocess
import sys
import textwrap

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse, StoredPasswordFile
from reactor.cred.portal import Portal
from reactor.cred.stored_password import StoredPassword
from reactor.defer import ensureDeferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.mail.maildir import Maildir, Maildirs
from reactor.mail.maildrop import Mailboxes
from reactor.mail.pop3 import AdvancedPOP3Client, POP3Factory
from tests.mail import dovecot
from tests.peers.programs import meanwhile, run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes
from tests.support.securely import authority, client_options, server_options

LETTERS = [
    b"From: a@example.org\r\nTo: alice@example.org\r\nSubject: short\r\n\r\nshort\r\n",
    b"From: a@example.org\r\nTo: alice@example.org\r\nSubject: dots\r\n\r\n.\r\n..\r\n.x\r\nend\r\n",
    b"From: a@example.org\r\nTo: alice@example.org\r\nSubject: long\r\n\r\n" + b"0123456789abcdef\r\n" * 20_000,
]


def plain(text):
    return text.replace(b"\r\n", b"\n")


class Served:
    """A server of ours: its port, and the Maildir behind it."""

    def __init__(self, reactor, folder, checker, **options):
        self.reactor = reactor
        self.maildirs = Maildirs(folder)
        self.box = self.maildirs[b"alice"]
        for letter in LETTERS:
            self.box.deliver(letter)
        factory = POP3Factory(Portal(Mailboxes(self.maildirs), [checker]), reactor=reactor, **options)
        factory.noisy = False
        self.listening = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.port = self.listening.getHost().port

    def texts(self):
        found = []
        for letter in self.box.letters():
            with self.box.open(letter) as file:
                found.append(file.read())
        return found


@pytest.fixture
def serve(one_reactor, tmp_path):
    """Makes servers of ours, and ends them."""
    made = []

    def make(checker=None, **options):
        checker = checker or InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
        made.append(Served(one_reactor, tmp_path / "mail", checker, **options))
        return made[-1]

    yield make
    for one in made:
        stop_listening(one_reactor, one.listening)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


# --- their clients, our server


@pytest.mark.peer("POP3", client="curl")
def test_curl_lists_and_fetches(one_reactor, serve):
    url = f"pop3://alice:secret@127.0.0.1:{serve().port}/"
    listed = run_program(one_reactor, "curl", "-sS", url)
    assert plain(listed.stdout) == b"".join(b"%d %d\n" % (n, len(text)) for n, text in enumerate(LETTERS, 1))
    for number, letter in enumerate(LETTERS, 1):
        assert run_program(one_reactor, "curl", "-sS", url + str(number)).stdout == letter


@pytest.mark.peer("POP3", client="curl")
def test_curl_logs_in_by_each_mechanism_and_over_TLS(one_reactor, serve, tmp_path):
    ours = serve(contextFactory=server_options(), allowAPOP=True)
    for options in (
        "--login-options AUTH=CRAM-MD5",
        "--login-options AUTH=PLAIN",
        "--login-options AUTH=LOGIN",
        "--login-options AUTH=PLAIN --sasl-ir",
        "--login-options AUTH=+APOP",
        "--ssl-reqd -k",
    ):
        words = ["-sS", *options.split(), "--user", "alice:secret", f"pop3://127.0.0.1:{ours.port}/1"]
        done = run_program(one_reactor, "curl", *words)
        assert (done.stdout, done.stderr) == (LETTERS[0], b""), options


@pytest.mark.peer("POP3", client="mpop")
def test_mpop_fetches_all_and_deletes_them(one_reactor, serve, tmp_path):
    ours = serve()
    target, config = Maildir(tmp_path / "fetched"), tmp_path / "mpoprc"
    config.write_text(
        textwrap.dedent(f"""
            account default
            host 127.0.0.1
            port {ours.port}
            user alice
            password secret
            tls off
            auth plain
            keep off
            received_header off
            delivery maildir {target.path}
            uidls_file {tmp_path}/uidls
        """)
    )
    config.chmod(0o600)
    done = run_program(one_reactor, "mpop", "-q", "-C", config)
    assert done.returncode == 0, done.stderr
    got = sorted((box_path.read_bytes() for box_path in (target.path / "new").iterdir()), key=len)
    assert got == [plain(text) for text in sorted(LETTERS, key=len)]
    run_until(one_reactor, lambda: len(one_reactor.transports) == 1)
    assert ours.texts() == []


@pytest.mark.peer("POP3", client="fetchmail")
@pytest.mark.parametrize("keep", [True, False])
def test_fetchmail_hands_each_letter_to_a_program_and_keeps_or_deletes(one_reactor, serve, tmp_path, keep):
    ours = serve()
    (tmp_path / "save").write_text(f"#!/bin/sh\nexec cat > {tmp_path}/letter.$$\n")
    (tmp_path / "save").chmod(0o755)
    config = tmp_path / "fetchmailrc"
    config.write_text(
        f"poll 127.0.0.1 protocol pop3 port {ours.port} auth password uidl no dns\n"
        f"user alice password secret sslproto '' no rewrite {'keep' if keep else 'nokeep'}\n"
        f'mda "{tmp_path}/save"\n'
    )
    config.chmod(0o600)
    words = ["-f", config, "--idfile", tmp_path / "ids", "--pidfile", tmp_path / "pid", "--invisible", "--nosyslog"]
    for _ in range(2):
        done = run_program(one_reactor, "fetchmail", *words, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
        assert done.returncode in (0, 1), (done.stdout, done.stderr)
    got = sorted((path.read_bytes() for path in tmp_path.glob("letter.*")), key=len)
    assert [plain(text).partition(b"\n\n")[2] for text in got] == [
        plain(text).partition(b"\n\n")[2] for text in sorted(LETTERS, key=len)
    ]
    run_until(one_reactor, lambda: len(one_reactor.transports) == 1)
    assert len(ours.texts()) == (3 if keep else 0)


def test_the_standard_librarys_client_does_all_it_can(one_reactor, serve):
    ours = serve(contextFactory=server_options(), allowAPOP=True)

    def talk():
        server = poplib.POP3("127.0.0.1", ours.port, timeout=20)
        assert "UIDL" in server.capa()
        server.apop("alice", "secret")
        assert server.stat() == (3, sum(map(len, LETTERS)))
        assert len({*server.uidl()[1]}) == 3
        got = [b"\r\n".join(server.retr(number)[1]) + b"\r\n" for number in (1, 2, 3)]
        assert server.top(3, 1)[1][-1] == b"0123456789abcdef" and len(server.top(3, 1)[1]) == 5
        server.dele(1)
        server.rset()
        server.dele(2)
        server.quit()
        return got

    assert meanwhile(one_reactor, talk) == LETTERS
    assert ours.texts() == [plain(LETTERS[0]), plain(LETTERS[2])]


def test_the_standard_librarys_client_begins_TLS(one_reactor, serve):
    ours = serve(contextFactory=server_options())

    def talk():
        context = ssl.create_default_context()
        authority().configure_trust(context)
        server = poplib.POP3("localhost", ours.port, timeout=20)
        server.stls(context)
        server.user("alice")
        server.pass_("secret")
        found = server.stat()
        server.quit()
        return found[0]

    assert meanwhile(one_reactor, talk) == 3


TWISTED_CLIENT = """
import sys
from twisted.internet import defer, endpoints, task
from twisted.mail.pop3 import AdvancedPOP3Client

@defer.inlineCallbacks
def main(reactor, port):
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", int(port))
    client = AdvancedPOP3Client()
    client.allowInsecureLogin = True
    yield endpoints.connectProtocol(endpoint, client)
    yield client.login(b"alice", b"secret")
    print((yield client.stat()), len((yield client.listUID())))
    for number in range(3):
        print(len((yield client.retrieve(number))))
    yield client.delete(0)
    yield client.quit()

task.react(main, sys.argv[1:])
"""


@pytest.mark.peer("POP3", client="Twisted")
def test_Twisteds_client_fetches_and_deletes(one_reactor, serve):
    ours = serve()
    done = run_program(one_reactor, sys.executable, "-c", TWISTED_CLIENT, ours.port)
    assert done.stdout.decode().split() == f"(3, {sum(map(len, LETTERS))}) 3 5 8 20004".split(), done.stderr
    assert len(ours.texts()) == 2


# --- our client, their servers


def run_client(reactor, port, script, **attributes):
    """Connect our client, run a coroutine function with it, and return what that returns."""
    client = AdvancedPOP3Client()
    client.callLater = reactor.callLater
    vars(client).update(attributes)

    async def whole():
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
        try:
            return await script(client)
        finally:
            client.transport.loseConnection()

    before = len(reactor.transports)
    found = outcomes(ensureDeferred(whole()))
    run_until(reactor, lambda: found and len(reactor.transports) == before, 30)
    if hasattr(found[0], "raiseException"):
        found[0].raiseException()
    return found[0]


async def fetch(client):
    await client.login(b"alice", b"secret")
    count, _ = await client.stat()
    names = await client.listUID()
    letters = [client.retrieve(index) for index in range(count)]
    got = [b"".join(line + b"\r\n" for line in await letter) for letter in letters]
    top = await client.retrieve(1, lines=0)
    await client.delete(0)
    await client.quit()
    return got, names, top


@pytest.fixture
def theirs(daemon):
    with dovecot.running(daemon) as server:
        yield server


@pytest.mark.peer("POP3", server="dovecot")
def test_our_client_fetches_from_dovecot_and_deletes(one_reactor, theirs):
    theirs.deliver(*LETTERS)
    got, names, top = run_client(one_reactor, theirs.port, fetch)
    assert got == LETTERS and len({*names}) == 3 and top[-1] == b""
    assert len(theirs.box.letters()) == 2


@pytest.mark.peer("POP3", server="dovecot")
def test_dovecot_and_we_share_a_Maildir(one_reactor, theirs):
    """Each has the letters that the other has delivered, moved and flagged, with the same sizes."""
    theirs.deliver(*LETTERS)
    before = [letter.unique for letter in theirs.box.letters()]

    async def sizes(client):
        await client.login(b"alice", b"secret")
        found = await client.listSize()
        await client.retrieve(0)
        await client.quit()
        return found

    assert run_client(one_reactor, theirs.port, sizes) == [len(text) for text in LETTERS]
    assert [path.name for path in (theirs.box.path / "new").iterdir()] == []  # dovecot has moved all to cur
    assert [letter.unique for letter in theirs.box.letters()] == before
    assert [letter.size for letter in theirs.box.letters()] == [len(text) for text in LETTERS]


TWISTED_SERVER = """
import sys
from twisted.cred import checkers, portal
from twisted.internet import protocol, reactor
from twisted.mail import maildir, pop3

class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return pop3.IMailbox, maildir.StringListMailbox(LETTERS), lambda: None

from zope.interface import implementer
from twisted.cred.portal import IRealm
Realm = implementer(IRealm)(Realm)
LETTERS = eval(sys.stdin.readline())
factory = protocol.ServerFactory()
checker = checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")

def build(addr):
    server = pop3.POP3()
    server.portal = portal.Portal(Realm(), [checker])
    server.factory = factory
    return server

factory.buildProtocol = build
factory.noisy = False
print(reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port, flush=True)
reactor.run()
"""


@pytest.mark.peer("POP3", server="Twisted")
def test_our_client_fetches_from_Twisted(one_reactor):
    letters = [plain(text) for text in LETTERS]
    command, pipes = [sys.executable, "-c", TWISTED_SERVER], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True) as theirs:
        try:
            theirs.stdin.write(repr(letters) + "\n")
            theirs.stdin.flush()
            got, names, _ = run_client(one_reactor, int(theirs.stdout.readline()), fetch)
        finally:
            theirs.kill()
    assert got == LETTERS and len(names) == 3


def test_our_client_and_our_server_over_TLS_and_SCRAM(one_reactor, serve, tmp_path):
    pytest.importorskip("scramp")
    (tmp_path / "passwd").write_text(f"alice:{StoredPassword.of(b'secret', rounds=4096)}\n")
    ours = serve(StoredPasswordFile(tmp_path / "passwd"), contextFactory=server_options())

    async def talk(client):
        got, _, _ = await fetch(client)
        return client.startedTLS, got

    assert run_client(one_reactor, ours.port, talk, contextFactory=client_options()) == (True, LETTERS)
    assert len(ours.texts()) == 2
