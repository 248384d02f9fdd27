"""tools/missing_names.py: every name of Twisted's that `reactor` lacks has a reason."""

import runpy
from pathlib import Path

import pytest

pytest.importorskip("twisted")
TOOL = Path(__file__).parents[2] / "tools" / "missing_names.py"


@pytest.fixture
def tool():
    return runpy.run_path(str(TOOL))


def told(tool, capsys):
    """The exit status, and what stands behind each name."""
    status = tool["main"]()
    return status, dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())


def test_every_missing_name_has_a_reason(tool, capsys):
    status, lines = told(tool, capsys)
    assert [name for name, reason in lines.items() if "NO REASON" in reason] == []
    assert status == 0
    assert len(lines["abstract.FileDescriptor"]) > 20


def test_a_name_without_a_reason_is_a_failure(tool, capsys, tmp_path):
    few = tmp_path / "few.txt"
    few.write_text("# a comment\nssl.*  because\nno.such  because\n", encoding="utf-8")
    tool["main"].__globals__["REASONS"] = few
    status, lines = told(tool, capsys)
    assert status == 1
    assert lines["ssl.KeyPair"] == "because" and lines["protocol.FileWrapper"] == "NO REASON GIVEN"
    assert lines["no.such"].startswith("EXPLAINS NOTHING")


def test_the_public_names_of_a_module_are_those_that_it_says_or_else_those_it_defines(tool):
    public_names = tool["public_names"]
    assert public_names("a = 1\nb: int = 2\n_c = 3\ndef d(): pass\nclass E: pass\nimport f") == {"a", "b", "d", "E"}
    assert public_names("a = 1\n__all__ = ['b']\ndef c(): pass") == {"b"}
