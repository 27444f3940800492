"""What is taken in as an update."""

import pytest

from bot.chat.intake import is_update


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"update_id": 1}, True),
        ({"update_id": 0, "a kind that is new tomorrow": []}, True),
        ({"update_id": -1}, True),
        ({"update_id": 2**63 - 1}, True),
        ({"update_id": 2**63}, False),
        ({"update_id": -(2**63)}, False),
        ({"update_id": 10**400}, False),
        ({"update_id": True}, False),
        ({"update_id": 1.0}, False),
        ({"update_id": "1"}, False),
        ({"update_id": None}, False),
        ({"update_id": [1]}, False),
        ({"message": {"update_id": 1}}, False),
        ({}, False),
        ([], False),
        ([{"update_id": 1}], False),
        ("update_id", False),
        (1, False),
        (None, False),
    ],
)
def test_an_update_has_a_number_that_the_database_can_hold(value: object, is_one: bool) -> None:
    assert is_update(value) is is_one
