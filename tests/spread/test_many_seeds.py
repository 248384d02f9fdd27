"""The command that tries more seeds: a seed that goes wrong is named, and ends it with 1."""

from tests.support.many_seeds import try_many

HERE = "spread.test_many_seeds"


def is_small(seed):
    assert seed != 3, "three is too many"


class Run:
    def __init__(self, seed):
        self.seed = seed

    def go(self):
        is_small(self.seed)


def test_a_seed_that_goes_wrong_is_named(capsys):
    assert try_many([f"{HERE}:Run", f"{HERE}:is_small"], 5) == 1
    said = capsys.readouterr().out
    assert said.count("5 seeds, 1 went wrong\n  seed 3: AssertionError('three is too many") == 2


def test_seeds_that_go_well_end_it_with_nothing():
    assert try_many([f"{HERE}:Run"], 3) == 0
