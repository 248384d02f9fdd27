"""The guides keep their word: their programs do what their sessions say, and every block is what its file says."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from lecture.errors import LectureError
from lecture.programs import Examples
from lecture.programs.compare import Result, command_fits
from lecture.programs.session import read_session
from reactor.port.library import lack
from reactor.port.names import theirs

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
TOOL = runpy.run_path(str(ROOT / "tools" / "guides.py"))
PAGES = sorted(GUIDES.glob("*.md"))
SHOWN = (".py", ".md", ".html")
PROGRAMS = Examples(GUIDES / "programs", cache=ROOT / ".cache" / "guides")


def named(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


@pytest.mark.parametrize("name", PROGRAMS.names())
def test_the_programs_of_a_guide_do_what_their_session_says(name):
    missing = PROGRAMS.verify(name).missing
    if missing:
        pytest.skip(f"this machine lacks {missing}")


def test_the_decks_of_the_guide_build_and_fail_as_it_shows(tmp_path):
    # Not run as a session: a program in one is handed other ports than it asks for, and `lecture` must hold some.
    talk = shutil.copytree(GUIDES / "programs" / "deck" / "talk", tmp_path / "talk")
    for command in read_session(GUIDES / "programs" / "deck" / "terminal.txt").commands:
        assert command.argv[0] == "lecture"
        words = [sys.executable, "-m", *command.argv]
        done = subprocess.run(words, cwd=talk, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        assert command_fits(command, Result(done.stdout, done.returncode)), done.stdout


@pytest.mark.parametrize("page", PAGES, ids=named(PAGES))
def test_every_block_of_a_guide_is_what_its_file_says(page):
    assert TOOL["renewed"](page) == page.read_text(encoding="utf-8"), "run python tools/guides.py --write"


@pytest.mark.parametrize("page", PAGES, ids=named(PAGES))
def test_every_program_and_every_output_of_a_guide_names_its_file(page):
    found = TOOL["blocks"](page.read_text(encoding="utf-8"))
    assert not [f"{page.name}:{block.line}" for block in found if TOOL["needs_a_marker"](block)]


@pytest.mark.parametrize("name", sorted(folder.name for folder in PROGRAMS.root.iterdir() if folder.is_dir()))
def test_every_program_of_a_guide_is_shown_or_named_by_it(name):
    page = (GUIDES / f"{name}.md").read_text(encoding="utf-8")
    found = {block.file for block in TOOL["blocks"](page)}
    assert found & set(TOOL["SESSIONS"])
    folder = GUIDES / "programs" / name
    programs = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in SHOWN}
    unseen = {program for program in programs - found if f"](programs/{name}/{program})" not in page}
    assert not unseen, "show a piece of them, or link to them"


@pytest.mark.parametrize("page", PAGES, ids=named(PAGES))
def test_every_link_of_a_guide_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    broken = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=named(PAGES))
def test_every_dotted_name_in_a_guide_exists(page):
    prose = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    names = set(re.findall(r"`((?:reactor|lecture)(?:\.\w+)+)(?:\(\))?`", prose))
    assert not [problem for name in sorted(names) if (problem := lack(name))]


def test_the_index_lists_every_guide_twice_with_a_line_and_in_its_toctree():
    index = (GUIDES / "index.md").read_text(encoding="utf-8")
    others = {page.stem for page in PAGES} - {"index"}
    toctree = re.search(r"^```\{toctree\}\n(.*?)^```$", index, re.MULTILINE | re.DOTALL)[1]
    listed = re.findall(r"^- \[[^\]]+\]\((\w+)\.md\): \S", index, re.MULTILINE)
    assert set(listed) == others
    assert [line for line in toctree.split("\n") if line and not line.startswith(":")] == listed


# --- which module for what


def rows() -> list[tuple[str, list[str], list[str]]]:
    """The tables: a need, our names for it, and Twisted's."""
    page = (GUIDES / "which_module.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (.+?) \| (`.+?) \| (.+?) \|$", page, re.MULTILINE)
    return [(need, dotted(mine), dotted(their)) for need, mine, their in cells]


def dotted(cell: str) -> list[str]:
    return re.findall(r"`((?:reactor|twisted)\.[\w.]+)`", cell)


def test_the_table_of_modules_has_rows_with_a_name_each():
    assert len(rows()) > 50
    assert not [need for need, mine, _ in rows() if not mine]


@pytest.mark.parametrize(("need", "mine", "twisteds"), rows())
def test_every_name_in_the_table_of_modules_exists_under_the_name_that_twisted_has(need, mine, twisteds):
    lacking = {name: problem for name in [*mine, *twisteds] if (problem := lack(name))}
    assert not lacking
    expected = [theirs(name) for name in mine]
    if twisteds:
        assert twisteds == expected
    elif find_spec("twisted"):
        assert all(lack(name) for name in expected), "Twisted has it"


# --- the tool itself


@pytest.fixture
def page(tmp_path):
    folder = tmp_path / "programs" / "page"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    (folder / "session.txt").write_text("# comment\n\n$ python a.py\none\n$ python a.py 2 &\ntwo\n[exit 1]\n")
    return tmp_path / "page.md"


def renewed(page: Path, text: str) -> str:
    page.write_text(text)
    return TOOL["renewed"](page)


def test_a_block_is_renewed_by_the_name_of_what_it_shows(page):
    stale = "Text.\n\n<!-- a.py: two -->\n```python\ndef two(): ...\n```\n\nText.\n"
    assert "<!-- a.py: two -->\n```python\ndef two():\n    return 2\n```\n\nText.\n" in renewed(page, stale)
    assert "return 1" in renewed(page, "<!-- a.py -->\n```\n```\n")


def test_a_session_is_shown_whole_or_by_the_beginning_of_a_command(page):
    whole = renewed(page, "<!-- session.txt -->\n```\n```\n")
    assert whole == ("<!-- session.txt -->\n```console\n$ python a.py\none\n$ python a.py 2 &\ntwo\n[exit 1]\n```\n")
    second = renewed(page, "<!-- session.txt: python a.py 2 -->\n```\n```\n")
    assert second.endswith("```console\n$ python a.py 2 &\ntwo\n[exit 1]\n```\n")


@pytest.mark.parametrize("marker", ["b.py", "a.py: three", "session.txt: python b.py", "session.txt: pyth"])
def test_a_marker_that_leads_nowhere_is_named_with_its_line(page, marker):
    with pytest.raises(LectureError, match=r"page\.md:3: the block shows nothing"):
        renewed(page, f"Text.\n\n<!-- {marker} -->\n```\n```\n")


def test_a_block_without_marker_is_left_alone_and_only_commands_may_do_without(page):
    text = "```sh\nls\n```\n\n```{toctree}\n```\n\n```python\n1\n```\n\n```console\n$ ls\n```\n"
    assert renewed(page, text) == text
    assert [TOOL["needs_a_marker"](block) for block in TOOL["blocks"](text)] == [False, False, True, True]
