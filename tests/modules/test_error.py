"""The classes of errors: which is a kind of which, what they say, and which one an errno becomes."""

import errno
import socket

import pytest

from reactor import error, main

PARENTS = [
    (error.ConnectionDone, error.ConnectionClosed),
    (error.ConnectionLost, error.ConnectionClosed),
    (error.ConnectionAborted, error.ConnectionLost),
    (error.ConnectionFdescWentAway, error.ConnectionLost),
    (error.BindError, Exception),
    (error.CannotListenError, error.BindError),
    (error.ConnectError, Exception),
    (error.ConnectBindError, error.ConnectError),
    (error.UnknownHostError, error.ConnectError),
    (error.NoRouteError, error.ConnectError),
    (error.ConnectionRefusedError, error.ConnectError),
    (error.TCPTimedOutError, error.ConnectError),
    (error.ServiceNameUnknownError, error.ConnectError),
    (error.UserError, error.ConnectError),
    (error.TimeoutError, error.UserError),
    (error.DNSLookupError, IOError),
    (error.AlreadyCalled, ValueError),
    (error.AlreadyCancelled, ValueError),
    (error.ReactorNotRunning, RuntimeError),
    (error.ReactorAlreadyRunning, RuntimeError),
    (error.ReactorAlreadyInstalledError, AssertionError),
    (error.NotConnectingError, RuntimeError),
]


@pytest.mark.parametrize(("child", "parent"), PARENTS, ids=lambda cls: cls.__name__)
def test_hierarchy(child, parent):
    assert issubclass(child, parent)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (error.ConnectionDone, error.ConnectionLost),
        (error.TimeoutError, error.TCPTimedOutError),
        (error.ConnectionRefusedError, ConnectionRefusedError),
        (error.AlreadyCalled, error.AlreadyCancelled),
    ],
    ids=lambda cls: cls.__name__,
)
def test_classes_that_are_not_kinds_of_each_other(one, other):
    assert not issubclass(one, other) and not issubclass(other, one)


MESSAGES = [
    (error.ConnectionDone(), "Connection was closed cleanly."),
    (error.ConnectionLost(), "Connection to the other side was lost in a non-clean fashion."),
    (error.ConnectionDone("Bye."), "Connection was closed cleanly: Bye.."),
    (error.ConnectionLost("cut"), "Connection to the other side was lost in a non-clean fashion: cut."),
    (error.AlreadyCalled(), "Tried to cancel an already-called event."),
    (error.AlreadyCancelled(), "Tried to cancel an already-cancelled event."),
    (error.ConnectError(), "An error occurred while connecting."),
    (error.ConnectError(osError=5), "An error occurred while connecting: 5."),
    (error.ConnectError(osError=5, string="broken"), "An error occurred while connecting: 5: broken."),
    (error.ConnectionRefusedError(), "Connection was refused by other side."),
    (error.TimeoutError(), "User timeout caused connection failure."),
    (error.TCPTimedOutError(), "TCP connection timed out."),
    (error.NoRouteError(), "No route to host."),
    (error.UnknownHostError(), "Hostname couldn't be looked up."),
    (error.UserError(), "User aborted connection."),
    (error.DNSLookupError(), "DNS lookup failed."),
    (error.DNSLookupError("nobody"), "DNS lookup failed: nobody."),
]


@pytest.mark.parametrize(("raised", "message"), MESSAGES, ids=[type(e).__name__ + str(e.args) for e, _ in MESSAGES])
def test_messages(raised, message):
    assert str(raised) == message


ERRNOS = [
    (errno.ECONNREFUSED, error.ConnectionRefusedError),
    (errno.ETIMEDOUT, error.TCPTimedOutError),
    (errno.ENETUNREACH, error.NoRouteError),
    (errno.EIO, error.ConnectError),
]


@pytest.mark.parametrize(("number", "expected"), ERRNOS, ids=[errno.errorcode[number] for number, _ in ERRNOS])
def test_getConnectError_chooses_the_class_by_errno(number, expected):
    result = error.getConnectError((number, "what the system said"))
    assert type(result) is expected
    assert result.osError == number
    assert "what the system said" in str(result)


def test_getConnectError_takes_an_exception():
    result = error.getConnectError(OSError(errno.ECONNREFUSED, "refused"))
    assert type(result) is error.ConnectionRefusedError and result.osError == errno.ECONNREFUSED


def test_getConnectError_of_a_name_that_is_unknown():
    result = error.getConnectError(socket.gaierror(socket.EAI_NONAME, "unknown"))
    assert type(result) is error.UnknownHostError


def test_getConnectError_of_something_else():
    assert type(error.getConnectError(Exception("odd"))) is error.ConnectError


def test_CannotListenError_says_where_and_why():
    cause = OSError(errno.EADDRINUSE, "Address already in use")
    raised = error.CannotListenError("127.0.0.1", 80, cause)
    assert (raised.interface, raised.port, raised.socketError) == ("127.0.0.1", 80, cause)
    assert str(raised) == f"Couldn't listen on 127.0.0.1:80: {cause}."
    assert str(error.CannotListenError("", 80, cause)) == f"Couldn't listen on any:80: {cause}."


def test_the_two_ways_in_which_a_connection_ends_are_constants():
    assert isinstance(main.CONNECTION_DONE, error.ConnectionDone)
    assert isinstance(main.CONNECTION_LOST, error.ConnectionLost)
