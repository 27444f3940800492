"""Answers about a programme of several sessions as a whole: its days, its rooms, what is on now and what is next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.answering.answer import FollowUp
from bot.answering.facts import Facts
from bot.answering.mentions import Kind
from bot.answering.moments import Moment
from bot.answering.reading import Reading
from bot.answering.statements import Situation, Statement
from bot.knowledge.event import Event, Session
from bot.knowledge.programme import Programme

MOST_TOLD = 6
ANY_TIME = frozenset({"time", "agenda", "about", "status", "place", "who", "meaning", "speakers"})
"""Topics that a day alone turns into a question for its programme."""


class ProgrammeReplies:
    """Chooses among the days, hours and rooms."""

    def __init__(self, event: Event, facts: Facts) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._programme = Programme(event)

    # -- what is on --------------------------------------------------------------------------------------------------

    def of_day(self, reading: Reading, situation: Situation) -> list[Statement]:
        """``Anything on Friday evening?``: a day or an hour and nothing else asks for what is on then."""
        intents = reading.intents
        if (
            not reading.moments
            or reading.mentions
            or reading.subject.wanted
            or reading.subject.sessions
            or intents.unheld
        ):
            return []
        lists = reading.message.has("listing", "what", "person_question")
        bare = not intents.asked and not intents.premise and not intents.polar
        if set(intents.facts) - ANY_TIME or not (lists or bare) or self._starts_or_ends(reading):
            return []
        return self._with_speakers(self.at("agenda", reading, situation), reading)

    def _with_speakers(self, statement: Statement, reading: Reading) -> list[Statement]:
        """Who is on then, where that is asked."""
        asks_who = reading.message.has("person_question")
        ids = [source.split(".")[1] for source in statement.sources if source.startswith("sessions.")]
        if not asks_who or not 0 < len(ids) <= MOST_TOLD:
            return [statement]
        told = [self._facts.speakers(self._event.sessions_by_id[id]) for id in ids]
        return [each for each in told if each.known] or [statement]

    def now_or_next(self, topic: str, reading: Reading, situation: Situation) -> list[Statement]:
        """What, or who, is on now or comes next."""
        return self._with_speakers(self.at(topic, reading, situation), reading)

    def in_rooms(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What is on in the rooms that are named."""
        topics = [topic for topic in reading.intents.facts if topic in ("now", "next")]
        if not topics and reading.message.has("now_word"):
            topics = ["now"]
        return [self.at(topics[0] if topics else "agenda", reading, situation)]

    def at(self, topic: str, reading: Reading, situation: Situation) -> Statement:
        """Now, next, or at the moments that are named."""
        if len(self._event.sessions) == 1:
            return self._facts.agenda(self._event.sessions)
        if topic == "now":
            return self._now(reading, situation.now)
        sessions = self._next(reading, situation.now) if topic == "next" else self._at_moments(reading, situation.now)
        if sessions:
            return self._facts.agenda(sessions)
        empty = "agenda.nothing_next" if topic == "next" else "agenda.nothing_then"
        return Statement("agenda", self._say(empty), ("sessions",), (FollowUp.AGENDA,))

    def _now(self, reading: Reading, now: datetime) -> Statement:
        sessions = self._in_named_rooms(self._programme.now(now), reading)
        if sessions:
            return self._facts.agenda(sessions)
        following = self._next(reading, now)
        if not following:
            return Statement("agenda", self._say("agenda.nothing_now"), ("sessions",), (FollowUp.AGENDA,))
        rows = self._facts.agenda(following)
        return replace(rows, text=self._say("agenda.nothing_now_but", rows=rows.text))

    def _next(self, reading: Reading, now: datetime) -> Sequence[Session]:
        """What begins next, in the rooms that are named where any are."""
        ahead = self._in_named_rooms(self._programme.after(now), reading)
        return [session for session in ahead if session.start == ahead[0].start]

    def _in_named_rooms(self, sessions: Sequence[Session], reading: Reading) -> Sequence[Session]:
        rooms = {id for mention in reading.of(Kind.ROOM) for id in mention.ids}
        if not rooms:
            return sessions
        in_room = {session.id for room in rooms for session in self._programme.in_room(room)}
        return [session for session in sessions if session.id in in_room]

    def _at_moments(self, reading: Reading, now: datetime) -> Sequence[Session]:
        """The sessions of the day or the hour that was named; all that lie ahead where none was."""
        if not reading.moments:
            ahead = self._programme.after(now)
            return self._in_named_rooms(ahead or self._programme.sessions, reading)
        return self._in_named_rooms(self._fitting(reading, now), reading)

    def _fitting(self, reading: Reading, now: datetime) -> list[Session]:
        today = now.astimezone(self._event.timezone).date()
        hours = [moment for moment in reading.moments if moment.clock]
        dates = [moment for moment in reading.moments if moment.has_day or moment.hours]
        if not hours:
            return [
                each for each in self._programme.sessions if all(moment.fits(each.start, today) for moment in dates)
            ]
        days = sorted({session.start.date() for session in self._event.sessions})
        if any(moment.by or moment.since for moment in hours):
            return self._within(hours, dates, today)
        if not dates and today in days:
            days = [today]
        days = [day for day in days if all(moment.fits_day(day, today) for moment in dates)]
        exact = list(hours[0].candidates(days, today, self._event.timezone))
        return list({each.id: each for at in exact for each in self._programme.now(at)}.values())

    def _within(self, hours: Sequence[Moment], dates: Sequence[Moment], today: date) -> list[Session]:
        """What begins before or after an hour, today where no day is named and it is one of the event's."""
        hours = [hour.by_day() for hour in hours]
        found = [
            each for each in self._programme.sessions if all(hour.fits(each.start, each.start.date()) for hour in hours)
        ]
        if dates:
            return [each for each in found if all(moment.fits(each.start, today) for moment in dates)]
        return [each for each in found if each.start.date() == today] or found

    # -- when the whole of it is -------------------------------------------------------------------------------------

    def timed(self, topic: str, reading: Reading, situation: Situation) -> Statement:
        """When it all starts and ends, by the clock; a day that is named asks for its first or last session."""
        first = self._programme.sessions[0]
        last = max(self._event.sessions, key=lambda session: session.end or session.start)
        if reading.moments:
            return self._at_named_moment(topic, reading, situation, first, last)
        if topic == "duration":
            return self._facts.whole_duration()
        if topic in ("countdown", "status"):
            return self._facts.whole_status(situation, counting=topic == "countdown")
        return self._facts.whole_time(situation)

    def _at_named_moment(
        self, topic: str, reading: Reading, situation: Situation, first: Session, last: Session
    ) -> Statement:
        today = situation.now.astimezone(self._event.timezone).date()
        claims = reading.intents.polar or reading.intents.premise
        statement = self._facts.whole_time(situation)
        if claims:
            ends = topic == "end"
            at = (last.end or last.start) if ends else first.start
            right = all(moment.fits(at, today) for moment in reading.moments)
            during = first.start.date() <= at.date() and any(
                all(moment.clock is None and moment.fits_day(each.start.date(), today) for moment in reading.moments)
                for each in self._event.sessions
            )
            right = right or (during and not self._starts_or_ends(reading))
            return replace(statement, text=self._say("yes" if right else "no", fact=statement.text))
        sessions = self._fitting(reading, situation.now)
        if not sessions:
            return statement
        if topic == "end":
            close = max(session.end or session.start for session in sessions)
            return self._facts.agenda([each for each in sessions if (each.end or each.start) == close])
        if any(moment.clock for moment in reading.moments) or not self._starts_or_ends(reading):
            return self._facts.agenda(sessions)
        return self._facts.agenda([each for each in sessions if each.start == sessions[0].start])

    def _starts_or_ends(self, reading: Reading) -> bool:
        return reading.message.has("edge")
