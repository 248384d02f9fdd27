"""addReader, addWriter and their sisters, for objects that are nobody's transport."""

import os
import socket

import pytest

from reactor.error import ConnectionDone, ConnectionFdescWentAway, ConnectionLost
from tests.support.loopback import run, run_until, turn, until_next_timer


class Watched:
    """A descriptor of the test's. What it is told goes into `events`."""

    def __init__(self, fd, answers=()):
        self.fd = fd
        self.events = []
        self.answers = list(answers)

    def fileno(self):
        return self.fd

    def logPrefix(self):
        return "watched"

    def doRead(self):
        self.events.append("read")
        return self.answers.pop(0) if self.answers else None

    def doWrite(self):
        self.events.append("write")
        return self.answers.pop(0) if self.answers else None

    def connectionLost(self, reason):
        self.reason = reason
        self.events.append(f"lost {reason.type.__name__}")


class Reading(Watched):
    """Also takes what there is."""

    def doRead(self):
        self.events.append(os.read(self.fd, 100))


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for fd in ends:
        try:
            os.close(fd)
        except OSError:
            pass  # the test has closed it


@pytest.mark.not_only_sockets
def test_a_reader_is_called_when_there_is_something_to_read(reactor, pipe):
    reader = Reading(pipe[0])
    reactor.addReader(reader)
    turn(reactor, 3)
    assert reader.events == []
    os.write(pipe[1], b"hello")
    run_until(reactor, lambda: reader.events)
    assert reader.events == [b"hello"]
    reactor.removeReader(reader)


@pytest.mark.not_only_sockets
def test_a_reader_that_takes_nothing_is_called_again(reactor, pipe):
    reader = Watched(pipe[0])
    reactor.addReader(reader)
    os.write(pipe[1], b"hello")
    run_until(reactor, lambda: len(reader.events) == 3)
    reactor.removeReader(reader)
    turn(reactor, 3)
    assert reader.events == ["read"] * 3


@pytest.mark.not_only_sockets
def test_a_writer_is_called_when_there_is_room(reactor, pipe):
    writer = Watched(pipe[1])
    os.set_blocking(pipe[1], False)
    while True:
        try:
            os.write(pipe[1], b"x" * 4096)
        except BlockingIOError:
            break
    reactor.addWriter(writer)
    turn(reactor, 3)
    assert writer.events == []
    os.read(pipe[0], 1 << 20)
    run_until(reactor, lambda: writer.events)
    assert writer.events[0] == "write"
    reactor.removeWriter(writer)


@pytest.mark.not_only_sockets
def test_it_is_known_who_is_watched(reactor, pipe):
    reader, writer = Watched(pipe[0]), Watched(pipe[1])
    reactor.addReader(reader)
    reactor.addReader(reader)
    reactor.addWriter(writer)
    assert reader in reactor.getReaders()
    assert writer in reactor.getWriters()
    assert set(reactor.removeAll()) == {reader, writer}
    assert reader not in reactor.getReaders()
    assert reactor.getWriters() == []
    reactor.removeReader(reader)
    reactor.removeWriter(writer)


@pytest.mark.parametrize(
    ("ending", "name"), [(ConnectionDone(), "ConnectionDone"), (ConnectionLost(), "ConnectionLost")]
)
def test_what_doRead_returns_ends_it(reactor, ending, name):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = Watched(ours.fileno(), [ending])
        reactor.addReader(reader)
        theirs.send(b"x")
        run_until(reactor, lambda: len(reader.events) == 2)
        assert reader.events == ["read", f"lost {name}"]
        assert reader not in reactor.getReaders()


def test_what_doWrite_returns_ends_it(reactor):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = Watched(ours.fileno(), [ConnectionLost()])
        reactor.addWriter(writer)
        run_until(reactor, lambda: len(writer.events) == 2)
        assert writer.events == ["write", "lost ConnectionLost"]


class Oops(Exception):
    pass


def test_what_it_raises_is_logged_and_ends_it(reactor, logged_errors):
    class Raising(Watched):
        def doRead(self):
            raise Oops

    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = Raising(ours.fileno())
        reactor.addReader(reader)
        theirs.send(b"x")
        run_until(reactor, lambda: reader.events)
        assert reader.events == ["lost Oops"]
        assert len(logged_errors.flush(Oops)) == 1


def test_the_reactor_s_end_is_the_end(reactor):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader, writer = Watched(ours.fileno()), Watched(theirs.fileno())
        reactor.addReader(reader)
        reactor.addWriter(writer)
        reactor.callWhenRunning(reactor.stop)
        run(reactor)
    assert reader.events == ["lost ConnectionLost"]
    assert writer.events[-1] == "lost ConnectionLost"


# --- descriptors that are closed under the loop


@pytest.mark.own_promise("Twisted's epoll reactor can't remove one that is closed")
def test_a_descriptor_that_is_closed_while_it_is_watched_does_not_make_the_loop_spin(reactor):
    """Its owner hears of it, or if the kernel doesn't tell, as with epoll, nothing happens any more."""
    ours, theirs = socket.socketpair()
    with theirs:
        watched = Watched(ours.fileno())
        reactor.addReader(watched)
        reactor.callLater(0, ours.close)
        turn(reactor, 20)
        assert len(watched.events) <= 1
        if watched.events:
            assert watched.reason.check(ConnectionDone, ConnectionLost, OSError, ValueError)
        reactor.removeReader(watched)
        assert watched not in reactor.getReaders()


@pytest.mark.own_promise("Twisted says ConnectionDone, ConnectionLost, or what the operating system said")
def test_where_the_kernel_tells_the_owner_of_a_closed_descriptor_is_told(make_reactor, request):
    if request.node.callspec.params["make_reactor"] not in ("poll", "select"):
        return
    reactor = make_reactor()
    ours, theirs = socket.socketpair()
    with theirs:
        watched = Watched(ours.fileno())
        reactor.addReader(watched)
        reactor.addWriter(watched)
        reactor.callLater(0, ours.close)  # between turns, the loop's own waker would get the number
        run_until(reactor, lambda: watched.events)
        assert watched.events == ["lost ConnectionFdescWentAway"]
        assert watched.reason.check(ConnectionFdescWentAway)
        assert "it was closed while the reactor watched it" in str(watched.reason.value)


@pytest.mark.own_promise("Twisted's epoll reactor can't remove one that is closed")
def test_the_others_are_served_when_one_is_closed(reactor):
    ours, theirs = socket.socketpair()
    bad, peer = socket.socketpair()
    with ours, theirs, peer:
        watched, good = Watched(bad.fileno()), Reading(ours.fileno())
        reactor.addReader(watched)
        reactor.addReader(good)
        reactor.callLater(0, bad.close)
        theirs.send(b"hello")
        run_until(reactor, lambda: good.events)
        assert good.events == [b"hello"]
        reactor.removeReader(watched)
        reactor.removeReader(good)


@pytest.mark.own_promise("Twisted's epoll and poll reactors take the newcomer for the one that is gone")
def test_a_number_that_is_used_again_is_the_new_owner_s(reactor):
    ours, theirs = socket.socketpair()
    with theirs:
        old = Watched(ours.fileno())
        reactor.addReader(old)
        ours.close()
        again, peer = socket.socketpair()
        with again, peer:
            assert again.fileno() == old.fd
            new = Reading(again.fileno())
            reactor.addReader(new)
            peer.send(b"for the new one")
            run_until(reactor, lambda: new.events)
            assert new.events == [b"for the new one"]
            assert "read" not in old.events
            reactor.removeReader(old)
            assert new in reactor.getReaders()
            reactor.removeReader(new)


@pytest.mark.own_promise("Twisted's epoll reactor spins: the kernel reports a descriptor that it can't take back")
@pytest.mark.not_only_sockets
def test_a_copy_that_is_open_elsewhere_reports_nothing_for_one_that_is_gone(reactor, pipe):
    reading, writing = pipe
    copy = os.dup(reading)
    watched = Watched(reading)
    try:
        reactor.addReader(watched)
        turn(reactor, 2)
        os.close(reading)
        os.write(writing, b"hello")
        turn(reactor, 4)
        reactor.removeReader(watched)
        events = len(watched.events)
        turn(reactor, 2)  # the stale report, if there is one, comes once
        called = []
        reactor.callLater(0.02, called.append, True)
        turns = 0
        while not called:
            reactor.iterate(until_next_timer(reactor) if reactor.getDelayedCalls() else 0)
            turns += 1
        assert turns < 200  # a loop that spins makes thousands
        assert len(watched.events) == events
    finally:
        os.close(copy)


@pytest.mark.parametrize("fd", [-1, None, "3"])
@pytest.mark.own_promise("Twisted finds out in the poller")
def test_what_has_no_descriptor_is_refused_at_the_call(reactor, fd):
    for add in (reactor.addReader, reactor.addWriter):
        with pytest.raises(ValueError, match="can't watch"):
            add(Watched(fd))


@pytest.mark.not_only_sockets
@pytest.mark.leaks_in_twisted("its epoll reactor asks again and again for a file, and is not through at the end")
def test_a_file_is_always_ready(reactor, tmp_path):
    (tmp_path / "file").write_bytes(b"hello")
    with open(tmp_path / "file", "r+b", buffering=0) as file:
        both = Reading(file.fileno())
        reactor.addReader(both)
        reactor.addWriter(both)
        run_until(reactor, lambda: b"hello" in both.events and "write" in both.events)
        reactor.removeWriter(both)
        run_until(reactor, lambda: both.events[-1] == b"")
        reactor.removeReader(both)
        before = len(both.events)
        turn(reactor, 3)
        assert len(both.events) == before


def closing(method):
    class Closing(Watched):
        """Closes its own socket in a handler, and says nothing."""

        def __init__(self, skt):
            super().__init__(skt.fileno())
            self.skt = skt

        def fileno(self):
            return self.skt.fileno()

    def close(self):
        self.skt.close()

    setattr(Closing, method, close)
    return Closing


@pytest.mark.parametrize("method", ["doRead", "doWrite"])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.own_promise("it names another reason, and its epoll reactor can't remove one that is closed")
def test_an_owner_that_closes_its_descriptor_in_a_handler_is_told(reactor, method, both):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watched = closing(method)(ours)
        if both or method == "doRead":
            reactor.addReader(watched)
        if both or method == "doWrite":
            reactor.addWriter(watched)
        theirs.send(b"hello")
        run_until(reactor, lambda: "lost ConnectionFdescWentAway" in watched.events)
        turn(reactor, 3)
        assert watched.events.count("lost ConnectionFdescWentAway") == 1
        assert watched not in reactor.getReaders() and watched not in reactor.getWriters()


@pytest.mark.own_promise("its epoll reactor can't remove one that is closed")
def test_an_owner_that_closes_its_file_in_a_handler_is_told(reactor):
    """The number of a closed file raises ValueError, where that of a socket is -1."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        file = ours.makefile("rwb", buffering=0)
        ours.close()
        watched = closing("doRead")(file)
        reactor.addReader(watched)
        reactor.addWriter(watched)
        theirs.send(b"hello")
        run_until(reactor, lambda: "lost ConnectionFdescWentAway" in watched.events)
        assert watched not in reactor.getReaders() and watched not in reactor.getWriters()


def test_an_owner_may_remove_itself_and_close_its_file_in_a_handler(reactor):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        file = ours.makefile("rwb", buffering=0)
        ours.close()

        class Once(Watched):
            def fileno(self):
                return file.fileno()

            def doRead(self):
                self.events.append("read")
                reactor.removeReader(self)
                file.close()

        watched = Once(0)
        reactor.addReader(watched)
        theirs.send(b"hello")
        run_until(reactor, lambda: watched.events)
        turn(reactor, 3)
        assert watched.events == ["read"]


@pytest.mark.parametrize("method", ["doRead", "doWrite"])
@pytest.mark.own_promise("its epoll reactor can't remove one that is closed")
def test_an_owner_that_closes_its_descriptor_and_says_why_is_told_that(reactor, method):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        kind = closing(method)
        close = getattr(kind, method)
        setattr(kind, method, lambda self: close(self) or ConnectionLost("why"))
        watched = kind(ours)
        reactor.addReader(watched)
        reactor.addWriter(watched)
        theirs.send(b"hello")
        run_until(reactor, lambda: "lost ConnectionLost" in watched.events)
        turn(reactor, 3)
        assert watched.events.count("lost ConnectionLost") == 1
        assert watched not in reactor.getReaders() and watched not in reactor.getWriters()


def test_an_owner_that_removes_itself_and_closes_is_told_nothing(reactor):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watched = closing("doRead")(ours)
        closed = watched.skt.close
        watched.skt = type(
            "Skt", (), {"fileno": ours.fileno, "close": lambda _: (reactor.removeReader(watched), closed())}
        )()
        reactor.addReader(watched)
        theirs.send(b"hello")
        run_until(reactor, lambda: ours.fileno() == -1)
        turn(reactor, 3)
        assert watched.events == []
