"""What has gone wrong in directories of others, each by its name."""

import pytest

from reactor.ldap import (
    DistinguishedName,
    LDAPEntry,
    LDAPError,
    LDIFTree,
    ResultCode,
    Scope,
    escape_value,
    parseFilter,
)
from reactor.ldap.ber import wrap
from reactor.ldap.dn import escape
from reactor.ldap.filters import FILTER, Present
from reactor.ldap.messages import (
    OID,
    PAGED,
    SORT,
    BindRequest,
    CompareRequest,
    ExtendedRequest,
    Inbox,
    Message,
    Op,
    Result,
    SearchRequest,
    dump,
)
from reactor.ldap.schema import normal_value
from tests.ldap.ldap_doubles import ADMIN, ELSEWHERE, PEOPLE, House, SecurableTransport, book, critical, person

ANN = f"cn=Ann,{PEOPLE}"


def test_a_name_without_a_password_is_refused_and_not_anonymous():
    talk = House().open()
    assert talk.code(Op.bindRequest, BindRequest(3, ADMIN, b"")) == ResultCode.unwillingToPerform
    assert talk.session.account.name == ""


def test_a_bind_that_fails_leaves_nobody():
    talk = House().open(ADMIN)
    talk.say(Op.bindRequest, BindRequest(3, ANN, b"wrong"))
    assert talk.session.account.name == ""
    talk.turn(1.0)
    assert [message.body.code for message in talk.hear()] == [ResultCode.invalidCredentials]


@pytest.mark.parametrize("name", [ANN, f"cn=nobody,{PEOPLE}", f"cn=Bob,{PEOPLE}", "o=Other"])
def test_who_guesses_learns_nothing_of_names_and_is_slowed_down(name):
    house = House()
    talk = house.open()
    for wait_s in (0.5, 1.0, 2.0):
        assert talk.say(Op.bindRequest, BindRequest(3, name, b"wrong"), time_s=wait_s - 0.01) == []
        [message] = talk.send(b"", 0.02)
        assert message.body == Result(ResultCode.invalidCredentials)


def test_nothing_is_read_while_a_bind_is_under_way():
    talk = House().open()
    talk.say(Op.bindRequest, BindRequest(3, ANN, b"wrong"))
    assert talk.say(Op.extendedRequest, ExtendedRequest(OID.whoAmI)) == []
    assert talk.transport.producerState == "paused"
    talk.turn(1.0)
    assert [(it.id, it.op) for it in talk.hear()] == [(1, Op.bindResponse), (2, Op.extendedResponse)]
    assert talk.transport.producerState == "producing"


def test_a_bind_ends_what_runs():
    talk = House(book(*(person(f"p{number}") for number in range(1500)))).open()
    talk.session.dataReceived(dump(Message(9, Op.searchRequest, SearchRequest("o=Doom"))))
    talk.hear()
    assert [it.id for it in talk.say(Op.bindRequest, BindRequest(3, "", b""))] == [1]


def test_a_password_in_the_clear_is_refused_before_it_is_looked_at():
    talk = House(peer=ELSEWHERE).open()
    for password in (b"secret", b"wrong"):
        assert talk.code(Op.bindRequest, BindRequest(3, ANN, password)) == ResultCode.confidentialityRequired
    assert talk.session.mechanisms() == ["SCRAM-SHA-256", "SCRAM-SHA-1"]


def test_a_password_isnt_found_by_comparing_it():
    talk = House().open(ADMIN)
    for name in ("userPassword", "2.5.4.35", "USERPASSWORD;x-a"):
        assert talk.code(Op.compareRequest, CompareRequest(ANN, (name, b"secret"))) == 50
        [entry], _ = talk.search(ANN, scope=Scope.base, attributes=(name, "*", "+"))
        assert "userPassword" not in entry
    assert talk.names("o=Doom", filter=parseFilter("(2.5.4.35=*)")) == []


def test_tls_doesnt_begin_while_something_runs():
    house = House(book(*(person(f"p{number}") for number in range(1500))), contextFactory=object())
    talk = house.open()
    talk.id = 5
    talk.session.dataReceived(dump(Message(1, Op.searchRequest, SearchRequest("o=Doom"))))
    talk.hear()
    talk.session.dataReceived(dump(Message(2, Op.extendedRequest, ExtendedRequest(OID.startTLS))))
    assert [it.body.code for it in talk.hear()] == [ResultCode.operationsError] and not talk.transport.TLS


def test_what_came_in_the_clear_behind_starttls_is_forgotten_and_so_is_who_was_there():
    talk = House(contextFactory=object()).open(ADMIN)
    talk.id += 2
    inside = dump(Message(2, Op.extendedRequest, ExtendedRequest(OID.startTLS)))
    found = talk.send(inside + dump(Message(3, Op.delRequest, ANN)))
    assert [(it.id, it.body.code) for it in found] == [(2, 0)] and talk.transport.TLS
    assert talk.session.account.name == "" and talk.names(ANN) == ["Ann"]
    assert talk.code(Op.extendedRequest, ExtendedRequest(OID.startTLS)) == ResultCode.operationsError


def test_tls_cant_begin_without_a_certificate():
    assert House().open().code(Op.extendedRequest, ExtendedRequest(OID.startTLS)) == ResultCode.operationsError


def page(talk, cookie=b"", **fields):
    _, done = talk.search(
        fields.pop("base", "o=Doom"), controls=[critical(OID.paged, PAGED.dump((1, cookie)))], **fields
    )
    return done.body.code, done.body.code == 0 and PAGED.load(done.controls[0].value)[1]


def test_a_cookie_is_good_for_its_search_on_its_connection_once():
    house = House()
    talk = house.open()
    _, cookie = page(talk)
    assert page(house.open(), cookie)[0] == ResultCode.unwillingToPerform
    assert page(talk, cookie)[0] == 0
    assert page(talk, cookie)[0] == ResultCode.unwillingToPerform
    _, cookie = page(talk)
    assert page(talk, cookie, base=PEOPLE)[0] == ResultCode.unwillingToPerform
    _, cookie = page(talk)
    talk.code(Op.bindRequest, BindRequest(3, "", b""))
    assert page(talk, cookie)[0] == ResultCode.unwillingToPerform


def test_so_many_searches_wait_for_their_next_page_and_no_more():
    talk = House().open()
    cookies = [page(talk)[1] for _ in range(6)]
    assert [page(talk, cookie)[0] for cookie in cookies[:2]] == [ResultCode.unwillingToPerform] * 2
    assert len(talk.session._pages) == 4


@pytest.mark.parametrize("size, code", [(-1, 0), (2**31 - 1, 0)])
def test_a_page_of_any_size_is_bounded(size, code):
    talk = House().open()
    talk.session.mostEntries = 2
    found, done = talk.search("o=Doom", controls=[critical(OID.paged, PAGED.dump((size, b"")))])
    assert len(found) <= 2 and done.body.code == code


@pytest.mark.parametrize("fields", [{"sizeLimit": -1}, {"timeLimit": -1}, {"scope": 3}, {"scope": -1}])
def test_limits_and_scopes_that_there_are_not_are_refused(fields):
    assert House().open().search("o=Doom", **fields)[1].body.code == ResultCode.protocolError


def test_a_sort_holds_so_many_entries_and_no_more():
    talk = House().open()
    talk.session.mostSorted = 3
    _, done = talk.search("o=Doom", controls=[critical(OID.sort, bytes.fromhex("3006300404026e6e"))])
    assert done.body.code == ResultCode.adminLimitExceeded


def test_a_filter_that_nests_for_ever_is_refused():
    data = FILTER.encode(Present("cn"))
    for _ in range(10_000):
        data = wrap(0xA2, data)
    fields = bytes.fromhex("04000a01020a0100020100020100010100") + data + bytes.fromhex("3000")
    talk = House().open()
    [notice] = talk.send(wrap(0x30, bytes.fromhex("020101") + wrap(0x63, fields)))
    assert (notice.id, notice.body.name) == (0, OID.noticeOfDisconnection) and talk.transport.disconnecting
    with pytest.raises(ValueError, match="nests at most 16 deep"):
        parseFilter("(!" * 5000 + "(cn=*)" + ")" * 5000)


def test_a_message_that_claims_to_be_long_is_refused_by_its_header():
    talk = House().open()
    [notice] = talk.send(bytes.fromhex("3084ffffffff"))
    assert notice.body.code == ResultCode.protocolError and "1048576" in notice.body.text
    assert talk.transport.disconnecting and talk.send(dump(Message(1, Op.delRequest, "o=Doom"))) == []


def test_so_many_requests_run_and_the_next_ones_arent_read():
    talk = House(book(*(person(f"p{number}") for number in range(1100)))).open(mostOutstanding=2)
    search = SearchRequest("o=Doom", filter=parseFilter("(cn=none*)"))
    talk.session.dataReceived(b"".join(dump(Message(id, Op.searchRequest, search)) for id in range(1, 6)))
    assert [*talk.session._outstanding] == [1, 2] and talk.transport.producerState == "paused"
    talk.turn()
    assert sorted(it.id for it in talk.hear()) == [1, 2, 3, 4, 5] and talk.transport.producerState == "producing"


@pytest.mark.parametrize(
    "message",
    [
        Message(0, Op.delRequest, "o=x"),
        Message(1, Op.delResponse, Result()),
        Message(1, Op.searchResultReference, ("ldap://a",)),
    ],
)
def test_what_no_client_sends_ends_the_session(message):
    talk = House().open()
    [notice] = talk.send(dump(message))
    assert notice.id == 0 and talk.transport.disconnecting


def test_a_control_that_matters_and_isnt_known_is_refused():
    talk = House().open(ADMIN)
    assert talk.code(Op.delRequest, ANN, critical("1.2.3")) == ResultCode.unavailableCriticalExtension
    assert talk.code(Op.delRequest, ANN, critical(OID.paged)) == ResultCode.unavailableCriticalExtension
    assert talk.code(Op.extendedRequest, ExtendedRequest("1.2.3")) == ResultCode.protocolError
    assert talk.code(Op.extendedRequest, ExtendedRequest(OID.cancel, b"\x30\x00")) == ResultCode.protocolError
    assert talk.code(Op.bindRequest, BindRequest(2, "", b"")) == ResultCode.protocolError
    assert talk.code(Op.bindRequest, BindRequest(3, "")) == ResultCode.authMethodNotSupported
    assert talk.code(Op.bindRequest, BindRequest(3, "x", b"y")) == ResultCode.invalidDNSyntax


def test_nothing_of_an_exceptions_text_goes_out(logged_errors):
    house = House()
    talk = house.open(ADMIN)

    def full(removed, added):
        raise OSError("no space left on /secret/disk")

    house.tree.keep = full
    [message] = talk.say(Op.delRequest, ANN)
    assert message.body == Result(ResultCode.other, text="not now") and talk.names(ANN) == ["Ann"]
    assert len(logged_errors.flush(OSError)) == 1


@pytest.mark.parametrize(
    "value", ["a,b", "a+b=c", " a ", "#04", 'a"b\\', "a\0b", "a\nb", "é", "*)(uid=*", "=", "<>;", ""]
)
def test_a_value_stays_a_value_in_names_and_filters(value):
    if value.strip():
        dn = DistinguishedName(f"cn={escape(value)},o=Doom")
        assert dn.rdns == ((("cn", value),), (("o", "Doom"),)) and DistinguishedName(str(dn)) == dn
    assert parseFilter(f"(cn={escape_value(value)})") == ("cn", "=", value.encode())


def test_a_part_of_a_name_cant_pass_for_two():
    assert DistinguishedName([[("cn", "a\0ou=b")]]) != DistinguishedName([[("cn", "a"), ("ou", "b")]])
    assert DistinguishedName([[("cn", "a\0\0"), ("ou", "b")]]) != DistinguishedName([[("cn", "a"), ("ou", "\0\0b")]])


def test_so_many_clients_come_and_the_next_is_told_to_come_again():
    house = House()
    house.factory.maxConnections = 1
    house.open()
    protocol, transport = house.session(), SecurableTransport()
    protocol.makeConnection(transport)
    inbox = Inbox(1000)
    inbox.add(transport.value())
    assert inbox.next().body.code == ResultCode.busy and transport.disconnecting


@pytest.mark.parametrize("mark", ["\u0315\u0300", "\uff9e\u0300"])
def test_marks_without_end_on_a_letter_cost_nothing(mark):
    with pytest.raises(ValueError, match="30 marks"):
        normal_value("cn", f"a{mark * 100_000}".encode())
    assert normal_value("cn", "é".encode() * 1000) == "é" * 1000


@pytest.mark.parametrize("value", [b"99991231235959-2359", b"00010101000000+2359"])
def test_a_time_that_python_has_not_is_none(value):
    with pytest.raises(ValueError, match="outside of the years"):
        normal_value("createTimestamp", value)


def test_names_of_strange_attributes_dont_fill_the_memory():
    house = House()
    talk = house.open()
    for number in range(50):
        talk.search("o=Doom", filter=parseFilter(f"(x-{number}=1)"))
    assert all(len(entry._normal) < 5 for entry in house.tree._entries.values())


@pytest.mark.parametrize("name", ["bad name", "changetype", "x\n\ndn: o=Evil", "", "1", "dn"])
def test_an_attribute_that_would_spoil_the_file_of_a_tree_is_refused(name, tmp_path):
    path = tmp_path / "book.ldif"
    path.write_text("dn: o=Doom\nobjectClass: organization\n\n")
    tree = LDIFTree(path)
    with pytest.raises(LDAPError, match="no attribute has the name"):
        tree.add(LDAPEntry("cn=x,o=Doom", {"objectClass": [b"device"], name: [b"y"]}))
    tree.add(LDAPEntry("cn=x,o=Doom", {"objectClass": [b"device"], "2.5.4.13;lang-en": [b"y"]}))
    assert len(list(LDIFTree(path).search(LDAPEntry("o=Doom").dn, Scope.subtree))) == 2


def test_nobody_learns_the_order_of_passwords():
    by_password = critical(OID.sort, SORT.dump([("userPassword", "caseIgnoreOrderingMatch", False)]))
    _, done = House().open(ADMIN).search("o=Doom", controls=[by_password])
    assert done.body.code == ResultCode.unavailableCriticalExtension
