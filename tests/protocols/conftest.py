"""Fixtures for proxies: some, what they log, and an end to what is connected through them. And for servers of FTP.

They import what they need when they are used: pytest reads this file before `--oracle` has put Twisted in our place.
"""

import pytest

HERE = ["127.0.0.0/8"]


@pytest.fixture
def accounts():
    from reactor import log

    lines = []

    def observe(event):
        text = log.textFromEventDict(event) or ""
        if text.startswith(("SOCKS 4 ", "SOCKS 5 ")):
            lines.append(text)

    log.addObserver(observe)
    yield lines
    log.removeObserver(observe)


@pytest.fixture
def proxy(reactor, listen, disconnects):
    """Makes proxies; returns their ports."""

    def make(**options):
        from reactor.protocols.socks import Rules, SOCKSFactory

        options.setdefault("rules", Rules(allow=HERE))
        factory = SOCKSFactory(reactor=reactor, **options)
        factory.noisy = False
        return listen(factory).getHost().port

    return make


@pytest.fixture
def disconnects(reactor, listen):
    """Ends what is still connected after the test, before the ports are closed."""
    from tests.support.loopback import run_until

    def connected():
        return [one for one in reactor.transports if hasattr(one, "abortConnection")]

    yield
    for transport in connected():
        transport.abortConnection()
    run_until(reactor, lambda: not connected())


@pytest.fixture
def serve(one_reactor, tmp_path):
    """Makes a server of FTP, with these attributes in its sessions; ends it."""
    from tests.protocols.ftp_doubles import Served

    made = []

    def make(**attributes):
        made.append(Served(one_reactor, tmp_path, **attributes))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def ann(serve):
    """A speaker of FTP who is logged in as ann. ann.served is the server."""
    from tests.protocols.ftp_doubles import Speaker

    return Speaker(serve()).login()
