"""Facts about times: when it starts and ends, how long it is, whether it is on."""

from datetime import datetime

from bot.answering.answer import FollowUp
from bot.answering.statements import Situation, Statement, Teller
from bot.knowledge.event import Session


class TimeFacts(Teller):
    """Statements about times."""

    def time(self, session: Session, situation: Situation) -> Statement:
        key = f"time.{self._named(session)}{self._phase(session, situation.now)}"
        text = self.say(
            key,
            title=self.say.of(session.title),
            day=self.say.day(session.start),
            span=self.say.span(session),
            zone=self.say.zone,
            relative=self.say.relative(session.start, situation.now),
        )
        return Statement("time", text, self._times(session), (FollowUp.REMINDERS,) if session.capacity else ())

    def end(self, session: Session, situation: Situation) -> Statement:
        common = {"zone": self.say.zone, "title": self.say.of(session.title), "day": self.say.day(session.start)}
        if session.end is None:
            text = self.say("time.end_unknown", time=self.say.time(session.start), **common)
            return Statement("end", text, (f"sessions.{session.id}.start",), known=False)
        key = "time.session_end" if self._named(session) else "time.end"
        common["day"] = self.say.day(session.end)
        return Statement("end", self.say(key, time=self.say.time(session.end), **common), self._times(session))

    def duration(self, session: Session, situation: Situation) -> Statement:
        if session.end is None:
            return self.end(session, situation)
        text = self.say(
            f"time.{self._named(session)}duration",
            title=self.say.of(session.title),
            duration=self.say.duration(session.end - session.start),
            span=self.say.span(session),
            zone=self.say.zone,
            day=self.say.day(session.start),
        )
        return Statement("duration", text, self._times(session))

    def countdown(self, session: Session, situation: Situation) -> Statement:
        if situation.now >= session.start:
            return self.status(session, situation)
        text = self.say(
            "time.countdown",
            left=self.say.duration(session.start - situation.now),
            day=self.say.day(session.start),
            time=self.say.time(session.start),
            zone=self.say.zone,
        )
        return Statement("countdown", text, (f"sessions.{session.id}.start",))

    def status(self, session: Session, situation: Situation) -> Statement:
        key = {"upcoming": "time.not_yet", "running": "time.on_now", "past": "time.over"}
        text = self.say(
            key[self._phase(session, situation.now)],
            day=self.say.day(session.start),
            time=self.say.time(session.start),
            span=self.say.span(session),
            zone=self.say.zone,
            relative=self.say.relative(session.start, situation.now),
        )
        return Statement("status", text, self._times(session))

    def as_planned(self, session: Session) -> Statement:
        """To "is it cancelled?": the file knows of no change."""
        text = self.say(
            "time.as_planned", day=self.say.day(session.start), span=self.say.span(session), zone=self.say.zone
        )
        return Statement("status", text, self._times(session))

    def whole_time(self, situation: Situation) -> Statement:
        """When the event of several sessions begins and ends."""
        over = situation.now >= self._last_end
        return self._whole("time", "time.event_past" if over else "time.event_upcoming")

    def whole_duration(self) -> Statement:
        return self._whole("duration", "time.event_duration")

    def whole_status(self, situation: Situation, counting: bool) -> Statement:
        """Whether the event of several sessions has begun, and how long it is until then."""
        if situation.now >= self._last_end:
            return self._whole("status", "time.event_past")
        start = self._first_start
        if situation.now >= start:
            return self._whole("status", "time.event_running")
        left = self.say.duration(start - situation.now)
        key = "time.event_countdown" if counting else "time.event_not_yet"
        return self._whole("countdown" if counting else "status", key, left=left)

    @property
    def _first_start(self) -> datetime:
        return min(session.start for session in self.event.sessions)

    @property
    def _last_end(self) -> datetime:
        return max(session.end or session.start for session in self.event.sessions)

    def _whole(self, topic: str, key: str, **fields: object) -> Statement:
        first = min(self.event.sessions, key=lambda session: session.start)
        last = max(self.event.sessions, key=lambda session: session.end or session.start)
        text = self.say(
            key,
            start=self.say.moment(self._first_start),
            end=self.say.moment(self._last_end),
            zone=self.say.zone,
            count=(self._last_end.date() - self._first_start.date()).days + 1,
            **fields,
        )
        return Statement(topic, text, (*self._times(first), *self._times(last)), (FollowUp.AGENDA,))
