"""Take the pictures of the deck in docs/: of site/dist, as Chromium draws it.

    make slides && .venv/bin/python tools/picture.py

docs/deck.png is the README's; the others show the same slide in the dark, before the speaker, among all others, as a
page on a telephone, and on paper. Windows are as large as a projector's, pictures three quarters of that or less, so
that they stay sharp and small. Look at them before you commit them.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
from playwright.sync_api import sync_playwright

from lecture.outputs import chromium

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site" / "dist"
PICTURES = ROOT / "docs"
TITLE_SHOWN = "Connecting A Factory To A TCP Port"
OPTIONS = "no-sandbox disable-gpu disable-background-networking disable-component-update disable-sync no-first-run"
LARGEST_BYTES = 200_000


def find_browser() -> str:
    """The Chromium of this machine."""
    if (found := chromium.browser()) is None:
        raise SystemExit(f"no browser to take the pictures with: install one of {', '.join(chromium.PROGRAMS)}")
    return found


def number_of(title: str) -> str:
    """The number of the slide with this title."""
    deck = SITE / "deck.html"
    if not deck.exists():
        raise SystemExit(f"there is no {deck}: run make slides first")
    for number, found in re.findall(
        r'data-number="(\d+)"[^>]*? data-title="([^"]*)"', deck.read_text(encoding="utf-8")
    ):
        if html.unescape(found) == title:
            return str(number)
    raise SystemExit(f"no slide in {deck} is called “{title}”: give its new title in {Path(__file__).name}")


def views(browser: Any, number: str) -> Iterator[tuple[str, Any]]:
    """Pages ready to be taken, and the name of each picture."""

    def window(link: str, width: int, height: int, scale: float = 0.75, scheme: str = "light") -> Any:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, device_scale_factor=scale, color_scheme=scheme)
        page = context.new_page()
        page.goto((SITE / link.partition("#")[0]).as_uri() + "#" + link.partition("#")[2])
        page.wait_for_load_state("load")
        return page

    yield "deck.png", shown(window(f"deck.html#{number}", 1600, 900))
    yield "deck-dark.png", shown(window(f"deck.html#{number}", 1280, 720, scheme="dark"))
    deck = shown(window(f"deck.html#{number}", 1280, 720))
    with deck.expect_popup() as opened:
        deck.keyboard.press("s")
    speaker = opened.value
    speaker.set_viewport_size({"width": 1200, "height": 760})
    speaker.wait_for_function("() => document.querySelector('.now .mini')")
    yield "deck-speaker.png", speaker
    deck.keyboard.press("o")
    yield "deck-overview.png", deck
    pages = sorted(SITE.glob("slide-*.html"))
    yield "deck-narrow.png", window(pages[int(number) - 1].name, 390, 844, scale=1)


def shown(deck: Any) -> Any:
    """The deck at the last step of its slide, with nothing in transition."""
    deck.wait_for_function("() => window.deck")
    deck.evaluate("deck.go(deck.at().slide, 99)")
    return deck


def print_handout(number: str) -> Path:
    """A picture of the page of the handout on which this slide is, by `lecture export` and pdftoppm."""
    if shutil.which("pdftoppm") is None:
        raise SystemExit("pdftoppm is missing, which draws a page of a PDF: sudo apt install poppler-utils")
    with tempfile.TemporaryDirectory() as folder:
        handout = Path(folder, "handout.pdf")
        lecture = Path(sys.executable).with_name("lecture")
        subprocess.run([lecture, "export", "pdf", "--handout", "-o", handout], cwd=ROOT, check=True)
        pages = range(1, 1 + len(pypdf.PdfReader(handout).pages))
        texts = {page: pypdf.PdfReader(handout).pages[page - 1].extract_text() for page in pages}
        last = max(page for page, text in texts.items() if re.search(rf"^\s*{number} / \d+$", text, re.MULTILINE))
        target = PICTURES / "deck-handout"
        command = ["pdftoppm", "-r", "70", "-png", "-singlefile", "-f", str(last), "-l", str(last), handout, target]
        subprocess.run(command, check=True)
        return target.with_suffix(".png")


def main() -> None:
    """Take the pictures, and print their sizes."""
    number = number_of(TITLE_SHOWN)
    with sync_playwright() as playwright:
        arguments = [f"--{name}" for name in OPTIONS.split()]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        for name, page in views(browser, number):
            picture = PICTURES / name
            page.screenshot(path=picture, animations="disabled")
            weigh(picture)
        browser.close()
    weigh(print_handout(number))


def weigh(picture: Path) -> None:
    """Print how large a picture is. Raises SystemExit for one that is too large."""
    size = picture.stat().st_size
    if size > LARGEST_BYTES:
        raise SystemExit(f"{picture} has {size} bytes, more than {LARGEST_BYTES}: choose a slide with less on it")
    print(f"{picture.relative_to(ROOT)}: {size} bytes")


if __name__ == "__main__":
    main()
