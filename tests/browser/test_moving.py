"""Through the talk: steps, keys, fingers, links, and back."""

from __future__ import annotations

import pytest

from tests.browser.moves import at, press, shown


def test_points_appear_step_by_step_and_nothing_jumps(deck):
    press(deck, "ArrowRight")
    first = deck.locator("#s2 li").first.bounding_box()
    third = deck.locator("#s2 li").nth(2).bounding_box()
    assert not shown(deck, "#s2 li:nth-child(2)")
    assert press(deck, "ArrowRight") == "s2/2"
    assert shown(deck, "#s2 li:nth-child(2)") and not shown(deck, "#s2 li:nth-child(3)")
    assert press(deck, "ArrowRight") == "s2/3"
    assert shown(deck, "#s2 li:nth-child(3)")
    assert deck.locator("#s2 li").first.bounding_box() == first
    assert deck.locator("#s2 li").nth(2).bounding_box() == third


def test_lines_are_lit_in_turn_and_the_session_takes_the_place_of_the_code(deck):
    deck.evaluate("deck.go(3)")
    assert deck.locator("#s3 .is-lit, #s3 .has-lit").count() == 0
    press(deck, "ArrowRight")
    assert deck.locator("#s3 .is-lit").all_inner_texts() == ["class Echo(Protocol):"]
    press(deck, "ArrowRight")
    assert deck.locator("#s3 .has-lit .is-lit").count() == 2
    press(deck, "ArrowRight")
    assert shown(deck, "#s3 .session") and not shown(deck, "#s3 .listing")
    press(deck, "ArrowLeft")
    assert shown(deck, "#s3 .listing") and not shown(deck, "#s3 .session")


@pytest.mark.parametrize("key", ["ArrowRight", " ", "PageDown", "n"])
def test_each_of_these_keys_is_the_next_step(deck, key):
    assert press(deck, key, key) == "s2/2"


@pytest.mark.parametrize("key", ["ArrowLeft", "PageUp", "p", "Backspace"])
def test_each_of_these_keys_goes_back_and_enters_a_slide_at_its_last_step(deck, key):
    assert press(deck, "End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft") == "s3/4"
    assert press(deck, key) == "s3/3"


def test_home_and_end_are_the_first_and_the_last_slide(deck):
    assert press(deck, "End") == "s5/1"
    assert press(deck, "ArrowRight") == "s5/1"
    assert press(deck, "Home") == "s1/1"
    assert press(deck, "ArrowLeft") == "s1/1"


def test_digits_and_enter_go_to_a_slide_and_escape_forgets_them(deck):
    deck.keyboard.press("4")
    assert deck.evaluate("document.documentElement.dataset.typed") == "4"
    assert press(deck, "Enter") == "s4/1"
    assert press(deck, "2", "Escape", "Enter") == "s4/2"  # Enter alone shows the next output
    assert press(deck, "9", "9", "Enter") == "s4/2"


def test_the_wrong_program_is_below_and_the_way_leads_on_from_there(deck):
    deck.evaluate("deck.go(3, 2)")
    assert deck.locator(".to-wrong").inner_text() == "wrong ↓"
    assert press(deck, "w") == "s3w1/1"
    assert press(deck, "w") == "s3/2"
    assert press(deck, "ArrowDown") == "s3w1/1"
    assert press(deck, "ArrowUp") == "s3/2"
    assert press(deck, "w", "ArrowLeft") == "s3/2"
    deck.mouse.move(5, 5)
    deck.locator(".to-wrong").click()
    assert at(deck) == "s3w1/1"
    assert press(deck, "ArrowRight", "ArrowRight") == "s4/1"
    assert press(deck, "w") == "s4/1"
    assert not shown(deck, ".to-wrong")


def test_the_way_through_the_talk_passes_wrong_programs_by(deck):
    deck.evaluate("deck.go(3, 4)")
    assert press(deck, "ArrowRight") == "s4/1"
    assert press(deck, "ArrowLeft") == "s3/4"


def test_a_link_leads_to_slide_and_step_and_the_address_follows(offline):
    page = offline.open("#2/3")
    assert at(page) == "s2/3"
    press(page, "ArrowRight")
    assert page.url.endswith("#3")
    page.evaluate("location.hash = '#s3w1/2'")
    page.wait_for_function("() => deck.at().slide === 's3w1'")
    assert at(page) == "s3w1/2"


def test_a_link_to_no_slide_leads_to_the_first(offline):
    assert at(offline.open("#99")) == "s1/1"


def test_the_back_button_undoes_a_jump(deck):
    press(deck, "ArrowRight", "ArrowRight", "End")
    deck.go_back()
    deck.wait_for_function("() => deck.at().slide === 's2'")
    assert at(deck) == "s2/2"
    deck.go_forward()
    deck.wait_for_function("() => deck.at().slide === 's5'")


def test_a_link_on_a_slide_is_followed_with_the_keyboard(deck):
    deck.keyboard.press("Tab")
    deck.keyboard.press("Enter")
    deck.wait_for_function("() => deck.at().slide === 's4'")


def test_the_short_path_leaves_slides_out_which_can_still_be_jumped_to(offline):
    page = offline.open("?short")
    assert press(page, "ArrowRight") == "s3/1"
    page.evaluate("deck.go(2, 3)")
    assert press(page, "ArrowRight") == "s3/1"
    assert press(page, "ArrowLeft") == "s1/1"
    assert press(page, "End") == "s4/3"


def swipe(page, dx: int, dy: int) -> str:
    page.evaluate(
        """([dx, dy]) => {
            const target = document.querySelector(".reveal");
            const touch = (x, y) => new Touch({identifier: 1, target, clientX: x, clientY: y});
            const [from, to] = [touch(600, 300), touch(600 + dx, 300 + dy)];
            const touched = (type, at, touches) =>
                target.dispatchEvent(new TouchEvent(type, {touches, changedTouches: [at], bubbles: true}));
            touched("touchstart", from, [from]);
            touched("touchend", to, []);
        }""",
        [dx, dy],
    )
    return at(page)


def test_fingers_go_on_back_and_to_the_wrong_program(offline):
    page = offline.open("#3", has_touch=True)
    assert swipe(page, -200, 20) == "s3/2"
    assert swipe(page, 200, 20) == "s3/1"
    assert swipe(page, 20, -200) == "s3w1/1"
    assert swipe(page, 20, 200) == "s3/1"
    assert swipe(page, 10, 10) == "s3/1"


def test_the_buttons_at_the_edge_do_what_the_keys_do(deck):
    deck.mouse.move(10, 10)
    deck.get_by_role("button", name="Next step").click()
    deck.get_by_role("button", name="Next step").click()
    assert at(deck) == "s2/2"
    deck.get_by_role("button", name="Step back").click()
    assert at(deck) == "s2/1"
    assert deck.locator(".deck-bar .number").inner_text() == "2 / 5"


def test_other_scripts_hear_of_every_move(deck):
    deck.evaluate("window.heard = []; window.stop = deck.onMove(({slide, step}) => heard.push(`${slide}/${step}`)); 0")
    press(deck, "ArrowRight", "ArrowRight")
    deck.evaluate("stop()")
    press(deck, "ArrowRight")
    assert deck.evaluate("heard") == ["s1/1", "s2/1", "s2/2"]
    assert deck.evaluate("deck.go('nowhere')") is False
