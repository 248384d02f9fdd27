"""Markdown to HTML in which nothing can run.

Two measures. The rules by which the Markdown library recognises HTML are taken out, so that `<script>` is text like any
other. And every link and picture is judged in the finished tree, after all rules have run, so that it does not matter
in which of Markdown's many ways it was written.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element as Node

import markdown
from markdown.treeprocessors import Treeprocessor

from lecture.elements.addresses import is_safe
from lecture.elements.element import visible
from lecture.elements.images import publish_image

# How the Markdown library writes "&" in addresses that it obfuscates (<me@example.org>), until the very end.
_AMPERSAND = "\x02amp\x03"


def convert(text: str, folder: Path) -> str:
    """HTML of `text`.

    folder: where pictures are looked for; they go to the site as those of Image do.
    Raises LectureError for a picture that is missing or on another host.
    """
    converter, judge = _converter()
    judge.folder = folder
    converter.reset()
    # pygments marks the beginning of each block by an empty <span>, which means nothing here.
    return converter.convert(visible(text)).replace("<pre><span></span>", "<pre>")


class _Judge(Treeprocessor):
    """Takes the address from links that could run script, and sends pictures to the site."""

    folder = Path()

    def run(self, root: Node) -> None:
        for node in root.iter():
            if node.tag == "a" and not is_safe(node.get("href", "").replace(_AMPERSAND, "&")):
                node.tag = "span"
                node.attrib = {"class": "address"}
            elif node.tag == "img":
                self._publish(node)

    def _publish(self, node: Node) -> None:
        picture = publish_image(self.folder, node.get("src", ""))
        node.set("src", picture.address)
        if picture.size:
            node.set("width", str(picture.size[0]))
            node.set("height", str(picture.size[1]))


@cache
def _converter() -> tuple[markdown.Markdown, _Judge]:
    converter = markdown.Markdown(
        extensions=["tables", "fenced_code", "codehilite", "sane_lists", "footnotes"],
        extension_configs={"codehilite": {"guess_lang": False, "css_class": "listing"}},
        output_format="html",
    )
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    judge = _Judge(converter)
    converter.treeprocessors.register(judge, "judge", priority=-100)  # after every rule of the library's own
    return converter, judge
