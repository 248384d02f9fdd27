"""The parts of a message: found by byte range, said as BODYSTRUCTURE, fetched by section. And what SEARCH finds."""

import email
import random
import time

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's IMAP4 takes messages apart otherwise", allow_module_level=True)

from reactor.mail.crlf import with_crlf
from reactor.mail.imap4.server import fetch
from reactor.mail.imap4.server.structure import MOST_DEEP, MOST_PARTS, Part, addresses
from reactor.mail.maildrop import wire_size
from tests.mail.imap4_doubles import House

INNER = b"From: Carl <carl@c.example>\r\nSubject: inner\r\n\r\nthe inner text\r\n"
LETTER = b"\r\n".join(
    [
        b'From: "Ann, the first" <ann@a.example>',
        b"To: team: bob@b.example, carl@c.example;",
        b"Cc: undisclosed:;",
        b"Subject: parts",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="out er"',
        b"",
        b"preamble",
        b"--out er",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Transfer-Encoding: quoted-printable",
        b"",
        b"gr=C3=BCn und =",
        b"blau",
        b"--out er",
        b"Content-Type: message/rfc822",
        b"Content-Description: a letter",
        b"",
        INNER.rstrip(b"\r\n"),
        b"--out er",
        b"Content-Type: multipart/alternative; boundary=inner",
        b"",
        b"--inner",
        b"Content-Type: text/html; charset=iso-8859-1",
        b"Content-Transfer-Encoding: base64",
        b"Content-Disposition: inline; filename=\"a b.html\"",
        b"Content-Language: de, en",
        b"Content-ID: <1@x>",
        b"",
        b"PGI+Z3L8bjwvYj4=",
        b"--inner--",
        b"--out er--",
        b"epilogue",
        b"",
    ]
)  # fmt: skip


@pytest.fixture
def talk():
    return House(letters=[LETTER, b"Subject: plain\r\n\r\nbody\r\n"]).selected()


def fetched(talk, what, number=1):
    """The literal, or the rest of the line, that FETCH gives for one attribute."""
    said = b"\r\n".join(talk.ask(b"FETCH %d (%b)" % (number, what))[0])
    head = b"* %d FETCH (" % number
    assert said.startswith(head), said
    return said[len(head) : -1]


def test_BODYSTRUCTURE_says_all_parts_and_BODY_without_the_extensions(talk):
    text = b'("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 21 1'
    carl = b'(("Carl" NIL "carl" "c.example"))'
    envelope = b'(NIL "inner" ' + b" ".join([carl] * 3) + b" NIL NIL NIL NIL NIL)"
    inner = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 14 0'
    html = b'("text" "html" ("charset" "iso-8859-1") "<1@x>" NIL "base64" 16 0'
    more = b' NIL ("inline" ("filename" "a b.html")) ("de" "en") NIL)'
    none = b" NIL NIL NIL NIL)"
    message = b'("message" "rfc822" NIL NIL "a letter" "7bit" %d ' % (len(INNER) - 2) + envelope + b" "
    outer = b' "mixed" ("boundary" "out er") NIL NIL NIL)'
    whole = b"(" + text + none + message + inner + none + b" 3" + none
    whole += b"(" + html + more + b' "alternative" ("boundary" "inner") NIL NIL NIL)' + outer
    assert fetched(talk, b"BODYSTRUCTURE") == b"BODYSTRUCTURE " + whole
    short = b"(" + text + b")" + message + inner + b") 3)" + b"(" + html + b') "alternative") "mixed")'
    assert fetched(talk, b"BODY") == b"BODY " + short


@pytest.mark.parametrize(
    "section, text",
    [
        (b"", LETTER),
        (b"HEADER", LETTER.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"),
        (b"TEXT", LETTER.partition(b"\r\n\r\n")[2]),
        (b"1", b"gr=C3=BCn und =\r\nblau"),
        (b"1.MIME", b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"),
        (b"2", INNER[:-2]),
        (b"2.1", b"the inner text"),
        (b"2.HEADER", b"From: Carl <carl@c.example>\r\nSubject: inner\r\n\r\n"),
        (b"2.TEXT", b"the inner text"),
        (b"2.HEADER.FIELDS (SUBJECT)", b"Subject: inner\r\n\r\n"),
        (b"3.1", b"PGI+Z3L8bjwvYj4="),
        (b"HEADER.FIELDS (subject Cc)", b"Cc: undisclosed:;\r\nSubject: parts\r\n\r\n"),
        (b"HEADER.FIELDS.NOT (from to cc content-type)", b"Subject: parts\r\nMIME-Version: 1.0\r\n\r\n"),
        (b"HEADER.FIELDS (X-None)", b"\r\n"),
    ],
)  # fmt: skip
def test_a_section_is_sent_byte_by_byte_as_it_came(talk, section, text):
    assert fetched(talk, b"BODY.PEEK[" + section + b"]") == b"BODY[%b] {%d}\r\n%b" % (section, len(text), text)


@pytest.mark.parametrize("section", [b"4", b"1.1", b"2.2", b"1.HEADER", b"3.1.1", b"2.1.1"])
def test_a_part_that_is_not_there_is_NIL(talk, section):
    assert fetched(talk, b"BODY.PEEK[" + section + b"]") == b"BODY[" + section + b"] NIL"


def test_the_body_of_a_message_without_parts_is_its_part_1(talk):
    assert fetched(talk, b"BODY.PEEK[1]", 2) == b"BODY[1] {6}\r\nbody\r\n"


def test_a_piece_of_a_section_begins_where_it_is_asked_and_may_be_empty(talk):
    assert fetched(talk, b"BODY.PEEK[TEXT]<1.3>", 2) == b"BODY[TEXT]<1> {3}\r\nody"
    assert fetched(talk, b"BODY.PEEK[TEXT]<4.100>", 2) == b"BODY[TEXT]<4> {2}\r\n\r\n"
    assert fetched(talk, b"BODY.PEEK[TEXT]<99.1>", 2) == b"BODY[TEXT]<99> {0}\r\n"


def test_ENVELOPE_has_groups_and_who_is_sender_unless_it_says_so(talk):
    ann = b'(("Ann, the first" NIL "ann" "a.example"))'
    team = b'((NIL NIL "team" NIL)(NIL NIL "bob" "b.example")(NIL NIL "carl" "c.example")(NIL NIL NIL NIL))'
    nobody = b'((NIL NIL "undisclosed" NIL)(NIL NIL NIL NIL))'
    said = b'ENVELOPE (NIL "parts" ' + b" ".join([ann, ann, ann, team, nobody]) + b" NIL NIL NIL)"
    assert fetched(talk, b"ENVELOPE") == said


@pytest.mark.parametrize(
    "asked",
    [b"BODY[MIME]", b"BODY[0]", b"BODY[1.]", b"BODY[1HEADER]", b"BODY[X]", b"BODY[", b"BODY[HEADER.FIELDS]",
     b"BODY[]<1>", b"()", b"NONSENSE", b"(UID", b"BODY[HEADER.FIELDS ()", b"UID UID", b"BODY[]<1.99999999999>"],
)  # fmt: skip
def test_what_is_no_attribute_of_FETCH_is_BAD(talk, asked):
    assert talk.ask(b"FETCH 1 " + asked)[1].startswith(b"BAD ")


def test_macros_stand_for_attributes(talk):
    said = fetched(talk, b"FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY", 2)
    assert talk.ask(b"FETCH 2 full")[0][0] == b"* 2 FETCH (" + said + b")"
    assert talk.ask(b"FETCH 2 ALL")[0][0] == b"* 2 FETCH (" + said.partition(b" BODY ")[0] + b")"
    assert talk.ask(b"FETCH 2 fast")[0][0] == b"* 2 FETCH (" + said.partition(b" ENVELOPE")[0] + b")"


# --- messages that are made to be slow, or to crash


def nested(depth):
    kinds = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return kinds + b"\r\ntext"


def deepest(part):
    return 1 + max(map(deepest, part.parts), default=0)


def test_parts_are_no_deeper_than_the_bound():
    assert deepest(Part(nested(MOST_DEEP + 100))) == MOST_DEEP + 1
    wrapped = Part(b"Content-Type: message/rfc822\r\n\r\n" * 300 + b"x")
    wrapped.structure(True)
    count = 0
    while wrapped.message is not None:
        wrapped, count = wrapped.message, count + 1
    assert count == MOST_DEEP


def test_there_are_no_more_parts_than_the_bound():
    part = Part(
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * (MOST_PARTS + 500) + b"--b--"
    )
    assert len(part.parts) == MOST_PARTS


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"a@b.example, " * 500_000 + b"\r\n\r\n",
        b"To: a@b.example\r\n" * 500_000 + b"\r\n",
        b"X" * 5_000_000,
        b"Subject: " + b"=?utf-8?q?x?= " * 300_000 + b"\r\n\r\n",
        b"Content-Type: text/plain" + b'; a="' * 500_000 + b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=" + b"b" * 500_000 + b"\r\n\r\n",
        b"X: a\r\n " * 500_000 + b"\r\n\r\n",
        nested(20_000),
        b"From: \x1c" + b"\x1c" * 500_000 + b"\r\nTo: \x1c" + b"\x1c" * 500_000 + b"\r\n\r\n",
        b"From: " + b"(" * 500_000 + b"\r\n\r\n",
    ],
    ids=[
        "addresses",
        "fields",
        "no_end",
        "encoded_words",
        "parameters",
        "boundary",
        "folded",
        "nested",
        "separators",
        "comments",
    ],
)
def test_a_bomb_in_a_header_costs_less_than_a_second(raw):
    before = time.process_time()
    part = Part(raw)
    assert part.envelope and part.structure(True)
    assert time.process_time() - before < 1


def test_a_letter_with_comments_in_comments_is_no_obstacle_to_those_behind_it():
    house = House([b"From: " + b"(" * 10_000 + b"\r\n\r\n", b"From: Ann <a@b.example>\r\n\r\n"])
    lines, end = house.selected().ask(b"FETCH 1:* ENVELOPE")
    assert end == b"OK FETCH is done" and [b'"Ann"' in line for line in lines] == [False, True]


@pytest.mark.parametrize("charset", [b"punycode", b"idna", b"unicode_escape"])
def test_a_charset_that_is_slow_or_no_charset_is_none(charset):
    letter = b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + b"a" * 400_000 + b"-" + b"b" * 400_000
    before = time.process_time()
    assert House([letter]).selected().ask(b"SEARCH BODY aaa-bbb")[0] == [b"* SEARCH 1"]
    assert time.process_time() - before < 1


def test_a_letter_is_decoded_once_however_many_keys_look_into_it(monkeypatch):
    decoded = []
    monkeypatch.setattr(fetch, "texts", lambda part: decoded.append(part) or iter(["Some Text"]))
    keys = b" ".join([b"BODY some", b"NOT TEXT other"] * 100)
    assert House([b"Subject: x\r\n\r\ny"]).selected().ask(b"SEARCH " + keys)[0] == [b"* SEARCH 1"]
    assert len(decoded) == 1


def test_a_thousand_names_of_headers_cost_no_more_than_one():
    raw = b"a:\r\n" * 60_000 + b"\r\n"
    before = time.process_time()
    assert Part(raw).some_fields([b"b%d" % number for number in range(8000)], False) == b"\r\n"
    assert time.process_time() - before < 1


def test_a_multipart_without_parts_is_text():
    for raw in (b"Content-Type: multipart/mixed\r\n\r\nx", b"Content-Type: multipart/mixed; boundary=y\r\n\r\nx"):
        assert Part(raw).structure(False).startswith(b'("text" "plain"')


def test_addresses_that_are_none_are_NIL():
    assert addresses(b"") is None and addresses(b"   ") is None


@pytest.mark.parametrize("text", [b"", b"a", b"a\n", b"a\r\n", b"a\rb", b"a\n\r\nb\r", b"\r\n", b"\r\r\n\n"])
def test_a_text_on_the_wire_has_the_size_that_is_said(text):
    found = with_crlf(text)
    assert len(found) == wire_size(text)
    assert found.endswith(b"\r\n") and b"\n" not in found.replace(b"\r\n", b"")


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_those_that_the_email_package_finds(seed):
    dice = random.Random(seed)

    def make(deep):
        kind = dice.choice(["leaf", "leaf", "multi"]) if deep < 4 else "leaf"
        if kind == "leaf":
            return b"Content-Type: text/plain\r\n\r\n" + dice.choice([b"", b"x", b"two\r\nlines", b"--\r\n--b"])
        boundary = b"b%d" % dice.randrange(10**9)
        inside = [make(deep + 1) for _ in range(dice.randrange(1, 4))]
        head = b'Content-Type: multipart/mixed; boundary="%b"\r\n\r\n' % boundary
        return head + b"".join(b"--%b\r\n%b\r\n" % (boundary, one) for one in inside) + b"--%b--\r\n" % boundary

    raw = make(0)

    def ours(part):
        return [ours(one) for one in part.parts] or part.content()

    def theirs(message):
        return (
            [theirs(one) for one in message.get_payload()] if message.is_multipart() else message.get_payload().encode()
        )

    assert ours(Part(raw)) == theirs(email.message_from_bytes(raw))


@pytest.mark.parametrize("seed", range(20))
def test_any_bytes_have_a_structure(seed):
    dice = random.Random(seed)
    words = [
        b"\r\n",
        b"\r\n\r\n",
        b"--b",
        b"--b--",
        b"Content-Type: multipart/mixed; boundary=b",
        b"message/rfc822",
        b"x",
    ]
    words += [
        b"Content-Type: message/rfc822",
        b"From: <a@b>, \xff",
        b"To: (",
        b'"',
        b"=?utf-8?b?x?=",
        b":",
        b";",
        b"\0",
    ]
    for _ in range(200):
        part = Part(b"".join(dice.choices(words, k=dice.randrange(30))))
        assert part.structure(True) and part.structure(False) and part.envelope
        part.find([dice.randrange(1, 4) for _ in range(dice.randrange(1, 4))])


# --- SEARCH


SEARCHED = [
    b"From: Ann <ann@a.example>\r\nTo: x@y\r\nSubject: one\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nfirst\r\n",
    LETTER,
    b"Subject: =?utf-8?q?GR=C3=9CN?=\r\nBcc: hidden@z\r\nX-Long: a\r\n folded\r\n\r\n" + b"z" * 5000,
]


@pytest.mark.parametrize(
    "keys, found",
    [
        (b"ALL", b"1 2 3"),
        (b"1,3", b"1 3"),
        (b"*", b"3"),
        (b"UID 2:9", b"2 3"),
        (b"FROM ann", b"1 2"),
        (b"TO carl", b"2"),
        (b"CC undisclosed", b"2"),
        (b"BCC HIDDEN", b"3"),
        ("SUBJECT {5+}\r\ngrün".encode(), b"3"),
        (b'HEADER X-Long "a folded"', b"3"),
        (b'HEADER Date ""', b"1"),
        (b'BODY "inner text"', b"2"),
        ("BODY {17+}\r\ngrün und blau".encode().replace(b"{17+}", b"{14+}"), b"2"),
        ("CHARSET UTF-8 TEXT {7+}\r\n>grün<".encode(), b"2"),
        (b'TEXT "subject: one"', b"1"),
        (b"LARGER 4000", b"3"),
        (b"SMALLER 200", b"1"),
        (b"SENTON 2-Nov-2026", b"1"),
        (b'SENTSINCE "1-Nov-2026"', b"1"),
        (b"SENTBEFORE 1-Nov-2026", b"2 3"),
        (b"SINCE 1-Jan-2020 BEFORE 1-Jan-2100", b"1 2 3"),
        (b"ON 1-Jan-1980", b""),
        (b"NOT 1 NOT (OR 2 SUBJECT nothing)", b"3"),
        (b"OR FROM ann SUBJECT nothing", b"1 2"),
        (b"KEYWORD work", b"2"),
        (b"UNKEYWORD work UNSEEN", b"3"),
        (b"SEEN", b"1"),
        (b"NEW", b"2 3"),
        (b"OLD", b""),
        (b"RECENT UNANSWERED UNDELETED UNDRAFT UNFLAGGED", b"1 2 3"),
        (b"ANSWERED", b""),
    ],
)  # fmt: skip
def test_SEARCH_finds(keys, found):
    talk = House(letters=SEARCHED).selected()
    talk.ask(b"STORE 1 FLAGS \\Seen")
    talk.ask(b"STORE 2 FLAGS work")
    assert talk.ask(b"SEARCH " + keys) == ([b"* SEARCH" + (b" " + found if found else b"")], b"OK SEARCH is done")


def test_ESEARCH_returns_what_is_asked_for(talk):
    assert talk.ask(b"UID SEARCH RETURN (MIN MAX COUNT ALL) ALL")[0] == [
        b'* ESEARCH (TAG "x") UID MIN 1 MAX 2 COUNT 2 ALL 1:2'
    ]
    assert talk.ask(b"search return () 1")[0] == [b'* ESEARCH (TAG "x") ALL 1']
    assert talk.ask(b"SEARCH RETURN (COUNT MIN) FROM nobody")[0] == [b'* ESEARCH (TAG "x") COUNT 0']


@pytest.mark.parametrize(
    "keys, message",
    [
        (b"", b"BAD"),
        (b"NONSENSE", b"BAD NONSENSE is no key of SEARCH"),
        (b"ON 31-Feb-2026", b"BAD there is no day 31-Feb-2026"),
        (b"ON yesterday", b"BAD a date such as 1-Feb-2003 is expected"),
        (b"CHARSET KOI8-R ALL", b"NO [BADCHARSET (US-ASCII UTF-8)] a search is in US-ASCII or UTF-8"),
        (b"RETURN (SOME) ALL", b"BAD SEARCH returns MIN, MAX, ALL and COUNT, not SOME"),
        (b"(" * 60 + b"ALL" + b")" * 60, b"BAD lists are at most 50 deep"),
        (b"NOT " * 60 + b"ALL", b"BAD a search is at most 50 deep"),
        (b" ".join([b"ALL"] * 501), b"BAD a search has at most 500 keys"),
    ],
)  # fmt: skip
def test_what_is_no_search_is_refused(talk, keys, message):
    assert talk.ask(b"SEARCH " + keys)[1].startswith(message)
