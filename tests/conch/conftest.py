"""What peers of telnet leave open is closed behind each test."""

import pytest


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
