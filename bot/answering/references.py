"""What a message leaves out because it was said before: "and where?", "the second one", "and on Sunday?"."""

from dataclasses import replace

from bot.answering.conversation import Conversation
from bot.answering.intents import Intents
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind, Mention
from bot.answering.subjects import Subject
from bot.answering.tokens import Message
from bot.knowledge.event import Event

SHORT = 5
SHORT_CHOICE = 9


class References:
    """Finds the sessions and the rooms that a message calls on without naming them."""

    def __init__(self, event: Event, lexicon: Lexicon) -> None:
        self._event = event
        self._lexicon = lexicon
        self._several = len(event.sessions) > 1

    def subject(
        self,
        subject: Subject,
        message: Message,
        mentions: tuple[Mention, ...],
        intents: Intents,
        before: Conversation,
        continues: bool,
    ) -> Subject:
        """The subject that was named; else the one that is pointed at."""
        if not self._several or any(mention.kind is not Kind.ROOM for mention in mentions):
            return subject
        bare = not subject.words and not subject.exact
        chosen = self._chosen(message, before) if bare else None
        if chosen is None and bare and not subject.wanted and not subject.sessions and not mentions:
            points = continues or intents.refers_back or self._points(message) or len(message.tokens) <= SHORT
            small_talk = intents.talk and not intents.facts
            chosen = before.entity if points and not small_talk and not self._means_somebody(message, before) else None
        if chosen is None or not chosen.startswith("sessions."):
            return subject
        id = chosen.removeprefix("sessions.")
        if id not in self._event.sessions_by_id:
            return subject
        return replace(subject, sessions=(id,), exact=True, referred=True, kind=False, listed=False)

    def _means_somebody(self, message: Message, before: Conversation) -> bool:
        """``Where is she from``: the one speaker of the session, not the session."""
        session = self._event.sessions_by_id.get((before.entity or "").removeprefix("sessions."))
        alone = session is not None and len(session.speakers) == 1
        return alone and message.has("pronoun_person")

    def _points(self, message: Message) -> bool:
        return message.has("pronoun_thing")

    def _chosen(self, message: Message, before: Conversation) -> str | None:
        """``The second one`` of the list that was shown."""
        listed = [each for each in before.listed if each.startswith("sessions.")]
        tokens = message.tokens
        if len(listed) < 2 or len(tokens) > SHORT_CHOICE:
            return None
        for at, token in enumerate(tokens):
            place: int | None = self._lexicon.table("ordinals").get(token.word)
            follows = tokens[at + 1].stem if at + 1 < len(tokens) else ""
            if place is None or (follows and not self._lexicon.is_a(follows, "chosen")):
                continue
            index = place - 1 if place > 0 else place
            if -len(listed) <= index < len(listed):
                return listed[index]
        return None

    def rooms(self, message: Message, mentions: tuple[Mention, ...], before: Conversation) -> tuple[Mention, ...]:
        """The rooms of the question before, where a short one only names another day or hour."""
        leads = bool(message.tokens) and message.tokens[0].is_a("resuming")
        if mentions or not leads or not before.rooms or len(message.tokens) > SHORT:
            return mentions
        return (Mention(Kind.ROOM, before.rooms, ()),)
