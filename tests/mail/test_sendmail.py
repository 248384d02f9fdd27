"""Sending one letter: how often it is tried, and what its Deferred says."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client has neither pipelining nor results for each recipient", allow_module_level=True)

from reactor.error import ConnectionRefusedError
from reactor.failure import Failure
from reactor.mail.smtp import SMTPConnectError, SMTPDeliveryError, sendmail
from reactor.testing import MemoryReactorClock, StringTransport
from tests.mail.clients import ARRIVED, LETTER, Script, ask
from tests.support.outcomes import outcomes


class Connector:
    tries = 0

    def connect(self):
        self.tries += 1


@pytest.fixture
def memory():
    return MemoryReactorClock()


def connected(memory, server, number=0):
    """Connect the client's last attempt to this server."""
    factory = memory.tcpClients[number][2]
    client = factory.buildProtocol(None)
    ask(server, client)
    return factory, client


def test_sendmail_sends_one_letter_and_tells_how_many_got_it(memory, ours, letters):
    result = outcomes(sendmail("mx.example", "ann@a.example", ["bob@b.example", b"joe@b"], LETTER, reactor=memory))
    assert memory.tcpClients[0][:2] == ("mx.example", 25)
    connected(memory, ours())
    [(count, addresses)] = result
    assert (count, [address for address, _, _ in addresses]) == (2, [b"bob@b.example", b"joe@b"])
    assert [text for _, text in letters.taken] == [ARRIVED] * 2


def test_sendmail_fails_when_nobody_gets_it(memory):
    result = outcomes(sendmail("mx", b"a@b", b"c@d", LETTER, reactor=memory, senderDomainName="me"))
    connected(memory, Script(RCPT="550 no"))
    problem = result[0].value
    assert type(problem) is SMTPDeliveryError
    assert (problem.code, problem.addresses) == (550, [(b"c@d", 550, b"no")])


def test_sendmail_tries_again_when_the_server_has_no_time(memory, ours, letters):
    result = outcomes(sendmail("mx", b"a@b", b"c@d", LETTER, reactor=memory))

    busy = Script()
    busy.greeting = b"421 busy"
    factory, _ = connected(memory, busy)
    assert not result
    connector = Connector()
    factory.clientConnectionLost(connector, None)
    assert connector.tries == 1
    connected(memory, ours())
    assert result[0][0] == 1


def test_sendmail_gives_up_after_its_tries(memory):
    connector = Connector()
    result = outcomes(sendmail("mx", b"a@b", b"c@d", LETTER, reactor=memory))
    for _ in range(6):
        memory.tcpClients[0][2].clientConnectionFailed(connector, Failure(ConnectionRefusedError()))
    assert connector.tries == 5
    assert type(result[0].value) is SMTPConnectError
    assert isinstance(result[0].value.__cause__, ConnectionRefusedError)


def test_a_cancelled_sendmail_hangs_up(memory):
    waiting = sendmail("mx", b"a@b", b"c@d", LETTER, reactor=memory)
    result = outcomes(waiting)
    client = memory.tcpClients[0][2].buildProtocol(None)
    client.makeConnection(StringTransport())
    waiting.cancel()
    assert client.transport.disconnected
    assert result[0].check(Exception)
