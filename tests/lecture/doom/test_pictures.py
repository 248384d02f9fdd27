"""The pictures of the lecture: drawn from the table where there is one, and understood without being seen."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from lecture.doom.diagrams import NARROW, WIDE, Layout, connection_states
from lecture.doom.drawings import PICTURES, Drawing, picture
from lecture.errors import LectureError
from lecture.outputs.notebooks.embedded import with_drawings_as_pictures
from lecture.slides import toHTML
from reactor.core.transports.state import TRANSITIONS, Event, State

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(path.stem for path in PICTURES.glob("*.svg"))

ALL = {
    "states": connection_states(),
    "states-narrow": connection_states(layout=NARROW),
    **{name: picture(name) for name in NAMES},
}

each_picture = pytest.mark.parametrize("svg", ALL.values(), ids=ALL)
each_layout = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])


def test_a_picture_that_was_drawn_by_hand_is_there_for_wide_and_for_narrow_columns():
    assert NAMES == ["overview", "overview-narrow", "together", "together-narrow"]


@pytest.mark.parametrize("name", [name for name in ALL if name.endswith("narrow")])
def test_the_words_of_a_narrow_picture_are_read_on_a_telephone(name):
    root = ElementTree.fromstring(ALL[name])
    assert root.get("class") == "narrow"
    sizes = [float(size) for size in re.findall(r"font-size: (\d+)px", ALL[name])]
    assert min(sizes) * 328 / float(root.get("viewBox").split()[2]) >= 11


@each_picture
def test_a_picture_is_told_to_who_does_not_see_it(svg):
    root = ElementTree.fromstring(svg)
    told = {element.get("id"): element.text or "" for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby") or "").split() == list(told)
    assert all(text.strip() for text in told.values())


@each_picture
def test_a_picture_asks_for_nothing_from_elsewhere(svg):
    assert set(re.findall(r"https?://[^\s\"]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert not ElementTree.fromstring(svg).findall(f".//{SVG}script")


@each_picture
def test_words_keep_the_colour_of_the_page_or_one_made_to_stand_on_the_box(svg):
    root = ElementTree.fromstring(svg)
    assert root.get("fill") == "currentColor"
    assert not [text for text in root.iter(f"{SVG}text") if text.get("fill")]


def test_pictures_on_one_page_do_not_share_ids_or_classes():
    svgs = list(ALL.values())
    ids = [name for svg in svgs for name in set(re.findall(r'\bid="([^"]+)"', svg))]
    styles = [name for svg in svgs for name in set(re.findall(r"^ +\.([\w-]+) \{", svg, re.MULTILINE))]
    assert sorted(set(ids)) == sorted(ids)
    assert sorted(set(styles)) == sorted(styles)


def test_a_drawing_stands_on_a_slide_as_a_figure():
    assert toHTML(Drawing("<svg viewBox='0 0 1 1'/>\n")).startswith('<figure class="drawing"')


def test_a_drawing_for_narrow_columns_is_on_pages_and_not_in_notebooks():
    both = toHTML(Drawing(ALL["overview"], ALL["overview-narrow"]))
    assert both.count("<svg ") == 2 and with_drawings_as_pictures(both).count("<img ") == 1


def drawn(layout: Layout = WIDE) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(connection_states(layout=layout)).iter(f"{SVG}g"))


@each_layout
def test_the_diagram_has_each_state_once(layout):
    states = [group for group in drawn(layout) if group.get("data-state")]
    assert [State[group.get("data-state")] for group in states] == list(State)
    assert [group.find(f"{SVG}text").text for group in states] == [state.value for state in State]


@each_layout
def test_the_diagram_has_the_arrows_of_the_table_and_no_others(layout):
    table = {}
    for group in drawn(layout):
        for event in (group.get("data-event") or "").split():
            for state in group.get("data-before").split():
                assert (State[state], Event[event]) not in table
                table[State[state], Event[event]] = State[group.get("data-after")]
    assert table == TRANSITIONS


def test_an_arrow_has_the_words_of_its_events_beside_it():
    for group in drawn():
        events = (group.get("data-event") or "").split()
        if events:
            assert [text.text for text in group.findall(f"{SVG}text")] == [Event[event].value for event in events]


def test_the_description_tells_every_transition():
    told = ElementTree.fromstring(connection_states()).find(f"{SVG}desc").text
    for (state, event), target in TRANSITIONS.items():
        assert f"{state.value}, {event.value}: {target.value}" in told


def test_a_state_without_a_place_stops_the_build(monkeypatch):
    monkeypatch.delitem(WIDE.places, State.CLOSING)
    with pytest.raises(LectureError, match="CLOSING has no place in the diagram 'life'"):
        connection_states()


def test_a_state_inside_a_frame_that_is_not_about_it_stops_the_build(monkeypatch):
    monkeypatch.setitem(WIDE.places, State.CLOSED, WIDE.places[State.OPEN])
    with pytest.raises(LectureError, match="CLOSED lies in a frame that is not about it"):
        connection_states()


def test_a_transition_added_to_the_table_appears_in_the_diagram():
    svg = connection_states({**TRANSITIONS, (State.ABORTING, Event.PEER_DONE): State.ENDING})
    assert 'data-before="ABORTING" data-event="PEER_DONE" data-after="ENDING"' in svg


@each_layout
def test_everything_lies_inside_the_picture(layout):
    root = ElementTree.fromstring(connection_states(layout=layout))
    for box in root.iter(f"{SVG}rect"):
        x, y, width, height = (float(box.get(name)) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + width <= layout.width
        assert y + height <= layout.height
