"""What the answerer says, as values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FollowUp(StrEnum):
    """What one would want next; the chat shows each as a button."""

    MAP = "map"
    AGENDA = "agenda"
    SPEAKERS = "speakers"
    REGISTER = "register"
    STATUS = "status"
    CANCEL = "cancel"
    REMINDERS = "reminders"
    ASK_COORDINATOR = "ask_coordinator"


@dataclass(frozen=True)
class SeatCount:
    """How full a session is: ``taken`` counts confirmed and offered seats, ``waiting`` the queue."""

    capacity: int
    taken: int
    waiting: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)


@dataclass(frozen=True)
class Answer:
    """One reply. ``text`` is plain: no markup. ``sources`` are paths of the knowledge file that the text's
    facts stand at. ``answered`` is False when the file does not hold the answer; the text then says so.
    ``choices`` are questions to ask back with, one of which the asker meant. ``pin`` asks for the venue's map pin."""

    question: str
    language: str
    answered: bool
    text: str
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    choices: tuple[str, ...] = ()
    pin: bool = False

    def as_json(self) -> dict[str, Any]:
        """The answer object that ``agora ask --json`` prints."""
        return {
            "question": self.question,
            "language": self.language,
            "answered": self.answered,
            "text": self.text,
            "topics": list(self.topics),
            "sources": list(self.sources),
        }
