"""The playground of a small lecture, as the build writes it, with Python beside it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from lecture.doom.missions import missions
from lecture.exercises.folder import find_exercises
from lecture.outputs.pages import write_all
from lecture.outputs.play.python import python_script
from lecture.programs import Examples, use
from lecture.slides import Lecture, Session, Slide, Wrong
from tests.browser.conftest import Offline, QuietHandler
from tests.support.traces import EXAMPLES

PATIENCE_MS = 120_000  # Python takes seconds to load, and other tests may have the machine
PYODIDE = EXAMPLES.parent / ".cache" / "pyodide" / "node_modules" / "pyodide"


@pytest.fixture(scope="package")
def site(tmp_path_factory) -> Path:
    """The lecture's folder."""
    if not (PYODIDE / "pyodide.asm.wasm").exists():
        pytest.skip("Pyodide is not installed: tools/pyodide does it")
    folder = tmp_path_factory.mktemp("play")
    examples = Examples(EXAMPLES, folder / "cache" / "lecture")
    python = folder / "cache" / "play" / "python.js"
    python.parent.mkdir(parents=True)
    python.write_bytes(python_script(PYODIDE))
    echo = Slide("Echo", Session("03_echo"), Wrong("03_echo", "one_chunk"), exercises=(8, 5))
    lecture = Lecture("Two", echo, Slide("Words", "only"))
    lecture.missions = missions
    lecture.exercises = tuple(find_exercises(EXAMPLES.parent / "exercises"))
    with use(examples):
        write_all(lecture, folder / "site")
    return folder / "site"


@pytest.fixture
def served(site) -> Iterator[str]:
    """The address of the playground over http."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/play.html"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="package")
def playing(chromium_browser, site) -> Iterator[Offline]:
    """The playground from disk, in a window that many tests use."""
    opener = Offline(chromium_browser, site)
    opener.address = (site / "play.html").as_uri()
    yield opener
    opener.close()


@pytest.fixture(scope="package")
def ready_page(playing):
    """Its page, when Python is there."""
    told = "document.getElementById('status').textContent"
    return playing.open("#03_echo", ready=f"window.playground && {told} === 'Python is ready.'", timeout=PATIENCE_MS)


@pytest.fixture
def offline(chromium_browser, site) -> Iterator[Offline]:
    """Opens the playground from disk, with the network off."""
    opener = Offline(chromium_browser, site)
    opener.address = (site / "play.html").as_uri()
    yield opener
    opener.close()


@pytest.fixture
def without_python(site, tmp_path) -> Path:
    """The same lecture, for which nobody has called `make play`."""
    shutil.copytree(site, tmp_path / "bare", ignore=shutil.ignore_patterns("python.js"))
    return tmp_path / "bare"
