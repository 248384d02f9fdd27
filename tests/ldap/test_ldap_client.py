"""The client's side of LDAP: what it asks, what it makes of answers, and servers that lie or never end."""

import pytest

from reactor.cred.error import LoginFailed
from reactor.defer import CancelledError, Deferred
from reactor.error import ConnectionDone, TimeoutError
from reactor.failure import Failure
from reactor.ldap import (
    LDAPURL,
    Change,
    LDAPClient,
    LDAPEntry,
    LDAPError,
    ResultCode,
    Scope,
    connectToLDAPEndpoint,
    escape_value,
    parseFilter,
)
from reactor.ldap.ber import BERError
from reactor.ldap.messages import OID, BindRequest, Control, Entry, ExtendedRequest, Message, Op, Result, dump
from reactor.sasl import CramMD5ClientAuthenticator, PLAINAuthenticator, SCRAMAuthenticator
from reactor.testing import connectedServerAndClient
from tests.ldap.ldap_doubles import ADMIN, ELSEWHERE, HERE, PEOPLE, House, PlayedServer, book, person
from tests.support.loopback import run_until
from tests.support.outcomes import failure_of, outcomes, result_of

ANN = f"cn=Ann,{PEOPLE}"


class Pair:
    """A client and a server of ours, connected."""

    def __init__(self, tree=None, **options):
        self.house = House(tree, **options)
        self.client, self.server, self.pump = connectedServerAndClient(self.house.session, self.connect)
        self.server.transport.TLS = True  # so that it takes passwords

    def connect(self):
        client = LDAPClient()
        client.callLater, client.allowInsecureLogin = self.house.clock.callLater, True
        return client

    def get(self, deferred):
        for _ in range(40):
            self.pump.flush()
            self.house.clock.advance(0)
        return result_of(deferred)


@pytest.fixture
def pair():
    pair = Pair(peer=HERE)
    pair.get(pair.client.bind(ADMIN, b"secret"))
    return pair


@pytest.fixture
def talk():
    return PlayedServer()


def names(result):
    return [entry.dn.rdns[0][0][1] for entry in result.entries]


def test_a_client_finds_what_the_server_has(pair):
    client, get = pair.client, pair.get
    found = get(client.search("o=Doom", "(cn=A*)", attributes=["cn"]))
    assert found.entries == [LDAPEntry(ADMIN, {"cn": [b"admin"]}), LDAPEntry(ANN, {"cn": [b"Ann"]})]
    assert names(get(client.search(PEOPLE, parseFilter("(objectClass=*)"), Scope.one))) == ["Ann", "Bob", "Cy"]
    assert names(get(client.search("o=Doom", f"(cn={escape_value('A*')})"))) == []
    assert names(get(client.search("o=Doom", "(sn=*)", sortBy=["-cn"], pageSize=2))) == ["Cy", "Bob", "Ann"]
    assert get(client.compare(ANN, "sn", b"DOE")) is True and get(client.compare(ANN, "sn", b"x")) is False
    assert get(client.whoAmI()) == f"dn:{ADMIN}"


def test_a_client_changes_what_the_server_has(pair):
    client, get = pair.client, pair.get
    assert get(client.add(person("Di"))) is None
    assert get(client.modify(f"cn=Di,{PEOPLE}", [(Change.add, "uidNumber", [b"1"])], read=["uidNumber"])) == LDAPEntry(
        f"cn=Di,{PEOPLE}", {"uidNumber": [b"1"]}
    )
    assert get(client.modifyDN(f"cn=Di,{PEOPLE}", "cn=Dee", newSuperior="o=Doom", read=["cn"]))["cn"] == (b"Dee",)
    assert get(client.delete("cn=Dee,o=Doom", read=["sn"]))["sn"] == (b"Doe",)
    with pytest.raises(LDAPError, match="noSuchObject") as caught:
        get(client.delete("cn=Dee,o=Doom"))
    assert caught.value.matchedDN == "o=Doom"
    assert get(client.changePassword(new=b"other")) is None
    assert len(get(client.changePassword(ANN))) == 16
    get(client.bind(ADMIN, b"other"))
    get(client.bind())
    assert get(client.whoAmI()) == ""


def test_a_client_logs_in_by_scram_and_the_server_proves_that_it_knows_the_password_too(pair):
    client, get = pair.client, pair.get
    get(client.changePassword(ANN, new=b"pencil"))
    get(client.login("Ann", b"pencil"))
    assert pair.server.account.name == ANN
    with pytest.raises(LDAPError, match="invalidCredentials"):
        failed = client.login("Ann", b"wrong")
        pair.pump.flush()
        pair.house.clock.advance(1)
        get(failed)
    get(client.bindSASL(PLAINAuthenticator(b"Ann"), b"pencil"))
    assert pair.server.account.name == ANN


def test_a_server_that_doesnt_prove_itself_is_none(talk):
    bound = talk.client.bindSASL(SCRAMAuthenticator(b"Ann"), b"pencil")
    talk.say(1, Op.bindResponse, Result())
    assert failure_of(bound).check(LoginFailed)


def test_a_mechanism_in_which_the_server_begins_is_answered(talk):
    bound = talk.client.bindSASL(CramMD5ClientAuthenticator(b"Ann"), b"pencil")
    [message] = talk.hear()
    assert message.body.sasl == ("CRAM-MD5", None)
    talk.say(1, Op.bindResponse, Result(ResultCode.saslBindInProgress, saslCredentials=b"<1@x>"))
    [message] = talk.hear()
    assert message.body.sasl[1].startswith(b"Ann ")
    talk.say(2, Op.bindResponse, Result())
    assert result_of(bound).body.code == 0


def test_a_name_without_a_password_isnt_sent(talk):
    for arguments in ((ANN, b""), ("", b"secret")):
        assert failure_of(talk.client.bind(*arguments)).check(LDAPError)
    assert talk.hear() == []


def test_a_password_isnt_sent_in_the_clear():
    talk = PlayedServer(ELSEWHERE)
    assert failure_of(talk.client.bind(ANN, b"secret")).check(LoginFailed)
    assert failure_of(talk.client.changePassword(new=b"x")).check(LoginFailed)
    assert talk.hear() == []
    talk.client.allowInsecureLogin = True
    talk.client.bind(ANN, b"secret").addErrback(lambda failure: None)
    assert [message.body for message in talk.hear()] == [BindRequest(3, ANN, b"secret")]
    talk.close()


def test_what_came_in_the_clear_behind_the_answer_to_starttls_is_forgotten(talk):
    began = talk.client.startTLS(object())
    assert [message.body for message in talk.hear()] == [ExtendedRequest(OID.startTLS)]
    answer = dump(Message(1, Op.extendedResponse, Result()))
    talk.client.dataReceived(answer + dump(Message(2, Op.extendedResponse, Result(value=b"dn:cn=admin"))))
    assert result_of(began) is None and talk.transport.TLS
    who = talk.client.whoAmI()
    assert not who.called
    talk.say(2, Op.extendedResponse, Result(value=b""))
    assert result_of(who) == ""


def test_tls_doesnt_begin_while_something_is_awaited(talk):
    talk.client.whoAmI().addErrback(lambda failure: None)
    assert failure_of(talk.client.startTLS(object())).check(LDAPError)
    talk.close()


def test_entries_are_taken_as_fast_as_the_program_takes_them(talk):
    taken, waiting = [], []

    def take(entry):
        taken.append(entry.dn.rdns[0][0][1])
        waiting.append(Deferred())
        return waiting[-1]

    found = talk.client.search("o=Doom", receive=take)
    entries = [Message(1, Op.searchResultEntry, Entry(f"cn={number},o=Doom", ())) for number in range(3)]
    talk.client.dataReceived(b"".join(map(dump, entries)) + dump(Message(1, Op.searchResultDone, Result())))
    for number in range(3):
        assert len(taken) == number + 1 and talk.transport.producerState == "paused" and not found.called
        talk.clock.advance(1000)  # it is the program that takes its time
        waiting[number].callback(None)
    assert talk.transport.producerState == "producing" and result_of(found).entries == []


def test_a_program_that_fails_to_take_an_entry_ends_its_search_and_no_other(talk):
    def take(entry):
        raise KeyError("no room")

    found, other = talk.client.search("o=Doom", receive=take), talk.client.whoAmI()
    talk.hear()
    talk.say(1, Op.searchResultEntry, Entry("cn=x", ()))
    talk.say(1, Op.searchResultEntry, Entry("cn=y", ()))
    assert failure_of(found).check(KeyError)
    assert [(message.op, message.body) for message in talk.hear()] == [(Op.abandonRequest, 1)]
    talk.say(2, Op.extendedResponse, Result())
    assert result_of(other) == ""


def test_a_search_that_is_cancelled_is_abandoned(talk):
    found = talk.client.search("o=Doom")
    talk.hear()
    found.cancel()
    assert failure_of(found).check(CancelledError)
    assert [(message.op, message.body) for message in talk.hear()] == [(Op.abandonRequest, 1)]
    talk.say(1, Op.searchResultDone, Result())
    assert not talk.clock.getDelayedCalls()


def test_a_result_has_so_many_entries_and_no_more():
    talk = PlayedServer(mostEntries=2)
    found = talk.client.search("o=Doom")
    for _ in range(2):
        talk.say(1, Op.searchResultEntry, Entry("cn=x", ()))
    talk.say(1, Op.searchResultReference, ("ldap://a",))
    assert failure_of(found).value.code == ResultCode.sizeLimitExceeded


def test_referrals_are_told_and_not_followed(talk):
    found, deleted = talk.client.search("o=Doom"), talk.client.delete("o=Other")
    talk.say(1, Op.searchResultReference, ("ldap://a/o=Doom",))
    talk.say(1, Op.searchResultDone, Result())
    talk.say(2, Op.delResponse, Result(ResultCode.referral, "", "", ("ldap://b/o=Other",)))
    assert result_of(found).referrals == ["ldap://a/o=Doom"]
    assert failure_of(deleted).value.referrals == ("ldap://b/o=Other",)


def test_a_code_that_isnt_the_standards_is_told_too(talk):
    deleted = talk.client.delete("o=Other")
    talk.say(1, Op.delResponse, Result(4711, text="what?"))
    assert str(failure_of(deleted).value) == "result 4711: what?"


@pytest.mark.parametrize(
    "answer, problem",
    [
        (b"HTTP/1.1 400 Bad Request\r\n", BERError),
        (bytes.fromhex("3084ffffffff"), BERError),
        (dump(Message(1, Op.delRequest, "o=x")), BERError),
        (dump(Message(1, Op.searchResultEntry, Entry("no name", ()))), BERError),
        (
            dump(Message(0, Op.extendedResponse, Result(52, text="going down", name=OID.noticeOfDisconnection))),
            LDAPError,
        ),
        (dump(Message(1, Op.searchResultDone, Result(), (Control(OID.paged, False, b"\x30"),))), BERError),
    ],
)
def test_a_server_that_says_nonsense_is_told_apart(talk, answer, problem):
    found = outcomes(talk.client.search("o=Doom", pageSize=5))
    talk.client.dataReceived(answer)
    talk.close()
    assert isinstance(found[0].value, problem), found


def test_a_server_that_falls_silent_is_given_up(talk):
    found = talk.client.search("o=Doom")
    talk.clock.advance(59)
    talk.say(1, Op.searchResultEntry, Entry("cn=x", ()))
    talk.clock.advance(59)
    assert not found.called
    talk.clock.advance(1)
    talk.close()
    assert failure_of(found).check(TimeoutError) and not talk.clock.getDelayedCalls()


def test_whatever_waits_is_told_when_the_connection_ends(talk):
    waiting = [talk.client.search("o=Doom"), talk.client.whoAmI(), talk.client.delete("o=x")]
    talk.close()
    assert all(failure_of(one).check(ConnectionDone) for one in waiting)
    assert failure_of(talk.client.whoAmI()).check(ConnectionError)


def test_a_server_is_said_goodbye_to(talk):
    talk.client.unbind()
    assert [message.op for message in talk.hear()] == [Op.unbindRequest] and talk.transport.disconnecting


def test_a_large_result_comes_in_pages():
    pair = Pair(book(*(person(f"p{number}") for number in range(600))))
    found = pair.client.search("o=Doom", pageSize=100)
    while not found.called:
        pair.pump.flush()
        pair.house.clock.advance(0)
    assert len(result_of(found).entries) == 606


@pytest.mark.parametrize(
    "text, endpoint",
    [
        ("ldap://h.example/o=Doom", "tcp:h.example:389"),
        ("ldaps://h.example:1636", "tls:h.example:1636"),
        ("ldap:///", "tcp:localhost:389"),
        ("ldapi://%2frun%2fldapi/", "unix:/run/ldapi"),
        ("ldap://[::1]:390/", r"tcp:\:\:1:390"),
    ],
)
def test_an_url_says_where_the_server_is(text, endpoint):
    url = LDAPURL.parse(text)
    assert url.endpoint() == endpoint and LDAPURL.parse(str(url)) == url


def test_an_url_says_what_to_search():
    url = LDAPURL.parse("ldap://h/ou=a%5c2cb,o=Doom?cn,mail?sub?(cn=A%5c2a)?x-y=1")
    assert (url.dn.rdns[0], url.attributes, url.scope) == ((("ou", "a,b"),), ("cn", "mail"), Scope.subtree)
    assert url.filter == ("cn", "=", b"A*") and LDAPURL.parse(str(url)) == url


@pytest.mark.parametrize(
    "text",
    ["http://h/", "ldap://h/??x", "ldap://h/????!bindname=x", "ldap://u:p@h/", "ldap://h:x/", "ldap://h/?x?sub?("],
)
def test_an_url_that_is_none_is_refused(text):
    with pytest.raises(ValueError):
        LDAPURL.parse(text)


def test_a_client_connects_by_an_url(one_reactor):
    found = outcomes(connectToLDAPEndpoint(one_reactor, "ldap://127.0.0.1:1/"))
    run_until(one_reactor, lambda: found)
    assert isinstance(found[0], Failure)


def test_a_bind_that_is_only_in_progress_is_no_bind(talk):
    talk.client.allowInsecureLogin = True
    bound = talk.client.bind("cn=x", b"secret")
    [asked] = talk.hear()
    talk.say(asked.id, Op.bindResponse, Result(ResultCode.saslBindInProgress))
    assert failure_of(bound).value.code == ResultCode.saslBindInProgress


def test_a_request_that_cannot_be_written_waits_for_no_answer(talk):
    talk.client.allowInsecureLogin = True
    with pytest.raises(TypeError):
        talk.client.bind("cn=x", "text")
    talk.clock.advance(3600)
    assert not talk.transport.disconnecting and not talk.hear()
