"""Facts of the file as statements: what is said on a topic, and from where in the file it is."""

from collections.abc import Mapping, Sequence
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


class Facts:
    """Everything that one event's file can say, in one language."""

    def __init__(self, event: Event, say: Phrasing) -> None:
        self.event = event
        self.say = say

    # -- time -----------------------------------------------------------------------------------------------------

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
        first = min(self.event.sessions, key=lambda session: session.start)
        last = max(self.event.sessions, key=lambda session: session.end or session.start)
        text = self.say(
            "time.event_upcoming",
            start=self.say.moment(first.start),
            end=self.say.moment(last.end or last.start),
            zone=self.say.zone,
        )
        return Statement("time", text, (*self._times(first), *self._times(last)), (FollowUp.AGENDA,))

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

    # -- place ----------------------------------------------------------------------------------------------------

    def place(self, sessions: Sequence[Session]) -> Statement:
        venue = self.event.venue
        if venue is None:
            return self.room(sessions[0]) if len(sessions) == 1 and sessions[0].room else self.unheld("venue")
        text, sources = self._venue(), ["venue.name"]
        if venue.address:
            sources.append("venue.address")
        if len(sessions) == 1 and sessions[0].room:
            text = self.say("place.with_room", place=text, room=self.say.of(sessions[0].room))
            sources.append(f"sessions.{sessions[0].id}.room")
        else:
            text = self.say("place.plain", place=text)
        return Statement("place", text, tuple(sources), (FollowUp.MAP,), pin=venue.coordinates is not None)

    def _venue(self) -> str:
        venue = self.event.venue
        assert venue is not None
        if venue.address is None:
            return self.say.of(venue.name)
        return self.say("place.venue_address", name=self.say.of(venue.name), address=self.say.of(venue.address))

    def room(self, session: Session) -> Statement:
        source, room = f"sessions.{session.id}.room", self.say.of(session.room)
        venue = self.event.venue
        if not room:
            if venue is None:
                return self.unheld("room")
            return Statement("room", self.say("place.no_room", place=self._venue()), ("venue.name",), known=False)
        if venue is None:
            return Statement("room", self.say("place.room_only", room=room), (source,))
        key = "place.session_room" if self._named(session) else "place.room"
        text = self.say(key, room=room, venue=self.say.of(venue.name), title=self.say.of(session.title))
        return Statement("room", text, (source, "venue.name"), (FollowUp.MAP,))

    def described_place(self, id: str) -> Statement:
        place = next(each for each in self.event.places if each.id == id)
        if place.description is None:
            return self.unheld_detail(self.say.of(place.name))
        text = self.say("place.described", name=self.say.of(place.name), text=self.say.of(place.description))
        return Statement("place", text, (f"places.{id}",))

    def after(self) -> Statement | None:
        """What comes afterwards, where the file has a place for it."""
        follow_ups = [rule for rule in self.event.reminders if rule.after is not None]
        for place in self.event.places:
            named = any(
                place.id in rule.id or place.name.default in (rule.text.default if rule.text else "")
                for rule in follow_ups
            )
            if named or len(self.event.places) == 1:
                statement = self.described_place(place.id)
                return Statement("after", statement.text, statement.sources, known=statement.known)
        return None

    # -- people ---------------------------------------------------------------------------------------------------

    def speakers(self, session: Session | None = None) -> Statement:
        listed = self.event.speakers if session is None else self._speakers_of(session)
        if not listed:
            return self.unheld("speakers")
        names = self.say.listing([self.with_affiliation(each) for each in listed[:NAMED]])
        sources = tuple(f"speakers.{each.id}.name" for each in listed[:NAMED])
        if session is not None and self._named(session):
            return Statement(
                "speakers", self.say("people.in_session", title=self.say.of(session.title), names=names), sources
            )
        if len(listed) > NAMED:
            return Statement(
                "speakers", self.say("people.count_only", count=len(listed), names=names), sources, (FollowUp.SPEAKERS,)
            )
        key = "people.speaker" if len(listed) == 1 else "people.speakers"
        return Statement("speakers", self.say(key, names=names), sources)

    def _speakers_of(self, session: Session) -> tuple[Speaker, ...]:
        return tuple(self.event.speakers_by_id[each] for each in session.speakers)

    def with_affiliation(self, speaker: Speaker) -> str:
        if speaker.affiliation is None:
            return speaker.name
        return self.say("people.with_affiliation", name=speaker.name, affiliation=self.say.of(speaker.affiliation))

    def speaker_count(self) -> Statement:
        listed = self.event.speakers
        if not listed:
            return self.unheld("speakers")
        names = self.say.listing([each.name for each in listed[:NAMED]])
        key = "people.count" if len(listed) <= NAMED else "people.count_only"
        sources = tuple(f"speakers.{each.id}.name" for each in listed[:NAMED])
        return Statement("speaker_count", self.say(key, count=len(listed), names=names), sources)

    def who(self, speaker: Speaker) -> Statement:
        path = f"speakers.{speaker.id}"
        role, affiliation = self.say.of(speaker.role), self.say.of(speaker.affiliation)
        sources = [f"{path}.name"]
        if speaker.bio:
            text = f"{speaker.name}: {self.say.of(speaker.bio)}"
            return Statement("who", text, (f"{path}.name", f"{path}.bio"))
        if role and affiliation:
            key, sources = "people.who", [*sources, f"{path}.role", f"{path}.affiliation"]
        elif role or affiliation:
            key = "people.who_short"
            sources.append(f"{path}.affiliation" if affiliation else f"{path}.role")
        else:
            key = "people.who_plain"
        return Statement(
            "who", self.say(key, name=speaker.name, role=role, affiliation=affiliation or role), tuple(sources)
        )

    def affiliation(self, speaker: Speaker) -> Statement:
        if speaker.affiliation is None:
            return Statement("affiliation", self.say("people.no_affiliation", name=speaker.name), known=False)
        text = self.say("people.affiliation", name=speaker.name, affiliation=self.say.of(speaker.affiliation))
        return Statement("affiliation", text, (f"speakers.{speaker.id}.name", f"speakers.{speaker.id}.affiliation"))

    def affiliations(self) -> Statement:
        statement = self.speakers()
        sources = tuple(f"speakers.{each.id}.affiliation" for each in self.event.speakers[:NAMED] if each.affiliation)
        return Statement("affiliation", statement.text, statement.sources + sources, known=statement.known)

    def person_time(self, speaker: Speaker, situation: Situation) -> Statement:
        sessions = [session for session in self.event.sessions if speaker.id in session.speakers]
        if not sessions:
            return self.unheld_detail(speaker.name)
        lines = [self._person_slot(speaker, session, situation) for session in sessions[:5]]
        sources = tuple(
            source for session in sessions[:5] for source in (*self._times(session), f"sessions.{session.id}.speakers")
        )
        return Statement("time", "\n".join(lines), sources)

    def _person_slot(self, speaker: Speaker, session: Session, situation: Situation) -> str:
        room = self.say("time.in_room", room=self.say.of(session.room)) if session.room else ""
        common = {"day": self.say.day(session.start), "span": self.say.span(session), "zone": self.say.zone}
        if len(self.event.sessions) > 1:
            fact = self.say("time.in_session", title=self.say.of(session.title), room=room, **common)
            return self.say("time.person", name=speaker.name, fact=fact)
        key = "time.person_over" if self._phase(session, situation.now) == "past" else "time.person_one"
        return self.say(key, name=speaker.name, room=room, **common)

    def not_listed(self) -> Statement:
        names = self.say.listing([each.name for each in self.event.speakers[:NAMED]])
        sources = tuple(f"speakers.{each.id}.name" for each in self.event.speakers[:NAMED])
        return Statement("speakers", self.say("people.not_listed", names=names), sources)

    # -- content --------------------------------------------------------------------------------------------------

    def agenda(self, sessions: Sequence[Session], most: int = 8) -> Statement:
        if len(self.event.sessions) == 1:
            return self._only_session(self.event.sessions[0])
        rows = [self.row(session) for session in sessions[:most]]
        if len(sessions) > most:
            rows.append(self.say("more", count=len(sessions) - most))
        sources = tuple(f"sessions.{session.id}.title" for session in sessions[:most])
        return Statement("agenda", "\n".join(rows), sources, (FollowUp.AGENDA,))

    def _only_session(self, session: Session) -> Statement:
        names = self.say.listing([each.name for each in self._speakers_of(session)]) if session.speakers else ""
        text = self.say(
            "agenda.one" if names else "agenda.one_short",
            title=self.say.of(session.title),
            day=self.say.day(session.start),
            span=self.say.span(session),
            zone=self.say.zone,
            room=self.say("time.in_room", room=self.say.of(session.room)) if session.room else "",
            names=names,
        )
        sources = (f"sessions.{session.id}.title", *self._times(session))
        after = self.after()
        if after is not None and after.known:
            text, sources = f"{text}\n{after.text}", (*sources, *after.sources)
        return Statement("agenda", text, sources, (FollowUp.AGENDA,))

    def row(self, session: Session) -> str:
        return self.say(
            "agenda.row",
            day=self.say.short_day(session.start),
            span=self.say.span(session),
            title=self.say.of(session.title),
            room=self.say("time.in_room", room=self.say.of(session.room)) if session.room else "",
        )

    def session_count(self) -> Statement:
        count = len(self.event.sessions)
        titles = self.say.of(self.event.sessions[0].title)
        sources = tuple(f"sessions.{session.id}.title" for session in self.event.sessions[:1])
        return Statement(
            "session_count", self.say("agenda.sessions", count=count, titles=titles), sources, (FollowUp.AGENDA,)
        )

    def about(self, session: Session | None) -> Statement:
        """What the event, or one session of it, is about."""
        if session is not None and len(self.event.sessions) > 1:
            text = session.description or self.event.description
            title, path = session.title, f"sessions.{session.id}"
        else:
            text, path = self.event.description, "event"
            title = self.event.sessions[0].title if len(self.event.sessions) == 1 else self.event.title
            if text is None and len(self.event.sessions) == 1:
                text, path = self.event.sessions[0].description, f"sessions.{self.event.sessions[0].id}"
        if text is None:
            return Statement("about", self.say.of(title), (f"{path}.title",))
        said = self.say("about.titled", title=self.say.of(title).rstrip("."), text=self.say.cut(self.say.of(text)))
        source = f"sessions.{self.event.sessions[0].id}.title" if path == "event" else f"{path}.title"
        return Statement("about", said, (source, f"{path}.description"))

    def meaning(self, term: str) -> Statement:
        entry = next(each for each in self.event.glossary if each.term == term)
        text = self.say("about.meaning", term=entry.term, meaning=self.say.of(entry.meaning))
        return Statement("meaning", text, (f"glossary.{entry.term}",))

    def event_field(self, topic: str) -> Statement:
        """Audience, hashtags, series, website, price, organisers and partners: one field, one line."""
        event = self.event
        values: dict[str, tuple[str, str, str]] = {
            "audience": ("about.for_whom", "audience", self.say.of(event.audience)),
            "hashtag": ("about.hashtags", "tags", " ".join(event.hashtags)),
            "series": ("about.series", "series", self.say.of(event.series)),
            "website": ("about.website", "website", self.say.of(event.website) or (event.registration.website or "")),
            "price": ("about.price", "price", self.say.of(event.price)),
            "organiser": ("about.organisers", "names", self.say.joined(event.organisers)),
            "partner": ("about.partners", "names", self.say.joined(event.partners)),
        }
        key, field, value = values[topic]
        if not value:
            return self.unheld(topic)
        paths = {"hashtag": "hashtags", "organiser": "organisers", "partner": "partners"}
        return Statement(topic, self.say(key, **{field: value}), (f"event.{paths.get(topic, topic)}",))

    def contact(self) -> Statement:
        contact = self.event.contact
        if contact is None:
            return self.unheld("contact")
        ways = [way for way in (contact.email, contact.phone, contact.telegram) if way]
        role = self.say("about.contact_role", role=self.say.of(contact.role)) if contact.role else ""
        said = self.say("about.contact_ways", ways=", ".join(ways)) if ways else ""
        return Statement(
            "contact", self.say("about.contact", name=contact.name, role=role, ways=said), ("event.contact",)
        )

    def contact_detail(self) -> Statement:
        contact = self.event.contact
        if contact is None:
            return self.unheld("contact_detail")
        if contact.email or contact.phone or contact.telegram:
            return self.contact()
        role = self.say("about.contact_role", role=self.say.of(contact.role)) if contact.role else ""
        text = self.say("about.no_contact_detail", name=contact.name, role=role)
        return Statement("contact_detail", text, ("event.contact",), known=False)

    def session_language(self, session: Session | None) -> Statement:
        if session is None or session.language is None:
            return self.unheld("session_language")
        text = self.say("about.language", language=self.say.of(session.language))
        return Statement("session_language", text, (f"sessions.{session.id}.language",))

    # -- taking part ----------------------------------------------------------------------------------------------

    def registration(self, asked_whether: bool) -> Statement:
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
            return self.registration(asked_whether=False)
        rules = self.event.registration
        closes = min(rules.closes, sessions[0].start) if rules.closes else sessions[0].start
        source = "registration.closes" if rules.closes else f"sessions.{sessions[0].id}.start"
        common = {"closes": self.say.moment(closes), "zone": self.say.zone}
        if situation.now >= closes:
            return Statement("registration_times", self.say("registration.closed", **common), (source,))
        if rules.opens and situation.now < rules.opens:
            text = self.say("registration.opens", opens=self.say.moment(rules.opens), **common)
            return Statement("registration_times", text, ("registration.opens", source))
        return Statement("registration_times", self.say("registration.open", **common), (source,), (FollowUp.REGISTER,))

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
        return Statement("my_registration", self.say("registration.change"), (), (FollowUp.STATUS, FollowUp.CANCEL))

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

    # -- what the file does not hold ------------------------------------------------------------------------------

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
