"""What tests of telnet and of SSH share: what peers leave open is closed behind each test."""

import pytest


@pytest.fixture
def serve(one_reactor):
    """Makes a server that a test describes: an asyncssh.SSHServer class. Returns the number of its port."""
    import asyncssh  # here: where Twisted stands in for the reactor, there is none of these

    from reactor.conch.ssh.loop import Carrier, loop_of
    from reactor.protocol import ServerFactory
    from tests.conch.ssh_house import HOST_KEY
    from tests.conch.ssh_servers import until_idle

    loop, ports = loop_of(one_reactor), []

    def listen(make, protocol=None):
        options = asyncssh.SSHServerConnectionOptions(server_factory=make, server_host_keys=[HOST_KEY])
        factory = ServerFactory()
        factory.noisy = False
        factory.protocol = protocol or (lambda: Carrier(loop, asyncssh.SSHServerConnection(loop, options)))
        ports.append(one_reactor.listenTCP(0, factory, interface="127.0.0.1"))
        return ports[-1].getHost().port

    yield listen
    for port in ports:
        port.stopListening()
    until_idle(one_reactor)


@pytest.fixture
def opened(one_reactor):
    """Keeps what is to be closed after the test; then nothing is connected any more."""
    from tests.support.loopback import run_until, stop_listening

    kept = []
    yield kept
    for one in kept:
        if hasattr(one, "close"):
            one.close()
        else:
            stop_listening(one_reactor, one.listening)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)
