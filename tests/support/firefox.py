"""Firefox, without a window, driven by WebDriver BiDi: the least that tests of the deck need, over a WebSocket.

Playwright drives a Firefox of its own only, which it would have to download. This is the system's, as people have it.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
DEADLINE_S = 60.0

# Nothing of its own to ask the network for, and no tab that a script opens is stopped.
PREFERENCES = """
user_pref("dom.disable_open_during_load", false);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("app.update.enabled", false);
"""


class Firefox:
    """A session with a running Firefox."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.ask("session.new", capabilities={})

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command, and return its result. Raises AssertionError with Firefox's words if it fails."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=DEADLINE_S))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def windows(self) -> list[Window]:
        """All tabs and windows, in the order in which they were opened."""
        return [Window(self, each["context"]) for each in self.ask("browsingContext.getTree")["contexts"]]

    def other_than(self, window: Window) -> Window:
        """The window that this one opens, as soon as it is there."""
        while not (others := [each for each in self.windows() if each.context != window.context]):
            continue
        return others[0]


class Window:
    """A tab or a window of Firefox."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox = firefox
        self.context = context

    def open(self, url: str) -> None:
        """Load an address, and wait until its scripts have run."""
        self._firefox.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self._firefox.ask("browsingContext.reload", context=self.context, wait="complete")

    def close(self) -> None:
        """Close it."""
        self._firefox.ask("browsingContext.close", context=self.context)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited; it has to be text, a number, a truth value or null."""
        target = {"context": self.context}
        answer = self._firefox.ask(
            "script.evaluate", expression=f"({expression})", target=target, awaitPromise=True, userActivation=True
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Wait until a JavaScript expression is true; asked at each frame, in the page."""
        frames = f"""new Promise((resolve, reject) => {{
            const end = performance.now() + {DEADLINE_S * 500};
            const look = () => ({condition}) ? resolve(true)
                : performance.now() > end ? reject(new Error({json.dumps(condition)})) : setTimeout(look, 20);
            look();
        }})"""
        self.evaluate(frames)

    def press(self, key: str) -> None:
        """Press and release one key: a character, or one of KEYS."""
        value = KEYS.get(key, key)
        strokes = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self._firefox.ask("input.performActions", context=self.context, actions=[keyboard])


KEYS = {"ArrowRight": "\ue014", "ArrowLeft": "\ue012", "Enter": "\ue007", "Escape": "\ue00c", "Home": "\ue011"}


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A running Firefox with a profile of its own."""
    from websockets.sync.client import connect

    assert FIREFOX, "there is no Firefox"
    profile.mkdir(parents=True)
    (profile / "user.js").write_text(PREFERENCES, encoding="utf-8")
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    environment = {**os.environ, "HOME": str(profile), "MOZ_DISABLE_CONTENT_SANDBOX": "1"}
    log = profile / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
        )
    try:
        address = _address(process, lambda: log.read_text(encoding="utf-8", errors="replace"))
        with connect(f"{address}/session", open_timeout=DEADLINE_S, max_size=None, proxy=None) as socket:
            yield Firefox(socket)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _address(process: subprocess.Popen[bytes], said: Callable[[], str]) -> str:
    """What Firefox says where it listens, as soon as it says so."""
    while process.poll() is None:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", said()):
            return found[1]
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(f"Firefox ended with status {process.returncode}: {said()}")
