"""Answers about the sessions of a programme that a message speaks of: when, where, who, how long, how many."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.facts import Facts
from bot.answering.finding import LABEL, Finder
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
OF_A_SESSION = (
    WHEN
    | WHO
    | frozenset(
        {
            "about",
            "talk_title",
            "room",
            "end",
            "duration",
            "status",
            "countdown",
            "session_language",
            "seats",
            "seats_left",
        }
        | {"registration", "meaning", "after"}
    )
)
"""What "it" may be asked for that was a session."""
LISTED = frozenset({"time", "room", "place", "duration", "seats"})
"""Topics that count in an enumeration though they are only named: "time, room and capacity"."""
OF_TALKS = frozenset({"status", "countdown", "end", "duration", "session_count", "session_language", "seats", "title"})
"""What is asked of somebody's talks rather than of them."""
ABOUT_A_THING = frozenset({"meaning", "who", "about", "speakers"})
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
        if reading.subject.referred and set(reading.intents.facts) - OF_A_SESSION:
            return []
        sessions = self._in_language(self._meant(reading), reading)
        if not sessions or self._is_another_thing(reading) or self._asks_for_the_clock(reading):
            return []
        if reading.subject.missing or self._asks_for_more(reading):
            return [self._facts.unheld_detail(self._say.of(sessions[0].title))]
        beside = self._beside(sessions, reading)
        if beside is not None:
            return [self._facts.agenda(beside)] if beside else []
        sessions = self._chosen(sorted(sessions, key=lambda session: session.start), reading)
        topics = self._topics(reading)
        if set(topics) <= WHAT and len(sessions) > 1:
            topics = ["agenda"]
        over = reading.message.has("over")
        if reading.intents.polar and over and topics == ["agenda"]:
            topics = ["status"]
        if reading.of(Kind.SPEAKER) and reading.intents.polar and not reading.moments and topics == ["agenda"]:
            rows = self._facts.agenda(sessions)
            return [replace(rows, text=self._say("yes", fact=rows.text))]
        if topics == ["session_language"] and self._languages(reading) and len(sessions) > 1:
            topics = ["agenda"]
        if topics == ["session_language"] and self._languages(reading) and reading.intents.polar:
            return [self._language_claim(sessions, reading)]
        claims = reading.intents.polar or reading.intents.premise
        if reading.of(Kind.ROOM) and claims and set(topics) <= WHEN | {"room", "status", "about"}:
            return [self._room_claim(sessions, reading)]
        if reading.of(Kind.ROOM):
            sessions = self._in_rooms(sessions, reading) or sessions
        if reading.moments and not set(topics) - WHEN - WHO - {"status", "room"}:
            return self._at_moments(sessions, topics, reading, situation)
        if reading.moments and not claims:
            sessions = [each for each in sessions if self._fits(each, reading)] or sessions
        statements: list[Statement] = []
        for topic in topics:
            statements += self._by_topic(topic, sessions, reading, situation)
        return list({each.text: each for each in statements}.values())

    def _beside(self, sessions: Sequence[Session], reading: Reading) -> list[Session] | None:
        """``What comes after the opening``: the next in its room, or the one before; None where that is not asked."""
        if len(sessions) != 1 or reading.moments:
            return None
        after, before = reading.message.has("following"), reading.message.has("preceding")
        asks = reading.message.has("what", "person_question")
        if after == before or not asks or not self._stands_before_subject(reading):
            return None
        session = sessions[0]
        in_room = [each for each in self._programme.sessions if each.room == session.room]
        if after:
            later = [each for each in in_room if each.start >= (session.end or session.start) and each is not session]
            return later[:1]
        earlier = [each for each in in_room if each.start < session.start]
        return earlier[-1:]

    def _stands_before_subject(self, reading: Reading) -> bool:
        """Whether the "after" is none of the title's own words: "Five years after"."""
        tokens = reading.message.tokens
        named = [at for mention in reading.of(Kind.SESSION, Kind.SPEAKER) for at in mention.positions]
        named += [token.at for token in reading.subject.words]
        at = next(number for number, token in enumerate(tokens) if token.is_a("following", "preceding"))
        return not named or at < min(named)

    def _asks_for_the_clock(self, reading: Reading) -> bool:
        """``The next talk in the hall``: no words but those for any session."""
        subject = reading.subject
        bare = subject.kind and not subject.words and not subject.exact
        return bare and bool({"now", "next"} & set(reading.intents.facts))

    def _asks_for_more(self, reading: Reading) -> bool:
        """Whether nothing is asked but what the file does not hold of them."""
        unheld = reading.intents.unheld
        return bool(unheld) and not reading.intents.facts and not any(self.holds(topic, reading) for topic in unheld)

    def holds(self, topic: str, reading: Reading) -> bool:
        """Whether the words that ask for something at every event are what the sessions are about."""
        words = [reading.message.tokens[at].stem for at in reading.intents.positions_of.get(topic, ())]
        sources = [f"sessions.{id}" for id in reading.subject.sessions]
        explained = ("function", "framing", "session_noun", "event", "question_word")
        return bool(sources) and all(
            self._lexicon.is_a(stem, *explained) or any(self._finder.holds(source, stem) for source in sources)
            for stem in words
        )

    def _languages(self, reading: Reading) -> set[str]:
        table = self._lexicon.table("languages")
        return {table[token.word] for token in reading.message.tokens if token.word in table}

    def _in_language(self, sessions: list[Session], reading: Reading) -> list[Session]:
        """``Talks in German``: those of that language, where no single one is meant."""
        wanted = self._languages(reading)
        if not wanted or (not reading.subject.listed and not reading.subject.kind) or reading.subject.exact:
            return sessions
        if reading.subject.words:
            return sessions
        asked = sessions if sessions and not reading.message.has("any_session") else self._programme.sessions
        return [each for each in asked if each.language and each.language.default in wanted] or sessions

    def _language_claim(self, sessions: Sequence[Session], reading: Reading) -> Statement:
        statement = self._facts.session_language(sessions[0])
        if not statement.known:
            return statement
        spoken = sessions[0].language
        right = spoken is not None and spoken.default in self._languages(reading)
        return replace(statement, text=self._say("yes" if right else "no", fact=statement.text))

    def _chosen(self, sessions: list[Session], reading: Reading) -> list[Session]:
        """The first or the last of them, where that was asked for."""
        tokens = reading.message.tokens
        for at, token in enumerate(tokens[:-1]):
            place = self._lexicon.table("ordinals").get(token.word)
            noun = tokens[at + 1].stem
            if place in (1, -1) and self._lexicon.is_a(noun, "session_noun", "person_noun"):
                fitting = [each for each in sessions if self._fits(each, reading)] if reading.moments else sessions
                if fitting:
                    edge = fitting[0 if place == 1 else -1].start
                    return [each for each in fitting if each.start == edge]
        return sessions

    def _in_rooms(self, sessions: Sequence[Session], reading: Reading) -> list[Session]:
        rooms = {id for mention in reading.of(Kind.ROOM) for id in mention.ids}
        return [session for session in sessions if session.room and session.room.default in rooms]

    def _meant(self, reading: Reading) -> list[Session]:
        """Those that were found, of the speakers who were named; all of theirs where their talks are asked about."""
        people = [mention.ids for mention in reading.of(Kind.SPEAKER) if len(mention.ids) == 1]
        found = [self._event.sessions_by_id[id] for id in reading.subject.sessions]
        if len(self._event.sessions) == 1:
            return found
        if not found and not people and "session_count" in reading.intents.facts and not reading.subject.wanted:
            return list(self._programme.sessions) if reading.moments or reading.of(Kind.ROOM) else []
        if not people:
            return found
        if found:
            return [session for session in found if any(ids[0] in session.speakers for ids in people)]
        if reading.subject.wanted or not (OF_TALKS & set(reading.intents.facts) or self._counts_talks(reading)):
            return []
        return list(self._programme.by_speaker(people[0][0]))

    def _counts_talks(self, reading: Reading) -> bool:
        return reading.message.has("number_wanted") and reading.message.has("session_noun")

    def _is_another_thing(self, reading: Reading) -> bool:
        """Words that only happen to stand in a description are no title beside the name of something else."""
        if reading.subject.exact:
            return False
        if reading.of(Kind.PLACE, Kind.CONTACT, Kind.STRANGER):
            return True
        named = {at for mention in reading.of(Kind.TERM) for at in mention.positions}
        beside = [token for token in reading.subject.words if token.at not in named]
        if named and not beside and not set(reading.intents.facts) - ABOUT_A_THING:
            return True
        words = reading.subject.words
        found = self._finder.find([token.stem for token in words], ("sessions.",))
        return bool(words) and bool(reading.of(Kind.TERM)) and all(each.least < LABEL for each in found)

    def _topics(self, reading: Reading) -> list[str]:
        """What is asked of them; a bare name asks for their place in the programme."""
        intents = reading.intents
        topics = [topic for topic in intents.facts if topic in intents.asked or topic in LISTED] or list(intents.facts)
        if any(self.holds(topic, reading) for topic in intents.unheld):
            topics += [topic for topic in sorted(intents.outweighed) if topic not in topics]
        message = reading.message
        counts = message.has("number_wanted")
        claims = reading.subject.kind and bool(intents.numbers) and (intents.yes_no or intents.premise)
        if "session_count" in topics or (reading.subject.kind and not intents.asked and (counts or claims)):
            return ["session_count"]
        if counts and not topics and not reading.subject.kind:
            return ["unknown"]
        if self._counts_talks(reading) and not {"seats", "seats_left", "duration", "countdown"} & set(topics):
            return ["session_count"]
        topics = [topic for topic in topics if not self._is_in_title(topic, reading)]
        asks_when, asks_where = message.has("time_question"), message.has("place_question")
        asks_who, names_people = message.has("person_question"), message.has("person_noun")
        if not asks_who and not names_people:
            topics = [topic for topic in topics if topic not in WHO]
        elif asks_who or not (asks_when or asks_where or {"time", "room", "place", "duration", "end"} & set(topics)):
            # "Who gives the talk on …" has a word in it that names a talk.
            who = [] if "seats" in topics and not asks_who else ["who"]
            topics = [*who, *(topic for topic in topics if topic not in WHEN | WHAT | WHO)]
        if asks_when and not {"time", "end", "countdown", "registration_times"} & set(topics):
            topics = [*(topic for topic in topics if topic not in WHAT), "time"]
        if asks_where and not {"room", "place"} & set(topics):
            topics = [*(topic for topic in topics if topic not in WHAT), "room"]
        dropped = any(self.holds(topic, reading) for topic in intents.unheld)
        lists = message.has("all_of")
        if reading.subject.listed and (topics or lists) and not set(topics) - WHAT:
            return ["agenda"]
        asks = reading.intents.is_question and len(reading.message.tokens) > 1
        told = dropped and asks and not lists and not reading.moments and len(reading.subject.sessions) == 1
        return topics or ["about" if told else "agenda"]

    def _is_in_title(self, topic: str, reading: Reading) -> bool:
        """``Is the party free``, "when is the closing": the words that would ask for it are the session's name."""
        words = [reading.message.tokens[at] for at in reading.intents.positions_of.get(topic, ())]
        if topic not in reading.intents.asked and words and all(each in reading.subject.words for each in words):
            return True
        told = [each.stem for each in words if not each.is_a("function")]
        edges = [stem for stem in told if self._lexicon.is_a(stem, "edge")]
        titles = [self._finder.in_title(stem, "sessions.") for stem in edges]
        named = {f"sessions.{id}" for id in reading.subject.sessions}
        return topic == "end" and bool(edges) and edges == told and all(named <= each for each in titles)

    def _by_topic(
        self, topic: str, sessions: Sequence[Session], reading: Reading, situation: Situation
    ) -> list[Statement]:
        if topic == "session_count":
            return [self._number_claim(self._counted(sessions), len(sessions), reading)]
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
            "status": lambda session: self._facts.time(session, situation),
            "session_language": self._facts.session_language,
            "seats": lambda session: self._facts.seats_of(session, situation, left=False),
            "seats_left": lambda session: self._facts.seats_of(session, situation, left=True),
            "title": self._facts.title,
            **dict.fromkeys(WHAT, self._facts.about),
        }
        if topic == "registration":
            return [self._facts.registration_for(sessions[0], situation)]
        if topic in ("price", "guests", "contact_detail", "unknown"):
            return [self._facts.unheld_detail(self._say.of(sessions[0].title))]
        teller = tellers.get(topic)
        if teller is None or len(sessions) > MOST_TOLD or (topic == "time" and len(sessions) > 1):
            return [self._facts.agenda(sessions)]
        told = [teller(session) for session in sessions]
        return (
            [self._number_claim(told[0], sessions[0].capacity, reading)]
            if topic == "seats" and len(told) == 1
            else told
        )

    def _number_claim(self, statement: Statement, number: int | None, reading: Reading) -> Statement:
        """``It has thirty seats, right?``, "there are four keynotes?": confirmed or corrected."""
        numbers = self._lexicon.table("numbers")
        claimed = [str(numbers.get(token.word, token.word)) for token in reading.intents.numbers]
        if not claimed or not reading.intents.yes_no:
            return statement
        return replace(statement, text=self._say("yes" if str(number) in claimed else "no", fact=statement.text))

    def _counted(self, sessions: Sequence[Session]) -> Statement:
        rows = self._facts.agenda(sessions)
        return replace(rows, topic="session_count", text=self._say("agenda.count", count=len(sessions), rows=rows.text))

    # -- claims --------------------------------------------------------------------------------------------------

    def _room_claim(self, sessions: Sequence[Session], reading: Reading) -> Statement:
        """``Is the party in the big hall?``: yes or no, and where."""
        there = self._in_rooms(sessions, reading)
        statement = self._facts.agenda(there or sessions)
        return replace(statement, text=self._say("yes" if there else "no", fact=statement.text))

    def _at_moments(
        self, sessions: Sequence[Session], topics: Sequence[str], reading: Reading, situation: Situation
    ) -> list[Statement]:
        """The sessions of the day or hour that was named; a claim about one is confirmed or corrected."""
        fitting = [session for session in sessions if self._fits(session, reading)]
        today = reading.now.astimezone(self._event.timezone).date()
        if not any(moment.has_day for moment in reading.moments):
            fitting = [each for each in fitting if each.start.date() == today] or fitting
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

    def _fits(self, session: Session, reading: Reading) -> bool:
        today = reading.now.astimezone(session.start.tzinfo).date()
        return all(moment.fits(session.start, today) for moment in reading.moments)
