"""`make mutants`: which mutants it makes, which tests it tries on them, and what it says of them."""

import importlib.util
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.mutating import Mutant
from tests.mutants.judging import ROOT, judged_mutants, path_of

JUDGED = judged_mutants()
needs_cosmic_ray = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("cosmic_ray", "coverage"))), reason="`make mutants` installs what it needs"
)


@pytest.mark.parametrize("mutant", JUDGED, ids=lambda mutant: f"{mutant.module}: {mutant.name}")
def test_each_judged_mutant_still_has_its_place_and_a_reason(mutant):
    source = (ROOT / path_of(mutant)).read_text(encoding="utf-8")
    spoiled = mutant.spoil(source)
    assert spoiled != source
    compile(spoiled, mutant.module, "exec")
    kind, _, reason = mutant.name.partition(": ")
    assert kind in ("equivalent", "harmless", "elsewhere") and len(reason) > 10


def changes(path, source):
    """All that may become of a source."""
    from tests.mutants.generating import places_of

    path.write_text(source, encoding="utf-8")
    made = (place.change(random.Random(seed)) for place in places_of(path) for seed in range(20))
    return {change.after for change in made if change is not None}


@needs_cosmic_ray
def test_mutants_change_one_place(tmp_path):
    assert changes(tmp_path / "a.py", "if a and not b:\n    f(1)\n") >= {
        "if a or not b:\n    f(1)\n",
        "if a and  b:\n    f(1)\n",
        "if a and not b:\n    f( 2)\n",
        "if a and not b:\n    pass\n",
    }


@needs_cosmic_ray
@pytest.mark.parametrize(
    "source",
    [
        "def f(x: int | None = None) -> str | bytes: ...\n",
        'T = TypeVar("T")\n',
        "@overload\ndef f(): ...\n",
        "class A(B):\n    x: int\n",
        "__all__ = ('a', 'b')\n",
        "Action = Callable[[int], float]\n",
        "if TYPE_CHECKING:\n    import x\n",
        '"""a + b"""\n',
        "# a + b\n",
        "",
    ],
)
def test_what_makes_no_difference_is_no_mutant(tmp_path, source):
    assert changes(tmp_path / "a.py", source) <= {source.replace("...", "pass")}


@needs_cosmic_ray
def test_names_with_dots_behind_except_are_left_alone(tmp_path):
    changes(tmp_path / "a.py", "try:\n    f()\nexcept error.Bad:\n    pass\n")


@needs_cosmic_ray
def test_the_diff_of_a_mutant_is_how_it_is_judged():
    from tests.mutants.generating import places_of

    for name in ("core/loop/timers.py", "defer/gathering.py", "web/websocket/wire.py"):
        for place in random.Random(name).sample(places_of(ROOT / "reactor" / name), 20):
            change = place.change(random.Random(1))
            if change is None:
                continue
            lines = change.diff().splitlines()
            old, new = ([line[1:] for line in lines if line[0] == sign] for sign in "-+")
            assert Mutant("", name, old, new).spoil(change.before) == change.after


@needs_cosmic_ray
def test_a_seed_picks_a_sample():
    from tests.mutants.__main__ import sample_of

    one, same, other = (sample_of("defer", 5, random.Random(seed)) for seed in (1, 1, 2))
    assert one == same != other
    assert len(one) == len(other) == 5


@needs_cosmic_ray
def test_a_mutant_is_tried_by_the_tests_that_run_its_line(tmp_path):
    import coverage

    from tests.mutants.covering import Map

    data = coverage.CoverageData(str(tmp_path / "lines"))
    for test, lines in {
        "": [1, 2, 5],
        "tests/web/t::a": [3],
        "tests/log/t::b": [3, 6],
        "tests/log/t::c": [3, 4],
    }.items():
        data.set_context(test)
        data.add_lines({"/copy/reactor/web/page.py": lines})
    data.write()
    durations = {"tests/web/t::a": 0.5, "tests/log/t::b": 0.2, "tests/log/t::c": 0.1, "tests/web/t::slow": 99}
    (tmp_path / "tests.json").write_text(json.dumps(durations))
    made = Map(tmp_path, Path("/copy"))
    assert made.tests_of("reactor/web/page.py", 3) == ["tests/web/t::a", "tests/log/t::c", "tests/log/t::b"]
    assert made.tests_of("reactor/web/page.py", 3, tried=["tests/web/t::a"]) == ["tests/log/t::c", "tests/log/t::b"]
    assert made.tests_of("reactor/web/page.py", 4) == ["tests/log/t::c"]
    assert len(made.tests_of("reactor/web/page.py", 5)) == 3, "it runs at import: those of the file"
    assert made.tests_of("reactor/web/page.py", 7) == ["tests/log/t::b"], "the rest of a statement of several lines"
    assert made.tests_of("reactor/web/other.py", 1) == ["tests/web/t::a"], (
        "in processes of their own: those of the room"
    )
    assert len(made.tests_of("reactor/nowhere/other.py", 1)) == 3, "any that are quick"


TESTS = """
import time
from code_of_it import value

def NAME():
    if value > 2:
        time.sleep(60)
    assert value > 0
""".replace("NAME", "test_it")  # whoever counts our tests would count it


@needs_cosmic_ray
@pytest.mark.parametrize(
    ("source", "outcome"),
    [("value = 2", "survived"), ("value = 0", "killed"), ("value =", "killed"), ("value = 3", "timed out")],
)
def test_what_becomes_of_a_mutant(tmp_path, source, outcome):
    from tests.mutants.trying import Copies

    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (tmp_path / "code_of_it.py").write_text("value = 1")
    (tmp_path / "test_it.py").write_text(TESTS)
    timeout_s = 5.0 if outcome == "timed out" else 60.0
    assert Copies([tmp_path]).outcome("code_of_it.py", source, ["test_it.py::test_it"], timeout_s) == outcome
    assert (tmp_path / "code_of_it.py").read_text() == "value = 1"


@needs_cosmic_ray
def test_a_line_of_the_table():
    from tests.mutants.__main__ import report

    counts = Counter({"killed": 7, "timed out": 2, "survived": 1, "judged": 4})
    assert report("web", counts).split() == ["web", "10", "7", "2", "1", "4", "90.0", "%"]
    assert report("web", Counter()).split()[-2:] == ["100.0", "%"]
