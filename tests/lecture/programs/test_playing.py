"""What the page asks Python for: runs under sliders, verdicts, and values after the fact."""

import json

import pytest

from lecture.errors import LectureError
from lecture.programs.simulation.playing import MOST, faults, holds, play
from lecture.programs.simulation.running import MOST_OUTPUT, run_files
from tests.support.traces import EXAMPLES

ECHO = {name: (EXAMPLES / "03_echo" / name).read_text("utf-8") for name in ("server.py", "client.py")}
SESSION = (EXAMPLES / "03_echo" / "session.txt").read_text("utf-8")


def asked(printed=lambda place, text: None, **request):
    return json.loads(play(json.dumps({"files": ECHO, "session": SESSION, "seed": 0} | request), printed))


def test_a_run_is_answered_with_output_verdict_hash_and_timeline():
    answer = asked()
    assert answer["holds"] and answer["problem"] == "" and answer["exits"] == [0, 0, 0]
    assert answer["output"][2] == "received hello world\n"
    assert answer["timeline"]["steps"] and len(answer["hash"]) == 64


def test_the_same_request_has_the_same_hash_and_another_seed_another_one():
    hashes = [asked(seed=seed, sliders={"cuts": 100})["hash"] for seed in (5, 5, 6)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_output_is_told_as_it_comes_with_the_command_that_printed_it():
    pieces = []
    answer = asked(lambda place, text: pieces.append((place, text)))
    for place, output in enumerate(answer["output"]):
        assert "".join(text for at, text in pieces if at == place) == output
    places = [place for place, _ in pieces]
    assert places.index(2) < len(places) - 1 - places[::-1].index(1)  # the server prints again after the client


def test_a_traceback_names_no_folder_of_this_machine_even_while_it_comes():
    pieces = []
    asked(lambda place, text: pieces.append(text), files={"bad.py": "1 / 0"}, session="$ python bad.py")
    assert 'File "bad.py", line 1' in "".join(pieces)


def test_programs_that_print_for_ever_are_ended_and_what_they_printed_is_kept():
    files = {"loud.py": "while True:\n    try:\n        print('x' * 99_999)\n    except Exception:\n        pass\n"}
    run = run_files(files, "$ python loud.py")
    assert run.output == (("x" * 99_999 + "\n") * 10,) and run.exits == (1,)
    assert run.problem == f"the programs wanted to print more than {MOST_OUTPUT:,} characters, and were ended"


def test_connections_are_reset_when_one_says():
    run = run_files(ECHO, SESSION, **faults({"latency": 50, "reset": 280}))
    texts = [step.get("text", "") for step in run.timeline.steps if step["time"] == 0.28]
    assert any("ConnectionLost" in text for text in texts) and not holds(run, SESSION)


def test_a_run_that_ends_otherwise_than_its_session_says_does_not_hold():
    assert holds(run_files(ECHO, SESSION), SESSION)
    assert not holds(run_files(ECHO | {"client.py": "print('received hello world')"}, SESSION), SESSION)
    assert not holds(run_files({}, "$ python a.py"), "$ python a.py")


def test_a_probe_is_answered_with_its_values_and_the_hash_stays():
    before = asked()
    answer = asked(probe={"file": "client.py", "line": 13, "expression": "data"})
    assert answer["hash"] == before["hash"] and [value for _, value in answer["values"]] == ["b'hello world'"]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"probe": {"file": "client.py", "line": 1, "expression": "x ="}}, "'x =' is no expression: "),
        ({"session": "$ python client.py | sort"}, "needs a shell"),
        ({"files": {"../out.py": ""}}, "can't be the name of a file"),
        (
            {"sliders": {"gravity": 1}},
            "there is no slider 'gravity': there are latency, loss, ",
        ),
        ({"sliders": {"loss": 31}}, "the slider 'loss' can't be at 31: it goes from 0 to 30"),
        ({"sliders": {"loss": -1}}, "the slider 'loss' can't be at -1"),
        ({"seed": "many"}, "the seed is 'many', which is no number"),
    ],
)
def test_a_request_that_makes_no_sense_is_answered_with_what_is_wrong(request_, said):
    answer = asked(**request_)
    assert said in answer["error"] and len(answer) == 1


DATAGRAMS = {
    "server.py": """
from reactor import reactor
from reactor.protocol import DatagramProtocol
class Listen(DatagramProtocol):
    def datagramReceived(self, datagram, guest):
        print(datagram.decode(), flush=True)
reactor.listenUDP(7785, Listen())
print("listening")
reactor.callLater(1, reactor.stop)
reactor.run()
""",
    "client.py": """
from reactor import reactor
from reactor.protocol import DatagramProtocol
class Say(DatagramProtocol):
    def startProtocol(self):
        for number in range(20):
            self.transport.write(b"%d" % number, ("127.0.0.1", 7785))
reactor.listenUDP(0, Say())
reactor.callLater(0.5, reactor.stop)
reactor.run()
""",
}


def datagrams(**sliders):
    run = run_files(DATAGRAMS, "$ python server.py &\n$ python client.py\n$ wait %1", **faults(sliders))
    return list(map(int, run.output[0].split()[1:]))


def test_datagrams_arrive_twice_or_are_overtaken_as_often_as_one_says():
    assert datagrams() == list(range(20))
    assert sorted(datagrams(duplication=100)) == sorted([*range(20)] * 2)
    some = datagrams(duplication=50)
    assert 20 < len(some) < 40 and set(some) == set(range(20))
    late = datagrams(reordering=50)
    assert late != sorted(late) == list(range(20))


def test_a_connection_cannot_tell_copies_and_late_packets():
    assert asked(sliders={"duplication": 100})["hash"] == asked()["hash"]
    assert asked(sliders={"reordering": 100})["holds"]


def test_sliders_at_zero_leave_the_network_alone():
    nothing = {
        "link": {"latency_s": 0.0, "loss": 0.0, "shred": 0.0, "duplication": 0.0, "reordering": 0.0},
        "reset_s": None,
    }
    assert faults({}) == nothing == faults(dict.fromkeys(MOST, 0))
    with pytest.raises(LectureError, match="no slider"):
        faults({"speed": 1})
