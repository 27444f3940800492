"""Facts about people: who speaks, for whom, when."""

from bot.answering.answer import FollowUp
from bot.answering.statements import NAMED, Situation, Statement, Teller
from bot.knowledge.event import Session, Speaker


class PeopleFacts(Teller):
    """Statements about people."""

    def speakers(self, session: Session | None = None) -> Statement:
        listed = self.event.speakers if session is None else self._speakers_of(session)
        if not listed:
            return self.unheld("speakers")
        names = self.say.listing([self.with_affiliation(each) for each in listed[:NAMED]])
        sources = tuple(f"speakers.{each.id}.name" for each in listed[:NAMED])
        if session is not None and self._named(session):
            text = self.say("people.in_session", title=self.say.of(session.title), names=names)
            return Statement("speakers", text, (*sources, f"sessions.{session.id}.title"))
        if len(listed) > NAMED:
            return Statement(
                "speakers", self.say("people.count_only", count=len(listed), names=names), sources, (FollowUp.SPEAKERS,)
            )
        key = "people.speaker" if len(listed) == 1 else "people.speakers"
        return Statement("speakers", self.say(key, names=names), sources)

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
            posts = ", ".join(each for each in (role, affiliation) if each)
            named = self.say("people.with_affiliation", name=speaker.name, affiliation=posts) if posts else speaker.name
            held = [f"{path}.{name}" for name, each in (("role", role), ("affiliation", affiliation)) if each]
            text = self.say("people.with_bio", name=named, bio=self.say.of(speaker.bio))
            return Statement("who", text, (f"{path}.name", *held, f"{path}.bio"))
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
