"""Facts about content: the programme, what it is about, what a name means, who is behind it."""

from collections.abc import Sequence

from bot.answering.answer import FollowUp
from bot.answering.place_facts import PlaceFacts
from bot.answering.statements import Statement
from bot.knowledge.event import Session
from bot.knowledge.localized_text import LocalizedText

WITH_NAMES = 4
"""The rows of so many sessions name who speaks."""
FEW = 4
FULL_DAY = 1050
"""Characters of a day's programme in one answer."""


class ContentFacts(PlaceFacts):
    """Statements about content."""

    def agenda(self, sessions: Sequence[Session], most: int = 12) -> Statement:
        if len(self.event.sessions) == 1:
            return self._only_session(self.event.sessions[0])
        if len(sessions) > most and len({session.start.date() for session in sessions}) == 1:
            return self._day(sessions)
        names = len(sessions) <= WITH_NAMES
        rows = [self.row(session, names) for session in sessions[:most]]
        if len(sessions) > most:
            rows.append(self.say("more", count=len(sessions) - most))
        fields = ("title", "speakers") if names else ("title",)
        sources = tuple(f"sessions.{session.id}.{field}" for session in sessions[:most] for field in fields)
        return Statement("agenda", "\n".join(rows), sources, (FollowUp.AGENDA,))

    def _day(self, sessions: Sequence[Session]) -> Statement:
        """A full day in short rows: hour and title."""
        rows = [self.say("agenda.day", day=self.say.day(sessions[0].start))]
        told: list[Session] = []
        for session in sessions:
            row = self.say("agenda.short_row", time=self.say.time(session.start), title=self.say.of(session.title))
            if sum(map(len, rows)) + len(row) > FULL_DAY:
                rows.append(self.say("more", count=len(sessions) - len(told)))
                break
            rows.append(row)
            told.append(session)
        sources = tuple(f"sessions.{session.id}.title" for session in told)
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

    def session_count(self) -> Statement:
        count = len(self.event.sessions)
        titles = self.say.of(self.event.sessions[0].title)
        sources = tuple(f"sessions.{session.id}.title" for session in self.event.sessions[:1])
        return Statement(
            "session_count", self.say("agenda.sessions", count=count, titles=titles), sources, (FollowUp.AGENDA,)
        )

    def title(self, session: Session | None) -> Statement:
        """What the event is called: with one session, that one's title."""
        if session is None:
            return Statement("title", self.say("about.title", title=self.say.of(self.event.title)), ("event.title",))
        text = self.say("about.title", title=self.say.of(session.title))
        return Statement("title", text, (f"sessions.{session.id}.title",))

    def about(self, session: Session | None) -> Statement:
        """What the event, or one session of it, is about."""
        if session is not None and len(self.event.sessions) > 1:
            if session.description is None:
                return self.agenda([session])
            text: LocalizedText | None = session.description
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
        written = self.say.of(session.language)
        text = self.say("about.language", language=self.say.label(f"languages.{written}") or written)
        return Statement("session_language", text, (f"sessions.{session.id}.language",))

    def row(self, session: Session, names: bool = False) -> str:
        """A session in one line: day, hours, title and room; with the ``names`` of who speaks where they are few."""
        speakers = self._speakers_of(session) if names else ()
        title = self.say.of(session.title)
        if 0 < len(speakers) <= FEW:
            title = f"{title} ({', '.join(each.name for each in speakers)})"
        return self.say(
            "agenda.row",
            day=self.say.short_day(session.start),
            span=self.say.span(session),
            title=title,
            room=self.say("time.in_room", room=self.say.of(session.room)) if session.room else "",
        )
