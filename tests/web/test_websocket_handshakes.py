"""The handshake of WebSockets: what servers make of requests, and clients of answers, however odd their headers are."""

import random

import pytest
from wsproto import ConnectionType, events
from wsproto.extensions import PerMessageDeflate

from reactor.failure import Failure
from reactor.web.http_headers import Headers
from reactor.web.websocket import WebSocketResource, WebSocketServerFactory
from reactor.web.websocket.handshake import BadHandshake, is_of_host, read_request
from reactor.web.websocket.limits import BoundedDeflate, MessageLimit
from tests.support.web_doubles import Talk, parse
from tests.support.websocket_doubles import KEY, Browser, Noting
from tests.web.test_websocket_client import Server


def test_what_is_spoken_is_agreed_on():
    browser = Browser(subprotocols=["old", "new", "other"])
    assert browser.heard()[0].subprotocol == "new"
    assert browser.protocol.transport.subprotocol == "new"


@pytest.mark.parametrize(
    ("origin", "allowed", "opens"),
    [
        ("http://example.org", None, True),
        ("http://EXAMPLE.org", None, True),
        ("http://evil.org", None, False),
        ("http://example.org:81", None, False),
        ("null", None, False),
        ("http://friend.org", ["http://friend.org"], True),
        ("http://evil.org", ["http://friend.org"], False),
        ("http://evil.org", ["*"], True),
    ],
)
def test_pages_of_strangers_may_not_open_one(origin, allowed, opens):
    browser = Browser(headers=[(b"Origin", origin.encode())], host="example.org", allowedOrigins=allowed)
    answer = browser.heard()[0]
    assert isinstance(answer, events.AcceptConnection) is opens
    if not opens:
        assert answer.status_code == 403
        assert browser.protocols == []


def test_the_factory_may_turn_somebody_away():
    assert Browser(target="/ws?who=stranger").heard()[0].status_code == 403


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ("", 426),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\n", 400),
        ("Upgrade: websocket\r\n" + KEY, 400),
        ("Upgrade: h2c\r\nConnection: Upgrade\r\n" + KEY, 400),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\n" + KEY.replace("13", "8"), 400),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n", 400),
    ],
)
def test_a_request_for_anything_else_is_told_what_is_here(headers, code):
    talk = Talk(WebSocketResource(WebSocketServerFactory.forProtocol(Noting)))
    answer = parse(talk.send(f"GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode("ascii")).taken())[0]
    assert answer.code == code
    assert talk.get("/", "POST").code == 405


ASKS = {
    "Host": "x",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEA==",
    "Sec-WebSocket-Version": "13",
}


def asked(*more, **changed):
    """What a server answers when some headers of a right request are different. more: lines besides."""
    talk = Talk(WebSocketResource(WebSocketServerFactory.forProtocol(Noting)))
    headers = ASKS | {name.replace("_", "-"): value for name, value in changed.items()}
    lines = [f"{name}: {value}" for name, value in headers.items()] + list(more)
    return talk.send("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]).encode("latin-1")).taken()


def code_of(data):
    return int(data.split()[1])


@pytest.mark.parametrize(
    "changed",
    [
        {"Sec_WebSocket_Key": "AQIDBAUGBwgJCgsMDQ4PEA="},
        {"Sec_WebSocket_Key": "ÄQIDBAUGBwgJCgsMDQ4PEA=="},
        {"Sec_WebSocket_Key": ""},
        {"Sec_WebSocket_Version": "13, 8"},
        {"Sec_WebSocket_Version": "1³"},
        {"Connection": "Üpgrade"},
        {"Connection": ""},
        {"Upgrade": "wébsocket"},
        {"Upgrade": "websocket/13"},
    ],
    ids=str,
)
def test_odd_values_of_headers_that_matter_are_a_bad_request(changed, logged_errors):
    answer = asked(**changed)
    assert code_of(answer) == 400
    assert b"sec-websocket-version: 13" in answer.lower()


def test_a_second_key_is_a_bad_request():
    assert code_of(asked("Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==")) == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"Connection": "keep-alive, UPGRADE"},
        {"Upgrade": "h2c, WebSocket"},
        {"Sec_WebSocket_Protocol": "ünknown, ,,"},
        {"Sec_WebSocket_Extensions": 'ü; x="1,2", ;=, permessage-deflate; ü'},
        {"Transfer_Encoding": "chunked"},
        {"Host": "xn--"},
        {"Host": "a" * 64},
    ],
    ids=lambda changed: str(changed)[:60],
)
def test_odd_values_of_other_headers_do_no_harm(changed):
    more = "0\r\n\r\n" if "Transfer_Encoding" in changed else ""
    talk = Talk(WebSocketResource(WebSocketServerFactory.forProtocol(Noting)))
    headers = ASKS | {name.replace("_", "-"): value for name, value in changed.items()}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    talk.send(("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]) + more).encode("latin-1"))
    assert code_of(talk.taken()) == 101


@pytest.mark.parametrize(
    ("offers", "answer"),
    [
        ("permessage-deflate", b"permessage-deflate"),
        ("permessage-deflate; client_max_window_bits", b"permessage-deflate; client_max_window_bits=15"),
        ("permessage-deflate; server_max_window_bits=10", b"permessage-deflate; server_max_window_bits=10"),
        ("permessage-deflate; server_max_window_bits=8", None),
        ("permessage-deflate; server_max_window_bits=99", None),
        ("permessage-deflate; server_max_window_bits=abc", None),
        ("permessage-deflate; server_max_window_bits", None),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", None),
        ("permessage-deflate; client_max_window_bits; client_max_window_bits=9", None),
        ("permessage-deflate; client_max_window_bits=¹¹", None),
        ("permessage-deflate; and_more", None),
        ("permessage-deflate; and_more, permessage-deflate", b"permessage-deflate"),
        (
            "permessage-deflate; server_no_context_takeover, permessage-deflate; client_max_window_bits=9",
            b"permessage-deflate; server_no_context_takeover",
        ),
        ("permessage-deflate; client_max_window_bits=9; and_more, permessage-deflate", b"permessage-deflate"),
        ("x-webkit-deflate-frame", None),
    ],
)
def test_the_first_offer_of_compression_that_makes_sense_is_taken(offers, answer):
    lines = asked(Sec_WebSocket_Extensions=offers).split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 101 Switching Protocols"
    given = [line.partition(b": ")[2] for line in lines if line.lower().startswith(b"sec-websocket-extensions")]
    assert given == ([] if answer is None else [answer])


def test_an_offer_that_was_declined_leaves_no_trace():
    offers = "permessage-deflate; client_max_window_bits=9; and_more, permessage-deflate"
    browser = Browser(headers=[(b"Sec-WebSocket-Extensions", offers.encode())])
    heard = browser.talk.taken()
    assert code_of(heard) == 101
    mine = PerMessageDeflate()
    mine.finalize("permessage-deflate")
    from wsproto.connection import Connection

    client = Connection(ConnectionType.CLIENT, [mine])
    text = random.Random(1).randbytes(20_000).hex()
    browser.talk.send(client.send(events.TextMessage(text + text[:9000])))
    assert browser.protocol.heard[-1] == text + text[:9000]


def test_random_headers_are_no_reason_for_a_traceback():
    """500 requests with odd values; `logged_errors` fails any test that logs an error."""
    dice = random.Random(11)
    pieces = [
        *map(chr, range(0x20, 0x100)),
        "websocket",
        "Upgrade",
        "permessage-deflate",
        "_max_window_bits=",
        "13",
        ", ",
        ";",
    ]
    for _ in range(500):
        name = dice.choice([*ASKS, "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Origin"])
        value = "".join(dice.choices(pieces, k=dice.randrange(8))).replace("\x7f", "").strip()
        assert code_of(asked(**{name.replace("-", "_"): value})) in (101, 400, 403), (name, value)


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://example.org", "example.org", True),
        ("http://example.org", "example.org:80", True),
        ("https://example.org", "example.org", True),
        ("https://example.org", "example.org:443", True),
        ("http://example.org:80", "example.org", True),
        ("http://example.org:8080", "example.org:8080", True),
        ("http://[::1]:81", "[::1]:81", True),
        ("http://Example.ORG", "eXample.org:", True),
        ("http://example.org:8080", "example.org", False),
        ("http://example.org", "example.org:8080", False),
        ("http://example.org:8081", "example.org:8080", False),
        ("https://example.org", "example.org:80", False),
        ("http://example.org", "example.org:443", False),
        ("http://example.org.evil", "example.org", False),
        ("http://evil@example.org", "example.org", False),
        ("http://example.org/", "example.org", False),
        ("ftp://example.org", "example.org", False),
        ("http://[::1", "[::1", False),
        ("http://", "", False),
        ("null", "null", False),
        ("", "", False),
        ("http://example.org:٨٠", "example.org:٨٠", False),
    ],
)
def test_a_page_is_of_this_host_if_name_and_port_are_the_same(origin, host, same):
    assert is_of_host(origin, host) is same


def test_two_origins_are_none():
    headers = [(b"Origin", b"http://example.org")] * 2
    assert Browser(headers=headers, host="example.org").heard()[0].status_code == 403
    assert Browser(headers=headers, host="example.org", allowedOrigins=["*"]).heard()[0].status_code == 403


def test_a_request_without_headers_asks_for_nothing():
    with pytest.raises(BadHandshake, match="Connection: Upgrade"):
        read_request(Headers())


# --- the client


def answered(*more, **changed):
    """What a client makes of an answer in which some headers are different."""
    server = Server(protocols=("p",))
    server.heard()
    lines = server.ws.send(events.AcceptConnection(subprotocol="p")).decode("latin-1").split("\r\n")[:-2]
    for name, value in changed.items():
        lines = [line for line in lines if not line.lower().startswith(name.replace("_", "-").lower() + ":")]
        lines.append(f"{name.replace('_', '-')}: {value}")
    server.handshake.dataReceived("\r\n".join([*lines, *more, "", ""]).encode("latin-1"))
    return server


@pytest.mark.parametrize(
    "changed",
    [
        {"Sec_WebSocket_Extensions": "permessage-deflate; server_max_window_bits=abc"},
        {"Sec_WebSocket_Extensions": "permessage-deflate; client_max_window_bits"},
        {"Sec_WebSocket_Extensions": "permessage-deflate; and_more"},
        {"Sec_WebSocket_Extensions": "permessage-deflate, permessage-deflate"},
        {"Sec_WebSocket_Extensions": "ünknown"},
        {"Sec_WebSocket_Protocol": "ü"},
        {"Sec_WebSocket_Protocol": "another"},
        {"Sec_WebSocket_Accept": "ü"},
        {"Connection": "Üpgrade"},
        {"Upgrade": "ü"},
    ],
    ids=str,
)
def test_an_answer_with_odd_headers_is_a_failure(changed):
    server = answered(**changed)
    (failure,) = server.result
    assert isinstance(failure, Failure)
    assert server.transport.disconnected


@pytest.mark.parametrize("cut", ["whole", "byte by byte"])
def test_frames_right_behind_the_answer_are_heard_however_the_network_cuts(cut):
    server = Server()
    server.heard()
    data = server.ws.send(events.AcceptConnection()) + b"\x81\x02\n\n\x82\x03\r\n\r\x81\x01x"
    for piece in [data] if cut == "whole" else [data[at : at + 1] for at in range(len(data))]:
        server.handshake.dataReceived(piece)
    assert server.protocol.heard == ["open", "\n\n", b"\r\n\r", "x"]


def test_a_client_that_can_not_ask_says_why():
    for options in ({"url": f"ws://{'a' * 64}.org/"}, {"headers": Headers({b"Content-Length": [b"many"]})}):
        server = Server(**options)
        (failure,) = server.result
        assert isinstance(failure, Failure) and not failure.check(AssertionError)
        assert server.transport.disconnected


def test_compression_is_agreed_on_once():
    deflate = BoundedDeflate(MessageLimit())
    deflate.finalize("permessage-deflate")
    with pytest.raises(ValueError, match="permessage-deflate; x"):
        deflate.finalize("permessage-deflate; x")
