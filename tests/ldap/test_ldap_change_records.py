"""Changes in LDIF: read as ldapmodify reads them, written as it reads them, and refused with the line that is wrong."""

import pytest

from reactor.ldap import Change, ldif
from reactor.ldap.messages import Control, Entry, Message, ModDNRequest, ModifyRequest, Op, Result

CHANGES = [
    Message(3, Op.addRequest, Entry("cn=Di,o=Doom", (("objectClass", (b"person",)), ("sn", (b"D", b" \xc3\xa9"))))),
    Message(9, Op.delRequest, "cn=Bob,o=Doom", (Control("1.2.3", True, b"\0x"), Control("1.2.4", False))),
    Message(
        14,
        Op.modifyRequest,
        ModifyRequest(
            "cn=Ann,o=Doom",
            (
                (Change.add, ("mail", (b"a@x", b"b@x"))),
                (Change.delete, ("title", ())),
                (Change.replace, ("sn", (b"-",))),
                (Change.increment, ("uidNumber", (b"5",))),
            ),
        ),
    ),
    Message(28, Op.modDNRequest, ModDNRequest("cn=Ann,o=Doom", "cn=Anna", True, "ou=people,o=Doom")),
    Message(34, Op.modDNRequest, ModDNRequest("cn=Cy,o=Doom", "cn=C", False)),
]
TEXT = """version: 1

dn: cn=Di,o=Doom
changetype: add
objectClass: person
sn: D
sn:: IMOp

# a comment
dn: cn=Bob,o=Doom
control: 1.2.3 true:: AHg=
control: 1.2.4 false
changetype: delete

dn: cn=Ann,o=Doom
changetype: modify
add: mail
mail: a@x
mail: b@x
-
delete: title
-
replace: sn
sn: -
-
increment: uidNumber
uidNumber: 5
-

dn: cn=Ann,o=Doom
changetype: modrdn
newrdn: cn=Anna
deleteoldrdn: 1
newsuperior: ou=people,o=Doom

dn: cn=Cy,o=Doom
changetype: moddn
newrdn: cn=C
deleteoldrdn: 0
"""


def without_lines(changes):
    return [change._replace(id=0) for change in changes]


def test_changes_are_read():
    found = [*ldif.read_changes(TEXT)]
    assert without_lines(found) == without_lines(CHANGES)
    assert [TEXT.split("\n")[change.id - 1].partition(": ")[0] for change in found] == ["dn"] * 5


def test_changes_that_are_written_are_read_again():
    assert without_lines(ldif.read_changes("".join(ldif.write_changes(CHANGES)))) == without_lines(CHANGES)


def test_an_entry_is_a_change_that_adds_it_and_the_last_hyphen_may_be_missing():
    [added] = ldif.read_changes("dn: o=Doom\nobjectClass: organization\n")
    assert added == (1, Op.addRequest, Entry("o=Doom", (("objectClass", (b"organization",)),)), ())
    [changed] = ldif.read_changes("dn: o=Doom\nchangetype: modify\ndelete: o")
    assert changed.body.changes == ((Change.delete, ("o", ())),)
    [nothing] = ldif.read_changes("dn: o=Doom\nchangetype: modify\n")
    assert nothing.body.changes == ()


@pytest.mark.parametrize(
    "text, problem",
    [
        ("dn: o=x\nchangetype: burn\n", "line 1: this is no change of the kind b'burn'"),
        ("dn: o=x\nchangetype: delete\no: x\n", "line 1: this is no change of the kind b'delete'"),
        ("dn: o=x\nchangetype: add\n", "line 1: this is no change of the kind b'add'"),
        ("dn: o=x\nchangetype: modrdn\nnewrdn: o=y\n", "line 1: this is no change of the kind b'modrdn'"),
        ("dn: o=x\nchangetype: modrdn\nnewrdn: o=y\ndeleteoldrdn: 2\n", "line 1"),
        ("dn: o=x\nchangetype: modify\nburn: o\n-\n", "line 3: a modification begins with one of add, delete,"),
        ("dn: o=x\nchangetype: modify\nadd: o\np: 1\n-\n", "line 4: a value of 'o' or - belongs here"),
        ("dn: o=x\nchangetype: modify\n-\n", "line 3: a modification begins"),
        ("dn: o=x\nchangetype: add\no: x\n-\n", "line 4: - has no place in an entry"),
        ("dn: o=x\no: x\nchangetype: add\n", "line 3: changetype has no place in an entry"),
        ("dn: o=x\ncontrol: burn\nchangetype: delete\n", "line 2: a control is an OID"),
        ("dn: o=x\ncontrol: 1.2 true:: ?\nchangetype: delete\n", "line 2: '\\?' isn't base64"),
        ("dn:: /w==\nchangetype: delete\n", "line 1: b'.xff' is no text"),
        ("o: x\nchangetype: delete\n", "line 1: an entry begins with dn:"),
    ],
)
def test_changes_that_cant_be_read_are_told_with_their_line(text, problem):
    with pytest.raises(ValueError, match=problem):
        [*ldif.read_changes(text)]


def test_what_changes_nothing_isnt_written():
    with pytest.raises(ValueError, match="bindResponse is no change of an entry"):
        [*ldif.write_changes([Message(1, Op.bindResponse, Result())])]


def test_a_text_of_entries_has_no_changes():
    with pytest.raises(ValueError, match="line 3: an entry begins with dn: and has attributes, no changes"):
        [*ldif.read(TEXT)]
