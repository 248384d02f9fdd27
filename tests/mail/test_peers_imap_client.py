"""Our client of IMAP with servers that others wrote."""

import io
import subprocess
import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.defer import ensureDeferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.mail.imap4 import IMAP4Exception, NegativeResponse, Not, Or, Query
from reactor.testing import StringTransport
from tests.mail import dovecot
from tests.mail.imap_doubles import Listener
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes
from tests.support.securely import client_options

LETTERS = [
    b"From: ann@example.org\r\nTo: alice@example.org\r\nSubject: soup\r\n\r\nof the day\r\n",
    b"From: bob@example.org\r\nSubject: two parts\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\none\r\n--x\r\nContent-Type: text/html\r\n\r\n'
    b"two {5}\r\n--x--\r\n",
    b"From: eve@example.org\r\nSubject: long\r\n\r\n" + b"0123456789abc\xe4\r\n" * 20_000,
]


def run_client(reactor, port, script, context=None, **attributes):
    """Connect our client, run a coroutine function with it, and return what that returns."""
    client = Listener(context)
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


@pytest.fixture
def theirs(daemon):
    with dovecot.running(daemon) as server:
        yield server


@pytest.fixture
def talk(one_reactor, theirs):
    """Runs a script with a client that has logged in to dovecot, where the letters are."""
    theirs.deliver(*LETTERS)

    def run(script, **options):
        async def whole(client):
            await client.login(b"alice", b"secret")
            return await script(client)

        return run_client(one_reactor, theirs.imap_port, whole, **options)

    return run


@pytest.mark.peer("IMAP", server="dovecot")
def test_our_client_reads_letters_of_dovecot(talk):
    async def script(client):
        found = await client.select("INBOX")
        assert (found["EXISTS"], found["READ-WRITE"]) == (3, True) and r"\Seen" in found["FLAGS"], found
        whole = client.fetchMessage("1:*")
        envelope = client.fetchEnvelope(2)
        structure = client.fetchBodyStructure(2)
        part = client.fetchSpecific(2, headerNumber=2, peek=True)
        fields = client.fetchSpecific(1, headerType="HEADER.FIELDS", headerArgs=["Subject", "X-No"], peek=True)
        cut = client.fetchSpecific(1, headerType="TEXT", offset=3, length=3)
        letters = {number: items["RFC822"].encode("latin-1") for number, items in (await whole).items()}
        assert letters == dict(enumerate(LETTERS, 1))
        assert (await envelope)[2]["ENVELOPE"][1] == "two parts"
        assert [part[:2] for part in (await structure)[2]["BODYSTRUCTURE"][:2]] == [["text", "plain"], ["text", "html"]]
        assert await part == {2: [["BODY", ["2"], "two {5}"]]}
        assert (await fields)[1][0][2] == "Subject: soup\r\n\r\n"
        assert await cut == {1: [["BODY", ["TEXT"], "<3>", "the"]]}
        assert await client.search(Query(subject="soup")) == [1]
        assert await client.search(Or(Query(larger=10_000), Query(subject="parts")), Not(Query(deleted=True))) == [2, 3]
        assert await client.search(Query(text="sopa ñ")) == []
        await client.logout()

    talk(script)


@pytest.mark.peer("IMAP", server="dovecot")
def test_our_client_changes_mailboxes_of_dovecot(talk):
    async def script(client):
        await client.create("Grüße & more")
        await client.subscribe("Grüße & more")
        assert {name for _, _, name in await client.list("", "*")} == {"INBOX", "Grüße & more"}
        assert [name for _, _, name in await client.lsub("", "%")] == ["Grüße & more"]
        assert (await client.namespace())[0] == [["", "."]]
        await client.select("INBOX")
        assert await client.addFlags("1:2", [r"\Flagged", "$Later"], silent=False) == {
            1: {"FLAGS": [r"\Flagged", r"\Recent", "$Later"]},
            2: {"FLAGS": [r"\Flagged", r"\Recent", "$Later"]},
        }
        copied = (await client.copy("1", "Grüße & more", False)).code
        moved = await client.move((await client.fetchUID(2))[2]["UID"], "Grüße & more", True)
        added = (await client.append("Grüße & more", io.BytesIO(LETTERS[0]), [r"\Seen"])).code
        assert [copied[0], added[0], moved.code[0]] == [b"COPYUID", b"APPENDUID", b"COPYUID"]
        assert await client.status("Grüße & more", "MESSAGES", "UNSEEN") == {"MESSAGES": 3, "UNSEEN": 2}
        await client.addFlags("1", [r"\Deleted"])
        assert await client.expunge() == [1]
        assert [news for news in client.news if news[0] == "gone"] == [("gone", 2), ("gone", 1)]
        await client.rename("Grüße & more", "b")
        await client.unsubscribe("Grüße & more")
        await client.delete("b")
        with pytest.raises(NegativeResponse) as caught:
            await client.select("b")
        assert caught.value.code == [b"NONEXISTENT"] or b"exist" in caught.value.args[0]

    talk(script)


@pytest.mark.peer("IMAP", server="dovecot")
def test_our_client_takes_a_long_body_in_pieces(talk):
    got = StringTransport()

    async def script(client):
        await client.select("INBOX")
        found = await client.fetchSpecific(3, peek=True, consumer=got)
        assert found == {3: [["BODY", [], ""]]}

    talk(script, maxBytes=1000)
    assert got.value() == LETTERS[2] and got.producer is None


@pytest.mark.peer("IMAP", server="dovecot")
def test_our_client_idles_and_hears_of_a_letter(one_reactor, talk, theirs):
    async def script(client):
        await client.select("INBOX")
        idling = client.idle()
        theirs.deliver(LETTERS[0])
        client.newMessages = lambda exists, recent: exists == 4 and client.done()
        await idling
        assert sorted(await client.fetchUID("1:*")) == [1, 2, 3, 4]

    talk(script)


@pytest.mark.peer("IMAP", server="dovecot")
def test_our_client_sees_what_has_changed_since(talk):
    async def script(client):
        found = await client.select("INBOX", condstore=True)
        before = found["HIGHESTMODSEQ"]
        await client.addFlags("2", ["later"])
        changed = await client.fetchFlags("1:*", changedSince=before)
        assert list(changed) == [2] and int(changed[2]["MODSEQ"][0]) > before
        done, left_alone = await client.setFlags("1:2", ["mine"], silent=False, unchangedSince=before)
        assert list(done) == [1] and str(left_alone) == "2"

    talk(script)


@pytest.mark.peer("IMAP", server="dovecot")
def test_our_client_logs_in_to_dovecot_over_TLS_and_by_each_mechanism(one_reactor, theirs):
    async def log_in(client):
        await client.login(b"alice", b"secret")
        return client.startedTLS, await client.status("INBOX", "MESSAGES")

    assert run_client(one_reactor, theirs.imap_port, log_in, client_options()) == (True, {"MESSAGES": 0})
    assert run_client(one_reactor, theirs.imap_port, log_in) == (False, {"MESSAGES": 0})

    async def wrongly(client):
        await client.login(b"alice", b"wrong")

    with pytest.raises(NegativeResponse, match="Authentication failed"):
        run_client(one_reactor, theirs.imap_port, wrongly)


TWISTED_SERVER = """
import io, sys
from twisted.cred import checkers, portal
from twisted.internet import protocol, reactor
from twisted.mail import imap4
from zope.interface import implementer

class Box:
    pass

@implementer(imap4.IMessage)
class Message:
    def __init__(self, uid, text):
        self.uid, self.text, self.flags = uid, text, []
        self.head, _, self.body = text.partition(b"\\r\\n\\r\\n")
    def getUID(self): return self.uid
    def getFlags(self): return self.flags
    def getInternalDate(self): return "17-Jul-1996 02:44:25 -0700"
    def getHeaders(self, negate, *names):
        pairs = [line.split(b": ", 1) for line in self.head.split(b"\\r\\n")]
        wanted = {name.lower() for name in names}
        return {n.decode().lower(): v.decode() for n, v in pairs if (n.lower() in wanted) != bool(negate)}
    def getBodyFile(self): return io.BytesIO(self.body)
    def getSize(self): return len(self.text)
    def isMultipart(self): return False
    def getSubPart(self, part): raise IndexError

@implementer(imap4.IMailbox)
class Mailbox:
    def __init__(self, texts): self.messages = [Message(n + 10, text) for n, text in enumerate(texts)]
    def getFlags(self): return ["\\\\Seen", "\\\\Deleted"]
    def getHierarchicalDelimiter(self): return "/"
    def getUIDValidity(self): return 7
    def getUIDNext(self): return 100
    def getMessageCount(self): return len(self.messages)
    def getRecentCount(self): return 0
    def getUnseenCount(self): return len(self.messages)
    def isWriteable(self): return True
    def addListener(self, listener): return True
    def removeListener(self, listener): return True
    def requestStatus(self, names): return imap4.statusRequestHelper(self, names)
    def addMessage(self, message, flags=(), date=None): raise imap4.ReadOnlyMailbox
    def destroy(self): pass
    def expunge(self):
        gone = [n for n, m in enumerate(self.messages) if "\\\\Deleted" in m.flags]
        self.messages = [m for m in self.messages if "\\\\Deleted" not in m.flags]
        return gone
    def _of(self, messages, uid):
        if "*" in str(messages):
            messages.last = self.messages[-1].uid if uid else len(self.messages)
        return [(n, m) for n, m in enumerate(self.messages, 1) if (m.uid if uid else n) in messages]
    def fetch(self, messages, uid): return self._of(messages, uid)
    def store(self, messages, flags, mode, uid):
        for n, m in self._of(messages, uid):
            m.flags = list(flags)
        return {n: m.flags for n, m in self._of(messages, uid)}

class Account(imap4.MemoryAccount):
    def _emptyMailbox(self, name, id): return Mailbox([])

class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        account = Account(avatarId)
        account.addMailbox("inbox", Mailbox(LETTERS))
        return imap4.IAccount, account, lambda: None

Realm = implementer(portal.IRealm)(Realm)
LETTERS = eval(sys.stdin.readline())
checker = checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
factory = protocol.ServerFactory()

def build(addr):
    server = imap4.IMAP4Server()
    server.portal = portal.Portal(Realm(), [checker])
    server.factory = factory
    return server

factory.buildProtocol, factory.noisy = build, False
print(reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port, flush=True)
reactor.run()
"""


@pytest.mark.peer("IMAP", server="Twisted")
def test_our_client_reads_and_changes_letters_of_Twisted(one_reactor):
    async def script(client):
        await client.login(b"alice", b"secret")
        found = await client.select("INBOX")
        assert (found["EXISTS"], found["UIDVALIDITY"]) == (2, 7)
        assert (await client.fetchUID("1:*")) == {1: {"UID": "10"}, 2: {"UID": "11"}}
        assert (await client.fetchBody("10", uid=True))[1]["RFC822.TEXT"] == "of the day\r\n"
        assert (await client.fetchSize(1))[1]["RFC822.SIZE"] == str(len(LETTERS[0]))
        assert (await client.fetchEnvelope(1))[1]["ENVELOPE"][1] == "soup"
        assert await client.search(Query(all=True)) == [1, 2]
        assert await client.setFlags(1, [r"\Deleted"], silent=False) == {1: {"FLAGS": [r"\Deleted"]}}
        assert len(await client.expunge()) == 1
        with pytest.raises(IMAP4Exception):
            await client.select("nowhere")
        await client.logout()

    command, pipes = [sys.executable, "-c", TWISTED_SERVER], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True) as theirs:
        try:
            theirs.stdin.write(repr(LETTERS[:2]) + "\n")
            theirs.stdin.flush()
            run_client(one_reactor, int(theirs.stdout.readline()), script)
        finally:
            theirs.kill()
