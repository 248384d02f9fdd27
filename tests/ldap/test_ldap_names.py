"""Names, LDIF, and the names in certificates."""

import ssl as stdlib_ssl

import pytest

from reactor.ldap import DistinguishedName, LDIFTree, SQLiteTree, ldif
from reactor.ldap.checkers import subject_of
from reactor.ldap.messages import BindRequest, Entry, Op
from tests.ldap.ldap_doubles import PEOPLE, House, book, person
from tests.support.securely import issued


@pytest.mark.parametrize(
    "text, rdns",
    [
        ("", ()),
        ("CN=Ann,o=Doom", ((("CN", "Ann"),), (("o", "Doom"),))),
        (" cn = Ann + uid=7 ; o=Doom", ((("cn", "Ann"), ("uid", "7")), (("o", "Doom"),))),
        (r"cn=a\,b\2c\ ", ((("cn", "a,b, "),),)),
        (r"cn=\C3\85", ((("cn", "Å"),),)),
        ("2.5.4.3=#0403416e6e", ((("2.5.4.3", "Ann"),),)),
    ],
)
def test_a_name_is_read(text, rdns):
    assert DistinguishedName(text).rdns == rdns


@pytest.mark.parametrize(
    "text",
    [
        "cn",
        "=x",
        "cn=x,",
        "cn=x,,o=y",
        'cn="x"',
        "cn=a<b",
        "cn=\\",
        "cn=\\zz",
        "cn=#04",
        "cn=#0401ff",
        "1=x",
        "cn=\\ff",
    ],
)
def test_a_name_that_is_none_is_refused(text):
    with pytest.raises(ValueError):
        DistinguishedName(text)


def test_a_name_has_so_many_parts_and_no_more():
    with pytest.raises(ValueError, match="at most 128 parts"):
        DistinguishedName(",".join(["cn=x"] * 129))


def test_names_are_the_same_whatever_their_capitals_and_blanks():
    one, other = DistinguishedName("CN=Ann  B,O=doom"), DistinguishedName("2.5.4.3=ann b , o= Doom")
    assert one == other and hash(one) == hash(other) and one.up().contains(one) and not one.contains(one.up())


LDIF = """version: 1
# people
dn: cn=Ann,o=Doom
cn: Ann
description: a long
 er line
sn:: w4U=
mail: a@x
MAIL: b@x

dn:: b3U9w4U=
ou:< file:///etc/passwd
"""


def test_ldif_is_read_with_its_folds_and_its_base64():
    text = LDIF.replace("ou:< file:///etc/passwd\n", "").replace("\n", "\r\n")
    assert [*ldif.read(text)] == [
        Entry(
            "cn=Ann,o=Doom",
            (
                ("cn", (b"Ann",)),
                ("description", (b"a longer line",)),
                ("sn", (b"\xc3\x85",)),
                ("mail", (b"a@x", b"b@x")),
            ),
        ),
        Entry("ou=Å", ()),
    ]


@pytest.mark.parametrize(
    "text, problem",
    [
        (LDIF, "line 12: 'ou:< file"),
        ("dn: o=x\ncn:: !\n", "line 2: '!' isn't base64"),
        ("cn: x\n", "line 1: an entry begins with dn:"),
        ("\n\ndn: o=x\nchangetype: delete\n", "line 3: an entry begins with dn: and has attributes, no changes"),
    ],
)
def test_ldif_that_cant_be_read_is_told_with_its_line(text, problem):
    with pytest.raises(ValueError, match=problem):
        [*ldif.read(text)]


def test_what_is_written_is_read_again():
    values = (b"", b" x", b"x ", b":x", b"<x", b"\xff\0", b"a\nb", b"x" * 300, "å".encode() * 200)
    entry = Entry("cn=Å,o=Doom", (("description", values),))
    text = "".join(ldif.write([entry]))
    assert [*ldif.read(text)] == [entry] and max(map(len, text.split("\n"))) <= 76


@pytest.mark.parametrize("kind", [LDIFTree, SQLiteTree])
def test_a_tree_in_a_file_is_there_tomorrow(tmp_path, kind):
    tree = kind(tmp_path / "tree")
    tree.load(book()._entries.values())
    tree.add(person("Di", jpegPhoto=[b"\xff\0"]), "cn=admin")
    tree.rename(DistinguishedName(PEOPLE), DistinguishedName("ou=crew,o=Doom"))
    tree.delete(DistinguishedName("cn=Bob,ou=crew,o=Doom"))
    tree.close()
    again = kind(tmp_path / "tree")
    assert again._entries == tree._entries and [str(one) for one in again.suffixes] == ["o=Doom"]
    again.close()


@pytest.mark.parametrize("kind", [LDIFTree, SQLiteTree])
def test_a_change_that_cant_be_written_down_hasnt_happened(tmp_path, kind, monkeypatch):
    tree = kind(tmp_path / "tree")
    tree.load(book()._entries.values())
    before = dict(tree._entries)

    def full(*_):
        raise OSError("full")

    monkeypatch.setattr(kind, "keep", full)
    with pytest.raises(OSError):
        tree.add(person("Di"))
    assert tree._entries == before
    tree.close()


def test_the_name_in_a_certificate_lets_its_owner_in():
    pem = issued("ann@doom.example", common_name="Ann", organization_name="Doom", organization_unit_name="people")
    der = stdlib_ssl.PEM_cert_to_DER_cert(pem.cert_chain_pems[0].bytes().decode())
    subject = DistinguishedName(subject_of(der).decode())
    house = House()
    assert subject == DistinguishedName(f"cn=Ann,{PEOPLE}") and subject_of(b"\x30\x00") == subject_of(der[:50]) == b""
    talk = house.open()
    talk.transport.certificate, talk.transport.TLS = der, True
    assert "EXTERNAL" in talk.session.mechanisms()
    assert talk.code(Op.bindRequest, BindRequest(3, "", None, ("EXTERNAL", b""))) == 0
    assert DistinguishedName(talk.session.account.name) == subject
    [message] = talk.say(Op.bindRequest, BindRequest(3, "", None, ("EXTERNAL", b"dn:cn=admin,o=Doom")), time_s=1.0)
    assert message.body.code == 49
