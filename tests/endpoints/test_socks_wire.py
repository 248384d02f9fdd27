"""SOCKS as bytes: written, read whole and byte by byte, and what is no SOCKS."""

import random
import time
import tracemalloc

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no reader of its own", allow_module_level=True)

from reactor.endpoints.socks import wire
from reactor.endpoints.socks.wire import Reply, Request, SocksError

HOSTS_5 = ["192.0.2.1", "2001:db8::1", "example.org", "n" * 255]
MESSAGES = [
    *((wire.read_request_4, wire.request_4, Request(4, 1, host, 80, b"me")) for host in ("192.0.2.1", "a.example")),
    (wire.read_request_4, wire.request_4, Request(4, 2, "192.0.2.1", 0, b"u" * 255)),
    (wire.read_request_4, wire.request_4, Request(4, 1, "n" * 255, 65535, b"")),
    (wire.read_reply_4, wire.reply_4, Reply(90, "192.0.2.1", 80)),
    *((wire.read_request_5, wire.request_5, Request(5, 3, host, 80)) for host in HOSTS_5),
    *((wire.read_reply_5, wire.reply_5, Reply(0, host, 80)) for host in HOSTS_5),
    (wire.read_login, lambda pair: wire.login(*pair), (b"n" * 255, b"p")),
]
READERS = [
    *(wire.read_request_4, wire.read_reply_4, wire.read_hello, wire.read_choice, wire.read_login, wire.read_verdict),
    *(wire.read_request_5, wire.read_reply_5),
]


@pytest.mark.parametrize("read, write, message", MESSAGES)
def test_what_was_written_is_read_whole_and_not_before(read, write, message):
    data = write(message)
    assert read(data) == (message, len(data))
    assert read(data + b"rest") == (message, len(data))
    assert [read(data[:size]) for size in range(len(data))] == [None] * len(data)


def test_the_greeting_of_version_5_has_a_list_of_methods():
    assert wire.read_hello(b"\5\2\0\2x") == ({0, 2}, 4)
    assert wire.read_hello(b"\5\2\0") is None
    assert wire.read_choice(b"\5\2") == (2, 2)
    assert wire.read_verdict(b"\1\0") == (True, 2)
    assert wire.read_verdict(b"\1\7") == (False, 2)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_a_datagram_has_its_place_in_front(host):
    data = wire.datagram(host, 53, b"question")
    assert wire.read_datagram(data) == (0, host, 53, b"question")
    assert wire.read_datagram(data[:2] + b"\5" + data[3:]) == (5, host, 53, b"question")
    for size in range(len(data) - 8):
        with pytest.raises(SocksError):
            wire.read_datagram(data[:size])


@pytest.mark.parametrize("last", [1, 255])
def test_4a_is_an_address_that_begins_with_three_zeros_and_ends_with_none(last):
    data = b"\4\1\0\x50\0\0\0" + bytes([last]) + b"me\0name.example\0"
    assert wire.read_request_4(data)[0].host == "name.example"


def test_the_address_0_0_0_0_is_no_4a():
    assert wire.read_request_4(b"\4\1\0\x50\0\0\0\0me\0name.example\0") == (Request(4, 1, "0.0.0.0", 80, b"me"), 11)


@pytest.mark.parametrize("prefix", [b"\4\1\0\x50\1\2\3\4", b"\4\1\0\x50\0\0\0\1me\0"], ids=["user", "name"])
def test_an_unterminated_user_or_name_is_refused_at_256_bytes(prefix):
    assert wire.read_request_4(prefix + b"x" * 255) is None
    with pytest.raises(SocksError, match="more than 255 bytes"):
        wire.read_request_4(prefix + b"x" * 256)


def test_a_name_over_255_bytes_is_never_cut():
    for version, write in ((4, wire.request_4), (5, wire.request_5)):
        with pytest.raises(SocksError, match="1 to 255 bytes and no NUL, and this one has 256"):
            write(Request(version, 1, "n" * 256, 80))


@pytest.mark.parametrize(
    "read, data",
    [
        (wire.read_request_4, b"\4\1\0\x50\0\0\0\1me\0\0"),
        (wire.read_request_4, b"\4\1\0\x50\0\0\0\1me\0\xff\0"),
        (wire.read_reply_4, b"\4\x5a\0\0\0\0\0\0"),
        (wire.read_reply_4, b"\0\7\0\0\0\0\0\0"),
        (wire.read_choice, b"\4\0"),
        (wire.read_login, b"\5\1a\1b"),
        (wire.read_request_5, b"\4\1\0\1\1\2\3\4\0\x50"),
        (wire.read_request_5, b"\5\1\0\2\1\2\3\4\0\x50"),
        (wire.read_request_5, b"\5\1\0\3\0\0\x50"),
        (wire.read_request_5, b"\5\1\0\3\3a\0b\0\x50"),
        (wire.read_request_5, b"\5\1\0\3\3a\nb\0\x50"),
        (wire.read_request_4, b"\4\1\0\x50\0\0\0\1me\0a\x1b[2J\0"),
        (wire.read_request_5, b"\5\1\0\3\3a b\0\x50"),
        (wire.read_reply_5, b"HTTP/1.1 400 Bad Request"),
    ],
)
def test_what_is_no_SOCKS_is_the_one_error(read, data):
    with pytest.raises(SocksError):
        read(data)


@pytest.mark.parametrize("name", ["", "a\0b", "ü" * 64, "a..ü"])
def test_a_name_that_cannot_be_sent_is_an_error(name):
    with pytest.raises(SocksError):
        wire.request_5(Request(5, 1, name, 80))


def test_international_names_are_sent_in_ASCII():
    assert b"xn--mnchen-3ya.example" in wire.request_5(Request(5, 1, "münchen.example", 80))


@pytest.mark.parametrize("name, password", [(b"", b"x"), (b"x", b""), (b"x" * 256, b"x"), (b"x", b"x" * 256)])
def test_a_login_that_does_not_fit_is_an_error(name, password):
    with pytest.raises(SocksError, match="has 1 to 255 bytes"):
        wire.login(name, password)


def test_version_4_has_no_IPv6():
    with pytest.raises(SocksError, match="SOCKS 4 has no IPv6 addresses such as ::1: use version 5"):
        wire.request_4(Request(4, 1, "::1", 80))
    assert wire.reply_4(Reply(90, "::1", 80)) == b"\0\x5a\0\x50\0\0\0\0"


def test_random_bytes_raise_the_one_error_and_take_little_time_and_memory():
    randoms = random.Random(4)
    tracemalloc.start()
    began = time.process_time()
    for _ in range(8_000):
        size = randoms.choice([0, 1, 3, 10, 40, 600])
        data = randoms.choice([b"", b"\4\1", b"\5\1\0\3", b"\5\1\0\4", b"\0\0\0\1", b"\1"]) + randoms.randbytes(size)
        for read in (*READERS, wire.read_datagram):
            try:
                found = read(data)
            except SocksError:
                continue
            assert found is None or read is wire.read_datagram or 0 < found[1] <= len(data)
            assert found is not None or len(data) < 1024
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()
    assert time.process_time() - began < 60


def test_no_reader_waits_for_more_than_a_few_hundred_bytes():
    randoms = random.Random(5)
    for _ in range(2000):
        data = randoms.choice([b"\4\1", b"\5\1\0\3", b"\5\1\0\4", b"\5\xff", b"\1\xff", b"\0\x5a"]) + randoms.randbytes(
            1000
        )
        for read in READERS:
            try:
                assert read(data) is not None
            except SocksError:
                pass
