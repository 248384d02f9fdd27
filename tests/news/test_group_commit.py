"""Group commit: one sync for the changes of a turn, no answer before it, and no reader who sees what may be lost."""

import sqlite3

import pytest

from reactor.news.group_commit import GroupCommit
from reactor.news.nntp import NNTPServer
from reactor.task import Clock
from tests.news.news_doubles import House, article, stuffed
from tests.support.outcomes import outcomes

ADD = "INSERT INTO things VALUES (?)"
TAKEN_BACK = "the changes of this turn are taken back:"


class Store(GroupCommit):
    """Numbers, in a file."""

    def __init__(self, path):
        self.clock = Clock()
        super().__init__(path, "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS things (number)", self.clock)

    def add(self, number, problem=None):
        def make(execute):
            execute(ADD, (number,))
            if problem is not None:
                raise problem
            return number

        return self.change(make)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def store(path):
    store = Store(path)
    yield store
    store.close()


def on_disk(path):
    """What somebody else finds in the file."""
    with sqlite3.connect(path) as other:
        found = [number for (number,) in other.execute("SELECT number FROM things")]
    other.close()
    return found


def messages(changes):
    return [str(outcome.value) for change in changes for outcome in outcomes(change)]


def test_the_changes_of_a_turn_are_safe_together_and_say_so_with_their_results(store, path):
    told = []
    for number in (1, 2, 3):
        store.add(number).addCallback(told.append)
    assert told == [] and on_disk(path) == []
    store.clock.advance(0)
    assert told == [1, 2, 3] and on_disk(path) == [1, 2, 3]


def test_who_reads_commits_first_and_hears_of_nothing_before_the_turn_is_over(store, path):
    told = []
    store.add(1).addCallback(told.append)
    assert store.rows("SELECT number FROM things") == [(1,)] and on_disk(path) == [1]
    assert told == []
    store.clock.advance(0)
    assert told == [1]


def test_what_is_not_safe_yet_is_seen_by_who_asks_for_it(store, path):
    store.add(1)
    assert store.unsafe_rows("SELECT number FROM things") == [(1,)] and on_disk(path) == []


def test_a_change_that_raises_takes_back_the_others_of_its_turn(store, path):
    change = store.add(1)
    with pytest.raises(KeyError, match="a bug"):
        store.add(2, KeyError("a bug"))
    later = store.add(3)
    store.clock.advance(0)
    assert messages([change]) == [f"{TAKEN_BACK} 'a bug'"]
    assert outcomes(later) == [3] and on_disk(path) == [3]


def test_a_disk_that_is_full_takes_back_all_and_a_later_turn_goes_on(store, path, monkeypatch):
    store.add(0)
    store.commit()
    [[pages]] = store.rows("PRAGMA page_count")
    store.rows(f"PRAGMA max_page_count = {pages}")
    changes = [store.add(1)]
    with pytest.raises(OSError, match="full"):
        store.add("x" * 100_000)
    store.clock.advance(0)
    assert "full" in messages(changes)[0] and on_disk(path) == [0]
    store.add(2)
    store.clock.advance(0)
    assert on_disk(path) == [0, 2]


def test_a_commit_that_fails_is_told_to_all(store, path, monkeypatch):
    store.rows("PRAGMA foreign_keys = ON")
    store.rows("CREATE TABLE parents (id PRIMARY KEY)")
    store.rows("CREATE TABLE children (parent REFERENCES parents DEFERRABLE INITIALLY DEFERRED)")
    changes = [store.add(1), store.change(lambda execute: execute("INSERT INTO children VALUES (7)")), store.add(2)]
    store.clock.advance(0)
    assert messages(changes) == [f"{TAKEN_BACK} the store of news: FOREIGN KEY constraint failed"] * 3
    assert on_disk(path) == []


def test_closing_commits_and_tells(path):
    store = Store(path)
    change = store.add(1)
    store.close()
    assert outcomes(change) == [1] and on_disk(path) == [1]
    store.clock.advance(0)


# --- a server on it


def offers(*numbers):
    return b"".join(b"TAKETHIS <%d@a.example>\r\n%b" % (n, stuffed(article(f"<{n}@a.example>"))) for n in numbers)


def test_articles_that_come_in_one_turn_are_synced_once(monkeypatch):
    house, commits = House(), []
    talk = house.open()
    commit = house.store._db.commit
    monkeypatch.setattr(house.store._db, "commit", lambda: (commits.append(len(house.store._db._unsafe)), commit()))
    heard = talk.send(offers(*range(10)))
    assert heard.count(b"239 ") == 10 and max(commits) == 10 and sum(commits) == 10


def test_nobody_hears_that_an_article_is_here_before_it_is_safe():
    house = House()
    talk = house.open()
    talk.session.dataReceived(offers(1) + b"POST\r\n" + stuffed(article(None)))
    assert talk.hear() == b""
    house.clock.advance(0)
    assert [line[:3] for line in talk.hear().splitlines()] == [b"239", b"340", b"240"]


def test_replies_come_in_the_order_of_the_commands_also_when_some_are_known_sooner():
    house = House()
    odd = b"CHECK <1@a.example>\r\nCHECK\r\nTAKETHIS nonsense\r\n.\r\nFROBNICATE\r\nCHECK <9@a.example>\r\nDATE\r\n"
    heard = house.open().send(offers(1) + offers(1) + odd + offers(2)).splitlines()
    assert [line[:3] for line in heard] == b"239 439 438 501 439 500 238 111 239".split()


def test_more_articles_than_may_wait_are_not_read(monkeypatch):
    monkeypatch.setattr(NNTPServer, "mostUnanswered", 3)
    house = House()
    talk = house.open()
    talk.session.dataReceived(offers(*range(20)))
    assert len(house.store._db._unsafe) == 4 and talk.session.paused
    for _ in range(5):
        house.clock.advance(0)
    assert talk.hear().count(b"239 ") == 20


def test_an_error_of_the_store_ends_the_stream_and_the_articles_of_its_turn_can_come_again(logged_errors):
    house = House()
    talk = house.open()
    talk.session.dataReceived(offers(1, 2))
    house.store._db._take_back(OSError("no space left"))
    house.clock.advance(0)
    assert talk.hear().startswith(b"400 ") and talk.transport.disconnecting
    assert house.open().send(offers(1, 2)).count(b"239 ") == 2
    assert len(logged_errors.flush(OSError)) == 2


def test_a_client_that_has_gone_leaves_its_article(logged_errors):
    house = House()
    talk = house.open()
    talk.session.dataReceived(offers(1))
    talk.hang_up()
    house.clock.advance(0)
    assert house.store.groupRequest("doom.kitchen").size == 1
