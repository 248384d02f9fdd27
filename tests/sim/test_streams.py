"""TCP connections by tcp(7) and poll(2), once they are there: bytes, and how they end, on both kernels."""

import errno
import select
import socket
import struct

from tests.sim.kernels import error_of

IN, OUT, ERR, HUP = select.POLLIN, select.POLLOUT, select.POLLERR, select.POLLHUP
ANYWHERE = ("127.0.0.1", 0)


def fill(skt):
    """Send until there is no room. Returns how many bytes."""
    sent = 0
    while True:
        try:
            sent += skt.send(bytes(65536))
        except BlockingIOError:
            return sent


def drain(kernel, skt, size):
    got = 0
    while got < size:
        kernel.until(lambda: kernel.mask(skt) & IN)
        got += len(skt.recv(65536))
    return got


# --- moving bytes


def test_bytes_arrive_and_may_be_read_in_parts(kernel, pair):
    client, server = pair
    assert client.send(b"hello world") == 11
    kernel.until(lambda: kernel.mask(server) == IN | OUT)
    assert server.recv(100, socket.MSG_PEEK) == b"hello world"
    assert server.recv(5) + server.recv(100) == b"hello world"
    assert error_of(server.recv, 1) == "EAGAIN"
    assert kernel.mask(server) == OUT


def test_two_sends_are_one_stream(kernel, pair):
    client, server = pair
    client.send(b"one ")
    client.send(memoryview(b"two"))
    kernel.until(lambda: len(server.recv(100, socket.MSG_PEEK)) == 7)
    assert server.recv(100) == b"one two"


def test_a_full_buffer_would_block_and_is_writable_when_the_peer_has_read(kernel, pair):
    client, server = pair
    sent = fill(client)
    assert error_of(client.send, b"x") == "EAGAIN"
    assert kernel.mask(client) == 0
    assert drain(kernel, server, sent) == sent
    kernel.until(lambda: kernel.mask(client) == OUT)
    assert client.send(b"x") == 1


def test_a_send_takes_what_there_is_room_for(pair):
    client, _ = pair
    assert 0 < client.send(bytes(50_000_000)) < 50_000_000


def test_sending_nothing_sends_nothing(kernel, pair):
    client, server = pair
    assert client.send(b"") == 0
    assert error_of(server.recv, 1) == "EAGAIN"


def test_pieces_are_sent_together_and_read_into_a_buffer(kernel, pair):
    client, server = pair
    assert client.sendmsg([b"one", memoryview(b" and "), b"two"]) == 11
    kernel.until(lambda: kernel.mask(server) & IN)
    buffer = bytearray(8)
    assert server.recv_into(buffer) == 8 and buffer == b"one and "
    assert server.recv_into(buffer, 2) == 2 and buffer == b"twe and "
    assert error_of(server.recv_into, bytearray(0)) == ""


# --- ending


def test_a_half_close_ends_one_direction_only(kernel, pair):
    client, server = pair
    client.shutdown(socket.SHUT_WR)
    kernel.until(lambda: kernel.mask(server) == IN | OUT)
    assert server.recv(10) == server.recv(10) == b""
    assert error_of(client.send, b"x") == "EPIPE"
    server.send(b"still here")
    kernel.until(lambda: kernel.mask(client) == IN | OUT)
    assert client.recv(100) == b"still here"


def test_what_was_sent_before_a_half_close_arrives_before_it(kernel, pair):
    client, server = pair
    client.send(b"last words")
    client.shutdown(socket.SHUT_WR)
    kernel.until(lambda: kernel.mask(server) & IN)
    assert server.recv(100) == b"last words"
    kernel.until(lambda: kernel.mask(server) & IN)
    assert server.recv(100) == b""


def test_shutdown_may_be_repeated_until_both_directions_are_over(kernel, pair):
    client, server = pair
    client.shutdown(socket.SHUT_WR)
    assert error_of(client.shutdown, socket.SHUT_WR) == ""
    kernel.until(lambda: kernel.mask(server) & IN)
    server.shutdown(socket.SHUT_WR)
    kernel.until(lambda: kernel.mask(client) == IN | OUT | HUP)
    assert error_of(client.shutdown, socket.SHUT_WR) == "ENOTCONN"
    assert error_of(client.getpeername) == "ENOTCONN"
    assert client.recv(1) == b"" and error_of(client.send, b"x") == "EPIPE"
    kernel.until(lambda: kernel.mask(server) == IN | OUT | HUP)


def test_shut_for_reading_it_is_at_its_end_and_still_gets_what_comes(kernel, pair):
    client, server = pair
    server.shutdown(socket.SHUT_RD)
    assert server.recv(1) == b""
    client.send(b"x")
    kernel.until(lambda: server.recv(1, socket.MSG_PEEK))
    assert server.recv(10) == b"x"


def test_a_close_is_the_end_for_the_peer_who_may_send_once_more(kernel, pair):
    client, server = pair
    server.close()
    kernel.until(lambda: kernel.mask(client) == IN | OUT)
    assert client.recv(1) == b""
    assert client.send(b"x") == 1
    kernel.until(lambda: kernel.mask(client) & HUP)
    assert kernel.mask(client) == IN | OUT | ERR | HUP
    assert error_of(client.send, b"x") == "EPIPE"


def test_a_close_with_bytes_unread_resets(kernel, pair):
    client, server = pair
    client.send(b"unread")
    kernel.until(lambda: kernel.mask(server) & IN)
    server.close()
    kernel.until(lambda: kernel.mask(client) == IN | OUT | ERR | HUP)
    assert error_of(client.recv, 1) == "ECONNRESET"
    assert client.recv(1) == b""
    assert error_of(client.send, b"x") == "EPIPE"
    assert error_of(client.getpeername) == "ENOTCONN"


def test_after_a_reset_the_first_send_tells_and_the_next_is_a_broken_pipe(kernel, pair):
    client, server = pair
    client.send(b"unread")
    kernel.until(lambda: kernel.mask(server) & IN)
    server.close()
    kernel.until(lambda: kernel.mask(client) & ERR)
    assert error_of(client.send, b"x") == "ECONNRESET"
    assert error_of(client.send, b"x") == "EPIPE"


def test_without_lingering_a_close_resets(kernel, pair):
    client, server = pair
    server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.close()
    kernel.until(lambda: kernel.mask(client) & ERR)
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET
    assert client.recv(1) == b""


def test_bytes_that_came_before_a_reset_can_still_be_read(kernel, pair):
    client, server = pair
    client.send(b"unread")
    server.send(b"read me")
    kernel.until(lambda: kernel.mask(client) & IN and kernel.mask(server) & IN)
    server.close()
    kernel.until(lambda: kernel.mask(client) & ERR)
    assert client.recv(100) == b"read me"
    assert error_of(client.recv, 100) == "ECONNRESET"


def test_who_closes_both_directions_at_once_wants_nothing_more_and_resets(kernel, pair):
    client, server = pair
    server.shutdown(socket.SHUT_RDWR)
    kernel.until(lambda: kernel.mask(client) & IN)
    client.send(b"too late")
    kernel.until(lambda: kernel.mask(client) & ERR)
