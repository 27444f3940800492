"""A message as it was understood, with what the conversation adds to it."""

from dataclasses import dataclass
from datetime import datetime

from bot.answering.conversation import Conversation
from bot.answering.intents import Intents
from bot.answering.mentions import Kind, Mention
from bot.answering.moments import Moment
from bot.answering.subjects import Subject
from bot.answering.tokens import Message, Token


@dataclass(frozen=True)
class Reading:
    message: Message
    mentions: tuple[Mention, ...]
    moments: tuple[Moment, ...]
    intents: Intents
    conversation: Conversation
    now: datetime
    subject: Subject
    continues: bool = False
    """Whether it is the second question of a message, so that the first one's subject is still meant."""

    def of(self, *kinds: Kind) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.mentions if mention.kind in kinds) if self.mentions else ()

    @property
    def entity(self) -> str | None:
        """The one thing that the message names, for a pronoun in the next one."""
        sure = [mention for mention in self.mentions if len(mention.ids) == 1 and mention.kind is not Kind.ROOM]
        if len(self.subject.sessions) == 1 and not (sure and sure[0].kind is Kind.SPEAKER):
            return f"sessions.{self.subject.sessions[0]}"
        return sure[0].entity if sure else None

    def stands_by_name(self, token: Token) -> bool:
        """Whether a name stands in the part of the message that the word stands in."""
        at = token.at
        part = next((each for each in self.message.parts if each.first <= at < each.last), None)
        named = [each for mention in self.mentions for each in mention.positions]
        return part is None or not named or any(part.first <= each < part.last for each in named)

    def asks_beside(self, token: Token) -> bool:
        """Whether something is asked in the part of the message that the word stands in."""
        at = token.at
        part = next(each for each in self.message.parts if each.first <= at < each.last)
        return any(part.first <= each < part.last for each in self.intents.asking)
