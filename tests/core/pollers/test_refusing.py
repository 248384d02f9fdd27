"""What a kernel refuses to watch is an error where it is asked for, and leaves nothing behind."""

import pytest

from tests.support import loops


class Closed:
    """A descriptor that nobody has opened."""

    def fileno(self):
        return 999_999

    def logPrefix(self):
        return "closed"


@pytest.mark.parametrize("make_reactor", sorted({"epoll", "kq"} & {*loops.here()}), indirect=True)
def test_what_the_poller_refuses_is_not_kept(reactor):
    watched = Closed()
    for add in (reactor.addReader, reactor.addWriter):
        with pytest.raises(OSError, match="Bad file descriptor"):
            add(watched)
    assert watched not in reactor.getReaders() and watched not in reactor.getWriters()
