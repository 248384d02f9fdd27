"""The element that shows a wrong program: on a page, in a deck in Markdown, in a notebook, and what it refuses."""

from __future__ import annotations

import pytest

from lecture.decks.markdown import load_markdown
from lecture.errors import LectureError
from lecture.outputs.build import check_lecture
from lecture.outputs.notebooks.cells import Cells
from lecture.outputs.pages import draw
from lecture.programs import use
from lecture.slides import Code, Lecture, Session, Slide, Wrong, toHTML
from tests.support.example_folder import Folder, place

RIGHT = '''\
def count(things):
    """How many
    there are."""
    total = 0
    for thing in things:
        total += 1
    return total


print(count("abc"))
'''
SESSION = "# Counting.\n$ python count.py\n3\n"
WRONG = "# It forgets to add up.\n# fails: only the last one counts\n\n$ python count.py\n1\n"


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.write("01_count", SESSION, count=RIGHT)
    folder.write("01_count/wrong/last_one", WRONG, count=RIGHT.replace("total += 1", "total = 1"))
    with use(folder.examples()):
        yield folder


def test_a_page_has_the_wrong_program_folded_with_its_lines_marked_and_what_came_of_it(folder):
    markup = toHTML(Wrong("01_count", "last_one"))
    assert markup.startswith('<details class="wrong"><summary>Wrong: It forgets to add up</summary>')
    assert '<p class="fails">Only the last one counts.</p>' in markup
    assert markup.count("<ins ") == markup.count("<del ") == 1
    assert '<del class="line"><span class="sign">− </span>' in markup
    assert '<span class="file">01_count/wrong/last_one/count.py</span> <span class="place">count</span>' in markup
    assert "<kbd>python count.py</kbd>\n<samp>1</samp>" in markup


def test_it_stands_beside_its_slide_and_not_on_it(folder):
    page = draw(Slide("Counting", "one, two", Wrong("01_count", "last_one")), 1)
    assert "details" not in page.body and '<details class="wrong">' in page.wrong


def test_a_program_that_waits_for_ever_says_so_in_its_terminal(folder):
    folder.write("01_count/wrong/asleep", "# fails: it sleeps\n$ python count.py\nwell\n[still waiting]\n")
    sleeps = "import select\nprint('well', flush=True)\nselect.select([], [], [], 60)\n"
    folder.write("01_count/wrong/asleep", count=sleeps)
    with use(folder.examples()):
        markup = toHTML(Session("01_count/wrong/asleep"))
    assert '<samp>well\n<em class="waiting">still waiting …</em></samp>' in markup


def test_a_scene_of_its_own_is_shown_with_what_the_right_program_did_there(folder):
    folder.write("01_count/wrong/last_one", WRONG.replace("count.py", "more.py"), more="import count\n")
    folder.write("01_count/wrong/last_one/right.txt", SESSION.replace("count.py", "more.py"))
    with use(folder.examples()):
        markup = toHTML(Wrong("01_count", "last_one"))
    assert '<span class="file">01_count/wrong/last_one/more.py</span>' in markup
    after = markup.partition("The right program, in the same scene:")[2]
    assert "<samp>3</samp>" in after


def test_lines_that_are_only_gone_are_shown_where_they_were(folder):
    folder.write("01_count/wrong/none", WRONG.replace("1\n", "None\n"), count=RIGHT.replace("    return total\n", ""))
    with use(folder.examples()):
        markup = toHTML(Wrong("01_count", "none"))
    assert "<ins" not in markup and markup.count("<del ") == 1
    assert '<span class="place">count</span>' in markup


def test_the_speaker_reads_what_stands_below_the_slide(folder):
    expected = '<p class="wrong">Wrong: It forgets to add up. Only the last one counts.</p>\n'
    assert Wrong("01_count", "last_one").spoken() == expected


def test_a_slide_of_its_own_has_the_sentence_the_lines_and_the_session(folder):
    wrong = Wrong("01_count", "last_one")
    sentence, changed, session = wrong.parts()
    assert (sentence, session.example) == ("Only the last one counts.", "01_count/wrong/last_one")
    assert changed.role == "exhibit" and changed.where == wrong.where
    assert "<ins" in toHTML(Slide(wrong.title, *wrong.parts()))


def test_a_deck_in_markdown_has_it_too(folder, tmp_path):
    deck = tmp_path / "deck.md"
    deck.write_text("# Talk\n\n## Counting\n\n- one\n\n::wrong 01_count last_one\n")
    slide = load_markdown(deck).slides[0]
    (wrong,) = (part for part in slide.walk() if isinstance(part, Wrong))
    assert (wrong.example, wrong.name, wrong.where.line) == ("01_count", "last_one", 7)


def test_markdown_needs_the_example_and_the_name(tmp_path):
    deck = tmp_path / "deck.md"
    deck.write_text("# Talk\n\n## Counting\n\n::wrong 01_count\n")
    with pytest.raises(LectureError, match="::wrong EXAMPLE NAME") as caught:
        load_markdown(deck)
    assert place(caught.value) == ("deck.md", 5)


def test_a_notebook_has_a_folded_cell_that_says_that_it_is_wrong(folder):
    cells = Cells(folder.examples())
    cells.add(Slide("Counting", "one", Wrong("01_count", "last_one")))
    cell = cells.cells[-1]
    assert (cell["cell_type"], cell["metadata"]) == ("markdown", {"tags": ["wrong"]})
    assert cell["source"].startswith("<details>\n<summary>Wrong: It forgets to add up</summary>\n\nOnly the last one")
    assert "-         total += 1\n+         total = 1\n" in cell["source"]
    assert "```console\n$ python count.py\n1\n```" in cell["source"]


def test_a_wrong_program_that_is_nowhere_names_the_line_of_the_deck_and_what_may_be_meant(folder):
    with pytest.raises(LectureError, match=r"'01_count/wrong/last_won' has no session\.txt") as caught:
        toHTML(Wrong("01_count", "last_won"))
    assert "did you mean '01_count/wrong/last_one'?" in caught.value.message
    assert place(caught.value)[0] == "test_wrong.py"


def test_a_wrong_program_may_not_stand_on_a_slide_as_if_it_were_right(folder):
    file = "01_count/wrong/last_one/count.py"
    with pytest.raises(LectureError, match=r"is a wrong program: show it with Wrong\('01_count', 'last_one'\)"):
        toHTML(Code(file))


def test_a_deck_that_shows_all_of_its_wrong_programs_is_in_order(folder):
    lecture = Lecture("Talk", Slide("Counting", Code("01_count/count.py"), Wrong("01_count", "last_one")))
    assert check_lecture(lecture, folder.examples(), []) == []
    lecture = Lecture("Talk", Slide("Counting", Code("01_count/count.py"), Session("01_count")))
    (error,) = check_lecture(lecture, folder.examples(), [])
    assert "no slide shows this wrong program" in error.message
