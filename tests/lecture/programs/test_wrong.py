"""Wrong programs: each fails as its session says, in both worlds, and one that doesn't fail fails the build."""

from __future__ import annotations

import pytest

from lecture.errors import LectureError
from lecture.programs.against_simulation import also_in_simulation, check_in_simulation
from lecture.programs.against_twisted import check_on_twisted
from lecture.programs.checks import check_sessions
from lecture.programs.layout import name_of, session_path
from lecture.programs.progress import Progress
from lecture.programs.session import STILL_WAITING, parse_session
from lecture.programs.unused import Shown, never_ran, unused
from lecture.programs.verify import update
from tests.support.example_folder import Folder, place

SERVER = """
    from reactor import reactor
    from reactor.protocol import Factory, Protocol

    class Greeter(Protocol):
        def connectionMade(self):
            self.transport.write(b"hel")
            reactor.callLater(0.01, self.transport.write, b"lo")

    reactor.listenTCP(7771, Factory.forProtocol(Greeter))
    print("ready")
    reactor.run()
"""
CLIENT = """
    from reactor import reactor
    from reactor.protocol import ClientFactory, Protocol

    class Guest(Protocol):
        heard = b""

        def dataReceived(self, data):
            self.heard += data
            if self.heard == b"hello":
                print("heard hello")
                reactor.stop()

    reactor.connectTCP("127.0.0.1", 7771, ClientFactory.forProtocol(Guest))
    reactor.run()
"""
FORGETFUL = CLIENT.replace("self.heard += data", "self.heard = data")
SESSION = """\
    $ python server.py &
    ready
    $ python client.py
    heard hello
"""
FAILS = """\
    # Each chunk is the message.
    # fails: the second chunk replaces the first one
    $ python server.py &
    ready
    $ python client.py
    [still waiting]
"""
QUIET = "$ python say.py\nyes\n"
LOUD = "# fails: it says no\n$ python say.py\nno\n"


@pytest.fixture
def examples(tmp_path):
    folder = Folder(tmp_path)
    folder.write("01_greet", SESSION, server=SERVER, client=CLIENT)
    return folder


@pytest.fixture
def sayings(tmp_path):
    """An example that says yes, and a wrong program of it that says no."""
    folder = Folder(tmp_path)
    folder.write("01_say", QUIET, say="print('yes')\n")
    folder.write("01_say/wrong/no", LOUD, say="print('no')\n")
    return folder


def errors(folder):
    """What is wrong with each session, on real sockets or in the simulated world; those without fault are left out."""
    checks = also_in_simulation(folder.examples(), check_sessions(folder.examples(), jobs=2))
    return {check.example: check.error for check in checks if check.error}


def test_a_wrong_program_runs_among_the_right_ones_and_fails_in_both_worlds(examples):
    examples.write("01_greet/wrong/forgets", FAILS, client=FORGETFUL)
    assert errors(examples) == {}
    assert [check.example for check in check_in_simulation(examples.examples(), Progress())] == [
        "01_greet",
        "01_greet/wrong/forgets",
    ]


def test_a_program_that_still_waits_is_shown_with_what_it_printed_until_then(examples):
    chatty = FORGETFUL.replace("self.heard = data", "self.heard = data; print(data)")
    session = FAILS.replace("[still waiting]", "b'hel'\n    b'lo'\n    [still waiting]")
    examples.write("01_greet/wrong/forgets", session, client=chatty)
    *_, entry = examples.examples().transcript("01_greet/wrong/forgets").entries
    assert (entry.output, entry.still_waits) == ("b'hel'\nb'lo'\n", True)
    assert errors(examples) == {}


def test_a_wrong_program_that_does_what_the_right_one_does_fails_the_build(examples):
    says_so = FAILS.replace("[still waiting]", "heard hello")
    examples.write(
        "01_greet/wrong/forgets", says_so, client=CLIENT.replace("heard += data", "heard += data  # of course")
    )
    error = errors(examples)["01_greet/wrong/forgets"]
    assert "it is meant to fail, and does all that 01_greet says" in error.message
    assert place(error) == ("session.txt", 2)


def test_a_remembered_wrong_program_fails_the_build_once_the_right_session_says_the_same(sayings):
    assert errors(sayings) == {}
    sayings.write("01_say", "$ python say.py\n[..]\n")
    assert "it is meant to fail" in errors(sayings)["01_say/wrong/no"].message


def test_a_wrong_program_that_fails_in_another_way_fails_the_build(sayings):
    sayings.write("01_say/wrong/no", say="print('perhaps')\n")
    error = errors(sayings)["01_say/wrong/no"]
    assert "printed something else than the session says" in error.message
    assert "lecture update 01_say/wrong/no" in error.message
    assert place(error) == ("session.txt", 3)


def test_a_program_meant_to_wait_for_ever_that_ends_fails_the_build(examples):
    examples.write("01_greet/wrong/forgets", FAILS, client="print('never mind')")
    error = examples.error("01_greet/wrong/forgets")
    assert "`python client.py` was meant to wait for ever, but ended with status 0" in error.message
    assert place(error) == ("session.txt", 6)


def test_a_wrong_program_that_hangs_although_it_should_end_fails_the_build(examples):
    examples.write("01_greet/wrong/forgets", FAILS.replace("[still waiting]", "[exit 1]"), client=FORGETFUL)
    error = examples.error("01_greet/wrong/forgets")
    assert "`python client.py` did not end: it waits for ever" in error.message
    assert "+[still waiting]" in error.diff


def test_a_wrong_program_that_never_rests_is_stopped_at_the_deadline(sayings):
    session = LOUD.replace("# fails", "# deadline: 2\n# fails")
    sayings.write("01_say/wrong/no", session, say="while True:\n    pass\n")
    error = sayings.error("01_say/wrong/no")
    assert "`python say.py` did not end within the session's 2 s" in error.message
    assert "(is computing)" in error.message


def test_a_job_that_its_ctrl_c_does_not_end_is_still_waiting(sayings):
    deaf = "import signal, time\nprint('no', flush=True)\nsignal.signal(signal.SIGINT, lambda *_: None)\ntime.sleep(60)"
    sayings.write("01_say", "$ python say.py &\nyes\n")
    sayings.write("01_say/wrong/no", "# fails: it is deaf\n$ python say.py &\nno\n[still waiting]\n", say=deaf)
    assert errors(sayings) == {}


def test_a_server_that_never_listens_is_not_waited_for(examples):
    silent = "from reactor import reactor\nreactor.run()\n"
    session = "# fails: nobody listens\n$ python server.py &\n$ python client.py\n[still waiting]\n"
    examples.write("01_greet/wrong/asleep", session, server=silent)
    assert errors(examples) == {}


def test_a_scene_of_its_own_is_run_with_the_wrong_and_with_the_right_program(examples):
    whole = SERVER.replace('b"hel"', 'b"hello"').replace('b"lo"', 'b""')
    examples.write("01_greet", server=whole)
    session = FAILS.replace("server", "slow")
    examples.write("01_greet/wrong/forgets", session, client=FORGETFUL, slow=SERVER)
    examples.write("01_greet/wrong/forgets/right.txt", SESSION.replace("server", "slow"))
    assert errors(examples) == {}
    assert examples.outputs("01_greet/wrong/forgets/right.txt") == ["ready\n", "heard hello\n"]


def test_a_right_program_that_fails_in_the_scene_too_fails_the_build(examples):
    examples.write("01_greet", client=FORGETFUL.replace("hello", "lo"))
    examples.write("01_greet/wrong/forgets", FAILS.replace("server", "slow"), client=FORGETFUL, slow=SERVER)
    examples.write("01_greet/wrong/forgets/right.txt", SESSION.replace("server", "slow"))
    error = errors(examples)["01_greet/wrong/forgets/right.txt"]
    assert "`python client.py` printed something else than the session says" in error.message
    assert place(error) == ("right.txt", 4)


def test_a_change_of_the_right_program_runs_the_wrong_one_anew(sayings):
    sayings.write("01_say", "$ python say.py\nyes indeed\n", say="import more\n", more="print('yes indeed')\n")
    sayings.write("01_say/wrong/no", say="import more\nprint('no')\n")
    session = "# fails: it says more\n$ python say.py\nyes indeed\nno\n"
    sayings.write("01_say/wrong/no", session)
    assert errors(sayings) == {}
    assert sayings.examples().verify("01_say/wrong/no").cached
    sayings.write("01_say", more="print('yes, indeed')\n")
    assert "printed something else" in errors(sayings)["01_say/wrong/no"].message


def test_update_writes_down_how_a_wrong_program_fails(examples):
    folder = examples.write("01_greet/wrong/forgets", FAILS.replace("    [still waiting]\n", ""), client=FORGETFUL)
    diff = update(folder / "session.txt", None)
    assert "+[still waiting]" in diff
    assert (folder / "session.txt").read_text().endswith("$ python client.py\n[still waiting]\n")


def test_update_refuses_to_write_down_that_a_wrong_program_is_right(sayings):
    folder = sayings.write("01_say/wrong/no", say="print('yes') # no\n")
    with pytest.raises(LectureError, match="it is meant to fail, and does all that 01_say says"):
        update(folder / "session.txt", None)
    assert (folder / "session.txt").read_text() == LOUD


def test_a_wrong_program_that_its_session_never_runs_fails_the_build(sayings):
    sayings.write("01_say", QUIET, say="print('yes')\n", other="print('no')\n")
    sayings.write("01_say/wrong/no", LOUD, other="print('never')\n")
    error = sayings.error("01_say/wrong/no")
    assert error.message == "the session never runs other.py, so nothing shows that it is wrong"
    assert place(error) == ("other.py", 1)


@pytest.mark.parametrize(
    ("session", "line", "what"),
    [
        ("$ python say.py\nno\n", 1, "says what goes wrong, in one sentence: add `# fails: …`"),
        ("# No.\n# fails:\n$ python say.py\nno\n", 2, "says what goes wrong, in one sentence: add `# fails: …`"),
        (
            "# fails: no\n$ python say.py loud\nno\n",
            2,
            "types `python say.py` where this one types `python say.py loud`",
        ),
        (f"{LOUD}$ python say.py\nno\n", 4, "types nothing more where this one types `python say.py`"),
    ],
)
def test_a_session_that_cannot_be_compared_is_refused(sayings, session, line, what):
    sayings.write("01_say/wrong/no", session)
    error = sayings.error("01_say/wrong/no")
    assert what in error.message
    assert place(error) == ("session.txt", line)


def test_of_a_session_without_jobs_a_part_is_enough(sayings):
    sayings.write("01_say", f"$ true\n{QUIET}$ true\n")
    assert errors(sayings) == {}


def test_a_part_in_which_the_wrong_program_is_right_fails_the_build(sayings):
    sayings.write("01_say", f"$ python say.py\nno\n{QUIET}")
    assert "it is meant to fail" in sayings.error("01_say/wrong/no").message


def test_a_session_that_leaves_out_a_command_beside_a_job_is_refused(examples):
    examples.write("01_greet/wrong/forgets", "# fails: it is alone\n$ python server.py &\nready\n", client=FORGETFUL)
    error = examples.error("01_greet/wrong/forgets")
    assert "types `python client.py` where this one types nothing more" in error.message
    assert place(error) == ("session.txt", 2)


def test_a_file_that_is_the_right_programs_is_refused(sayings):
    sayings.write("01_say/wrong/no", say="print('yes')\n")
    error = sayings.error("01_say/wrong/no")
    assert "say.py is the right program's, to the letter" in error.message
    assert place(error) == ("say.py", 1)


def test_a_wrong_program_in_nobodys_place_is_refused(sayings):
    folder = sayings.write("01_say/wrong/no", other="print('no')\n")
    (folder / "say.py").unlink()
    assert "takes the place of a right program's file: 01_say has say.py" in sayings.error("01_say/wrong/no").message


def test_a_wrong_program_without_a_session_fails_the_build(sayings):
    sayings.write("01_say/wrong/other", say="print('no')\n")
    found = list(unused(sayings.examples(), [Shown("01_say/say.py", None, None, None)], ["01_say", "01_say/wrong/no"]))
    assert ["the wrong program 01_say/wrong/other has no session.txt" in error.message for error in found] == [True]


def test_a_right_program_may_not_fail(sayings):
    sayings.write("01_say", f"# fails: on purpose\n{QUIET}")
    error = sayings.error("01_say")
    assert "only a wrong program fails" in error.message
    assert place(error) == ("session.txt", 1)


def test_a_right_program_may_not_be_still_waiting(sayings):
    sayings.write("01_say", "$ python say.py\n[still waiting]\n")
    error = sayings.error("01_say")
    assert "`python say.py` may be [still waiting] only in the session of a wrong program" in error.message
    assert place(error) == ("session.txt", 1)


def test_what_a_program_printed_is_no_status_when_it_is_escaped(tmp_path):
    session = parse_session("# fails: x\n$ true\n\\[still waiting]\n[still waiting]\n", tmp_path / "session.txt")
    assert (session.commands[0].expected, session.commands[0].status) == (("[still waiting]",), STILL_WAITING)


def test_a_wrong_program_that_no_slide_shows_is_told_of(sayings):
    shown = [Shown("01_say/say.py", None, None, None)]
    (error,) = unused(sayings.examples(), shown, ["01_say"])
    assert error.message == "no slide shows this wrong program: show it with Wrong('01_say', 'no'), or remove it"
    assert place(error) == ("session.txt", 1)
    assert list(unused(sayings.examples(), shown, ["01_say", "01_say/wrong/no"])) == []


def test_a_file_of_the_scene_that_a_slide_shows_must_have_run(sayings):
    sayings.write("01_say/wrong/no", other="")
    shown = Shown("01_say/wrong/no/other.py", None, None, "A slide")
    (error,) = never_ran(sayings.examples(), [shown])
    assert "the slide shows 01_say/wrong/no/other.py, but its session never runs it" in error.message


def test_a_wrong_program_fails_on_twisted_as_it_does_here(examples):
    pytest.importorskip("twisted")
    examples.write("01_greet/wrong/forgets", FAILS, client=FORGETFUL)
    examples.write("01_greet/wrong/forgets/right.txt", SESSION)
    checks = check_on_twisted(examples.examples(), 2, Progress())
    assert {check.example: check.error for check in checks} == {
        "01_greet": None,
        "01_greet/wrong/forgets": None,
        "01_greet/wrong/forgets/right.txt": None,
    }


def test_a_wrong_program_whose_example_cannot_run_on_twisted_says_so_too(examples):
    pytest.importorskip("twisted")
    examples.write("01_greet", server=SERVER.replace("import reactor\n", "import reactor, sim\n", 1))
    examples.write("01_greet/wrong/forgets", FAILS, client=FORGETFUL)
    checks = {check.example: check.error for check in check_on_twisted(examples.examples(), 2, Progress())}
    assert all("reactor.sim" in checks[name].message for name in ("01_greet", "01_greet/wrong/forgets"))


@pytest.mark.parametrize("name", ["01_greet", "01_greet/wrong/forgets", "01_greet/wrong/forgets/right.txt"])
def test_a_session_has_the_name_that_leads_to_it(examples, name):
    assert name_of(session_path(examples.root, name)) == name


def test_a_folder_of_examples_may_be_called_wrong(tmp_path):
    (tmp_path / "wrong").mkdir()
    folder = Folder(tmp_path / "wrong")
    folder.root = folder.root.parent
    folder.write("01_say", QUIET, say="print('yes')\n")
    assert errors(folder) == {}
