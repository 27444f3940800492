"""The lexicons are well formed, and their pattern language does what its description says."""

import pytest

from bot.answering.lexicon import GROUPS, lexicon, lexicon_languages
from bot.answering.patterns import PatternReader
from bot.i18n.catalog import catalog

READER = PatternReader(str.split, {"room": ["room", "conference hall"]})


@pytest.mark.parametrize(
    ("written", "text", "fits"),
    [
        ("which room", "which room", True),
        ("which room", "which big room", False),
        ("which ... room", "which big old nice room", True),
        ("which ... room", "which very big old nice room", False),
        ("(which|what) (big)? room", "what room", True),
        ("which <room>", "which conference hall", True),
        ("^ room", "the room", False),
        ("room $", "room please", False),
    ],
)
def test_a_pattern_matches(written: str, text: str, fits: bool) -> None:
    stems = text.split()
    found = [each.match(stems, 0, len(stems)) for each in READER.read(written, "room", weak=False)]
    assert any(match is not None for match in found) is fits


def test_an_unknown_class_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no class <hall>"):
        list(READER.read("which <hall>", "room", weak=False))


@pytest.mark.parametrize("language", lexicon_languages())
def test_every_topic_has_phrases_and_what_is_not_held_has_a_label(language: str) -> None:
    words = lexicon(language)
    assert set(words.groups.values()) == set(GROUPS)
    for topic, group in words.groups.items():
        if group == "unheld":
            assert catalog(language).text(f"answers.unheld.{topic}")


@pytest.mark.parametrize("language", lexicon_languages())
def test_patterns_stay_few_enough_to_be_fast(language: str) -> None:
    assert len(lexicon(language).patterns) < 8000
