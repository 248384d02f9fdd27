"""Whether a simulated program takes connections or datagrams: sessions wait for that before they go on."""

import pytest

from reactor.sim import World

PROGRAM = "from reactor import reactor\nfrom reactor.protocol import *\n{}\nreactor.run()\n"
TCP = "reactor.listenTCP(7771, Factory.forProtocol(Protocol))"
UDP = "reactor.listenUDP(7771, DatagramProtocol())"
UNIX = "reactor.listenUNIX('/run/door', Factory.forProtocol(Protocol))"
TIMER = "reactor.callLater(9, print)"


@pytest.mark.parametrize(("line", "listens"), [(TCP, True), (UDP, True), (UNIX, True), (TIMER, False)])
def test_a_program_with_a_port_is_said_to_listen(tmp_path, line, listens):
    script = tmp_path / "server.py"
    script.write_text(PROGRAM.format(line))
    with World(1) as world:
        world.host("here")
        program = world.run(script, host="here")
        world.advance(1)
        assert program.listens is listens
