"""A deck as one file: HTML that needs nothing else, and a PDF from which nothing is lost."""

import base64
import gzip
import hashlib
import io
import json
import re

import pytest

from lecture.errors import LectureError
from lecture.outputs import chromium
from lecture.outputs.export.paper import pages
from lecture.outputs.export.single import single_file, without_notes
from lecture.outputs.export.write import write_pdf, write_single
from lecture.outputs.pages import write_all
from lecture.programs import Examples, use
from lecture.slides import HTML, Ask, Bullet, Code, Image, Lecture, Notes, Session, Slide, Step
from tests.support.traces import ROOT

pypdf = pytest.importorskip("pypdf")

needs_chromium = pytest.mark.skipif(chromium.browser() is None, reason="there is no Chromium; .ci/gui installs one")
SECRET = "Don't tell them."


@pytest.fixture(scope="module")
def lecture():
    return Lecture(
        "A talk to hand over",
        Slide("Words", Bullet("one"), Step(), Bullet("two & three"), Notes(SECRET)),
        Slide(
            "A program",
            Bullet("What comes in goes out again"),
            Code("03_echo/server.py", "Echo"),
            Session("03_echo"),
            Session("01_restaurant"),
            Notes("Now run it."),
            Ask("What is on the house?", "Nothing."),
        ),
    )


def packed(text):
    """The scripts that run when they are asked for, by their names."""
    archive = re.search(r'<script type="text/plain" data-packed>([^<]+)</script>', text)[1]
    return json.loads(gzip.decompress(base64.b64decode(archive)))


@pytest.fixture(scope="module", autouse=True)
def examples():
    with use(Examples(ROOT / "examples")):
        yield


# --- one HTML file


def test_one_file_asks_for_nothing_else(lecture, tmp_path):
    made = write_single(lecture, tmp_path / "talk.html")
    text = made.path.read_text(encoding="utf-8")
    markup = re.sub(r"<style>.*?</style>", "", text.partition("<script>")[0], flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!data:|#|https?:)[^"]+"', markup)
    assert "Content-Security-Policy" in text and "script-src 'sha256-" in text
    assert "received hello world" in text and SECRET in packed(text)["notes.js"].replace("&#x27;", "'")
    assert made.size == len(text.encode()) < 1_000_000 and not made.too_large


def test_runs_are_packed_into_it_with_the_stepper_and_may_run(lecture, tmp_path):
    text = write_single(lecture, tmp_path / "talk.html").path.read_text(encoding="utf-8")
    scripts = packed(text)
    assert scripts["timelines/03_echo.js"].startswith("timelines({") and "stepper" in scripts["stepper.js"]
    for script in scripts.values():
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in text.partition("<body")[0]


def test_a_selector_in_the_styles_is_no_reference_to_a_file(lecture, tmp_path):
    text = write_single(lecture, tmp_path / "talk.html").path.read_text(encoding="utf-8")
    assert "data:text/javascript" not in text


def test_notes_can_be_left_out(lecture, tmp_path):
    text = write_single(lecture, tmp_path / "talk.html", notes=False).path.read_text(encoding="utf-8")
    assert SECRET not in text.replace("&#x27;", "'") and "Now run it" not in text
    assert packed(text)["notes.js"] == "notes({});\n"
    assert "received hello world" in text


def test_the_policy_lets_this_script_run_and_no_other(lecture, tmp_path):
    import base64
    import hashlib

    text = write_single(lecture, tmp_path / "talk.html").path.read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 1 and "<script src" not in text
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


def test_pictures_are_in_the_file(tmp_path):
    picture = tmp_path / "dot.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 40)
    lecture = Lecture("T", Slide("a picture", Image(str(picture))))
    text = write_single(lecture, tmp_path / "talk.html").path.read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,iVBORw0KGgp4' in text


def test_pictures_of_notes_are_in_the_file_too(tmp_path):
    (tmp_path / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 40)
    lecture = Lecture("T", Slide("none", Bullet("none"), Notes(f"![a dot]({tmp_path / 'dot.png'})")))
    text = write_single(lecture, tmp_path / "talk.html").path.read_text(encoding="utf-8")
    assert 'src=\\"data:image/png;base64,iVBORw0KGgp4' in packed(text)["notes.js"]


def test_a_script_cannot_end_itself(lecture):
    page = '<meta content="script-src \'self\'"><script src="deck.js" defer></script></body>'
    text = single_file(page, 'x = "</script>"', "", {})
    assert text.count("</script>") == 1 and '"<\\/script>"' in text


def test_a_large_file_is_said_to_be_large(tmp_path):
    made = write_single(Lecture("T", Slide("much", HTML("<p>" + "x" * 1_000_001))), tmp_path / "talk.html")
    assert made.too_large


def test_what_cannot_be_written_is_named_and_the_old_file_stays(lecture, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(LectureError, match=r"cannot write .*folder: Is a directory"):
        write_single(lecture, tmp_path / "folder")


# --- paper


def text_of(path):
    reader = pypdf.PdfReader(io.BytesIO(path.read_bytes()))
    return [page.extract_text() for page in reader.pages]


def squeezed(text):
    return re.sub(r"\s+", "", text)


@needs_chromium
def test_a_page_for_each_state_that_is_seen_last_and_every_line_of_output_is_on_one(lecture, tmp_path):
    made = write_pdf(lecture, tmp_path / "talk.pdf")
    texts = text_of(made.path)
    assert made.pages == len(texts) and squeezed("two & three") in squeezed(texts[0])
    found = squeezed("".join(texts))
    outputs = [output for name in ("03_echo", "01_restaurant") for output in outputs_of(name)]
    assert len(outputs) > 6 and all(squeezed(line) in found for line in outputs)
    source = (ROOT / "examples" / "03_echo" / "server.py").read_text().partition("class Echo(")[2]
    assert all(squeezed(line) in found for line in source.partition("\n\n\n")[0].splitlines())
    assert SECRET not in "".join(texts)


def outputs_of(example):
    from lecture.programs import current_examples

    return [line for entry in current_examples().transcript(example).entries for line in entry.output.splitlines()]


@needs_chromium
def test_each_step_is_a_page_if_one_asks(lecture, tmp_path):
    site = write_all(lecture, tmp_path / "site")
    made = write_pdf(lecture, tmp_path / "talk.pdf", each_step=True)
    assert made.pages == sum(section.steps for section in site.sections) == len(text_of(made.path))
    first, second = text_of(made.path)[:2]
    assert "two" not in first and "two" in second


@needs_chromium
def test_with_notes_each_page_has_them_below_its_slide(lecture, tmp_path):
    texts = text_of(write_pdf(lecture, tmp_path / "talk.pdf", notes=True).path)
    assert squeezed(SECRET) in squeezed(texts[0]).replace("’", "'")
    assert sum("Now run it" in text for text in texts) == 1


@needs_chromium
def test_a_handout_has_what_is_for_readers(lecture, tmp_path):
    texts = text_of(write_pdf(lecture, tmp_path / "talk.pdf", for_readers=True).path)
    assert "Now run it" in "".join(texts)
    assert "Nothing." in "".join(texts), "an answer is folded where nobody can unfold it"


def test_the_steps_of_a_slide_whose_panes_take_turns_are_pages(lecture, tmp_path):
    sections = write_all(lecture, tmp_path / "site").sections
    steps = [(page.section.number, page.step) for page in pages(sections, each_step=False, notes=False)]
    assert steps[0] == (1, 2) and steps[-1] == (2, sections[1].steps)
    assert without_notes(sections)[0].notes == ()


def test_without_a_browser_it_is_said_which_would_do(lecture, tmp_path, monkeypatch):
    monkeypatch.setattr(chromium, "browser", lambda: None)
    with pytest.raises(LectureError, match=r"a PDF needs one of these programs, none of which is here: chromium-he"):
        write_pdf(lecture, tmp_path / "talk.pdf")


def test_a_browser_that_prints_nothing_is_named(lecture, tmp_path, monkeypatch):
    monkeypatch.setattr(chromium, "run", lambda *words: "")
    monkeypatch.setattr(chromium, "browser", lambda: "/usr/bin/chromium")
    with pytest.raises(LectureError, match="/usr/bin/chromium printed nothing: try it by hand with"):
        write_pdf(lecture, tmp_path / "talk.pdf")
    assert not (tmp_path / "talk.pdf").exists()
