"""The sample event, and a congress of two days in three rooms."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.knowledge.event import Event, Session, Speaker
from bot.knowledge.loader import load_event
from tests import builders
from tests.builders import at, words

SAMPLE = Path(__file__).parents[2] / "knowledge.yaml"

TITLES = {
    "opening": ("Opening ceremony", "2019-10-09 09:00", 60, "Aula", ("ada-berg",)),
    "bread": ("The chemistry of sourdough bread", "2019-10-09 10:30", 60, "Aula", ("tom-yeast",)),
    "maps": ("Drawing maps with free software", "2019-10-09 10:30", 60, "Library", ("eva-lund",)),
    "bees": ("Keeping bees in the city", "2019-10-09 14:00", 90, "Aula", ("anna-field",)),
    "rust": ("Memory safety without tears", "2019-10-09 14:00", 60, "Library", ("tom-stone",)),
    "glass": ("Blowing glass by hand", "2019-10-09 14:00", 120, "Studio", ("kai-moss", "eva-lund")),
    "dinner": ("Dinner speech on railways", "2019-10-09 19:00", 60, "Aula", ("ada-berg",)),
    "wind": ("Offshore wind farms", "2019-10-10 09:00", 60, "Aula", ("lea-north",)),
    "whales": ("The songs of whales", "2019-10-10 10:30", 60, "Aula", ("noor-sea",)),
    "letters": ("Type design for Arabic letters", "2019-10-10 10:30", 60, "Library", ("omar-ink",)),
    "clay": ("Building houses of clay", "2019-10-10 14:00", 60, "Studio", ("anna-clay",)),
    "closing": ("Closing words", "2019-10-10 16:00", 30, "Aula", ("ada-berg",)),
}
NAMES = """
Ada Berg, Tom Yeast, Eva Lund, Anna Field, Tom Stone, Kai Moss, Lea North, Noor Sea, Omar Ink, Anna Clay
"""


def congress() -> Event:
    """Twelve sessions on two days in three rooms with ten speakers, of whom two pairs share a first name."""
    sessions = [
        Session(id, words(title), at(start), at(start) + timedelta(minutes=minutes), words(room), people)
        for id, (title, start, minutes, room, people) in TITLES.items()
    ]
    speakers = [
        Speaker(name.lower().replace(" ", "-"), name, words(f"Institute of {name.split()[1]}"))
        for name in NAMES.strip().split(", ")
    ]
    return builders.event(*sessions, title="Congress of crafts", speakers=speakers)


def large_event(sessions: int = 1000, speakers: int = 1500) -> Event:
    """Invented people and titles, all different."""
    start = at("2019-10-09 08:00")
    people = [Speaker(f"person-{n}", f"Name{n % 300} Sur{n}", words(f"Works {n}")) for n in range(speakers)]
    listed = [
        Session(
            f"session-{n}",
            words(f"Subject{n} and theme{n % 90} of field{n % 40}"),
            start + timedelta(minutes=30 * (n // 20)),
            start + timedelta(minutes=30 * (n // 20) + 25),
            words(f"Room {n % 20}"),
            (f"person-{n % speakers}",),
            description=words(f"A talk on matter{n} with much detail on craft{n % 70}. It closes with questions."),
        )
        for n in range(sessions)
    ]
    return builders.event(*listed, title="Large congress", speakers=people)


@pytest.fixture(scope="session")
def sample() -> Event:
    return load_event(SAMPLE)


@pytest.fixture(scope="session")
def sample_answerer(sample: Event) -> Answerer:
    return Answerer(sample)


@pytest.fixture(scope="session")
def congress_answerer() -> Answerer:
    return Answerer(congress())


@pytest.fixture
def noon() -> datetime:
    return at("2019-10-07 12:00")
