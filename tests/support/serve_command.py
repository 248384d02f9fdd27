"""`lecture serve` in a process of its own, as its users start it."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/\S*\?token=\S+")
ENDS_S = 60.0


class Command:
    """`lecture serve` in a process of its own, in a folder with a deck; its temporary files are in another."""

    def __init__(self, folder, *words):
        (folder / "temporary").mkdir()
        environment = {**os.environ, "TMPDIR": str(folder / "temporary"), "HOME": str(folder)}
        environment.pop("CI", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lecture", "serve", *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        self.temporary = folder / "temporary"

    def read_until(self, pattern):
        """Read what it says until a line fits; the match."""
        watchdog = threading.Timer(ENDS_S, self.process.kill)
        watchdog.start()
        try:
            while True:
                line = self.process.stdout.readline()
                assert line, self.said
                self.said += line
                if match := re.search(pattern, line):
                    return match
        finally:
            watchdog.cancel()
            watchdog.join()

    def workers(self):
        """The processes that it has started, and theirs."""
        found = [self.process.pid]
        for parent in found:
            children = Path(f"/proc/{parent}/task/{parent}/children")
            found += map(int, children.read_text().split() if children.exists() else ())
        return found[1:]

    def end(self, number):
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=ENDS_S)[0]
        return self.process.returncode

    def listen(self):
        """Read on in a thread, so that its output can't fill the pipe, until `close`."""
        self._listener = threading.Thread(target=self._read_all)
        self._listener.start()

    def _read_all(self):
        for line in self.process.stdout:
            self.said += line

    def close(self):
        """End it after `listen`."""
        self.process.send_signal(signal.SIGINT)
        self._listener.join(ENDS_S)
        self.process.wait(ENDS_S)
        self.process.stdout.close()
