import pytest

from bot.sandbox.formatted_text import FormattedText, checked, trimmed, utf16_length, with_found_entities
from bot.sandbox.refusals import Refusal


def test_length_counts_utf16_units() -> None:
    assert [utf16_length(text) for text in ("", "é", "🎟", "👩‍🏫")] == [0, 1, 2, 5]


@pytest.mark.parametrize(
    ("entity", "complaint"),
    [
        ("bold", "can't parse MessageEntity: expected an Object"),
        ({"type": "loud", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),
        (
            {"type": "text_link", "offset": 0, "length": 2},
            "can't parse MessageEntity: Can't find field \"url\"",
        ),
        (
            {"type": "bold", "offset": -1, "length": 1},
            "can't parse MessageEntity: Entity has an incorrect offset or length",
        ),
        (
            {"type": "bold", "offset": 2, "length": 9},
            "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 4",
        ),
        (
            {"type": "bold", "offset": 1, "length": 1},
            "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 1",
        ),
        (
            {"type": "bold", "offset": 0, "length": 1},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at UTF-16 offset 1",
        ),
    ],
)
def test_entities_that_do_not_fit_the_text_are_refused(entity: object, complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked("🎟ab", [entity])
    assert refused.value.description == f"Bad Request: {complaint}"


def test_trimming_moves_and_shortens_entities() -> None:
    formatted = FormattedText("  ab  ", ({"type": "bold", "offset": 1, "length": 5},))
    assert trimmed(formatted) == FormattedText("ab", ({"type": "bold", "offset": 0, "length": 2},))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", "/start")]),
        ("see /agenda@agora_demo_bot.", [("bot_command", "/agenda@agora_demo_bot")]),
        ("313/315 and/or </b>", []),
        ("🎟 @laura_g #GoSmartBSR #12", [("mention", "@laura_g"), ("hashtag", "#GoSmartBSR")]),
        ("write to a.b@example.org.", [("email", "a.b@example.org")]),
        ("(https://example.org/a#b).", [("url", "https://example.org/a#b")]),
    ],
)
def test_what_telegram_marks_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    units = text.encode("utf-16-le")
    entities = with_found_entities(FormattedText(text)).entities
    marked = [
        (entity["type"], units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le"))
        for entity in entities
    ]
    assert marked == found
