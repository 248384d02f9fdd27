"""SMTP with programs that others wrote: their clients at our server, and our client at their servers."""

import os
import smtplib
import ssl
import sys
from email import message_from_bytes

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("these tests start Twisted themselves", allow_module_level=True)

from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.interfaces import IMessageDeliveryFactory
from reactor.mail.queue import Queue
from reactor.mail.relaymanager import SmartHostSMTPRelayingManager
from reactor.mail.smtp import ESMTP, Address, SMTPFactory, sendmail
from tests.mail import postfix
from tests.peers.packages import NODE_MODULES
from tests.peers.programs import meanwhile, run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes
from tests.support.securely import authority, server_options

LETTER = b"From: ann@a.example\r\nSubject: dots\r\n\r\n.\r\n..two\r\nend\r\n"
TEXT = b"From: ann@a.example\nSubject: dots\n\n.\n..two\nend"


class Realm:
    def __init__(self, letters):
        self.letters = letters

    def requestAvatar(self, who, mind, *interfaces):
        return IMessageDeliveryFactory, self.letters, lambda: None


@pytest.fixture
def serve(one_reactor, letters):
    """Starts a server of ours; returns its port."""
    ports = []

    def start(**attributes):
        users = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
        factory = SMTPFactory(Portal(Realm(letters), [AllowAnonymousAccess(), users]), one_reactor)
        factory.protocol, factory.noisy, factory.domain = (
            type("Server", (ESMTP,), {"noisy": False}),
            False,
            b"mx.example",
        )
        vars(factory).update(attributes)
        ports.append(one_reactor.listenTCP(0, factory, interface="127.0.0.1"))
        return ports[-1].getHost().port

    yield start
    for port in ports:
        stop_listening(one_reactor, port)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


def texts_of(letters):
    return [text for _, text in letters.taken]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "letter"
    path.write_bytes(LETTER)
    return path


@pytest.mark.peer("SMTP", client="curl")
@pytest.mark.parametrize("options", ["", "--user ann:secret", "--user ann:secret --ssl-reqd -k"])
def test_curl_sends_a_letter(one_reactor, serve, letters, file, options):
    words = ["--mail-from", "ann@a.example", "--mail-rcpt", "bob@b.example", "--upload-file", file, *options.split()]
    port = serve(contextFactory=server_options())
    done = run_program(one_reactor, "curl", "-sS", f"smtp://127.0.0.1:{port}/client", *words)
    assert (done.returncode, done.stderr) == (0, b"")
    assert letters.taken == [(b"bob@b.example", TEXT)]


@pytest.mark.peer("SMTP", client="swaks")
@pytest.mark.parametrize("options", ["", "-au ann -ap secret -a PLAIN", "-au ann -ap secret -a LOGIN"])
def test_swaks_sends_a_letter(one_reactor, serve, letters, file, options):
    words = ["--server", f"127.0.0.1:{serve(contextFactory=server_options())}", *options.split()]
    done = run_program(
        one_reactor, "swaks", *words, "-f", "ann@a.example", "-t", "bob@b.example,joe@b.example", "-d", f"@{file}"
    )
    assert done.returncode == 0, done.stdout
    assert [user for user, _ in letters.taken] == [b"bob@b.example", b"joe@b.example"]
    assert texts_of(letters)[0].startswith(TEXT)


@pytest.mark.peer("SMTP", client="swaks")
def test_swaks_pipelines(one_reactor, serve, letters):
    words = ["--server", f"127.0.0.1:{serve()}", "--pipeline", "-f", "ann@a.example", "-t", "bob@b.example"]
    assert run_program(one_reactor, "swaks", *words).returncode == 0
    assert len(letters.taken) == 1


@pytest.mark.peer("SMTP", client="msmtp")
def test_msmtp_sends_a_letter(one_reactor, serve, letters, tmp_path):
    (tmp_path / "authority.pem").write_bytes(authority().cert_pem.bytes())
    port = serve(contextFactory=server_options())
    words = ["--host=localhost", f"--port={port}", "--tls=on", f"--tls-trust-file={tmp_path}/authority.pem"]
    words += ["--auth=plain", "--user=ann", "--passwordeval=echo secret", "--from=ann@a.example", "bob@b.example"]
    done = run_program(one_reactor, "msmtp", "--file=/dev/null", *words, input=LETTER)
    assert done.returncode == 0, done.stderr
    assert texts_of(letters)[0].endswith(TEXT)  # it puts a date in front


NODEMAILER = """
const [port, ...flags] = process.argv.slice(1);
const transport = require("nodemailer").createTransport({
  host: "127.0.0.1", port: Number(port), name: "client.example", pool: flags.includes("pool"), maxConnections: 2,
  requireTLS: flags.includes("tls"), ignoreTLS: !flags.includes("tls"), tls: { rejectUnauthorized: false },
  auth: flags.includes("login") ? { user: "ann", pass: "secret" } : undefined,
});
const letter = (subject) => transport.sendMail({
  from: "Ann <ann@a.example>", to: ["bob@b.example", "eve@c.example"], subject, text: ".\\n..two\\ngr\\u00fcn\\nend",
  attachments: [{ filename: "soup.txt", content: "x".repeat(100000) }],
});
Promise.all(["one", "two", "three"].map(letter)).then(
  (infos) => { console.log(infos.map((info) => info.accepted.length).join(" ")); transport.close(); },
  (problem) => { console.error(problem); process.exit(1); },
);
"""


@pytest.mark.peer("SMTP", client="nodemailer")
@pytest.mark.parametrize("flags", ["", "pool", "login", "tls login pool"])
def test_nodemailer_sends_letters_with_attachments(one_reactor, serve, letters, flags):
    port = serve(contextFactory=server_options())
    words = ["node", "-e", NODEMAILER, "--", port, *flags.split()]
    done = run_program(one_reactor, *words, env={**os.environ, "NODE_PATH": str(NODE_MODULES)})
    assert (done.stdout, done.stderr) == (b"2 2 2\n", b"")
    assert sorted(to for to, _ in letters.taken) == [b"bob@b.example"] * 3 + [b"eve@c.example"] * 3
    for text in texts_of(letters):
        plain, attached = (part.get_payload(decode=True) for part in message_from_bytes(text).get_payload())
        assert plain.decode().split() == [".", "..two", "grün", "end"] and attached == b"x" * 100_000


@pytest.mark.peer("SMTP", client="smtp-source")
def test_smtp_source_sends_many_over_many_connections(one_reactor, serve, letters):
    words = ["-s", "5", "-m", "40", "-l", "4096", "-f", "ann@a.example", "-t", "bob@b.example"]
    for more in ([], ["-d"], ["-r", "3"]):
        letters.taken.clear()
        done = run_program(one_reactor, "smtp-source", *words, *more, f"inet:127.0.0.1:{serve()}")
        assert done.returncode == 0, done.stderr
        assert len(letters.taken) == 40 * (3 if more == ["-r", "3"] else 1)


def test_smtplib_logs_in_over_tls_and_sends(one_reactor, serve, letters):
    port = serve(contextFactory=server_options())

    def talk():
        context = ssl.create_default_context()
        authority().configure_trust(context)
        with smtplib.SMTP("localhost", port, timeout=20) as client:
            client.starttls(context=context)
            client.login("ann", "secret")
            client.sendmail("jörg@a.example", ["bob@b.example"], LETTER, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
            return client.docmd("VRFY", "bob")[0]

    assert meanwhile(one_reactor, talk) == 252
    assert texts_of(letters) == [TEXT]


TWISTED_CLIENT = """
import sys
from twisted.internet import task
from twisted.mail.smtp import sendmail

def main(reactor, port):
    text = bytes.fromhex(sys.argv[2])
    sending = sendmail("127.0.0.1", b"ann@a.example", [b"bob@b.example"], text, port=int(port), reactor=reactor)
    return sending.addCallback(print)

task.react(main, sys.argv[1:2])
"""


@pytest.mark.peer("SMTP", client="Twisted")
def test_twisteds_sendmail_sends(one_reactor, serve, letters):
    text = LETTER.replace(b"\r\n", b"\n")
    done = run_program(one_reactor, sys.executable, "-c", TWISTED_CLIENT, serve(), text.hex())
    assert done.returncode == 0, done.stderr
    assert texts_of(letters) == [TEXT]


# --- our client


def send(reactor, port, **options):
    found = outcomes(
        sendmail("127.0.0.1", "ann@a.example", ["bob@b.example"], LETTER, port=port, reactor=reactor, **options)
    )
    run_until(reactor, lambda: found)
    run_until(reactor, lambda: not reactor.transports)
    if hasattr(found[0], "raiseException"):
        found[0].raiseException()
    return found[0][0]


@pytest.mark.peer("SMTP", server="smtp-sink")
def test_our_client_sends_to_smtp_sink(one_reactor, daemon):
    for words in ([], ["-p"], ["-e"], ["-8"]):  # with pipelining and without; HELO only; no 8BITMIME
        sink = daemon("smtp-sink", *words, "-D", "@FOLDER@/letter.", "-u", "root", "127.0.0.1:@PORT@", "10")
        assert send(one_reactor, sink.port) == 1
        [letter] = sink.folder.glob("letter.*")
        kept = letter.read_bytes()
        assert b"\n.\n..two\nend\n" in kept.replace(b"\r\n", b"\n")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start postfix")
@pytest.mark.peer("SMTP", server="postfix", client="postfix")
@pytest.mark.parametrize("secures", [True, False], ids=["TLS", "plain"])
def test_our_queue_relays_to_postfix_and_postfix_queue_to_us(one_reactor, serve, letters, daemon, tmp_path, secures):
    ours = serve(contextFactory=server_options()) if secures else serve()
    recipients = [Address("bob@b.example"), Address("eve@c.example")]
    recipients[0].options = {b"NOTIFY": b"SUCCESS,FAILURE"}
    letter = LETTER + b"\xc3\xa4" + b"0123456789\r\n" * 20_000
    with postfix.running(daemon, ours) as theirs:
        queue = Queue(tmp_path / "queue")
        manager = SmartHostSMTPRelayingManager(queue, reactor=one_reactor, identity=b"us.example")
        manager.smartHost = ("127.0.0.1", theirs.port)
        if not secures:
            manager.contextFactory = None
        manager.start()
        found = outcomes(queue.add(Address("ann@a.example"), recipients, letter))
        run_until(one_reactor, lambda: found and not queue._envelopes and len(letters.taken) >= 3, 30)
        manager.stop()
    assert {to for to, _ in letters.taken} == {b"bob@b.example", b"eve@c.example", b"ann@a.example"}
    [report] = [text for to, text in letters.taken if to == b"ann@a.example"]
    assert b"was successfully" in report
    for text in (text for to, text in letters.taken if to != b"ann@a.example"):
        head, _, body = text.partition(b"\n\n")
        assert body == letter.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip(b"\n")
        assert b"by theirs.example (Postfix) with ESMTP" + b"S" * secures in head


AIOSMTPD = """
import asyncio, sys
from aiosmtpd.smtp import SMTP

class Printing:
    async def handle_DATA(self, server, session, envelope):
        print(envelope.rcpt_tos, envelope.content.hex(), flush=True)
        return "250 taken"

async def main():
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(Printing()), "127.0.0.1", int(sys.argv[1]))
    print("listens", flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""

TWISTED_SERVER = """
import sys
from twisted.internet import defer, reactor
from twisted.mail import smtp
from zope.interface import implementer

@implementer(smtp.IMessageDelivery)
class Delivery:
    def receivedHeader(self, *_):
        return b""
    def validateFrom(self, helo, origin):
        return origin
    def validateTo(self, user):
        return lambda: Message()

class Message:
    def __init__(self):
        self.lines = []
    def lineReceived(self, line):
        self.lines.append(line)
    def eomReceived(self):
        print([], b"\\r\\n".join(self.lines + [b""]).hex(), flush=True)
        return defer.succeed(None)

class Factory(smtp.SMTPFactory):
    def buildProtocol(self, addr):
        server = smtp.ESMTP()
        server.delivery = Delivery()
        return server

reactor.listenTCP(int(sys.argv[1]), Factory(), interface="127.0.0.1")
reactor.callWhenRunning(lambda: print("listens", flush=True))
reactor.run()
"""


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(AIOSMTPD, marks=pytest.mark.peer("SMTP", server="aiosmtpd"), id="aiosmtpd"),
        pytest.param(TWISTED_SERVER, marks=pytest.mark.peer("SMTP", server="Twisted"), id="Twisted"),
    ],
)
def test_our_client_sends_to_servers_in_python(one_reactor, daemon, program):
    server = daemon(sys.executable, "-c", program, "@PORT@", ready="listens")
    assert send(one_reactor, server.port) == 1
    assert LETTER.hex() in server.output()
