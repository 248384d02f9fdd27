"""Pictures are found beside their deck, copied into the site, and state their size."""

from __future__ import annotations

import struct
import zlib

import pytest

from lecture.elements.attachments import collecting
from lecture.elements.images import in_words, size_of
from lecture.errors import Where
from lecture.slides import Image, Lecture, Markdown, Slide, toHTML
from tests.support.page_reader import page, parse_fragment

SVG = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><script>1</script></svg>'


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc4\x00\x03\x00\xff\xc2\x00\x0b\x08\x00\x07\x00\x09\x01\x01\x11\x00\xff\xda"
)
GIF = b"GIF89a\x03\x00\x02\x00\x80\x00\x00"


@pytest.mark.parametrize(
    ("content", "suffix", "size"),
    [
        (png(3, 2), ".png", (3, 2)),
        (GIF, ".gif", (3, 2)),
        (JPEG, ".jpg", (9, 7)),
        (SVG.encode(), ".svg", (320, 200)),
        (b'<svg width="12.6px" height="4">', ".svg", (13, 4)),
        (b'<svg width="100%" viewBox="0,0,10,20">', ".svg", (10, 20)),
        (b"<svg>", ".svg", None),
        (b"", ".png", None),
        (b"\xff\xd8\xff", ".jpg", None),
        (b"RIFF....WEBP", ".webp", None),
    ],
)
def test_the_size_is_what_the_file_says(content, suffix, size):
    assert size_of(content, suffix) == size


@pytest.fixture
def deck_in(tmp_path):
    """A folder of a deck with pictures, and a way to write an element as if it stood in a deck there."""
    folder = tmp_path / "deck"
    (folder / "img").mkdir(parents=True)
    (folder / "loop.png").write_bytes(png(3, 2))
    (folder / "img" / "a b#ü.svg").write_text(SVG)
    (tmp_path / "shared.gif").write_bytes(GIF)

    def placed(element):
        element.where = Where(folder / "deck.py", 1)
        return element

    return placed


def test_a_picture_is_copied_into_the_site_and_the_page_states_its_size(tmp_path, deck_in):
    pictures = [deck_in(Image(name)) for name in ("loop.png", "img/a b#ü.svg", "../shared.gif", "loop.png")]
    Lecture("t", Slide("s", *pictures)).renderHTML(tmp_path / "site", "t-%d.html")
    images = list(page(tmp_path / "site" / "t-1.html").iter("img"))
    assert [(image.get("width"), image.get("height")) for image in images] == [
        ("3", "2"), ("320", "200"), ("3", "2"), ("3", "2"),
    ]  # fmt: skip
    copies = sorted((tmp_path / "site" / "images").iterdir())
    assert {copy.read_bytes() for copy in copies} == {png(3, 2), SVG.encode(), GIF}
    assert len(copies) == 3
    assert "%23" in images[1].get("src") and "%20" in images[1].get("src")


def test_two_decks_may_have_different_pictures_of_the_same_name(tmp_path, deck_in):
    other = Image("loop.png")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "loop.png").write_bytes(png(5, 5))
    other.where = Where(tmp_path / "other" / "deck.py", 1)
    Lecture("t", Slide("s", deck_in(Image("loop.png")), other)).renderHTML(tmp_path / "site", "t-%d.html")
    assert len(list((tmp_path / "site" / "images").iterdir())) == 2


def test_a_picture_in_markdown_is_copied_too(tmp_path, deck_in):
    Lecture("t", Slide("s", deck_in(Markdown("see ![the loop](loop.png)")))).renderHTML(tmp_path / "site", "t-%d.html")
    image = page(tmp_path / "site" / "t-1.html").find(".//img")
    assert (image.get("alt"), image.get("width")) == ("the loop", "3")
    assert (tmp_path / "site" / image.get("src")).read_bytes() == png(3, 2)


def test_a_picture_inside_an_authors_own_wrapper_is_copied_too(tmp_path, deck_in):
    class Framed:
        def __init__(self, function):
            self.function = function

        def toHTML(self):
            return f"<div>{toHTML(self.function())}</div>"

    Lecture("t", Slide("s", Framed(lambda: deck_in(Image("loop.png"))))).renderHTML(tmp_path / "site", "t-%d.html")
    assert len(list((tmp_path / "site" / "images").iterdir())) == 1


def test_what_a_picture_shows_is_said_in_words(deck_in):
    def alt(image):
        return parse_fragment(toHTML(deck_in(image))).find(".//img").get("alt")

    assert alt(Image("loop.png", alt='The "loop" <turning>')) == 'The "loop" <turning>'
    assert alt(Image("loop.png")) == "loop"
    assert in_words("img/event-loop_2.final.svg") == "event loop 2 final"


def test_drawing_a_picture_outside_of_a_site_copies_nothing(tmp_path, deck_in):
    toHTML(deck_in(Image("loop.png")))
    with collecting() as collected:
        pass
    assert collected == {}
