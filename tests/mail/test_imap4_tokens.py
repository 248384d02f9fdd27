"""Bytes ↔ tokens of IMAP, and sets of message numbers: what is read, what is refused, and how soon."""

import random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's IMAP4 has no tokens", allow_module_level=True)

from reactor.mail.imap4.sequence_sets import IllegalIdentifierError, MessageSet, parseIdList, set_of
from reactor.mail.imap4.tokens import (
    MOST_NESTED,
    Atom,
    ParseError,
    Reader,
    WantsLiteral,
    decode_mailbox,
    encode_mailbox,
    literal_at_end,
    quoted,
    written,
)


def read(line, *more, **options):
    return Reader([line, *more], **options)


@pytest.mark.parametrize(
    "line, value",
    [
        (b'(FLAGS (\\Seen) UID 5 BODY[HEADER.FIELDS (DATE "]")]<0> "a \\"b\\" \\\\")',
         [b"FLAGS", [b"\\Seen"], b"UID", b"5", b'BODY[HEADER.FIELDS (DATE "]")]<0>', b'a "b" \\']),
        (b"((NIL nil)(\"\"))", [[None, None], [b""]]),
        (b"NILS", b"NILS"),
        (b"()", []),
    ],
)  # fmt: skip
def test_a_client_reads_whatever_a_server_sends(line, value):
    reader = read(line)
    assert reader.value() == value
    assert reader.at_end()


def test_literals_are_read_between_lines():
    reader = read(b"({3}", b"a\r\n", b" {0+}", b"", b") x")
    assert reader.listed(reader.astring) == [b"a\r\n", b""]
    assert reader.rest() == b" x"


def test_a_literal_that_belongs_there_is_asked_for_and_one_that_does_not_is_refused_unread():
    with pytest.raises(WantsLiteral) as wanted:
        read(b"{5}").string()
    assert (wanted.value.size, wanted.value.waits) == (5, True)
    with pytest.raises(WantsLiteral) as wanted:
        read(b"{0+}").astring()
    assert (wanted.value.size, wanted.value.waits) == (0, False)
    with pytest.raises(ParseError, match=r"an atom is expected where \{5\} is"):
        read(b"{5}").atom()
    with pytest.raises(ParseError, match="literal of 4294967295 bytes is too long; here it has at most 65536"):
        read(b"{4294967295}").string()
    with pytest.raises(ParseError, match="literal of 11 bytes is too long; here it has at most 10"):
        read(b"{11+}", most=10).astring()


@pytest.mark.parametrize(
    "line, method, message",
    [
        (b'"open', "string", "a closing quote is expected where"),
        (b'"\\n"', "string", "a closing quote"),
        (b"", "astring", "a string is expected where the end is"),
        (b"a b", "end", "the end is expected where a b is"),
        (b"x", "space", "' ' is expected where x is"),
        (b"\xff", "atom", r"an atom is expected where \\xff is"),
        (b"12345678901234567890", "number", "a number is expected"),
        (b"%", "flag", "a flag is expected"),
        (b"(a", "value", "a value is expected where the end is"),
        (b"(" * (MOST_NESTED + 1), "value", "lists are at most 50 deep"),
        (b'"(', "pattern", "a closing quote"),
        (b"(", "pattern", "a mailbox is expected"),
    ],
)
def test_what_is_no_imap_is_named_with_its_place(line, method, message):
    with pytest.raises(ParseError, match=message):
        getattr(read(line), method)()


def test_a_literal_with_a_nul_is_refused():
    with pytest.raises(ParseError, match="NUL"):
        read(b"{1}", b"\0", b"").string()


def test_the_size_of_a_literal_is_read_at_the_end_of_a_line_alone():
    assert literal_at_end(b"a {12}") == (12, True)
    assert literal_at_end(b"a {0+}") == (0, False)
    assert literal_at_end(b"a {12} ") is None
    assert literal_at_end(b"{x}") is None


def test_values_are_written_as_they_are_read():
    value = [b"a b", None, [b'"\\'], [], b"line\r\n", b"\xe9", 7]
    assert written(value) == b'("a b" NIL ("\\"\\\\") () {6}\r\nline\r\n {1}\r\n\xe9 7)'
    assert written((Atom(b"\\Seen"),)) == b"(\\Seen)"
    assert quoted(b"x" * 1001).startswith(b"{1001}\r\n")


@pytest.mark.parametrize(
    "name, wire",
    [("INBOX", b"INBOX"), ("R&D", b"R&-D"), ("Entwürfe", b"Entw&APw-rfe"), ("台北", b"&U,BTFw-"),
     ("a\U0001f600", b"a&2D3eAA-")],
)  # fmt: skip
def test_mailbox_names_are_in_modified_utf7(name, wire):
    assert encode_mailbox(name) == wire
    assert decode_mailbox(wire) == name


@pytest.mark.parametrize("wire", [b"&", b"&A-", b"&AGE-", b"&2D0-", b"\xff", b"&U,A-&U,A-", b"a\r", b"&AAA"])
def test_a_mailbox_has_one_name_and_other_spellings_of_it_are_refused(wire):
    with pytest.raises(ParseError, match="is no mailbox name in modified UTF-7"):
        decode_mailbox(wire)


def test_a_name_with_half_a_surrogate_pair_is_refused():
    with pytest.raises(ParseError, match="can't be the name of a mailbox"):
        encode_mailbox("\ud800")


@pytest.mark.parametrize("seed", range(20))
def test_a_reader_raises_its_own_errors_and_no_other(seed):
    dice = random.Random(seed)
    words = [
        b"(",
        b")",
        b" ",
        b'"',
        b"\\",
        b"{3}",
        b"{3+}",
        b"a",
        b"NIL",
        b"[",
        b"]",
        b"1",
        b"\xff",
        b"*",
        b"%",
        b"<1.2>",
    ]
    for _ in range(300):
        reader = read(b"".join(dice.choices(words, k=dice.randrange(12))), *dice.choice([(), (b"abc", b") x")]))
        for method in dice.choices(["value", "astring", "pattern", "flag", "number", "space", "atom"], k=4):
            try:
                getattr(reader, method)()
            except (ParseError, WantsLiteral):
                break


# --- sets


def test_a_set_is_as_twisteds():
    assert str(MessageSet(1, 5) + MessageSet(3, 9) + 11 + (20, None)) == "1:9,11,20:*"
    assert list(MessageSet([(3, 4), (1, 1)])) == [1, 3, 4]
    assert MessageSet(5, 1) == MessageSet(1, 5) != MessageSet()
    assert len(MessageSet(1, 2**32)) == 2**32
    assert len(MessageSet(None)) == 1
    assert repr(MessageSet(None)) == "<MessageSet *>"
    assert MessageSet().extend(1).extend((2, 3)).extend(MessageSet(9)).ranges == [(1, 3), (9, 9)]
    for use in (list, len, lambda some: 3 in some):
        with pytest.raises(TypeError, match="before `last` is set"):
            use(MessageSet(1, None))
    known = MessageSet(4, None)
    known.last = 2
    known.add(None)
    assert (known.ranges, 3 in known, 5 in known) == ([(2, 4)], True, False)
    with pytest.raises(ValueError, match="last already set"):
        known.last = 3


@pytest.mark.parametrize(
    "text, found",
    [(b"1:*", [2, 5, 9]), (b"*:1", [2, 5, 9]), (b"*", [9]), (b"4294967295:*", [9]), (b"3:6,1", [5]), (b"1", []),
     (b"1:4294967295", [2, 5, 9])],
)  # fmt: skip
def test_a_set_finds_its_numbers_without_counting_through(text, found):
    assert parseIdList(text).among([2, 5, 9]) == found
    assert parseIdList(text).among([]) == []


def test_iteration_skips_to_numbers_in_use():
    some = parseIdList(b"1:4294967295")
    some.getnext = lambda number: next((uid for uid in (7, 1000) if uid > number), 2**40)
    assert list(iter(some)) == [7, 1000]


@pytest.mark.parametrize("text", [b"", b"0", b"1,", b"1:2:3", b"4294967296", b"a", b"-1", b"1:0", b" 1"])
def test_what_is_no_set_is_refused(text):
    with pytest.raises(IllegalIdentifierError, match="is no message number"):
        parseIdList(text)


def test_star_is_known_once_it_is_given():
    assert parseIdList(b"2:*", 7).ranges == [(2, 7)]
    assert set_of([3, 1, 2]).ranges == [(1, 3)]


@pytest.mark.parametrize("seed", range(10))
def test_many_ranges_are_joined_as_a_set_would(seed):
    dice = random.Random(seed)
    ranges = [tuple(sorted(dice.choices(range(1, 60), k=2))) for _ in range(dice.randrange(1, 8))]
    numbers = {number for low, high in ranges for number in range(low, high + 1)}
    some = MessageSet(ranges)
    assert list(some) == sorted(numbers)
    assert all((number in some) == (number in numbers) for number in range(70))
