"""The benchmarks run, and report what they promise. How fast anything was is nobody's business here.

Each script is started as a reader would start it, with its smallest setting.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.packages import path_of

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
LINUX_ONLY = pytest.mark.skipif(
    sys.platform != "linux", reason="benchmarks/echo.py pins processes to cores and reads CPU clocks as Linux has them"
)


def run(name: str, *options: str) -> str:
    """A benchmark's standard output. It must succeed, and must not complain."""
    command = [sys.executable, BENCHMARKS / f"{name}.py", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def tables(markdown: str) -> list[list[list[str]]]:
    """Every table of a report as rows of cells, without the line of dashes. Each row is as long as its header."""
    found = re.findall(r"(?:^\|.*\n?)+", markdown, re.MULTILINE)
    cells = [
        [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()] for table in found
    ]
    for rows in cells:
        assert set("".join(rows[1])) <= set("-:")
        assert {len(row) for row in rows} == {len(rows[0])}
    return [[rows[0], *rows[2:]] for rows in cells]


def figures(rows: list[list[str]]) -> dict[str, str]:
    """First column → second column, below the header."""
    return {row[0]: row[1] for row in rows[1:]}


def is_number(text: str) -> bool:
    return re.fullmatch(r"[\d,]*\.?\d*", text) is not None and text != ""


@LINUX_ONLY
def test_echo_reports_every_row_for_every_contender(tmp_path: Path) -> None:
    file = tmp_path / "echo.json"
    report = run("echo", "--rounds=1", "--seconds=0.02", "--connections=3", "--only=reactor,asyncio", f"--json={file}")

    assert len(tables(report)) == 4
    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "asyncio"}
        assert all(map(is_number, figures(rows).values()))
    samples = json.loads(file.read_text())["samples"]
    assert all(series[0]["round_trips"] > 0 for row in samples.values() for series in row.values())


@LINUX_ONLY
def test_without_a_compiler_echo_lists_the_floor_as_missing_and_loads_from_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    report = run("echo", "--rounds=1", "--seconds=0.02", "--connections=3", "--only=asyncio,C", "--rows=64,accept")

    assert [figures(rows)["C"] for rows in tables(report)] == ["missing", "missing"]
    assert all(is_number(figures(rows)["asyncio"]) for rows in tables(report))
    assert "no C compiler was found" in report


@LINUX_ONLY
@pytest.mark.skipif(shutil.which("wrk") is None, reason="there is no wrk, which is the load of benchmarks/web.py")
def test_web_reports_every_kind_of_request(tmp_path: Path) -> None:
    file = tmp_path / "web.json"
    report = run("web", "--rounds=1", "--seconds=1", "--connections=3", "--only=reactor", f"--json={file}")

    assert len(tables(report)) == 6
    for rows in tables(report):
        assert set(figures(rows)) == {"reactor"}
        assert all(map(is_number, figures(rows).values()))
    samples = json.loads(file.read_text())["samples"]
    assert all(series[0]["a_second"] > 0 for row in samples.values() for series in row.values())


@LINUX_ONLY
@pytest.mark.skipif(shutil.which("dnsperf") is None, reason="there is no dnsperf, the load of benchmarks/names.py")
def test_names_reports_every_contender(tmp_path: Path) -> None:
    file = tmp_path / "names.json"
    report = run("names", "--rounds=1", "--seconds=1", "--only=reactor,twisted", f"--json={file}")

    assert len(tables(report)) == 2
    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "twisted"}
        assert all(map(is_number, figures(rows).values()))
    assert all(series[0]["a_second"] > 0 for series in json.loads(file.read_text())["samples"].values())


def test_tracing_reports_what_a_recorder_costs_off_and_on() -> None:
    (rows,) = tables(run("tracing", "--rounds=1", "--round-trips=50"))
    assert list(figures(rows)) == ["never imported", "imported, off", "was on, is off", "on"]
    assert all(map(is_number, figures(rows).values()))


@LINUX_ONLY
def test_tls_reports_every_row_for_every_contender() -> None:
    report = run("tls", "--rounds=1", "--seconds=0.02", "--connections=3", "--only=reactor,asyncio")

    assert len(tables(report)) == 3
    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "asyncio"}
        assert all(map(is_number, figures(rows).values()))


@LINUX_ONLY
def test_slow_reader_reports_time_cpu_and_memory_over_tcp_and_tls(tmp_path: Path) -> None:
    file = tmp_path / "slow_reader.json"
    report = run("slow_reader", "--rounds=1", "--mib=4", "--nap=0", "--only=reactor", f"--json={file}")

    assert len(tables(report)) == 6
    assert all(set(figures(rows)) == {"reactor"} for rows in tables(report))
    (sample,) = json.loads(file.read_text())["samples"]["reactor"]
    assert set(sample) == {"tcp", "tls"}
    assert all(0 <= sample[transport]["memory"] < 16 for transport in sample)


@LINUX_ONLY
def test_finger_reports_what_a_query_costs_each_contender(tmp_path: Path) -> None:
    file = tmp_path / "finger.json"
    report = run("finger", "--rounds=1", "--count=5", "--only=reactor,factory", f"--json={file}")

    (rows,) = tables(report)
    assert set(figures(rows)) == {"reactor", "factory"} and all(map(is_number, figures(rows).values()))
    assert all(sample["query"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
@pytest.mark.skipif(path_of("smtp-source") is None, reason="there is no smtp-source, the load of benchmarks/smtp.py")
def test_smtp_reports_what_a_letter_costs_each_contender(tmp_path: Path) -> None:
    file = tmp_path / "smtp.json"
    report = run("smtp", "--rounds=1", "--count=20", "--only=reactor,twisted", f"--json={file}")

    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "twisted"} and all(map(is_number, figures(rows).values()))
    assert all(sample["kept"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
def test_pop3_reports_what_a_letter_costs_each_contender(tmp_path: Path) -> None:
    file = tmp_path / "pop3.json"
    report = run("pop3", "--rounds=1", "--count=5", "--only=reactor", f"--json={file}")

    (rows,) = tables(report)
    assert set(figures(rows)) == {"reactor"} and all(map(is_number, figures(rows).values()))
    assert all(sample["letter"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
def test_ftp_reports_what_a_file_costs_each_contender(tmp_path: Path) -> None:
    file = tmp_path / "ftp.json"
    report = run("ftp", "--rounds=1", "--mib=4", "--only=reactor", f"--json={file}")

    (rows,) = tables(report)
    assert set(figures(rows)) == {"reactor"} and all(map(is_number, figures(rows).values()))
    assert all(sample["retr"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
def test_ldap_reports_what_a_search_costs_each_contender(tmp_path: Path) -> None:
    file = tmp_path / "ldap.json"
    report = run("ldap", "--rounds=1", "--count=5", "--only=reactor", f"--json={file}")

    (rows,) = tables(report)
    assert set(figures(rows)) == {"reactor"} and all(map(is_number, figures(rows).values()))
    assert all(sample["search"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
def test_xml_rpc_reports_what_a_call_costs_each_contender(tmp_path: Path) -> None:
    file = tmp_path / "xml_rpc.json"
    report = run("xml_rpc", "--rounds=1", "--count=5", f"--json={file}")

    (rows,) = tables(report)
    assert set(figures(rows)) == {"reactor", "standard library", "twisted"}
    assert all(sample["call"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
def test_imap_reports_what_commands_cost_each_contender_that_has_them(tmp_path: Path) -> None:
    file = tmp_path / "imap.json"
    report = run("imap", "--rounds=1", "--count=5", "--only=reactor,twisted", f"--json={file}")

    *fetching, store, append = tables(report)
    for rows in fetching:
        assert set(figures(rows)) == {"reactor", "twisted"} and all(map(is_number, figures(rows).values()))
    for rows in (store, append):
        assert set(figures(rows)) == {"reactor"} and all(map(is_number, figures(rows).values()))
    assert all(sample["body"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
def test_news_reports_what_an_article_and_a_line_of_overview_cost(tmp_path: Path) -> None:
    file = tmp_path / "news.json"
    report = run("news", "--rounds=1", "--count=5", "--only=reactor", f"--json={file}")

    for rows in tables(report):
        assert set(figures(rows)) == {"reactor"} and all(map(is_number, figures(rows).values()))
    assert all(sample["article"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


@LINUX_ONLY
def test_perspective_broker_reports_what_a_call_costs(tmp_path: Path) -> None:
    file = tmp_path / "perspective_broker.json"
    report = run("perspective_broker", "--rounds=1", "--count=50", "--only=reactor,twisted", f"--json={file}")

    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "twisted"} and all(map(is_number, figures(rows).values()))
    assert all(sample["call"] > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


def test_gps_reports_what_a_sentence_costs(tmp_path: Path) -> None:
    file = tmp_path / "gps.json"
    report = run("gps", "--rounds=1", "--count=100", "--only=reactor,twisted", f"--json={file}")

    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "twisted"} and all(map(is_number, figures(rows).values()))
    assert all(sample > 0 for (sample,) in json.loads(file.read_text())["samples"].values())


def test_timers_reports_every_operation() -> None:
    report = run("timers", "--rounds=1", "--count=20", "--only=reactor,asyncio")

    assert re.findall("^### (.*)$", report, re.MULTILINE) == [
        "set", "cancel", "due at once", "one a turn", "thread, burst", "thread, in turn", "Conditions",
    ]  # fmt: skip
    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "asyncio"}
        assert all(map(is_number, figures(rows).values()))


def test_deferreds_reports_every_operation() -> None:
    report = run("deferreds", "--rounds=1", "--count=20", "--only=reactor,asyncio")

    headings = ["chain of five", "chain after failure", "await, ready", "await, later", "Conditions"]
    assert re.findall("^### (.*)$", report, re.MULTILINE) == headings
    for rows in tables(report):
        assert set(figures(rows)) == {"reactor", "asyncio"}
        assert all(map(is_number, figures(rows).values()))


def test_startup_reports_time_and_memory_beside_a_bare_start() -> None:
    time, memory = tables(run("startup", "--rounds=1", "--only=import reactor,from reactor import reactor"))

    assert (
        list(figures(time)) == list(figures(memory)) == ["bare start", "import reactor", "from reactor import reactor"]
    )
    assert all(map(is_number, figures(time).values()))
    assert all(len(row) == len(memory[0]) for row in memory)


def test_build_reports_three_builds_of_each_kind_of_program_beside_bare_starts() -> None:
    (rows,) = tables(run("build", "--rounds=1", "--count=1"))

    names = [name for name, figure in figures(rows).items() if is_number(figure)]
    assert [name.partition(": ")[2] for name in names] == ["", *("cold", "nothing changed", "one program changed") * 2]


def test_render_reports_ours_beside_the_bare_loop_at_each_size() -> None:
    (rows,) = tables(run("render", "--rounds=1", "--slides=1,4"))

    names = [f"{count} slides, {name}" for count in (1, 4) for name in ("lecture.slides", "bare loop")]
    assert list(figures(rows)) == names
    assert all(map(is_number, figures(rows).values()))


def test_a_contender_nobody_knows_is_refused_by_name() -> None:
    script = BENCHMARKS / "timers.py"
    done = subprocess.run([sys.executable, script, "--only=asyncio,trio"], capture_output=True, text=True)

    assert done.returncode == 1
    assert "no contender is called trio; there are reactor, asyncio, uvloop, twisted" in done.stderr


@pytest.mark.parametrize(("samples", "best", "in_turn"), [
    (([2.0, 3.0], [4.0, 4.0]), "0.50", "0.62 (0.50–0.75)"),
    (([1.0], [0.0]), "–", "–"),
])  # fmt: skip
def test_ratios_compare_the_best_rounds_and_each_round(
    monkeypatch: pytest.MonkeyPatch, samples: tuple[list[float], list[float]], best: str, in_turn: str
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    from _measure import ratios

    assert ratios(*samples) == (best, in_turn)


def test_contenders_take_turns_round_by_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    from _measure import take_turns

    asked: list[str] = []
    results = take_turns("ABC", 2, lambda name: asked.append(name) or len(asked))

    assert asked == list("ABCABC")
    assert results == {"A": [1, 4], "B": [2, 5], "C": [3, 6]}
