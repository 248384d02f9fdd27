"""Scripts in a simulated world: each has its reactor, its streams, its exit code, and none can freeze the others."""

import random
import sys
import textwrap
import time

import pytest

import reactor as package
from reactor.sim import NothingLeftToHappen, SimulationError, World


@pytest.fixture
def world():
    with World(seed=1) as made:
        made.host("a")
        made.host("b")
        yield made


@pytest.fixture
def start(world, tmp_path):
    """Starts a program from its text."""
    count = iter(range(1000))

    def run(text, *args, host="a", **options):
        script = tmp_path / f"program{next(count)}.py"
        script.write_text(textwrap.dedent(text), "utf-8")
        return world.run(script, *args, host=host, **options)

    return run


SERVER = """
    from reactor import protocol, reactor

    class Echo(protocol.Protocol):
        def dataReceived(self, data):
            print("got", data.decode(), "from", self.transport.getPeer().host)
            self.transport.write(data)

    reactor.listenTCP(7771, protocol.ServerFactory.forProtocol(Echo))
    print("listening")
    reactor.run()
    print("closed")
"""
CLIENT = """
    import sys
    from reactor import protocol, reactor

    class Hello(protocol.Protocol):
        def connectionMade(self):
            self.transport.write(b"hello")

        def dataReceived(self, data):
            print("back:", data.decode())
            self.transport.loseConnection()

        def connectionLost(self, reason):
            reactor.stop()

    class Factory(protocol.ClientFactory):
        protocol = Hello
        def clientConnectionFailed(self, connector, reason):
            print(reason.type.__name__)
            reactor.stop()

    reactor.connectTCP(sys.argv[1], 7771, Factory())
    reactor.run()
    print("done at", round(reactor.seconds(), 6))
    sys.exit(3)
"""


def test_a_server_and_a_client_on_two_hosts(world, start):
    world.link("a", "b", latency_s=0.5)
    server = start(SERVER, host="b")
    assert server.output == "listening\n" and server.is_running
    client = start(CLIENT, "b")
    world.run_until(lambda: not client.is_running)
    assert client.output == "back: hello\ndone at 2.001\n"  # a millisecond is the resolver's
    assert client.exit_code == 3
    server.interrupt()
    world.run_until(lambda: not server.is_running)
    assert server.output == "listening\ngot hello from 10.0.0.1\nclosed\n"
    assert server.exit_code == 0


def test_a_program_that_ends_leaves_nothing_open(world, start):
    start(
        "import sys\nfrom reactor import protocol, reactor\nreactor.listenTCP(7771, protocol.Factory())\nsys.exit()\n"
    )
    client = start(CLIENT, "localhost")
    world.run_until(lambda: not client.is_running)
    assert client.output.startswith("ConnectionRefusedError")


def test_a_killed_program_closes_its_connections(world, start):
    server = start(SERVER)
    client = start(CLIENT.replace("back", "never"), "127.0.0.1")
    server.kill()
    world.run_until(lambda: not client.is_running)
    assert server.exit_code == -9 and "closed" not in server.output
    assert "never" not in client.output
    server.kill()


def test_a_cut_link_is_a_timeout_that_costs_no_time(world, start):
    started = time.monotonic()
    world.link("a", "b").cut()
    client = start(CLIENT, "10.0.0.2")
    world.run_until(lambda: not client.is_running)
    assert client.output == "TimeoutError\ndone at 30.0\n"
    assert time.monotonic() - started < 5


TICK = "reactor.callLater(1, print, 'tick'); reactor.callLater(2, reactor.stop)\n"


def test_programs_take_turns_on_one_clock(world, start):
    first, second = (start(f"from reactor import reactor\n{TICK}reactor.run()\nprint('end')\n") for _ in range(2))
    world.advance(1)
    assert (first.output, second.output) == ("tick\n", "tick\n")
    assert world.seconds() == 1
    world.advance(1)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output == "tick\nend\n"


def test_one_step_at_a_time(world, start):
    program = start(f"from reactor import reactor\n{TICK}reactor.run()")
    steps = 0
    while world.step():
        steps += 1
    assert program.exit_code == 0 and 2 <= steps < 10


# --- where a script may run its reactor

SHAPES = {
    "at the top": "reactor.run()",
    "in a main function": "def main():\n    reactor.run()\nmain()",
    "if it is the program": "def main():\n    reactor.run()\nif __name__ == '__main__':\n    main()",
    "two functions down": "def run_it():\n    reactor.run()\ndef main():\n    run_it()\nmain()",
    "in a method": "class App:\n    def go(self, x):\n        reactor.run()\n        return 5\nassert App().go(1) == 5",
    "in a try": "try:\n    reactor.run()\nfinally:\n    print('finally')",
    "in a with": "import contextlib\nwith contextlib.suppress(OSError):\n    reactor.run()",
    "by another name": "loop = reactor\nloop.run(installSignalHandlers=False)",
    "twice": "reactor.run()\nreactor.callLater(1, reactor.stop)\nreactor.run()",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_script_stops_where_it_runs_its_reactor_and_goes_on_there(world, start, shape):
    text = f"from reactor import reactor\n{TICK}{shape}\nprint('after')\n"
    (script := start(""))  # a program that has nothing to say
    assert script.exit_code == 0
    program = world.programs[0]
    program = start_text(world, program, text)
    assert program.output == "" and program.is_running, "it has not come back from run(), and we have"
    world.advance(3)
    assert program.exit_code == 0, program.output
    assert program.output.startswith("tick\n") and program.output.endswith("after\n")


def start_text(world, beside, text):
    from pathlib import Path

    script = Path(beside._module.__file__).with_name("shape.py")
    script.write_text(text, "utf-8")
    return world.run(script, host="a")


def test_a_decorated_function_runs_the_world_inside_of_it(start):
    """It can't be split; so `run()` returns when it is through, and everybody else has had their turns meanwhile."""
    program = start(
        f"import functools\nfrom reactor import reactor\n{TICK}"
        "@functools.cache\ndef main():\n    reactor.run()\nmain()\nprint('after')\n"
    )
    assert program.output == "tick\nafter\n" and program.exit_code == 0


def test_run_that_nothing_can_end_says_so(start):
    program = start(
        "import functools\nfrom reactor import reactor\n@functools.cache\ndef main():\n    reactor.run()\nmain()"
    )
    assert program.exit_code == 1 and "no event is left" in program.stderr


def test_a_call_of_run_that_is_another_one(start):
    program = start("class Race:\n    def run(self, far):\n        return far * 2\nprint(Race().run(21))\n")
    assert program.output == "42\n"


def test_react(world, start):
    program = start(
        """
        from reactor import task

        async def main(reactor, word):
            await task.deferLater(reactor, 5, lambda: None)
            print(word)
            raise SystemExit(4)

        task.react(main, ["waited"])
        """
    )
    assert program.is_running, program.output
    world.advance(6)
    assert program.output == "waited\n" and program.exit_code == 4


def test_an_application_runs_in_steps(world, start):
    text = """
        from reactor import app
        from reactor.protocol import Factory, Protocol

        class Greeter(Protocol):
            def connectionMade(self):
                self.transport.write(b"good morning")
                self.transport.loseConnection()

        application = app.Application("greeter")
        application.listenTCP(7771, Factory.forProtocol(Greeter))
        application.run(save=False)
        print("it has ended")
    """
    one, other = start(text, host="a"), start(text, host="b")
    assert one.is_running and other.is_running
    client = start("import socket, sys\nprint(socket.create_connection((sys.argv[1], 7771)).recv(100))", "b", host="a")
    assert client.output == "b'good morning'\n"
    for program in (one, other):
        program.interrupt()
    world.run_until(lambda: not (one.is_running or other.is_running))
    assert one.output == other.output == "it has ended\n"


# --- its surroundings


def test_arguments_input_and_both_streams(start):
    program = start(
        "import sys\nprint(sys.argv[1:], input())\nprint('oh', file=sys.stderr)\n", "x", "y", stdin="line\n"
    )
    assert program.stdout == "['x', 'y'] line\n" and program.stderr == "oh\n"
    assert program.output == "['x', 'y'] line\noh\n"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", 0, ""),
        ("raise SystemExit(7)", 7, ""),
        ("raise SystemExit('no')", 1, "no\n"),
        ("raise SystemExit", 0, ""),
    ],
)
def test_exit_codes(start, text, code, said):
    program = start(text)
    assert (program.exit_code, program.stderr) == (code, said)


def test_an_exception_ends_it_with_a_traceback_that_shows_the_script_only(start):
    program = start("def f():\n    return 1 / 0\n\nf()\n")
    assert program.exit_code == 1
    assert 'program0.py", line 4, in <module>' in program.stderr and "ZeroDivisionError" in program.stderr
    assert "splitting.py" not in program.stderr and "sim/program.py" not in program.stderr


def test_a_script_that_is_no_python(start):
    program = start("def f(:\n")
    assert program.exit_code == 1 and "SyntaxError" in program.stderr


def test_an_error_in_a_handler_goes_to_its_own_standard_error(world, start):
    program = start("from reactor import reactor\nreactor.callLater(1, lambda: 1 / 0)\nreactor.run()\n")
    world.advance(2)
    assert "ZeroDivisionError" in program.stderr and program.is_running


def test_sleeping_is_an_error_that_explains_itself(start):
    program = start("import time\ntime.sleep(5)\n")
    assert program.exit_code == 1
    assert "time.sleep(5) would freeze the loop" in program.stderr and "callLater(5" in program.stderr


FORBIDDEN = {
    "import threading\nthreading.Thread(target=print).start()": "no threads",
    "from reactor import reactor\nreactor.callInThread(print)": "no threads",
    "from reactor import reactor, threads\nthreads.deferToThread(print)": "no threads",
    "import subprocess\nsubprocess.Popen(['true'])": "World.run",
    "import signal\nsignal.raise_signal(signal.SIGTERM)": "Program.kill",
    "import signal\nsignal.setitimer(signal.ITIMER_REAL, 1)": "callLater",
    "from reactor import main\nfrom reactor.core.guests import reactor\n"
    "main.installReactor(object.__new__(reactor.GuestReactor))": "guest",
}


@pytest.mark.parametrize(("text", "why"), FORBIDDEN.items())
def test_what_there_cannot_be_says_why(start, text, why):
    program = start(text)
    assert program.exit_code == 1
    assert "reactor.sim.errors" in program.stderr and why in program.stderr


def test_afterwards_everything_is_as_it_was(start):
    def surroundings():
        names = (sys.stdout, sys.argv, list(sys.path), sys.modules["__main__"], vars(package).get("reactor"))
        return *names, time.sleep, time.time, random.random

    before = surroundings()
    start("import sys\nfrom reactor import reactor\nsys.path.append('x')\nsys.argv.append('y')\nprint('z')\n")
    assert surroundings() == before


def test_a_failure_that_nobody_took_is_told_at_its_end_as_an_interpreter_does(start):
    forgotten = "from reactor import defer\nforgotten = defer.fail(ValueError('lost'))\nprint('done')\n"
    program, other = start(forgotten), start("print('fine')")
    assert program.output.startswith("done\nUnhandled error in Deferred") and "ValueError: lost" in program.stderr
    assert other.stderr == ""


def test_each_program_has_a_log_of_its_own(start):
    logs = "import sys\nfrom reactor import log\nlog.startLogging(sys.stdout, False)\nlog.msg('soup')\n"
    one, other = start(logs), start("from reactor import log\nlog.msg('nobody hears')\nlog.err(ValueError('alas'))")
    assert "[-] soup" in one.stdout and "alas" not in one.output
    assert other.stdout == "" and "ValueError: alas" in other.stderr


def test_each_program_has_a_reactor_of_its_own(world, start):
    one, other = (start("from reactor import reactor\nreactor.run()") for _ in range(2))
    assert one.reactor is not other.reactor
    assert not hasattr(vars(package), "reactor")


def test_a_module_beside_the_script_is_its_own(world, tmp_path):
    programs = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "menu.py").write_text(f"dish = {name!r}\n", "utf-8")
        (folder / "main.py").write_text(
            "import menu\nfrom reactor import reactor\nreactor.callLater(1, lambda: print(__import__('menu').dish))\n"
            "print(menu.dish)\nreactor.run()\n",
            "utf-8",
        )
        programs.append(world.run(folder / "main.py", host="a"))
    world.advance(2)
    assert [program.output for program in programs] == ["one\none\n", "other\nother\n"]
    assert "menu" not in sys.modules


def test_time_is_the_worlds_and_dice_come_from_the_seed(tmp_path):
    script = tmp_path / "dice.py"
    script.write_text(
        "import random, time\nprint(time.time(), time.monotonic(), random.random(), random.choice('abc'))"
    )
    outputs = []
    for seed in (1, 1, 2):
        with World(seed) as world:
            world.host("a")
            outputs.append(world.run(script, host="a").output)
    assert outputs[0] == outputs[1] != outputs[2]
    assert outputs[0].startswith("1048672800.0 0.0 ")


def test_installing_a_reactor_gives_a_simulated_one_of_that_name(start):
    program = start(
        "from reactor import selectreactor\nselectreactor.install()\nfrom reactor import reactor\n"
        "print(type(reactor).__name__)\nselectreactor.install()\n"
    )
    assert program.stdout == "SelectReactor\n" and "ReactorAlreadyInstalledError" in program.stderr


# --- what the world says when it can't


def test_waiting_for_what_cannot_happen_names_who_waits(world, start):
    start(SERVER)
    with pytest.raises(NothingLeftToHappen, match=r"program0\.py on a, running"):
        world.run_until(lambda: False)


def test_a_program_that_is_always_busy_cannot_stop_time(world, start):
    busy = "def again():\n    reactor.callLater(0, again)\n"
    start(f"from reactor import reactor\n{busy}again()\nreactor.run()\n")
    world.run_until(lambda: world.seconds() > 0.001)


def test_no_such_script_or_host(world, tmp_path):
    with pytest.raises(FileNotFoundError):
        world.run(tmp_path / "none.py", host="a")
    with pytest.raises(SimulationError, match="nowhere"):
        world.run(__file__, host="nowhere")


def test_a_program_that_has_ended_cannot_be_interrupted(start):
    with pytest.raises(SimulationError, match="has ended"):
        start("").interrupt()
