"""`reactord mail`: its options, and a letter's way from a login over TLS to a Maildir, its readers, and the queue."""

import imaplib
import poplib
import smtplib
import socket
import ssl
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's plugin is another one", allow_module_level=True)

import reactor as package
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.starting import privilegedStart, startApplication
from reactor.cred.checkers import StoredPasswordFile
from reactor.cred.stored_password import StoredPassword
from reactor.mail import plugin
from reactor.mail.maildir import Maildirs
from reactor.mail.queue import Queue
from reactor.ssl import developmentCertificate
from reactor.threads import deferToThreadPool
from tests.peers.daemons import free_ports
from tests.support.loopback import run

USER = f"Ann:{StoredPassword.of(b'secret', rounds=4096)}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "users").write_text(USER)
    (tmp_path / "aliases").write_text("postmaster: ann\n")
    return tmp_path


@pytest.fixture
def serve(one_reactor, monkeypatch, folder):
    monkeypatch.setitem(vars(package), "reactor", one_reactor)

    def start(*arguments):
        ports = free_ports(4)
        words = ["--users", str(folder / "users"), "--maildirs", str(folder / "mail"), "--domain", "us.example"]
        for name, port in zip(("smtp", "submission", "pop3", "imap"), ports, strict=True):
            words += [f"--{name}", f"tcp:{port}:interface=127.0.0.1"]
        application = Plugin("mail", plugin).makeApplication([*words, *map(str, arguments)])
        privilegedStart(application)
        startApplication(application, False, one_reactor)
        return ports

    return start


def certificate_for(name, folder):
    """The file of a new certificate."""
    (folder / "made").mkdir(exist_ok=True)
    developmentCertificate((name,), folder / "made")
    return folder / "made" / "development.pem"


def run_in_a_thread(reactor, work):
    """What `work` returns, in a thread, while the reactor runs; then it has stopped."""
    results = []

    def begin():
        working = deferToThreadPool(reactor, reactor.getThreadPool(), work)
        working.addBoth(results.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    run(reactor, 30)
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]


def test_users_whose_names_differ_in_capitals_alone_have_a_mailbox_each(tmp_path):
    (tmp_path / "users").write_text(USER + USER.replace("Ann", "ann"))
    people = plugin.People(StoredPasswordFile(tmp_path / "users"), Maildirs(tmp_path / "mail"))
    assert [people[name].path.name for name in (b"ann", b"Ann", b"ANN")] == ["ann", "Ann", "Ann"]


def test_a_letter_goes_all_the_way(one_reactor, serve, folder):
    nobody = f"127.0.0.1:{free_ports(1)[0]}"
    more = ["--queue", folder / "queue", "--aliases", folder / "aliases", "--smart-host", nobody]
    smtp, submission, pop3, imap = serve(*more)
    (folder / "mail" / "development.pem").stat()

    def work():
        context = ssl.create_default_context(cafile=folder / "mail" / "development.pem")
        with smtplib.SMTP("localhost", submission) as client:
            client.ehlo("client")
            with pytest.raises(smtplib.SMTPSenderRefused):
                client.sendmail("ann@us.example", "ann@us.example", "Subject: x\n\nhello\n")
            client.starttls(context=context)
            client.login("Ann", "secret")
            client.sendmail("ann@us.example", ["ANN@us.example", "bob@c.example"], "Subject: x\n\nhello\n")
        with smtplib.SMTP("localhost", smtp) as client:
            client.sendmail("eve@e.example", "postmaster@us.example", "Subject: y\n\nhello\n")
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("eve@e.example", "bob@c.example", "Subject: z\n\nhello\n")
        box = poplib.POP3("localhost", pop3)
        box.stls(context)
        box.user("Ann")
        box.pass_("secret")
        texts = [b"\n".join(box.retr(number + 1)[1]) for number in range(box.stat()[0])]
        box.quit()
        with imaplib.IMAP4("localhost", imap) as mailbox:
            mailbox.starttls(context)
            mailbox.login("Ann", "secret")
            assert mailbox.append("Drafts", None, None, b"x")[0] == "NO"
            assert mailbox.append("INBOX", None, None, b"Subject: z\r\n\r\nhello\r\n")[0] == "OK"
            assert mailbox.select() == ("OK", [b"3"])
            read = [mailbox.fetch(str(number), "(BODY.PEEK[])")[1][0][1] for number in (1, 2, 3)]
            assert sorted(text.replace(b"\r", b"").rstrip() for text in read[:2]) == sorted(texts)
            assert read[2] == b"Subject: z\r\n\r\nhello\r\n"
        return texts

    texts = run_in_a_thread(one_reactor, work)
    assert sorted(text.partition(b"Subject: ")[2] for text in texts) == [b"x\n\nhello", b"y\n\nhello"]
    assert any(b"with ESMTPSA" in text for text in texts)
    waiting = Queue(folder / "queue", now=lambda: 1e10)
    [message] = waiting.getWaiting()
    assert [one.address for one in waiting.getEnvelope(message).recipients] == ["bob@c.example"]


@pytest.mark.parametrize(
    "arguments, problem",
    [
        ((), "--users"),
        (("--users", "nowhere"), "is no file"),
        (("--users", "users", "--certificate", "nowhere"), "is no file, and no folder"),
        (("--users", "users", "--smart-host", "mx"), "give --queue too"),
        (("--users", "users", "--smart-host", "mx:x"), "a server such as"),
        (("--users", "users", "--smtp", "x"), "a port number"),
        (("--users", "users", "--connections", "0"), "--connections is a whole number from 1 on, not '0'"),
    ],
)
def test_bad_options_are_named(folder, monkeypatch, arguments, problem):
    monkeypatch.chdir(folder)
    with pytest.raises(ConfigurationError) as raised:
        Plugin("mail", plugin).configure(arguments)
    assert problem in str(raised.value)


def test_an_address_has_its_share_of_each_port(one_reactor, serve):
    ports = serve("--connections", 3, "--connections-per-peer", 1)

    def greetings(port):
        with (
            socket.create_connection(("127.0.0.1", port)) as first,
            socket.create_connection(first.getpeername()) as second,
        ):
            return first.recv(100)[:4], second.recv(100)[:4]

    heard = run_in_a_thread(one_reactor, lambda: [greetings(port) for port in ports])
    assert heard == [(b"220 ", b"421 "), (b"220 ", b"421 "), (b"+OK ", b"-ERR"), (b"* OK", b"* BY")]


@pytest.mark.parametrize("name", ["us.example", "other.example"])
def test_a_folder_of_certificates_has_one_for_each_name(one_reactor, serve, folder, name):
    (folder / "certificates").mkdir()
    for known in ("us.example", "other.example"):
        path = certificate_for(known, folder)
        path.rename(folder / "certificates" / f"{known}.pem")
    *_, imap = serve("--certificate", folder / "certificates")
    context = ssl.create_default_context(cafile=folder / "certificates" / f"{name}.pem")

    def work():
        with socket.create_connection(("127.0.0.1", imap)) as plain:
            plain.recv(1000)
            plain.sendall(b"a STARTTLS\r\n")
            plain.recv(1000)
            with context.wrap_socket(plain, server_hostname=name) as secret:
                return secret.getpeercert()["subjectAltName"][0][1]

    assert run_in_a_thread(one_reactor, work) == name


def test_a_folder_without_certificates_ends_it_at_the_start(folder, monkeypatch, one_reactor):
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    (folder / "empty").mkdir()
    options = plugin.Options(users=folder / "users", maildirs=folder / "mail", certificate=folder / "empty")
    with pytest.raises(ValueError, match="no PEM file in the folder"):
        plugin.makeService(options)


def test_files_that_cannot_be_read_end_it_at_the_start(folder, monkeypatch, one_reactor):
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    options = plugin.Options(users=folder / "aliases", maildirs=folder / "mail")
    with pytest.raises(ValueError, match=r"aliases, line 1"):
        plugin.makeService(options)


def test_paths_are_absolute_as_a_daemon_changes_its_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    options = plugin.Options(users=Path("users"), queue=Path("queue"))
    assert (options.users, options.queue, options.maildirs) == (folder / "users", folder / "queue", folder / "mail")
    assert options.certificate is None
