"""What changes a tree, who may do it, and who is there."""

import base64
import hashlib

import pytest

from reactor.ldap import Account, Change, DistinguishedName, LDAPEntry, ResultCode, Scope
from reactor.ldap.filters import parseFilter
from reactor.ldap.messages import (
    OID,
    OPERATIONS,
    PASSWORD_CHANGE,
    PASSWORD_MADE,
    READ,
    BindRequest,
    CompareRequest,
    Entry,
    ExtendedRequest,
    ModDNRequest,
    ModifyRequest,
    Op,
)
from tests.ldap.ldap_doubles import ADMIN, ELSEWHERE, PEOPLE, House, critical, person

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


# --- changes


def test_an_entry_is_added_with_the_values_of_its_name_and_who_did_it(talk, house):
    new = Entry(f"cn=Di,{PEOPLE}", (("objectClass", (b"person",)), ("sn", (b"D",)), ("userPassword", (b"secret",))))
    [message] = talk.say(Op.addRequest, new, critical(OID.postRead, READ.dump(("cn", "creatorsName", "userPassword"))))
    assert message.body.code == 0
    read = LDAPEntry(*OPERATIONS[Op.searchResultEntry].load(message.controls[0].value))
    assert read == LDAPEntry(f"cn=Di,{PEOPLE}", {"cn": [b"Di"], "creatorsName": [ADMIN.encode()]})
    kept = house.tree.get(DistinguishedName(f"cn=Di,{PEOPLE}"))
    assert kept["createTimestamp"] == (b"20231114221320Z",) and kept["userPassword"][0].startswith(b"SCRAM-SHA-256$")
    assert house.open(f"cn=Di,{PEOPLE}").session.account.name == f"cn=Di,{PEOPLE}"


@pytest.mark.parametrize(
    "entry, code",
    [
        (person("Ann"), ResultCode.entryAlreadyExists),
        (person("x", "ou=none,o=Doom"), ResultCode.noSuchObject),
        (person("x", sn=()), ResultCode.protocolError),
        (LDAPEntry("cn=x,o=Doom", {"sn": [b"x"]}), ResultCode.objectClassViolation),
        (LDAPEntry("cn=x,o=Doom", {"objectClass": [b"person"]}), ResultCode.objectClassViolation),
        (person("x", uidNumber=[b"x"]), ResultCode.invalidAttributeSyntax),
        (person("x", uidNumber=[b"1", b"2"]), ResultCode.constraintViolation),
        (person("x", mail=[b"a", b"A "]), ResultCode.attributeOrValueExists),
        (person("x", entryUUID=[b"1"]), ResultCode.constraintViolation),
        (person("x", userPassword=[b"%d" % n for n in range(5)]), ResultCode.constraintViolation),
    ],
)
def test_an_entry_that_doesnt_fit_isnt_added(talk, house, entry, code):
    before = len(house.tree)
    assert talk.code(Op.addRequest, Entry(str(entry.dn), entry.attributes)) == code
    assert len(house.tree) == before


def test_attributes_change_all_or_none(talk, house):
    ann = DistinguishedName(ANN)
    changes = (
        (Change.add, "mail", (b"a@b.example",)),
        (Change.delete, "uidNumber", ()),
        (Change.replace, "sn", (b"Andersen",)),
        (Change.add, "gidNumber", (b"40",)),
        (Change.increment, "gidNumber", (b"2",)),
        (Change.delete, "mail", (b"ANN@doom.example",)),
    )
    assert talk.code(Op.modifyRequest, modify(ANN, *changes)) == 0
    entry = house.tree.get(ann)
    assert [entry.get(name) for name in ("mail", "uidNumber", "sn", "gidNumber")] == [
        (b"a@b.example",),
        None,
        (b"Andersen",),
        (b"42",),
    ]
    assert talk.code(Op.modifyRequest, modify(ANN, (Change.replace, "sn", (b"x",)), (Change.add, "mail", ()))) == 2
    assert house.tree.get(ann) is entry


@pytest.mark.parametrize(
    "change, code",
    [
        ((Change.add, "mail", (b"Ann@doom.example",)), ResultCode.attributeOrValueExists),
        ((Change.delete, "mail", (b"x",)), ResultCode.noSuchAttribute),
        ((Change.delete, "title", ()), ResultCode.noSuchAttribute),
        ((Change.delete, "cn", ()), ResultCode.objectClassViolation),
        ((Change.replace, "cn", (b"Anna",)), ResultCode.notAllowedOnRDN),
        ((Change.replace, "objectClass", ()), ResultCode.objectClassViolation),
        ((Change.replace, "modifyTimestamp", (b"20030326120000Z",)), ResultCode.constraintViolation),
        ((Change.increment, "sn", (b"1",)), ResultCode.constraintViolation),
        ((Change.increment, "gidNumber", (b"1",)), ResultCode.noSuchAttribute),
        ((Change.increment, "uidNumber", (b"x",)), ResultCode.invalidAttributeSyntax),
        ((7, "sn", (b"1",)), ResultCode.constraintViolation),
    ],
)
def test_a_change_that_doesnt_fit_isnt_made(talk, change, code):
    assert talk.code(Op.modifyRequest, modify(ANN, change)) == code


def test_an_entry_gets_another_name_and_all_below_it_go_along(talk, house):
    [message] = talk.say(
        Op.modDNRequest,
        ModDNRequest(PEOPLE, "ou=crew"),
        critical(OID.preRead, READ.dump(("ou",))),
        critical(OID.postRead, READ.dump(("ou",))),
    )
    assert message.body.code == 0
    read = [LDAPEntry(*OPERATIONS[Op.searchResultEntry].load(one.value))["ou"] for one in message.controls]
    assert read == [(b"people",), (b"crew",)]
    assert found(talk, "(cn=Ann)", "ou=crew,o=Doom") == ["Ann"] and len(house.tree) == 6
    assert talk.code(Op.modDNRequest, ModDNRequest("cn=Ann,ou=crew,o=Doom", "uid=ann", False, "o=Doom")) == 0
    assert house.tree.get(DistinguishedName("uid=ann,o=Doom"))["cn"] == (b"Ann",)
    house.tree.mostMoved = 1
    assert talk.code(Op.modDNRequest, ModDNRequest("ou=crew,o=Doom", "ou=people")) == ResultCode.unwillingToPerform


@pytest.mark.parametrize(
    "request_, code",
    [
        (ModDNRequest(ANN, "cn=Bob"), ResultCode.entryAlreadyExists),
        (ModDNRequest(ANN, "cn=x", True, "o=None"), ResultCode.noSuchObject),
        (ModDNRequest(PEOPLE, "ou=people", True, ANN), ResultCode.entryAlreadyExists),
        (ModDNRequest(ANN, "cn=x,o=y"), ResultCode.invalidDNSyntax),
        (ModDNRequest(ANN, "nonsense"), ResultCode.invalidDNSyntax),
        (ModDNRequest(ANN, "uid=ann"), ResultCode.objectClassViolation),  # there would be no cn any more
    ],
)
def test_a_name_that_doesnt_fit_isnt_given(talk, request_, code):
    assert talk.code(Op.modDNRequest, request_) == code


def test_an_entry_may_change_the_capitals_of_its_name(talk, house):
    assert talk.code(Op.modDNRequest, ModDNRequest(ANN, "cn=ANN")) == 0
    assert str(house.tree.get(DistinguishedName(ANN)).dn) == f"cn=ANN,{PEOPLE}" and len(house.tree) == 6


def test_an_entry_goes_when_none_is_below_it(talk, house):
    assert talk.code(Op.delRequest, PEOPLE) == ResultCode.notAllowedOnNonLeaf
    assert talk.code(Op.delRequest, ANN) == 0
    assert talk.code(Op.delRequest, ANN) == ResultCode.noSuchObject
    assert len(house.tree) == 5


def test_a_value_is_compared_by_the_rule_of_its_attribute(talk):
    def code(attribute, value):
        return talk.code(Op.compareRequest, CompareRequest(ANN, (attribute, value)))

    assert code("SN", b"doe") == ResultCode.compareTrue and code("sn", b"x") == ResultCode.compareFalse
    assert code("title", b"x") == ResultCode.noSuchAttribute
    assert code("uidNumber", b"x") == ResultCode.invalidAttributeSyntax


# --- who is there


def test_whoever_has_bound_is_told_who_they_are(house):
    talk = house.open()
    who = ExtendedRequest(OID.whoAmI)
    assert talk.say(Op.extendedRequest, who)[0].body.value == b""
    assert talk.code(Op.bindRequest, BindRequest(3, "CN=Ann, OU=People,o=doom", b"secret")) == 0
    assert talk.say(Op.extendedRequest, who)[0].body.value == f"dn:{ANN}".encode()
    assert talk.code(Op.bindRequest, BindRequest(3, "", b"")) == 0
    assert talk.say(Op.extendedRequest, who)[0].body.value == b""


def test_sasl_knows_people_by_their_names(house):
    talk = house.open()
    [message] = talk.say(Op.bindRequest, BindRequest(3, "", None, ("PLAIN", b"\0Ann\0secret")))
    assert message.body.code == 0 and talk.session.account.name == ANN
    assert talk.code(Op.bindRequest, BindRequest(3, "", None, ("LOGIN", b""))) == ResultCode.authMethodNotSupported
    [message] = talk.say(Op.bindRequest, BindRequest(3, "", None, ("PLAIN", None)))
    assert message.body.code == ResultCode.saslBindInProgress
    assert talk.code(Op.bindRequest, BindRequest(3, "", None, ("", None))) == ResultCode.authMethodNotSupported


def test_a_password_of_openldaps_lets_somebody_in(house):
    salted = base64.b64encode(hashlib.sha1(b"secret" + b"salt").digest() + b"salt")
    house.tree.add(person("Di", userPassword=[b"{SSHA}" + salted]))
    house.tree.add(person("Ed", userPassword=[b"{SSHA}!", b"SCRAM-SHA-256$x"]))
    house.open(f"cn=Di,{PEOPLE}")
    talk = house.open()
    talk.say(Op.bindRequest, BindRequest(3, f"cn=Ed,{PEOPLE}", b"secret"))
    assert talk.session.account.name == ""


def test_people_read_and_change_their_own_password_and_nothing_else(house):
    talk = house.open(ANN)
    assert talk.code(Op.delRequest, ANN) == ResultCode.insufficientAccessRights
    assert talk.code(Op.modifyRequest, modify(ANN, (Change.replace, "sn", (b"x",)))) == 50
    assert talk.code(Op.modifyRequest, modify(ADMIN, (Change.replace, "userPassword", (b"x",)))) == 50
    assert talk.code(Op.modifyRequest, modify(ANN, (Change.replace, "userPassword", (b"new",)))) == 0
    assert talk.code(Op.bindRequest, BindRequest(3, ANN, b"new")) == 0


def test_a_password_is_changed_or_made_up(house):
    def change(talk, *values):
        return talk.say(Op.extendedRequest, ExtendedRequest(OID.passwordModify, PASSWORD_CHANGE.dump(values)))[0].body

    talk = house.open(ANN)
    assert change(talk, None, b"wrong", b"new").code == ResultCode.invalidCredentials
    assert change(talk, None, b"secret", b"new").code == 0
    assert change(talk, ADMIN, None, b"new").code == ResultCode.insufficientAccessRights
    assert change(house.open(), None, None, b"new").code == ResultCode.insufficientAccessRights
    [made] = PASSWORD_MADE.load(change(house.open(ADMIN), "u:Ann", None, None).value)
    assert talk.code(Op.bindRequest, BindRequest(3, ANN, made)) == 0
    assert change(House(peer=ELSEWHERE).open(), None, None, None).code == ResultCode.confidentialityRequired


def test_who_may_not_read_sees_the_root_alone():
    talk = House(anonymous=Account(mayRead=False)).open()
    assert talk.search("o=Doom")[1].body.code == ResultCode.insufficientAccessRights
    assert talk.code(Op.compareRequest, CompareRequest(ANN, ("sn", b"x"))) == ResultCode.insufficientAccessRights
    assert len(talk.search("", scope=Scope.base)[0]) == 1
