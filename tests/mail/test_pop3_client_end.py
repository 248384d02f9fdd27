"""A client of POP3 whose server proves nothing, or has gone."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client believes more than ours", allow_module_level=True)

from reactor.cred.error import LoginFailed
from reactor.error import ConnectionDone
from tests.mail.pop3_doubles import ClientTalk
from tests.support.outcomes import failure_of


@pytest.mark.parametrize("answer", [b"+ nonsense", b"+ cj1ub25zZW5zZQ==", b"+OK in"])
def test_a_server_that_proves_nothing_is_left_and_gets_no_password(answer):
    pytest.importorskip("scramp")
    talk = ClientTalk(capabilities=[b"SASL SCRAM-SHA-256 PLAIN"], allowInsecureLogin=True, allowAPOP=True)
    asked = talk.client.login(b"alice", b"secret")
    talk.say(b"+ ")
    talk.hear()
    talk.say(answer)
    assert talk.hear() == b"" and talk.transport.disconnecting
    talk.close()
    failure_of(asked, LoginFailed)


def test_what_is_asked_after_the_end_fails_at_once():
    talk = ClientTalk()
    talk.close()
    failure_of(talk.client.noop(), ConnectionDone)
    failure_of(talk.client.login(b"alice", b"secret"), ConnectionDone)
    assert not talk.clock.getDelayedCalls()
