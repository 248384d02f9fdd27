"""What a peer may send over a WebSocket, and what that may cost. Time and memory are measured by what is kept."""

import random
import tracemalloc
import zlib

import pytest
from wsproto import events
from wsproto.extensions import PerMessageDeflate

from tests.support.websocket_doubles import opened

MASK = b"\0\0\0\0"
MB = 1024 * 1024


def limited(most, **options):
    browser = opened(**options)
    browser.protocol.transport.maxMessageBytes = most
    return browser


def header(first, size):
    length = (
        bytes([0x80 | size])
        if size < 126
        else b"\xfe" + size.to_bytes(2)
        if size < 65536
        else b"\xff" + size.to_bytes(8)
    )
    return bytes([first]) + length + MASK


def frame(first, payload=b""):
    return header(first, len(payload)) + payload


def deflated(data):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def is_dismissed(browser):
    """Whether the peer was told that its message is too long."""
    heard = browser.heard()
    if not heard:
        return False
    assert (heard[-1].code, heard[-1].reason) == (
        1009,
        f"a message has {browser.protocol.transport.maxMessageBytes} bytes at most",
    )
    assert browser.talk.is_closing and browser.protocol.transport.closeCode == 1009
    return True


def peak(action):
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_message_that_is_too_long_ends_it_before_it_is_whole():
    browser = limited(1000)
    browser.send(events.BytesMessage(b"x" * 600, message_finished=False))
    assert not browser.talk.is_closing
    browser.send(events.BytesMessage(b"x" * 600, message_finished=False))
    assert is_dismissed(browser)


@pytest.mark.parametrize("slowly", [False, True], ids=["whole", "byte by byte"])
@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "with compression"])
@pytest.mark.parametrize("first", [0x81, 0x82, 0x01], ids=["text", "bytes", "the first of several"])
def test_a_frame_is_refused_at_its_header(first, compressed, slowly):
    browser = limited(MB, extensions=[PerMessageDeflate()] if compressed else [])
    send = browser.talk.send_slowly if slowly else browser.talk.send
    send(header(first, MB + 1))
    assert is_dismissed(browser)


@pytest.mark.parametrize("slowly", [False, True], ids=["whole", "byte by byte"])
def test_a_message_may_be_as_long_as_the_limit(slowly):
    browser = limited(1000)
    send = browser.talk.send_slowly if slowly else browser.talk.send
    send(frame(0x82, b"x" * 1000) + frame(0x81, "ü".encode() * 500))
    send(frame(0x02, b"x" * 500) + frame(0x89, b"ping" * 30) + frame(0x80, b"y" * 500))
    assert browser.protocol.heard[1:] == [b"x" * 1000, "ü" * 500, b"x" * 500 + b"y" * 500]


def test_a_text_is_as_long_as_its_bytes():
    browser = limited(1000)
    browser.talk.send(frame(0x81, "ü".encode() * 501))
    assert is_dismissed(browser)
    packed = limited(1000, extensions=[PerMessageDeflate()])
    packed.talk.send(frame(0xC1, deflated("ü".encode() * 501)))
    assert is_dismissed(packed)


@pytest.mark.parametrize("first", [0x01, 0x02, 0x41, 0x42])
def test_empty_frames_do_not_come_for_ever(first):
    browser = limited(64_000, extensions=[PerMessageDeflate()])
    browser.talk.send(frame(first) + frame(0x00) * 1999)
    assert not browser.talk.is_closing
    browser.talk.send(frame(0x00))
    assert is_dismissed(browser)


def test_a_thousand_frames_may_come_whatever_the_limit():
    browser = limited(1000)
    browser.talk.send(frame(0x02, b"x") + frame(0x00, b"x") * 998 + frame(0x80, b"x"))
    assert browser.protocol.heard[-1] == b"x" * 1000


def test_short_fragments_are_joined_wherever_they_are_cut():
    browser = opened()
    text, data = "ü€ x" * 50, b"\0\xff" * 50
    for first, payload in ((0x01, text.encode()), (0x02, data)):
        browser.talk.send(frame(first) + b"".join(frame(0x00, payload[at : at + 1]) for at in range(len(payload))))
        browser.talk.send(frame(0x80))
    assert browser.protocol.heard[1:] == [text, data]


def test_a_kilobyte_that_becomes_megabytes_is_stopped_on_the_way():
    bomb = deflated(b"\0" * 64 * MB)
    browser = limited(MB, extensions=[PerMessageDeflate()])
    assert peak(lambda: browser.talk.send(frame(0xC2, bomb))) < 8 * MB
    assert is_dismissed(browser)


def test_what_inflates_to_nothing_does_not_come_for_ever():
    browser = limited(1000, extensions=[PerMessageDeflate()])
    browser.talk.send(frame(0x42))
    browser.talk.send(frame(0x00, b"\0\0\0\xff\xff" * 24) * 12)
    assert is_dismissed(browser)


def test_what_can_not_be_compressed_may_be_as_long_as_the_limit():
    noise = random.Random(1).randbytes(100_000)
    browser = limited(len(noise), extensions=[PerMessageDeflate()])
    assert len(deflated(noise)) > len(noise)
    browser.talk.send(frame(0xC2, deflated(noise)))
    assert browser.protocol.heard[-1] == noise


def test_a_peer_that_was_dismissed_sends_on_and_nothing_grows():
    browser = limited(1000)
    browser.talk.send(header(0x82, 1001))
    assert is_dismissed(browser)
    piece = b"x" * 65536

    def more():
        for _ in range(100):
            browser.talk.send(piece)

    assert peak(more) < MB
    assert browser.heard() == []


def test_what_comes_after_the_answer_to_our_goodbye_is_not_looked_at(logged_errors):
    browser = opened()
    browser.protocol.transport.loseConnection()
    browser.send(*[event.response() for event in browser.heard()])
    browser.talk.send(b"junk")
    assert logged_errors.flush() == []


def test_a_ping_between_the_frames_of_a_compressed_message_is_no_end_of_it():
    browser = opened(extensions=[PerMessageDeflate()])
    packed = deflated(b"hello, and hello again")
    browser.talk.send(frame(0x41, packed[:5]) + frame(0x89, b"ping") + frame(0x80, packed[5:]))
    assert browser.protocol.heard[1:] == ["hello, and hello again"]
    assert browser.heard() == [events.Pong(b"ping")]
