"""Facts about taking part: registration, seats, reminders, guests."""

from datetime import datetime

from bot.answering.answer import FollowUp
from bot.answering.statements import Situation, Statement, Teller
from bot.knowledge.event import Session


class SeatFacts(Teller):
    """Statements about taking part."""

    def registration(self, asked_whether: bool, situation: Situation) -> Statement:
        if self.event.registrable_sessions and situation.now >= self._closing():
            return self.registration_times(situation)
        rules = self.event.registration
        note = self.say.of(rules.note)
        sources = ["registration.note"] if note else []
        if not self.event.registrable_sessions:
            if not note:
                return Statement("registration", self.say("registration.none"), ("sessions",), known=True)
            text = self.say("registration.elsewhere", note=note)
        elif note:
            text = self.say("registration.needed" if asked_whether else "registration.here", note=note)
        else:
            text = self.say("registration.here_only")
            sources = [f"sessions.{self.event.registrable_sessions[0].id}.capacity"]
        if rules.website:
            text = self.say("registration.link", text=text, website=rules.website)
            sources.append("registration.website")
        return Statement("registration", text, tuple(sources), (FollowUp.REGISTER,))

    def registration_times(self, situation: Situation) -> Statement:
        sessions = self.event.registrable_sessions
        if not sessions:
            return self.registration(asked_whether=False, situation=situation)
        rules, closes = self.event.registration, self._closing()
        source = "registration.closes" if rules.closes else f"sessions.{sessions[0].id}.start"
        common = {"closes": self.say.moment(closes), "zone": self.say.zone}
        if situation.now >= closes:
            return Statement("registration_times", self.say("registration.closed", **common), (source,))
        if rules.opens and situation.now < rules.opens:
            text = self.say("registration.opens", opens=self.say.moment(rules.opens), **common)
            return Statement("registration_times", text, ("registration.opens", source))
        return Statement("registration_times", self.say("registration.open", **common), (source,), (FollowUp.REGISTER,))

    def _closing(self) -> datetime:
        """When the last session that one can register for closes."""
        starts = max(session.start for session in self.event.registrable_sessions)
        closes = self.event.registration.closes
        return min(closes, starts) if closes else starts

    def seats(self, situation: Situation, left: bool) -> Statement:
        sessions = [each for each in self.event.registrable_sessions if each.capacity is not None]
        if not sessions:
            return self.unheld("seats")
        lines = [self._seats_of(session, situation, left) for session in sessions[:5]]
        if len(sessions) > 1:
            lines = [
                self.say("seats.session", title=self.say.of(session.title), fact=line)
                for session, line in zip(sessions, lines, strict=False)
            ]
        sources = tuple(f"sessions.{session.id}.capacity" for session in sessions[:5])
        return Statement("seats_left" if left else "seats", "\n".join(lines), sources, (FollowUp.REGISTER,))

    def seats_of(self, session: Session, situation: Situation, left: bool) -> Statement:
        """The seats of one session of several."""
        if session.capacity is None:
            return self.unheld_detail(self.say.of(session.title))
        fact = self._seats_of(session, situation, left)
        text = self.say("seats.session", title=self.say.of(session.title), fact=fact)
        return Statement(
            "seats_left" if left else "seats", text, (f"sessions.{session.id}.capacity",), (FollowUp.REGISTER,)
        )

    def registration_for(self, session: Session, situation: Situation) -> Statement:
        """Whether and how one registers for one session of several."""
        if session.capacity is not None or not self.event.registrable_sessions:
            return self.registration(asked_whether=False, situation=situation)
        note = self.say.of(self.event.registration.note)
        text = self.say("registration.not_for", title=self.say.of(session.title), note=note).strip()
        sources = ("registration.note",) if note else ()
        return Statement("registration", text, (*sources, f"sessions.{session.id}.title"))

    def _seats_of(self, session: Session, situation: Situation, left: bool) -> str:
        count = (situation.seats or {}).get(session.id)
        if count is None:
            text = self.say("seats.capacity", count=session.capacity)
            return f"{text} {self.say('seats.hint')}" if left else text
        if not left:
            return self.say("seats.capacity", count=count.capacity)
        if count.free and not count.waiting:
            return self.say("seats.left", count=count.free, capacity=count.capacity)
        return self.say("seats.full", count=count.waiting, capacity=count.capacity)

    def my_registration(self) -> Statement:
        return Statement(
            "my_registration", self.say("registration.change"), ("registration",), (FollowUp.STATUS, FollowUp.CANCEL)
        )

    def reminders(self) -> Statement:
        if not self.event.reminders or not self.event.registrable_sessions:
            return self.unheld_detail(self.say("unheld.about"))
        return Statement("reminders", self.say("registration.reminders"), ("reminders",), (FollowUp.REMINDERS,))

    def guests(self) -> Statement:
        count = self.event.registration.guests
        if not self.event.registrable_sessions:
            return self.unheld("guests")
        if count:
            return Statement("guests", self.say("registration.guests", count=count), ("registration.guests",))
        return Statement("guests", self.say("registration.no_guests"), ("registration",), (FollowUp.REGISTER,))
