"""The playground as the build writes it: programs, library, links, and Python when there is one."""

import base64
import gzip
import io
import json
import re
import subprocess
import sys
import zipfile

import pytest

from lecture.doom import lecture as talk
from lecture.errors import LectureError
from lecture.outputs.export.write import write_single
from lecture.outputs.pages import write_all
from lecture.outputs.play.library import library_script
from lecture.outputs.play.programs import MISSING, on_slides, playable
from lecture.outputs.play.python import python_script
from lecture.programs import Examples, use
from lecture.programs.not_simulated import read_exceptions
from lecture.slides import Lecture, Session, Slide, Wrong
from tests.support.traces import EXAMPLES

REQUEST = {"files": {"a.py": "from reactor import reactor\nprint('here')"}, "session": "$ python a.py\nhere", "seed": 0}


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    found = Examples(EXAMPLES, tmp_path_factory.mktemp("cache") / "lecture")
    with use(found):
        yield found


@pytest.fixture(scope="module")
def site(examples, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("two")
    lecture = Lecture("Two", Slide("Echo", Session("03_echo"), Wrong("03_echo", "one_chunk")), Slide("Words", "only"))
    lecture.missions = talk.missions
    write_all(lecture, tmp_path / "site")
    return tmp_path / "site"


def test_the_library_runs_programs_where_nothing_else_is(tmp_path):
    packed = re.fullmatch(r'packedLibrary\("([\w+/=]+)"\);\n', library_script().decode())
    zipfile.ZipFile(io.BytesIO(base64.b64decode(packed[1]))).extractall(tmp_path)
    source = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from lecture.programs.simulation.playing import play\n"
        f"print(play({json.dumps(REQUEST)!r}, lambda place, text: None))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["holds"] and str(tmp_path) not in done.stdout


def test_a_slide_with_a_program_links_to_the_playground_and_another_one_does_not(site):
    page, deck = (site / "slide-01.html").read_text(), (site / "deck.html").read_text()
    assert '<a class="tool" href="play.html#03_echo" target="play">Edit and run</a>' in page
    assert "play.html" not in (site / "slide-02.html").read_text()
    assert re.findall(r'href="play.html#([\w/]+)"', deck) == ["03_echo", "03_echo/wrong/one_chunk"]


def test_the_page_brings_the_programs_and_the_missions_of_what_is_shown(site):
    data = json.loads((site / "programs.js").read_text().removeprefix("playPrograms = ").removesuffix(";\n"))
    echo, wrong = data["programs"]
    assert echo["name"] == "03_echo" and echo["page"] == "slide-01.html"
    assert set(echo["files"]) == {"client.py", "server.py"} and "received hello world" in echo["session"]
    assert wrong["name"] == "03_echo/wrong/one_chunk" and "cutting.py" in wrong["files"]
    assert {one["program"] for one in data["missions"]} == {"03_echo"}


def test_python_is_beside_the_page_when_it_was_made_and_only_then(examples, site, tmp_path):
    assert not (site / "python.js").exists() and (site / "library.js").exists()
    made = examples.cache.folder.parent / "play" / "python.js"
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(b"packedPython({});")
    write_all(Lecture("One", Slide("Echo", Session("03_echo"))), tmp_path / "site")
    made_there = tmp_path / "site" / "python.js"
    assert made_there.read_bytes() == made.read_bytes()
    made.unlink()


def test_only_the_page_of_the_playground_may_compile_programs(site):
    policies = {path.name: "wasm-unsafe-eval" in path.read_text() for path in site.glob("*.html")}
    assert [name for name, may in policies.items() if may] == ["play.html"]


def test_a_lecture_without_programs_has_no_playground(examples, tmp_path):
    write_all(Lecture("None", Slide("Words", "only")), tmp_path / "site")
    assert not (tmp_path / "site" / "play.html").exists()


def test_a_lecture_in_one_file_has_no_way_to_the_playground(examples, tmp_path):
    write_single(Lecture("One", Slide("Echo", Session("03_echo"))), tmp_path / "one.html")
    assert "play.html" not in (tmp_path / "one.html").read_text()


def test_what_a_page_cannot_run_is_not_offered(examples):
    assert playable(examples, "46_children", {"46_children"}) is None
    assert playable(examples, "01_restaurant", ()) is None  # it has no reactor yet
    not_simulated = read_exceptions(examples.root, examples.names())
    for name in examples.names():
        files = playable(examples, name, not_simulated) or {}
        assert not any(word in text for word in MISSING for text in files.values()), name


def test_a_program_of_asyncio_is_offered_since_its_loop_runs_in_the_page_too(examples):
    not_simulated = read_exceptions(examples.root, examples.names())
    assert "restaurant.py" in playable(examples, "55_two_worlds", not_simulated)


def test_most_slides_with_a_session_offer_their_program(examples):
    played = on_slides(talk, "slide-{}.html".format)
    slides = {place for place in played.places if "w" not in place}
    assert len(slides) >= 30 and len(played.programs) >= 60


def pyodide(folder, module="let x = import.meta.url\nexport default _createPyodideModule;\n"):
    contents = {
        "package.json": '{"version": "1.2.3"}',
        "pyodide.asm.mjs": module,
        "pyodide.js": "var loadPyodide;",
        "pyodide.asm.wasm": "wasm",
        "python_stdlib.zip": "zip",
        "pyodide-lock.json": '{"info": {"python": "3.14"}, "packages": {"numpy": {}}}',
    }
    for name, text in contents.items():
        (folder / name).write_text(text)
    return folder


def test_python_is_packed_as_a_classic_script_with_its_licence(tmp_path):
    script = python_script(pyodide(tmp_path)).decode()
    packed = json.loads(script[script.index("packedPython(") + 13 : -3])
    source = gzip.decompress(base64.b64decode(packed["script"])).decode()
    assert "Pyodide 1.2.3" in script and "Mozilla Public" in script
    assert "export" not in source and "import.meta" not in source and source.endswith("var loadPyodide;")
    assert gzip.decompress(base64.b64decode(packed["wasm"])) == b"wasm"
    assert json.loads(packed["lock"]) == {"info": {"python": "3.14"}, "packages": {}}
    assert script.encode() == python_script(tmp_path)


def test_a_folder_without_pyodide_is_named(tmp_path):
    with pytest.raises(LectureError, match=r"has no package.json: let npm put Pyodide there"):
        python_script(tmp_path)


def test_a_pyodide_that_is_put_together_differently_is_refused(tmp_path):
    with pytest.raises(LectureError, match=r"the Pyodide 1\.2\.3 in .* doesn't end in"):
        python_script(pyodide(tmp_path, module="export { other }"))
