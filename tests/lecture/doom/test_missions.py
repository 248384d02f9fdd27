"""The missions of the playground can be won: each is broken by its seed, and its mended program holds there."""

import pytest

from lecture.doom import lecture
from lecture.errors import LectureError
from lecture.programs import Examples
from lecture.programs.missions import Mission
from lecture.programs.simulation.playing import MOST, faults, holds
from lecture.programs.simulation.running import run_files
from tests.support.traces import EXAMPLES

EXAMPLES_OF_THE_TALK = Examples(EXAMPLES)
MORE_SEEDS = 4  # as the page has it (site/src/play/quest.ts): one may be luck


def does_hold(mission, kind, seed, sliders):
    session = mission.session(EXAMPLES_OF_THE_TALK)
    return holds(run_files(mission.files(kind, EXAMPLES_OF_THE_TALK), session, seed, **faults(sliders)), session)


def test_there_are_eight_and_each_slider_is_needed_by_one():
    assert len(lecture.missions) >= 8
    assert {name for mission in lecture.missions for name in mission.sliders} == set(MOST)


def test_every_folder_is_a_mission_and_every_mission_has_a_folder():
    folders = {path.name for path in (EXAMPLES.parent / "missions").iterdir()}
    assert folders == {mission.name for mission in lecture.missions}


@pytest.mark.parametrize("mission", lecture.missions, ids=lambda mission: mission.name)
def test_it_holds_on_a_good_network_and_breaks_with_its_seed_and_the_mended_one_does_not(mission):
    assert does_hold(mission, "fragile", mission.seed, {})
    assert not does_hold(mission, "fragile", mission.seed, mission.sliders)
    for seed in range(mission.seed, mission.seed + MORE_SEEDS + 1):
        assert does_hold(mission, "mended", seed, mission.sliders), seed


def test_a_mission_without_programs_says_where_they_should_be():
    nowhere = Mission("nowhere", "", "", "03_echo", 0, {})
    with pytest.raises(LectureError, match=r"the mission nowhere has no program in .*missions/nowhere/fragile"):
        nowhere.files("fragile", EXAMPLES_OF_THE_TALK)
