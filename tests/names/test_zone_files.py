"""Zone files, read by dnspython: what we take from it, and what is refused."""

import pytest

from reactor.names import dns
from reactor.names.authority import BindAuthority, FileAuthority, PySourceAuthority
from tests.names.zone_files import EXAMPLE, authority
from tests.support.outcomes import result_of

pytestmark = pytest.mark.own_promise("dnspython reads more, and $INCLUDE never")


def test_the_name_of_the_file_is_the_name_of_the_zone_unless_one_is_given(tmp_path):
    path = tmp_path / "example.org"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert BindAuthority(path).zone.origin == b"example.org"
    assert authority(tmp_path, origin="example.net").zone.origin == b"example.net"


def test_all_of_a_zone_files_syntax_is_read(tmp_path):
    text = EXAMPLE + 'p (\n IN 30 TXT "a;b" ; a comment\n "c" )\n$ORIGIN x.example.org.\n@ IN CAA 0 issue "ca.test"\n'
    text += "b\\.c IN A 192.0.2.8\nodd IN TYPE65280 \\# 3 010203\n"
    zone = authority(tmp_path, text).zone
    assert zone.answer(b"p.example.org", dns.TXT).answers[0].payload == dns.Record_TXT(b"a;b", b"c", ttl=30)
    assert zone.answer(b"x.example.org", dns.CAA).answers[0].payload.value == b"ca.test"
    assert zone.answer(rb"b\.c.x.example.org", dns.A).answers
    assert zone.answer(b"odd.x.example.org", 65280).answers[0].payload.data == b"\1\2\3"


def test_INCLUDE_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is no zone file"):
        authority(tmp_path, EXAMPLE + "$INCLUDE /etc/passwd\n")


def test_an_error_says_file_and_line(tmp_path):
    with pytest.raises(ValueError, match=r"example\.org\.zone is no zone file: .*zone:5: "):
        authority(tmp_path, "$TTL 300\n@ IN SOA a b 1 2 3 4 5\n@ IN NS a\n@ IN A nonsense\n")


def test_a_file_that_is_not_there_is_an_OSError(tmp_path):
    with pytest.raises(FileNotFoundError):
        BindAuthority(tmp_path / "nothing")


def test_a_program_whose_zone_has_no_start_is_refused(tmp_path):
    path = tmp_path / "zone.py"
    path.write_text('zone = [A("a.b", "192.0.2.1")]\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"zone\.py: the zone has no SOA record"):
        PySourceAuthority(path)


def test_a_new_zone_is_served_from_now_on_and_its_changes_are_noted(tmp_path):
    served = authority(tmp_path)
    later = authority(tmp_path, EXAMPLE.replace("192.0.2.3", "192.0.2.33").replace("root 7", "root 8"))
    editions = FileAuthority.editions
    served.zone = later.zone
    assert FileAuthority.editions > editions
    (address,) = result_of(served.lookupAddress("web.example.org"))[0]
    assert address.payload.dottedQuad() == "192.0.2.33"
    changed = served.journal.since(7)
    assert [(one.type, one.payload.serial) for one in changed if one.type == dns.SOA] == [(dns.SOA, 7), (dns.SOA, 8)]
    assert [one.payload.dottedQuad() for one in changed if one.type == dns.A] == ["192.0.2.3", "192.0.2.33"]
