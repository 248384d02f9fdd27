"""`%load_ext reactor.notebook` in a kernel: one loop for cells and connections, and who holds it."""

import sys

import pytest

from reactor.notebook.watching import students_calls

SERVER = """\
from reactor import reactor, protocol
from reactor.defer import Deferred

class Echo(protocol.Protocol):
    def dataReceived(self, data):
        self.transport.write(data{change})

port = reactor.listenTCP({number}, protocol.Factory.forProtocol(Echo), interface="127.0.0.1")
number = port.getHost().port
"""
CLIENT = """\
class Ask(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")

    def dataReceived(self, data):
        self.factory.answer.callback(data)
        self.transport.loseConnection()

factory = protocol.ClientFactory.forProtocol(Ask)
factory.answer = Deferred()
reactor.connectTCP("127.0.0.1", number, factory);
"""


@pytest.fixture
def loaded(kernel):
    kernel.run("%reload_ext reactor.notebook")
    kernel.run(
        "from reactor import reactor, defer\nimport reactor.notebook.watching as w\nw.PATIENCE_S, w.PAUSE_S = 1.0, 0.25"
    )
    return kernel


def test_a_server_in_one_cell_a_client_in_the_next_and_the_answer_awaited_in_a_third(loaded):
    assert loaded.run(SERVER.format(change="", number=0)) == ""
    assert loaded.run(CLIENT) == ""
    assert loaded.run("await factory.answer") == "b'hello'"


def test_a_cell_that_is_changed_and_run_again_takes_its_port_over(loaded):
    loaded.run(SERVER.format(change="", number=0))
    loaded.run("earlier = port")
    assert loaded.run(SERVER.format(change=".upper()", number="number")) == ""
    loaded.run(CLIENT)
    assert loaded.run("await factory.answer, earlier.connected") == "(b'HELLO', False)"


def test_an_awaited_failure_is_raised_in_the_cell(loaded):
    cell = "d = defer.Deferred()\nreactor.callLater(0, d.errback, ValueError('no soup'))\nawait d"
    assert loaded.run(cell) == "ValueError: no soup"


def test_run_says_that_the_reactor_runs_already(loaded):
    assert "the reactor runs already, in the notebook's own loop: leave reactor.run() out" in loaded.run(
        "reactor.run()"
    )


def test_a_reactor_that_was_stopped_runs_again_when_the_extension_is_loaded_again(loaded):
    cell = "d = defer.Deferred()\nreactor.addSystemEventTrigger('after', 'shutdown', d.callback, 0)\nreactor.stop()\n"
    loaded.run(f"{cell}await d")
    assert "runs again after `%reload_ext reactor.notebook`" in loaded.run("reactor.run()")
    loaded.run("%reload_ext reactor.notebook")
    assert loaded.run("reactor.running") == "True"


def test_a_cell_that_blocks_the_loop_is_named_with_its_line_and_Interrupt_ends_it(loaded):
    shown = loaded.run("w.PATIENCE_S = 0.05\nx = 1\nwhile True: x += 1", interrupt_at="held the loop")
    assert "line 3, has held the loop for more than a second: while True: x += 1\n" in shown
    assert shown.endswith("KeyboardInterrupt: ")
    assert loaded.run("reactor.running") == "True"


def test_a_handler_that_blocks_the_loop_is_named_and_Interrupt_ends_only_the_handler(loaded):
    loaded.run(
        "w.PATIENCE_S = 0.05\nd = defer.Deferred()\ndef busy():\n    reactor.callLater(0, d.callback, 'served')\n"
        "    while True: pass\n"
    )
    shown = loaded.run("reactor.callLater(0, busy)\nawait d", interrupt_at="held the loop")
    assert "line 5, has held the loop for more than a second: while True: pass\n" in shown
    assert "the notebook's Interrupt has ended this handler; the loop goes on" in shown
    assert shown.endswith("'served'")


def test_Interrupt_cancels_a_cell_that_waits_and_the_Deferred_with_it(loaded):
    loaded.run("d = defer.Deferred(lambda d: said.append('cancelled'))\nd.addErrback(lambda f: None)\nsaid = []")
    assert "CancelledError" in loaded.run("print('waiting')\nawait d", interrupt_at="waiting")
    assert loaded.run("said") == "['cancelled']"


def test_a_program_of_a_world_that_blocks_is_named_and_Interrupt_ends_it(loaded):
    loaded.run("w.PATIENCE_S = 0.05")
    shown = loaded.run("%%world\n# server.py\nx = 1\nwhile True: pass", interrupt_at="held the loop")
    assert "server.py, line 2, has held the loop for more than a second: while True: pass\n" in shown
    assert "$ python server.py\n" in shown and "KeyboardInterrupt" in shown
    assert loaded.run("reactor.running") == "True"


def test_packages_and_what_starts_python_are_not_the_students():
    files = [frame.f_code.co_filename for frame in students_calls(sys._getframe())]
    assert not [file for file in files if file == __file__ or file.startswith("<frozen ") or "site-packages" in file]


def test_a_world_that_works_for_long_is_not_named(loaded):
    loaded.run("w.PATIENCE_S = w.PAUSE_S = 0.02")
    again = "def again(n):\n    n and reactor.callLater(0.1, again, n - 1) or reactor.callLater(0, reactor.stop)\n"
    shown = loaded.run(f"%%world\nfrom reactor import reactor\n{again}again(300)\nreactor.run()")
    assert "held the loop" not in shown and shown.startswith("$ python program.py\n")


def test_a_reactor_that_was_chosen_before_is_named_and_left_alone(kernel):
    cell = (
        "import sys, reactor.selectreactor as s, reactor as package\n"
        "ours, package.reactor = package.reactor, s.SelectReactor()\n"
    )
    kernel.run("%reload_ext reactor.notebook")
    kernel.run(cell)
    said = kernel.run("%reload_ext reactor.notebook")
    kernel.run("package.reactor = ours")
    assert "this program has a reactor already, SelectReactor, which earlier cells may hold: restart the kernel" in said
