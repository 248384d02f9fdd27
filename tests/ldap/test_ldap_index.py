"""Searches that an index narrows: they find what looking at all entries finds, and look at few."""

from random import Random

import pytest

from reactor.ldap import Change, DistinguishedName, LDAPEntry, LDAPError, Scope, parseFilter
from reactor.ldap import entry as entries
from tests.ldap.ldap_doubles import PEOPLE, House, book, person

NAMES = ("Ann", "bob", "Cy", "Dee", "Eve")
REFERRAL = {"objectClass": [b"referral", b"extensibleObject"], "ou": [b"far"], "ref": [b"ldap://far/"]}


@pytest.fixture(scope="module")
def large():
    return book(*(person(f"p{number}", uid=[b"u%d" % number]) for number in range(20_000)))


@pytest.mark.parametrize(
    "filter, looked_at",
    [
        ("(cn=p77)", 1),
        ("(CommonName=P77)", 1),
        ("(&(objectClass=person)(uid=u9))", 1),
        ("(|(cn=p1)(uid=u2)(mail=none))", 2),
        ("(uidNumber=nonsense)", 0),
        ("(&(|(cn=p1)(cn=p2))(!(cn=p2)))", 2),
        ("(cn;lang-la=cyrus)", 1),
        ("(cn;lang-la=p7)", 1),
        ("(|)", 0),
        ("(&)", 20_006),
        ("(|(cn=p1)(cn=p*))", 20_006),
        ("(!(cn=p1))", 20_006),
        ("(sn=doe)", 20_006),
        ("(title=none)", 20_006),
    ],
)
def test_an_equality_is_found_among_many_without_looking_at_the_others(large, filter, looked_at):
    found = large.search(DistinguishedName("o=Doom"), Scope.subtree, parseFilter(filter))
    assert len([*found]) == looked_at


def some_filter(dice, depth=3):
    if not depth or dice.random() < 0.4:
        name = dice.choice(["cn", "sn", "uid", "title", "cn;x-a", "objectClass"])
        return f"({name}={dice.choice([*NAMES, 'person', 'A*', '*'])})"
    operator = dice.choice("&|!")
    parts = (some_filter(dice, depth - 1) for _ in range(1 if operator == "!" else dice.randint(0, 3)))
    return f"({operator}{''.join(parts)})"


def change(tree, dice):
    name = f"cn={dice.choice(NAMES)},{PEOPLE}"
    dn = DistinguishedName(name)
    value = dice.choice(NAMES).encode()
    try:
        match dice.randrange(4):
            case 0:
                tree.add(person(dn.rdns[0][0][1], uid=[value], **{"cn;x-a": [value]}))
            case 1:
                tree.delete(dn)
            case 2:
                how = dice.choice([Change.add, Change.replace, Change.delete])
                tree.modify(dn, [(how, (dice.choice(["sn", "uid", "cn;x-a"]), (value,)))])
            case 3:
                tree.rename(dn, DistinguishedName(f"cn={dice.choice(NAMES)},{PEOPLE}"), dice.random() < 0.5)
    except LDAPError:
        pass


@pytest.mark.parametrize("seed", range(10))
def test_whatever_has_changed_an_index_finds_what_looking_at_all_finds(seed):
    dice, tree = Random(seed), book(LDAPEntry("ou=far,o=Doom", REFERRAL))
    for _ in range(100):
        change(tree, dice)
        filter, base = parseFilter(some_filter(dice)), DistinguishedName(dice.choice(["o=Doom", PEOPLE, ""]))
        scope, test = dice.choice([*Scope]), entries.test_for(filter)
        far, all_found = [], []
        for entry in tree.search(base, scope):
            (far if "ref" in entry else all_found).append(entry)
        narrowed = [*tree.search(base, scope, filter)]
        assert [entry for entry in narrowed if "ref" in entry] == far
        found = [entry.dn.getText() for entry in narrowed if "ref" not in entry and test(entry)]
        assert sorted(found) == sorted(entry.dn.getText() for entry in all_found if test(entry)), filter


def test_a_search_by_an_index_tells_of_referrals():
    talk = House(book(LDAPEntry("ou=far,o=Doom", REFERRAL))).open()
    found, _ = talk.search("o=Doom", filter=parseFilter("(cn=Ann)"))
    assert sorted(map(str, found)) == sorted(["('ldap://far/',)", str(found[0] if "cn" in found[0] else found[1])])


def test_a_filter_of_hundreds_of_large_alternatives_isnt_joined(large):
    filter = parseFilter(f"(|{'(sn=Doe)' * 500})")
    found = large.search(DistinguishedName("o=Doom"), Scope.subtree, filter)
    assert next(found).dn == DistinguishedName("o=Doom")


def test_what_goes_while_it_is_looked_for_isnt_found():
    tree = book()
    found = tree.search(DistinguishedName("o=Doom"), Scope.subtree, parseFilter("(|(cn=Ann)(cn=Bob))"))
    assert next(found).dn.getText() == f"cn=Ann,{PEOPLE}"
    tree.delete(DistinguishedName(f"cn=Bob,{PEOPLE}"))
    assert [*found] == []
