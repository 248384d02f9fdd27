"""Names on the wire: how they are read, and what a hostile packet can't make a reader do."""

import time

import pytest

from reactor.names.dns.naming import escaped, is_subdomain, labels_of
from reactor.names.dns.wire import Reader, Writer
from reactor.names.error import DNSDecodeError

pytestmark = pytest.mark.own_promise("Twisted has no cursor")
HEADER = bytes(12)


def read(body, at=12, **options):
    reader = Reader(HEADER + body, at)
    return reader.name(**options), reader.at


def pointer(target):
    return bytes([0xC0 | target >> 8, target & 0xFF])


def written(*names, **options):
    writer = Writer({}, 12)
    for name in names:
        writer.name(name, **options)
    return bytes(writer.out)


@pytest.mark.parametrize(
    "name, wire",
    [
        (b"", b"\0"),
        (b"org", b"\3org\0"),
        (b"www.Example.org", b"\3www\7Example\3org\0"),
        (rb"first\.last.example", b"\x0afirst.last\7example\0"),
        (rb"back\\slash", b"\x0aback\\slash\0"),
        (b"\xff\x00", b"\2\xff\x00\0"),
    ],
)
def test_a_name_is_read_as_it_was_written(name, wire):
    assert written(name) == wire
    assert read(wire) == (name, 12 + len(wire))


def test_a_dot_at_the_end_changes_nothing():
    assert written(b"example.org.") == written(b"example.org")
    assert written(b".") == written(b"")


def test_a_repeated_end_is_written_once():
    assert written(b"a.example.org", b"b.example.org", b"example.org", b"a.example.org") == (
        b"\1a\7example\3org\0" + b"\1b\xc0\x0e" + b"\xc0\x0e" + b"\xc0\x0c"
    )


def test_compression_keeps_the_case_of_every_name():
    wire = HEADER + written(b"www.example.org", b"www.EXAMPLE.org")
    reader = Reader(wire, 12)
    assert [reader.name(), reader.name()] == [b"www.example.org", b"www.EXAMPLE.org"]


def test_a_name_beyond_the_reach_of_pointers_is_not_pointed_at():
    writer = Writer({}, 0x4000)
    writer.name(b"example.org")
    writer.name(b"example.org")
    assert bytes(writer.out) == b"\7example\3org\0" * 2


def test_a_name_written_in_full_holds_no_pointer():
    assert written(b"a.b", b"a.b", compressed=False) == b"\1a\1b\0" * 2


def test_reading_goes_on_behind_a_pointer():
    assert read(b"\3org\0\7example\xc0\x0c!", 17) == (b"example.org", 27)


@pytest.mark.parametrize(
    "body, at, says",
    [
        (b"", 12, "does not end"),
        (b"\3or", 12, "a label that it can't have"),
        (b"\3org", 12, "does not end"),
        (b"\xc0", 12, "does not end"),
        (b"\xc0\x0c", 12, "pointers lead backwards"),
        (b"\1a\xc0\x0c", 12, "pointers lead backwards"),
        (b"\xc0\x0e\xc0\x0c", 12, "pointers lead backwards"),
        (b"\xff\xff", 12, "pointers lead backwards"),
        (b"\x40" + b"a" * 64 + b"\0", 12, "a label that it can't have: 64 bytes"),
        (b"\x80a\0", 12, "a label that it can't have: 128 bytes"),
        (b"\3org\0\1a\xc0\x0c", 17, None),
    ],
)
def test_a_bad_name_is_a_DNSDecodeError_that_says_where(body, at, says):
    if says is None:
        with pytest.raises(DNSDecodeError, match="a pointer too many, or where none may be"):
            read(body, at, compressed=False)
        return
    with pytest.raises(DNSDecodeError, match=f"name at {at} .*{says}"):
        read(body, at)


def test_a_name_has_at_most_255_bytes():
    longest = b"\x3f" + b"a" * 63
    assert len(read(longest * 3 + b"\x3d" + b"a" * 61 + b"\0")[0]) == 253
    with pytest.raises(DNSDecodeError):
        read(longest * 3 + b"\x3e" + b"a" * 62 + b"\0")


def test_pointers_cannot_make_a_name_longer_than_255_bytes():
    body = b"\x3f" + b"a" * 63 + b"\0"
    at = 12
    for _ in range(2):
        body += b"\x3f" + b"a" * 63 + b"\xc0" + bytes([at])
        at = 12 + len(body) - 66
    with pytest.raises(DNSDecodeError, match="has 257 bytes, and may have 255"):
        read(body + b"\x3f" + b"a" * 63 + b"\xc0" + bytes([at]), 12 + len(body))


def test_a_name_of_127_labels_is_read_and_one_of_128_is_not():
    assert read(b"\1a" * 127 + b"\0")[0].count(b".") == 126
    with pytest.raises(DNSDecodeError):
        read(b"\1a" * 128 + b"\0")


def test_a_chain_of_pointers_is_followed_127_times_at_most():
    def chain(length):
        body = b"\0" + b"".join(pointer(12 + max(0, 2 * number - 1)) for number in range(length))
        return read(body, 12 + len(body) - 2)

    assert chain(100)[0] == b""
    with pytest.raises(DNSDecodeError, match="a pointer too many"):
        chain(130)


def test_a_message_full_of_names_that_point_at_a_long_chain_costs_little():
    """KeyTrap's kind of work: each of thousands of names would walk 127 labels again."""
    body, last = b"\1a\0", 12
    for _ in range(125):
        body, last = body + b"\1a" + pointer(last), 12 + len(body)
    reader = Reader(HEADER + body + pointer(last) * 30_000, 12 + len(body))
    began = time.process_time()
    for _ in range(30_000):
        assert len(reader.name()) == 2 * 126 - 1
    assert time.process_time() - began < 1.0  # 0.03 s here; without a memory, 5 s


@pytest.mark.parametrize(
    "name, says",
    [
        (b"a..b", "a label has 0 bytes"),
        (b".a", "a label has 0 bytes"),
        (b"a" * 64, "a label has 64 bytes"),
        (b".".join([b"a" * 63] * 4), "more than 255 bytes"),
    ],
)
def test_what_is_no_name_is_not_written(name, says):
    with pytest.raises(ValueError, match=says):
        written(name)


def test_labels_are_split_at_dots_that_are_not_escaped():
    assert labels_of(rb"a\.b.c\\.d.") == [b"a.b", b"c\\", b"d"]
    assert b".".join(map(escaped, labels_of(rb"a\.b.c\\.d"))) == rb"a\.b.c\\.d"
    assert labels_of(rb"a\\.") == [b"a\\"]


@pytest.mark.parametrize(
    "name, ancestor, is_below",
    [
        (b"a.b", b"b", True),
        (b"A.b", b"a.B", True),
        (b"a.b", b"", True),
        (b"ab", b"b", False),
        (b"b", b"a.b", False),
        (b"a.b.", b"b", True),
        (rb"a\.b", b"b", False),
        (rb"a\.b.c", b"b.c", False),
        (rb"a\\.b.c", b"b.c", True),
        (rb"b\.", b"b", False),
    ],
)
def test_which_names_are_below_which(name, ancestor, is_below):
    assert is_subdomain(name, ancestor) is is_below


def test_numbers_without_room_are_refused():
    writer = Writer()
    with pytest.raises(ValueError, match="70000 has no room in 2 bytes"):
        writer.u16(70000)
    with pytest.raises(ValueError):
        writer.u8(256)
    with pytest.raises(ValueError, match="at most 255 bytes, and this one 256"):
        writer.string(bytes(256))


def test_reading_beyond_the_end_says_where_and_how_much():
    with pytest.raises(DNSDecodeError, match="4 bytes should stand at 12, and there are 1"):
        Reader(bytes(13), 12).u32()
