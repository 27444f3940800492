"""Whether a session is still when and where people were told."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.knowledge.event import Session
from bot.knowledge.localized_text import LocalizedText


@dataclass(frozen=True)
class Told:
    """What people know of a session: when it is, where, and by which name. ``gone`` when the file no longer has it."""

    title: LocalizedText
    start: datetime
    end: datetime | None
    room: LocalizedText | None
    gone: bool = False

    @classmethod
    def of(cls, session: Session) -> "Told":
        return cls(session.title, session.start, session.end, session.room)

    def to_json(self) -> str:
        return json.dumps(
            {
                "title": self.title.texts,
                "start": self.start.isoformat(),
                "end": None if self.end is None else self.end.isoformat(),
                "room": None if self.room is None else self.room.texts,
                "gone": self.gone,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "Told":
        """What ``to_json`` wrote. Raises ValueError for anything else."""
        try:
            stored = json.loads(text)
            return cls(
                _text(stored["title"]),
                datetime.fromisoformat(stored["start"]),
                None if stored["end"] is None else datetime.fromisoformat(stored["end"]),
                None if stored["room"] is None else _text(stored["room"]),
                stored["gone"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError("no facts of a session") from error

    def moved(self, now: "Told") -> bool:
        """Whether the time is another."""
        return (_instant(self.start), _instant(self.end)) != (_instant(now.start), _instant(now.end))

    def elsewhere(self, now: "Told") -> bool:
        """Whether the room is another. A room that is only now known, or no longer, is one, too."""
        return self.room != now.room

    def differs(self, now: "Told") -> bool:
        """Whether people have to hear of it: a better title is nothing to ring a phone for."""
        return self.moved(now) or self.elsewhere(now)


def _instant(moment: datetime | None) -> datetime | None:
    # In UTC, since in the hour that happens twice no moment of one zone equals any moment of another.
    return None if moment is None else moment.astimezone(UTC)


def _text(texts: list[list[str]]) -> LocalizedText:
    return LocalizedText(tuple((language, text) for language, text in texts))
