"""What NNTP's peers do to each other, by mistake or on purpose: each trap by its name."""

import time

import pytest

from reactor.defer import Deferred
from reactor.news.interfaces import Refused
from reactor.news.nntp import NNTPServer
from reactor.news.wire import NNTPError, is_message_id, read_date, read_range, wildmat
from tests.news.news_doubles import DATE, ELSEWHERE, House, article, stuffed


@pytest.fixture
def house():
    return House([article("<1@a.example>")])


def test_what_a_hasty_client_pipelines_after_MODE_READER_is_answered(house):
    assert house.open().codes(b"MODE READER", b"GROUP doom.kitchen", b"STAT 1", b"QUIT") == [200, 211, 223, 205]


@pytest.mark.parametrize("at", range(-3, 4))
def test_a_dot_at_the_edge_of_a_piece_is_doubled(at, monkeypatch, house):
    from reactor.protocols.basic import conversation

    monkeypatch.setattr(conversation, "PIECE", 64)
    body = b"x" * (62 + at) + b"\r\n." + b"y" * 40 + b"\r\n"
    house.store.takeRequest(article("<2@a.example>", body=body), "<2@a.example>")
    heard = house.open().say(b"BODY <2@a.example>")
    assert heard == b"222 0 <2@a.example>\r\n" + body.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def test_a_post_that_has_a_line_with_a_dot_comes_back_as_it_was(house):
    body = b".\r\n..\r\n.x\r\n\r\n. \r\n"
    talk = house.open(b"POST")
    talk.send(stuffed(article("<2@a.example>", body=body, path=None)))
    assert house.store.articleRequest("", 0, "<2@a.example>").endswith(b"\r\n\r\n" + body)


def test_tabs_and_ends_of_lines_in_headers_make_no_field_of_the_overview(house):
    odd = article("<2@a.example>", Subject="one\tfield\r\n\tfolded\r\n  twice")
    house.store.takeRequest(odd, "<2@a.example>")
    (_, overview) = next(house.store.xoverRequest("doom.kitchen", 2, 2))
    assert overview.split(b"\t")[0] == b"one field folded  twice" and overview.count(b"\t") == 7
    talk = house.open(b"GROUP doom.kitchen")
    assert talk.say(b"HDR Subject 2") == b"225 here it is\r\n2 one field folded  twice\r\n.\r\n"


@pytest.mark.parametrize("bare", [b"x\ry\r\n", b"x\ny\r\n"])
def test_an_article_with_a_bare_CR_or_LF_is_refused_by_every_way_in(house, bare):
    text = stuffed(article("<2@a.example>", body=bare, path=None))
    assert house.open(b"POST").send(text).startswith(b"441 ")
    text = stuffed(article("<2@a.example>", body=bare))
    assert house.open(b"IHAVE <2@a.example>").send(text).startswith(b"437 ")
    assert house.open().send(b"TAKETHIS <2@a.example>\r\n" + text).startswith(b"439 ")
    assert not house.store.articleExistsRequest("<2@a.example>")


def test_water_marks_never_fall_and_an_empty_group_has_its_low_above_its_high(house):
    for number in (2, 3):
        house.clock.advance(100)
        house.store.takeRequest(article(f"<{number}@a.example>"), f"<{number}@a.example>")
    marks = []
    for oldest in (50, 150, 1000):
        house.store.expire(house.store.now() - house.clock.seconds() + oldest)
        group = house.store.groupRequest("doom.kitchen")
        marks.append((group.size, group.low, group.high))
    assert marks == [(2, 2, 3), (1, 3, 3), (0, 4, 3)]


def test_numbers_are_never_used_again_not_even_by_the_next_start(tmp_path):
    first = House([article("<1@a.example>"), article("<2@a.example>")], path=tmp_path / "news")
    first.store.expire(first.store.now() + 1)
    first.store.close()
    again = House(path=tmp_path / "news")
    again.store.takeRequest(article("<3@a.example>"), "<3@a.example>")
    assert [*again.store.listGroupRequest("doom.kitchen", 1, 99)] == [3]
    again.store.close()


def test_what_has_expired_does_not_come_again(house):
    gone = []
    house.store.expire(house.store.now() + 1).addCallback(gone.append)
    house.clock.advance(0)
    assert gone == [1]
    assert house.open().codes(b"IHAVE <1@a.example>", b"CHECK <1@a.example>", b"STAT <1@a.example>") == [435, 438, 430]
    with pytest.raises(Refused, match="is here, or was"):
        house.store.takeRequest(article("<1@a.example>"), "<1@a.example>")


def test_a_history_forgets_when_a_date_is_too_old_by_itself(house):
    house.store.expire(house.store.now() + 1)
    house.clock.advance(29 * 86400)
    house.store.expire(0)
    assert not house.store.articleExistsRequest("<1@a.example>")
    with pytest.raises(Refused, match="too long ago"):
        house.store.takeRequest(article("<1@a.example>"), "<1@a.example>")


def test_of_one_id_that_two_bring_at_once_one_is_taken(house):
    talks, text = [house.open(b"IHAVE <2@a.example>") for _ in range(3)], stuffed(article("<2@a.example>"))
    assert [talk.send(text)[:3] for talk in talks] == [b"235", b"437", b"437"]
    assert [*house.store.listGroupRequest("doom.kitchen", 1, 99)] == [1, 2]


@pytest.mark.parametrize(
    "id", ["<a b@c>", "<" + "x" * 250 + "@c>", "<>", "<@>", "a@b", "<a@b>x", "<a@b\x7f>", "<é@b>", "<a>b@c>"]
)
def test_an_id_that_is_none_is_refused_and_never_stored(house, id):
    assert not is_message_id(id)
    text = stuffed(article(id))
    assert house.open(b"POST").send(stuffed(article(id, path=None))).startswith(b"441 ")
    assert house.open().say(b"CHECK " + id.encode())[:3] in (b"438", b"501")
    taken = house.open().send(b"TAKETHIS " + id.encode() + b"\r\n" + text + b"DATE\r\n").split(b"\r\n")
    assert taken[0][:3] in (b"439", b"501") and taken[1][:3] == b"111"
    assert house.open().say(b"ARTICLE " + id.encode())[:3] in (b"501", b"412")


def test_an_id_of_500_bytes_is_refused_with_the_article_behind_it(house):
    for size in (500, 5000):
        id = b"<" + b"x" * size + b"@c>"
        said = (
            house.open().send(b"TAKETHIS " + id + b"\r\n" + stuffed(b"QUIT\r\nPOST\r\n") + b"DATE\r\n").split(b"\r\n")
        )
        assert said[0][:3] == b"501" and said[1][:3] == b"111" and said[2:] == [b""]


def test_an_article_that_no_right_allows_is_not_taken_for_commands():
    talk = House(anonymous=None).open()
    assert (
        talk.send(b"TAKETHIS <2@a.example>\r\n" + stuffed(b"QUIT\r\n") + b"DATE\r\n").split(b"\r\n")[0]
        == b"480 log in first"
    )
    assert not talk.transport.disconnecting


def test_a_line_of_more_than_a_response_has_ends_the_session(house):
    talk = house.open()
    assert talk.send(b"x" * 20_000).startswith(b"501 ") and talk.transport.disconnecting


@pytest.mark.parametrize("header", [{"Control": "cancel <1@a.example>"}, {"Subject": "cmsg cancel <1@a.example>"}])
def test_control_messages_are_not_obeyed_and_not_taken_from_authors(house, header):
    said = house.open(b"POST").send(stuffed(article("<2@a.example>", path=None, **header)))
    assert said.startswith(b"441 control messages")
    assert house.open().codes(b"STAT <1@a.example>") == [223]


def test_control_messages_of_other_servers_are_kept_apart_and_not_obeyed(house):
    cancel = article("<2@a.example>", Control="cancel <1@a.example>")
    with pytest.raises(Refused, match="none of its groups is here: control"):
        house.store.takeRequest(cancel, "<2@a.example>")
    house.store.addGroup("control")
    rmgroup = article("<3@a.example>", Control="rmgroup doom.kitchen")
    house.store.takeRequest(rmgroup, "<3@a.example>")
    assert house.open().codes(b"GROUP control", b"STAT 1", b"GROUP doom.kitchen", b"STAT <1@a.example>") == [
        211,
        223,
        211,
        223,
    ]


def test_NEWNEWS_of_everything_is_no_way_to_keep_a_server_busy(monkeypatch):
    monkeypatch.setattr(NNTPServer, "mostNewNews", 2)
    ids = [f"<{number}@a.example>" for number in range(1, 5)]
    talk = House([article(id) for id in ids]).open()
    assert talk.codes(b"NEWNEWS * 20000101 000000") == [503]
    assert talk.say(b"NEWNEWS * 20231115 000000") == b"230 these are new\r\n.\r\n"


def test_fifty_stars_match_in_no_time():
    pattern = "*a" * 50 + "b"
    start = time.process_time()
    assert not wildmat(pattern)("a" * 2000)
    assert not wildmat("*" * 50 + "b")("a" * 2000)
    assert wildmat("*" * 50)("a" * 2000)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "pattern, yes, no",
    [
        ("*", ["", "a.b"], []),
        ("a.*", ["a.", "a.b.c"], ["a", "ba.c"]),
        ("*,!*.b,a.b", ["x", "a.b"], ["c.b"]),
        ("a?c", ["abc", "aéc"], ["ac", "abbc"]),
        ("*a*a", ["aa", "xaya"], ["a", "aab"]),
        ("ab*ab", ["abab", "abxab"], ["ab", "aba"]),
        ("a[b]", ["a[b]"], ["ab"]),
        ("!a", [], ["a", "b"]),
        ("", [""], ["a"]),
    ],
)
def test_wildmat_says_what_RFC_3977_says(pattern, yes, no):
    fits = wildmat(pattern)
    assert all(map(fits, yes)) and not any(map(fits, no))


def test_ranges_and_times_are_read_or_refused_as_one():
    assert [read_range(text) for text in ("7", "7-", "7-9")] == [(7, 7), (7, 2**31 - 1), (7, 9)]
    assert read_date("700101", "000001") == 1.0 and read_date("20380120", "000000") == 2147558400.0
    for text in ("", "-", "-7", "x", "1-x", "١"):
        with pytest.raises(NNTPError, match="501"):
            read_range(text)
    for words in (("2003", "000000"), ("20030326", "10"), ("20030326", "100000", "EST"), ("20031301", "000000")):
        with pytest.raises(NNTPError, match="501 a time is"):
            read_date(*words)


@pytest.mark.parametrize(
    "headers, problem",
    [
        ({"From": None}, "From is missing"),
        ({"Subject": " "}, "Subject is missing"),
        ({"Newsgroups": "doom,kitchen;*"}, "are no names of groups"),
        ({"Newsgroups": "alt.elsewhere"}, "none of its groups is here: alt.elsewhere"),
        ({"Newsgroups": "doom.mirror"}, "doom.mirror takes no posts here"),
        ({"Date": "yesterday"}, "'yesterday' is no date"),
        ({"Date": "Mon, 1 Jan 2001 00:00:00 +0000"}, "is too long ago, or in the future"),
        ({"Date": "Thu, 1 Jan 2032 00:00:00 +0000"}, "is too long ago, or in the future"),
        ({"Injection-Info": "elsewhere"}, "it was posted somewhere else already"),
        ({"Path": "elsewhere!.POSTED!x"}, "it was posted somewhere else already"),
        ({"From": "ann\r\nfrom: bob"}, "from comes twice"),
        ({"X": "y\r\nno header"}, "unlike 'no header'"),
        ({"X:": "y\0"}, "no NUL in it"),
    ],
)
def test_an_author_is_told_what_is_wrong_with_a_post(house, headers, problem):
    text = article("<2@a.example>", **{"path": None, **headers})
    assert problem in house.open(b"POST").send(stuffed(text)).decode()
    assert [*house.store.listGroupRequest("doom.kitchen", 1, 99)] == [1]


@pytest.mark.parametrize(
    "id, headers, problem",
    [
        ("<3@a.example>", {}, "its Message-ID is '<2@a.example>', and not '<3@a.example>'"),
        ("<2@a.example>", {"Path": "b!us.example!x"}, "it has come through us.example before"),
        ("<2@a.example>", {"Newsgroups": "doom.board"}, "nobody has approved it"),
        ("<2@a.example>", {"Path": "b!x\r\nDate: 7 Nov 2023 00:00:00 +0000"}, "Date comes twice"),
    ],
)
def test_another_server_is_told_what_is_wrong_with_an_article(house, id, headers, problem):
    talk = house.open()
    said = talk.send(b"TAKETHIS " + id.encode() + b"\r\n" + stuffed(article("<2@a.example>", **headers))).decode()
    assert said.startswith("439 ") and problem in said


def test_an_article_longer_than_the_server_takes_is_read_to_its_end_and_refused(house, monkeypatch):
    monkeypatch.setattr(NNTPServer, "mostBytes", 1000)
    long = stuffed(article("<2@a.example>", body=b"x" * 70 + b"\r\n" * 3000, path=None))
    said = house.open(b"POST").send(long + b"DATE\r\n").split(b"\r\n")
    assert said[0].startswith(b"441 an article has at most 1000 bytes") and said[1].startswith(b"111")


def test_headers_have_a_bound_as_readers_get_them_by_the_thousand(house):
    said = house.open(b"POST").send(stuffed(article("<2@a.example>", Subject="x" * 70_000, path=None)))
    assert said == b"441 headers have at most 65536 bytes together, and not 70128\r\n"
    assert house.open(b"POST").send(stuffed(article("<2@a.example>", Subject="x" * 64_000, path=None)))[:3] == b"240"


def test_a_long_date_makes_no_long_reply(house):
    date = DATE.replace("2023", "2001") + " (" + "x" * 1000 + ")"
    said = house.open(b"POST").send(stuffed(article("<2@a.example>", Date=date, path=None)))
    assert said.startswith(b"441 its Date") and len(said) < 200


@pytest.mark.parametrize("command", [b" TAKETHIS <2@a.example>", b"\ttakethis <2@a.example>"])
def test_blanks_before_TAKETHIS_hide_no_article_behind_it(house, command):
    said = house.open().send(command + b"\r\n" + stuffed(article("<2@a.example>")) + b"DATE\r\n").split(b"\r\n")
    assert [line[:3] for line in said] == [b"239", b"111", b""]


def test_no_text_follows_a_word_that_only_begins_like_TAKETHIS(house):
    assert house.open().codes(b"TAKETHISTOO <2@a.example>", b"DATE") == [500, 111]


def test_a_pattern_of_NEWNEWS_is_tried_once_for_each_group():
    house = House([article(f"<{number}@a.example>") for number in range(1, 9)])
    tried = []
    fits = lambda name: tried.append(name) or True  # noqa: E731
    assert len(house.store.newNewsRequest(fits, 0.0, 100)) == 8 and tried == ["doom.kitchen"]


def test_five_errors_in_a_row_end_the_session(house):
    talk = house.open()
    talk.say(*[b"FROBNICATE"] * 4, b"DATE", *[b"HDR"] * 4)
    assert not talk.transport.disconnecting
    talk.say(b"")
    assert talk.transport.disconnecting


def test_a_disk_that_is_full_is_not_now_and_no_loss(house, logged_errors):
    def full(*_):
        raise OSError("no space left")

    house.store._keep = full
    text = stuffed(article("<2@a.example>"))
    assert house.open(b"POST").send(stuffed(article("<2@a.example>", path=None))).startswith(b"441 not now")
    assert house.open(b"IHAVE <2@a.example>").send(text).startswith(b"436 not now")
    talk = house.open()
    assert talk.send(b"TAKETHIS <2@a.example>\r\n" + text).startswith(b"400 ") and talk.transport.disconnecting
    assert len(logged_errors.flush(OSError)) == 3


def test_a_store_that_another_program_has_locked_says_not_now(tmp_path, logged_errors):
    import sqlite3

    house = House(path=tmp_path / "news")
    house.store._db.rows("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(tmp_path / "news", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    text = stuffed(article("<2@a.example>"))
    assert house.open(b"IHAVE <2@a.example>").send(text).startswith(b"436 ")
    other.execute("ROLLBACK")
    assert house.open(b"IHAVE <2@a.example>").send(text).startswith(b"235 ")
    assert len(logged_errors.flush(OSError)) == 1
    other.close()
    house.store.close()


def test_a_command_waits_for_the_store_and_those_behind_it_wait_too(house):
    waiting = Deferred()
    house.store.groupRequest = lambda name: waiting
    talk = house.open()
    assert talk.say(b"GROUP doom.kitchen", b"DATE") == b""
    assert talk.transport.producerState == "paused"
    waiting.callback(house.store.listRequest()[2])
    assert [line[:3] for line in talk.hear().split(b"\r\n")] == [b"211", b"111", b""]


def test_time_that_is_up_ends_the_session(house):
    talk = house.open()
    house.clock.advance(NNTPServer.timeOut + 1)
    assert talk.transport.disconnected
    talk.hang_up()
    assert not house.clock.getDelayedCalls()


def test_an_article_that_is_cut_off_is_no_article(house):
    for command in (b"POST", b"IHAVE <2@a.example>", b"TAKETHIS <2@a.example>"):
        talk = house.open(command)
        talk.send(stuffed(article("<2@a.example>"))[:-1])
        talk.hang_up()
    assert not house.store.articleExistsRequest("<2@a.example>") and not house.clock.getDelayedCalls()


def test_a_password_is_not_taken_where_others_could_listen():
    house = House(peer=ELSEWHERE, contextFactory=object())
    talk = house.open(b"AUTHINFO USER ann")
    assert talk.codes(b"AUTHINFO USER ann", b"AUTHINFO PASS secret", b"AUTHINFO SASL PLAIN =") == [483, 483, 481]
    assert b"STARTTLS" in talk.say(b"CAPABILITIES")
    talk = house.open(b"GROUP doom.kitchen")
    assert talk.say(b"STARTTLS", b"GROUP doom.cellar") == b"382 begin\r\n"
    assert talk.codes(b"STAT") == [412]
    assert talk.codes(b"STARTTLS", b"AUTHINFO USER ann", b"AUTHINFO PASS secret", b"STARTTLS") == [502, 381, 281, 502]


def test_logins_by_SASL():
    import base64

    house = House(anonymous=None)
    talk = house.open()
    plain = base64.b64encode(b"\0ann\0secret")
    assert talk.codes(b"AUTHINFO SASL PLAIN") == [383]
    assert talk.codes(b"*", b"AUTHINFO PASS x", b"AUTHINFO SASL PLAIN " + plain, b"AUTHINFO USER ann") == [
        481,
        482,
        281,
        502,
    ]
    talk.hang_up()
    assert house.gate.left == 1
    assert House(has_portal=False).open().codes(b"AUTHINFO USER ann", b"AUTHINFO MAGIC x") == [502, 502]
    assert House().open().codes(b"AUTHINFO MAGIC x", b"MODE WRITER", b"AUTHINFO USER") == [501, 501, 501]


def test_who_guesses_is_slowed_down():
    house = House()
    talk = house.open()
    assert talk.say(b"AUTHINFO USER ann", b"AUTHINFO PASS wrong") == b"381 and the password?\r\n"
    house.clock.advance(1)
    assert talk.hear() == b"481 this name and password let nobody in\r\n"
