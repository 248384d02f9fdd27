"""Texts with CRLF, read in pieces: whatever the lines end with, and wherever a piece does."""

import io
from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted reads letters as they are", allow_module_level=True)

from reactor.mail import crlf
from reactor.mail.crlf import CrlfFile, with_crlf
from reactor.mail.maildrop import wire_size

TEXTS = [
    b"",
    b"\n",
    b"\r",
    b"\r\n",
    b"a",
    b"a\n",
    b"a\r",
    b"\r\r\n\n",
    b"a\r\nb\nc\rd",
    b"ab\r\r",
    b"\n\n\r\n",
    b"\r\n\r\n",
]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(crlf, "PIECE", 2)


def read_all(file, size):
    return b"".join(iter(lambda: file.read(size), b""))


@pytest.mark.parametrize("size", [1, 2, 3, 100, -1])
@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_text_in_pieces_is_the_text(text, size):
    file = CrlfFile(io.BytesIO(text))
    assert read_all(file, size) == with_crlf(text) and file.read() == b""
    assert file.seek(0, io.SEEK_END) == len(with_crlf(text)) == wire_size(text)


@pytest.mark.parametrize("seed", range(30))
def test_from_any_place_comes_what_is_there(seed):
    dice = Random(seed)
    text = b"".join(dice.choices([b"a", b"bc", b"\n", b"\r", b"\r\n"], k=dice.randint(0, 30)))
    whole, file = with_crlf(text), CrlfFile(io.BytesIO(text))
    for _ in range(10):
        place = dice.randint(0, len(whole))
        assert file.seek(place) == place
        assert read_all(file, dice.randint(1, 5)) == whole[place:], (text, place)


def test_a_place_behind_the_end_is_the_end():
    assert CrlfFile(io.BytesIO(b"a\n")).seek(10) == 3


def test_a_size_that_is_known_is_not_counted_again():
    class Unread(io.BytesIO):
        def read(self, size=-1):
            raise AssertionError("read")

    assert CrlfFile(Unread(b"abc\n"), 5).seek(0, io.SEEK_END) == 5


def test_a_place_that_was_passed_is_found_without_what_lies_before(monkeypatch):
    text, read = b"line\n" * 1000, []

    class Counting(io.BytesIO):
        def read(self, size=-1):
            read.append(size)
            return super().read(size)

    file = CrlfFile(Counting(text))
    file.read()
    read.clear()
    file.seek(5000)
    assert with_crlf(text)[5000:].startswith(file.read(3)) and len(read) <= 2


def test_reading_nothing_is_nothing():
    file = CrlfFile(io.BytesIO(b"a\n"))
    assert file.read(0) == b"" and file.read() == b"a\r\n"


def test_closing_it_closes_the_file():
    inner = io.BytesIO(b"a")
    with CrlfFile(inner):
        pass
    assert inner.closed
