"""The page of differences from Twisted: its tables come from the marks of tests. `make twisted` compares the two."""

import pytest

from tools import differences


def test_a_row_says_what_happens_here_and_what_in_twisted():
    table = differences._table("core/test_x.py", {"test_a_port_listens_again": "it can't | it raises"})
    assert table.splitlines()[1:] == [
        "| `tests/core/test_x.py` | in Twisted |",
        "|---|---|",
        "| A port listens again | It can't \\| it raises |",
    ]


def test_every_file_has_a_room():
    places = [
        "core/transports/test_tls_flow.py",
        "core/loop/test_timers.py",
        "protocol/test_x.py",
        "protocols/test_x.py",
    ]
    rooms = [next(name for start, name in differences.ROOMS.items() if one.startswith(start)) for one in places]
    assert rooms == ["TLS", "The loop", "Protocols and factories", "Protocols: lines, policies, proxies"]


def test_a_page_that_is_not_what_the_tests_say_is_named(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text("words\n<!-- tables -->\nold\n<!-- end of tables -->\n")
    monkeypatch.setattr(differences, "PAGE", page)
    monkeypatch.setattr(differences, "ROOT", tmp_path)
    monkeypatch.setattr(differences, "tables", lambda: "new\n")
    monkeypatch.setattr("sys.argv", ["differences.py", "--check"])
    with pytest.raises(SystemExit, match=r"page\.md is not what the tests say"):
        differences.main()
    monkeypatch.setattr("sys.argv", ["differences.py", "--write"])
    differences.main()
    assert page.read_text() == "words\n<!-- tables -->\nnew\n\n<!-- end of tables -->\n"
