"""Nothing that a slide contains can run in the reader's page, unless the author wrote raw HTML."""

from __future__ import annotations

import pytest

from lecture.elements.addresses import is_safe
from lecture.slides import PRE, URL, Bullet, Markdown, Notes, Slide, toHTML
from tests.support.page_reader import dangers, parse_fragment, text_of

UNSAFE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "javascript\n:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#0000106avascript:alert(1)",
    "javascript&colon;alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "livescript:x",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "view-source:javascript:1",
    "\ufeffjavascript:alert(1)",
    "feed:javascript:alert(1)",
    "x:y",
    "",
]
SAFE = [
    "https://example.org/?a=1&b=2#c:d",
    "http://example.org",
    "HTTPS://EXAMPLE.ORG",
    "mailto:me@example.org",
    "//example.org/x",
    "slide-02.html",
    "../up.html#part:two",
    "?q=a:b",
    "#here",
]
MARKDOWN_TRICKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<div>\n\n<script>alert(1)</script>\n\n</div>",
    "<!-- --><script>alert(1)</script>",
    "<?php echo ?><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "`</code><script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```html\n</pre><script>alert(1)</script>\n```",
    "    </code><script>alert(1)</script>",
    '[x](https://example.org "title\\" onmouseover=\\"alert(1)")',
    "[x](<javascript:alert(1)>)",
    "[x](javascript:alert(1) 'title')",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[x][r]\n\n[r]: <javascript:alert(1)> 'title'",
    "[r]\n\n[r]: data:text/html,<script>alert(1)</script>",
    "<javascript:alert(1)>",
    "[x](java\\script:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](&#106;&#97;vascript:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](javascript://example.org/%0aalert(1))",
    "[a]( javascript:alert(1))",
    "[<script>alert(1)</script>](https://example.org)",
    "a[^1]\n\n[^1]: <script>alert(1)</script>",
    "[^1]\n\n[^1]: [x](javascript:alert(1))",
    "| <script>alert(1)</script> |\n|---|\n| [x](javascript:alert(1)) |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x02wzxhzdk:0\x03<script>",
    "~~~ {.x onclick=alert(1)}\ncode\n~~~",
    "[x](https://example.org){onclick=alert(1) style=a .b}",
    "{onclick=alert(1)}\nparagraph",
    "$\\text{<script>alert(1)</script>}$",
    "$$\\href{javascript:alert(1)}{x}$$",
    "$\\text{&lt;script&gt;alert(1)&lt;/script&gt;}$",
    "[x](javascript&colon;alert(1)){.y}",
    "term\n: <script>alert(1)</script>",
]


@pytest.mark.parametrize("address", UNSAFE)
def test_an_unsafe_address_is_shown_and_not_linked(address):
    assert not is_safe(address)
    markup = toHTML(URL(address, "the text"))
    assert dangers(markup) == []
    assert "<a" not in markup and "the text" in markup


@pytest.mark.parametrize("address", SAFE)
def test_a_safe_address_is_linked(address):
    assert is_safe(address)
    assert parse_fragment(toHTML(URL(address))).find(".//a").get("href") == address


@pytest.mark.parametrize("address", UNSAFE)
def test_an_unsafe_link_in_markdown_is_not_followed(address):
    for text in (f"[x]({address})", f"[x](<{address}>)", f"[x][r]\n\n[r]: {address}", f"<{address}>"):
        assert dangers(toHTML(Markdown(text))) == []


@pytest.mark.parametrize("address", [address for address in SAFE if "(" not in address])
def test_a_safe_link_in_markdown_is_followed(address):
    assert parse_fragment(toHTML(Markdown(f"[x]({address})"))).find(".//a").get("href") == address


def test_a_mail_address_in_markdown_is_a_link():
    assert parse_fragment(toHTML(Markdown("<me@example.org>"))).find(".//a").get("href") == "mailto:me@example.org"


@pytest.mark.parametrize("text", MARKDOWN_TRICKS)
def test_nothing_in_markdown_runs(text):
    for thing in (Markdown(text), Notes(text), Slide("t", Bullet(Markdown(text)))):
        assert dangers(toHTML(thing)) == []


@pytest.mark.parametrize("text", MARKDOWN_TRICKS + UNSAFE)
def test_nothing_in_plain_text_runs(text):
    slide = Slide(text, text, Bullet(text), PRE(text), PRE(text, "html"), PRE(text, "python"))
    assert dangers(toHTML(slide)) == []


def test_html_in_markdown_is_shown_as_it_was_written():
    for written in ("<script>alert(1)</script>", "a <b>c</b> d", "<div>\n<p>x</p>\n</div>"):
        assert text_of(parse_fragment(toHTML(Markdown(written))).find("body")).strip() == written


def test_the_test_itself_knows_danger_when_it_sees_it():
    for markup in ("<script>", "<a href='java&#9;script:1'>", "<img onerror=x>", "<iframe>"):
        assert dangers(markup)
