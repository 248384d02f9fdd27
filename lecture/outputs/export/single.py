"""The deck as one HTML file: slides, notes, scripts, styles and pictures in it, nothing beside it, no other host.

The speaker's window is the same file, opened again, so it is there too. What leads to other files is taken out: reading
pages, timelines as files. The notes, the stepper and the runs that it shows are packed, and unpacked when somebody
looks into one (site/src/lazy.ts). The policy of the page lets run what is in it, known by its hash, and nothing else.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from lecture.outputs.deck.section import Section

MOST_BYTES = 1_000_000
_SCRIPT = re.compile(r'<script src="deck\.js" defer></script>\n?')
_STYLES = '<link rel="stylesheet" href="deck.css">'
_LEADS_OUT = re.compile(r'<link rel="contents"[^>]*>\n?|<a href="[^"]*">The reading pages</a> work without script\.')
_PAGE = re.compile(r' data-page="[^"]*"')
_REFERENCE = re.compile(r'\b(?P<attribute>src|href)="(?P<name>[^":#?]+)"')
_POLICY = re.compile(r"(?<=script-src )&#39;self&#39;|(?<=script-src )'self'")


def without_notes(sections: Sequence[Section]) -> list[Section]:
    """The same slides, with nothing that is for the speaker alone."""
    return [replace(one, notes=(), below=tuple(without_notes(one.below))) for one in sections]


def with_pictures(sections: Sequence[Section], files: Mapping[str, bytes]) -> list[Section]:
    """The same slides, with what their notes show in the notes. files: by the names under which notes refer to them."""
    return [
        replace(
            one,
            notes=tuple((first, last, _whole(note, files)) for first, last, note in one.notes),
            below=tuple(with_pictures(one.below, files)),
        )
        for one in sections
    ]


def single_file(
    deck: str, script: str, styles: str, files: Mapping[str, bytes], later: Mapping[str, bytes] | None = None
) -> str:
    """deck.html with all that it needs in it.

    files: by the names under which the deck refers to them. later: scripts that run when they are asked for.
    """
    script = script.replace("</script", "<\\/script")
    allowed = " ".join(map(_source, (script.encode(), *(later or {}).values())))
    deck = _POLICY.sub(allowed, deck, count=1)
    deck = _SCRIPT.sub("", _LEADS_OUT.sub("", _PAGE.sub("", deck)))
    deck = _whole(deck, files)
    deck = deck.replace(_STYLES, f"<style>\n{styles}</style>", 1)  # last: a selector in it is no reference to a file
    return deck.replace("</body>", f"{_packed(later or {})}<script>{script}</script>\n</body>", 1)


def _source(script: bytes) -> str:
    """What a policy says to let this script run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def _packed(scripts: Mapping[str, bytes]) -> str:
    if not scripts:
        return ""
    texts = json.dumps({name: script.decode("utf-8") for name, script in scripts.items()}, ensure_ascii=False)
    content = base64.b64encode(gzip.compress(texts.encode(), mtime=0)).decode()
    return f'<script type="text/plain" data-packed>{content}</script>\n'


def _whole(markup: str, files: Mapping[str, bytes]) -> str:
    """Markup with the files in it to which it refers."""
    return _REFERENCE.sub(lambda match: match[0] if match[0] in _STYLES else _inlined(match, files), markup)


def _inlined(match: re.Match[str], files: Mapping[str, bytes]) -> str:
    name = html.unescape(match["name"])
    content = next((content for known, content in files.items() if name in (known, quote(known))), None)
    if content is None:
        return match[0]
    if match["attribute"] == "href":  # a timeline, say; a browser opens no such link from a file
        return ""
    kind = mimetypes.guess_type(Path(name).name)[0] or "application/octet-stream"
    return f'src="data:{kind};base64,{base64.b64encode(content).decode()}"'
