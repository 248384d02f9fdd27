"""tools/twisted_documentation.py: what it finds out of programs that are the same, differ, or miss something."""

import runpy
from pathlib import Path

import pytest

pytest.importorskip("twisted")
TOOL = Path(__file__).parents[2] / "tools" / "twisted_documentation.py"

PROGRAMS = {
    "a/same.py": "from twisted.internet import defer\nprint(0.5, defer.succeed(7).result, object())\n",
    "a/stays.py": "from twisted.internet import reactor\nprint('here')\nreactor.run()\nprint('there')\n",
    "a/other.py": "from twisted.internet import defer\nprint(defer.__file__)\n",
    "a/ends.py": "from twisted.internet import defer\nimport sys\nsys.exit('twisted' in sys.modules)\n",
    "a/lacks.py": "from twisted.internet import defer\nfrom twisted.python import nosuch, log\n",
    "a/indirect.py": "from twisted.internet import defer\nimport helper\n",
    "a/helper.py": "from twisted.python import nosuch\n",
    "a/old.py": "from twisted.internet import defer\nprint 'two'\n",
    "a/nothing.py": "print('no import of twisted')\n",
    "page.rpy": "from twisted.web import static\n",
}


@pytest.fixture
def table(tmp_path, monkeypatch, capsys):
    """Program → its verdict, and the rest of its line."""
    for name, source in PROGRAMS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    tool = runpy.run_path(str(TOOL))
    tool["main"].__globals__["STAYS_S"] = 1.5
    monkeypatch.setattr("sys.argv", ["tool", str(tmp_path)])
    assert tool["main"]() == 0
    lines = capsys.readouterr().out.splitlines()
    return {line.split()[2]: (line.split()[0], line.split(maxsplit=3)[3]) for line in lines[:9]}, lines[9:]


def test_each_program_gets_its_verdict(table):
    verdicts, summary = table
    assert verdicts["a/same.py"] == ("same", "ended with 0")
    assert verdicts["a/stays.py"] == ("same", "stayed")
    assert verdicts["a/other.py"][0] == "differs" and "Twisted says" in verdicts["a/other.py"][1]
    assert verdicts["a/ends.py"] == ("differs", "Twisted ended with 1; reactor ended with 0")
    assert verdicts["a/lacks.py"] == ("missing", "2: twisted.python.nosuch: reactor has no nosuch")
    assert verdicts["a/indirect.py"] == ("missing", "in a module of its own folder")
    assert verdicts["a/old.py"] == ("missing", "2: not Python 3")
    assert verdicts["page.rpy"][0] == "ported"
    assert summary == [
        "  2 programs: reactor has no nosuch",
        "  1 programs: not Python 3",
        "9 programs: 2 differs, 4 missing, 1 ported, 2 same",
    ]
