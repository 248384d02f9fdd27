"""What searches find, and how they end."""

import pytest

from reactor.ldap import LDAPEntry, ResultCode, Scope
from reactor.ldap.filters import parseFilter
from reactor.ldap.messages import (
    CANCEL,
    OID,
    PAGED,
    SORT,
    SORTED,
    Control,
    ExtendedRequest,
    Message,
    ModifyRequest,
    Op,
    SearchRequest,
    dump,
)
from tests.ldap.ldap_doubles import ADMIN, PEOPLE, House, book, critical, person

ANN = f"cn=Ann,{PEOPLE}"


@pytest.fixture
def house():
    return House()


@pytest.fixture
def talk(house):
    return house.open(ADMIN)


def found(talk, filter, base="o=Doom", scope=Scope.subtree, **fields):
    return talk.names(base, scope=scope, filter=parseFilter(filter), **fields)


def modify(name, *changes):
    return ModifyRequest(name, tuple((how, (kind, values)) for how, kind, values in changes))


# --- searches


@pytest.mark.parametrize(
    "filter, names",
    [
        ("(cn=ann)", ["Ann"]),
        ("(cn=A*)", ["admin", "Ann"]),
        ("(2.5.4.3=  ANN )", ["Ann"]),
        ("(commonName=*n*)", ["admin", "Ann"]),
        ("(objectClass=PERSON)", ["Ann", "Bob", "Cy"]),
        ("(&(objectClass=person)(!(mail=*)))", ["Bob", "Cy"]),
        ("(|(cn=Ann)(cn=Bob))", ["Ann", "Bob"]),
        ("(uidNumber>=8)", ["Bob"]),
        ("(uidNumber<=9)", ["Ann"]),
        ("(uidNumber=07)", []),
        ("(!(uidNumber=07))", []),  # no integer: nobody can say
        ("(telephoneNumber=+4512 3456)", ["Bob"]),
        ("(telephoneNumber=*3-4*)", ["Bob"]),
        ("(cn=cyrus)", ["Cy"]),
        ("(cn;lang-la=cyrus)", ["Cy"]),
        ("(cn;lang-da=*)", []),
        ("(cn~=ANN)", ["Ann"]),
        ("(cn:caseExactMatch:=ann)", []),
        ("(cn:caseExactMatch:=Ann)", ["Ann"]),
        ("(:caseExactMatch:=Builder)", ["Bob"]),
        ("(ou:dn:=people)", ["people", "Ann", "Bob", "Cy"]),
        ("(cn:1.2.3:=x)", []),
        ("(&)", ["Doom", "admin", "people", "Ann", "Bob", "Cy"]),
        ("(|)", []),
        ("(userPassword=*)", []),
        ("(userPassword=s*)", []),
        ("(!(userPassword=s*))", []),
        ("(userPassword:octetStringMatch:=secret)", []),
        ("(:octetStringMatch:=secret)", []),
        ("(creatorsName>=x)", []),
    ],
)
def test_a_filter_finds_what_it_means(talk, filter, names):
    assert found(talk, filter) == names


@pytest.mark.parametrize(
    "scope, names",
    [(Scope.base, ["people"]), (Scope.one, ["Ann", "Bob", "Cy"]), (Scope.subtree, ["people", "Ann", "Bob", "Cy"])],
)
def test_a_scope_says_how_far(talk, scope, names):
    assert found(talk, "(objectClass=*)", PEOPLE, scope) == names


def test_a_base_that_isnt_there_is_told_with_the_nearest_that_is(talk):
    _, done = talk.search(f"cn=x,cn=y,{PEOPLE}")
    assert (done.body.code, done.body.matchedDN) == (ResultCode.noSuchObject, PEOPLE)


def test_an_entry_has_the_attributes_that_were_asked_for_and_never_its_password(talk):
    def names(*wanted, **fields):
        [entry], _ = talk.search(ANN, scope=Scope.base, attributes=wanted, **fields)
        return dict(entry)

    everything = {"objectClass", "cn", "sn", "mail", "uidNumber"}
    assert names().keys() == names("*").keys() == everything
    assert names("CommonName", "userPassword", "nothing") == {"cn": (b"Ann",)}
    assert names("1.1") == {}
    assert names("+").keys() == {"subschemaSubentry", "hasSubordinates"}
    assert names("hasSubordinates")["hasSubordinates"] == (b"FALSE",)
    assert names("*", "+").keys() == everything | {"subschemaSubentry", "hasSubordinates"}
    assert names("cn", typesOnly=True) == {"cn": ()}


def test_the_root_says_what_the_server_can(house):
    [root], _ = house.open().search("", scope=Scope.base, attributes=("+",))
    assert root["namingContexts"] == (b"o=Doom",) and OID.paged.encode() in root["supportedControl"]
    assert root["supportedSASLMechanisms"] == (b"SCRAM-SHA-256", b"SCRAM-SHA-1", b"PLAIN")
    assert OID.startTLS.encode() not in root["supportedExtension"]


def test_the_schema_is_an_entry(talk):
    [schema], _ = talk.search("cn=Subschema", scope=Scope.base, attributes=("+",))
    assert b"( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( cn $ sn ) )" in schema["objectClasses"]
    assert any(b"NAME ( 'uid' 'userid' )" in one for one in schema["attributeTypes"])


def test_a_search_ends_at_its_limit_of_entries(talk):
    entries, done = talk.search("o=Doom", sizeLimit=2)
    assert len(entries) == 2 and done.body.code == ResultCode.sizeLimitExceeded
    entries, done = talk.search("o=Doom", sizeLimit=6)
    assert len(entries) == 6 and done.body.code == 0
    talk.session.mostEntries = 3
    assert len(talk.search("o=Doom", sizeLimit=6)[0]) == 3


def test_a_page_at_a_time(talk):
    names, cookie, pages = [], b"", 0
    while cookie or not pages:
        entries, done = talk.search("o=Doom", controls=[critical(OID.paged, PAGED.dump((4, cookie)))])
        names += [entry.dn.rdns[0][0][1] for entry in entries]
        _, cookie = PAGED.load(done.controls[0].value)
        pages += 1
    assert (pages, names) == (2, ["Doom", "admin", "people", "Ann", "Bob", "Cy"])


def test_a_page_of_nothing_ends_the_search_that_waits(talk):
    _, done = talk.search("o=Doom", controls=[critical(OID.paged, PAGED.dump((1, b"")))])
    _, cookie = PAGED.load(done.controls[0].value)
    entries, done = talk.search("o=Doom", controls=[critical(OID.paged, PAGED.dump((0, cookie)))])
    assert not entries and PAGED.load(done.controls[0].value) == (0, b"") and not talk.session._pages


def sort(*keys):
    return critical(OID.sort, SORT.dump([(name, None, name.startswith("-")) for name in keys]))


def test_entries_come_in_the_order_that_was_asked_for(talk):
    people = "(objectClass=person)"

    def names(*keys):
        order = [(key.lstrip("-"), None, key.startswith("-")) for key in keys]
        return found(talk, people, controls=[critical(OID.sort, SORT.dump(order))])

    assert names("-cn") == ["Cy", "Bob", "Ann"]
    assert names("sn", "-cn") == ["Bob", "Cy", "Ann"]
    assert names("uidNumber") == ["Ann", "Bob", "Cy"]  # 7 is less than 10, and none is last
    _, done = talk.search("o=Doom", controls=[Control(OID.sort, False, SORT.dump([("jpegPhoto", "1.2.3", False)]))])
    assert SORTED.load(done.controls[0].value)[0] == ResultCode.inappropriateMatching
    _, done = talk.search("o=Doom", controls=[critical(OID.sort, SORT.dump([("cn", "1.2.3", False)]))])
    assert done.body.code == ResultCode.unavailableCriticalExtension


# --- referrals

REFERRAL = LDAPEntry("ou=far,o=Doom", {"objectClass": [b"referral"], "ref": [b"ldap://far.example/ou=far Far"]})


def test_what_another_server_has_is_told(house):
    house.tree.add(REFERRAL)
    talk = house.open(ADMIN)
    found, _done = talk.search("o=Doom", filter=parseFilter("(cn=Ann)"))
    assert found[0] == ("ldap://far.example/ou=far",) or found[1] == ("ldap://far.example/ou=far",)
    [message] = talk.say(Op.delRequest, "cn=x,ou=far,o=Doom")
    assert (message.body.code, message.body.referrals) == (ResultCode.referral, ("ldap://far.example/ou=far",))
    assert message.body.matchedDN == "ou=far,o=Doom"
    assert talk.code(Op.delRequest, "ou=far,o=Doom", critical(OID.manageDsaIT)) == 0


def test_a_name_outside_of_the_tree_is_referred_to_whoever_knows_more(house):
    assert house.open(ADMIN).code(Op.delRequest, "o=Other") == ResultCode.noSuchObject
    house.factory.referrals = ("ldap://above.example",)
    [message] = house.open(ADMIN).say(Op.delRequest, "o=Other")
    assert message.body.referrals == ("ldap://above.example",)
    assert house.open(ADMIN).code(Op.delRequest, "cn=x,o=Doom") == ResultCode.noSuchObject


# --- requests that take time


def many(count=1494):
    return book(*(person(f"p{number}") for number in range(count)))


def test_a_long_search_lets_others_take_their_turns():
    house = House(many())
    talk, other = house.open(), house.open()
    talk.session.dataReceived(dump_search())
    said = len(talk.hear())
    assert 0 < said < 1100 and other.names(ANN) == ["Ann"]
    talk.turn()
    assert len(talk.hear()) + said == 1501


def dump_search(id=1, **fields):
    return dump(Message(id, Op.searchRequest, SearchRequest("o=Doom", **fields)))


def test_a_search_waits_while_the_client_takes_nothing():
    talk = House(many()).open()
    talk.session.pauseProducing()
    talk.session.dataReceived(dump_search())
    assert talk.send(b"") == []
    talk.session.resumeProducing()
    talk.session.pauseProducing()
    first = len(talk.hear())
    talk.turn()
    assert not talk.hear() and first < 1501
    talk.session.resumeProducing()
    talk.turn()
    assert len(talk.hear()) + first == 1501


def test_a_search_that_is_abandoned_says_no_more():
    talk = House(many()).open()
    talk.session.dataReceived(dump_search())
    talk.hear()
    assert talk.say(Op.abandonRequest, 1) == [] and not talk.session._outstanding
    assert talk.send(dump(Message(9, Op.abandonRequest, 77))) == []


def test_a_search_that_is_cancelled_says_so():
    talk = House(many()).open()
    talk.id = 10
    talk.session.dataReceived(dump_search())
    talk.hear()
    codes = {it.id: it.body.code for it in talk.say(Op.extendedRequest, ExtendedRequest(OID.cancel, CANCEL.dump((1,))))}
    assert codes == {1: ResultCode.canceled, 11: 0}
    assert talk.code(Op.extendedRequest, ExtendedRequest(OID.cancel, CANCEL.dump((1,)))) == ResultCode.noSuchOperation


def test_a_search_ends_when_its_time_is_up():
    house = House(many())
    talk = house.open()
    talk.session.dataReceived(dump_search(timeLimit=5))
    house.clock.advance(6.0)
    talk.turn()
    assert talk.hear()[-1].body.code == ResultCode.timeLimitExceeded


def test_a_client_that_has_gone_stops_its_searches():
    house = House(many())
    talk = house.open()
    talk.session.dataReceived(dump_search())
    talk.hang_up()
    assert not talk.session._outstanding and not house.clock.getDelayedCalls()


def test_a_session_in_which_nothing_moves_ends():
    house = House()
    talk = house.open()
    house.clock.advance(601.0)
    assert talk.transport.disconnecting
    talk.hang_up()
    assert not house.clock.getDelayedCalls()
