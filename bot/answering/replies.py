"""Reading to statements: which facts answer what was asked, and what has to be said not to be known."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.answer import FollowUp
from bot.answering.facts import Facts, Situation, Statement
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind, Mention
from bot.answering.reading import Reading
from bot.answering.retrieval import ENOUGH, Match, Retrieval
from bot.answering.tokens import Token
from bot.knowledge.event import Event, Session, Speaker
from bot.knowledge.programme import Programme

FIELDS = frozenset({"audience", "hashtag", "series", "website", "price", "organiser", "partner"})
"""Topics that are one field of the event."""
ABOUT_A_THING = frozenset({"meaning", "who", "about"})
"""What one asks of a term or a place and its explanation answers."""
OF_A_PERSON = frozenset({"time", "duration", "end", "room", "place", "status", "countdown", "agenda", "now", "next"})
"""What one asks of a speaker and the session answers."""
SAME_FAQ = 0.62
"""So much of two questions' weight must be shared for them to be the same."""
MANY_STRANGE = 3


class Replies:
    """Chooses among the facts."""

    def __init__(self, event: Event, facts: Facts, retrieval: Retrieval, lexicon: Lexicon) -> None:
        self._event = event
        self._facts = facts
        self._say = facts.say
        self._retrieval = retrieval
        self._lexicon = lexicon
        self._programme = Programme(event)

    def to(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What to say. Small talk only where nothing else was said; never nothing at all."""
        statements = self._about_the_event(reading, situation)
        talk = [topic for topic in reading.intents.talk if self._say.label(f"talk.{topic}")]
        if statements:
            return statements
        if talk:
            return [self._talk(talk[-1] if talk[0] in ("greeting", "thanks") else talk[0])]
        if not reading.message.tokens:
            return [self._talk("emoji")] if reading.message.text.strip(" ?!.…") else [self._small("empty")]
        return [self._unknown(reading)]

    def offer_to_pass_on(self) -> str:
        contact = self._event.contact
        return self._say("pass_on", name=contact.name) if contact else self._say("pass_on_nobody")

    def _talk(self, topic: str) -> Statement:
        return Statement("small talk", self._say(f"talk.{topic}"))

    def _small(self, key: str) -> Statement:
        return Statement("small talk", self._say(key))

    def _about_the_event(self, reading: Reading, situation: Situation) -> list[Statement]:
        intents = reading.intents
        faq = self._same_question(reading)
        if faq is not None and (intents.unheld or not intents.asked):
            return [faq]
        statements = [self._facts.unheld(topic) for topic in intents.unheld]
        if intents.unheld and not intents.facts:
            return statements[:3]
        person = self._person(reading)
        if isinstance(person, list):
            return person
        if person is not None:
            return [*statements, *self._of_person(person, reading, situation)]
        thing = self._thing(reading)
        if thing is not None:
            return [*statements, *thing]
        if self._has_strangers(reading):
            return [*statements, *self._with_strangers(reading, situation)]
        facts = self._of_event(reading, situation)
        if not facts:
            return statements or self._from_prose(reading)
        return _in_order([*statements, *facts])

    # -- prose ----------------------------------------------------------------------------------------------------

    def _same_question(self, reading: Reading) -> Statement | None:
        match = self._retrieval.faq(self._asked_stems(reading))
        return self._passage(match, "faq") if match and match.coverage >= SAME_FAQ else None

    def _asked_stems(self, reading: Reading) -> list[str]:
        lexicon = self._lexicon
        return [
            token.stem
            for token in reading.message.tokens
            if lexicon.is_in("question_word", token.stem)
            or not any(lexicon.is_in(name, token.stem) for name in ("function", "courtesy", "event"))
        ]

    def _from_prose(self, reading: Reading) -> list[Statement]:
        faq = self._same_question(reading)
        if faq is not None:
            return [faq]
        stems = [stem for stem in reading.intents.content if not self._lexicon.is_in("framing", stem)]
        if not stems or reading.intents.talk:
            return []
        match = self._retrieval.sentence(stems)
        if match and match.coverage >= ENOUGH and len(stems) > 1:
            return [self._passage(match, "about")]
        return []

    def _passage(self, match: Match, topic: str) -> Statement:
        return Statement(topic, self._say.cut(match.passage.text), (match.passage.source,))

    # -- people ---------------------------------------------------------------------------------------------------

    def _person(self, reading: Reading) -> Speaker | list[Statement] | None:
        """The one speaker that is meant, a question back, or a word that nobody fits."""
        people = self._event.speakers_by_id
        named = reading.of(Kind.SPEAKER)
        if any(len(mention.ids) > 1 for mention in named):
            choices = tuple(people[id].name for mention in named for id in mention.ids)[:8]
            return [Statement("who", self._say("which_person"), choices=choices, known=True)]
        if named:
            return people[named[0].ids[0]]
        if reading.of(Kind.STRANGER):
            return [self._facts.not_listed()]
        by_affiliation = reading.of(Kind.AFFILIATION)
        if by_affiliation and len(by_affiliation[0].ids) == 1 and self._asks_for_people(reading):
            return people[by_affiliation[0].ids[0]]
        return self._pronoun(reading)

    def _asks_for_people(self, reading: Reading) -> bool:
        return bool({"speakers", "who", "affiliation", "audience", "about"} & set(reading.intents.facts)) or (
            not reading.intents.facts
        )

    def _pronoun(self, reading: Reading) -> Speaker | None:
        people = self._event.speakers_by_id
        words = {token.stem for token in reading.message.tokens}
        entity = reading.conversation.entity or ""
        if any(self._lexicon.is_in("pronoun_person", stem) for stem in words) and entity.startswith("speakers."):
            return people.get(entity.removeprefix("speakers."))
        for token in reading.message.tokens:
            place = self._lexicon.table("ordinals").get(token.word)
            listed = [each for each in reading.conversation.listed if each.startswith("speakers.")]
            if place is not None and listed and len(reading.message.tokens) <= 6:
                index = place - 1 if place > 0 else place
                if -len(listed) <= index < len(listed):
                    return people.get(listed[index].removeprefix("speakers."))
        return None

    def _of_person(self, speaker: Speaker, reading: Reading, situation: Situation) -> list[Statement]:
        asked = list(reading.intents.facts)
        if reading.intents.unheld:
            return [self._facts.unheld_detail(speaker.name)]
        if not asked:
            asked = [topic for topic in reading.conversation.topics if topic in OF_A_PERSON | {"affiliation", "who"}]
            if self._has_strangers(reading):
                return [self._facts.unheld_detail(speaker.name)]
            asked = asked or ["who"]
        statements = [self._of_person_by(topic, speaker, reading, situation) for topic in asked]
        return list({statement.text: statement for statement in statements}.values())

    def _of_person_by(self, topic: str, speaker: Speaker, reading: Reading, situation: Situation) -> Statement:
        if topic in OF_A_PERSON:
            return self._facts.person_time(speaker, situation)
        if topic == "affiliation":
            return self._checked_affiliation(speaker, reading)
        if topic in ("who", "meaning", "audience"):
            return self._facts.who(speaker)
        if topic in ("speakers", "speaker_count"):
            statement = self._facts.who(speaker)
            named = bool(reading.of(Kind.SPEAKER))
            return replace(statement, text=self._yes(statement.text)) if reading.intents.yes_no and named else statement
        if topic == "about":
            return self._talk_of(speaker)
        if topic == "contact" and self._event.contact and self._event.contact.name == speaker.name:
            return self._facts.contact()
        return self._facts.unheld_detail(speaker.name)

    def _talk_of(self, speaker: Speaker) -> Statement:
        """What somebody talks about: only where the file gives them a session of their own, or a biography."""
        own = [session for session in self._event.sessions if session.speakers == (speaker.id,)]
        if len(own) == 1 and len(self._event.sessions) > 1:
            return self._facts.about(own[0])
        return self._facts.who(speaker) if speaker.bio else self._facts.unheld_detail(speaker.name)

    def _checked_affiliation(self, speaker: Speaker, reading: Reading) -> Statement:
        statement = self._facts.affiliation(speaker)
        claimed = reading.of(Kind.AFFILIATION)
        if not claimed or not statement.known:
            return statement
        right = any(speaker.id in mention.ids for mention in claimed)
        if reading.intents.yes_no:
            return replace(statement, text=self._yes(statement.text) if right else self._no(statement.text))
        return statement

    # -- things ---------------------------------------------------------------------------------------------------

    def _thing(self, reading: Reading) -> list[Statement] | None:
        """A term, a place, a room or the contact, and what was asked of it."""
        asked = set(reading.intents.asked)
        for mention in reading.of(Kind.CONTACT):
            if not asked - {"who", "contact", "contact_detail", "meaning", "organiser", "about"}:
                detail = "contact_detail" in asked
                return [self._facts.contact_detail() if detail else self._facts.contact()]
            return [self._facts.unheld_detail(self._event.contact.name if self._event.contact else mention.ids[0])]
        for mention in reading.of(Kind.TERM):
            return self._term(mention, reading, asked)
        for mention in reading.of(Kind.PLACE):
            return self._place(mention, reading, asked)
        organisations = reading.of(Kind.ORGANISER, Kind.PARTNER)
        if organisations and not asked - ABOUT_A_THING - {"partner", "organiser", "speakers"}:
            topic = "partner" if organisations[0].kind is Kind.PARTNER else "organiser"
            return [self._facts.event_field(topic)]
        return None

    def _term(self, mention: Mention, reading: Reading, asked: set[str]) -> list[Statement] | None:
        if asked - ABOUT_A_THING:
            # "who organises the GoSmart session": the term only describes the event.
            described = self._describes_event(mention, reading)
            role = asked & {"organiser", "partner"}
            return None if described or role else [self._facts.unheld_detail(mention.ids[0])]
        if self._describes_event(mention, reading) and not asked:
            return None
        if self._has_strangers(reading):
            return self._within(f"glossary.{mention.ids[0]}", reading) or [self._facts.unheld_detail(mention.ids[0])]
        terms = dict.fromkeys(each.ids[0] for each in reading.of(Kind.TERM))
        return [self._facts.meaning(term) for term in list(terms)[:3]]

    def _describes_event(self, mention: Mention, reading: Reading) -> bool:
        after = mention.positions[-1] + 1
        tokens = reading.message.tokens
        return after < len(tokens) and self._lexicon.is_in("event", tokens[after].stem)

    def _place(self, mention: Mention, reading: Reading, asked: set[str]) -> list[Statement]:
        if (
            reading.intents.unheld
            or self._has_strangers(reading)
            or asked - ABOUT_A_THING - {"place", "after", "audience", "agenda", "registration", "time", "status"}
        ):
            name = next(each.name for each in self._event.places if each.id == mention.ids[0])
            return [self._facts.unheld_detail(self._say.of(name))]
        return [self._facts.described_place(mention.ids[0])]

    def _within(self, source: str, reading: Reading) -> list[Statement]:
        match = self._retrieval.sentence(reading.intents.content, within=source)
        return [self._passage(match, "meaning")] if match and match.coverage >= ENOUGH else []

    # -- words that nothing explains --------------------------------------------------------------------------------

    def _has_strangers(self, reading: Reading) -> bool:
        return any(not self._retrieval.knows(token.stem) for token in reading.intents.strange)

    def _with_strangers(self, reading: Reading, situation: Situation) -> list[Statement]:
        """Words that neither the language nor the event knows are evidence that something else was asked."""
        strange = [token for token in reading.intents.strange if not self._retrieval.knows(token.stem)]
        asked = reading.intents.asked
        words = ", ".join(dict.fromkeys(token.text for token in strange))
        if {"speakers", "who"} & asked and reading.intents.yes_no:
            return [self._facts.not_listed()]
        if asked and not any(self._is_the_object(token, reading) for token in strange) and len(strange) < MANY_STRANGE:
            return self._of_event(reading, situation)
        return [self._facts.unheld_words(words)]

    def _is_the_object(self, token: Token, reading: Reading) -> bool:
        """Whether the word is what is asked for: "where is the projector"."""
        tokens = reading.message.tokens
        at = tokens.index(token)
        before = tokens[at - 1].stem if at else ""
        return self._lexicon.is_in("noun_before", before) and not any(
            self._lexicon.is_in("first_person", each.stem) for each in tokens[max(0, at - 3) : at]
        )

    def _unknown(self, reading: Reading) -> Statement:
        strange = [token.text for token in reading.intents.strange if not self._retrieval.knows(token.stem)]
        return self._facts.unheld_words(", ".join(dict.fromkeys(strange[:4])))

    # -- the event ------------------------------------------------------------------------------------------------

    def _of_event(self, reading: Reading, situation: Situation) -> list[Statement]:
        topics = list(reading.intents.facts) or self._resumed(reading)
        statements: list[Statement] = []
        for topic in topics:
            statements += self._by_topic(topic, reading, situation)
        return statements

    def _resumed(self, reading: Reading) -> list[str]:
        """A lone time or day, after talk of times, is a question about times: "so at five?"."""
        return ["time"] if reading.moments and (reading.intents.yes_no or reading.message.question_mark) else []

    def _by_topic(self, topic: str, reading: Reading, situation: Situation) -> list[Statement]:
        facts = self._facts
        timed: dict[str, Callable[[Session, Situation], Statement]] = {
            "time": facts.time,
            "end": facts.end,
            "duration": facts.duration,
            "countdown": facts.countdown,
            "status": facts.status,
        }
        if topic in timed:
            return self._timed(topic, timed[topic], reading, situation)
        if topic in FIELDS:
            return [facts.event_field(topic)]
        if topic in ("now", "next", "agenda"):
            return [self._programme_at(topic, reading, situation)]
        plain: dict[str, Callable[[], Statement | None]] = {
            "place": lambda: facts.place(self._sessions(reading)),
            "speakers": lambda: facts.speakers(self._one_session(reading)),
            "speaker_count": facts.speaker_count,
            "affiliation": facts.affiliations,
            "session_count": facts.session_count,
            "about": lambda: facts.about(self._one_session(reading)),
            "after": lambda: facts.after() or facts.unheld("after"),
            "contact": facts.contact,
            "contact_detail": facts.contact_detail,
            "session_language": lambda: facts.session_language(self._one_session(reading)),
            "registration": lambda: facts.registration(reading.intents.yes_no),
            "registration_times": lambda: facts.registration_times(situation),
            "seats": lambda: facts.seats(situation, left=False),
            "seats_left": lambda: facts.seats(situation, left=True),
            "my_registration": facts.my_registration,
            "reminders": facts.reminders,
            "guests": facts.guests,
        }
        if topic == "room":
            return self._room(reading)
        statement = plain[topic]() if topic in plain else None
        if statement is None and topic in ("who", "meaning"):
            return self._from_prose(reading)
        return [statement] if statement else []

    def _timed(
        self,
        topic: str,
        fact: Callable[[Session, Situation], Statement],
        reading: Reading,
        situation: Situation,
    ) -> list[Statement]:
        session = self._one_session(reading)
        if session is None:
            sessions = self._sessions(reading)
            if topic in ("time", "duration") and len(sessions) == len(self._event.sessions):
                return [self._facts.whole_time(situation)]
            return [self._which_session(sessions)]
        if topic == "status" and any(self._lexicon.is_in("negation", token.stem) for token in reading.message.tokens):
            return [self._facts.as_planned(session)]
        statement = fact(session, situation)
        return [self._checked_against(reading, statement, topic, session, situation)]

    def _checked_against(
        self, reading: Reading, statement: Statement, topic: str, session: Session, situation: Situation
    ) -> Statement:
        """A time that the message takes for granted is confirmed or corrected, never passed over."""
        if not reading.moments or not statement.known or not (reading.intents.yes_no or reading.intents.premise):
            return statement
        at = session.end if topic == "end" and session.end else session.start
        today = situation.now.astimezone(at.tzinfo).date()
        right = all(moment.fits(at, today) for moment in reading.moments)
        if topic in ("status", "countdown"):
            statement = self._facts.time(session, situation)
        return replace(statement, text=self._yes(statement.text) if right else self._no(statement.text))

    def _yes(self, fact: str) -> str:
        return self._say("yes", fact=fact)

    def _no(self, fact: str) -> str:
        return self._say("no", fact=fact)

    def _room(self, reading: Reading) -> list[Statement]:
        session = self._one_session(reading)
        if session is None:
            return [self._which_session(self._sessions(reading))]
        statement = self._facts.room(session)
        claimed = [token for token in reading.message.tokens if token.is_number]
        if claimed and reading.intents.yes_no and statement.known and session.room:
            room = session.room.default
            right = all(token.text.strip("#") in room for token in claimed)
            return [replace(statement, text=self._yes(statement.text) if right else self._no(statement.text))]
        return [statement]

    def _sessions(self, reading: Reading) -> Sequence[Session]:
        named = [id for mention in reading.of(Kind.SESSION) for id in mention.ids]
        if named:
            return [self._event.sessions_by_id[id] for id in dict.fromkeys(named)]
        if len(self._event.sessions) > 1 and (reading.conversation.entity or "").startswith("sessions."):
            session = self._event.sessions_by_id.get((reading.conversation.entity or "").removeprefix("sessions."))
            if session is not None:
                return [session]
        return self._event.sessions

    def _one_session(self, reading: Reading) -> Session | None:
        sessions = self._sessions(reading)
        return sessions[0] if len(sessions) == 1 else None

    def _which_session(self, sessions: Sequence[Session]) -> Statement:
        choices = tuple(self._say.of(session.title) for session in sessions[:6])
        return Statement("which session", self._say("which_session"), choices=choices)

    def _programme_at(self, topic: str, reading: Reading, situation: Situation) -> Statement:
        if len(self._event.sessions) == 1:
            return self._facts.agenda(self._event.sessions)
        rooms = [id for mention in reading.of(Kind.ROOM) for id in mention.ids]
        if topic == "now":
            sessions: Sequence[Session] = self._programme.now(situation.now)
            empty = "agenda.nothing_now"
        elif topic == "next":
            sessions = self._programme.next(situation.now)
            empty = "agenda.nothing_next"
        else:
            sessions, empty = self._at_moments(reading, situation), "agenda.nothing_then"
        if rooms:
            in_room = {session.id for room in rooms for session in self._programme.in_room(room)}
            sessions = [session for session in sessions if session.id in in_room]
        if not sessions:
            return Statement("agenda", self._say(empty), ("sessions",), (FollowUp.AGENDA,))
        return self._facts.agenda(sessions)

    def _at_moments(self, reading: Reading, situation: Situation) -> list[Session]:
        """The sessions of the day or the hour that was named; all that lie ahead where none was."""
        today = situation.now.astimezone(self._event.timezone).date()
        if not reading.moments:
            ahead = [session for session in self._programme.sessions if session.start >= situation.now]
            return ahead or list(self._programme.sessions)
        days = sorted({session.start.date() for session in self._event.sessions})
        asked = reading.moments[0]
        exact = list(asked.candidates(days, today, self._event.timezone))
        if exact:
            return [session for at in exact for session in self._programme.now(at)]
        return [session for session in self._programme.sessions if asked.fits(session.start, today)]


def _in_order(statements: list[Statement]) -> list[Statement]:
    """What is known first; the same line only once, and no more than a phone's screen of them."""
    known = [statement for statement in statements if statement.known]
    unknown = [statement for statement in statements if not statement.known]
    return list({statement.text: statement for statement in [*known, *unknown]}.values())[:5]
