"""Answers about the event as a whole or one of its sessions: fields, times, rooms, the programme."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.facts import Facts
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind
from bot.answering.programme_replies import ProgrammeReplies
from bot.answering.prose_replies import ProseReplies
from bot.answering.reading import Reading
from bot.answering.statements import Situation, Statement
from bot.knowledge.event import Event, Session

FIELDS = frozenset({"audience", "hashtag", "series", "website", "price", "organiser", "partner"})
"""Topics that are one field of the event."""
TIMED = frozenset({"time", "end", "duration", "countdown", "status"})
COUNTED = frozenset({"seats", "seats_left", "speaker_count", "session_count"})
DIGITS = re.compile(r"\d+")
SUBJECT = frozenset({"about", "talk_title"})


class EventReplies:
    """Chooses among the facts of the event and its sessions."""

    def __init__(self, event: Event, facts: Facts, prose: ProseReplies, lexicon: Lexicon) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._prose = prose
        self._lexicon = lexicon
        self.programme = ProgrammeReplies(event, facts)

    def about(self, reading: Reading, situation: Situation) -> list[Statement]:
        """One statement for each topic, in the order asked."""
        statements: list[Statement] = []
        for topic in self._topics(reading):
            statements += self._by_topic(topic, reading, situation)
        return statements

    def _topics(self, reading: Reading) -> list[str]:
        """The topics; a claim with a time in it ("is it on Thursday?") is about the time, whatever else it names."""
        topics = list(reading.intents.facts)
        intents = reading.intents
        claims = intents.polar or intents.premise or reading.message.question_mark or not intents.talk
        if not reading.moments or not claims or set(topics) - {"place", "agenda"} or intents.unheld:
            return topics
        tokens = reading.message.tokens
        asks_where = any(tokens[at].is_a("question_word") for at in intents.asking)
        return topics if asks_where else ["time"]

    def _by_topic(self, topic: str, reading: Reading, situation: Situation) -> list[Statement]:
        if topic == "speakers" and reading.intents.yes_no and reading.intents.numbers:
            topic = "speaker_count"
        if topic in TIMED:
            return self._timed(topic, reading, situation)
        if topic in FIELDS:
            return [self._facts.event_field(topic)]
        if topic in ("now", "next", "agenda"):
            return self.programme.now_or_next(topic, reading, situation)
        if topic == "room":
            return self._room(reading, situation)
        if topic in ("speakers", "place", "room", *SUBJECT) and self._named_several(reading):
            return [self._facts.agenda(self._sessions(reading))]
        if topic in SUBJECT:
            told = self._prose.of_a_part(reading) or self._prose.on_subject(reading)
            return [told or self._facts.about(self._one_session(reading))]
        statement = self._plain(topic, reading, situation)
        if statement is None:
            return self._explained(reading) if topic in ("who", "meaning") else []
        return [self._counted(topic, statement, reading)]

    def _explained(self, reading: Reading) -> list[Statement]:
        """``What is it?`` without a name: the event, unless other words say what is to be explained."""
        found = self._prose.about(reading)
        if found or any(not token.is_a("framing") for token in reading.intents.rest):
            return found
        if not reading.message.has("question_word"):
            return []
        points = reading.message.has("pronoun_thing")
        own_name = {stem for text in self._event.title.variants for stem in self._lexicon.stems.of_text(text)}
        points = points or any(token.stem in own_name for token in reading.message.tokens)
        return [self._facts.about(self._one_session(reading))] if points else []

    def _plain(self, topic: str, reading: Reading, situation: Situation) -> Statement | None:
        facts = self._facts
        tellers: dict[str, Callable[[], Statement]] = {
            "place": lambda: facts.place(self._sessions(reading)),
            "speakers": lambda: facts.speakers(self._one_session(reading)),
            "speaker_count": facts.speaker_count,
            "affiliation": facts.affiliations,
            "session_count": facts.session_count,
            "closing": lambda: self._prose.closing() or facts.unheld("closing"),
            "title": lambda: facts.title(self._one_session(reading)),
            "after": lambda: facts.after() or facts.unheld("after"),
            "contact": facts.contact,
            "contact_detail": facts.contact_detail,
            "session_language": lambda: facts.session_language(self._one_session(reading)),
            "registration": lambda: facts.registration(reading.intents.yes_no, situation),
            "registration_times": lambda: facts.registration_times(situation),
            "seats": lambda: facts.seats(situation, left=False),
            "seats_left": lambda: facts.seats(situation, left=True),
            "my_registration": facts.my_registration,
            "reminders": facts.reminders,
            "guests": facts.guests,
        }
        teller = tellers.get(topic)
        return teller() if teller else None

    # -- claims ---------------------------------------------------------------------------------------------------

    def _judged(self, statement: Statement, right: bool) -> Statement:
        return replace(statement, text=self._say("yes" if right else "no", fact=statement.text))

    def _counted(self, topic: str, statement: Statement, reading: Reading) -> Statement:
        """``Are there four speakers?`` is confirmed or corrected by the number in the answer."""
        if topic not in COUNTED or not reading.intents.yes_no or not statement.known:
            return statement
        numbers = self._lexicon.table("numbers")
        claimed = [str(numbers.get(token.word, token.word)) for token in reading.intents.numbers]
        claimed = [number for number in claimed if number.isdigit()]
        words = statement.text.replace(".", " ").replace(":", " ").split()
        return self._judged(statement, all(number in words for number in claimed)) if claimed else statement

    def _timed(self, topic: str, reading: Reading, situation: Situation) -> list[Statement]:
        session = self._one_session(reading)
        if session is None:
            sessions = self._sessions(reading)
            if len(sessions) == len(self._event.sessions):
                return [self.programme.timed(topic, reading, situation)]
            return [self._which_session(sessions)]
        if topic == "end" and reading.intents.polar and not reading.moments:
            topic = "status"
        if topic == "status" and reading.message.has("cancelled"):
            return [self._facts.as_planned(session)]
        tellers: dict[str, Callable[[Session, Situation], Statement]] = {
            "time": self._facts.time,
            "end": self._facts.end,
            "duration": self._facts.duration,
            "countdown": self._facts.countdown,
            "status": self._facts.status,
        }
        return [self._checked(topic, tellers[topic](session, situation), session, reading, situation)]

    def _checked(
        self, topic: str, statement: Statement, session: Session, reading: Reading, situation: Situation
    ) -> Statement:
        """A time that the message takes for granted is confirmed or corrected, never passed over."""
        claims = reading.intents.yes_no or reading.intents.premise
        if not reading.moments or not statement.known or not claims or topic == "duration":
            return statement
        at = session.end if topic == "end" and session.end else session.start
        today = situation.now.astimezone(at.tzinfo).date()
        fitting = [moment.fits(at, today) for moment in reading.moments]
        if topic in ("status", "countdown"):
            statement = self._facts.time(session, situation)
        # Of alternatives ("today or tomorrow") one may be right; the fact itself tells which.
        if any(fitting) and not all(fitting) and reading.intents.either:
            return statement
        return self._judged(statement, all(fitting))

    def _room(self, reading: Reading, situation: Situation) -> list[Statement]:
        session = self._one_session(reading)
        if session is None and reading.of(Kind.ROOM) and not reading.of(Kind.SESSION):
            return [self.programme.at("agenda", reading, situation)]
        if session is None and reading.message.has("person_question"):
            return [self._facts.unheld_words("")]
        if session is None:
            return [self._which_session(self._sessions(reading))]
        statement = self._facts.room(session)
        claimed = reading.intents.numbers
        if claimed and reading.intents.yes_no and statement.known and session.room:
            numbers = set(DIGITS.findall(session.room.default))
            asked = {number for token in claimed for number in DIGITS.findall(token.text)}
            return [self._judged(statement, asked <= numbers)]
        return [statement]

    # -- sessions -------------------------------------------------------------------------------------------------

    def _sessions(self, reading: Reading) -> Sequence[Session]:
        """The sessions that are named or were spoken of; else all."""
        if reading.subject.sessions:
            return [self._event.sessions_by_id[id] for id in reading.subject.sessions]
        entity = reading.conversation.entity or ""
        if len(self._event.sessions) > 1 and entity.startswith("sessions.") and reading.intents.refers_back:
            session = self._event.sessions_by_id.get(entity.removeprefix("sessions."))
            if session is not None:
                return [session]
        if reading.conversation.entity is None and reading.message.has("pronoun_thing"):
            listed = [each.removeprefix("sessions.") for each in reading.conversation.listed]
            found = [self._event.sessions_by_id[id] for id in listed if id in self._event.sessions_by_id]
            return found or self._event.sessions
        return self._event.sessions

    def _named_several(self, reading: Reading) -> bool:
        return 1 < len(self._sessions(reading)) < len(self._event.sessions)

    def _one_session(self, reading: Reading) -> Session | None:
        sessions = self._sessions(reading)
        return sessions[0] if len(sessions) == 1 else None

    def _which_session(self, sessions: Sequence[Session]) -> Statement:
        choices = tuple(self._say.of(session.title) for session in sessions[:6])
        rows = self._facts.agenda(sessions, most=len(choices))
        text = self._say("which_session", rows=rows.text)
        return Statement("which session", text, rows.sources, choices=choices)
