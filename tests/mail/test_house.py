"""The house: whose mail ends here, and who may send mail elsewhere."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's mail service is another one", allow_module_level=True)

from reactor.cred.checkers import ANONYMOUS
from reactor.mail.alias import loadAliasFile, resolve
from reactor.mail.interfaces import IMessageDelivery, IMessageDeliveryFactory
from reactor.mail.mail import MOST_RECEIVED, Domain, MailService
from reactor.mail.maildrop import MemoryStore
from reactor.mail.queue import Queue
from reactor.mail.smtp import ESMTP
from reactor.testing import Clock, StringTransport
from tests.mail.servers import say


@pytest.fixture
def stores():
    return {b"ann": MemoryStore(), b"bob": MemoryStore()}


@pytest.fixture
def service(stores, tmp_path):
    made = MailService()
    aliases = {b"postmaster": [b"ann"], b"team": [b"ann", b"bob", b"carol@c.example"]}
    made.addDomain(b"us.example", Domain(stores, aliases))
    made.setQueue(Queue(tmp_path / "queue"))
    return made


@pytest.fixture
def server(service):
    def make(who=ANONYMOUS):
        server = ESMTP()
        server.noisy, server.callLater = False, Clock().callLater
        server.loggedIn(service.requestAvatar(who, None, IMessageDeliveryFactory))
        server.host = b"us.example"
        server.makeConnection(StringTransport())
        say(server, b"EHLO client")
        return server

    return make


def letters_of(store):
    return [store.open(letter).read() for letter in store.letters()]


def send(server, *recipients, lines=(b"Subject: x", b"", b"hello")):
    codes = say(server, b"MAIL FROM:<eve@e.example>", *(b"RCPT TO:<%b>" % one for one in recipients))[1:]
    [code] = say(server, b"DATA")
    return codes, say(server, *lines, b".")[-1] if code == b"354" else code


def queued(service):
    return [service.queue.getEnvelope(one) for one in service.queue.getWaiting()]


def test_a_letter_for_a_user_goes_to_their_store_whatever_the_case(server, stores):
    assert send(server(), b"Ann@US.example") == ([b"250"], b"250")
    [text] = letters_of(stores[b"ann"])
    assert text.startswith(b"Received: from client ([")
    assert b" for <Ann@US.example>" in text
    assert text.endswith(b"\r\nSubject: x\r\n\r\nhello\r\n")


def test_an_alias_goes_to_all_that_it_stands_for(server, stores, service):
    assert send(server(), b"postmaster@us.example", b"team@us.example") == ([b"250"] * 2, b"250")
    assert (len(letters_of(stores[b"ann"])), len(letters_of(stores[b"bob"]))) == (2, 1)
    assert [one.recipients[0].address for one in queued(service)] == ["carol@c.example"]


@pytest.mark.parametrize(
    "recipient",
    [b"eve@us.example", b"user%c.example@us.example", b'"user@c.example"@us.example', b"c.example!user@us.example"],
)
def test_no_spelling_makes_a_relay_or_a_user(server, service, recipient):
    assert send(server(), recipient) == ([b"550"], b"554")
    assert queued(service) == []


def test_mail_for_elsewhere_is_refused_without_a_login_also_by_a_source_route(server, service):
    assert send(server(), b"@us.example:carol@c.example", b"carol@c.example") == ([b"550"] * 2, b"554")
    assert queued(service) == []


def test_who_is_logged_in_sends_anywhere_and_all_recipients_share_one_file(server, service, stores):
    codes = send(server(b"ann"), b"carol@c.example", b"dave@d.example", b"bob@us.example")
    assert codes == ([b"250"] * 3, b"250")
    [envelope] = queued(service)
    assert [one.address for one in envelope.recipients] == ["carol@c.example", "dave@d.example"]
    with service.queue.open(service.queue.getWaiting()[0]) as file:
        text = file.read()
    assert b" for <" not in text  # none of them learns of the other
    assert b"\r\nDate: " in text or text.startswith(b"Date: ")
    assert b"Message-ID: <" in text
    assert len(letters_of(stores[b"bob"])) == 1


def test_a_letter_from_elsewhere_keeps_the_headers_that_it_has(server, stores):
    send(server(), b"ann@us.example")
    assert b"Message-ID" not in letters_of(stores[b"ann"])[0]


def test_a_letter_that_goes_in_circles_is_stopped(server, stores):
    lines = [b"Received: from x by y"] * MOST_RECEIVED
    assert send(server(), b"ann@us.example", lines=lines) == ([b"250"], b"554")
    assert send(server(), b"ann@us.example", lines=[*lines[1:], b"", *lines]) == ([b"250"], b"250")


def test_who_asks_for_something_else_gets_nothing(service):
    with pytest.raises(NotImplementedError, match="gets an IMessageDeliveryFactory"):
        service.requestAvatar(b"ann", None, IMessageDelivery)


def test_aliases_are_read_with_continued_lines_and_comments(tmp_path):
    file = tmp_path / "aliases"
    file.write_text("# who\npostmaster: root\n\nRoot: ann,\n  carol@c.example\nteam: root, bob, ann\n")
    assert loadAliasFile(file) == {
        b"postmaster": [b"ann", b"carol@c.example"],
        b"root": [b"ann", b"carol@c.example"],
        b"team": [b"ann", b"carol@c.example", b"bob"],
    }


@pytest.mark.parametrize(
    "text, problem",
    [
        ("a: b\nb: c\nc: A\n", "leads back to itself: a → b → c → a"),
        ("a: a\n", "leads back to itself"),
        ("x: |/bin/sh\n", "line 1: '|/bin/sh' is no name or address"),
        ("x: y\nx: /etc/passwd\n", "line 2: '/etc/passwd' is no name or address"),
        ("x: :include:/list\n", "is no name or address"),
        ("nothing\n", "line 1: 'nothing' is no line `name: name, address`"),
    ],
)
def test_a_bad_alias_is_named_with_its_line(tmp_path, text, problem):
    file = tmp_path / "aliases"
    file.write_text(text)
    with pytest.raises(ValueError) as raised:
        loadAliasFile(file)
    assert problem in str(raised.value)


def test_a_thousand_aliases_that_lead_to_each_other_are_followed_once_each():
    aliases = {b"%d" % n: [b"%d" % (n + 1)] for n in range(500)}
    assert resolve(aliases, b"0") == [b"500"]
