"""The scripts from which pages show runs step by step."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from lecture.elements.attachments import collecting
from lecture.elements.element import toHTML
from lecture.programs import Examples, use
from lecture.programs.run_script import FIELDS, packed
from lecture.slides import Session
from reactor.trace.abridging import without_ends

EXAMPLES = Path(__file__).parents[3] / "examples"
MOST_GZIPPED = 2200  # bytes a run, on average


@pytest.fixture(scope="module")
def examples(tmp_path_factory) -> Examples:
    """The lecture's, with the timelines that are remembered, or others."""
    return Examples(EXAMPLES)


def unpacked(found):
    """What unpack.ts makes of it."""
    time, program, steps = 0, 0, []
    for number, row in enumerate(found["steps"]):
        kind, now, who, inside, because, *rest = row + [0] * (len(FIELDS) - len(row))
        time, program = now or time, who or program
        step = {"time": time, "kind": found["kinds"][kind]}
        step |= {} if program == 1 else {"program": program - 2}
        step |= {"in": number - inside} if inside else {}
        step |= {"because": [number - because]} if because else {}
        step |= {name: value for name, value in zip(FIELDS[5:], rest, strict=True) if value != 0}
        if "data" in step:
            step.setdefault("size", len(step["data"]))
        steps.append(step)
    return steps


def told(step):
    """A step as it is written into a page's script: the last cause only, and neither chain nor duration."""
    kept = {name: value for name, value in step.items() if name not in ("chain", "took")}
    return kept | ({"because": kept["because"][-1:]} if "because" in kept else {})


def test_what_is_packed_is_what_was_recorded(examples):
    for name in ("03_echo", "40_udp", "52_cancelling"):
        timeline = without_ends(examples.timeline(name))
        assert unpacked(json.loads(json.dumps(packed(timeline)))) == [told(step) for step in timeline.steps]


def test_a_session_that_is_simulated_says_that_its_run_is_there_and_brings_it(examples):
    with use(examples), collecting() as files:
        markup = toHTML(Session("03_echo/wrong/one_chunk"))
    assert 'data-example="03_echo/wrong/one_chunk" data-run ' in markup
    script = files["timelines/03_echo.js"].decode()
    names = re.findall(r'^timeline\("([^"]+)",\{.*\},\{"client.py":.*\}\);$', script, re.MULTILINE)
    assert names[:2] == ["03_echo", "03_echo/wrong/one_chunk"] and len(names) == script.count("\n")


def test_one_that_is_not_simulated_has_no_run(examples):
    with use(examples), collecting() as files:
        assert "data-run" not in toHTML(Session("50_threads"))
    assert not files


def test_no_run_is_attached_where_no_site_is_written(examples):
    with use(examples):
        assert "data-run" not in toHTML(Session("03_echo"))


def test_a_run_weighs_two_kilobytes_or_little_more(examples):
    names = [name for name in examples.names() if examples.is_simulated(name)]
    examples.record(names)
    scripts = dict(examples.run_script(name) for name in names)
    assert len(names) >= 80 and all(scripts.values())
    assert sum(len(gzip.compress(script)) for script in scripts.values()) <= len(names) * MOST_GZIPPED


def test_a_run_ends_with_its_programs_however_long_it_is(examples):
    for name in ("44_proxy", "09_buffering"):
        steps = examples.timeline(name).steps
        assert any(step["kind"] == "program.ended" for step in steps[-40:])
        assert any(step["kind"] == "skipped" for step in steps)


def test_what_tls_encrypts_is_left_out_as_it_is_different_each_time(tmp_path):
    first, second = (Examples(EXAMPLES, tmp_path / name).timeline("05b_any_transport") for name in ("one", "other"))
    assert first.to_json() == second.to_json()
    packets = [step["text"] for step in first.steps if step["kind"] == "packet.sent"]
    assert packets and not any("7784" in packet for packet in packets)
