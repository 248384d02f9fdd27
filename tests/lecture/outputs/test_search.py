"""What a lecture can be searched for: every word of it, each by the block of its page."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lecture.outputs.pages import write_site
from lecture.outputs.search import BLOCKS, blocks, search_data
from lecture.slides import PRE, Ask, Bullet, Lecture, Notes, Slide, SubBullet
from tests.support.page_reader import page

SCRIPT = Path(__file__).parents[3] / "site" / "src" / "read" / "place_found.ts"


def texts(markup: str) -> list[tuple[str, str]]:
    return [(kind, text) for _, kind, text in blocks(markup)]


def test_a_block_within_a_block_keeps_its_words():
    assert texts("<ul><li>one<ul><li>two</li></ul>three</li></ul>") == [("words", "one three"), ("words", "two")]


def test_code_keeps_its_lines_and_words_are_one_line():
    assert texts("<p>a\n  b</p>\n<pre><code>x = 1  \n    y</code></pre>") == [
        ("words", "a b"),
        ("code", "x = 1\n    y"),
    ]


def test_what_a_terminal_shows_is_output():
    markup = '<pre class="terminal"><span class="prompt">$ </span><kbd>ls</kbd>\n<samp>a &lt; b</samp></pre>'
    assert texts(markup) == [("output", "$ ls\na < b")]


def test_words_of_styles_comments_and_attributes_are_not_found():
    assert texts('<p title="a > b">x<style>p { color: red }</style><!-- <p>no</p> --></p>') == [("words", "x")]


def test_a_picture_is_found_by_its_description_and_once_if_it_comes_twice():
    markup = "<svg><title>t</title><desc>Who calls</desc></svg>" * 2
    assert blocks(markup) == [(0, "picture", "Who calls")]


def test_an_end_tag_that_is_missing_or_too_many_does_no_harm():
    assert texts("</p><p>a<p>b</li></ul>c") == [("words", "a"), ("words", "b c")]


def test_the_words_come_as_a_script_whatever_they_are():
    data = search_data([("a.html", "<p>שלום \u2028 </script> \ud83e \\</p>")]).decode()
    slides = json.loads(data.removeprefix("lectureSearch(").removesuffix(");\n"))
    assert slides == [["a.html", [0, "words", "שלום ? \\"]]]


def test_the_number_of_a_block_is_its_place_in_the_page_as_a_browser_reads_it(tmp_path):
    deck = Slide(
        "Title",
        Bullet("point", SubBullet(Bullet("below"), "and more")),
        "words between",
        PRE("code <&>", "python"),
        Notes("Said.\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        Ask("Why?", "Because.\n\n- one\n- two"),
    )
    write_site(Lecture("t", deck), tmp_path)
    main = page(tmp_path / "slide-01.html").find(".//main")
    selectors = re.search(r'const BLOCKS = "([^"]+)"', SCRIPT.read_text())[1].split(", ")

    def is_block(node) -> bool:
        kind = node.get("class") or ""
        return node.tag in selectors or any(f"{node.tag}.{name}" in selectors for name in kind.split())

    in_order = [node for node in main.iter() if isinstance(node.tag, str) and is_block(node)]
    (slide,) = json.loads((tmp_path / "slide-search.js").read_text()[len("lectureSearch(") : -3])
    assert len(slide) > 12
    for number, _, text in slide[1:]:
        assert " ".join("".join(in_order[number].itertext()).split()).startswith(text.split("\n")[0][:5])


def test_script_and_build_count_the_same_elements():
    selectors = re.search(r'const BLOCKS = "([^"]+)"', SCRIPT.read_text())[1].split(", ")
    assert set(selectors) == set(BLOCKS) - {"pre.terminal"}
