"""The notebook's reactor takes over ports that are its own, of every kind; those of others it leaves alone."""

import asyncio
import socket

import pytest

from reactor import error
from reactor.notebook.shared_loop import NotebookReactor
from reactor.protocol import DatagramProtocol, Factory, Protocol


@pytest.fixture
def in_notebook():
    def run(cell):
        async def kernel():
            reactor = NotebookReactor(asyncio.get_running_loop())
            reactor.startRunning(installSignalHandlers=False)
            await asyncio.sleep(0)
            try:
                cell(reactor)
                await asyncio.sleep(0)
            finally:
                reactor.stop()
                while reactor.running:
                    await asyncio.sleep(0)

        asyncio.run(kernel())

    return run


def tcp(reactor, place):
    return reactor.listenTCP(place or 0, Factory.forProtocol(Protocol), interface="127.0.0.1")


def udp(reactor, place):
    return reactor.listenUDP(place or 0, DatagramProtocol(), interface="127.0.0.1")


def multicast(reactor, place):
    return reactor.listenMulticast(place or 0, DatagramProtocol(), interface="127.0.0.1")


@pytest.mark.parametrize("listen", [tcp, udp, multicast])
def test_a_port_is_taken_over(in_notebook, listen):
    def cell(reactor):
        first = listen(reactor, None)
        second = listen(reactor, first.getHost().port)
        assert second.connected and not first.connected
        assert [one for one in reactor.transports if hasattr(one, "stopListening")] == [second]

    in_notebook(cell)


@pytest.mark.parametrize("name", ["listenUNIX", "listenUNIXDatagram"])
def test_a_path_is_taken_over(in_notebook, name, tmp_path):
    def cell(reactor):
        what = DatagramProtocol() if name == "listenUNIXDatagram" else Factory.forProtocol(Protocol)
        first = getattr(reactor, name)(str(tmp_path / "door"), what)
        second = getattr(reactor, name)(str(tmp_path / "door"), what)
        assert second.connected and not first.connected

    in_notebook(cell)


def test_a_port_of_another_program_is_refused_and_ours_of_the_same_number_stays(in_notebook):
    def cell(reactor):
        with socket.create_server(("127.0.0.1", 0)) as others:
            number = others.getsockname()[1]
            ours = reactor.listenUDP(number, DatagramProtocol(), interface="127.0.0.1")
            with pytest.raises(error.CannotListenError):
                tcp(reactor, number)
            assert ours.connected

    in_notebook(cell)
