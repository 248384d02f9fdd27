"""The web server of the lecture, as its slide has it: run by the runner, looked at with a browser, stopped by kill."""

import http.client
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.reactord import reactord

__all__ = ["reactord"]

EXAMPLE = Path(__file__).parents[3] / "examples" / "23_web"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-sync"


@pytest.fixture
def address(reactord):
    """Where the program of the slide serves; but for its port, which the kernel chooses here."""
    shutil.copytree(EXAMPLE / "www", reactord.folder / "www")
    program = (EXAMPLE / "web.py").read_text()
    assert program.count("8080") == 1
    reactord.write(program.replace("8080", "0"), "web.py")
    reactord.start("-y", "web.py")
    [said] = [message for message in reactord.messages() if "starting on" in message]
    yield f"127.0.0.1:{said.rpartition(' ')[2]}"
    reactord.stop()
    assert reactord.messages()[-1] == "web has stopped"
    assert not (reactord.folder / "reactord.pid").exists()


def test_the_web_server_of_the_slide_serves_until_it_is_killed(address):
    for path, expected in [("/", b"<h1>It works!</h1>\n"), ("/index.html", b"<h1>It works!</h1>\n")]:
        connection = http.client.HTTPConnection(address, timeout=20)
        connection.request("GET", path)
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, expected)
        connection.close()


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
def test_a_browser_shows_what_the_web_server_of_the_slide_serves(address, tmp_path_factory):
    profile = tmp_path_factory.mktemp("profile")
    options = [*OPTIONS.split(), "disable-component-update", "dump-dom", f"user-data-dir={profile}"]
    command = [BROWSER, *(f"--{option}" for option in options), f"http://{address}/"]
    shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, check=False)
    assert b"<h1>It works!</h1>" in shown.stdout
