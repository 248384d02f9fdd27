"""Peers who want a server or a client to work, to wait or to remember for ever: each bound, by what it is good for."""

import time

import pytest

from reactor.ldap import Change, DistinguishedName, LDAPError, ResultCode, parseFilter
from reactor.ldap.checkers import hashed, matches
from reactor.ldap.filters import Present
from reactor.ldap.messages import (
    OID,
    PAGED,
    PASSWORD_CHANGE,
    Control,
    Entry,
    ExtendedRequest,
    Message,
    ModifyRequest,
    Op,
    Result,
    SearchRequest,
    dump,
)
from reactor.ldap.schema import canonical
from reactor.sasl import IClientAuthentication
from tests.ldap.ldap_doubles import ADMIN, PEOPLE, House, PlayedServer, book, person
from tests.support.outcomes import outcomes

ANN = f"cn=Ann,{PEOPLE}"


def test_a_name_without_end_isnt_kept():
    long = "a" + "x" * 500_000
    assert len(canonical(long)) < 300
    assert canonical("cn;" + "a;" * 100_000).startswith("cn;")


def test_options_without_end_cost_an_entry_nothing():
    talk = House().open()
    found, done = talk.search("o=Doom", filter=Present("cn" + ";a" * 200_000), attributes=["cn" + ";b" * 200_000])
    assert found == [] and done.body.code == 0


def test_a_search_names_so_many_attributes_and_no_more():
    talk = House().open()
    assert talk.search("o=Doom", attributes=("cn",) * 1000)[1].body.code == 0
    assert talk.search("o=Doom", attributes=("cn",) * 1001)[1].body.code == ResultCode.adminLimitExceeded


def password_changes(count):
    return tuple((Change.replace, ("userPassword", (b"x%d" % number,))) for number in range(count))


def test_a_request_brings_so_many_passwords_and_no_more():
    talk = House().open(ADMIN)
    assert talk.code(Op.modifyRequest, ModifyRequest(ANN, password_changes(4))) == 0
    assert talk.code(Op.modifyRequest, ModifyRequest(ANN, password_changes(5))) == ResultCode.constraintViolation
    five = tuple((f"userPassword;x-{number}", (b"y",)) for number in range(5))
    new = Entry(f"cn=Z,{PEOPLE}", (("objectClass", (b"person",)), ("sn", (b"Z",)), *five))
    assert talk.code(Op.addRequest, new) == ResultCode.constraintViolation


def test_an_entry_has_so_many_passwords_and_no_more():
    talk = House().open(ANN)
    more = [ModifyRequest(ANN, ((Change.add, ("userPassword", (b"new%d" % number,))),)) for number in range(4)]
    codes = [talk.code(Op.modifyRequest, one) for one in more]
    assert codes == [0, 0, 0, ResultCode.constraintViolation]


@pytest.mark.parametrize(
    "password", [b"\xff", b"a\x07", b"SCRAM-SHA-256$1000000:AAAA$AAAA:AAAA", b"SCRAM-SHA-256$60001:AAAA$AAAA:AAAA"]
)
def test_a_password_that_cant_be_kept_or_takes_too_long_to_check_is_refused(password):
    talk = House().open(ANN)
    change = ModifyRequest(ANN, ((Change.replace, ("userPassword", (password,))),))
    assert talk.code(Op.modifyRequest, change) == ResultCode.constraintViolation


def test_a_stored_password_of_an_unknown_kind_lets_in_nobody_who_has_read_it():
    assert not matches(b"{CRYPT}abc", b"{CRYPT}abc") and hashed(b"{CRYPT}abc") == b"{CRYPT}abc"
    assert matches(b"{a b}", b"{a b}") and matches(hashed(b"{a b}"), b"{a b}")


@pytest.mark.parametrize("name", ["=nonsense", "nonsense=", "cn=\\"])
def test_a_password_isnt_changed_of_what_is_no_name(name):
    wanted = ExtendedRequest(OID.passwordModify, PASSWORD_CHANGE.dump((name, None, b"x")))
    assert House().open(ADMIN).code(Op.extendedRequest, wanted) == ResultCode.noSuchObject
    assert House().open(ANN).code(Op.extendedRequest, wanted) == ResultCode.insufficientAccessRights


def test_pipelined_searches_let_others_have_a_turn():
    house = House()
    talk = house.open()
    search = house.tree.search

    def slow(*arguments):
        house.clock.rightNow += 0.003
        return search(*arguments)

    house.tree.search = slow
    wanted = SearchRequest("o=Doom", filter=parseFilter("(cn=A*)"))
    talk.session.dataReceived(b"".join(dump(Message(id, Op.searchRequest, wanted)) for id in range(1, 10)))
    assert {one.id for one in talk.hear()} == {1, 2} and talk.transport.producerState == "paused"
    talk.turn()
    assert {one.id for one in talk.hear()} == {3, 4, 5, 6, 7, 8, 9} and talk.transport.producerState == "producing"


def test_a_session_that_ends_in_the_middle_of_its_requests_leaves_nothing_behind():
    house = House()
    talk = house.open(longestTurn_s=-1.0)
    talk.session.dataReceived(dump(Message(1, Op.extendedRequest, ExtendedRequest(OID.whoAmI))) * 3)
    talk.hang_up()
    assert house.clock.getDelayedCalls() == []


def test_entries_that_take_long_to_send_let_others_have_a_turn():
    house = House(book(*(person(f"p{number}") for number in range(20))))
    talk = house.open()
    send = talk.session.send

    def slow(message):
        house.clock.rightNow += 0.002
        send(message)

    talk.session.send = slow
    talk.session.dataReceived(dump(Message(1, Op.searchRequest, SearchRequest("o=Doom"))))
    assert 0 < len(talk.hear()) < 10
    talk.turn()
    assert len(talk.hear()) > 15


def spent(work):
    """Seconds of CPU time, at best of three."""
    found = []
    for _ in range(3):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


@pytest.mark.parametrize(
    "changes",
    [
        tuple((Change.add, (f"x-{number}", (b"v",))) for number in range(4000)),
        tuple((Change.add, ("description", (b"v%d" % number,))) for number in range(4000)),
    ],
    ids=["of many attributes", "of one"],
)
def test_a_modification_of_thousands_of_changes_takes_time_in_proportion(changes):
    def work(count):
        talk = House().open(ADMIN)
        assert talk.code(Op.modifyRequest, ModifyRequest(f"cn=Cy,{PEOPLE}", changes[:count])) in (0, 20)

    assert spent(lambda: work(4000)) < 8 * spent(lambda: work(1000))


def test_an_attribute_has_so_many_values_and_no_more():
    talk = House().open(ADMIN, maxMessageBytes=2**20)
    many = tuple(b"%d" % number for number in range(10_001))
    codes = [
        talk.code(Op.modifyRequest, ModifyRequest(ANN, ((Change.replace, ("title", some)),)))
        for some in (many[1:], many)
    ]
    assert codes == [0, ResultCode.adminLimitExceeded]


def test_a_name_has_so_many_values_and_no_more():
    with pytest.raises(ValueError, match="at most 256 values"):
        DistinguishedName("+".join(["a=1"] * 200_000))
    assert len(DistinguishedName("+".join(["a=1"] * 256)).rdns[0]) == 256


# --- servers


def test_a_server_that_sends_empty_pages_without_end_is_left():
    talk = PlayedServer(mostEmptyPages=3)
    found = outcomes(talk.client.search("o=Doom", pageSize=5))
    page = Control(OID.paged, False, PAGED.dump((0, b"more")))
    for id in range(1, 5):
        assert not found
        talk.client.dataReceived(dump(Message(id, Op.searchResultDone, Result(), (page,))))
    found[0].trap(LDAPError)
    assert "4 pages without an entry" in str(found[0].value)


def test_a_page_with_an_entry_may_follow_empty_ones():
    talk = PlayedServer(mostEmptyPages=2)
    found = outcomes(talk.client.search("o=Doom", pageSize=5))
    page = Control(OID.paged, False, PAGED.dump((0, b"more")))
    for id in range(1, 10):
        if id % 2:
            talk.client.dataReceived(dump(Message(id, Op.searchResultEntry, Entry("o=Doom", ()))))
        talk.client.dataReceived(dump(Message(id, Op.searchResultDone, Result(), (page,))))
    assert not found


def test_a_cookie_that_nobody_has_asked_for_asks_for_nothing():
    talk = PlayedServer()
    found = outcomes(talk.client.search("o=Doom"))
    page = Control(OID.paged, False, PAGED.dump((0, b"more")))
    talk.client.dataReceived(dump(Message(1, Op.searchResultDone, Result(), (page,))))
    assert found[0].entries == []


@pytest.mark.parametrize(
    "op, body",
    [
        (Op.searchResultEntry, Entry("o=Doom", (("o", (b"x" * 900,)),))),
        (Op.searchResultEntry, Entry("o=Doom", (("o", (b"",) * 30),))),
        (Op.searchResultReference, ("ldap://" + "x" * 1900,)),
    ],
)
def test_a_result_has_so_many_bytes_and_no_more(op, body):
    talk = PlayedServer(mostBytes=2000)
    found = outcomes(talk.client.search("o=Doom"))
    talk.client.dataReceived(dump(Message(1, op, body)))
    assert not found
    talk.client.dataReceived(dump(Message(1, op, body)))
    found[0].trap(LDAPError)
    assert "at most 2000 bytes" in str(found[0].value)


def test_entries_that_arent_kept_may_have_any_number_of_bytes():
    talk, taken = PlayedServer(mostBytes=2000), []
    found = outcomes(talk.client.search("o=Doom", receive=taken.append))
    for _ in range(5):
        talk.client.dataReceived(dump(Message(1, Op.searchResultEntry, Entry("o=Doom", (("o", (b"x" * 900,)),)))))
    assert not found and len(taken) == 5


class Patient(IClientAuthentication):
    def getName(self):
        return b"PATIENT"

    def challengeResponse(self, secret, challenge):
        return b"go on"


def test_a_login_has_so_many_rounds_and_no_more():
    talk = PlayedServer()
    found = outcomes(talk.client.bindSASL(Patient()))
    for id in range(1, 11):
        assert not found
        talk.client.dataReceived(dump(Message(id, Op.bindResponse, Result(ResultCode.saslBindInProgress))))
    assert "after 10 rounds" in str(found[0].value)
