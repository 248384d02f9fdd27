"""The stepper below a cell: of `%%world`, or of a `%%check` that failed. Where no script runs, the picture is there.

It stands in a frame, so that the notebook keeps its own keys and colours. Each output has all that it needs, for
viewers show them one by one, in any order, and long after the kernel is gone: the stepper's page and the run, packed.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import replace

from lecture.outputs.publish import own_file
from reactor.trace import Timeline
from reactor.trace.abridging import abridged

MOST_STEPS = 1_500  # of a longer run the middle is left out
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stepper</title></head><body><script>%s</script></body></html>"""
_SCRIPT = """<script>(async (place, page, run) => {
  const text = (packed) => new Response(new Blob([Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0))])
    .stream().pipeThrough(new DecompressionStream("gzip"))).text();
  const frame = document.createElement("iframe");
  frame.title = %s;
  frame.style = "width: 100%%; height: 30em; border: 0";
  frame.srcdoc = await text(page);
  const shown = JSON.parse(await text(run));
  frame.addEventListener("load", () => frame.contentWindow.showRun(shown));
  place.append(frame);
})(document.currentScript.parentElement, "%s", "%s")</script>"""


def with_stepper(picture: str, timeline: Timeline, files: Mapping[str, str], title: str, at: int | None = None) -> str:
    """The picture of a run, as HTML, and below it the stepper. files: the texts of its programs, by name.

    at: how many steps have been made when it opens; all until there stay, and some that follow. None for the first line
    that runs.
    """
    page = _PAGE % own_file("notebook.js").decode().replace("</script", "<\\/script")
    short = abridged(timeline, MOST_STEPS) if at is None else _until(timeline, at + MOST_STEPS // 2)
    run = {"title": title, "timeline": json.loads(short.to_json()), "files": dict(files)}
    if at is not None:
        run["at"] = at
    name = json.dumps(f"Step through {title}").replace("<", "\\u003c")
    script = _SCRIPT % (name, _packed(page), _packed(json.dumps(run, separators=(",", ":"))))
    return f'<div class="world">{picture}{script}</div>'


def _until(timeline: Timeline, end: int) -> Timeline:
    left_out = max(0, len(timeline.steps) - end)
    return replace(timeline, steps=timeline.steps[:end], left_out=timeline.left_out + left_out)


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")
