"""An audience that follows the speaker: what it is told, and what it can't do, on real sockets."""

import resource
from functools import partial

import pytest

from lecture.serve import audience, listener
from reactor.web.websocket import ConnectionRejected


def places(page):
    return [(place["slide"], place["step"]) for place in page.of("place")]


def test_fifty_followers_are_told_of_every_move(served):
    served.start()
    speaker = served.speaker()
    followers = [served.follower() for _ in range(50)]
    moves = [("s2", 1), ("s2", 2), ("s3", 1), ("s20w1", 2)]
    for slide, step in moves:
        speaker.say(type="moved", slide=slide, step=step)
    served.until(lambda: all(len(places(page)) == len(moves) for page in followers))
    assert all(places(page) == moves for page in followers)
    assert places(speaker) == []


def test_who_comes_late_is_told_where_the_talk_is(served):
    served.start()
    speaker, early = served.speaker(), served.follower()
    assert places(early) == []
    speaker.say(type="moved", slide="s7", step=3)
    served.until(lambda: places(early))
    late = served.follower()
    served.until(lambda: places(late))
    assert places(late) == [("s7", 3)]


def test_who_goes_is_forgotten(served):
    served.start()
    page = served.follower()
    page.transport.loseConnection()
    served.until(lambda: page.has_gone and not served.server.audience.listeners)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "moved", "slide": "s2", "step": 1},
        {"type": "run", "example": "02_echo"},
        {"type": "stop"},
        {"type": "source", "example": "02_echo"},
    ],
)
def test_a_follower_that_wants_to_drive_is_sent_away_and_moves_nobody(served, message):
    served.start()
    speaker, other, follower = served.speaker(), served.follower(), served.follower()
    follower.say(**message)
    served.until(lambda: follower.has_gone)
    assert (follower.transport.closeCode, follower.transport.closeReason) == (
        1008,
        "only the speaker's page may say anything",
    )
    speaker.say(type="moved", slide="s5", step=1)
    served.until(lambda: places(other))
    assert places(other) == [("s5", 1)]
    assert other.of("run") == speaker.of("run") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is not JSON"),
        ("[1]", "its type is 'None'"),
        ('{"type": "dance"}', "its type is 'dance'"),
        ('{"type": "moved", "slide": "s2/../s3", "step": 1}', "'s2/../s3' is no name of a slide"),
        ('{"type": "moved", "slide": "s2", "step": 0}', "'0' is no step"),
        ('{"type": "moved", "slide": "s2", "step": true}', "'True' is no step"),
        ('{"type": "run", "example": "../02_echo"}', "'../02_echo' is no name of an example"),
        ('{"type": "run", "example": ".."}', "'..' is no name of an example"),
        ('{"type": "run", "example": "02_echo\\n"}', "is no name of an example"),
        ('{"type": "run", "example": "02_echo", "edits": {"../../x.py": ""}}', "'../../x.py' is no name of a program"),
        ('{"type": "run", "example": "02_echo", "edits": ["server.py"]}', "the edits of a run are texts by name"),
        ('{"type": "run", "example": "02_echo", "edits": {"server.py": 1}}', "the edits of a run are texts by name"),
        ("[" * 100_000, "it is not JSON"),
    ],
)
def test_a_message_that_is_none_of_ours_ends_the_connection_and_says_why(served, text, why):
    served.start()
    speaker = served.speaker()
    speaker.transport.sendTextMessage(text)
    served.until(lambda: speaker.has_gone)
    assert speaker.transport.closeCode == 1008
    assert why in speaker.transport.closeReason


def test_bytes_and_messages_that_are_too_long_end_the_connection(served):
    served.start()
    one, other = served.speaker(), served.speaker()
    one.transport.sendBytesMessage(b"{}")
    other.say(type="run", example="02_echo", edits={"server.py": "#" * 300_000})
    served.until(lambda: one.has_gone and other.has_gone)
    assert (one.transport.closeCode, other.transport.closeCode) == (1008, 1009)


def test_a_follower_that_does_not_read_is_dropped_and_the_others_are_told_all(served, monkeypatch):
    monkeypatch.setattr(listener, "MOST_WAITING", 20)
    served.start()
    deaf, well = served.follower(), served.follower()
    deaf.transport.pauseProducing()
    filler = {"type": "broken", "errors": [{"message": "x" * 50_000}]}
    told = []
    while len(served.server.audience.listeners) == 2:
        served.server.audience.tell(filler)
        told.append(filler)
        served.until(lambda: well.of("broken") == told)
        assert len(told) < 2000, "nothing bounds what waits for it"
    deaf.transport.resumeProducing()
    served.until(lambda: deaf.has_gone)
    assert not well.has_gone


def test_who_comes_when_the_room_is_full_is_told_so(served, monkeypatch):
    monkeypatch.setattr(audience, "MOST_LISTENERS", 2)
    served.start()
    first, _ = served.follower(), served.follower()
    refused = served.open()
    assert isinstance(refused, ConnectionRejected) and refused.code == 503
    first.transport.loseConnection()
    served.until(lambda: len(served.server.audience.listeners) == 1)
    assert served.follower().heard


def test_a_thousand_connections_are_no_end(served):
    """Those above the site's limit are told to come later; those below it follow; and it serves on afterwards."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))  # both ends are ours here
    try:
        served.start()
        speaker = served.speaker()
        opened = []
        while len(opened) < 1000:
            some = [served.opening() for _ in range(100)]
            served.until(partial(all, some))
            opened += some
        pages = [result[0] for result in opened if not hasattr(result[0], "value")]
        assert len(pages) == audience.MOST_LISTENERS - 1
        assert {result[0].value.code for result in opened if hasattr(result[0], "value")} == {503}
        speaker.say(type="moved", slide="s2", step=1)
        served.until(lambda: all(places(page) == [("s2", 1)] for page in pages))
        for page in pages:
            page.transport.abortConnection()
        served.until(lambda: len(served.server.audience.listeners) == 1)
        assert served.follower().heard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
