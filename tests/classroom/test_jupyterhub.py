"""docs/classroom/jupyterhub_config.py, started: two students log in, and each has a reactor of their own.

`make classroom` brings JupyterHub and its proxy, and runs this; CI does so at night.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub", reason="`make classroom` installs JupyterHub")
if not shutil.which("configurable-http-proxy"):
    pytest.skip("`make classroom` installs configurable-http-proxy", allow_module_level=True)

from websockets.sync.client import connect

from tests.classroom.waiting import free_port, until

ROOT = Path(__file__).parents[2]
PASSWORD = "a waiter at the table of doom"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """The address of a hub that runs."""
    folder = tmp_path_factory.mktemp("course")
    address = f"http://127.0.0.1:{free_port()}"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "CI"},
        "CLASSROOM_PASSWORD": PASSWORD,
        "CLASSROOM_FOLDER": str(folder),
        "CLASSROOM_URL": address,
        "CLASSROOM_HUB_PORT": str(free_port()),
        "CONFIGPROXY_AUTH_TOKEN": uuid.uuid4().hex,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    config = ROOT / "docs" / "classroom" / "jupyterhub_config.py"
    api = f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "jupyterhub", "--config", str(config), api]
    with open(folder / "log", "w+b") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            until(lambda: answers(f"{address}/hub/health"), lambda: (folder / "log").read_text())
            yield address, folder
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def answers(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


class Student:
    """A browser, as far as it matters: cookies, a form, and the server's interface."""

    def __init__(self, hub: str, name: str, password: str = PASSWORD) -> None:
        self.hub, self.name = hub, name
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener.open(f"{hub}/hub/login", timeout=30).read()
        form = {"username": name, "password": password, "_xsrf": self.xsrf("/hub/")}
        self.opener.open(f"{hub}/hub/login", urllib.parse.urlencode(form).encode(), timeout=30).read()

    def xsrf(self, path: str) -> str:
        return next(one.value or "" for one in self.cookies if one.name == "_xsrf" and one.path == path)

    def spawn(self) -> None:
        self.opener.open(f"{self.hub}/hub/spawn/{self.name}", timeout=60).read()
        until(self.is_ready)
        self.opener.open(f"{self.hub}/user/{self.name}/lab", timeout=60).read()

    def restart(self) -> None:
        """Stop the server, and start it again, as the hub's page does."""
        address = f"{self.hub}/hub/api/users/{self.name}/server?_xsrf={urllib.parse.quote(self.xsrf('/hub/'))}"
        self.opener.open(urllib.request.Request(address, method="DELETE"), timeout=60).read()
        until(lambda: not self.is_ready())
        self.spawn()

    def is_ready(self) -> bool:
        try:
            return "version" in self.ask("api")
        except (urllib.error.HTTPError, json.JSONDecodeError):
            return False

    def ask(self, path: str, content: object = None) -> dict:
        request = urllib.request.Request(f"{self.hub}/user/{self.name}/{path}")
        if content is not None:
            request.data = json.dumps(content).encode()
            request.add_header("X-XSRFToken", self.xsrf(f"/user/{self.name}/"))
        with self.opener.open(request, timeout=60) as answer:
            return json.loads(answer.read())

    def run(self, kernel: str, *cells: str) -> list[str]:
        """What each cell shows, in a kernel."""
        address = f"{self.hub.replace('http', 'ws')}/user/{self.name}/api/kernels/{kernel}/channels"
        own = [one for one in self.cookies if f"/user/{self.name}/".startswith(one.path)]
        cookies = "; ".join(f"{one.name}={one.value}" for one in own)
        with connect(address, additional_headers={"Cookie": cookies}, proxy=None, open_timeout=60) as channel:
            return [self._run(channel, cell) for cell in cells]

    def _run(self, channel, code: str) -> str:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": "s"}
        message = {"header": header | {"version": "5.3", "date": "2026-01-01T00:00:00Z"}, "parent_header": {}}
        content = {"code": code, "silent": False, "allow_stdin": False, "stop_on_error": True}
        channel.send(json.dumps(message | {"metadata": {}, "content": content, "channel": "shell", "buffers": []}))
        shown = ""
        while True:
            answer = json.loads(channel.recv(timeout=60))
            if answer["parent_header"].get("msg_id") != header["msg_id"] or answer["channel"] != "iopub":
                continue
            said = answer["content"]
            shown += said.get("text", "") + said.get("data", {}).get("text/plain", "") + said.get("evalue", "")
            if said.get("execution_state") == "idle":
                return shown


@pytest.fixture(scope="module")
def students(hub):
    address, _ = hub
    both = [Student(address, name) for name in ("ann", "bob")]
    for student in both:
        student.spawn()
    return both


def test_a_student_finds_the_notebooks_and_what_they_change_is_kept(hub, students):
    _, folder = hub
    names = {one["name"] for one in students[0].ask("api/contents/notebooks")["content"]}
    assert {"live.ipynb", "part-1.ipynb"} <= names
    own = folder / "ann" / "notebooks" / "live.ipynb"
    changed = own.read_text(encoding="utf-8").replace("One loop for both of you", "My own")
    own.write_text(changed, encoding="utf-8")
    students[0].restart()
    assert own.read_text(encoding="utf-8") == changed
    assert "My own" not in (folder / "bob" / "notebooks" / "live.ipynb").read_text(encoding="utf-8")


def test_two_students_have_a_reactor_each_with_no_more_than_an_import(students):
    kernels = [student.ask("api/kernels", {"path": "notebooks"})["id"] for student in students]
    listen = "port = reactor.listenTCP(0, protocol.Factory.forProtocol(protocol.Protocol)); port.connected"
    cells = ["%load_ext lecture.notebook", "from reactor import protocol, reactor", listen]
    for student, kernel in zip(students, kernels, strict=True):
        assert student.run(kernel, *cells) == ["", "", "True"]


def test_a_cell_is_graded_and_the_example_of_a_session_is_found(students):
    (kernel, *_) = [one["id"] for one in students[1].ask("api/kernels")] or [
        students[1].ask("api/kernels", {"path": "notebooks"})["id"]
    ]
    shown = students[1].run(
        kernel, "%reload_ext lecture.notebook", "%%check 7\nprint('soup')", "%session 13_scheduling"
    )
    assert "Not yet. In " in shown[1]
    assert shown[2].startswith("$ python ") and "differs" not in shown[2]


def test_a_wrong_password_is_turned_away(hub):
    address, _ = hub
    with pytest.raises(urllib.error.HTTPError, match="403"):
        Student(address, "eve", "guessed")
