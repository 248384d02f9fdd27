"""xtext (RFC 3461 section 4): what goes into a parameter of MAIL or RCPT, and comes out again."""

import pytest

from reactor.mail.smtp import xtext_codec, xtext_decode, xtext_encode
from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted leaves more bytes as they are", allow_module_level=True)


def test_what_is_not_printable_and_the_two_marks_are_in_hexadecimal():
    assert xtext_encode("a+b=c d\xff") == (b"a+2Bb+3Dc+20d+FF", 8)


def test_every_character_of_latin_1_comes_back():
    text = "".join(map(chr, range(256)))
    data, count = xtext_encode(text)
    assert count == 256 and data.isascii() and xtext_decode(data) == (text, len(data))


@pytest.mark.parametrize("data", [b"+", b"+2", b"+2b", b"a=b", b"a b", b"\xff"])
def test_what_is_never_made_is_refused(data):
    with pytest.raises(ValueError, match="is no xtext"):
        xtext_decode(data)


def test_the_codec_has_one_name():
    assert xtext_codec("xtext").encode("=") == (b"+3D", 1) and xtext_codec("utf-8") is None
