"""The last slides say what there is, by looking, and what it was tried with, by what tests have proved."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lecture.doom import lecture
from lecture.doom.part4 import outlook
from lecture.doom.part4.outlook import PROTOCOLS, Implementations, is_here, to_come, tried
from lecture.slides import Bullet, toHTML
from tests.support.page_reader import parse_fragment, text_of

LISTED_IN_2003 = [
    "SSH",
    "HTTP",
    "SMTP",
    "IRC",
    "POP3",
    "telnet",
    "FTP",
    "TOC",
    "OSCAR",
    "SOCKS",
    "finger",
    "DNS",
    "NNTP",
    "IMAP",
    "LDAP",
]


def rows():
    body = parse_fragment(toHTML(Implementations())).find("body")
    return {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in body.iter("tr") if row[0].tag == "td"}


def test_all_protocols_of_2003_are_listed_in_their_order_and_behind_them_what_had_no_room():
    assert list(PROTOCOLS) == [*LISTED_IN_2003, "GPS", "XML-RPC", "PB"]


@pytest.mark.parametrize(
    ("module", "there"), [("reactor.web", True), ("reactor.web.no_such", False), ("no_such.at.all", False)]
)
def test_a_module_is_there_when_it_can_be_found(module, there):
    assert is_here(module) is there


def test_a_protocol_stands_in_the_table_or_is_to_come_and_never_both():
    assert sorted([*rows(), *to_come(PROTOCOLS)]) == sorted(PROTOCOLS)
    assert "HTTP" in rows()


def test_a_row_has_what_tests_have_proved():
    report = tried()["HTTP"]
    rfcs, module, peers = rows()["HTTP"]
    assert rfcs == ", ".join(map(str, report["rfcs"])) and module == report["module"]
    assert peers.split(", ") == sorted({*report["client"], *report["server"]})


def test_without_a_report_nothing_is_said_to_be_tried(monkeypatch, tmp_path):
    monkeypatch.setattr(outlook, "_TRIED", tmp_path / "gone.json")
    assert rows()["HTTP"] == ["", "reactor.web", "our own tests"]


def test_names_in_the_report_are_text(monkeypatch, tmp_path):
    report = tmp_path / "peers.json"
    report.write_text(json.dumps({"HTTP": {"module": "reactor.web", "rfcs": [1], "client": ["<b>"], "server": []}}))
    monkeypatch.setattr(outlook, "_TRIED", report)
    assert rows()["HTTP"] == ["1", "reactor.web", "<b>"]


def test_what_a_line_has_no_room_for_is_counted(monkeypatch, tmp_path):
    report = tmp_path / "peers.json"
    many = {"module": "reactor.web", "rfcs": [*range(1001, 1008)], "client": ["client" * 9], "server": ["a", "b"]}
    report.write_text(json.dumps({"HTTP": many}))
    monkeypatch.setattr(outlook, "_TRIED", report)
    assert rows()["HTTP"] == ["1001, 1002, 1003, 4 more", "reactor.web", "a, b, 1 more"]


def bullets(title: str) -> str:
    (slide,) = (slide for slide in lecture.slides if slide.title == title)
    assert slide.of_this_build
    return re.sub("<.*?>", "", "".join(toHTML(part) for part in slide.walk() if isinstance(part, Bullet)))


@pytest.mark.parametrize(
    ("title", "module"),
    [("Perspective Broker", "reactor.spread.pb"), ("Lore", "lecture.lore"), ("Reality", "reactor.reality")],
)
def test_a_slide_promises_what_is_not_there_and_claims_what_is(title, module):
    assert (f"Ours is to come, as {module}" in bullets(title)) is not is_here(module)
    assert (f"Ours: {module}" in bullets(title)) is is_here(module)


@pytest.mark.parametrize("module", ["web", "news", "words", "names", "mail"])
def test_a_framework_that_is_not_there_is_to_come(module):
    line = next(line for line in bullets("Frameworks").splitlines() if f"reactor.{module}:" in line)
    needed = {"names": "reactor.names.server"}.get(module, f"reactor.{module}")
    assert line.endswith("(to come)") is not is_here(needed)


def test_the_report_is_beside_the_slide_that_shows_it():
    assert Path(outlook.__file__).with_name("peers.json") == outlook._TRIED
