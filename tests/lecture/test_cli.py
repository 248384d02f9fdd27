"""The command `lecture` as its users see it: what it says, what it leaves, its exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lecture.cli import main
from lecture.decks.load import default_deck
from tests.support.example_folder import Folder

DECK = """\
from lecture.slides import Lecture, Slide, Bullet, Code, Session
lecture = Lecture("A Talk",
    Slide("Echo", Bullet("Look:"), Code("02_echo/server.py"), Session("02_echo")),
)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.cache = tmp_path / ".cache" / "lecture"
    folder.write("02_echo", "$ python server.py\nhi\n", server="print('hi')\n")
    (tmp_path / "deck.py").write_text(DECK)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "path", sys.path[:])
    return folder


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command in this process; returns status, what it said, and its complaints."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lecture", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return ended.value.code, said.out, said.err

    return run


def deck(*lines: str) -> str:
    return "from lecture.slides import *\n" + "\n".join(lines) + "\n"


def test_a_build_says_what_it_did_and_writes_the_site(folder, run, tmp_path):
    status, out, err = run("build", "deck.py")
    assert (status, err) == (0, "")
    assert out.startswith("ok      02_echo ")
    assert "1 session holds; 1 slide in site/dist; " in out
    assert "hi" in (tmp_path / "site" / "dist" / "slide-01.html").read_text()
    assert (tmp_path / "site" / "dist" / "index.html").is_file()


def test_a_second_build_runs_nothing_and_says_so(folder, run):
    run("build", "deck.py")
    status, out, _ = run("build", "deck.py")
    assert status == 0
    assert out.startswith("cached  02_echo ")
    assert "1 session holds, 1 unchanged" in out


def test_a_build_goes_where_it_is_told(folder, run, tmp_path):
    where = ["--examples", str(folder.root), "--output", "out", "--cache", "memory", "--jobs", "1"]
    assert run("build", "deck.py", *where)[0] == 0
    assert (tmp_path / "out" / "index.html").is_file()
    assert (tmp_path / "memory").is_dir()


def test_the_site_is_opened_when_asked_for(folder, run, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", opened.append)
    run("build", "deck.py", "--open")
    assert [Path(address).name for address in opened] == ["index.html"]


def test_a_failed_build_leaves_the_old_site_and_nothing_half_written(folder, run, tmp_path):
    run("build", "deck.py")
    before = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    folder.write("02_echo", server="print('ho')\n")
    status, out, err = run("build", "deck.py")
    assert status == 1
    assert "FAILED  02_echo" in out
    assert "error: examples/02_echo/session.txt:2: `python server.py` printed something else" in err
    assert "(slide “Echo”)" in err
    assert "-hi\n+ho" in err
    assert "1 error\n" in out
    assert {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()} == before
    assert os.listdir(tmp_path / "site") == ["dist"]


def test_a_build_that_fails_while_drawing_leaves_the_old_site(folder, run, tmp_path):
    run("build", "deck.py")
    before = sorted((tmp_path / "site").rglob("*"))
    (tmp_path / "deck.py").write_text(
        DECK.replace('Bullet("Look:")', 'Image("no.png"), Bullet("Look:")').replace("import", "import Image,")
    )
    status, _, err = run("build", "deck.py")
    assert status == 1
    assert "deck.py:3: " in err and "no.png" in err and "(slide “Echo”)" in err
    assert sorted((tmp_path / "site").rglob("*")) == before


def test_a_folder_with_somebodys_files_is_never_replaced(folder, run, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.tex").write_text("precious")
    status, _, err = run("build", "deck.py", "--output", "thesis")
    assert status == 1
    assert "it has files in it that no build of a lecture made" in err
    assert os.listdir(tmp_path / "thesis") == ["chapter1.tex"]


def test_all_that_is_wrong_is_said_at_once(folder, run, tmp_path):
    folder.write("02_echo", server="print('ho')\n", spare="")
    folder.write("03_chat", "$ python no.py\n", room="")
    (tmp_path / "deck.py").write_text(deck(
        'lecture = Lecture("Talk", Slide("One", Session("02_echo"), Code("02_echo/server.py", "nope")),',
        '  Slide("Two", Code("02_echo/gone.py")), Slide("Three", Session("nowhere"), Image("no.png")))',
    ))  # fmt: skip
    status, _, err = run("build", "deck.py")
    assert status == 1
    for message in (
        "02_echo/session.txt:2: `python server.py` printed something else than the session says",
        "03_chat/session.txt:1: there is no program 'no.py' in 03_chat",
        "deck.py:2: there is no 'nope' in 02_echo/server.py",
        "deck.py:3: there is no program '02_echo/gone.py'",
        "deck.py:3: the example 'nowhere' has no session.txt",
        "no.png",
        "no slide shows 02_echo/spare.py",
        "no slide shows the example '03_chat'",
    ):
        assert message in err
    assert "(slide “Two”)" in err and "(slide “Three”)" in err


@pytest.mark.parametrize(("lines", "line", "message"), [
    (["def f():", "    raise ValueError('ono')", "f()"], 3, "the deck raised ValueError: ono"),
    (["lecture = Lecture('x', Slide('y', 3))"], 2, "3 cannot stand on a slide"),
    (["lecture = Lecture('x', 'no slide')"], 2, "'no slide' is no slide"),
    (["x ="], 2, "the deck is not valid Python"),
    (["import nowhere_to_be_found"], 2, "ModuleNotFoundError"),
    (["raise SystemExit(3)"], 2, "the deck raised SystemExit: 3"),
    (["import json", "json.loads('')"], 3, "the deck raised JSONDecodeError"),
    ([""], 1, "makes no Lecture"),
    (["a = Lecture('x')", "b = Lecture('y')"], 1, "makes 2 lectures: call one of them `lecture`"),
])  # fmt: skip
def test_a_deck_that_cannot_be_loaded_names_its_line(folder, run, tmp_path, lines, line, message):
    (tmp_path / "bad.py").write_text(deck(*lines))
    status, _, err = run("check", "bad.py")
    assert status == 1
    assert f"error: bad.py:{line}: " in err
    assert message in err


@pytest.mark.parametrize("name", ["nowhere.py", "nowhere.md", "no/where", "nowhere", "no.where"])
def test_a_deck_that_is_not_there_is_named(folder, run, name):
    status, _, err = run("check", name)
    assert status == 1
    assert "there is no deck" in err and name in err


def test_a_deck_may_be_a_module_and_have_its_one_lecture_under_any_name(folder, run, tmp_path, monkeypatch):
    (tmp_path / "my_talk_module.py").write_text(DECK.replace("lecture =", "talk ="))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert run("check", "my_talk_module")[0] == 0


def test_a_deck_of_2003_may_import_slides(folder, run, tmp_path):
    (tmp_path / "deck.py").write_text(DECK.replace("lecture.slides", "slides"))
    assert run("check", "deck.py")[0] == 0


def test_a_deck_may_be_markdown(folder, run, tmp_path):
    (tmp_path / "deck.md").write_text("# A Talk\n\n## Echo\n\n- a point\n")
    status, _, err = run("check", "deck.md")
    assert status == 1
    assert "no slide shows the example '02_echo'" in err


def test_checking_examples_alone_needs_no_deck(folder, run):
    folder.write("03_chat", "$ python a.py\n[exit 1]\n", a="")
    status, out, err = run("check", "--examples", "examples")
    assert status == 1
    assert "ok      02_echo" in out and "FAILED  03_chat" in out
    assert "was meant to end with status 1, but succeeded" in err


def test_check_writes_no_site(folder, run, tmp_path):
    assert run("check", "deck.py")[0] == 0
    assert not (tmp_path / "site").exists()


def test_the_report_has_a_case_for_each_session_and_problem(folder, run, tmp_path):
    folder.write("03_chat", "$ python a.py\nplain\n", a="print(chr(27) + '<red> & \"')\n")
    status, _, _ = run("check", "deck.py", "--junit", "report/junit.xml")
    assert status == 1
    suite = ElementTree.parse(tmp_path / "report" / "junit.xml").getroot().find("testsuite")
    assert suite.attrib | {"time": ""} == {"name": "lecture", "tests": "3", "failures": "2", "errors": "0", "time": ""}
    good, bad, other = suite.findall("testcase")
    assert (good.get("name"), good.find("failure")) == ("02_echo", None)
    assert float(good.get("time")) > 0
    assert bad.get("file").endswith("03_chat/session.txt")
    assert '+\\x1b<red> & "' in bad.find("failure").text
    assert "no slide shows the example '03_chat'" in other.find("failure").get("message")


def test_the_report_is_written_when_all_is_well_too(folder, run, tmp_path):
    assert run("check", "--examples", "examples", "--junit", "junit.xml")[0] == 0
    assert ElementTree.parse(tmp_path / "junit.xml").getroot().get("failures") == "0"


def test_update_writes_down_what_the_programs_do_and_shows_the_diff(folder, run):
    folder.write("02_echo", "# why\n$ python server.py\nold\n", server="print('new')\n")
    folder.write("03_chat", "$ python a.py\n[..]\n", a="print(1)")
    status, out, _ = run("update")
    assert status == 0
    assert "-old\n+new\n1 session changed" in out
    assert (folder.root / "02_echo" / "session.txt").read_text() == "# why\n$ python server.py\nnew\n"
    assert (folder.root / "03_chat" / "session.txt").read_text() == "$ python a.py\n[..]\n"


def test_update_of_one_example_leaves_the_others(folder, run):
    for name in ("02_echo", "03_chat"):
        folder.write(name, "$ python a.py\nold\n", a="print('new')")
    assert run("update", "examples/03_chat/")[0] == 0
    assert "old" in (folder.root / "02_echo" / "session.txt").read_text()


@pytest.mark.parametrize(
    "typed", ["02_echo/wrong/ho", "examples/02_echo/wrong/ho/", "examples/02_echo/wrong/ho/session.txt"]
)
def test_update_finds_a_wrong_program_by_its_name_and_by_its_path(folder, run, typed):
    wrong = folder.write("02_echo/wrong/ho", "# fails: it says ho\n$ python server.py\n", server="print('ho')\n")
    assert run("update", typed)[0] == 0
    assert (wrong / "session.txt").read_text().endswith("$ python server.py\nho\n")


def test_update_goes_on_after_an_example_that_cannot_run(folder, run):
    folder.write("01_bad", "$ python no.py\n", a="")
    folder.write("02_echo", "$ python server.py\nold\n")
    status, out, err = run("update")
    assert status == 1
    assert "no program 'no.py'" in err
    assert "+hi" in out


def test_update_of_a_session_that_cannot_be_written_is_an_error_and_no_traceback(folder, run, monkeypatch):
    folder.write("02_echo", "$ python server.py\nold\n")

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lecture.programs.verify.write_atomically", full)
    status, _, err = run("update")
    assert status == 1
    assert "cannot update the session of '02_echo': [Errno 28] No space left" in err


def test_update_is_refused_in_ci(folder, run, monkeypatch):
    monkeypatch.setenv("CI", "true")
    folder.write("02_echo", "$ python server.py\nold\n")
    status, _, err = run("update")
    assert status == 1
    assert "refused where CI is set" in err
    assert "old" in (folder.root / "02_echo" / "session.txt").read_text()


@pytest.mark.parametrize("words", [["bild"], ["build", "--jobs", "0"], ["check", "--nope"], ["check", "a", "b"]])
def test_a_command_that_makes_no_sense_has_status_2(folder, run, words):
    assert run(*words)[0] == 2


def test_help_is_no_error(run):
    status, out, _ = run("--help")
    assert status == 0
    assert "build" in out and "check" in out and "update" in out


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_build_ends_its_programs_and_leaves_nothing(folder, tmp_path, sent, status):
    os.mkfifo(tmp_path / "started")
    program = f"import signal\nopen({str(tmp_path / 'started')!r}, 'w').close()\nsignal.pause()\n"
    folder.write("02_echo", server=program)
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "tmp")}
    words = [sys.executable, "-m", "lecture", "build", "deck.py"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as build:
        (tmp_path / "started").read_bytes()
        build.send_signal(sent)
        _, err = build.communicate(timeout=20)
    assert (build.returncode, err) == (status, "\ninterrupted\n")
    assert os.listdir(tmp_path / "tmp") == []
    assert not (tmp_path / "site").exists()


def test_in_a_terminal_there_are_colours_and_the_same_words(folder, tmp_path):
    import pty

    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
    words = [sys.executable, "-m", "lecture", "check", "deck.py"]
    with subprocess.Popen(words, env=environment, stdout=theirs, stderr=theirs) as check:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # Linux: all writers have gone
                break
    os.close(ours)
    assert check.returncode == 0
    assert b"\x1b[32mok" in shown and b"1 session holds" in shown


# Without a deck


def test_the_deck_is_talk_py_or_talk_md_where_none_is_named(folder, run, tmp_path):
    (tmp_path / "talk.md").write_text("# A\n## B\n::code 02_echo/server.py\n::session 02_echo\n")
    assert "1 slide in" in run("build")[1]
    (tmp_path / "deck.py").rename(tmp_path / "talk.py")
    assert run("check")[0] == 0


@pytest.mark.parametrize("command", ["build", "check", "notebooks"])
def test_in_a_repository_of_ones_own_without_a_deck_one_sentence_says_what_to_do(folder, run, command):
    status, _, err = run(command)
    assert status == 1
    assert err.strip() == (
        "error: there is no talk.py or talk.md here: name the deck, or check the sessions alone with "
        "`lecture check --examples FOLDER`"
    )


def test_the_tutorial_of_doom_is_the_deck_of_its_own_folder_and_where_there_are_no_examples(monkeypatch, tmp_path):
    monkeypatch.chdir(Path(__file__).parents[2] / "examples" / "03_echo")
    assert default_deck() == "lecture.doom"
    monkeypatch.chdir(tmp_path)
    assert default_deck() == "lecture.doom"


# Again and again


def test_every_session_runs_although_it_is_remembered(folder, run, tmp_path):
    run("check", "deck.py")
    before = {path: path.read_bytes() for path in folder.cache.rglob("*.json")}
    status, out, _ = run("check", "deck.py", "--no-cache")
    assert (status, out.partition(" ")[0]) == (0, "ok")
    assert {path: path.read_bytes() for path in folder.cache.rglob("*.json")} == before


def test_a_session_that_holds_only_sometimes_is_found_out(folder, run, tmp_path):
    seen = f"from pathlib import Path\nseen = Path({str(tmp_path / 'seen')!r})\n"
    lucky = f"{seen}print('ho' if seen.exists() else 'hi')\nseen.touch()\n"
    folder.write("02_echo", server=lucky)
    status, out, err = run("check", "deck.py", "--repeat", "3")
    assert status == 1
    assert [line.split()[0] for line in out.splitlines()[:3]] == ["ok", "FAILED", "FAILED"]
    assert "-hi\n+ho" in err
