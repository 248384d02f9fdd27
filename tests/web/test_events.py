"""Server-sent events: who hears what, who comes back, and who doesn't listen."""

import pytest

from reactor.web.events import EventSource, encoded
from tests.support.web_doubles import Talk, request


def listening(source, *headers):
    talk = Talk(source).send(request("/", "GET", "Accept: text/event-stream", *headers))
    (answer,) = talk.answers()
    assert not answer.is_complete
    assert answer.headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    talk.first = answer.body.decode("utf-8")
    return talk


def news(talk):
    """The events that came since, out of their chunks."""
    data, text = talk.taken(), b""
    while data:
        size, _, rest = data.partition(b"\r\n")
        text, data = text + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return text.decode("utf-8")


def test_everybody_who_listens_hears_what_is_published():
    source = EventSource()
    one, two = listening(source), listening(source)
    source.publish("it rains\nand rains", event="weather")
    source.publish("ü")
    heard = "event: weather\nid: 1\ndata: it rains\ndata: and rains\n\nid: 2\ndata: ü\n\n"
    assert news(one) == heard
    assert news(two) == heard


def test_who_comes_back_hears_what_it_missed():
    source = EventSource()
    for number in range(150):
        source.publish(str(number + 1))
    assert listening(source).first == ""
    assert listening(source, "Last-Event-ID: 148").first == "id: 149\ndata: 149\n\nid: 150\ndata: 150\n\n"
    assert listening(source, "Last-Event-ID: 3").first.startswith("id: 51\n")
    for nonsense in ("nonsense", "-1", "1e9", "\xb2", "", "9" * 5000, "9" * 18):
        assert listening(source, f"Last-Event-ID: {nonsense}").first == ""


def test_who_goes_is_forgotten_and_leaves_no_timer():
    went = []

    class Source(EventSource):
        def listenerCame(self, stream):
            stream.send("welcome", event="greeting", id="x")

        def listenerWent(self, stream):
            went.append(stream)

    source = Source()
    talk = listening(source)
    assert talk.first == "event: greeting\nid: x\ndata: welcome\n\n"
    (stream,) = source.streams
    talk.lose()
    assert went == [stream]
    assert source.streams == []
    assert talk.clock.getDelayedCalls() == []
    source.publish("nobody hears it")


def test_in_silence_a_line_that_means_nothing_is_sent():
    source = EventSource()
    talk = listening(source)
    for _ in range(2):
        talk.clock.advance(14.9)
        assert news(talk) == ""
        talk.clock.advance(0.1)
        assert news(talk) == ":\n\n"


def test_a_listener_can_be_told_that_it_is_over():
    source = EventSource()
    talk = listening(source)
    source.streams[0].finish()
    assert talk.taken() == b"0\r\n\r\n"
    assert source.streams == []


def test_events_wait_for_a_listener_who_is_slow_and_not_for_one_who_sleeps():
    source = EventSource()
    talk = listening(source)
    producer = talk.transport.producer
    producer.pauseProducing()
    source.publish("a")
    assert talk.taken() == b""
    producer.resumeProducing()
    assert news(talk) == "id: 1\ndata: a\n\n"
    producer.pauseProducing()
    for _ in range(1000):
        source.publish("b")
    assert not talk.transport.disconnected
    source.publish("one too many")
    assert talk.transport.disconnected


def test_HEAD_tells_what_it_is_and_does_not_listen():
    source = EventSource()
    assert Talk(source).get("/", "HEAD").headers[b"content-type"].startswith(b"text/event-stream")
    assert source.streams == []


def test_only_data_has_lines():
    assert encoded("a\r\nb\rc", retry_ms=500) == b"retry: 500\ndata: a\ndata: b\ndata: c\n\n"
    with pytest.raises(ValueError, match="one line"):
        encoded("x", event="a\nb")
    with pytest.raises(ValueError, match="id of an event"):
        encoded("x", id="a\0")
