"""Answers about speakers: the one who is named, the one a pronoun means, those whom an organisation sends."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.facts import Facts
from bot.answering.finding import Finder
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind
from bot.answering.reading import Reading
from bot.answering.statements import Situation, Statement
from bot.answering.tokens import Token
from bot.knowledge.event import Event, Speaker

TIMES = frozenset(
    {"time", "duration", "end", "room", "place", "status", "countdown", "agenda", "now", "next", "series", "order"}
)
"""What one asks of a speaker and their session answers."""
SLOT = frozenset({"time", "room", "place"})
"""What is asked of whoever was described although it is only named: "the lady from Lapland: time, room"."""
IDENTITY = frozenset({"who", "meaning", "about"})
PRESENCE = frozenset({"speakers", "speaker_count", "audience", "partner", "registration"})
RESUMED = TIMES | {"affiliation", "who"}
OF_SOME = frozenset({"speakers", "who", "affiliation"})
ASIDE = frozenset({"who", "meaning", "about", "speakers"})
"""Topics that only lead up to another one: "who is X and where", "tell me about X's sessions"."""
ORGANISATIONS = (Kind.AFFILIATION, Kind.INSTITUTION, Kind.ORGANISER, Kind.PARTNER, Kind.TERM)
OF_A_PERSON = TIMES | {"talk_title", "affiliation"}
GOES_ON = 3
"""So short a question ("and where?") goes on with the person who was spoken of."""
SHORT = 9
BRIEF = 4
"""An organisation alone, "Lapland?", asks for its speaker."""


class PeopleReplies:
    """Whom a message means, and what is asked of them."""

    def __init__(self, event: Event, facts: Facts, finder: Finder, lexicon: Lexicon) -> None:
        self._event = event
        self._finder = finder
        self._facts = facts
        self._say = facts.say
        self._lexicon = lexicon

    def about(self, reading: Reading, situation: Situation) -> list[Statement]:
        """What to say of people; nothing where nobody is meant."""
        named = reading.of(Kind.SPEAKER)
        if any(len(mention.ids) > 1 for mention in named):
            return [self._which_person([id for mention in named for id in mention.ids], reading)]
        if not named and reading.of(Kind.STRANGER):
            return [self._facts.not_listed()]
        if named and reading.message.has("excluding"):
            return [self._facts.speakers()]
        message = reading.message
        nobody = message.has("pronoun_person") and not named and not self.pointed_at(reading)
        if nobody and message.has("employer"):
            return [self._facts.unheld_words("")]
        people = (
            self._named(reading)
            or self._ordinal(reading)
            or (self.pointed_at(reading) if message.has("pronoun_person") else [])
            or self._by_affiliation(reading)
            or self.pointed_at(reading)
        )
        found = [statement for each in people[:4] for statement in self._of(each, reading, situation)]
        return list({statement.text: statement for statement in found}.values())

    def _which_person(self, ids: Sequence[str], reading: Reading) -> Statement:
        choices = tuple(dict.fromkeys(self._event.speakers_by_id[id].name for id in ids))[:8]
        names = self._say.listing(choices)
        # What was asked of them is kept for the answer to "whom do you mean".
        topic = next((each for each in reading.intents.facts if each in RESUMED), "who")
        sources = tuple(f"speakers.{id}.name" for id in dict.fromkeys(ids))[:8]
        return Statement(topic, self._say("which_person", names=names), sources, choices=choices)

    def _named(self, reading: Reading) -> list[Speaker]:
        ids = dict.fromkeys(mention.ids[0] for mention in reading.of(Kind.SPEAKER))
        return [self._event.speakers_by_id[id] for id in ids]

    def _by_affiliation(self, reading: Reading) -> list[Speaker]:
        """Those whom the organisation of the question sends: "who comes from Lapland"."""
        asked = set(reading.intents.facts)
        clear = reading.of(Kind.AFFILIATION)
        vague = reading.of(Kind.INSTITUTION)
        # "The one from Lapland, when": their times may be asked with it.
        allowed = OF_SOME | {"meaning", "place", "audience"} | (TIMES if clear and asked & OF_SOME else frozenset())
        if asked - allowed or not (asked & OF_SOME or (clear and not asked)):
            return []
        if not asked & OF_SOME and (not clear or len(reading.message.tokens) > BRIEF or reading.intents.unheld):
            return []
        if len(self._event.sessions) > 1:
            return []
        ids = dict.fromkeys(id for mention in clear or vague for id in mention.ids)
        tells_of_oneself = reading.message.has("first_person")
        names = ("person_question", "person_noun", "somebody", "what")
        asks_for_people = reading.message.has(*names)
        if not clear and (tells_of_oneself or not asks_for_people or len(ids) == len(self._event.speakers)):
            return []
        return [self._event.speakers_by_id[id] for id in ids]

    def pointed_at(self, reading: Reading) -> list[Speaker]:
        """Whom "she" means, or a short question that goes on with somebody."""
        people = self._event.speakers_by_id
        entity = reading.conversation.entity or ""
        pronoun = reading.message.has("pronoun_person") or self._is_left_out(reading)
        several = len(self._event.sessions) > 1
        bare = several and not reading.mentions and not reading.subject.sessions and not reading.subject.wanted
        goes_on = bare and (reading.continues or len(reading.message.tokens) <= GOES_ON)
        if entity.startswith("speakers.") and (pronoun or (goes_on and set(reading.intents.facts) & OF_A_PERSON)):
            found = people.get(entity.removeprefix("speakers."))
            return [found] if found else []
        if entity.startswith("sessions.") and pronoun:
            session = self._event.sessions_by_id.get(entity.removeprefix("sessions."))
            return [people[session.speakers[0]]] if session and len(session.speakers) == 1 else []
        return []

    def _is_left_out(self, reading: Reading) -> bool:
        """``Kiedy mówi``: a verb of people without its subject, where a language leaves pronouns out."""
        message = reading.message
        return message.has("of_a_person") and not message.has("person_question") and not reading.mentions

    def _ordinal(self, reading: Reading) -> list[Speaker]:
        """``The second one``, of the list that was shown last."""
        listed = [each for each in reading.conversation.listed if each.startswith("speakers.")]
        if not listed or len(reading.message.tokens) > SHORT:
            return []
        for token in reading.message.tokens:
            place = self._lexicon.table("ordinals").get(token.word)
            if place is not None and not self._is_choice(token, reading):
                continue
            index = None if place is None else place - 1 if place > 0 else place
            if index is not None and -len(listed) <= index < len(listed):
                found = self._event.speakers_by_id.get(listed[index].removeprefix("speakers."))
                return [found] if found else []
        return []

    def _is_choice(self, token: Token, reading: Reading) -> bool:
        """``The second one``, "and the third?": nothing but a word for people follows."""
        tokens = reading.message.tokens
        at = token.at + 1
        return at >= len(tokens) or tokens[at].is_a("function", "person_noun", "session_noun")

    # -- what is asked of one -------------------------------------------------------------------------------------

    def _of(self, speaker: Speaker, reading: Reading, situation: Situation) -> list[Statement]:
        intents = reading.intents
        if intents.unheld:
            held = self._has_words_beside(reading) and self._holds_all(speaker, reading)
            return [self._facts.who(speaker) if held else self._facts.unheld_detail(speaker.name)]
        told = "affiliation" in intents.asked or self._holds_all(speaker, reading)
        if told and self._has_words_beside(reading) and reading.message.has("naming"):
            return [self._facts.unheld_detail(speaker.name)]
        if reading.of(Kind.SPEAKER) and intents.premise and not (told and intents.facts):
            return [self._facts.who(speaker)]
        if reading.of(Kind.SPEAKER) and not told:
            return [self._facts.unheld_detail(speaker.name)]
        asked = [topic for topic in intents.facts if topic in intents.asked]
        if reading.message.has("employer") and not set(asked) - {"organiser", "about", "who"}:
            asked = ["affiliation"]
        if asked == ["affiliation"] and reading.message.has("what") and reading.message.has("whole_event"):
            asked = ["time"]
        asked = asked or [topic for topic in intents.facts if reading.of(Kind.SPEAKER) or topic in SLOT]
        if self._asks_for_the_talk(reading) and not set(asked) & TIMES:
            return [self._talk_of(speaker, situation)]
        telling = [topic for topic in asked if topic not in ASIDE]
        if telling and not reading.intents.several:
            asked = telling
        if not asked and reading.message.has("reaching"):
            return [self._facts.unheld_detail(speaker.name)]
        if not asked and intents.polar and reading.of(Kind.SPEAKER) and not self._is_odd(reading):
            asked = ["speakers"]
        if not asked:
            if self._is_odd(reading):
                return [self._facts.unheld_detail(speaker.name)]
            asked = self._resumed(reading)
        if reading.moments and not set(asked) - IDENTITY and len(self._event.sessions) > 1:
            asked = ["time"]
        statements = [self._by_topic(topic, speaker, reading, situation) for topic in asked]
        return list({statement.text: statement for statement in statements}.values())

    def _holds_all(self, speaker: Speaker, reading: Reading) -> bool:
        """Whether every word beside the name is held by what is known of the person or of their sessions."""
        sources = [f"speakers.{speaker.id}"]
        sources += [f"sessions.{each.id}" for each in self._event.sessions if speaker.id in each.speakers]
        named = {at for mention in reading.of(*ORGANISATIONS) for at in mention.positions}
        return all(
            token.at in named
            or self._lexicon.table("ordinals").get(token.word) is not None
            or any(self._finder.holds(source, token.stem) for source in sources)
            or not reading.stands_by_name(token)
            for token in reading.subject.wanted
        )

    def _has_words_beside(self, reading: Reading) -> bool:
        """Whether a thing is asked for beside the person and the organisation that sends them."""
        named = {at for mention in reading.of(*ORGANISATIONS) for at in mention.positions}
        return any(token.at not in named for token in reading.subject.wanted)

    def _asks_for_the_talk(self, reading: Reading) -> bool:
        """``What does she talk about``: the subject, not the person."""
        message = reading.message
        asks = message.has("what") or bool({"about", "talk_title"} & set(reading.intents.facts))
        return asks and message.has("speaking", "presenting") and not message.has("time_noun")

    def _resumed(self, reading: Reading) -> list[str]:
        if reading.moments and reading.intents.yes_no:
            return ["time"]
        return [topic for topic in reading.conversation.topics if topic in RESUMED] or ["who"]

    def _is_odd(self, reading: Reading) -> bool:
        """Whether words stand beside the name that neither the language nor a topic explains."""
        return bool(reading.intents.strange) or any(
            not token.is_a("framing", "titles") and token.word not in self._lexicon.table("ordinals")
            for token in reading.intents.rest
        )

    def _by_topic(self, topic: str, speaker: Speaker, reading: Reading, situation: Situation) -> Statement:
        if topic in TIMES or (topic in PRESENCE and reading.intents.yes_no and reading.of(Kind.SPEAKER)):
            return self._checked_time(topic, speaker, reading, situation)
        if topic == "affiliation":
            return self._checked_affiliation(speaker, reading)
        if topic in IDENTITY or topic in PRESENCE:
            return self._facts.who(speaker)
        if topic == "talk_title":
            return self._talk_of(speaker, situation)
        contact = self._event.contact
        if topic == "contact" and contact and (contact.name == speaker.name or reading.intents.premise):
            return self._facts.contact()
        return self._facts.who(speaker) if reading.intents.premise else self._facts.unheld_detail(speaker.name)

    def _checked_time(self, topic: str, speaker: Speaker, reading: Reading, situation: Situation) -> Statement:
        statement = self._facts.person_time(speaker, situation)
        if not statement.known or not reading.intents.yes_no:
            return statement
        rooms = {id for mention in reading.of(Kind.ROOM) for id in mention.ids}
        sessions = [session for session in self._event.sessions if speaker.id in session.speakers]
        today = situation.now.astimezone(self._event.timezone).date()
        right = all(any(moment.fits(session.start, today) for session in sessions) for moment in reading.moments)
        if rooms and not any(session.room and session.room.default in rooms for session in sessions):
            right = False
        if reading.intents.either:
            return statement
        if (reading.moments or rooms) and not right:
            return replace(statement, text=self._say("no", fact=statement.text))
        sure = bool(reading.moments) or topic in PRESENCE
        return replace(statement, text=self._say("yes", fact=statement.text)) if sure else statement

    def _talk_of(self, speaker: Speaker, situation: Situation) -> Statement:
        """What somebody talks about: only where the file gives them a session of their own, or a biography."""
        own = [session for session in self._event.sessions if session.speakers == (speaker.id,)]
        theirs = [session for session in self._event.sessions if speaker.id in session.speakers]
        if len(theirs) > 1 and len(self._event.sessions) > 1:
            return self._facts.person_time(speaker, situation)
        if len(own) == 1 and len(self._event.sessions) > 1:
            return self._facts.about(own[0])
        return self._facts.who(speaker) if speaker.bio else self._facts.unheld_detail(speaker.name)

    def _checked_affiliation(self, speaker: Speaker, reading: Reading) -> Statement:
        statement = self._facts.affiliation(speaker)
        claimed: Sequence[str] = [id for mention in reading.of(Kind.AFFILIATION) for id in mention.ids]
        sure = reading.of(Kind.SPEAKER) or reading.message.has("pronoun_person")
        if not claimed or not statement.known or not reading.intents.yes_no or not sure:
            return statement
        key = "yes" if speaker.id in claimed else "no"
        return replace(statement, text=self._say(key, fact=statement.text))
