"""Question to answer: language, words, names, topics, facts, phrasing. Nothing is said that no fact holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.answering.answer import Answer, FollowUp, SeatCount
from bot.answering.conversation import Conversation
from bot.answering.corrections import Corrector
from bot.answering.facts import Facts
from bot.answering.finding import Finder
from bot.answering.gist import gist
from bot.answering.intents import Intents, find_intents
from bot.answering.lexicon import lexicon
from bot.answering.mentions import Kind, Mention, Names
from bot.answering.moments import find_moments
from bot.answering.phrasing import Phrasing
from bot.answering.reading import Reading
from bot.answering.references import References
from bot.answering.replies import Replies, in_order
from bot.answering.retrieval import Retrieval, vocabulary
from bot.answering.segments import asking, segments
from bot.answering.statements import Situation, Statement
from bot.answering.subjects import OF_THE_PROGRAMME, Subjects
from bot.answering.tokens import Message, joined, read
from bot.answering.tongues import get_ready, plain_language
from bot.i18n.catalog import closest_language
from bot.knowledge.event import Event

LISTED = 12
LONGEST_SIGNATURE = 4
ENTITIES = ("event.price", "sessions.", "speakers.", "places.", "faq.", "glossary.", "registration.")
NEVER = datetime.min.replace(tzinfo=UTC)
"""The moment of a wording that nobody has asked yet."""


class Answerer:
    """Answers about one event. Built once; answering changes nothing in it."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._tongues: dict[str, _Tongue] = {}
        for language in event.languages:
            # Now, rather than when the first question comes. Others wait until somebody speaks them.
            self._tongue(language)
        get_ready(event.language)

    def answer(
        self,
        question: str,
        now: datetime,
        language: str = "en",
        conversation: Conversation = Conversation(),  # noqa: B008 - a frozen value
        seats: Mapping[str, SeatCount] | None = None,
    ) -> tuple[Answer, Conversation]:
        """The answer, and what the conversation is about from now on.

        ``seats`` are the live counts by session, where the caller has any. Any string is answered; none raises.
        """
        tongue = self._tongue(language)
        tongue = self._tongue(plain_language(question, tongue.language, tongue.names))
        situation = Situation(now, seats)
        told: list[Statement] = []
        for number, message in enumerate(asking(tongue.segments(question))):
            reading = tongue.read(message, conversation, now, continues=number > 0)
            statements = tongue.replies.to(reading, situation)
            conversation = _continued(conversation, reading, statements)
            told += statements
        # A greeting before a question needs no reply of its own.
        told = [each for each in told if each.topic != "small talk"] or told
        return _assembled(question, tongue, in_order(told)), conversation

    def gist(self, question: str, language: str) -> str:
        """What a question asks for: others with the same gist ask the same."""
        return gist(question, self._tongue(language).lexicon)

    def _tongue(self, language: str) -> "_Tongue":
        spoken = closest_language(language) or self._event.language
        if spoken not in self._tongues:
            self._tongues[spoken] = _Tongue(self._event, spoken)
        return self._tongues[spoken]


class _Tongue:
    """All that answering in one language needs."""

    def __init__(self, event: Event, language: str) -> None:
        self.language = language
        self.say = Phrasing(event, language)
        self.lexicon = self._lexicon = lexicon(language)
        self._names = Names(event, self._lexicon)
        self.names = self._names.words
        self._retrieval = Retrieval(event, self._lexicon)
        self._corrector = Corrector(self._lexicon, vocabulary(event), self._names.words)
        finder = Finder(event, self._lexicon)
        self._without = self._lexicon.of_one if len(event.sessions) > 1 else frozenset()
        self._days = sorted({session.start.date() for session in event.sessions})
        self._subjects = Subjects(event, self._lexicon, finder)
        self._references = References(event, self._lexicon)
        self.replies = Replies(event, Facts(event, self.say), self._retrieval, finder, self._lexicon, self._unheld)

    def segments(self, question: str) -> list[Message]:
        """The single questions of a message."""
        return segments(question, self._lexicon)

    def read(self, message: Message, conversation: Conversation, now: datetime, continues: bool = False) -> Reading:
        message = self._corrector.corrected(message)
        message = self._unsigned(message)
        mentions: Sequence[Mention] = self._named(message)
        message = joined(message, frozenset(at for mention in mentions for at in mention.positions))
        moments = find_moments(message, self._lexicon, self._days)
        intents: Intents = find_intents(message, self._lexicon, mentions, moments, self._without)
        named = tuple(mentions)
        subject = self._references.subject(
            self._subjects.find(message, named, moments, intents), message, named, intents, conversation, continues
        )
        if moments and not subject.sessions:
            mentions = self._references.rooms(message, named, conversation)
        return Reading(message, tuple(mentions), moments, intents, conversation, now, subject, continues)

    def _unsigned(self, message: Message) -> Message:
        """The message without "Cheers, Paul", which names nobody who is asked for."""
        if not message.has("signing"):
            return message
        named = {at for mention in self._names.find(message) for at in mention.positions}
        for number, part in enumerate(message.parts[1:], 1):
            closes = message.tokens[part.first : part.last]
            signature = message.tokens[part.last :]
            if (
                all(token.is_a("courtesy") for token in closes)
                and any(token.is_a("signing") for token in closes)
                and len(signature) <= LONGEST_SIGNATURE
                and all(token.at in named or token.stem not in self._lexicon.known for token in signature)
            ):
                return replace(message, tokens=message.tokens[: part.first], parts=message.parts[:number])
        return message

    def _unheld(self, wording: str) -> Sequence[str]:
        return self.read(read(wording, self._lexicon), Conversation(), NEVER).intents.unheld

    def _named(self, message: Message) -> Sequence[Mention]:
        """The names in a message; a run of a title's words is one, unless a person or a room stands in it."""
        mentions = self._names.find(message)
        titles = self._subjects.titles_in(
            message,
            {at for each in mentions if each.kind in OF_THE_PROGRAMME for at in each.positions},
            {at for each in mentions if each.kind is Kind.TERM for at in each.positions},
        )
        covered = {at for each in titles for at in each.positions}
        return sorted(
            [*titles, *(each for each in mentions if not covered & set(each.positions))],
            key=lambda each: each.positions,
        )


def _assembled(question: str, tongue: _Tongue, statements: Sequence[Statement]) -> Answer:
    lines = list(dict.fromkeys(statement.text for statement in statements))
    known = [statement for statement in statements if statement.known]
    unknown = [statement for statement in statements if not statement.known]
    # A part that is answered makes an answer; the part that is not is said and can be passed on all the same.
    answered = bool(known) and not (unknown and all(statement.topic == "small talk" for statement in known))
    follow_ups = [follow_up for statement in statements for follow_up in statement.follow_ups]
    if any(statement.topic != "small talk" for statement in unknown):
        lines.append(tongue.replies.offer_to_pass_on())
        follow_ups.append(FollowUp.ASK_COORDINATOR)
    return Answer(
        question=question,
        language=tongue.language,
        answered=answered,
        text="\n".join(lines),
        topics=tuple(dict.fromkeys(statement.topic for statement in statements)),
        sources=tuple(dict.fromkeys(source for statement in statements for source in statement.sources)),
        follow_ups=tuple(dict.fromkeys(follow_ups)),
        choices=tuple(dict.fromkeys(choice for statement in statements for choice in statement.choices)),
        pin=any(statement.pin for statement in statements),
    )


def _continued(before: Conversation, reading: Reading, statements: Sequence[Statement]) -> Conversation:
    """What was spoken of last. An answer without an entity of its own leaves the one before in the air."""
    topics = tuple(statement.topic for statement in statements if statement.known and statement.topic != "small talk")
    if not topics:
        return before
    listed = tuple(dict.fromkeys(_entity(source) for statement in statements for source in statement.sources))
    shown = tuple(each for each in listed if each.startswith(("speakers.", "sessions.")))[:LISTED]
    entity = reading.entity or _told(listed) or before.entity
    rooms = tuple(id for mention in reading.of(Kind.ROOM) for id in mention.ids)
    return Conversation(entity, shown if len(shown) > 1 else before.listed, topics, rooms)


def _told(sources: Sequence[str]) -> str | None:
    """The one thing that was told of, where it has a name."""
    return sources[0] if len(sources) == 1 and sources[0].startswith(ENTITIES) else None


def _entity(source: str) -> str:
    """The thing that a path leads to or into."""
    return ".".join(source.split(".")[:2])
