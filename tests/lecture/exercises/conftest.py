import shutil

import pytest

from lecture.exercises.folder import Exercise
from tests.support.traces import ROOT

ORDERS = ROOT / "exercises" / "08_two_in_one"


@pytest.fixture
def exercise(tmp_path):
    """A copy of an exercise of ours, to spoil."""
    shutil.copytree(ORDERS, tmp_path / "exercises" / ORDERS.name)
    return Exercise(tmp_path / "exercises" / ORDERS.name)
