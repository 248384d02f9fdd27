"""The reactor as an asyncio loop: both worlds take part in each turn, and neither waits while the other has work."""

import asyncio
import contextvars
import os
import socket
import threading

import pytest

from reactor.protocol import Factory, Protocol
from tests.support.loopback import run
from tests.support.twoworlds import ON_EVERY_POLLER, echo_port, finish, say, two_worlds

pytestmark = ON_EVERY_POLLER


@pytest.fixture
def loop(reactor):
    with two_worlds(reactor) as loop:
        yield loop


def test_streams_of_asyncio_talk_to_a_protocol_of_the_reactor(reactor, loop):
    _port, number = echo_port(reactor)
    assert finish(loop, say(number)) == b"hello\n"


def test_a_client_of_the_reactor_talks_to_a_server_of_asyncio(reactor, loop):
    async def shout(reader, writer):
        writer.write((await reader.readline()).upper())
        writer.close()
        await writer.wait_closed()

    class Client(Protocol):
        def connectionMade(self):
            self.transport.write(b"hello\n")

        def dataReceived(self, data):
            answer.set_result(data)

    async def main():
        async with await asyncio.start_server(shout, "127.0.0.1", 0) as server:
            factory = Factory.forProtocol(Client)
            factory.doStart = factory.doStop = factory.startedConnecting = lambda *connector: None
            factory.clientConnectionLost = lambda connector, reason: gone.set_result(None)
            reactor.connectTCP("127.0.0.1", server.sockets[0].getsockname()[1], factory)
            await gone
            return await answer

    answer, gone = loop.create_future(), loop.create_future()
    assert finish(loop, main()) == b"HELLO\n"


def test_a_handler_of_the_reactor_runs_inside_the_running_loop(reactor, loop):
    class Asking(Protocol):
        def dataReceived(self, data):
            asyncio.get_running_loop().create_task(self.answer(data))

        async def answer(self, data):
            await asyncio.sleep(0)
            self.transport.write(data.upper())

    _port, number = echo_port(reactor, Asking)
    assert finish(loop, say(number)) == b"HELLO\n"


# --- neither side sleeps over the other's work. Nothing else would end these waits but the deadline of the test.


def test_a_call_of_the_reactor_that_asks_asyncio_for_something_is_not_slept_over(reactor, loop):
    asked = loop.create_future()
    reactor.callLater(0, lambda: loop.call_soon(asked.set_result, "done"))
    assert finish(loop, asked) == "done"


def test_a_callback_of_asyncio_that_asks_the_reactor_for_something_is_not_slept_over(reactor, loop):
    asked = loop.create_future()
    loop.call_soon(lambda: reactor.callLater(0, asked.set_result, "done"))
    assert finish(loop, asked) == "done"


def test_a_producer_that_asks_asyncio_for_something_is_not_slept_over(reactor, loop):
    class Producing(Protocol):
        def connectionMade(self):
            self.transport.registerProducer(self, False)

        def resumeProducing(self):
            self.transport.unregisterProducer()
            loop.call_soon(self.transport.write, b"produced\n")

        def stopProducing(self):
            """Called for none of them: the producer has done its work by then."""

    _port, number = echo_port(reactor, Producing)
    assert finish(loop, say(number)) == b"produced\n"


def test_what_a_coroutine_writes_to_a_transport_of_the_reactor_leaves_at_once(reactor, loop):
    class Found(Protocol):
        def connectionMade(self):
            found.set_result(self.transport)

    async def main():
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        (await found).write(b"from a coroutine\n")
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return answer

    found = loop.create_future()
    _port, number = echo_port(reactor, Found)
    assert finish(loop, main()) == b"from a coroutine\n"


def test_timers_of_both_sides_run_in_the_order_of_their_times(reactor, loop):
    order, done = [], loop.create_future()
    for delay in (0.004, 0.001, 0.003):
        reactor.callLater(delay, order.append, delay)
    for delay in (0.002, 0.0):
        loop.call_later(delay, order.append, delay)
    loop.call_later(0.005, done.set_result, None)
    finish(loop, done)
    assert sorted(order) == [0.0, 0.001, 0.002, 0.003, 0.004]


def test_there_is_one_clock(reactor, loop):
    before = reactor.seconds()
    assert before <= loop.time() <= reactor.seconds()


def test_a_thread_wakes_the_loop_by_either_door(reactor, loop):
    """The thread calls when the loop has nothing else to do; both calls arrive in the loop's own thread."""
    for door in (reactor.callFromThread, loop.call_soon_threadsafe):
        arrived = loop.create_future()
        thread = threading.Thread(target=door, args=(lambda to=arrived: to.set_result(threading.get_ident()),))
        reactor.callLater(0, thread.start)
        assert finish(loop, arrived) == threading.get_ident()
        thread.join()


def test_work_in_an_executor_comes_back(loop):
    assert finish(loop, loop.run_in_executor(None, threading.get_ident)) != threading.get_ident()


def test_a_call_keeps_the_context_it_was_asked_in(loop):
    who = contextvars.ContextVar("who")
    context = contextvars.copy_context()
    context.run(who.set, "somebody")
    seen = loop.create_future()
    loop.call_soon(lambda: seen.set_result(who.get()), context=context)
    assert finish(loop, seen) == "somebody"


# --- descriptors


def test_readers_and_writers_of_asyncio_are_called_and_forgotten(loop):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        readable, writable = loop.create_future(), loop.create_future()
        loop.add_reader(ours, lambda: readable.done() or readable.set_result(ours.recv(10)))
        loop.add_writer(ours, lambda: writable.done() or writable.set_result(True))
        assert finish(loop, writable)
        theirs.send(b"x")
        assert finish(loop, readable) == b"x"
        assert loop.remove_writer(ours) and loop.remove_reader(ours)
        assert not loop.remove_reader(ours)


def test_a_reader_that_a_handler_removes_in_the_turn_it_is_ready_is_not_called(reactor, loop):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        done = loop.create_future()
        loop.add_reader(ours, lambda: pytest.fail("it was removed"))
        theirs.send(b"x")

        def remove():
            loop.remove_reader(ours)
            loop.call_soon(done.set_result, None)

        reactor.callLater(0, remove)  # runs after the poll that says that it is ready, before asyncio hears of it
        finish(loop, done)


def test_a_pipe_is_read_and_written(loop):
    async def main():
        read_end, write_end = os.pipe()
        reader = asyncio.StreamReader()
        source, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb")
        )
        sink, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(write_end, "wb"))
        sink.write(b"through a pipe")
        sink.close()
        data = await reader.read()
        source.close()
        await asyncio.sleep(0)
        return data

    assert finish(loop, main()) == b"through a pipe"


def test_a_subprocess_answers_and_ends(loop):
    async def main():
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        child = await asyncio.create_subprocess_exec("cat", **pipes)
        output, _ = await child.communicate(b"meow")
        return output, child.returncode

    assert finish(loop, main()) == (b"meow", 0)


def test_datagrams_arrive(loop):
    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data, address):
            heard.set_result(data)

    async def main():
        receiver, _ = await loop.create_datagram_endpoint(Datagrams, ("127.0.0.1", 0))
        address = receiver.get_extra_info("sockname")
        sender, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=address)
        sender.sendto(b"datagram")
        data = await heard
        sender.close()
        receiver.close()
        await asyncio.sleep(0)
        return data

    heard = loop.create_future()
    assert finish(loop, main()) == b"datagram"


def test_a_unix_socket_of_asyncio_takes_a_client(loop, tmp_path):
    async def serve(reader, writer):
        writer.write(await reader.readline())
        writer.close()
        await writer.wait_closed()
        served.set_result(None)

    async def main():
        async with await asyncio.start_unix_server(serve, tmp_path / "socket"):
            reader, writer = await asyncio.open_unix_connection(tmp_path / "socket")
            writer.write(b"hello\n")
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            await served
            return answer

    served = loop.create_future()
    assert finish(loop, main()) == b"hello\n"


# --- in a run of the reactor


def test_coroutines_run_in_reactor_run(reactor, loop):
    async def main():
        answer = await say(number)
        reactor.stop()
        return answer

    _port, number = echo_port(reactor)
    task = loop.create_task(main())
    run(reactor)
    assert task.result() == b"hello\n"


def test_a_loop_that_is_made_while_the_reactor_runs_joins_in(reactor):
    answers = []

    async def main():
        answers.append(await say(number))
        reactor.stop()

    def join():
        worlds.append(two_worlds(reactor))
        answers.append(worlds[0].__enter__().create_task(main()))

    worlds = []
    _port, number = echo_port(reactor)
    reactor.callLater(0, join)
    run(reactor)
    worlds[0].__exit__(None, None, None)
    assert answers[0].done() and answers[1:] == [b"hello\n"]
