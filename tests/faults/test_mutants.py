"""The list of deliberate defects keeps up with the source, and some of them are found out here; `make simulate-mutants`
tries all."""

import importlib.util
from pathlib import Path

import pytest

from tests.faults.mutants import mutants
from tests.faults.mutating import Mutant, in_a_process

ALL = mutants()


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: f"{mutant.module}: {mutant.name}")
def test_the_place_of_each_defect_is_there_and_what_comes_instead_is_python(mutant):
    source = Path(importlib.util.find_spec(mutant.module).origin).read_text(encoding="utf-8")
    spoiled = mutant.spoil(source)
    assert spoiled != source
    compile(spoiled, mutant.module, "exec")


@pytest.mark.parametrize(
    "name",
    [
        "what the kernel did not take is lost",
        "bytes are thrown away with a goodbye",
        "a handler's error ends the loop",
    ],
)
def test_a_defect_is_found_out(name):
    (number,) = [number for number, mutant in enumerate(ALL) if mutant.name == name]
    assert in_a_process(number, seeds=400).startswith("seed ")


def test_a_defect_whose_place_is_gone_says_so():
    gone = Mutant("it is gone", "reactor.somewhere", ["this line"], [])
    with pytest.raises(ValueError, match="'it is gone' are 0 times in reactor"):
        gone.spoil("another line\n")
    with pytest.raises(ValueError, match="2 times"):
        gone.spoil("this line\nanother\nthis line\n")
    assert gone.spoil("this line\nanother\n") == "another\n"
