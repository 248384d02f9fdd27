"""Who may come in, and who may speak: every combination that somebody might try, on real sockets."""

import pytest

from lecture.errors import LectureError
from lecture.serve.door import checked_address
from reactor.web.websocket import ConnectionRejected


def refused_with(served, **asked):
    """The code of the answer to a handshake; None if it is let in."""
    answer = served.open(**asked)
    if isinstance(answer, ConnectionRejected):
        return answer.code
    answer.transport.loseConnection()
    served.until(lambda: answer.has_gone)
    return None


def test_only_our_own_pages_come_in(served):
    served.start()
    port = served.server.door.port
    assert refused_with(served) is None
    assert refused_with(served, origin=f"http://localhost:{port}", host=f"localhost:{port}") is None
    for origin in (
        "http://evil.example",
        f"http://127.0.0.1:{port + 1}",
        f"https://127.0.0.1:{port}",
        "null",
        "file://",
    ):
        assert refused_with(served, origin=origin) == 403, origin


def test_a_name_that_was_pointed_at_us_is_refused(served):
    """DNS rebinding: page and server have one origin, but it isn't ours. Plain pages are in test_serving."""
    served.start()
    port = served.server.door.port
    for host in (f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "127.0.0.1", "x"):
        assert refused_with(served, host=host, origin=f"http://{host}") == 403, host
        assert refused_with(served, host=host, token=served.server.door.token) == 403, host


def test_who_speaks_needs_the_token_and_an_origin(served):
    served.start()
    token = served.server.door.token
    assert refused_with(served, token=token) is None
    for wrong in ("", "x", token[:-1], token + "x", token.swapcase(), f"{token}&token={token}", "%FF"):
        assert refused_with(served, token=wrong) == 403, wrong
    assert refused_with(served, token=token, origin=False) == 403
    assert refused_with(served, token=token, origin="http://evil.example") == 403


def test_tokens_are_long_and_different(served):
    served.start()
    assert len(served.server.door.token) >= 32
    assert served.server.door.token not in served.server.door.audience_link("deck.html")
    assert served.server.door.speakers_link("deck.html").endswith(f"/deck.html?token={served.server.door.token}")


def test_an_audience_elsewhere_may_follow_but_nobody_speaks_from_there(served):
    served.start(audience_at="https://talk.example.org")
    elsewhere = {"host": "talk.example.org", "origin": "https://talk.example.org"}
    assert refused_with(served, **elsewhere) is None
    assert refused_with(served, **elsewhere, token=served.server.door.token) == 403
    assert refused_with(served, host="talk.example.org", token=served.server.door.token) == 403
    assert served.server.door.audience_link("deck.html") == "https://talk.example.org/deck.html"
    assert served.server.door.speakers_link("").startswith("http://127.0.0.1:")


def test_an_audience_elsewhere_is_not_told_of_mistakes(served):
    """They name files of this machine."""
    served.start(audience_at="https://talk.example.org")
    here, elsewhere = served.follower(), served.open(host="talk.example.org", origin="https://talk.example.org")
    served.replace("lecture =", "nonsense\nlecture =")
    served.until(lambda: here.of("broken"))
    served.replace("nonsense\n", "")
    served.until(lambda: len(elsewhere.of("built")) == 2)
    late = served.open(host="talk.example.org", origin="https://talk.example.org")
    served.until(lambda: late.of("built"))
    assert elsewhere.of("broken") == late.of("broken") == []


def test_an_address_for_the_audience_is_one_of_a_site():
    assert checked_address("https://Talk.example.org/") == "https://talk.example.org"
    assert checked_address("http://10.0.0.1:8080") == "http://10.0.0.1:8080"
    for wrong in ("talk.example.org", "ftp://x", "http://", "http://u@x", "http://x/deck", "http://[", "http://x:y"):
        with pytest.raises(LectureError, match="is no address of a site"):
            checked_address(wrong)
