"""A trace in other shapes: for Perfetto, for Wireshark, and as a sequence diagram."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no traces", allow_module_level=True)

from reactor import protocol
from reactor.sim import World
from reactor.trace import Recorder, perfetto
from reactor.trace.sequence import Arrow, Mark, Sequence, sequence_of
from reactor.trace.svg import draw
from tests.support import packet_reader
from tests.support.traces import EXAMPLES, echo, recorded, steps

CHAT = ("04_chat", ("server.py",), ("guest.py", "ann"), ("guest.py", "bob"))


@pytest.fixture(scope="module", params=["echo", "chat", "cut"])
def timeline(request):
    runs = {"echo": echo, "chat": lambda: recorded(*CHAT), "cut": lambda: echo(most_steps=41)}
    return runs[request.param]().timeline()


# --- Perfetto


@pytest.fixture
def events(timeline):
    """The events of the Perfetto file."""
    return json.loads(perfetto.to_json(timeline))["traceEvents"]


def test_every_step_is_a_slice(timeline, events):
    shown = [event["args"]["step"] for event in events if event["ph"] == "X"]
    assert shown == [number for number, step in enumerate(timeline.steps) if step["kind"] != "end"]


def test_slices_of_one_thread_are_nested_or_apart(events):
    open_slices = {}
    for event in sorted((e for e in events if e["ph"] == "X"), key=lambda e: e["ts"]):
        stack = open_slices.setdefault((event["pid"], event["tid"]), [])
        while stack and stack[-1] <= event["ts"]:
            stack.pop()
        end = event["ts"] + event["dur"]
        assert event["dur"] > 0 and (not stack or end <= stack[-1])
        stack.append(end)


def test_arrows_go_from_a_slice_to_a_later_one(timeline, events):
    slices = [event for event in events if event["ph"] == "X"]
    begins = {event["id"]: event for event in events if event["ph"] == "s"}
    ends = {event["id"]: event for event in events if event["ph"] == "f"}
    assert set(begins) == set(ends)
    assert len(begins) == sum(len(step.get("because", ())) for step in timeline.steps) > 0
    for number, begin in begins.items():
        assert begin["ts"] < ends[number]["ts"] and ends[number]["bp"] == "e"
        for one in (begin, ends[number]):
            assert any(s["ts"] == one["ts"] and s["pid"] == one["pid"] for s in slices)


def test_what_lasts_begins_once_and_ends_once(events):
    lasting = {}
    for event in events:
        if event["ph"] in "bne":
            lasting.setdefault(event["id"], []).append(event["ph"])
    assert lasting and all(
        phases[0] == "b" and phases[-1] == "e" and set(phases[1:-1]) <= {"n"} for phases in lasting.values()
    )


def test_programs_are_processes_with_names(timeline, events):
    names = {event["pid"]: event["args"]["name"] for event in events if event["name"] == "process_name"}
    assert names[0] == "network" and len(names) == 1 + len(timeline.programs)
    assert {event["pid"] for event in events} <= set(names)


# --- pcap


class Ends(protocol.Protocol):
    """Says something, and goes as its factory says."""

    def connectionMade(self):
        self.transport.write(b"hello " * 500)
        self.transport.abortConnection() if self.factory.rude else self.transport.loseConnection()


class Answer(protocol.DatagramProtocol):
    def datagramReceived(self, datagram, sender):
        self.transport.write(datagram.upper(), sender)


class Ask(protocol.DatagramProtocol):
    """Asks somebody, and somebody who isn't there."""

    def __init__(self, host):
        self.host = host

    def startProtocol(self):
        for port in (53, 54):
            self.transport.write(b"odd", (self.host, port))


@pytest.fixture(scope="module", params=["10.0.0.2", "fd00::2"])
def captured(request, tmp_path_factory):
    """A file of packets with connections that end, are reset and refused, and datagrams; over IPv4 and IPv6."""
    other, own = request.param, request.param[:-1] + "1"
    with World(seed=3) as world, Recorder(world) as recorder:
        for name in ("a", "b"):
            world.host(name)
        a, b = world.reactor("a"), world.reactor("b")
        b.listenTCP(80, protocol.Factory.forProtocol(protocol.Protocol), interface=other)
        b.listenUDP(53, Answer(), interface=other)
        a.listenUDP(0, Ask(other), interface=own)
        for port, rude in ((80, False), (80, True), (81, False)):
            factory = protocol.ClientFactory.forProtocol(Ends)
            factory.rude = rude
            a.connectTCP(other, port, factory)
        for _ in range(20):
            a.iterate(0.01)
            b.iterate(0.01)
    path = tmp_path_factory.mktemp("pcap") / "run.pcap"
    recorder.write_pcap(path)
    return path


def test_every_packet_has_its_headers_and_checksums(captured):
    assert len(packet_reader.read(captured)) > 20


def test_connections_begin_with_a_handshake_and_end_as_they_were_ended(captured):
    ends = {}
    for packet in packet_reader.read(captured):
        if packet.protocol == "TCP":
            ends.setdefault(frozenset((packet.source, packet.target)), []).append(packet)
    assert len(ends) == 3
    flags = [[packet.flags - {"PSH"} for packet in packets] for packets in ends.values()]
    assert all(one[:1] == [{"SYN"}] for one in flags)
    answered = [one for one in flags if one[1] == {"SYN", "ACK"}]
    refused = [one for one in flags if one[1] == {"RST", "ACK"}]
    assert len(answered) == 2 and len(refused) == 1
    assert sorted(any("FIN" in one for one in each) for each in answered) == [False, True]
    assert sum(any("RST" in one for one in each) for each in answered) == 1


def test_the_bytes_of_a_connection_are_all_there_in_their_places(captured):
    said = {}
    for packet in packet_reader.read(captured):
        if packet.protocol == "TCP" and packet.data and packet.target[1] == 80:
            said.setdefault(packet.source, {})[packet.seq] = packet.data
    streams = [b"".join(pieces[place] for place in sorted(pieces)) for pieces in said.values()]
    assert b"hello " * 500 in streams


def test_datagrams_and_the_news_that_nobody_is_there(captured):
    packets = packet_reader.read(captured)
    assert {packet.data for packet in packets if packet.protocol == "UDP"} == {b"odd", b"ODD"}
    assert any(packet.protocol.startswith("ICMP") for packet in packets)


def test_packets_are_in_the_order_of_time(captured):
    times = [packet.seconds for packet in packet_reader.read(captured)]
    assert times == sorted(times) and times[0] >= 1048672800


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_tshark_finds_nothing_wrong(captured):
    checks = [f"-o{name}.check_checksum:TRUE" for name in ("ip", "tcp", "udp")]
    fields = [f"-e{name}.checksum.status" for name in ("ip", "tcp", "udp", "icmp", "icmpv6")]
    done = subprocess.run(
        ["tshark", "-r", captured, *checks, "-Tfields", "-E", "occurrence=f", *fields, "-e_ws.expert.severity"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(lines) == len(packet_reader.read(captured))
    bad, good, unverified = "0", "1", "2"  # the last is for a datagram of which ICMP quotes the beginning
    statuses = [status for line in lines for status in line[:5]]
    assert bad not in statuses and statuses.count(unverified) == 1 and statuses.count(good) >= len(lines)


def test_packets_that_there_is_no_room_for_are_counted():
    recorder = echo(packet_bytes=100)
    assert len(recorder.packets) == 2 and recorder.packets_left_out > 0


# --- sequence diagrams


def test_the_echo_in_words():
    assert sequence_of(echo().timeline()).told() == [
        "server.py: listens on 7771",
        "server.py: listening on port 7771",
        "client.py to server.py: connect to 127.0.0.1:7771",
        "server.py: connection made with 127.0.0.1",
        "client.py to server.py: hello world",
        "server.py to client.py: hello world",
        "client.py: received hello world",
        "client.py to server.py: close",
        "server.py: connection was lost, alas",
    ]


def test_programs_of_one_name_are_told_apart():
    assert sequence_of(recorded(*CHAT).timeline()).lifelines == ["server.py", "guest.py 1", "guest.py 2"]


def test_who_is_not_watched_is_elsewhere():
    with World() as world:
        world.host("here")
        server = world.run(EXAMPLES / "03_echo/server.py", host="here")
        with Recorder(world) as recorder:
            client = world.run(EXAMPLES / "03_echo/client.py", host="here")
            world.run_until(lambda: not client.is_running)
        assert server.is_running
    told = sequence_of(recorder.timeline()).told()
    assert "client.py: received hello world" in told


def test_a_datagram_that_is_lost_does_not_arrive():
    timeline = recorded("40_udp", ("server.py",), ("client.py",)).timeline()
    sequence = sequence_of(timeline)
    arrows = [item for item in sequence.items if hasattr(item, "source")]
    assert len([arrow for arrow in arrows if arrow.end is not None]) == len(steps(timeline, "datagram.received"))
    assert [arrow.end is None for arrow in arrows if arrow.text == "soup?"] == [False, False]
    assert [arrow.begin for arrow in arrows] == [step["because"][0] for step in steps(timeline, "datagram.received")]


def test_a_long_diagram_says_how_much_is_left_out():
    sequence = sequence_of(echo().timeline(), most=4)
    assert len(sequence.items) == 4 and sequence.left_out == 5
    assert "… and 5 more" in draw(sequence, "Echo")


def test_what_a_program_says_to_itself_and_to_nobody_stays_at_its_lifeline():
    sequence = sequence_of(recorded("06_reconnect", ("reconnect.py",)).timeline())
    assert sequence.lifelines == ["reconnect.py"]
    told = sequence.told()
    assert told.count("reconnect.py to nobody: connect to 127.0.0.1:7774") == 2
    assert told[-1] == "reconnect.py to reconnect.py: close"


def test_marks_can_be_left_out():
    assert sequence_of(echo().timeline(), marks=False).told() == [
        "client.py to server.py: connect to 127.0.0.1:7771",
        "client.py to server.py: hello world",
        "server.py to client.py: hello world",
        "client.py to server.py: close",
    ]


SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_has_a_title_and_says_everything_in_words(timeline):
    sequence = sequence_of(timeline)
    root = ET.fromstring(draw(sequence, "What <they> say", name="words"))
    title, text = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img" and root.get("aria-labelledby") == f"{title.get('id')} {text.get('id')}"
    assert title.text == "What <they> say"
    assert all(sentence in text.text for sentence in sequence.told())


def test_nothing_is_drawn_outside_of_the_picture(timeline):
    root = ET.fromstring(draw(sequence_of(timeline), "Echo"))
    _, _, width, height = map(float, root.get("viewBox").split())
    for element in root.iter():
        for name, limit in (("x", width), ("x1", width), ("x2", width), ("y", height), ("y1", height), ("y2", height)):
            if element.get(name) is not None:
                assert 0 <= float(element.get(name)) <= limit


def test_a_picture_for_a_page_brings_no_colours_of_its_own():
    sequence = sequence_of(echo().timeline())
    assert "prefers-color-scheme" in draw(sequence, "Echo") and "@media print" in draw(sequence, "Echo")
    assert "prefers-color-scheme" not in draw(sequence, "Echo", alone=False)


def test_what_is_later_is_further_down():
    root = ET.fromstring(draw(sequence_of(echo().timeline()), "Echo"))
    ends = [float(line.get("y2")) for line in root.iter(f"{SVG}line") if "way" in line.get("class", "")]
    assert ends == sorted(ends) and len(set(ends)) == 4


@pytest.mark.parametrize("programs", [1, 2, 3, 5])
def test_a_picture_of_up_to_five_programs_is_read_on_a_telephone(programs):
    sequence = Sequence([f"program-{n}.py" for n in range(programs)], [Mark(0, 0.0, 0, "x" * 34, "printed")])
    root = ET.fromstring(draw(sequence, "Many"))
    width = float(root.get("viewBox").split()[2])
    sizes = [float(size) for size in re.findall(r"(?:font-size: |font: )(\d+)px", root.find(f"{SVG}style").text)]
    assert min(sizes) * 328 / width >= 11
    boxes = [(float(box.get("x")), float(box.get("y")), float(box.get("width"))) for box in root.iter(f"{SVG}rect")]
    for n, (x, y, box_width) in enumerate(boxes):
        assert x >= 0 and x + box_width <= width
        assert all(y != other_y or x + box_width <= other_x for other_x, other_y, _ in boxes[n + 1 :])


def test_words_of_arrows_that_cross_do_not_run_into_each_other():
    slow = Arrow(0, 0.0, 1, 0, "c" * 34, "connect", 4)
    quick = [Arrow(at, 0.0, 1, 0, "46 bytes", "data", at) for at in (1, 2, 3)]
    root = ET.fromstring(draw(Sequence(["server.py", "client.py"], [slow, *quick]), "Crossing"))
    words = [text for text in root.iter(f"{SVG}text") if "said" in text.get("class", "")]
    boxes = [(float(text.get("x")), float(text.get("y")), len(text.text) * 7.9 / 2) for text in words]
    for n, (x, y, half) in enumerate(boxes):
        assert all(abs(y - other[1]) >= 13 or abs(x - other[0]) >= half + other[2] for other in boxes[n + 1 :])


def test_words_that_would_leave_the_picture_are_moved_and_never_over_their_dot():
    marks = [Mark(row, 0.0, who, "w" * 34, "printed") for row, who in enumerate((0, 1, 2))]
    root = ET.fromstring(draw(Sequence(["a", "b", "c"], marks), "Words"))
    words = [text for text in root.iter(f"{SVG}text") if text.get("class") == "printed"]
    dots = list(root.iter(f"{SVG}circle"))
    for text, dot in zip(words, dots, strict=True):
        x, length = float(text.get("x")), 34 * 7.9
        begin, end = (x - length, x) if text.get("text-anchor") == "end" else (x, x + length)
        assert begin >= 0 and end <= 380
        beside = abs(float(text.get("y")) - float(dot.get("cy"))) < 8
        assert not (beside and begin < float(dot.get("cx")) < end)
