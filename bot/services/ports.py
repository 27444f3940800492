"""The one thing outside that services speak to: the network, through a ``Messenger``."""

from dataclasses import dataclass
from typing import Protocol

from bot.messages.message import Sendable


@dataclass(frozen=True)
class Sent:
    """Telegram has it; ``message_id`` is None for what makes no message."""

    message_id: int | None = None


@dataclass(frozen=True)
class TooMany:
    """Telegram wants silence, from everybody, for this many seconds."""

    retry_after: float


@dataclass(frozen=True)
class Blocked:
    """The person has blocked the bot, is gone, or never wrote to it."""


@dataclass(frozen=True)
class Refused:
    """Telegram will never take this message; ``reason`` is its own description."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """No answer, or a server's fault: to be sent again. With ``unknown_fate`` nobody knows whether Telegram took it
    all the same; a repeat is better than a loss."""

    reason: str
    unknown_fate: bool = False


Delivery = Sent | TooMany | Blocked | Refused | Unreachable


class Messenger(Protocol):
    """Hands one thing to Telegram and says what became of it; never raises for what Telegram or the network does."""

    async def deliver(self, chat: int, content: Sendable) -> Delivery: ...
