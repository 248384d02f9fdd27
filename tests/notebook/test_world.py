"""`%%world` and `%step`: a cell's programs in a world of their own, and the run gone through."""

import subprocess
import sys

import pytest

import reactor.notebook

ECHO = """\
# server.py
from reactor import reactor, protocol

class Echo(protocol.Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

reactor.listenTCP(7771, protocol.Factory.forProtocol(Echo))
print("listening")
reactor.run()
# client.py
import sys
from reactor import reactor, protocol

class Ask(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(sys.argv[1].encode() if sys.argv[1:] else b"soup")

    def dataReceived(self, data):
        print(data.decode())
        reactor.stop()

reactor.connectTCP("localhost", 7771, protocol.ClientFactory.forProtocol(Ask))
reactor.run()
"""


@pytest.fixture
def run(shell, capsys, monkeypatch):
    """Runs a cell; gives what it printed, and keeps what it displayed in `run.shown`."""

    def run(cell):
        run.shown = []
        shell.run_cell(cell)
        return "".join(capsys.readouterr())

    monkeypatch.setattr("reactor.notebook.magics.publish_display_data", lambda data: run.shown.append(data))
    return run


def test_the_programs_of_a_cell_run_in_turn_and_the_cell_shows_what_a_terminal_would(run):
    assert run(f"%%world\n{ECHO}") == "$ python server.py &\nlistening\n$ python client.py\nsoup\n"


def test_where_no_package_has_a_stepper_the_picture_is_all(run, monkeypatch):
    monkeypatch.setattr("reactor.notebook.magics.ReactorMagics.show_run", None)
    run(f"%%world\n{ECHO}")
    (shown,) = run.shown
    assert shown["text/html"].startswith('<img alt="') and "<script" not in shown["text/html"]


def test_a_package_that_has_a_stepper_is_given_the_run_and_its_programs(run, monkeypatch):
    given = []
    show_run = staticmethod(lambda *run: given.append(run) or "stepper")
    monkeypatch.setattr("reactor.notebook.magics.ReactorMagics.show_run", show_run)
    run(f"%%world echo\n{ECHO}")
    ((picture, timeline, files, title, at),) = given
    assert at is None
    assert run.shown[0]["text/html"] == "stepper" and picture.startswith("<img") and title == "echo"
    assert list(files) == ["server.py", "client.py"] == [one["name"] for one in timeline.programs]


def test_the_run_is_shown_as_a_picture_and_in_words_for_viewers_that_show_none(run):
    run(f"%%world\n{ECHO}")
    (shown,) = run.shown
    assert "client.py to server.py: soup\nserver.py to client.py: soup\n" in shown["text/plain"]
    assert '<img alt="' in shown["text/html"] and "data:image/svg+xml;base64," in shown["text/html"]


def test_the_cell_says_how_its_programs_are_started(run):
    plan = "$ python server.py &\n$ python client.py fish\n$ python client.py 'two soups'\n"
    assert run(f"%%world\n{ECHO}{plan}") == (
        "$ python server.py &\nlistening\n$ python client.py fish\nfish\n$ python client.py 'two soups'\ntwo soups\n"
    )


def test_a_cell_without_names_is_one_program_and_its_exit_status_is_shown(run):
    assert run("%%world\nprint('x')\nraise SystemExit(3)\n") == "$ python program.py\nx\n[exit 3]\n"


def test_seed_and_link_are_the_cells_and_the_same_words_give_the_same_run(run):
    clock = "print(round(reactor.seconds(), 2))\n        reactor.stop()"
    cell = ECHO.replace("reactor.stop()", clock)
    runs = [run(f"%%world {words}\n{cell}") for words in ("latency_s=0.5", "seed=1 jitter_s=1", "seed=1 jitter_s=1")]
    assert "soup\n2.0\n" in runs[0]
    assert runs[1] == runs[2] != runs[0]


def test_a_run_that_ends_early_says_why(run):
    said = run(
        "%%world\nfrom reactor import reactor\ndef again(): reactor.callLater(0, again)\nagain()\nreactor.run()\n"
    )
    assert "It ended early: a program took" in said and "again (program.py:2) asks for itself again" in said


def test_step_goes_through_the_run_and_back_and_says_why(run):
    run(f"%%world\n{ECHO}")
    assert run("%step").startswith("step 1 of ")
    assert "server.py prints 'listening\\n' (server.py:8)" in run("%step o")
    assert '  >    8 print("listening")\n' in run("%step 7") or "8 print" in run("%step o")
    assert "client.py prints 'soup\\n'" in run("%step o")
    assert "because client.py receives b'soup'" in run("%step w")
    assert "server.py prints" in run("%step O")
    assert "about to run client.py:9" in run("%step l client.py:9")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%%world\n\n# a.py\nx = 1\n\ndef f(:\n", "a.py, line 3 (line 6 of the cell): invalid syntax: def f(:"),
        ("%%world\nx = 1\ny = (\n", "program.py, line 2 (line 3 of the cell): '(' was never closed: y = ("),
        ("%%world loss\nx = 1", "'loss' can't be read: write a name and a number, as in seed=7 loss=0.1"),
        ("%%world seed=x\nx = 1", "'seed=x' can't be read"),
        ("%%world spam=1\nx = 1", "a link has no 'spam'"),
        ("%%world\n\n", "there is no program in the cell"),
        ("%%world\n# a.py\n# a.py\n", "line 3 of the cell begins a second a.py"),
        ("%%world\nx = 1\n$ python b.py", "there is no 'b.py' in the cell, only program.py"),
        ("%%world\nx = 1\n$ curl x", "line 3 of the cell starts no program of it"),
        ("%%world\nx = 1\n$ python 'x", "line 3 of the cell can't be read: No closing quotation"),
        ("%step", "there is no run to go through: run a cell that begins with %%world first"),
        ("%exercise 8", "exercises and their grader are in the package `lecture`, which isn't installed here"),
        ("%%check 8\nx = 1", "exercises and their grader are in the package `lecture`, which isn't installed here"),
    ],
)
def test_a_mistake_is_answered_with_one_sentence(run, cell, message, monkeypatch, shell):
    from reactor.notebook.magics import ReactorMagics

    shell.register_magics(ReactorMagics)  # as where `lecture` isn't installed
    said = run(cell)
    assert message in said and "Traceback" not in said


@pytest.mark.parametrize("word", ["x", "l", "g", "41 42", "n 3"])
def test_a_word_that_step_does_not_know_is_named(run, word):
    run("%%world\nx = 1")
    assert f"'{word}' says nothing to %step: `%step?` lists what does" in run(f"%step {word}")


def test_a_step_that_is_not_there_says_where_one_is(run):
    run("%%world\nx = 1")
    assert "there is no such step; this is 0 of " in run("%step 10000")


def test_packages_add_words_by_an_entry_point(shell, monkeypatch):
    class Entry:
        def load(self):
            from lecture.notebook import LectureMagics

            return LectureMagics

    monkeypatch.setattr("reactor.notebook.entry_points", lambda group: [Entry()] if group == "reactor.notebook" else [])
    reactor.notebook.load_ipython_extension(shell)
    assert type(shell.find_line_magic("exercise").__self__).__name__ == "LectureMagics"


def test_the_library_needs_no_IPython_until_it_is_loaded():
    code = "import sys; sys.modules['IPython'] = None; import reactor.notebook"
    subprocess.run([sys.executable, "-c", code], check=True)
