"""What is said: statements with their sources, and what every group of facts is told with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.answering.answer import FollowUp, SeatCount
from bot.answering.phrasing import Phrasing
from bot.knowledge.event import Event, Session, Speaker

NAMED = 12
"""So many names in one line; more of them are counted."""


@dataclass(frozen=True)
class Statement:
    """One line of an answer. ``known`` is False where it says that the file does not hold the thing."""

    topic: str
    text: str
    sources: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    known: bool = True
    pin: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Situation:
    """What an answer depends on besides the file: the moment, and the live seat counts if anybody has them."""

    now: datetime
    seats: Mapping[str, SeatCount] | None = None


class Teller:
    """Tells facts of one event in one language."""

    def __init__(self, event: Event, say: Phrasing) -> None:
        self.event = event
        self.say = say

    def unheld(self, topic: str) -> Statement:
        label = self.say.label(f"unheld.{topic}")
        text = self.say("unknown_topic", topic=label) if label else self.say("unknown")
        return Statement(topic, text, (), (FollowUp.ASK_COORDINATOR,), known=False)

    def unheld_detail(self, name: str) -> Statement:
        text = self.say("unknown_detail", name=name)
        return Statement("unknown", text, (), (FollowUp.ASK_COORDINATOR,), known=False)

    def unheld_words(self, words: str) -> Statement:
        text = self.say("unknown_words", words=words) if words else self.say("unknown")
        return Statement("unknown", text, (), (FollowUp.ASK_COORDINATOR,), known=False)

    @staticmethod
    def _times(session: Session) -> tuple[str, ...]:
        start = f"sessions.{session.id}.start"
        return (start,) if session.end is None else (start, f"sessions.{session.id}.end")

    @staticmethod
    def _phase(session: Session, now: datetime) -> str:
        if now < session.start:
            return "upcoming"
        end = session.end or session.start + timedelta(hours=1)
        return "running" if now < end else "past"

    def _named(self, session: Session) -> str:
        return "session_" if len(self.event.sessions) > 1 else ""

    def _speakers_of(self, session: Session) -> tuple[Speaker, ...]:
        return tuple(self.event.speakers_by_id[each] for each in session.speakers)
