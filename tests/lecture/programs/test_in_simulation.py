"""Sessions in the simulated world: what must hold there, what may be an exception, and what is said when it doesn't."""

import pytest

from lecture.errors import LectureError
from lecture.programs.against_simulation import also_in_simulation, check_in_simulation
from lecture.programs.checks import check_sessions
from lecture.programs.not_simulated import EXCEPTIONS
from lecture.programs.progress import Progress
from tests.support.example_folder import Folder, place

SERVER = """
    from reactor import reactor
    from reactor.protocol import Factory, Protocol

    class Greeter(Protocol):
        def connectionMade(self):
            print("somebody called")
            self.transport.write(b"hello")
            self.transport.loseConnection()

    reactor.listenTCP(7771, Factory.forProtocol(Greeter))
    print("listening on port 7771")
    reactor.run()
    print("closed")
"""
CLIENT = """
    import socket, sys
    with socket.create_connection(("localhost", 7771)) as connection:
        print(connection.recv(100).decode(), *sys.argv[1:])
"""
SESSION = """\
    $ python server.py &
    listening on port 7771
    somebody called
    closed
    $ python client.py dear
    hello dear
"""
SLEEPY = "from reactor import reactor\nimport time\ntime.sleep(0.001)\nprint('awake')\n"


@pytest.fixture
def examples(tmp_path):
    return Folder(tmp_path)


def in_both(examples):
    """What a build finds: the error of each example, None where it holds."""
    held = check_sessions(examples.examples(), jobs=1)
    assert [check.error for check in held] == [None] * len(held)
    return {check.example: check.error for check in also_in_simulation(examples.examples(), held)}


def in_simulation(examples):
    return {check.example: check for check in check_in_simulation(examples.examples(), Progress())}


def test_a_server_and_its_client_do_the_same_in_both_worlds(examples):
    examples.write("01_hello", SESSION, server=SERVER, client=CLIENT)
    assert in_both(examples) == {"01_hello": None}
    assert in_simulation(examples)["01_hello"].error is None


def test_a_session_without_the_reactor_is_not_replayed(examples):
    examples.write("01_sleep", "$ python sleepy.py\nawake\n", sleepy=SLEEPY.partition("\n")[2])
    assert in_both(examples) == {"01_sleep": None} and in_simulation(examples) == {}


def test_what_holds_on_real_sockets_only_fails_the_build(examples):
    examples.write("01_sleep", "$ python sleepy.py\nawake\n", sleepy=SLEEPY)
    error = in_both(examples)["01_sleep"]
    assert place(error) == ("session.txt", 2)
    assert "in the simulated world, `python sleepy.py` ended with status 1" in error.message
    assert "not_simulated.txt: `01_sleep: …`" in error.message
    assert "would freeze the loop" in error.diff


def test_an_exception_is_not_replayed_by_a_build_and_must_be_one(examples):
    examples.write("01_sleep", "$ python sleepy.py\nawake\n", sleepy=SLEEPY)
    examples.write("02_hello", SESSION, server=SERVER, client=CLIENT)
    (examples.root / EXCEPTIONS).write_text("# why\n01_sleep: it sleeps\n02_hello: no reason at all\n")
    assert in_both(examples) == {"01_sleep": None, "02_hello": None}
    alone = in_simulation(examples)
    assert alone["01_sleep"].verdict == "not run"
    assert "remove “02_hello: no reason at all”" in alone["02_hello"].error.message
    assert alone["02_hello"].error.where.line == 3


@pytest.mark.parametrize("line", ["01_nosuch: a reason", "01_hello", "01_hello:"])
def test_an_exception_names_an_example_and_a_reason(examples, line):
    examples.write("01_hello", SESSION, server=SERVER, client=CLIENT)
    (examples.root / EXCEPTIONS).write_text(f"\n{line}\n")
    with pytest.raises(LectureError, match=r"not_simulated\.txt:2: .* is not the name of an example"):
        in_simulation(examples)


def test_what_was_replayed_is_remembered_until_a_program_changes(examples, monkeypatch):
    examples.write("01_hello", SESSION, server=SERVER, client=CLIENT)
    in_both(examples)
    replayed = []
    monkeypatch.setattr("lecture.programs.against_simulation._replay", lambda sessions: replayed.extend(sessions) or {})
    in_both(examples)
    assert replayed == []
    examples.write("01_hello", SESSION, client=CLIENT + "    # changed\n")
    in_both(examples)
    assert [session.example for session in replayed] == ["01_hello"]


NO_END = """
    from reactor import reactor
    from time import monotonic
    began = monotonic()
    while monotonic() == began:
        pass
"""


def test_a_program_that_is_busy_for_ever_is_stopped_and_those_before_it_count(examples):
    examples.write("01_hello", "    # deadline: 2\n" + SESSION, server=SERVER, client=CLIENT)
    examples.write("02_busy", "# deadline: 1\n$ python busy.py\n", busy=NO_END)
    errors = in_both(examples)
    assert errors["01_hello"] is None
    assert "was busy for 3 s, and was stopped" in errors["02_busy"].message


WAITING = "from reactor import reactor\nreactor.callLater(0.01, print, 'later')\nreactor.run()\nprint('end')\n"
JOBS = {
    "a Ctrl-C ends the loop": ("$ python waiting.py &\nlater\nend\n", None),
    "so does kill": ("$ python waiting.py &\nlater\nend\n$ kill %1\n", None),
    "and Ctrl-C before the end": ("$ python waiting.py &\nlater\nend\n$ kill -INT %1\n", None),
    "nothing ends it": (
        "# deadline: 3\n$ python waiting.py\n",
        "3 simulated seconds `python waiting.py` did not end",
    ),
    "a job that ends by itself": ("$ python one.py &\none\n$ wait %1\n", None),
    "killing what has ended": ("$ python one.py &\none\n$ wait %1\n$ kill %1\n", "the job has ended by itself"),
    "an exit status": ("$ python bad.py\nsorry\n[exit 3]\n", None),
    "killed for good": ("$ python waiting.py &\nlater\n[exit 137]\n$ kill -KILL %1\n", None),
    "a program of the machine": ("$ sort one.py\n", "'sort one.py' can't be simulated: only `python PROGRAM.py`"),
    "a module": ("$ python -m one\n", "can't be simulated"),
    "a line of Python": ("""$ python -c "import sys, one; print(sys.argv[1:])" x\none\n['x']\n""", None),
    "a file is shown": ("$ cat one.py\nfrom reactor import reactor\nprint('one')\n", None),
    "no file": ("$ cat nosuch\ncat: nosuch: No such file or directory\n[exit 1]\n", None),
    "cat has no options": ("$ cat -n one.py\n[..]no options\n[exit 2]\n", None),
    "nobody answers curl": ("$ curl -sS telnet://localhost:7771\ncurl: (7) [..]\n[exit 7]\n", None),
    "curl has few options": ("$ curl -X POST http://localhost\n[..]stand-in[..]\n[exit 2]\n", None),
    "curl hears": (
        "$ python server.py &\nlistening[..]\nsomebody[..]\nclosed\n$ curl telnet://localhost:7771\nhello\n",
        None,
    ),
    "curl fetches": ("$ python web.py &\nGET /a?b HTTP/1.1\n$ curl -s http://localhost:7772/a?b\nwelcome\n", None),
}


WEB = """
    from reactor import reactor
    from reactor.protocols.basic import LineReceiver
    from reactor.protocol import Factory

    class Web(LineReceiver):
        def lineReceived(self, line):
            if line.startswith(b"GET"):
                print(line.decode())
            if not line:
                self.transport.write(b"HTTP/1.1 200 OK\\r\\n\\r\\nwelcome")
                self.transport.loseConnection()

    reactor.listenTCP(7772, Factory.forProtocol(Web))
    reactor.run()
"""


@pytest.mark.parametrize(("session", "why"), JOBS.values(), ids=JOBS)
def test_jobs_end_as_they_do_in_life(examples, session, why):
    one = "from reactor import reactor\nprint('one')\n"
    bad = "from reactor import reactor\nprint('sorry')\nraise SystemExit(3)\n"
    examples.write("01_jobs", session, waiting=WAITING, one=one, bad=bad, server=SERVER, web=WEB)
    error = in_simulation(examples)["01_jobs"].error
    assert (why in error.message) if why else error is None
