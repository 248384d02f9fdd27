"""What the guides say in words only: messages, defaults, and what their programs do besides their sessions."""

import inspect
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from reactor import endpoints, error
from reactor.core.reactor import Reactor
from reactor.testing import MemoryReactor

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
DEADLINE_S = 30.0


def text(guide):
    return (GUIDES / f"{guide}.md").read_text(encoding="utf-8")


def test_the_messages_in_the_table_of_reconnect_are_those_of_the_errors():
    errors = [error.ConnectionRefusedError(), error.TimeoutError(), error.DNSLookupError(), error.ConnectionDone()]
    cells = re.findall(r"^\| `([^`]+)` \|", text("reconnect"), re.MULTILINE)
    beginnings = [cell.removesuffix("…").split(":")[0].strip().removesuffix(".") for cell in cells]
    assert beginnings == [str(problem).removesuffix(".") for problem in errors]


def test_a_datagram_is_cut_at_the_length_that_the_guide_says():
    limit = inspect.signature(Reactor.listenUDP).parameters["maxPacketSize"].default
    assert f"{limit} bytes unless you say otherwise" in text("udp").replace("\n", " ")


def test_the_strings_for_endpoints_in_the_guides_can_be_read():
    assert "`tls:example.org:443`" in text("tls")
    endpoints.clientFromString(MemoryReactor(), "tls:example.org:443")


def test_a_command_whose_own_child_holds_its_output_open_ends_all_the_same():
    run = GUIDES / "programs" / "child_process" / "run.py"
    command = [sys.executable, run, "1", "sh", "-c", "sleep 600 & echo $!; wait"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S)
    number = re.search(r"^out: (\d+)$", done.stdout, re.MULTILINE)
    assert number, done
    os.kill(int(number[1]), signal.SIGKILL)  # it lives on: nobody sent it a signal
    assert "\nended by signal 15 because" in done.stdout
    assert done.returncode == 124


def test_the_keys_for_presenting_are_in_the_table_that_the_deck_obeys():
    table = (GUIDES.parents[1] / "site" / "src" / "deck" / "keys.ts").read_text(encoding="utf-8")
    obeyed = set(re.findall(r'"([^"]+)"', " ".join(re.findall(r"keys: \[(.*?)\]", table))))
    names = {"→": "ArrowRight", "←": "ArrowLeft", "Space": " "}
    presenting = text("deck").partition("## Presenting")[2].partition("\n## ")[0]
    keys = re.findall(r"`([^`]+)`", " ".join(re.findall(r"^\| (`.*?) \|", presenting, re.MULTILINE)))
    assert len(keys) >= 13
    assert [key for key in keys if names.get(key, key) not in obeyed and not key.isdigit()] == []
