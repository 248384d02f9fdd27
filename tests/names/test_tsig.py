"""Signed messages, without a network: what is noticed, and what is refused."""

import base64

import pytest

from reactor.names import dns
from reactor.names.tsig import Key, TSIGError, without_signature

SECRET = base64.b64encode(b"a secret of 32 bytes for testing").decode()
A_RECORD = dns.RRHeader("a.example.org", dns.A, payload=dns.Record_A())


@pytest.fixture
def key():
    return Key("transfer.key", SECRET)


def answered(question, *records):
    message = dns.Message(question.id, answer=1, maxSize=0)
    message.answers = list(records)
    return message.toStr()


def session_pair(key, server_clock=1000.0):
    question = answered(dns.Message(5), A_RECORD)
    client, server = key.session(lambda: 1000.0), key.session(lambda: server_clock)
    signed = client.sign(question)
    return client, server, question, signed


def test_a_signed_message_is_itself_again_when_it_was_checked(key):
    client, server, question, signed = session_pair(key)
    assert server.checked(signed, is_question=True) == question != signed
    for number in range(3):
        answer = answered(dns.Message(5), *[A_RECORD] * number)
        assert client.checked(server.sign(answer)) == answer


def test_each_changed_bit_of_a_signed_message_is_noticed(key):
    for place in range(len(session_pair(key)[3])):
        _, server, _, signed = session_pair(key)
        changed = bytearray(signed)
        changed[place] ^= 1
        try:
            server.checked(bytes(changed), is_question=True)
        except (TSIGError, dns.DNSDecodeError):
            continue
        # the id may be another one (a forwarder's), and a name's case, class and TTL of the record are not covered
        bare, _, _ = without_signature(bytes(changed))
        assert place < 2 or place >= len(bare)


def test_a_message_left_out_of_a_run_is_noticed(key):
    client, server, _, signed = session_pair(key)
    server.checked(signed, is_question=True)
    run = [server.sign(answered(dns.Message(5), A_RECORD)) for _ in range(3)]
    client.checked(run[0])
    with pytest.raises(TSIGError, match=r"the signature by .* is wrong"):
        client.checked(run[2])


def test_some_messages_of_a_run_may_be_unsigned_but_not_the_last(key):
    client, server, _, signed = session_pair(key)
    server.checked(signed, is_question=True)
    client.checked(server.sign(answered(dns.Message(5), A_RECORD)))
    unsigned = answered(dns.Message(5), A_RECORD)
    assert client.checked(unsigned) == unsigned
    with pytest.raises(TSIGError, match="the last message of the answer is not signed"):
        client.check_end()


def test_clocks_that_differ_by_more_than_five_minutes_are_told(key):
    _, server, _, signed = session_pair(key, server_clock=1000.0 + 301)
    with pytest.raises(TSIGError, match="the clocks differ: signed at 1000, now 1301") as caught:
        server.checked(signed, is_question=True)
    assert caught.value.code == dns.EBADTIME


@pytest.mark.parametrize(
    "text, says",
    [
        ("hmac-md5:k:c2VjcmV0", "'hmac-md5' is no algorithm of ours"),
        ("k:!!", "the secret is not in base 64"),
        ("k", "a key is written"),
    ],
)
def test_what_is_no_key_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        Key.fromText(text)


def test_a_key_can_be_written_as_dig_takes_it():
    assert Key.fromText(f"hmac-sha512:k:{SECRET}").algorithm == b"hmac-sha512"
    assert Key.fromText(f"K.:{SECRET}").name == b"k"
