"""What is written is read back as the same event, whatever it says."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.event import Event, Session
from bot.knowledge.loader import load_event, parse_event
from bot.knowledge.localized_text import LocalizedText
from bot.knowledge.writer import write_event

from .events import events, texts

SAMPLE = Path(__file__).parents[2] / "knowledge.yaml"
BRUSSELS = ZoneInfo("Europe/Brussels")

SMALLEST = Event(
    title=LocalizedText.of("Spring meeting"),
    timezone=BRUSSELS,
    languages=("en",),
    sessions=(Session("opening", LocalizedText.of("Opening"), datetime(2025, 3, 1, 9, tzinfo=BRUSSELS)),),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(events())
def test_an_event_is_read_back_as_it_was_written(event: Event) -> None:
    assert parse_event(write_event(event)) == event


@settings(max_examples=500, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3))
def test_any_text_is_read_back_as_it_was_written(paragraphs: list[str]) -> None:
    event = replace(SMALLEST, description=LocalizedText.of("\n\n".join(paragraphs).strip()))
    assert parse_event(write_event(event)) == event


def test_the_sample_is_read_back_as_it_was_written() -> None:
    event = load_event(SAMPLE)
    assert parse_event(write_event(event)) == event


def test_the_second_of_two_equal_clock_times_is_written_with_its_offset() -> None:
    second = datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=BRUSSELS)
    event = replace(SMALLEST, sessions=(replace(SMALLEST.sessions[0], start=second),))
    read = parse_event(write_event(event)).sessions[0].start
    assert read.astimezone(UTC) == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_a_small_event_makes_a_small_file() -> None:
    assert write_event(SMALLEST) == (
        "version: 1\n"
        "\n"
        "event:\n"
        "  title: Spring meeting\n"
        "  timezone: Europe/Brussels\n"
        "  languages: [en]\n"
        "\n"
        "sessions:\n"
        "  - id: opening\n"
        "    title: Opening\n"
        "    start: 2025-03-01T09:00\n"
    )


def test_long_texts_are_folded_and_paragraphs_kept() -> None:
    description = LocalizedText((("en", "word " * 30 + "end"), ("de", "Erster Absatz\n\nZweiter Absatz")))
    event = replace(SMALLEST, languages=("en", "de"), description=description)
    written = write_event(event).split("  description:\n")[1].split("\nsessions:")[0]
    assert written == (
        "    en: >-\n"
        "      word word word word word word word word word word word word word word word word word word word word\n"
        "      word word word word word word word word word word end\n"
        "    de: |-\n"
        "      Erster Absatz\n"
        "\n"
        "      Zweiter Absatz\n"
    )
