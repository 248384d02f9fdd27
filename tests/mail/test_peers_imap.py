"""IMAP with clients that others wrote, at our server: what they fetch, store, append and expunge, over Maildirs."""

import imaplib
import json
import re
import sys
import textwrap

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import Accounts, IMAP4Factory
from tests.peers.programs import meanwhile, run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.securely import server_options

LETTERS = [
    b"From: a@example.org\r\nTo: alice@example.org\r\nSubject: short\r\n\r\nshort\r\n",
    b"From: a@example.org\r\nTo: alice@example.org\r\nSubject: long\r\n\r\n" + b"0123456789abcdef\r\n" * 20_000,
    b"From: a@example.org\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>two</b>\r\n--b--\r\n",
]


class Served:
    """A server of ours: its port, and alice's account, as the test looks into it."""

    def __init__(self, reactor, folder, **options):
        checker = InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
        self.account = MaildirAccount(folder)
        inbox = self.account.select("INBOX")
        for letter in LETTERS:
            inbox.deliver(letter)
        inbox.close()
        realm = Accounts(lambda name: MaildirAccount(folder))
        factory = IMAP4Factory(Portal(realm, [checker]), reactor=reactor, **options)
        factory.noisy = False
        self.listening = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.port = self.listening.getHost().port

    def texts(self, name="INBOX"):
        """UID → (flags, text)."""
        mailbox, found = self.account.select(name), {}
        for uid in mailbox.uids():
            with mailbox._messages[uid].open() as file:
                found[uid] = sorted(mailbox._messages[uid].flags), file.read()
        mailbox.close()
        return found


@pytest.fixture
def serve(one_reactor, tmp_path):
    """Makes a server of ours, and ends it."""
    made = []

    def make(**options):
        made.append(Served(one_reactor, tmp_path / "mail", **options))
        return made[-1]

    yield make
    for one in made:
        one.account.close()
        stop_listening(one_reactor, one.listening)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.mark.peer("IMAP", client="curl")
def test_curl_lists_searches_fetches_and_uploads(one_reactor, serve, tmp_path):
    ours = serve()
    url = f"imap://alice:secret@127.0.0.1:{ours.port}/"
    (tmp_path / "new").write_bytes(b"Subject: up\r\n\r\nloaded\r\n")

    def curl(path, *words):
        done = run_program(one_reactor, "curl", "-sS", url + path, *words)
        assert done.stderr == b""
        return done.stdout

    assert curl("") == b'* LIST () "." "INBOX"\r\n'
    assert curl("INBOX?SUBJECT%20long") == b"* SEARCH 2\r\n"
    for number, letter in enumerate(LETTERS, 1):
        assert curl(f"INBOX;MAILINDEX={number}") == letter
        assert curl(f"INBOX;UID={number};SECTION=TEXT") == letter.partition(b"\r\n\r\n")[2]
    assert curl("INBOX;MAILINDEX=3;SECTION=2") == b"<b>two</b>"
    curl("INBOX", "-T", tmp_path / "new")
    assert ours.texts()[4][1] == b"Subject: up\r\n\r\nloaded\r\n"


@pytest.mark.peer("IMAP", client="curl")
def test_curl_logs_in_by_each_mechanism_and_over_TLS(one_reactor, serve):
    ours = serve(contextFactory=server_options())
    for options in (
        "--login-options AUTH=CRAM-MD5",
        "--login-options AUTH=PLAIN",
        "--login-options AUTH=LOGIN",
        "--login-options AUTH=PLAIN --sasl-ir",
        "--ssl-reqd -k",
    ):
        words = ["-sS", *options.split(), "--user", "alice:secret", f"imap://127.0.0.1:{ours.port}/INBOX;MAILINDEX=1"]
        done = run_program(one_reactor, "curl", *words)
        assert (done.stdout, done.stderr) == (LETTERS[0], b""), options


MBSYNC = """
    IMAPAccount ours
    Host 127.0.0.1
    Port {port}
    User alice
    Pass secret
    SSLType None
    PipelineDepth {depth}

    IMAPStore far
    Account ours

    MaildirStore near
    Path {near}/
    Inbox {near}/INBOX
    Subfolders Verbatim

    Channel all
    Far :far:
    Near :near:
    Patterns *
    Create Both
    Expunge Both
    CopyArrivalDate yes
    SyncState *
"""


@pytest.mark.peer("IMAP", client="mbsync")
@pytest.mark.parametrize("depth", [1, 50])
def test_mbsync_keeps_both_sides_alike_both_ways(one_reactor, serve, tmp_path, depth):
    ours, near = serve(), tmp_path / "near"
    near.mkdir()
    (tmp_path / "mbsyncrc").write_text(textwrap.dedent(MBSYNC.format(port=ours.port, near=near, depth=depth)))

    def sync():
        done = run_program(one_reactor, "mbsync", "-c", tmp_path / "mbsyncrc", "all")
        assert done.returncode == 0, done.stderr
        return sorted((near / "INBOX").glob("*/*,U=*"), key=lambda path: path.name.partition(",U=")[2])

    arrived = sync()
    texts = [re.sub(rb"X-TUID: .*\n", b"", path.read_bytes()) for path in arrived]  # a mark of mbsync's
    assert texts == [letter.replace(b"\r\n", b"\n") for letter in LETTERS]
    arrived[0].rename(near / "INBOX/cur" / (arrived[0].name.partition(":")[0] + ":2,FS"))  # read, and flagged
    arrived[1].rename(near / "INBOX/cur" / (arrived[1].name.partition(":")[0] + ":2,T"))  # deleted
    (near / "INBOX/new/1000000001.M1.here").write_bytes(b"Subject: from here\n\nx\n")
    ours.account.create("Work")
    work = ours.account.select("Work")
    work.deliver(b"Subject: work\r\n\r\n")
    work.close()
    sync()
    found = ours.texts()
    assert found[1] == ([r"\Flagged", r"\Seen"], LETTERS[0])
    assert 2 not in found
    assert found[4][1].startswith(b"Subject: from here\r\n")
    assert [b"Subject: work\n" in path.read_bytes() for path in (near / "Work").glob("*/*,U=1*")] == [True]
    before = ours.texts()
    sync()
    assert ours.texts() == before


def test_imaplib_does_all_that_it_can(one_reactor, serve):
    ours = serve()

    def talk():
        with imaplib.IMAP4("127.0.0.1", ours.port) as client:
            client.login("alice", "secret")
            client.enable("CONDSTORE")
            assert client.create("Entw&APw-rfe")[0] == "OK"
            assert client.list('""', "E*")[1] == [b'() "." "Entw&APw-rfe"']
            assert client.select("INBOX")[1] == [b"3"]
            assert client.search(None, "SUBJECT", "short")[1] == [b"1"]
            assert client.copy("1:2", "Entw&APw-rfe")[0] == "OK"
            assert client.uid("MOVE", "3", "Entw&APw-rfe")[0] == "OK"
            assert client.store("1", "+FLAGS", r"(\Deleted)")[0] == "OK"
            assert client.expunge()[1][-1] == b"1"  # imaplib kept what MOVE said
            (_, text), _ = client.fetch("1", "(BODY[])")[1]
            assert text == LETTERS[1]
            added = client.append("INBOX", r"(\Draft $x)", imaplib.Time2Internaldate(1e9), b"Subject: new\r\n\r\n")
            assert added[0] == "OK" and b"APPENDUID" in added[1][0]
            said = client.status("INBOX", "(MESSAGES UIDNEXT UNSEEN)")[1]
            assert said == [b'"INBOX" (MESSAGES 2 UIDNEXT 5 UNSEEN 1)']
            assert client.namespace()[1] == [b'(("" ".")) NIL NIL']
            client.close()
            client.delete("Entw&APw-rfe")

    meanwhile(one_reactor, talk)
    assert {uid: flags for uid, (flags, _) in ours.texts().items()} == {2: [r"\Seen"], 4: ["$x", r"\Draft"]}


TWISTED_CLIENT = r"""
import io, json, sys
from twisted.internet import defer, endpoints, protocol, task
from twisted.mail import imap4

async def main(reactor, port):
    where = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", int(port))
    client = await endpoints.connectProtocol(where, imap4.IMAP4Client())
    await client.login(b"alice", b"secret")
    found = {"capabilities": sorted(name.decode() for name in await client.getCapabilities())}
    found["exists"] = (await client.select("INBOX"))["EXISTS"]
    everything = imap4.MessageSet(1, None)
    found["flags"] = await client.fetchFlags(everything)
    found["structure"] = await client.fetchBodyStructure(imap4.MessageSet(3))
    found["envelope"] = await client.fetchEnvelope(imap4.MessageSet(1))
    found["text"] = (await client.fetchMessage(imap4.MessageSet(2)))[2]["RFC822"]
    found["search"] = list(await client.search(imap4.Query(subject="parts")))
    await client.addFlags(imap4.MessageSet(1), ["\\Deleted"], silent=0)
    found["gone"] = await client.expunge()
    await client.create("Box")
    await client.append("Box", io.BytesIO(b"Subject: y\r\n\r\ny\r\n"), ("\\Seen",))
    found["status"] = await client.status("Box", "MESSAGES")
    found["list"] = [name for _, _, name in await client.list("", "*")]
    await client.copy(imap4.MessageSet(1), "Box", False)
    await client.rename("Box", "Chest")
    await client.logout()
    print(json.dumps(found, default=str))

task.react(lambda reactor: defer.ensureDeferred(main(reactor, sys.argv[1])))
"""


@pytest.mark.peer("IMAP", client="Twisted")
def test_Twisteds_client_fetches_stores_and_appends(one_reactor, serve):
    ours = serve()
    done = run_program(one_reactor, sys.executable, "-c", TWISTED_CLIENT, ours.port)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["exists"] == 3 and {"IDLE", "NAMESPACE", "LITERAL+"} <= {*found["capabilities"]}
    assert found["flags"]["2"] == {"FLAGS": [r"\Recent"]}
    assert found["structure"]["3"]["BODYSTRUCTURE"][-5] == "mixed"
    assert found["envelope"]["1"]["ENVELOPE"][1] == "short"
    assert found["text"] == LETTERS[1].decode()
    assert found["search"] == [3] and found["gone"] == [1]
    assert found["status"] in ({"MESSAGES": 1}, {"MESSAGES": "1"})
    assert found["list"] == ["Box", "INBOX"]
    assert [text for _, text in ours.texts("Chest").values()] == [b"Subject: y\r\n\r\ny\r\n", LETTERS[1]]


def test_openssl_upgrades_by_STARTTLS(one_reactor, serve):
    ours = serve(contextFactory=server_options())
    words = f"s_client -starttls imap -connect 127.0.0.1:{ours.port} -quiet -ign_eof"
    done = run_program(one_reactor, "openssl", *words.split(), input=b"a LOGIN alice secret\r\nb LOGOUT\r\n")
    assert b"a OK [CAPABILITY" in done.stdout and b"b OK LOGOUT is done" in done.stdout
