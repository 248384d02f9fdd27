"""Pages, and the typed proxy."""

import io
from typing import Protocol

import pytest

from reactor.defer import Deferred, succeed
from reactor.spread import pb, util
from reactor.spread.banana import BananaError
from reactor.spread.typed import typed
from tests.spread.spread_doubles import Kitchen, Pair


@pytest.mark.parametrize("size", [0, 1, 8192, 8193, 50_000])
def test_a_string_and_a_file_come_in_pages(size):
    data, sent, file = bytes(range(256)) * 200, [], io.BytesIO((bytes(range(256)) * 200)[:size])

    def string(collector):
        util.StringPager(collector, data[:size], 8192, sent.append, "done")

    pair = Pair(
        Kitchen(string=string, file=lambda collector: util.FilePager(collector, file, sent.append, "done") and None)
    )
    for method in ("string", "file"):
        pages = pair.result(util.getAllPages(pair.their_root, method))
        assert b"".join(pages) == data[:size]
    assert sent == ["done", "done"] and file.closed


def test_pages_wait_while_the_peer_does_not_read():
    pagers = []
    pair = Pair(Kitchen(get=lambda collector: pagers.append(util.StringPager(collector, bytes(100), 10)) or None))
    pair.server.transport.write = lambda data, write=pair.server.transport.write: (
        write(data),
        pair.server.pauseProducing(),
    )
    pages = util.getAllPages(pair.their_root, "get")
    for _ in range(20):
        assert pair.result(pages) is None or pages.called
        pair.server.resumeProducing()
    assert pair.result(pages) == [bytes(10)] * 10


def test_pages_that_do_not_end_fail_when_the_connection_is_lost_and_when_the_call_fails():
    pair = Pair(Kitchen(get=lambda collector: None))
    pages = util.getAllPages(pair.their_root, "nothing")
    with pytest.raises(pb.RemoteError, match="No such method"):
        pair.result(pages)
    pages = util.getAllPages(pair.their_root, "get")
    pair.flush()
    pair.cut()
    with pytest.raises(pb.PBConnectionLost, match="before the last page"):
        pair.result(pages)


def test_a_file_is_closed_when_the_connection_is_lost_on_the_way_and_when_it_is_lost_already():
    files, collectors = [io.BytesIO(bytes(100_000)) for _ in range(2)], []
    pair = Pair(Kitchen(get=lambda collector: collectors.append(collector)))
    util.getAllPages(pair.their_root, "get").addErrback(lambda failure: None)
    pair.flush()
    pair.server.pauseProducing()
    util.FilePager(collectors[0], files[0])
    assert not files[0].closed
    pair.cut()
    with pytest.raises(pb.DeadReferenceError):
        util.FilePager(collectors[0], files[1])
    assert files[0].closed and files[1].closed and not pair.server.pageProducers


class Notes(io.BytesIO):
    """A file whose second page can't be read, or can't be sent."""

    def read(self, size):
        if self.tell():
            self.bad_page()
        return super().read(size)


def can_not_be_read():
    raise OSError("the disk is gone")


@pytest.mark.parametrize("bad_page", [can_not_be_read, lambda: None])
def test_of_pages_one_of_which_fails_the_collector_does_not_take_the_others_for_all_there_is(
    bad_page, monkeypatch, logged_errors
):
    file = Notes(bytes(1_000_000))
    file.bad_page = bad_page
    monkeypatch.setattr(util.FilePager, "chunkSize", 10 if bad_page is can_not_be_read else 700_000)
    pair = Pair(Kitchen(get=lambda collector: util.FilePager(collector, file) and None))
    with pytest.raises(pb.RemoteError):
        pair.result(util.getAllPages(pair.their_root, "get"))
    assert file.closed and not pair.server.pageProducers
    logged_errors.flush(OSError, BananaError)


def test_pages_that_are_too_many_are_an_error_and_not_kept(monkeypatch):
    monkeypatch.setattr(util.CallbackPageCollector, "maxBytes", 70_000)
    pair = Pair(
        Kitchen(get=lambda collector, pages: [collector.callRemote("gotPage", page) for page in pages] and None)
    )
    pages = util.getAllPages(pair.their_root, "get", [b"x" * 40_000, b"x" * 40_000, b"x"])
    with pytest.raises(pb.Error, match="more than 70000 bytes"):
        pair.result(pages)
    pages = util.getAllPages(pair.their_root, "get", [[1], [2]])
    with pytest.raises(pb.Error, match="more than 70000 bytes"):
        pair.result(pages)
    pair.cut()
    with pytest.raises(pb.DeadReferenceError):
        util.getAllPages(pair.their_root, "get")


# --- the typed proxy


class KitchenPromise(Protocol):
    size: int

    def order(self, dish: str, *, hot: bool = True) -> Deferred[str]: ...


def test_a_typed_reference_calls_and_holds_arguments_against_the_promise():
    pair = Pair(Kitchen(order=lambda dish, hot=True: succeed(f"{dish} {hot}"), other=lambda: 1))
    kitchen = typed(pair.their_root, KitchenPromise)
    assert pair.result(kitchen.order("soup")) == "soup True"
    assert pair.result(kitchen.order("soup", hot=False)) == "soup False"
    for arguments in ((), ("a", "b")):
        with pytest.raises(TypeError):
            kitchen.order(*arguments)
    for name in ("other", "size", "__len__"):
        with pytest.raises(AttributeError, match="KitchenPromise has no method"):
            getattr(kitchen, name)
