"""Standard input, output and error of simulated programs."""

import textwrap

import pytest

from reactor.sim import World


@pytest.fixture
def world():
    with World() as made:
        made.host("a")
        yield made


@pytest.fixture
def start(world, tmp_path):
    """Starts a program from its text."""

    def run(text, **options):
        script = tmp_path / "program.py"
        script.write_text(textwrap.dedent(text), "utf-8")
        return world.run(script, host="a", **options)

    return run


SHOUT = """
    from reactor import reactor
    from reactor.protocols.basic import LineReceiver
    from reactor.stdio import StandardIO

    class Shout(LineReceiver):
        delimiter = b"\\n"

        def lineReceived(self, line):
            self.sendLine(line.upper())

        def connectionLost(self, reason):
            print("the end:", reason.type.__name__)
            reactor.stop()

    StandardIO(Shout())
    reactor.run()
"""


def test_a_protocol_reads_standard_input_and_writes_to_standard_output(world, start):
    program = start(SHOUT, stdin="what?\nlouder\n")
    world.run_until(lambda: not program.is_running)
    assert program.exit_code == 0
    assert program.stdout == "WHAT?\nLOUDER\nthe end: ConnectionDone\n"


def test_input_may_come_bit_by_bit(world, start):
    program = start(SHOUT, stdin=None)
    program.type("wh")
    world.advance(1)
    assert program.stdout == "" and program.is_running
    program.type("at?\n")
    world.advance(1)
    assert program.stdout == "WHAT?\n"
    program.end_input()
    world.run_until(lambda: not program.is_running)
    assert program.stdout.endswith("the end: ConnectionDone\n")
    with pytest.raises(BrokenPipeError):
        program.type("too late\n")


def test_characters_in_pieces_are_put_together(world, start):
    program = start(
        """
        import sys
        from reactor import reactor
        from reactor.protocol import Protocol
        from reactor.stdio import StandardIO

        class InPieces(Protocol):
            def connectionMade(self):
                self.transport.write("é".encode()[:1])
                reactor.callLater(1, self.transport.write, "é".encode()[1:] + b"!\\n")
                reactor.callLater(2, self.transport.loseConnection)

            def connectionLost(self, reason):
                reactor.stop()

        StandardIO(InPieces())
        reactor.run()
        sys.stdout.buffer.write("bÿe\\n".encode())
        sys.stderr.buffer.write(b"\\xff\\n")
        """,
        stdin=None,
    )
    world.run_until(lambda: not program.is_running)
    assert program.stdout == "é!\nbÿe\n" and program.stderr == "\\xff\n"


def test_a_program_may_wait_for_a_line_while_the_world_goes_on(start):
    program = start(
        "import sys\nprint(input(), sys.stdin.read().split(), sys.stdin.fileno())", stdin="one\ntwo three\n"
    )
    assert program.stdout == "one ['two', 'three'] 0\n"


def test_input_that_never_comes_is_an_error_that_says_so(start):
    program = start("input()", stdin=None)
    assert program.exit_code == 1 and "a call waits for ever" in program.stderr


@pytest.mark.parametrize("fds", ["7, 1", "0, 7", "1, 1", "0, 0"])
def test_what_is_no_descriptor_for_it_is_an_error(start, fds):
    program = start(
        f"""
        from reactor import protocol, reactor
        from reactor.stdio import StandardIO
        StandardIO(protocol.Protocol(), {fds}, reactor=reactor).write(b"x")
        """
    )
    assert program.exit_code == 1 and "Bad file descriptor" in program.stderr


def test_a_program_can_be_asked_at_once_for_failures_that_nobody_handles(world, start):
    program = start(
        """
        from reactor import defer, reactor

        class Order:
            def __init__(self):
                self.done = defer.Deferred()
                self.done.addCallback(lambda result: 1 / 0)
                self.done.order = self  # a circle, which Python frees when it likes

        Order().done.callback(None)
        reactor.run()
        """
    )
    program.tell_unhandled()
    assert "ZeroDivisionError" in program.stderr and program.is_running


def test_what_a_killed_program_failed_at_is_not_told_by_a_program_of_the_next_world(tmp_path):
    """Python frees the first one's Deferred when it likes: here at the end of the other."""
    killed, other = tmp_path / "killed.py", tmp_path / "other.py"
    killed.write_text(
        "from reactor import defer, reactor\n"
        "failed = defer.fail(ValueError('burnt'))\n"
        "failed.itself = failed\n"
        "reactor.run()\n"
    )
    other.write_text("from reactor import defer\nfailed = defer.fail(ValueError('salted'))\n")
    with World() as world:
        world.host("a")
        world.run(killed, host="a")
        world.advance(0)
    del world
    with World() as world:
        world.host("a")
        program = world.run(other, host="a")
        world.advance(0)
    assert "salted" in program.stderr and "burnt" not in program.stderr
