"""Answers about the sessions of a programme that a message speaks of: when, where, who, how long, how many."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answering.facts import Facts
from bot.answering.finding import Finder
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind
from bot.answering.reading import Reading
from bot.answering.statements import Situation, Statement
from bot.knowledge.event import Event, Session
from bot.knowledge.programme import Programme

MOST_TOLD = 4
"""So many sessions are told of one by one; more are listed."""
WHEN = frozenset({"time", "agenda", "now", "next", "place", "title", "order", "series", "session_count"})
"""What a row of the programme answers: day, hours, title and room."""
WHO = frozenset({"speakers", "who", "organiser", "speaker_count", "affiliation", "moderator", "contact", "order"})
OF_TALKS = frozenset({"status", "countdown", "end", "duration", "session_count", "session_language", "seats", "title"})
"""What is asked of somebody's talks rather than of them."""
WHAT = frozenset({"about", "talk_title", "meaning", "closing"})


class SessionReplies:
    """Chooses among the facts of the sessions that are meant."""

    def __init__(self, event: Event, facts: Facts, finder: Finder, lexicon: Lexicon) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._finder = finder
        self._lexicon = lexicon
        self._programme = Programme(event)

    def about(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What to say of the sessions that are meant; nothing where none is."""
        sessions = self._meant(reading)
        if not sessions or self._is_another_thing(reading):
            return []
        if reading.subject.missing and not reading.intents.unheld:
            return [self._facts.unheld_detail(self._say.of(sessions[0].title))]
        sessions.sort(key=lambda session: session.start)
        topics = self._topics(reading)
        if reading.of(Kind.ROOM) and reading.intents.yes_no and set(topics) <= WHEN:
            return [self._room_claim(sessions, reading)]
        if reading.moments and not set(topics) - WHEN - WHO:
            return self._at_moments(sessions, topics, reading, situation)
        statements: list[Statement] = []
        for topic in topics:
            statements += self._by_topic(topic, sessions, reading, situation)
        return list({each.text: each for each in statements}.values())

    def _meant(self, reading: Reading) -> list[Session]:
        """Those that were found, of the speakers who were named; all of theirs where their talks are asked about."""
        people = [mention.ids for mention in reading.of(Kind.SPEAKER) if len(mention.ids) == 1]
        found = [self._event.sessions_by_id[id] for id in reading.subject.sessions]
        if found or not people or not OF_TALKS & set(reading.intents.facts) or len(self._event.sessions) == 1:
            theirs = [session for session in found if any(ids[0] in session.speakers for ids in people)]
            return theirs or found
        if reading.subject.wanted:
            return []
        return list(self._programme.by_speaker(people[0][0]))

    def _is_another_thing(self, reading: Reading) -> bool:
        """Words that only happen to stand in a description are no title beside the name of something else."""
        if reading.subject.exact:
            return False
        if reading.of(Kind.PLACE, Kind.CONTACT, Kind.STRANGER):
            return True
        held = [token.stem for token in reading.subject.words]
        near = any(self._finder.in_title(stem, "sessions.") for stem in held)
        return bool(held) and not near and bool(reading.of(Kind.TERM))

    def _topics(self, reading: Reading) -> list[str]:
        """What is asked of them; a bare name asks for their place in the programme."""
        intents = reading.intents
        topics = [topic for topic in intents.facts if topic in intents.asked] or list(intents.facts)
        stems = [token.stem for token in reading.message.tokens]
        counts = any(self._lexicon.is_in("number_wanted", stem) for stem in stems)
        if "session_count" in topics or (counts and reading.subject.kind):
            return ["session_count"]
        about_people = any(
            self._lexicon.is_in(name, stem) for stem in stems for name in ("person_question", "person_noun")
        )
        if not about_people:
            topics = [topic for topic in topics if topic not in WHO]
        elif not {"time", "room", "place", "duration", "end"} & set(topics):
            # "Who gives the talk on …" has a word in it that names a talk.
            topics = ["who", *(topic for topic in topics if topic not in WHEN | WHAT | WHO)]
        if reading.subject.listed and not set(topics) - WHAT - {"registration"}:
            return ["agenda"]
        return topics or ["agenda"]

    def _by_topic(
        self, topic: str, sessions: Sequence[Session], reading: Reading, situation: Situation
    ) -> list[Statement]:
        if topic == "session_count":
            return [self._counted(sessions)]
        if topic in WHO:
            return [self._facts.speakers(session) for session in sessions[:MOST_TOLD]]
        if topic == "place":
            topic = "room"
        tellers: dict[str, Callable[[Session], Statement]] = {
            "time": lambda session: self._facts.time(session, situation),
            "room": self._facts.room,
            "end": lambda session: self._facts.end(session, situation),
            "duration": lambda session: self._facts.duration(session, situation),
            "countdown": lambda session: self._facts.countdown(session, situation),
            "status": lambda session: self._facts.status(session, situation),
            "session_language": self._facts.session_language,
            "seats": lambda session: self._facts.seats_of(session, situation, left=False),
            "seats_left": lambda session: self._facts.seats_of(session, situation, left=True),
            "title": self._facts.title,
            **dict.fromkeys(WHAT, self._facts.about),
        }
        if topic == "registration":
            return [self._facts.registration_for(sessions[0], situation)]
        if topic in ("price", "guests", "contact_detail"):
            return [self._facts.unheld_detail(self._say.of(sessions[0].title))]
        teller = tellers.get(topic)
        if teller is None or len(sessions) > MOST_TOLD or (topic == "time" and len(sessions) > 1):
            return [self._facts.agenda(sessions)]
        return [teller(session) for session in sessions]

    def _counted(self, sessions: Sequence[Session]) -> Statement:
        rows = self._facts.agenda(sessions)
        return replace(rows, topic="session_count", text=self._say("agenda.count", count=len(sessions), rows=rows.text))

    # -- claims --------------------------------------------------------------------------------------------------

    def _room_claim(self, sessions: Sequence[Session], reading: Reading) -> Statement:
        """``Is the party in the big hall?``: yes or no, and where."""
        rooms = {id for mention in reading.of(Kind.ROOM) for id in mention.ids}
        there = [session for session in sessions if session.room and session.room.default in rooms]
        statement = self._facts.agenda(there or sessions)
        return replace(statement, text=self._say("yes" if there else "no", fact=statement.text))

    def _at_moments(
        self, sessions: Sequence[Session], topics: Sequence[str], reading: Reading, situation: Situation
    ) -> list[Statement]:
        """The sessions of the day or hour that was named; a claim about one is confirmed or corrected."""
        fitting = [session for session in sessions if self._fits(session, reading, situation.now)]
        claims = (reading.intents.polar or reading.intents.premise) and not set(topics) & WHO
        if claims and not reading.intents.either:
            statement = self._facts.agenda(fitting or sessions)
            return [replace(statement, text=self._say("yes" if fitting else "no", fact=statement.text))]
        statements: list[Statement] = []
        for topic in topics if fitting or reading.subject.kind else ["agenda"]:
            statements += self._by_topic(topic, fitting or sessions, reading, situation)
        if not fitting and reading.subject.listed:
            text = self._say("agenda.only_then", rows=statements[0].text)
            return [replace(statements[0], text=text)]
        return statements

    def _fits(self, session: Session, reading: Reading, now: datetime) -> bool:
        today = now.astimezone(session.start.tzinfo).date()
        return all(moment.fits(session.start, today) for moment in reading.moments)
