"""Does every link of a folder of pages lead somewhere?

    python tools/check_links.py site/dist/docs

Looks at links to files and to places in them; other hosts are not asked. A page may lead out of the folder, to the
slides for instance, if what it leads to is there. Prints the broken ones; exit status 1 if there are any.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag

_LINK = re.compile(r"<(?:a|link|img|script)\b[^>]*?\b(?:href|src)=\"([^\"]*)\"")
_PLACE = re.compile(r"\bid=\"([^\"]*)\"")
_ELSEWHERE = re.compile(r"[a-z]+:|//")


@cache
def places(page: Path) -> frozenset[str]:
    """What a link may lead to in a page."""
    return frozenset(map(html.unescape, _PLACE.findall(page.read_text(encoding="utf-8"))))


def broken(page: Path) -> Iterator[str]:
    """The links of a page that lead nowhere."""
    for link in map(html.unescape, dict.fromkeys(_LINK.findall(page.read_text(encoding="utf-8")))):
        path, place = urldefrag(link)
        if _ELSEWHERE.match(link):
            continue
        path = unquote(path.partition("?")[0])
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (place and target.suffix == ".html" and unquote(place) not in places(target)):
            yield link


def main(folder: str) -> int:
    """Print the broken links of a folder's pages."""
    pages = sorted(Path(folder).resolve().rglob("*.html"))
    if not pages:
        print(f"there are no pages in {folder}")
        return 1
    found = [f"{page.name}: {link} leads nowhere" for page in pages for link in broken(page)]
    print(*found, f"{len(pages)} pages, {len(found)} broken links", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
