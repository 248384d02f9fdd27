"""The server's side of NNTP: RFC 3977's commands, and articles as they are sent."""

import pytest

from reactor.news.interfaces import Rights
from reactor.testing import check_dialogue
from tests.news.news_doubles import NOW, House, article, stuffed

TWO = [
    article("<1@a.example>", Subject="soup"),
    article("<2@a.example>", body=b".\r\n..x\r\nno dot\r\n", Subject="Re: soup", References="<1@a.example>"),
]


@pytest.fixture
def house():
    return House(TWO)


def dialogue(transcript, articles=TWO, **options):
    """A transcript, each way with a house of its own."""
    houses = []

    def make():
        houses.append(House(articles, **options))
        return houses[-1].session()

    check_dialogue(make, transcript, transport=lambda: houses[-1].transport())


def test_a_reader_enters_a_group_and_reads():
    dialogue(
        """
        S: 200 you may post
        C: MODE READER
        S: 200 you may post
        C: GROUP doom.kitchen
        S: 211 2 1 2 doom.kitchen
        C: STAT
        S: 223 1 <1@a.example>
        C: NEXT
        S: 223 2 <2@a.example>
        C: NEXT
        S: 421 no next article
        C: BODY
        S: 222 2 <2@a.example>
        S: ..
        S: ...x
        S: no dot
        S: .
        C: LAST
        S: 223 1 <1@a.example>
        C: LAST
        S: 422 no previous article
        C: HEAD 2
        S: 221 2 <2@a.example>
        S: Xref: us.example doom.kitchen:2
        S: Path: us.example!a.example!not-for-mail
        S: From: Ann <ann@a.example>
        S: Newsgroups: doom.kitchen
        S: Subject: Re: soup
        S: Date: [..]
        S: Message-ID: <2@a.example>
        S: References: <1@a.example>
        S: .
        C: ARTICLE <1@a.example>
        S: 220 0 <1@a.example>
        S: Xref: us.example doom.kitchen:1
        S: Path: us.example!a.example!not-for-mail
        S: From: Ann <ann@a.example>
        S: Newsgroups: doom.kitchen
        S: Subject: soup
        S: Date: [..]
        S: Message-ID: <1@a.example>
        S:
        S: It is ready.
        S: .
        C: QUIT
        S: 205 goodbye
        S: [closes]
        """
    )


def test_overviews_and_headers():
    dialogue(
        r"""
        S: 200 [..]
        C: OVER
        S: 412 enter a group first
        C: GROUP doom.kitchen
        S: 211 2 1 2 doom.kitchen
        C: OVER 1-
        S: 224 here it is
        S: 1\tsoup\tAnn <ann@a.example>\t[..]\t<1@a.example>\t\t[..]\t1\tXref: us.example doom.kitchen:1
        S: 2\tRe: soup\tAnn [..]\t<2@a.example>\t<1@a.example>\t[..]\t3\tXref: us.example doom.kitchen:2
        S: .
        C: XOVER 3
        S: 423 there are no articles of these numbers here
        C: OVER <2@a.example>
        S: 224 here it is
        S: 0\tRe: soup\t[..]
        S: .
        C: HDR subject 1-2
        S: 225 here it is
        S: 1 soup
        S: 2 Re: soup
        S: .
        C: XHDR Xref 2
        S: 221 here it is
        S: 2 us.example doom.kitchen:2
        S: .
        C: HDR Newsgroups 1
        S: 225 here it is
        S: 1 doom.kitchen
        S: .
        C: HDR :lines
        S: 225 here it is
        S: 1 1
        S: .
        C: HDR Organization <1@a.example>
        S: 225 here it is
        S: 0\x20
        S: .
        C: HDR :feet 1
        S: 503 :feet isn't kept here
        """
    )


def test_lists():
    dialogue(
        r"""
        S: 200 [..]
        C: LIST
        S: 215 these are here
        S: doom.board 0 1 m
        S: doom.cellar 0 1 y
        S: doom.kitchen 2 1 y
        S: doom.mirror 0 1 n
        S: .
        C: LIST NEWSGROUPS doom.*,!*r
        S: 215 these are here
        S: doom.board\tannouncements
        S: doom.kitchen\twhat is cooked
        S: .
        C: list active.times *.board
        S: 215 these are here
        S: doom.board 1700000000 usenet
        S: .
        C: LIST OVERVIEW.FMT
        S: 215 this is it
        S: Subject:
        S: From:
        S: Date:
        S: Message-ID:
        S: References:
        S: :bytes
        S: :lines
        S: Xref:full
        S: .
        C: LIST HEADERS
        S: 215 this is it
        S: :
        S: :bytes
        S: :lines
        S: .
        C: LIST MOTD
        S: 501 there is LIST ACTIVE, NEWSGROUPS, ACTIVE.TIMES, OVERVIEW.FMT, HEADERS
        C: LISTGROUP
        S: 412 enter a group first
        C: LISTGROUP doom.kitchen
        S: 211 2 1 2 doom.kitchen
        S: 1
        S: 2
        S: .
        C: LISTGROUP doom.kitchen 2-9
        S: 211 2 1 2 doom.kitchen
        S: 2
        S: .
        C: GROUP doom.cellar
        S: 211 0 1 0 doom.cellar
        C: STAT
        S: 420 there is no current article
        C: GROUP doom.attic
        S: 411 there is no such group here
        """
    )


def test_what_is_new():
    dialogue(
        """
        S: 200 [..]
        C: NEWGROUPS 20231114 000000 GMT
        S: 231 these are here
        S: doom.board 0 1 m
        S: doom.cellar 0 1 y
        S: doom.kitchen 2 1 y
        S: doom.mirror 0 1 n
        S: .
        C: NEWGROUPS 231115 000000
        S: 231 these are here
        S: .
        C: NEWNEWS doom.*,!*.cellar 20231114 221320
        S: 230 these are new
        S: <1@a.example>
        S: <2@a.example>
        S: .
        C: NEWNEWS doom.cellar 20231114 221320
        S: 230 these are new
        S: .
        C: NEWNEWS * 20231114 221321
        S: 230 these are new
        S: .
        C: NEWNEWS * 20231332 000000
        S: 501 a time is yyyymmdd hhmmss, in UTC, or with GMT behind it
        """
    )


def test_capabilities_are_those_of_whoever_asks():
    dialogue(
        """
        S: 201 you may read
        C: CAPABILITIES
        S: 101 these are here
        S: VERSION 2
        S: IMPLEMENTATION reactor.news
        S: READER
        S: HDR
        S: OVER MSGID
        S: NEWNEWS
        S: LIST ACTIVE NEWSGROUPS ACTIVE.TIMES OVERVIEW.FMT HEADERS
        S: AUTHINFO USER SASL
        S: SASL CRAM-MD5 PLAIN LOGIN
        S: .
        C: AUTHINFO USER feeder
        S: 381 and the password?
        C: AUTHINFO PASS secret
        S: 281 welcome
        C: CAPABILITIES
        S: 101 these are here
        S: VERSION 2
        S: IMPLEMENTATION reactor.news
        S: READER
        S: HDR
        S: OVER MSGID
        S: NEWNEWS
        S: LIST ACTIVE NEWSGROUPS ACTIVE.TIMES OVERVIEW.FMT HEADERS
        S: POST
        S: IHAVE
        S: STREAMING
        S: .
        C: HELP
        S: 100 these are here
        S: CAPABILITIES
        S: HELP
        S: DATE
        S: QUIT
        S: STARTTLS
        S: ARTICLE
        S: HEAD
        S: BODY
        S: STAT
        S: OVER
        S: XOVER
        S: NEXT
        S: LAST
        S: HDR
        S: XHDR
        S: LIST
        S: LISTGROUP
        S: IHAVE
        S: CHECK
        S: TAKETHIS
        S: MODE
        S: AUTHINFO
        S: GROUP
        S: NEWGROUPS
        S: NEWNEWS
        S: POST
        S: .
        """,
        anonymous=Rights(post=False),
    )


def test_a_post_gets_what_it_lacks_and_is_there_when_the_server_says_so(house):
    talk = house.open()
    assert talk.say(b"POST") == b"340 send it\r\n"
    text = (
        b"From: bob@b.example\r\nNewsgroups: doom.cellar, doom.kitchen, alt.elsewhere\r\nSubject: wine\r\n\r\n.red\r\n"
    )
    assert talk.send(stuffed(text)) == b"240 it is here\r\n"
    talk.say(b"GROUP doom.cellar")
    found = talk.say(b"ARTICLE 1").split(b"\r\n")
    assert found[1] == b"Xref: us.example doom.cellar:1 doom.kitchen:3"
    assert found[2].startswith(b"Message-ID: <") and found[2].endswith(b"@us.example>")
    assert found[3] == b"Date: Tue, 14 Nov 2023 22:13:20 -0000"
    assert found[4] == b"Path: us.example!.POSTED!not-for-mail"
    assert found[-4:] == [b"", b"..red", b".", b""]
    assert talk.say(b"GROUP doom.kitchen") == b"211 3 1 3 doom.kitchen\r\n"


def test_a_crosspost_is_stored_once(house):
    house.store.takeRequest(article("<9@a.example>", "doom.cellar,doom.kitchen"), "<9@a.example>")
    assert house.store._db.rows("SELECT count(*) FROM articles") == [(3,)]
    assert house.open(b"GROUP doom.cellar").say(b"STAT 1") == b"223 1 <9@a.example>\r\n"
    assert house.open(b"GROUP doom.kitchen").say(b"STAT 3") == b"223 3 <9@a.example>\r\n"


def test_IHAVE_takes_what_is_not_here_and_nothing_twice(house):
    talk, one = house.open(), article("<9@b.example>", "doom.cellar")
    assert talk.codes(b"IHAVE <1@a.example>") == [435]
    assert talk.codes(b"IHAVE <9@b.example>") == [335]
    assert talk.send(stuffed(one)) == b"235 it is here\r\n"
    assert talk.codes(b"IHAVE <9@b.example>", b"IHAVE <no id>") == [435, 501]


def test_articles_are_streamed(house):
    talk, one = house.open(), article("<9@b.example>", "doom.cellar")
    assert talk.say(b"MODE STREAM", b"CHECK <9@b.example>", b"CHECK <1@a.example>") == (
        b"203 streaming is fine\r\n238 <9@b.example>\r\n438 <1@a.example>\r\n"
    )
    again = b"TAKETHIS <9@b.example>\r\n" + stuffed(one)
    unknown = b"TAKETHIS <8@b.example>\r\n" + stuffed(article("<8@b.example>", "alt.elsewhere"))
    said = talk.send(again + again + unknown + b"CHECK <8@b.example>\r\nDATE\r\n").split(b"\r\n")
    assert said[:4] == [
        b"239 <9@b.example> it is here",
        b"439 <9@b.example> this article is here, or was",
        b"439 <8@b.example> none of its groups is here: alt.elsewhere",
        b"438 <8@b.example>",
    ]
    assert said[4].startswith(b"111 20")


def test_rights_are_asked_for_before_anything_is_done():
    talk = House(TWO, anonymous=Rights(False, False)).open()
    assert talk.codes(b"GROUP doom.kitchen", b"POST", b"IHAVE <9@a.example>", b"CHECK <9@a.example>") == [480] * 4
    assert House(TWO, anonymous=Rights(post=False), has_portal=False).open().codes(b"POST", b"CHECK <1@a>") == [
        440,
        502,
    ]
    late = House(TWO, anonymous=Rights(False, False)).open(b"AUTHINFO USER ann", b"AUTHINFO PASS secret")
    assert late.codes(b"GROUP doom.kitchen", b"POST") == [211, 340]
    assert late.codes(b".") == [441]
    assert late.codes(b"IHAVE <9@a.example>") == [502]


def test_a_moderated_group_is_asked_of_its_moderator(house):
    sent = []
    text = article("<9@a.example>", "doom.kitchen,doom.board", path=None)
    talk = house.open(b"POST")
    assert talk.send(stuffed(text)).startswith(b"441 doom.board is moderated")
    house.store.sendToModerator = lambda group, message: sent.append((group.moderator, message))
    talk.say(b"POST")
    assert talk.send(stuffed(text)).startswith(b"240")
    assert sent[0][0] == "boss@a.example" and b"Path:" not in sent[0][1]
    assert talk.codes(b"STAT <9@a.example>") == [430]
    talk.say(b"POST")
    assert talk.send(stuffed(b"Approved: boss@a.example\r\n" + text)).startswith(b"240")
    assert talk.say(b"GROUP doom.board") == b"211 1 1 1 doom.board\r\n"


def test_the_time_is_told(house, monkeypatch):
    monkeypatch.setattr("time.time", lambda: NOW)
    assert house.open().say(b"DATE") == b"111 20231114221320\r\n"
