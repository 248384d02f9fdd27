"""The queue on disk: what it keeps over a crash, and what it does about files that it doesn't know."""

import errno
import json
import os

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's queue is of pickles", allow_module_level=True)

from reactor.mail import queue as module
from reactor.mail.queue import Queue, address_of
from reactor.mail.smtp import Address
from tests.support.outcomes import failure_of, result_of

LETTER = b"Subject: x\r\n\r\nhello\r\n"


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def queue(tmp_path, clock):
    return Queue(tmp_path / "queue", now=lambda: clock[0])


def add(queue, *recipients, sender=b"ann@a.example"):
    return result_of(queue.add(Address(sender), [Address(one) for one in recipients or (b"bob@b",)], LETTER))


def test_a_letter_and_its_envelope_are_there_after_a_restart(queue, clock):
    sender = Address(b"ann@a.example")
    sender.options = {b"RET": b"HDRS", b"SMTPUTF8": None, b"ENVID": b"\xff"}
    recipient = Address("jörg@b")
    recipient.options = {b"NOTIFY": b"NEVER"}
    one = result_of(queue.add(sender, [recipient], LETTER))
    again = Queue(queue.directory, now=queue.now)
    assert again.getWaiting() == [one]
    envelope = again.getEnvelope(one)
    assert (envelope.sender, envelope.recipients[0].address, envelope.arrived) == ("ann@a.example", "jörg@b", 1000.0)
    back = address_of(envelope.sender, envelope.options)
    assert (bytes(back), back.options) == (b"ann@a.example", sender.options)
    assert address_of(envelope.recipients[0].address, envelope.recipients[0].options).options == recipient.options
    with again.open(one) as file:
        assert file.read() == LETTER


def test_letters_wait_until_their_time_has_come_and_are_not_relayed_twice(queue, clock):
    first, second = add(queue), add(queue)
    queue.getEnvelope(first).next_try = 2000.0
    queue.setRelaying(second)
    assert (queue.getWaiting(), queue.getRelayed(), queue.nextTry()) == ([], [second], 2000.0)
    queue.setWaiting(second)
    clock[0] = 2000.0
    assert queue.getWaiting() == [second, first]
    queue.setWaiting(first)
    assert Queue(queue.directory).getEnvelope(first).next_try == 2000.0


def test_a_letter_that_is_done_leaves_nothing(queue):
    queue.done(add(queue))
    assert os.listdir(queue.directory) == []
    assert (queue.getWaiting(), queue.nextTry()) == ([], None)


def test_what_a_crash_has_left_is_cleared_away(queue):
    one = add(queue)
    (queue.directory / "half.letter").write_bytes(b"no envelope came")
    (queue.directory / "half.json.tmp").write_bytes(b"{")
    again = Queue(queue.directory)
    assert again.getWaiting() == [one]
    assert sorted(os.listdir(queue.directory)) == sorted([f"{one}.json", f"{one}.letter"])


def test_an_envelope_that_cannot_be_read_is_left_alone_and_named(queue, tmp_path):
    from reactor import log

    lines = []
    log.addObserver(lines.append)
    for name, text in (("a", "{"), ("b", "[]"), ("c", json.dumps({"recipients": [{"nobody": 1}]}))):
        (queue.directory / f"{name}.json").write_text(text)
    assert Queue(queue.directory).getWaiting() == []
    log.removeObserver(lines.append)
    texts = [log.textFromEventDict(line) for line in lines]
    assert [name for name in "abc" if any(f"{name}.json is no envelope" in text for text in texts)] == ["a", "b", "c"]
    assert len(os.listdir(queue.directory)) == 3


@pytest.mark.parametrize("suffix", [".letter", ".json"])
def test_a_full_disk_is_an_error_and_keeps_nothing(queue, monkeypatch, suffix):
    write = module.write_durably

    def full(path, data):
        if path.suffix == suffix:
            raise OSError(errno.ENOSPC, "full")
        write(path, data)

    monkeypatch.setattr(module, "write_durably", full)
    failure_of(queue.add(Address(b"a@b"), [Address(b"c@d")], LETTER), OSError)
    assert os.listdir(queue.directory) == []
    assert queue.getWaiting() == []


def test_a_write_that_fails_in_the_middle_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    module.write_durably(path, b"old")

    def broken(descriptor):
        raise OSError(errno.EIO, "io")

    monkeypatch.setattr(module.os, "fsync", broken)
    with pytest.raises(OSError):
        module.write_durably(path, b"new")
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"old", ["file"])


def test_the_disk_is_waited_for_in_a_thread(one_reactor, tmp_path):
    queue = Queue(tmp_path / "queue", one_reactor)
    heard, done = [], []
    queue.added = lambda: heard.append(queue.getWaiting())

    def begin():
        adding = queue.add(Address(b"a@b"), [Address(b"c@d")], LETTER)
        adding.addBoth(done.append).addBoth(lambda _: one_reactor.stop())
        assert not done

    one_reactor.callWhenRunning(begin)
    one_reactor.run()
    assert heard == [done]


def test_a_letter_whose_envelope_cannot_be_kept_waits_all_the_same(queue, monkeypatch):
    one = add(queue)
    queue.setRelaying(one)

    def full(path, data):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(module, "write_durably", full)
    with pytest.raises(OSError):
        queue.setWaiting(one)
    assert (queue.getWaiting(), queue.getRelayed()) == ([one], [])
