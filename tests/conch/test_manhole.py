"""The prompt: what commands show, what they can't do to it, and who gets it."""

import gc
import sys
import threading
import weakref

import pytest

from reactor import defer
from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.manhole import Manhole, ManholeInterpreter
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.testing import StringTransport
from tests.conch.screen import Screen


class Prompt:
    """A manhole at a terminal. names: its namespace."""

    def __init__(self, names=None, **attributes):
        self.terminal = ServerProtocol(Manhole, names)
        self.terminal.makeConnection(StringTransport())
        self.manhole = self.terminal.terminalProtocol
        vars(self.manhole).update(attributes)
        self.transport = self.terminal.transport
        self.transport.clear()

    def types(self, *lines):
        """Type these lines. Returns what is on the screen, from the first of them on."""
        self.transport.clear()
        for line in lines:
            self.terminal.dataReceived(line.encode() + b"\r")
        return self.screen()

    def screen(self):
        return [line.rstrip() for line in Screen(b"\x1b[4h>>> " + self.transport.value()).lines]


def test_values_prints_and_blocks_are_shown_as_python_shows_them():
    prompt = Prompt({"soup": 42})
    assert prompt.types("soup + 1", "_", "None", "print('hot'); print('cold')") == [
        *(">>> soup + 1", "43", ">>> _", "43", ">>> None", ">>> print('hot'); print('cold')", "hot", "cold", ">>>"),
    ]
    assert prompt.types("for i in range(2):", "    print(i)", "") == [
        *(">>> for i in range(2):", "...     print(i)", "...", "0", "1", ">>>"),
    ]


def test_a_traceback_begins_at_the_command():
    screen = Prompt().types("1 / 0", "int(", "'x')")
    assert screen[1:6] == [
        "Traceback (most recent call last):",
        '  File "<console>", line 1, in <module>',
        "ZeroDivisionError: division by zero",
        ">>> int(",
        "... 'x')",
    ]
    assert any("ValueError" in line for line in screen) and screen[-1] == ">>>"
    assert "SyntaxError" in "".join(Prompt().types("x y"))
    assert Prompt().types("(" * 300)[-1] == ">>>"


def test_a_terminal_s_names_are_its_own_and_its_objects_everybody_s():
    factory = type("Factory", (), {"greeting": "hello"})()
    names = {"factory": factory}
    first, second = Prompt(names), Prompt(names)
    first.types("factory.greeting = 'good evening'", "mine = 1")
    assert second.types("factory.greeting")[1] == "'good evening'"
    assert "NameError" in "".join(second.types("mine")) and names == {"factory": factory}


def test_deferreds_are_shown_by_number_and_again_when_they_have_a_result():
    waiting, failing = defer.Deferred(), defer.Deferred()
    prompt = Prompt({"waiting": waiting, "failing": failing, "done": defer.succeed(7)})
    assert prompt.types("waiting", "waiting", "failing")[1::2] == ["<Deferred #0>", "<Deferred #0>", "<Deferred #1>"]
    assert "current result: 7" in prompt.types("done")[1]
    prompt.transport.clear()
    prompt.terminal.dataReceived(b"half")
    waiting.callback("soup")
    assert prompt.screen() == ["Deferred #0 called back: 'soup'", ">>> half"]
    failing.errback(ZeroDivisionError("none left"))
    failing.addErrback(lambda _: None)
    assert prompt.screen()[1:] == ["Deferred #1 failed: 'none left'", ">>> half"]


def test_a_coroutine_is_started_and_shown_as_its_deferred():
    kitchen = defer.Deferred()

    async def cook():
        return await kitchen + 1

    prompt = Prompt({"cook": cook})
    assert prompt.types("cook()")[1] == "<Deferred #0>"
    kitchen.callback(41)
    assert "Deferred #0 called back: 42" in prompt.screen()


def test_a_result_that_comes_after_the_terminal_has_gone_harms_nobody():
    waiting = defer.Deferred()
    prompt = Prompt({"waiting": waiting})
    prompt.types("waiting")
    prompt.terminal.connectionLost(Failure(ConnectionDone()))
    waiting.callback(1)


def test_keys_that_interrupt_leave_and_clear():
    prompt = Prompt()
    prompt.types("def f():")
    prompt.transport.clear()
    prompt.terminal.dataReceived(b"    retu\x03")
    assert prompt.screen()[-2:] == ["KeyboardInterrupt", ">>>"]
    assert prompt.types("1")[1] == "1"
    prompt.terminal.dataReceived(b"ab\x01x\x05y\x04")
    assert not prompt.transport.disconnecting and b"\a" in prompt.transport.value()
    prompt.transport.clear()
    prompt.terminal.dataReceived(b"\x0c")
    assert Screen(prompt.transport.value()).line() == ">>> xaby"
    prompt.terminal.dataReceived(b"\x15\x04")
    assert prompt.transport.disconnecting


@pytest.mark.parametrize("command", ["exit()", "quit()", "raise SystemExit", "import sys; sys.exit(1)"])
def test_leaving_python_leaves_the_prompt_and_not_the_program(command):
    prompt = Prompt()
    for line in command.split("; "):
        prompt.terminal.dataReceived(line.encode() + b"\r")
    assert prompt.transport.disconnecting
    assert prompt.transport.value().endswith(b"\r\n\x1bc"), "and prompts no more"


def test_ctrl_backslash_leaves_at_once():
    prompt = Prompt()
    prompt.terminal.dataReceived(b"abc\x1c")
    assert prompt.transport.disconnecting


def test_what_is_printed_is_this_terminal_s_as_long_as_the_command_runs():
    before = sys.stdout, sys.displayhook, sys.excepthook
    prompt = Prompt()
    prompt.types("import sys", "print(sys.stdout)", "1/0")
    assert (sys.stdout, sys.displayhook, sys.excepthook) == before


def test_what_a_stranger_has_sent_is_shown_and_not_obeyed():
    prompt = Prompt({"said": "a\x1b]0;mine\x07\x9b2J\rb\tc\n"})
    assert prompt.types("print(said, end='')")[1] == "a]0;mine2Jb\tc"
    assert prompt.types("print('\\ud800')")[1] == "\\ud800"


def test_a_command_that_does_not_end_is_interrupted():
    prompt = Prompt(longest_s=0.05)
    screen = prompt.types("while True: pass", "")
    assert screen[-2:] == ["reactor.conch.manhole.Interrupted: a command may take 0.05 s: see Manhole.longest_s", ">>>"]
    screen = prompt.types("while True:", "    try: pass", "    except Exception: pass", "")
    assert "Interrupted" in screen[-2]
    assert Prompt(longest_s=None).types("1")[1] == "1"


def test_a_command_that_prints_without_end_is_interrupted():
    prompt = Prompt(mostOutput=1000)
    screen = prompt.types("while True: print('soup')", "")
    assert screen[-2].startswith("reactor.conch.manhole.Interrupted: a command may say 1000 characters")
    assert screen.count("soup") == 200
    assert len(prompt.types("'x' * 10**8")[1]) < 200 + 1000
    assert len("".join(prompt.types("raise ValueError('x' * 10**6)"))) < 2000
    assert prompt.types("1")[1] == "1"


def test_what_other_threads_print_meanwhile_is_the_program_s(capsys):
    """It came to whoever had a command running, and counted as what the command said."""

    def shout():
        thread = threading.Thread(target=print, args=("x" * 2000,))
        thread.start()
        thread.join()

    prompt = Prompt({"shout": shout}, mostOutput=1000)
    assert prompt.types("shout(); print('soup')")[1] == "soup"
    assert capsys.readouterr().out == "x" * 2000 + "\n"


def test_a_value_that_is_a_coroutine_can_be_waited_for_by_its_name():
    async def cook():
        return 41

    assert Prompt({"cook": cook}).types("cook()", "done = _.addCallback(lambda it: print(it + 1))")[-2] == "42"


def test_TAB_completes_what_is_there_and_shows_the_ways_to_go_on():
    class House:
        greeting, guests = "hello", 3
        _secret = 1

        @property
        def burning(self):
            raise SystemExit

    prompt = Prompt({"house": House(), "household": 1})
    prompt.terminal.dataReceived(b"hou\t\t")
    assert prompt.screen() == ["house  household", ">>> house"]
    prompt.terminal.dataReceived(b".gr\t\r")
    assert prompt.screen()[-3:] == [">>> house.greeting", "'hello'", ">>>"]
    prompt.transport.clear()
    prompt.terminal.dataReceived(b"house.\t\x15impo\t\x15nobody.x\thouse.burning.x\t")
    assert prompt.screen()[0] == "burning  greeting  guests"
    assert prompt.screen()[-1] == ">>> nobody.xhouse.burning.x"
    assert b"import" in prompt.transport.value()
    prompt.terminal.dataReceived(b"\x15    \t1\r")
    assert prompt.screen()[-1] == ">>>", "where nothing is to be completed, TAB is spaces"


def test_a_completion_that_does_not_end_is_interrupted():
    class Slow:
        @property
        def soup(self):
            while True:
                pass

    prompt = Prompt({"slow": Slow()}, longest_s=0.05)
    prompt.terminal.dataReceived(b"slow.soup.x\t")
    assert prompt.screen() == [">>> slow.soup.x"]


def test_a_prompt_whose_person_has_gone_is_forgotten_though_a_deferred_still_waits():
    prompt = Prompt({"waiting": (waiting := defer.Deferred())})
    prompt.types("waiting", "big = [1]")
    gone = weakref.ref(prompt.manhole)
    prompt.terminal.connectionLost(Failure(ConnectionDone()))
    del prompt
    gc.collect()
    assert gone() is None
    waiting.callback(1)


def test_an_interpreter_can_be_used_without_a_terminal():
    shown = []
    handler = type(
        "Handler", (), {"longest_s": None, "mostOutput": 100, "addOutput": lambda *it: shown.append(it[1])}
    )()
    interpreter = ManholeInterpreter(handler, {"a": 1})
    assert interpreter.push(b"if a:") and interpreter.push(b"  print(a)") and not interpreter.push(b"")
    assert "".join(shown) == "1\n"
