"""A client of IMAP hands bodies on as they come, to a consumer, and keeps none."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client sends one command after the other", allow_module_level=True)

from reactor.error import ConnectionDone
from reactor.testing import StringTransport
from tests.mail.imap_doubles import Talk
from tests.support.outcomes import failure_of, result_of


@pytest.fixture
def talk():
    return Talk()


def test_a_body_goes_to_a_consumer_while_it_comes(talk):
    consumer = StringTransport()
    talk.client.maxBytes = 10
    asked = talk.client.fetchSpecific(4, peek=True, consumer=consumer)
    assert talk.hear() == b"0001 FETCH 4 BODY.PEEK[]\r\n"
    talk.say(b"* 4 FETCH (UID 9 BODY[] {1000}")
    talk.client.dataReceived(b"x" * 400)
    assert consumer.value() == b"x" * 400 and consumer.producer is talk.client
    consumer.producer.pauseProducing()
    assert talk.transport.producerState == "paused" and talk.client.timeOut is None
    consumer.producer.resumeProducing()
    assert talk.transport.producerState == "producing" and talk.client.timeOut == talk.client.timeout
    talk.client.dataReceived(b"y" * 600 + b")\r\n")
    talk.say(b"0001 OK done")
    assert consumer.value() == b"x" * 400 + b"y" * 600 and consumer.producer is None
    assert result_of(asked) == {4: [["UID", "9", "BODY", [], ""]]}


@pytest.mark.parametrize("uid", [False, True])
def test_a_consumer_gets_the_body_that_was_asked_for_and_no_other_literal(talk, uid):
    consumer = StringTransport()
    asked = talk.client.fetchSpecific(4, uid=uid, peek=True, consumer=consumer)
    talk.answer(
        b"UID FETCH 4 BODY.PEEK[]" if uid else b"FETCH 4 BODY.PEEK[]",
        b"* 5 FETCH (UID 5 BODY[] {7}\r\nother's)",
        b"* 4 FETCH (UID 4 X-NOTE {4}\r\nnote BODY[] {4}\r\nbody X-MORE {4}\r\nmore)",
    )
    assert consumer.value() == b"body" and consumer.producer is None
    assert result_of(asked) == {4: [["UID", "4", "X-NOTE", "note", "BODY", [], "", "X-MORE", "more"]]}


@pytest.mark.parametrize("label", [b"BODY[TEXT]<0>", b"body[header.fields (date to)]", b"BODY[1.MIME]"])
def test_a_consumer_gets_a_part_while_it_comes(talk, label):
    consumer = StringTransport()
    asked = talk.client.fetchSpecific("1:*", peek=True, headerType="TEXT", consumer=consumer)
    talk.hear()
    talk.client.dataReceived(b"* 4 FETCH (" + label + b" {8}\r\nhalf")
    assert consumer.value() == b"half"
    talk.close()
    failure_of(asked, ConnectionDone)


def test_a_consumer_that_has_room_after_the_end_wakes_nobody(talk):
    consumer = StringTransport()
    asked = talk.client.fetchSpecific(4, consumer=consumer)
    talk.hear()
    talk.say(b"* 4 FETCH (BODY[] {1000}")
    producer = consumer.producer
    producer.pauseProducing()
    talk.close()
    producer.resumeProducing()
    failure_of(asked, ConnectionDone)
    assert consumer.producer is None and not talk.clock.getDelayedCalls()


@pytest.mark.parametrize("value, got", [(b'"abc"', b"abc"), (b"NIL", b""), (b"{0}\r\n", b""), (b"{3}\r\nabc", b"abc")])
def test_a_consumer_gets_a_body_in_any_form(talk, value, got):
    consumer = StringTransport()
    asked = talk.client.fetchSpecific(4, consumer=consumer)
    talk.answer(b"FETCH 4 BODY[]", b"* 4 FETCH (FLAGS (x) BODY[] " + value + b")")
    assert consumer.value() == got and consumer.producer is None and 4 in result_of(asked)
    assert talk.client.news == [("flags", {4: ["x"]})]
