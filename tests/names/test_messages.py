"""Messages as ours reads and writes them, where Twisted is more lax or has nothing."""

import pickle
import struct

import pytest

from reactor.names import dns
from reactor.names.dns.wire import DNSDecodeError  # Twisted has no such module, so it isn't asked

NEWER = [
    dns.Record_DS(1, 8, 2, b"digest"),
    dns.Record_CDS(1, 8, 2, b"digest"),
    dns.Record_DNSKEY(257, 3, 8, b"key"),
    dns.Record_CDNSKEY(257, 3, 8, b"key"),
    dns.Record_RRSIG(dns.A, 8, 2, 300, 2000000000, 1900000000, 7, "example.org", b"signature"),
    dns.Record_NSEC("b.example.org", [dns.A, dns.MX, dns.CAA, 65280]),
    dns.Record_NSEC3(1, 1, 5, b"salt", b"hash of the next", [dns.A, dns.RRSIG]),
    dns.Record_NSEC3PARAM(1, 0, 5, b"salt"),
    dns.Record_TLSA(3, 1, 1, b"hash"),
    dns.Record_CAA(0, b"issue", b"ca.example"),
    dns.Record_SVCB(1, "svc.example", {1: b"\2h2", 3: b"\x01\xbb"}),
    dns.Record_HTTPS(0, "other.example"),
    dns.Record_TSIG("hmac-sha256", 1900000000, 300, b"mac", 7, 0, b""),
]


def through_the_wire(record, kind=None):
    message = dns.Message(1, maxSize=0)
    kind = kind or record.TYPE
    message.answers.append(dns.RRHeader("example.org", kind, payload=record))
    got = dns.Message()
    got.fromStr(message.toStr())
    return got.answers[0].payload


@pytest.mark.parametrize("record", NEWER, ids=lambda record: record.fancybasename)
def test_a_newer_record_comes_out_of_a_message_as_it_went_in(record):
    record.ttl = 0
    assert through_the_wire(record) == record
    assert pickle.loads(pickle.dumps(record)) == record


def test_every_type_that_has_a_name_has_a_class_or_stands_only_in_messages():
    without = {name for name in dns.QUERY_TYPES.values() if not hasattr(dns, f"Record_{name}")}
    assert without == {"OPT", "TKEY"}


def test_an_unknown_type_passes_through_untouched():
    assert through_the_wire(dns.UnknownRecord(b"\0\1\2"), 65280) == dns.UnknownRecord(b"\0\1\2", ttl=0)


def test_an_argument_too_many_or_unknown_is_refused():
    with pytest.raises(TypeError, match="Record_MX has no 'prefrence'"):
        dns.Record_MX(prefrence=10)
    with pytest.raises(TypeError):
        dns.Record_A("1.2.3.4", 5, 6)


def packet(body, questions=0, answers=0, additional=0, flags=0x8000):
    return struct.pack("!6H", 1, flags, questions, answers, 0, additional) + body


def record(kind, data, name=b"\0", ttl=0, size=None):
    return name + struct.pack("!HHIH", kind, 1, ttl, len(data) if size is None else size) + data


def read(data):
    message = dns.Message()
    message.fromStr(data)
    return message


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "12 bytes should stand at 0"),
        (bytes(11), "12 bytes should stand at 0"),
        (packet(b"", questions=1), "does not end"),
        (packet(b"\0\0\1", questions=1), "should stand at 15"),
        (packet(b"", answers=65535), "does not end"),
        (packet(record(dns.A, b"\1\2\3\4"), answers=2), "does not end"),
        (packet(record(dns.A, b"\1\2\3"), answers=1), "4 bytes should stand at 23, and there are 3"),
        (packet(record(dns.A, b"\1\2\3\4\5"), answers=1), "A at 27: 1 bytes are left over"),
        (packet(record(dns.A, b"\1\2\3\4", size=9), answers=1), "should hold 9 bytes, and the message ends"),
        (packet(record(dns.TXT, b"\5abc"), answers=1), "5 bytes should stand"),
        (packet(record(dns.A6, b"\x81" + bytes(16)), answers=1), "a prefix of 129 bits"),
        (packet(record(dns.NSEC, b"\0\0\0"), answers=1), "a window 0 of 0 bytes"),
        (packet(record(dns.NSEC, b"\0\1\1\x80\0\1\x80"), answers=1), "a window 0 of 1 bytes after window 1"),
        (
            packet(record(dns.HTTPS, b"\0\1\0\0\3\0\0\0\1\0\0"), answers=1),
            "parameter 1 of a service stands after 3",
        ),
    ],
)
def test_counts_and_lengths_that_lie_are_a_DNSDecodeError(data, says):
    with pytest.raises(DNSDecodeError, match=says):
        read(data)


def test_a_message_that_was_cut_in_the_middle_of_a_record_is_read_as_far_as_it_goes():
    whole = packet(record(dns.A, b"\1\2\3\4") + record(dns.A, b"\5\6\7\x08"), answers=2, flags=0x8200)
    got = read(whole[:-2])
    assert got.trunc and [answer.payload.dottedQuad() for answer in got.answers] == ["1.2.3.4"]


def test_compression_is_refused_in_the_data_of_newer_types():
    pointing = b"\0\1\xc0\x0c"
    with pytest.raises(DNSDecodeError, match="a pointer too many, or where none may be"):
        read(packet(record(dns.SVCB, pointing, name=b"\1a\0"), answers=1))
    old = packet(record(dns.MX, pointing, name=b"\1a\0"), answers=1)
    assert read(old).answers[0].payload.name == dns.Name("a")


def test_a_name_does_not_reach_beyond_the_data_of_its_record():
    with pytest.raises(DNSDecodeError):
        read(packet(record(dns.NS, b"\3abc", size=2) + b"\0", answers=1))


def test_a_ttl_with_the_top_bit_counts_as_zero():
    assert read(packet(record(dns.A, b"\1\2\3\4", ttl=0x80000000), answers=1)).answers[0].ttl == 0
    assert read(packet(record(dns.A, b"\1\2\3\4", ttl=0x7FFFFFFF), answers=1)).answers[0].ttl == 0x7FFFFFFF


def long_message(**sections):
    message = dns.Message(1, answer=1)
    message.addQuery("example.org", dns.A)
    for section, count in sections.items():
        made = [dns.RRHeader(f"n{number}.example.org", payload=dns.Record_A()) for number in range(count)]
        setattr(message, section, made)
    return message


def test_a_message_too_long_loses_whole_records_and_says_so():
    message = long_message(answers=60)
    data = message.toStr()
    got = read(data)
    assert len(data) <= 512 and got.trunc and message.trunc
    kept = len(got.answers)
    assert 0 < kept < 60 and [one.name for one in got.answers] == [one.name for one in message.answers[:kept]]


def test_what_is_merely_additional_goes_without_a_word():
    got = read(long_message(answers=5, additional=60).toStr())
    assert not got.trunc and len(got.answers) == 5 and 0 < len(got.additional) < 60


def test_a_truncated_message_keeps_what_it_says_by_EDNS():
    message = long_message(answers=60)
    message.additional.append(dns.OPTHeader(1232, dnssecOK=True).toRRHeader())
    got = read(message.toStr())
    assert got.trunc and got.edns().dnssecOK


def test_no_record_points_to_a_name_that_was_taken_back():
    """The second owner is dropped for lack of room; the third one has its ending, and must not point there."""
    message = dns.Message(1, maxSize=60)
    message.answers.append(dns.RRHeader("a.example", payload=dns.Record_A()))
    message.additional.append(dns.RRHeader("x.very-long-name-that-has-no-room.test", payload=dns.Record_A()))
    assert len(read(message.toStr()).additional) == 0


def test_EDNS_options_and_flags_survive():
    said = dns.OPTHeader(4096, 1, 0, True, [(10, b"cookie__"), (65001, b"")])
    message = dns.Message(1)
    message.additional.append(said.toRRHeader())
    assert read(message.toStr()).edns() == said
    assert dns.Message(1).edns() is None


def test_two_OPT_records_are_one_too_many():
    message = dns.Message(1)
    message.additional = [dns.OPTHeader().toRRHeader()] * 2
    with pytest.raises(DNSDecodeError, match="2 OPT records, and there may be one"):
        read(message.toStr()).edns()


def test_an_EDNS_option_longer_than_its_record_is_refused():
    message = dns.Message(1)
    message.additional.append(dns.RRHeader(b"", dns.OPT, 512, 0, dns.UnknownRecord(b"\0\x0a\0\x09short")))
    with pytest.raises(DNSDecodeError, match="9 bytes should stand at 4"):
        read(message.toStr()).edns()


def test_a_record_with_too_much_data_is_refused():
    message = dns.Message(1, maxSize=0)
    message.answers.append(dns.RRHeader("a", 65280, payload=dns.UnknownRecord(bytes(65536))))
    with pytest.raises(ValueError, match="has 65536 bytes of data, and may have 65535"):
        message.toStr()
