"""Take the picture of the window on the slide "Example GTK Program": the example itself, on an invisible screen.

    .venv/bin/python tools/window_picture.py

Needs Xvfb, ImageMagick's `import`, and PyGObject with GTK 3 (`make loops` installs all of these but ImageMagick). The
picture goes to lecture/doom/part2/pictures/window.png. It is taken when the program has said that the answer is in its
window, and two pictures in a row are the same: then everything is drawn.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lecture.programs.processes.display import NO_DESKTOP, display  # noqa: E402  # of this repository, wherever that is

EXAMPLE = ROOT / "examples" / "15_gtk"
PICTURE = ROOT / "lecture" / "doom" / "part2" / "pictures" / "window.png"
TITLE = "Echo"
LARGEST_BYTES = 60_000
TRIES = 50


@contextmanager
def running(program: str, screen: str) -> Iterator[None]:
    """A program of the example, which runs from its first line of output until the end of the block."""
    surroundings = {"DISPLAY": screen, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, program],
        cwd=EXAMPLE,
        env={**os.environ, **NO_DESKTOP, **surroundings},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            if process.stdout is None or not process.stdout.readline():
                raise SystemExit(f"{program} has nothing to say: is port 7799 taken?")
            yield
        finally:
            process.terminate()


def picture_of(screen: str) -> bytes:
    """What the screen shows, as a PNG without date and comments."""
    options = ["-display", screen, "-window", TITLE, "-strip", "-define", "png:exclude-chunks=date,time"]
    return subprocess.run(["import", *options, "png:-"], check=True, capture_output=True, timeout=20).stdout


def settled(screen: str) -> bytes:
    """The picture, once it no longer changes."""
    before = b""
    for _ in range(TRIES):
        now = picture_of(screen)
        if now == before:
            return now
        before = now
    raise SystemExit("the window never stopped changing")


def main() -> None:
    """Take the picture, and print its size."""
    if not shutil.which("import"):
        raise SystemExit("there is no `import` here, which takes the picture: install imagemagick")
    with display() as screen, running("server.py", screen), running("window.py", screen):
        picture = settled(screen)
    if len(picture) > LARGEST_BYTES:
        raise SystemExit(f"the picture has {len(picture)} bytes, more than {LARGEST_BYTES}")
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture)} bytes")


if __name__ == "__main__":
    main()
