"""A made-up congress of 1,000 sessions and 1,500 speakers whose titles and names share their words, as real ones do."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.knowledge.event import Event, Session, Speaker
from bot.knowledge.localized_text import LocalizedText

SESSIONS, SPEAKERS, ROOMS = 1000, 1500, 20
_ZONE = ZoneInfo("Europe/Berlin")


def _words(written: str) -> list[str]:
    return written.split()


_FIRST = _words("Ada Ben Cleo Dora Emil Finn Greta Hugo Ida Jan Kaya Lea Mats Nora Otto Pia Quinn Rosa Sven Tilda")
_SYLLABLES = _words("ba be bo da do fa ga gi ka ko la le li ma mi mo na ni no pa ra ri ro sa si so ta te to va vi zo")
_THINGS = _words("""
kernel compiler wayland database router battery sensor browser keyboard protocol license archive camera satellite
pipeline container scheduler codec font printer ledger parser debugger filesystem firmware hypervisor interpreter
library microscope network oscillator package queue radio script terminal toolkit virus widget yardstick zeppelin
""")
_MANNERS = _words("Building Breaking Teaching Repairing Measuring Reading Drawing Testing Saving Growing")
_WHEREFORES = _words("schools hospitals farms cities libraries ships choirs bakeries museums kitchens")

QUESTIONS = [
    "who talks about wayland in hospitals?",
    "when does the talk about saving the camera start",
    "which room is the building radio session in",
    "what's next",
    "what is on in Hall 7 at 14:00?",
    "what is on now",
    "what's on tomorrow morning",
    "who is nora",
    "when does otto speak",
    "is there a talk on blockchain",
    "where is the parking",
    "how many speakers are there",
    "how many sessions are there on saturday",
    "anything about firmware for ships",
    "wehre is the talk abuot fonts in musuems",
    "thanks! and when does the last talk end",
    "tell me about the keyboard talk and about the printer one",
    "what does the congress cost",
    "can i bring my dog to the session on breaking the queue in the choirs of the cities, and who gives it",
    "which talks are in english",
]


def large_congress() -> Event:
    """The same one every time."""
    chance = Random(7)
    speakers = [_speaker(number, chance) for number in range(SPEAKERS)]
    sessions = [_session(number, speakers, chance) for number in range(SESSIONS)]
    return Event(
        title=_text("A large congress"),
        timezone=_ZONE,
        languages=("en",),
        sessions=tuple(sessions),
        speakers=tuple(speakers),
    )


def _text(words: str) -> LocalizedText:
    return LocalizedText.of(words)


def _speaker(number: int, chance: Random) -> Speaker:
    last = "".join(chance.choices(_SYLLABLES, k=3)).capitalize()
    thing = chance.choice(_THINGS)
    return Speaker(
        f"person-{number}",
        f"{chance.choice(_FIRST)} {last}",
        affiliation=_text(f"Institute of {last}"),
        bio=_text(f"Has worked on the {thing} for years. Likes {chance.choice(_WHEREFORES)}."),
    )


def _session(number: int, speakers: list[Speaker], chance: Random) -> Session:
    thing, other = chance.sample(_THINGS, 2)
    manner, wherefore = chance.choice(_MANNERS), chance.choice(_WHEREFORES)
    start = datetime(2026, 6, 5, 9, tzinfo=_ZONE) + timedelta(days=number // 250, minutes=45 * (number % 250 // ROOMS))
    return Session(
        f"session-{number}",
        _text(f"{manner} the {thing} for {wherefore}"),
        start,
        start + timedelta(minutes=40),
        _text(f"Hall {number % ROOMS}"),
        tuple({chance.choice(speakers).id for _ in range(1 + number % 2)}),
        description=_text(f"How the {thing} met the {other} in {wherefore}. Part {number} of a longer tale."),
    )
