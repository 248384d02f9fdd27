"""The web server of the lecture, as its slide has it: run by the runner, looked at with a browser, stopped by kill."""

import http.client
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.browser import CHROMIUM
from tests.support.reactord import reactord

__all__ = ["reactord"]

EXAMPLE = Path(__file__).parents[3] / "examples" / "23_web"
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


def test_reactord_web_serves_neither_its_log_nor_its_pid_file(reactord):
    names = ["pid", "log", "page.txt", "reactord.toml"]
    (reactord.folder / "page.txt").write_text("page")
    (reactord.folder / "reactord.toml").write_text("[reactord]\nlogfile = 'log'\npidfile = 'pid'\n")
    reactord.start("-c", "reactord.toml", "web", "--path", ".", "--port", "tcp:0:interface=127.0.0.1")
    log = reactord.folder / "log"
    [said] = [line for line in log.read_text().splitlines() if "starting on" in line]
    connection = http.client.HTTPConnection("127.0.0.1", int(said.rpartition(" ")[2]), timeout=20)
    codes = {}
    for name in names:
        connection.request("GET", f"/{name}")
        response = connection.getresponse()
        codes[name] = (response.status, len(response.read()) > 0)
    connection.close()
    os.kill(int((reactord.folder / "pid").read_text()), signal.SIGTERM)
    reactord.wait()
    assert codes == {"pid": (404, True), "log": (404, True), "page.txt": (200, True), "reactord.toml": (404, True)}


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_browser_shows_what_the_web_server_of_the_slide_serves(address, tmp_path_factory):
    profile = tmp_path_factory.mktemp("profile")
    options = [*OPTIONS.split(), "disable-component-update", "dump-dom", f"user-data-dir={profile}"]
    command = [CHROMIUM, *(f"--{option}" for option in options), f"http://{address}/"]
    shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, check=False)
    assert b"<h1>It works!</h1>" in shown.stdout
