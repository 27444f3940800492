"""Questions about the order of things: by day, room and speaker; now, next and clashes.

A session without an end is taken to last an hour at most, and to be over when the next one in its room begins:
the file does not say more, and "nothing is on" five minutes after its start would be wrong.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from bot.knowledge.event import Event, Session

K = TypeVar("K", bound=Hashable)

PRESUMED_LENGTH = timedelta(hours=1)


class Programme:
    """The sessions of an event in chronological order, indexed once."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self.sessions: tuple[Session, ...] = tuple(sorted(event.sessions, key=_start))
        self._starts = [_start(session) for session in self.sessions]

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which something begins, by the event's calendar."""
        return tuple(self._by_day)

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms' names in the event's first language, in order of first use."""
        return tuple(self._by_room)

    def on_day(self, day: date) -> tuple[Session, ...]:
        """What begins on that day; a session that runs past midnight belongs to the evening before."""
        return self._by_day.get(day, ())

    def in_room(self, room: str) -> tuple[Session, ...]:
        """What takes place in the room of that name, in whichever language the name is given."""
        return self._by_room.get(self._room_names.get(room, room), ())

    def by_speaker(self, speaker_id: str) -> tuple[Session, ...]:
        return self._by_speaker.get(speaker_id, ())

    def now(self, at: datetime) -> tuple[Session, ...]:
        """What is on at that moment: begun, and not over."""
        begun = bisect_right(self._starts, at.astimezone(UTC))
        return tuple(session for session in self._recent(begun, at) if at < self.end(session))

    def next(self, at: datetime) -> tuple[Session, ...]:
        """What begins next after that moment: several where they begin together."""
        first = bisect_right(self._starts, at.astimezone(UTC))
        if first == len(self._starts):
            return ()
        return self.sessions[first : bisect_right(self._starts, self._starts[first])]

    def after(self, at: datetime) -> tuple[Session, ...]:
        """All that has yet to begin at that moment."""
        return self.sessions[bisect_right(self._starts, at.astimezone(UTC)) :]

    def clashes(self, session: Session) -> tuple[Session, ...]:
        """The other sessions that one would miss some of by going to this one."""
        start, end = _start(session), self.end(session)
        begun = bisect_left(self._starts, end)
        return tuple(
            other
            for other in self._recent(begun, start)
            if other.id != session.id and start < self.end(other) and _start(other) < end
        )

    def end(self, session: Session) -> datetime:
        """When the session is over, in UTC; where the file does not say, a guess for comparing only."""
        if session.end is not None:
            return session.end.astimezone(UTC)
        return self._presumed_ends.get(session.id) or _start(session) + PRESUMED_LENGTH

    def _recent(self, count: int, at: datetime) -> Iterable[Session]:
        """Those of the first ``count`` sessions that can still be on at that moment, by the longest one."""
        earliest = bisect_left(self._starts, at.astimezone(UTC) - self._longest)
        return self.sessions[earliest:count]

    @cached_property
    def _longest(self) -> timedelta:
        lengths = (self.end(session) - _start(session) for session in self.sessions)
        return max(lengths, default=timedelta(0))

    @cached_property
    def _presumed_ends(self) -> Mapping[str, datetime]:
        ends = {}
        for in_room in self._by_room.values():
            for session, following in pairwise(in_room):
                if session.end is None and _start(session) < _start(following):
                    ends[session.id] = min(_start(session) + PRESUMED_LENGTH, _start(following))
        return ends

    @cached_property
    def _by_day(self) -> Mapping[date, tuple[Session, ...]]:
        return _grouped((session.start.astimezone(self._event.timezone).date(), session) for session in self.sessions)

    @cached_property
    def _by_room(self) -> Mapping[str, tuple[Session, ...]]:
        return _grouped((session.room.default, session) for session in self.sessions if session.room)

    @cached_property
    def _room_names(self) -> Mapping[str, str]:
        rooms = [session.room for session in self.sessions if session.room]
        return {name: room.default for room in rooms for name in room.variants}

    @cached_property
    def _by_speaker(self) -> Mapping[str, tuple[Session, ...]]:
        return _grouped((speaker, session) for session in self.sessions for speaker in session.speakers)


def _start(session: Session) -> datetime:
    # In UTC, because aware times of one zone compare by the wall clock, which repeats an hour in autumn.
    return session.start.astimezone(UTC)


def _grouped(pairs: Iterable[tuple[K, Session]]) -> Mapping[K, tuple[Session, ...]]:
    groups: defaultdict[K, list[Session]] = defaultdict(list)
    for key, session in pairs:
        groups[key].append(session)
    return {key: tuple(sessions) for key, sessions in groups.items()}
