"""Serial numbers of zones, which go round in a circle."""

import pytest

from reactor.names.serial_numbers import is_newer


@pytest.mark.parametrize(
    "one, other, newer",
    [
        (1, 0, True),
        (0, 1, False),
        (5, 5, False),
        (0, 0xFFFFFFFF, True),
        (0x80000000, 0, False),
        (0x7FFFFFFF, 0, True),
        (0, 0x80000000, False),
    ],
)
def test_serial_numbers_go_round_in_a_circle(one, other, newer):
    assert is_newer(one, other) is newer
