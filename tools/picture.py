"""Take the README's picture of the deck: one slide of site/dist, as Chromium draws it.

    make slides && python tools/picture.py [TITLE]

TITLE is a slide's title; by default TITLE_SHOWN, below. The picture goes to docs/deck.png. The window is as large as
a projector's, the picture three quarters of that, so that it stays sharp and small in a README.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site" / "dist"
PICTURE = ROOT / "docs" / "deck.png"
TITLE_SHOWN = "Connecting A Factory To A TCP Port"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LARGEST_BYTES = 200_000


def find_browser() -> str:
    """The first Chromium or Chrome on PATH."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise SystemExit(f"no browser to take the picture with: install one of {', '.join(BROWSERS)}")


def page_of(title: str) -> Path:
    """The page of the slide with this title."""
    for page in sorted(SITE.glob("slide-*.html")):
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.read_text(encoding="utf-8"), re.DOTALL)
        if heading and html.unescape(re.sub(r"<[^>]+>", "", heading[1])).strip() == title:
            return page
    raise SystemExit(f"no slide in {SITE} is called “{title}”: run make slides first, or give another title")


def take(page: Path, picture: Path) -> None:
    """Draw this page into this file, with a browser that has no profile and no network."""
    picture.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        options = [
            "--headless",
            "--no-sandbox",  # else it refuses to run as root, as in a container
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
            "--window-size=1600,900",
            "--force-device-scale-factor=0.75",
            f"--screenshot={picture}",
        ]
        subprocess.run([find_browser(), *options, page.as_uri()], check=True, capture_output=True, timeout=60)


def main() -> None:
    """Take the picture, and print its size."""
    take(page_of(sys.argv[1] if len(sys.argv) > 1 else TITLE_SHOWN), PICTURE)
    size = PICTURE.stat().st_size
    if size > LARGEST_BYTES:
        raise SystemExit(f"{PICTURE} has {size} bytes, more than {LARGEST_BYTES}: choose a slide with less on it")
    print(f"{PICTURE.relative_to(ROOT)}: {size} bytes")


if __name__ == "__main__":
    main()
